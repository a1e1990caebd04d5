//! Who works there: people with service, rank, posts, and what they lead.

use std::collections::HashMap;

use hanlin_kernel::{Id, Locale, PersonId, PostId, RankId, Text, UnitId};
use jiff::Timestamp;

use super::{
    APPOINTMENTS, GROUPS, LEADERSHIPS, PEOPLE, POSTS, RANKS,
    chance::Chance,
    day, founded, future, n_days,
    names::Namer,
    places::{Plan, Site, Trade},
};
use crate::{
    cast,
    model::{Appointment, Gender, Group, GroupMember, Leadership, LeadershipKind, Person, Place, Service, Validity},
    names,
    snapshot::Rows,
};

/// Puts people into every place of the plan.
pub(super) fn fill(chance: &mut Chance, plan: &Plan, rows: &mut Rows) {
    let mut staffing = Staffing { rows, namer: Namer::new(), sites: HashMap::new(), leaders: HashMap::new() };
    for (index, site) in plan.sites.iter().enumerate() {
        staffing.sites.entry(site.unit).or_default().push(index);
    }
    for site in &plan.sites {
        staffing.staff(chance, plan, site);
    }
    staffing.divide_work(plan);
    staffing.gather(plan);
}

struct Staffing<'a> {
    rows: &'a mut Rows,
    namer: Namer,
    /// The places of each unit, by their index in the plan.
    sites: HashMap<UnitId, Vec<usize>>,
    /// Those of each unit who are in charge by division of work.
    leaders: HashMap<UnitId, Vec<PersonId>>,
}

/// As what somebody stands in his place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Head,
    Deputy,
    Staff,
}

