//! Workbooks and text that go out: the template, and the organisation as the reader may see it.

mod template;
mod text;
mod workbook;

use std::collections::BTreeMap;

use hanlin_directory::{
    Snapshot,
    model::{Appointment, Person, Place, UnitKind},
    policy::{self, Home},
};
use hanlin_kernel::{Actor, Locale};
use jiff::Timestamp;

pub(crate) use template::template;
pub(crate) use text::csv;
pub(crate) use workbook::workbook;

use crate::{
    keys::Keys,
    model::{Field, Sheet},
};

/// A table that goes out: each row by the columns of its sheet.
pub(crate) struct Out {
    pub sheet: Sheet,
    pub rows: Vec<BTreeMap<Field, String>>,
}

/// The organisation at an instant as this reader sees it, in the form in which it can come in again.
pub(crate) fn organisation(snapshot: &Snapshot, actor: &Actor, at: Timestamp, locale: Locale) -> Vec<Out> {
    let from = Written { snapshot, actor, at, locale, keys: Keys::of(snapshot, at) };
    vec![
        Out { sheet: Sheet::Units, rows: from.units() },
        Out { sheet: Sheet::Departments, rows: from.departments() },
        Out { sheet: Sheet::Posts, rows: from.posts() },
        Out { sheet: Sheet::Ranks, rows: from.ranks() },
        Out { sheet: Sheet::People, rows: from.people() },
    ]
}

struct Written<'a> {
    snapshot: &'a Snapshot,
    actor: &'a Actor,
    at: Timestamp,
    locale: Locale,
    keys: Keys,
}

