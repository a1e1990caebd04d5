//! What a file would do to an organisation. Pure: the organisation, the rows and who asks go in; a verdict on each row,
//! what the file does not have, and the work come out. Nothing of it is done here.

mod gone;
mod heads;
mod names;
mod organisation;
mod people;
mod ranks;
mod structure;
mod units;

use std::collections::{BTreeSet, HashMap, HashSet};

use hanlin_directory::{
    Appoint, ChangeDepartment, ChangePerson, ChangePost, ChangeUnit, MANAGE, Newcomer, SetRank, TransferAppointment,
    model::{Department, Person, Place, Post, Rank, Unit, Validity},
    policy::{self, Home},
};
use hanlin_kernel::{Actor, AppointmentId, DepartmentId, FieldError, PersonId, PostId, RankId, Text, UnitId};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use names::{Found, Names};
pub use organisation::Organisation;

use crate::model::{Change, Counts, Fault, Field, Line, Sheet, Status, Verdict};

/// What is to be done, in this order.
#[derive(Debug, Default)]
pub struct Work {
    /// Above before below.
    pub units: Vec<Unit>,
    /// Above before below.
    pub departments: Vec<Department>,
    pub posts: Vec<Post>,
    pub ranks: Vec<Rank>,
    pub newcomers: Vec<Newcomer>,
    pub steps: Vec<Step>,
    /// Who heads a place from now on, or nobody.
    pub heads: Vec<(Place, Option<PersonId>)>,
    /// What the file does not have, in the order in which it can end.
    pub ends: Vec<End>,
}

/// A change of something that is there, with the version it was decided on.
#[derive(Debug)]
pub enum Step {
    Unit(UnitId, u64, ChangeUnit),
    Department(DepartmentId, u64, ChangeDepartment),
    Post(PostId, u64, ChangePost),
    /// What a rank is called.
    RankName(RankId, u64, Text),
    Person(PersonId, u64, ChangePerson),
    Rank(PersonId, u64, SetRank),
    Rejoin(PersonId, u64, SetRank),
    Transfer(AppointmentId, u64, TransferAppointment),
    Appoint(Appoint),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    Person(PersonId, u64),
    Department(DepartmentId, u64),
    Post(PostId, u64),
    Rank(RankId, u64),
    Unit(UnitId, u64),
}

/// Something that exists and is not in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Gone {
    pub sheet: Sheet,
    pub verdict: Verdict,
}

#[derive(Debug, Default)]
pub struct Plan {
    /// One for each line, in their order.
    pub verdicts: Vec<Verdict>,
    pub gone: Vec<Gone>,
    pub work: Work,
}

impl Plan {
    pub fn counts(&self) -> Counts {
        let gone = self.gone.iter().map(|gone| gone.verdict.status);
        Counts::of(self.verdicts.iter().map(|verdict| verdict.status).chain(gone))
    }

    /// Equal where two plans do the same, though new things bear other ids.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for verdict in self.verdicts.iter().chain(self.gone.iter().map(|gone| &gone.verdict)) {
            digest.update(serde_json::to_vec(&(verdict.status, verdict)).expect("a verdict is JSON"));
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// How many things that exist it changes or ends: what the one unit that puts it in force has to do.
    pub fn changes(&self, end_gone: bool) -> u64 {
        let ends = if end_gone { self.work.ends.len() } else { 0 };
        self.work.changes() + ends as u64
    }
}

impl Work {
    /// How many things it sets up or changes, new people not counted.
    pub fn changes(&self) -> u64 {
        let Self { units, departments, posts, ranks, newcomers: _, steps, heads, ends: _ } = self;
        (units.len() + departments.len() + posts.len() + ranks.len() + steps.len() + heads.len()) as u64
    }
}

