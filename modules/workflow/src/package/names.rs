//! Does what a package names exist in this organisation?

use std::collections::{BTreeMap, BTreeSet};

use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::UnitId;
use jiff::Timestamp;

use super::{
    nearest::nearest,
    problem::Problem,
    reader::{Kind, Named, Reader},
};

pub(super) fn check(reader: &mut Reader, directory: &Snapshot, at: Timestamp) {
    if reader.named.is_empty() {
        return;
    }
    let known = Known::of(directory, at);
    for Named { kind, text, at: mark } in std::mem::take(&mut reader.named) {
        if !known.has(directory, at, kind, &text) {
            let meant = nearest(&text, known.codes(kind));
            let kind = format!("workflow.package.kind.{}", kind_word(kind));
            reader.problems.push(Problem::at(mark, "unknown_name").with("name", text).with("kind", kind).meant(meant));
        } else if kind == Kind::Post && !known.codes(kind).any(|code| code == text) {
            reader.problems.push(Problem::warning(mark, "nobody_holds").with("post", text));
        }
    }
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "person",
        Kind::Unit => "unit",
        Kind::Department => "department",
        Kind::Post => "post",
        Kind::Group => "group",
        Kind::Rank => "rank",
        Kind::Level => "level",
    }
}

/// The codes that this organisation uses, by kind; of posts those that someone holds.
struct Known {
    units: Vec<UnitId>,
    codes: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Known {
    fn of(directory: &Snapshot, at: Timestamp) -> Self {
        let units: Vec<UnitId> =
            directory.roots(at).into_iter().flat_map(|root| directory.units_and_below(root.id, at)).collect();
        let mut known = Self { units, codes: BTreeMap::new() };
        for unit in known.units.clone() {
            let code = directory.unit(unit, at).and_then(|unit| unit.code.clone());
            known.note(Kind::Unit, code);
            for place in directory.and_below(Place::Unit(unit), at) {
                if let Place::Department(id) = place
                    && let Some(department) = directory.department(id, at)
                {
                    known.note(Kind::Department, department.code.clone());
                    known.note(Kind::Level, department.level.clone());
                }
            }
        }
        for person in directory.people() {
            known.note(Kind::Person, person.employee_number.clone());
            for held in directory.appointments(person.id, at) {
                known.note(Kind::Post, directory.post(held.post).map(|post| post.code.clone()));
            }
            for group in directory.groups_of(person.id, at) {
                known.note(Kind::Group, directory.group(group).and_then(|group| group.code.clone()));
            }
        }
        for rank in directory.ranks(at) {
            known.note(Kind::Rank, Some(rank.code.clone()));
        }
        known
    }

    fn note(&mut self, kind: Kind, code: Option<String>) {
        self.codes.entry(kind_word(kind)).or_default().extend(code);
    }

    fn codes(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.codes.get(kind_word(kind)).into_iter().flatten().map(String::as_str)
    }

    /// By its code, or by its id.
    fn has(&self, directory: &Snapshot, at: Timestamp, kind: Kind, text: &str) -> bool {
        if self.codes(kind).any(|code| code == text) {
            return true;
        }
        match kind {
            Kind::Person => text.parse().is_ok_and(|id| directory.person(id).is_some()),
            Kind::Unit => text.parse().is_ok_and(|id| directory.unit(id, at).is_some()),
            Kind::Department => text.parse().is_ok_and(|id| directory.department(id, at).is_some()),
            Kind::Post => {
                !directory.posts_by_code(text).is_empty() || text.parse().is_ok_and(|id| directory.post(id).is_some())
            }
            Kind::Group => {
                self.units.iter().any(|unit| directory.group_by_code(text, *unit, at).is_some())
                    || text.parse().is_ok_and(|id| directory.group(id).is_some())
            }
            Kind::Rank => text.parse().is_ok_and(|id| directory.rank(id).is_some()),
            Kind::Level => false,
        }
    }
}