impl Written<'_> {
    fn places(&self) -> Vec<Place> {
        let roots = self.snapshot.roots(self.at).into_iter();
        roots.flat_map(|root| self.snapshot.and_below(Place::Unit(root.id), self.at)).collect()
    }

    fn home(&self, place: Place) -> Option<Home> {
        Some(Home { unit: self.snapshot.unit_of(place, self.at)?, department: place.department() })
    }

    fn sees(&self, home: Home) -> bool {
        policy::may(self.actor, home).allows("read")
    }

    fn unit_key(&self, home: Home) -> Option<String> {
        self.keys.unit(home.unit)
    }

    fn units(&self) -> Vec<BTreeMap<Field, String>> {
        let units = self.places().into_iter().filter_map(Place::unit).filter(|unit| self.sees(Home::unit(*unit)));
        units
            .filter_map(|id| {
                let unit = self.snapshot.unit(id, self.at)?;
                Some(row([
                    (Field::Code, self.keys.unit(id)),
                    (Field::Parent, unit.parent.and_then(|parent| self.keys.unit(parent))),
                    (Field::Name, Some(unit.name.zh.clone())),
                    (Field::NameEn, unit.name.en.clone()),
                    (Field::ShortName, unit.short_name.as_ref().map(|name| name.zh.clone())),
                    (Field::Kind, Some(kind_word(unit.kind, self.locale).to_owned())),
                    (Field::TimeZone, unit.time_zone.clone()),
                ]))
            })
            .collect()
    }

    fn ranks(&self) -> Vec<BTreeMap<Field, String>> {
        let ranks = self.snapshot.ranks(self.at).into_iter().filter(|rank| self.sees(Home::unit(rank.unit)));
        ranks
            .map(|rank| {
                row([
                    (Field::Unit, self.unit_key(Home::unit(rank.unit))),
                    (Field::Code, Some(rank.code.clone())),
                    (Field::Name, Some(rank.name.zh.clone())),
                    (Field::NameEn, rank.name.en.clone()),
                    (Field::Level, Some(rank.level.to_string())),
                ])
            })
            .collect()
    }

    fn departments(&self) -> Vec<BTreeMap<Field, String>> {
        let places = self.places().into_iter();
        let seen =
            places.filter_map(|place| Some((place.department()?, self.home(place).filter(|home| self.sees(*home))?)));
        seen.filter_map(|(id, home)| {
            let department = self.snapshot.department(id, self.at)?;
            let parent = department.parent.and_then(|parent| self.keys.department(parent));
            Some(row([
                (Field::Unit, self.unit_key(home)),
                (Field::Code, self.keys.department(id)),
                (Field::Parent, parent),
                (Field::Name, Some(department.name.zh.clone())),
                (Field::NameEn, department.name.en.clone()),
                (Field::Level, department.level.clone()),
            ]))
        })
        .collect()
    }

    fn posts(&self) -> Vec<BTreeMap<Field, String>> {
        let posts = self.snapshot.posts(self.at).into_iter().filter(|post| self.sees(Home::unit(post.unit)));
        posts
            .map(|post| {
                row([
                    (Field::Unit, self.unit_key(Home::unit(post.unit))),
                    (Field::Code, Some(post.code.clone())),
                    (Field::Name, Some(post.name.zh.clone())),
                    (Field::NameEn, post.name.en.clone()),
                ])
            })
            .collect()
    }

    /// Everybody in service whom the reader may see, by pinyin: a row for each appointment, the main one first.
    fn people(&self) -> Vec<BTreeMap<Field, String>> {
        let mut serving: Vec<&Person> =
            self.snapshot.people().filter(|person| self.snapshot.is_active(person.id, self.at)).collect();
        serving.sort_by(|one, other| (&one.sort_key, one.id).cmp(&(&other.sort_key, other.id)));
        let mut rows = Vec::new();
        for person in serving {
            let held = self.snapshot.appointments(person.id, self.at);
            let homes: Vec<Home> = held.iter().filter_map(|held| self.home(held.place)).collect();
            if policy::may_person(self.actor, person.id, &homes).allows("read") {
                rows.extend(held.into_iter().filter_map(|held| self.person(person, held)));
            }
        }
        rows
    }

    fn person(&self, person: &Person, held: &Appointment) -> Option<BTreeMap<Field, String>> {
        let (snapshot, at) = (self.snapshot, self.at);
        let home = self.home(held.place)?;
        let since = snapshot.service(person.id, at)?.validity.from;
        let joined = since.to_zoned(snapshot.time_zone(home.unit, at)).date().to_string();
        let heads = snapshot.head(held.place, at) == Some(person.id);
        Some(row([
            (Field::Name, Some(person.name.clone())),
            (Field::EmployeeNumber, person.employee_number.clone()),
            (Field::Mobile, person.mobile.clone()),
            (Field::Email, person.email.clone()),
            (Field::OfficePhone, person.office_phone.clone()),
            (Field::Gender, person.gender.map(|gender| gender_word(gender, self.locale).to_owned())),
            (Field::Unit, self.unit_key(home)),
            (Field::Department, held.place.department().and_then(|id| self.keys.department(id))),
            (Field::Post, snapshot.post(held.post).map(|post| post.code.clone())),
            (Field::Rank, snapshot.rank_of(person.id, at).map(|rank| rank.code.clone())),
            (Field::Main, Some(yes_no(held.main, self.locale).to_owned())),
            (Field::Head, Some(yes_no(heads, self.locale).to_owned())),
            (Field::JoinedOn, Some(joined)),
        ]))
    }
}

fn row<const N: usize>(cells: [(Field, Option<String>); N]) -> BTreeMap<Field, String> {
    cells.into_iter().filter_map(|(field, cell)| Some((field, cell?))).filter(|(_, cell)| !cell.is_empty()).collect()
}

pub(crate) fn yes_no(yes: bool, locale: Locale) -> &'static str {
    match (yes, locale) {
        (true, Locale::ZhCn) => "是",
        (false, Locale::ZhCn) => "否",
        (true, Locale::En) => "yes",
        (false, Locale::En) => "no",
    }
}

pub(crate) fn kind_word(kind: UnitKind, locale: Locale) -> &'static str {
    match (kind, locale) {
        (UnitKind::Group, Locale::ZhCn) => "集团",
        (UnitKind::Subsidiary, Locale::ZhCn) => "子公司",
        (UnitKind::Branch, Locale::ZhCn) => "分公司",
        (UnitKind::Outpost, Locale::ZhCn) => "驻外机构",
        (UnitKind::External, Locale::ZhCn) => "外部单位",
        (kind, Locale::En) => kind.as_str(),
    }
}

pub(crate) fn gender_word(gender: hanlin_directory::model::Gender, locale: Locale) -> &'static str {
    use hanlin_directory::model::Gender::{Female, Male};
    match (gender, locale) {
        (Male, Locale::ZhCn) => "男",
        (Female, Locale::ZhCn) => "女",
        (Male, Locale::En) => "male",
        (Female, Locale::En) => "female",
    }
}