/// What these lines would do, asked by `actor`, who can change only what he manages.
pub fn plan(organisation: &Organisation, actor: &Actor, lines: &[Line]) -> Plan {
    let mut planning = Planning {
        organisation,
        actor,
        lines,
        verdicts: lines.iter().map(|_| Verdict::default()).collect(),
        units: Names::of(organisation.by_unit.keys().filter_map(|id| Some((((), organisation.keys.unit(*id)?), *id)))),
        unit_parents: organisation.by_unit.iter().map(|(id, unit)| (*id, unit.parent)).collect(),
        zones: organisation.by_unit.iter().filter_map(|(id, unit)| Some((*id, unit.time_zone.clone()?))).collect(),
        departments: Names::of(organisation.departments.iter().map(|(key, found)| (key.clone(), found.id))),
        parents: organisation.by_id.iter().map(|(id, found)| (*id, found.parent)).collect(),
        posts: Names::of(organisation.posts.iter().map(|(key, found)| (key.clone(), found.id))),
        ranks: Names::of(organisation.ranks.iter().map(|(key, found)| (key.clone(), found.id))),
        homes: HashMap::new(),
        named: HashSet::new(),
        met: HashSet::new(),
        given_up: HashSet::new(),
        work: Work::default(),
    };
    planning.units();
    planning.departments();
    planning.posts();
    planning.ranks();
    planning.people();
    let gone = planning.gone();
    let Planning { verdicts, work, .. } = planning;
    Plan { verdicts, gone, work }
}

/// A plan in the making.
struct Planning<'a> {
    organisation: &'a Organisation,
    actor: &'a Actor,
    lines: &'a [Line],
    verdicts: Vec<Verdict>,
    /// What there will be, by codes and names.
    units: Names<(), UnitId>,
    departments: Names<UnitId, DepartmentId>,
    posts: Names<UnitId, PostId>,
    ranks: Names<UnitId, RankId>,
    /// What lies in what, when all of it holds.
    unit_parents: HashMap<UnitId, Option<UnitId>>,
    /// The time zones that units name.
    zones: HashMap<UnitId, String>,
    parents: HashMap<DepartmentId, Option<DepartmentId>>,
    /// Where new departments are at home: what allows the place above allows them.
    homes: HashMap<DepartmentId, Home>,
    /// The units that each table speaks of.
    named: HashSet<(Sheet, UnitId)>,
    /// What of the organisation the file has.
    met: HashSet<Met>,
    /// The numbers and mailboxes that somebody of the organisation gives up in this file.
    given_up: HashSet<(Field, String)>,
    work: Work,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Met {
    Unit(UnitId),
    Rank(RankId),
    Department(DepartmentId),
    Post(PostId),
    Person(PersonId),
}