impl Staffing<'_> {
    fn staff(&mut self, chance: &mut Chance, plan: &Plan, site: &Site) {
        // A small team may have no head of its own: its people answer to the one above.
        let headless = site.depth > 2 && chance.once_in(40);
        for n in 0..site.staff {
            let standing = match n {
                0 if !headless => Standing::Head,
                1.. if site.trade == Trade::Office => Standing::Deputy,
                _ => Standing::Staff,
            };
            match standing {
                Standing::Staff => self.add_employee(chance, plan, site, n),
                _ => self.add_leader(chance, site, standing, n),
            }
        }
        if chance.once_in(30) {
            let middle = (days_since_founding(site.from) + n_days()) / 2;
            self.add_leaver(chance, site, Validity::between(site.from, day(middle)));
        }
        if chance.once_in(30) {
            self.add_newcomer(chance, site);
        }
    }

    /// The head of a place, or a deputy of the general manager: there since the place is.
    fn add_leader(&mut self, chance: &mut Chance, site: &Site, standing: Standing, n: usize) {
        let (post, rank) = role(site, standing, n);
        let mut since = site.from;
        let began = days_since_founding(since);
        // Some followed another head, who left that day.
        if standing == Standing::Head && chance.once_in(120) && began + 60 < n_days() {
            since = day(chance.within(began + 30..n_days()));
            let before = Validity::between(site.from, since);
            let predecessor = self.add_leaver(chance, site, before);
            self.lead_site(site, predecessor, before);
        }
        let person = self.add_person(chance);
        let validity = Validity::since(since);
        self.serve(person, rank, validity);
        self.appoint(person, post, site.place(), true, validity);
        if standing == Standing::Deputy {
            self.leaders.entry(site.unit).or_default().push(person);
            return;
        }
        self.lead_site(site, person, validity);
    }

    /// Whoever heads the general manager's office heads the unit.
    fn lead_site(&mut self, site: &Site, person: PersonId, validity: Validity) {
        self.lead(LeadershipKind::Head, site.place(), person, validity);
        if site.trade == Trade::Office {
            self.lead(LeadershipKind::Head, Place::Unit(site.unit), person, validity);
        }
    }

    /// Somebody who leads nothing: some had another place before, some have a second one, some will leave or move.
    fn add_employee(&mut self, chance: &mut Chance, plan: &Plan, site: &Site, n: usize) {
        let (post, rank) = role(site, Standing::Staff, n);
        let rank = if chance.once_in(100) { rank_id("manager") } else { rank };
        let person = self.add_person(chance);
        let joined = chance.within(days_since_founding(site.from)..n_days());
        let leaves = chance.once_in(5).then(future);
        let whole = Validity { from: day(joined), to: leaves };
        let (changed, promoted) = (joined + chance.within(1..n_days() - joined), chance.once_in(150));
        let room = joined + 1 < n_days();
        if promoted && room {
            self.serve(person, rank_id("staff"), Validity::between(whole.from, day(changed)));
            self.serve(person, rank_id("supervisor"), Validity { from: day(changed), to: whole.to });
        } else {
            self.serve(person, rank, whole);
        }
        let elsewhere = self.another(chance, plan, site, whole.from);
        let mut main = whole;
        if let Some(other) = elsewhere.filter(|_| room && chance.once_in(100)) {
            let (post, _) = role(other, Standing::Staff, n);
            self.appoint(person, post, other.place(), true, Validity::between(whole.from, day(changed)));
            main.from = day(changed);
        } else if let Some(other) = elsewhere.filter(|_| chance.once_in(60)) {
            let (post, _) = role(other, Standing::Staff, n + 1);
            self.appoint(person, post, other.place(), false, whole);
        }
        match elsewhere.filter(|_| leaves.is_none() && chance.once_in(10)) {
            Some(next) => {
                let (other_post, _) = role(next, Standing::Staff, n + 2);
                self.appoint(person, post, site.place(), true, Validity { to: Some(future()), ..main });
                // Where he stands beside already he goes on standing beside.
                let beside = self.rows.appointments.iter().rev().take_while(|held| held.person == person);
                let known = beside.into_iter().any(|held| held.place == next.place());
                let place = if known { site.place() } else { next.place() };
                self.appoint(person, other_post, place, true, Validity::since(future()));
            }
            None => self.appoint(person, post, site.place(), true, main),
        }
    }

    /// Somebody who was here in a period that is over.
    fn add_leaver(&mut self, chance: &mut Chance, site: &Site, served: Validity) -> PersonId {
        let (post, rank) = role(site, Standing::Staff, 0);
        let person = self.add_person(chance);
        self.serve(person, rank, served);
        self.appoint(person, post, site.place(), true, served);
        person
    }

    /// Somebody who is to come.
    fn add_newcomer(&mut self, chance: &mut Chance, site: &Site) {
        self.add_leaver(chance, site, Validity::since(future()));
    }

    /// Another place of the same unit that was there at `from`.
    fn another<'p>(&self, chance: &mut Chance, plan: &'p Plan, site: &Site, from: Timestamp) -> Option<&'p Site> {
        let here = &self.sites[&site.unit];
        let other = &plan.sites[here[chance.within(0..here.len())]];
        Some(other).filter(|other| other.id != site.id && other.trade != Trade::Office && other.from <= from)
    }

    /// The departments of a unit go round among the deputies of its general manager; personnel stays with him.
    fn divide_work(&mut self, plan: &Plan) {
        let mut n_departments: HashMap<UnitId, usize> = HashMap::new();
        for site in plan.sites.iter().filter(|site| site.depth == 1) {
            let Some(leaders) = self.leaders.get(&site.unit).cloned() else { continue };
            if matches!(site.trade, Trade::Office | Trade::People) {
                continue;
            }
            let n = n_departments.entry(site.unit).or_default();
            let leader = leaders[*n % leaders.len()];
            *n += 1;
            self.lead(LeadershipKind::InCharge, site.place(), leader, Validity::since(site.from));
        }
    }

    /// In each unit, every twentieth person is an information officer as long as he serves.
    fn gather(&mut self, plan: &Plan) {
        let units: HashMap<Place, UnitId> = plan.sites.iter().map(|site| (site.place(), site.unit)).collect();
        let mut groups: HashMap<UnitId, (Group, usize)> = HashMap::new();
        for held in self.rows.appointments.iter().filter(|held| held.main && held.validity.covers(super::today())) {
            let unit = units[&held.place];
            let made = groups.len() as u64 + 1;
            let (group, n) = groups.entry(unit).or_insert_with(|| (officers(made, unit), 0));
            *n += 1;
            if *n % 20 == 1 {
                let member = GroupMember { group: group.id, person: held.person, validity: held.validity };
                self.rows.members.push(member);
            }
        }
        self.rows.groups = groups.into_values().map(|(group, _)| group).collect();
        self.rows.groups.sort_by_key(|group| group.id);
    }

    fn add_person(&mut self, chance: &mut Chance) -> PersonId {
        let n = self.rows.people.len() + 1;
        let id = Id::fixed(PEOPLE + n as u64);
        let woman = chance.once_in(500);
        let name = self.namer.name(chance, woman);
        let address = self.namer.address(&name);
        self.rows.people.push(Person {
            id,
            sort_key: names::sort_key(&name),
            initials: names::initials(&name),
            employee_number: Some(format!("G{n:06}")),
            gender: Some(if woman { Gender::Female } else { Gender::Male }),
            mobile: Some(format!("154{n:08}")),
            office_phone: Some(format!("000-0000-{n:05}")),
            email: Some(format!("{address}@sample.example")),
            locale: Locale::ZhCn,
            version: 1,
            name,
        });
        id
    }

    fn serve(&mut self, person: PersonId, rank: RankId, validity: Validity) {
        self.rows.service.push(Service { person, rank: Some(rank), successor: None, validity });
    }

    fn appoint(&mut self, person: PersonId, post: PostId, place: Place, main: bool, validity: Validity) {
        let id = Id::fixed(APPOINTMENTS + self.rows.appointments.len() as u64 + 1);
        self.rows.appointments.push(Appointment { id, person, post, place, main, validity, version: 1 });
    }

    fn lead(&mut self, kind: LeadershipKind, place: Place, person: PersonId, validity: Validity) {
        let id = Id::fixed(LEADERSHIPS + self.rows.leaderships.len() as u64 + 1);
        self.rows.leaderships.push(Leadership { id, kind, place, person, validity });
    }
}

