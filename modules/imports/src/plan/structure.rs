//! Departments and posts.

use std::collections::{BTreeSet, HashMap};

use hanlin_directory::{
    self as directory, ChangeDepartment, ChangePost,
    model::{Department, Place, Post},
};
use hanlin_kernel::{DepartmentId, Id, Text, UnitId};

use super::{Met, Planning, Step, is_dash};
use crate::model::{Field, Sheet};

impl Planning<'_> {
    pub(super) fn departments(&mut self) {
        let rows = self.of_sheet(Sheet::Departments);
        let keyed = self.keyed(&rows, Field::Code);
        let mut named: BTreeSet<DepartmentId> = BTreeSet::new();
        for (row, unit, code) in &keyed {
            let id = self.departments.code_or(*unit, code, Id::new);
            self.parents.entry(id).or_insert(None);
            if let Some(name) = self.name(*row) {
                named.insert(id);
                self.departments.call(*unit, id, &name);
            }
        }
        for found in self.organisation.by_id.values().filter(|found| !named.contains(&found.id)) {
            self.departments.call(found.unit, found.id, &found.name);
        }
        for (row, unit, code) in &keyed {
            self.hang(*row, *unit, code);
        }
        let mut sound: Vec<(usize, usize, UnitId, String)> = Vec::new();
        for (row, unit, code) in keyed {
            let id = self.departments.code_or(unit, &code, Id::new);
            if self.lies_in_itself(id) {
                self.fault(row, Field::Parent, "imports.circle", &[("code", code.as_str().into())]);
            }
            if !self.is_wrong(row) {
                sound.push((self.depth(id), row, unit, code));
            }
        }
        // Above before below: what is moved hangs where it shall before something is moved below it.
        sound.sort();
        for (_, row, unit, code) in sound {
            match self.organisation.departments.get(&(unit, code.clone())).cloned() {
                Some(before) => self.change_department(row, &before),
                None => self.create_department(row, unit, code),
            }
        }
    }

    /// Rows with unit and code, each code once in its unit.
    pub(super) fn keyed(&mut self, rows: &[usize], field: Field) -> Vec<(usize, UnitId, String)> {
        let mut seen: HashMap<(UnitId, String), u32> = HashMap::new();
        let mut keyed = Vec::new();
        for row in rows.iter().copied() {
            let name = self.cell(row, Field::Name).or(self.cell(row, field)).unwrap_or_default().to_owned();
            self.about(row, name);
            let unit = self.unit(row);
            let Some(code) = self.cell(row, field).map(str::to_owned) else {
                self.fault(row, field, "imports.code_missing", &[]);
                continue;
            };
            let Some(unit) = unit else { continue };
            let line = self.line(row);
            match seen.get(&(unit, code.clone())) {
                Some(first) => {
                    let first = *first;
                    self.fault(row, field, "imports.code_twice", &[("code", code.into()), ("line", first.into())]);
                }
                None => {
                    seen.insert((unit, code.clone()), line);
                    keyed.push((row, unit, code));
                }
            }
        }
        keyed
    }

    /// Notes what the row hangs in.
    fn hang(&mut self, row: usize, unit: UnitId, code: &str) {
        let id = self.departments.code_or(unit, code, Id::new);
        let existing = self.organisation.by_id.get(&id);
        let parent = match self.cell(row, Field::Parent).map(str::to_owned) {
            None => existing.and_then(|existing| existing.parent),
            Some(dash) if is_dash(&dash) => None,
            // Directly in the unit: people write the unit's own code.
            Some(code) if self.units.code((), &code) == Some(unit) => None,
            Some(above) => {
                let found = self.departments.find(unit, &above);
                self.found(row, Field::Parent, &above, found, "imports.parent_unknown")
            }
        };
        self.parents.insert(id, parent);
    }

    fn lies_in_itself(&self, id: DepartmentId) -> bool {
        let mut above = self.parents.get(&id).copied().flatten();
        for _ in 0..self.parents.len() {
            match above {
                None => return false,
                Some(above) if above == id => return true,
                Some(next) => above = self.parents.get(&next).copied().flatten(),
            }
        }
        // Below a circle, not in it: the rows of the circle are named.
        false
    }

    pub(super) fn depth(&self, id: DepartmentId) -> usize {
        let up = |id: &DepartmentId| self.parents.get(id).copied().flatten();
        std::iter::successors(Some(id), up).take(self.parents.len()).count()
    }

    fn create_department(&mut self, row: usize, unit: UnitId, code: String) {
        let id = self.departments.code_or(unit, &code, Id::new);
        let parent = self.parents[&id];
        let above = parent.map_or(Place::Unit(unit), Place::Department);
        // Where the row above is wrong, that one is put right first.
        let Some(home) = self.home(above) else {
            self.mark_new(row);
            return;
        };
        if !self.in_reach(row, above, Field::Code) {
            return;
        }
        let Some(name) = self.name(row) else {
            self.fault(row, Field::Name, "imports.name_missing", &[]);
            return;
        };
        self.homes.insert(id, home);
        let department = Department {
            id,
            unit,
            parent,
            code: Some(code.clone()),
            level: self.cell(row, Field::Level).filter(|level| !is_dash(level)).map(str::to_owned),
            name,
            position: i64::from(self.line(row)),
            validity: self.since(),
            version: 1,
        };
        self.faults(row, directory::check_department(&department));
        self.mark_new(row);
        self.say_given(row);
        self.work.departments.push(department);
    }

    fn change_department(&mut self, row: usize, before: &Department) {
        self.met.insert(Met::Department(before.id));
        let mut intent = ChangeDepartment::default();
        let code_of = |planning: &Self, id: Option<DepartmentId>| planning.departments.code_of(id?);
        let parent = self.parents[&before.id];
        if parent != before.parent {
            let (old, new) = (code_of(self, before.parent), code_of(self, parent));
            self.change(row, Field::Parent, old, new);
            intent.parent = Some(parent.map_or(Place::Unit(before.unit), Place::Department));
        }
        if let Some(name) = self.changed_name(row, &before.name) {
            intent.name = Some(name);
        }
        if let Some(level) = self.cell(row, Field::Level).map(str::to_owned)
            && before.level.as_ref() != Some(&level)
        {
            self.change(row, Field::Level, before.level.clone(), Some(level.clone()));
            intent.level = Some(level);
        }
        let after = Department {
            name: intent.name.clone().unwrap_or_else(|| before.name.clone()),
            level: intent.level.clone().or_else(|| before.level.clone()),
            ..before.clone()
        };
        self.faults(row, directory::check_department(&after));
        if intent.parent.is_some() || intent.name.is_some() || intent.level.is_some() {
            if !self.in_reach(row, Place::Department(before.id), Field::Code) {
                return;
            }
            if let Some(parent) = intent.parent
                && self.organisation.by_id.keys().any(|id| Place::Department(*id) == parent)
                && !self.in_reach(row, parent, Field::Parent)
            {
                return;
            }
            self.work.steps.push(Step::Department(before.id, before.version, intent));
        }
    }

    /// What the row calls it.
    pub(super) fn name(&self, row: usize) -> Option<Text> {
        let zh = self.cell(row, Field::Name)?.to_owned();
        Some(Text { zh, en: self.cell(row, Field::NameEn).filter(|name| !is_dash(name)).map(str::to_owned) })
    }

    /// The new name, if the row gives one, with its changes noted.
    pub(super) fn changed_name(&mut self, row: usize, before: &Text) -> Option<Text> {
        let zh = self.cell(row, Field::Name).unwrap_or(&before.zh).to_owned();
        let en = match self.cell(row, Field::NameEn) {
            None => before.en.clone(),
            Some(dash) if is_dash(dash) => None,
            Some(en) => Some(en.to_owned()),
        };
        if zh != before.zh {
            self.change(row, Field::Name, Some(before.zh.clone()), Some(zh.clone()));
        }
        if en != before.en {
            self.change(row, Field::NameEn, before.en.clone(), en.clone());
        }
        (zh != before.zh || en != before.en).then_some(Text { zh, en })
    }

    pub(super) fn posts(&mut self) {
        let rows = self.of_sheet(Sheet::Posts);
        for (row, unit, code) in self.keyed(&rows, Field::Code) {
            match self.organisation.posts.get(&(unit, code.clone())).cloned() {
                Some(before) => {
                    self.met.insert(Met::Post(before.id));
                    let Some(name) = self.changed_name(row, &before.name) else { continue };
                    self.faults(row, directory::check_post(&Post { name: name.clone(), ..before.clone() }));
                    if self.in_reach(row, Place::Unit(unit), Field::Code) {
                        let intent = ChangePost { name: Some(name), position: None };
                        self.work.steps.push(Step::Post(before.id, before.version, intent));
                    }
                }
                None => self.create_post(row, unit, code.clone()),
            }
            let named = self.name(row).zip(self.posts.code(unit, &code));
            if let Some((name, id)) = named {
                self.posts.call(unit, id, &name);
            }
        }
        for post in self.organisation.posts.values() {
            if !self.work.steps.iter().any(|step| matches!(step, Step::Post(id, ..) if *id == post.id)) {
                self.posts.call(post.unit, post.id, &post.name);
            }
        }
    }

    fn create_post(&mut self, row: usize, unit: UnitId, code: String) {
        if !self.in_reach(row, Place::Unit(unit), Field::Code) {
            return;
        }
        let Some(name) = self.name(row) else {
            self.fault(row, Field::Name, "imports.name_missing", &[]);
            return;
        };
        let (position, validity) = (i64::from(self.line(row)), self.since());
        let post = Post { id: Id::new(), unit, code: code.clone(), name, position, validity, version: 1 };
        self.faults(row, directory::check_post(&post));
        self.mark_new(row);
        self.say_given(row);
        self.posts.code_or(unit, &code, || post.id);
        self.work.posts.push(post);
    }
}
