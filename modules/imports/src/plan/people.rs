//! People: who is meant, what changes of him, where he is placed, what he heads.

use std::collections::{BTreeMap, HashMap};

use hanlin_directory::{
    self as directory, Appoint, Card, ChangePerson, Newcomer, SetRank, TransferAppointment,
    model::{Appointment, Gender, Person, Place, Service, Validity},
    names::fold,
    policy::{self, Home},
};
use hanlin_kernel::{Id, Locale, PersonId, PostId, RankId, UnitId};
use jiff::{Timestamp, civil::Date};

use super::{Met, Planning, Step, heads::Heads, is_dash};
use crate::model::{Field, Sheet, Status};

/// Where a row places its person.
struct Seat {
    place: Place,
    post: Option<PostId>,
}

impl Planning<'_> {
    pub(super) fn people(&mut self) {
        let rows = self.of_sheet(Sheet::People);
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut first: HashMap<String, usize> = HashMap::new();
        for row in rows {
            let name = self.cell(row, Field::Name).unwrap_or_default().to_owned();
            self.about(row, name);
            let number = self.cell(row, Field::EmployeeNumber).map(|number| format!("n{number}"));
            let Some(key) = number.or_else(|| self.cell(row, Field::Mobile).map(|mobile| format!("m{}", fold(mobile))))
            else {
                self.fault(row, Field::EmployeeNumber, "imports.no_key", &[]);
                continue;
            };
            let group = *first.entry(key).or_insert(row);
            groups.entry(group).or_default().push(row);
        }
        self.refuse_twins(&groups);
        self.note_given_up(&groups);
        let mut heads = Heads::default();
        for rows in groups.values() {
            self.person(rows, &mut heads);
        }
        self.heads(heads);
    }

    /// Two people of the file with one mobile number or mailbox: named at the later one.
    fn refuse_twins(&mut self, groups: &BTreeMap<usize, Vec<usize>>) {
        for (field, code) in [(Field::Mobile, "imports.mobile_twice"), (Field::Email, "imports.email_twice")] {
            let mut seen: HashMap<String, (usize, u32)> = HashMap::new();
            for (group, rows) in groups {
                for row in rows.iter().copied() {
                    let Some(value) = self.cell(row, field).filter(|value| !is_dash(value)).map(fold) else { continue };
                    match seen.get(&value).copied() {
                        Some((other, line)) if other != *group => {
                            self.fault(row, field, code, &[("line", line.into())])
                        }
                        Some(_) => {}
                        None => {
                            seen.insert(value, (*group, self.line(row)));
                        }
                    }
                }
            }
        }
    }

    /// The numbers and mailboxes that people of the file give up for others: somebody else of the organisation may have
    /// them, since all of a file holds in one instant.
    fn note_given_up(&mut self, groups: &BTreeMap<usize, Vec<usize>>) {
        let organisation = self.organisation;
        for row in groups.values().flatten().copied() {
            let number = self.cell(row, Field::EmployeeNumber);
            let Some(person) = number
                .and_then(|number| organisation.by_number.get(number))
                .and_then(|id| organisation.snapshot.person(*id))
            else {
                continue;
            };
            for (field, old) in [(Field::Mobile, &person.mobile), (Field::Email, &person.email)] {
                let (Some(old), Some(new)) = (old.as_deref().map(fold), self.cell(row, field).map(fold)) else {
                    continue;
                };
                if old != new {
                    self.given_up.insert((field, old));
                }
            }
        }
    }

    /// All rows of one person: one of them his main post, the others beside it.
    fn person(&mut self, rows: &[usize], heads: &mut Heads) {
        let first = rows[0];
        let mut main: Option<usize> = None;
        for row in rows.iter().copied() {
            if self.cell(row, Field::Name) != self.cell(first, Field::Name) && self.cell(row, Field::Name).is_some() {
                let line = self.line(first);
                self.fault(row, Field::EmployeeNumber, "imports.number_twice", &[("line", line.into())]);
                continue;
            }
            if self.says(row, Field::Main) == Some(false) {
                continue;
            }
            match main {
                None => main = Some(row),
                Some(before) => {
                    let line = self.line(before);
                    self.fault(row, Field::Main, "imports.two_mains", &[("line", line.into())]);
                }
            }
        }
        let Some(known) = self.known(first) else { return };
        let seats: Vec<(usize, Option<Seat>)> = rows.iter().map(|row| (*row, self.seat(*row))).collect();
        let person = match known {
            Some(id) => self.existing(id, main, &seats),
            None => self.newcomer(first, main, &seats),
        };
        let Some(person) = person else { return };
        for (row, seat) in &seats {
            let Some(says) = self.says(*row, Field::Head) else { continue };
            if let Some(seat) = seat {
                heads.note(self, *row, seat.place, person, says);
            }
        }
    }

    /// Yes or no; what is neither is a fault.
    fn says(&mut self, row: usize, field: Field) -> Option<bool> {
        let said = self.cell(row, field)?.to_lowercase();
        match said.as_str() {
            "是" | "主" | "主岗" | "yes" | "y" | "true" | "1" | "main" => Some(true),
            "否" | "兼" | "兼岗" | "no" | "n" | "false" | "0" | "concurrent" => Some(false),
            _ => {
                self.fault(row, field, "imports.not_yes_or_no", &[("value", said.into())]);
                None
            }
        }
    }

    /// Whom the organisation knows by the numbers of this row; `None` where that is wrong.
    fn known(&mut self, row: usize) -> Option<Option<PersonId>> {
        let organisation = self.organisation;
        let number = self.cell(row, Field::EmployeeNumber).map(str::to_owned);
        let by_number = number.as_ref().and_then(|number| organisation.by_number.get(number)).copied();
        let mobile = self.cell(row, Field::Mobile).filter(|mobile| !is_dash(mobile)).map(fold);
        let by_mobile = mobile.as_ref().and_then(|mobile| organisation.by_mobile.get(mobile)).copied();
        let email = self.cell(row, Field::Email).filter(|email| !is_dash(email)).map(fold);
        let by_email = email.as_ref().and_then(|email| organisation.by_email.get(email)).copied();
        // Known by his mobile so far, and given his first employee number.
        let numbered_now = by_mobile.filter(|id| {
            organisation.snapshot.person(*id).is_some_and(|person| {
                (number.is_none() || person.employee_number.is_none())
                    && self.cell(row, Field::Name).is_none_or(|name| name == person.name)
            })
        });
        let known = by_number.or(numbered_now);
        for (other, value, field, code) in [
            (by_mobile, mobile, Field::Mobile, "imports.mobile_taken"),
            (by_email, email, Field::Email, "imports.email_taken"),
        ] {
            // Newcomers are written down before the change: they cannot wait for a number to be given up.
            let given_up = known.is_some() && value.is_some_and(|value| self.given_up.contains(&(field, value)));
            if other.is_some() && other != known && !given_up {
                self.fault(row, field, code, &[]);
            }
        }
        (!self.is_wrong(row)).then_some(known)
    }

    fn seat(&mut self, row: usize) -> Option<Seat> {
        let unit_said = self.cell(row, Field::Unit).is_some() || self.cell(row, Field::Department).is_some();
        if !unit_said && self.cell(row, Field::Post).is_none() {
            return None;
        }
        let unit = self.unit(row)?;
        let place = match self.cell(row, Field::Department).filter(|code| !is_dash(code)).map(str::to_owned) {
            None => Place::Unit(unit),
            Some(word) => {
                let found = self.departments.find(unit, &word);
                Place::Department(self.found(row, Field::Department, &word, found, "imports.department_unknown")?)
            }
        };
        let post = match self.cell(row, Field::Post).map(str::to_owned) {
            None => None,
            Some(word) => {
                let found = self.posts.find_upwards(&self.units_upwards(unit), &word);
                Some(self.found(row, Field::Post, &word, found, "imports.post_unknown")?)
            }
        };
        Some(Seat { place, post })
    }

    fn rank(&mut self, row: usize, seat: Option<&Seat>) -> Option<RankId> {
        let word = self.cell(row, Field::Rank).filter(|word| !is_dash(word))?.to_owned();
        let unit = self.home(seat?.place)?.unit;
        let found = self.ranks.find_upwards(&self.units_upwards(unit), &word);
        self.found(row, Field::Rank, &word, found, "imports.rank_unknown")
    }

    fn gender(&mut self, row: usize) -> Option<Gender> {
        let said = self.cell(row, Field::Gender)?.to_lowercase();
        match said.as_str() {
            "男" | "m" | "male" => Some(Gender::Male),
            "女" | "f" | "female" => Some(Gender::Female),
            _ => {
                self.fault(row, Field::Gender, "imports.not_a_gender", &[("value", said.into())]);
                None
            }
        }
    }

    /// The day he joined, as an instant in his unit's zone.
    fn joined(&mut self, row: usize, place: Place) -> Option<Timestamp> {
        let said = self.cell(row, Field::JoinedOn)?.to_owned();
        let zone = self.time_zone(self.home(place)?.unit);
        let joined = date(&said).and_then(|date| Some(date.to_zoned(zone).ok()?.timestamp()));
        if joined.is_none() {
            self.fault(row, Field::JoinedOn, "imports.not_a_date", &[("value", said.into())]);
        }
        joined
    }

    /// A mailbox is one that the rules of his unit allow (ORG-22).
    fn mailbox(&mut self, row: usize, email: Option<&str>, place: Option<Place>) {
        let Some(email) = email else { return };
        let unit = place.and_then(|place| self.home(place)).map(|home| home.unit);
        let found = self.organisation.rules.check_mailbox(unit, self.organisation.at, email);
        self.faults(row, found);
    }

    fn newcomer(&mut self, first: usize, main: Option<usize>, seats: &[(usize, Option<Seat>)]) -> Option<PersonId> {
        let Some(main) = main else {
            self.fault(first, Field::Main, "imports.no_main", &[]);
            return None;
        };
        let text =
            |planning: &Self, field| planning.cell(main, field).filter(|value| !is_dash(value)).map(str::to_owned);
        let card = Card {
            name: text(self, Field::Name).unwrap_or_default(),
            employee_number: text(self, Field::EmployeeNumber),
            gender: self.gender(main),
            mobile: text(self, Field::Mobile),
            office_phone: text(self, Field::OfficePhone),
            email: text(self, Field::Email),
        };
        let person = card.person(Locale::default());
        self.faults(main, directory::check_person(&person));
        let main_seat = seats.iter().find(|(row, _)| *row == main).and_then(|(_, seat)| seat.as_ref());
        let rank = self.rank(main, main_seat);
        let at = self.organisation.at;
        self.mailbox(main, person.email.as_deref(), main_seat.map(|seat| seat.place));
        let joined = main_seat.and_then(|seat| self.joined(main, seat.place));
        let placed_from = joined.map_or(at, |joined| joined.max(at));
        let mut appointments: Vec<Appointment> = Vec::new();
        for (row, seat) in seats {
            let Some(seat) = seat else {
                if !self.is_wrong(*row) {
                    self.fault(*row, Field::Post, "imports.post_missing", &[]);
                }
                continue;
            };
            let Some(post) = seat.post else {
                self.fault(*row, Field::Post, "imports.post_missing", &[]);
                continue;
            };
            if appointments.iter().any(|held| held.post == post && held.place == seat.place) {
                self.fault(*row, Field::Post, "imports.appointed_already", &[]);
                continue;
            }
            if !self.in_reach(*row, seat.place, Field::Department) {
                continue;
            }
            appointments.push(Appointment {
                id: Id::new(),
                person: person.id,
                post,
                place: seat.place,
                main: *row == main,
                validity: Validity::since(placed_from),
                version: 1,
            });
            self.mark_new(*row);
            self.say_given(*row);
        }
        let service = self.service(person.id, rank, joined.unwrap_or(at));
        let id = person.id;
        self.work.newcomers.push(Newcomer { person, service, appointments });
        Some(id)
    }

    /// He serves since he joined; a rank that is younger he has since this import.
    fn service(&self, person: PersonId, rank: Option<RankId>, since: Timestamp) -> Vec<Service> {
        let at = self.organisation.at;
        let period = |rank, validity| Service { person, rank, successor: None, validity };
        let known = |rank: RankId| self.organisation.snapshot.rank(rank).map(|rank| rank.validity.from);
        let begun = rank.map(|rank| known(rank).unwrap_or(at));
        match begun {
            Some(begun) if since < begun => {
                vec![period(None, Validity::between(since, at)), period(rank, Validity::since(at))]
            }
            _ => vec![period(rank, Validity::since(since))],
        }
    }

    /// All that a new row says, so that the preview shows it.
    pub(super) fn say_given(&mut self, row: usize) {
        let given: Vec<(Field, String)> =
            self.lines[row].cells.iter().map(|(field, value)| (*field, value.clone())).collect();
        for (field, value) in given {
            self.change(row, field, None, Some(value));
        }
    }

    fn existing(&mut self, id: PersonId, main: Option<usize>, seats: &[(usize, Option<Seat>)]) -> Option<PersonId> {
        self.met.insert(Met::Person(id));
        let (snapshot, at) = (self.organisation.snapshot.clone(), self.organisation.at);
        let person = snapshot.person(id)?;
        let row = main.unwrap_or(seats[0].0);
        let serves = snapshot.is_active(id, at);
        let homes: Vec<Home> = snapshot.appointments(id, at).iter().filter_map(|held| self.home(held.place)).collect();
        if !serves && main.is_none() {
            self.fault(row, Field::Main, "imports.no_main", &[]);
            return None;
        }
        let mut version = person.version;
        let intent = main.map(|main| self.changed(main, person)).unwrap_or_default();
        if let (Some(main), Some(Some(email))) = (main, &intent.email) {
            let place = snapshot.main_appointment(id, at).map(|held| held.place);
            self.mailbox(main, Some(email), place);
        }
        let seat_of = |wanted: usize| seats.iter().find(|(row, _)| *row == wanted).and_then(|(_, seat)| seat.as_ref());
        let rank = self.rank(row, seat_of(row));
        let mut steps: Vec<Step> = Vec::new();
        let said = intent != ChangePerson::default();
        if !serves {
            self.change(row, Field::JoinedOn, None, Some(at.to_string()[..10].to_owned()));
            steps.push(Step::Rejoin(id, version, SetRank { rank, from: None }));
            version += 1;
        } else if let Some(rank) = rank
            && main.is_some()
            && snapshot.service(id, at).and_then(|service| service.rank) != Some(rank)
        {
            let before = snapshot.rank_of(id, at).map(|rank| rank.code.clone());
            self.change(row, Field::Rank, before, self.rank_code(Some(rank)));
            steps.push(Step::Rank(id, version, SetRank { rank: Some(rank), from: None }));
            version += 1;
        }
        if said {
            steps.push(Step::Person(id, version, intent));
        }
        for (row, seat) in seats {
            if let Some(seat) = seat {
                self.place(id, *row, main == Some(*row), seat, &mut steps);
            }
        }
        if steps.is_empty() {
            return Some(id);
        }
        if !policy::may_person(self.actor, id, &homes).allows("update") {
            let code = if serves { "imports.out_of_reach" } else { "imports.left_elsewhere" };
            self.fault(row, Field::EmployeeNumber, code, &[]);
            return None;
        }
        self.work.steps.extend(steps);
        Some(id)
    }

    /// What is to be another of what is known of him, each noted.
    fn changed(&mut self, row: usize, before: &Person) -> ChangePerson {
        let mut after = before.clone();
        let mut intent = ChangePerson::default();
        if let Some(name) = self.cell(row, Field::Name).map(str::to_owned)
            && name != before.name
        {
            self.change(row, Field::Name, Some(before.name.clone()), Some(name.clone()));
            after.name.clone_from(&name);
            intent.name = Some(name);
        }
        for (field, old) in [
            (Field::EmployeeNumber, &before.employee_number),
            (Field::Mobile, &before.mobile),
            (Field::OfficePhone, &before.office_phone),
            (Field::Email, &before.email),
        ] {
            let Some(cell) = self.cell(row, field) else { continue };
            let new = (!is_dash(cell)).then(|| cell.to_owned());
            if new == *old {
                continue;
            }
            self.change(row, field, old.clone(), new.clone());
            let (kept, wanted) = match field {
                Field::EmployeeNumber => (&mut after.employee_number, &mut intent.employee_number),
                Field::Mobile => (&mut after.mobile, &mut intent.mobile),
                Field::OfficePhone => (&mut after.office_phone, &mut intent.office_phone),
                _ => (&mut after.email, &mut intent.email),
            };
            kept.clone_from(&new);
            *wanted = Some(new);
        }
        if let Some(gender) = self.gender(row)
            && before.gender != Some(gender)
        {
            let word = |gender: Gender| gender.as_str().to_owned();
            self.change(row, Field::Gender, before.gender.map(word), Some(word(gender)));
            intent.gender = Some(Some(gender));
        }
        self.faults(row, directory::check_person(&after));
        intent
    }

    /// Moves somebody who serves to where the row says, or gives him the post beside his main one.
    fn place(&mut self, id: PersonId, row: usize, main: bool, seat: &Seat, steps: &mut Vec<Step>) {
        let (snapshot, at) = (self.organisation.snapshot.clone(), self.organisation.at);
        let held = snapshot.appointments(id, at);
        let present = if main { snapshot.main_appointment(id, at) } else { None };
        // A blank cell changes nothing: who stays in his unit stays in his department.
        let stays = self.cell(row, Field::Department).is_none();
        let at_home =
            present.filter(|held| stays && self.home(held.place).map(|home| home.unit) == seat_unit(self, seat));
        let place = at_home.map_or(seat.place, |held| held.place);
        let Some(post) = seat.post.or(present.map(|held| held.post)) else {
            self.fault(row, Field::Post, "imports.post_missing", &[]);
            return;
        };
        if let Some(same) = held.iter().find(|held| held.post == post && held.place == place) {
            if same.main != main {
                self.fault(row, Field::Main, "imports.appointed_already", &[]);
            }
            return;
        }
        if !self.in_reach(row, place, Field::Department) {
            return;
        }
        if let Some(present) = present {
            self.say_moved(row, present, post, place);
            let intent = TransferAppointment { post, place, from: None };
            steps.push(Step::Transfer(present.id, present.version, intent));
        } else {
            if !main && !self.is_wrong(row) {
                self.verdicts[row].status = Status::New;
            }
            self.say_given(row);
            steps.push(Step::Appoint(Appoint { person: id, post, place, main, from: None, to: None }));
        }
    }

    fn say_moved(&mut self, row: usize, before: &Appointment, post: PostId, place: Place) {
        let said = |planning: &Self, field| planning.cell(row, field).map(str::to_owned);
        let (old_unit, old_department) = self.organisation.place_keys(before.place);
        if place != before.place {
            let new_unit = said(self, Field::Unit);
            if new_unit.is_some() && new_unit != old_unit {
                self.change(row, Field::Unit, old_unit, new_unit);
            }
            let department = said(self, Field::Department).filter(|code| !is_dash(code));
            self.change(row, Field::Department, old_department, department);
        }
        if post != before.post {
            let old = self.organisation.post_code(before.post);
            self.change(row, Field::Post, old, said(self, Field::Post));
        }
    }
}

fn seat_unit(planning: &Planning<'_>, seat: &Seat) -> Option<UnitId> {
    planning.home(seat.place).map(|home| home.unit)
}

/// A day as people write it: 2024-03-01, 2024/3/1, 2024.3.1, 20240301, 2024年3月1日.
fn date(said: &str) -> Option<Date> {
    let day = said.split_whitespace().next()?;
    let parts: Vec<&str> = day.split(['-', '/', '.', '年', '月', '日', 'T']).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day, ..] => (*year, *month, *day),
        [digits] if digits.len() == 8 && digits.is_ascii() => (&digits[..4], &digits[4..6], &digits[6..]),
        _ => return None,
    };
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    (date.year() >= 1900).then_some(date)
}