fn officers(n: u64, unit: UnitId) -> Group {
    Group {
        id: Id::fixed(GROUPS + n),
        unit,
        code: Some("information-officers".to_owned()),
        name: Text::new("信息员", "Information officers"),
        team: None,
        validity: Validity::since(founded()),
        version: 1,
    }
}

/// The post and rank of the n-th in a place.
fn role(site: &Site, standing: Standing, n: usize) -> (PostId, RankId) {
    let turn = |posts: &[&'static str]| posts[n % posts.len()];
    let (post, rank) = match standing {
        Standing::Head => (head_post(site), ["executive", "department_head", "supervisor"][height(site)]),
        Standing::Deputy if n == 1 => ("vice_general_manager", "executive"),
        Standing::Deputy => (turn(&["group_cfo", "vice_general_manager"]), "executive"),
        Standing::Staff => {
            let post = match site.trade {
                Trade::Office => "admin_specialist",
                Trade::People => "hr_specialist",
                Trade::Administration => turn(&["admin_specialist", "seal_keeper", "business_driver"]),
                Trade::Finance => turn(&["accountant", "cashier", "finance_supervisor"]),
                Trade::Purchasing => "buyer",
                Trade::Warehouse => "warehouse_supervisor",
                Trade::Systems => turn(&["system_administrator", "engineer"]),
                Trade::Making => turn(&["engineer", "engineer", "designer"]),
                Trade::Selling => "sales_adviser",
            };
            (post, "staff")
        }
    };
    (post_id(post), rank_id(rank))
}

fn head_post(site: &Site) -> &'static str {
    match site.trade {
        Trade::Office => "general_manager",
        _ if site.depth > 2 => "team_lead",
        Trade::People => "hr_manager",
        Trade::Administration => "admin_manager",
        Trade::Finance => "finance_manager",
        Trade::Purchasing => "purchasing_supervisor",
        Trade::Warehouse => "warehouse_supervisor",
        Trade::Systems => "system_administrator",
        Trade::Making if site.depth == 1 => "product_director",
        Trade::Making => "rd_manager",
        Trade::Selling => "sales_manager",
    }
}

/// 0: leads a unit, 1: leads a department of the first two heights, 2: leads a team.
fn height(site: &Site) -> usize {
    match site.trade {
        Trade::Office => 0,
        _ if site.depth > 2 => 2,
        _ => 1,
    }
}

fn post_id(code: &str) -> PostId {
    let index =
        cast::POSTS.iter().position(|post| post.0 == code).expect("the sample has every post that is named here");
    Id::fixed(POSTS + 1 + index as u64)
}

fn rank_id(code: &str) -> RankId {
    let index =
        cast::RANKS.iter().position(|rank| rank.0 == code).expect("the sample has every rank that is named here");
    Id::fixed(RANKS + 1 + index as u64)
}

fn days_since_founding(at: Timestamp) -> usize {
    ((at.as_second() - founded().as_second()) / 86_400) as usize
}