impl Planning<'_> {
    fn of_sheet(&self, sheet: Sheet) -> Vec<usize> {
        (0..self.lines.len()).filter(|row| self.lines[*row].sheet == sheet).collect()
    }

    /// What the cell says; `None` where it is blank or its column is not there.
    fn cell(&self, row: usize, field: Field) -> Option<&str> {
        self.lines[row].cells.get(&field).map(String::as_str)
    }

    fn line(&self, row: usize) -> u32 {
        self.lines[row].line
    }

    fn fault(&mut self, row: usize, field: Field, code: &str, args: &[(&str, Value)]) {
        let args: Map<String, Value> = args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let verdict = &mut self.verdicts[row];
        verdict.status = Status::Wrong;
        let fault = Fault { field: Some(field), code: code.to_owned(), args };
        if !verdict.faults.contains(&fault) {
            verdict.faults.push(fault);
        }
    }

    /// Faults that the directory finds with what was typed, each at its column.
    fn faults(&mut self, row: usize, found: hanlin_kernel::Result<()>) {
        let Err(hanlin_kernel::Error::Invalid(found)) = found else { return };
        for FieldError { field, code, args } in found {
            let field = match field.as_str() {
                "employee_number" => Field::EmployeeNumber,
                "mobile" => Field::Mobile,
                "office_phone" => Field::OfficePhone,
                "email" => Field::Email,
                "code" => Field::Code,
                "level" => Field::Level,
                "short_name" => Field::ShortName,
                "time_zone" => Field::TimeZone,
                _ => Field::Name,
            };
            let verdict = &mut self.verdicts[row];
            verdict.status = Status::Wrong;
            verdict.faults.push(Fault { field: Some(field), code, args });
        }
    }

    fn about(&mut self, row: usize, about: impl Into<String>) {
        self.verdicts[row].about = about.into();
    }

    fn is_wrong(&self, row: usize) -> bool {
        self.verdicts[row].status == Status::Wrong
    }

    fn change(&mut self, row: usize, field: Field, old: Option<String>, new: Option<String>) {
        let verdict = &mut self.verdicts[row];
        if verdict.status == Status::Unchanged {
            verdict.status = Status::Changed;
        }
        verdict.changes.push(Change { field, old, new });
    }

    fn mark_new(&mut self, row: usize) {
        if !self.is_wrong(row) {
            self.verdicts[row].status = Status::New;
        }
    }

    /// The unit of the row; where the organisation has only one, it need not be said.
    fn unit(&mut self, row: usize) -> Option<UnitId> {
        let unit = match self.cell(row, Field::Unit).map(str::to_owned) {
            Some(word) => self.named_unit(row, Field::Unit, &word),
            None => match (self.unit_parents.keys().next(), self.unit_parents.len()) {
                (Some(only), 1) => Some(*only),
                _ => {
                    self.fault(row, Field::Unit, "imports.unit_missing", &[]);
                    None
                }
            },
        };
        if let Some(unit) = unit {
            self.named.insert((self.lines[row].sheet, unit));
        }
        unit
    }

    /// What a cell names; what it does not name, or not clearly, is a fault.
    fn found<T>(&mut self, row: usize, field: Field, word: &str, found: Found<T>, unknown: &str) -> Option<T> {
        match found {
            Found::One(found) => return Some(found),
            Found::Nothing => self.fault(row, field, unknown, &[("code", word.into())]),
            Found::Several => self.fault(row, field, "imports.name_of_several", &[("name", word.into())]),
        }
        None
    }

    /// A unit that is to be founded is allowed with the nearest one above it that is there.
    fn manages(&self, home: Home) -> bool {
        if self.organisation.by_unit.contains_key(&home.unit) {
            return policy::may(self.actor, home).allows("manage");
        }
        let upwards = self.units_upwards(home.unit).into_iter();
        match upwards.into_iter().find(|unit| self.organisation.by_unit.contains_key(unit)) {
            Some(above) => policy::may(self.actor, Home::unit(above)).allows("manage"),
            None => self.actor.reaches_all(MANAGE),
        }
    }

    /// The top of a tree of its own is founded by whoever manages everything.
    fn begins_trees(&mut self, row: usize) -> bool {
        let reached = self.actor.reaches_all(MANAGE);
        if !reached {
            self.fault(row, Field::Parent, "imports.out_of_reach", &[]);
        }
        reached
    }

    fn home(&self, place: Place) -> Option<Home> {
        match place {
            Place::Unit(unit) => Some(Home::unit(unit)),
            Place::Department(id) => self.homes.get(&id).copied().or_else(|| {
                self.organisation.by_id.get(&id).map(|found| Home { unit: found.unit, department: Some(id) })
            }),
        }
    }

    fn in_reach(&mut self, row: usize, place: Place, field: Field) -> bool {
        let reached = self.home(place).is_some_and(|home| self.manages(home));
        if !reached {
            self.fault(row, field, "imports.out_of_reach", &[]);
        }
        reached
    }

    /// From when on what is new holds.
    fn since(&self) -> Validity {
        Validity::since(self.organisation.at)
    }
}

/// A cell that takes the value away.
fn is_dash(cell: &str) -> bool {
    matches!(cell, "-" | "－" | "—" | "无")
}

/// What a person looks like in a list of faults.
fn called(person: &Person) -> String {
    match &person.employee_number {
        Some(number) => format!("{} {number}", person.name),
        None => person.name.clone(),
    }
}

fn set<T: Ord + Copy>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    items.into_iter().collect()
}
