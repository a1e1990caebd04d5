//! Units: found by their codes, from the top of their trees down.

use std::collections::{BTreeSet, HashMap};

use hanlin_directory::{
    self as directory, ChangeUnit,
    model::{Place, Unit, UnitKind},
};
use hanlin_kernel::{Id, Text, UnitId};
use jiff::tz::TimeZone;

use super::{Met, Planning, Step, is_dash};
use crate::model::{Field, Sheet};

impl Planning<'_> {
    pub(super) fn units(&mut self) {
        let keyed = self.keyed_units();
        self.call_units(&keyed);
        for (row, id) in &keyed {
            self.hang_unit(*row, *id);
        }
        let mut sound: Vec<(usize, usize, UnitId)> = Vec::new();
        for (row, id) in keyed {
            let upwards = self.units_upwards(id);
            if upwards[1..].contains(&id) {
                let code = self.units.code_of(id).unwrap_or_default();
                self.fault(row, Field::Parent, "imports.unit_circle", &[("code", code.into())]);
            }
            if !self.is_wrong(row) {
                sound.push((upwards.len(), row, id));
            }
        }
        // Above before below: what is moved hangs where it shall before something is moved below it.
        sound.sort();
        for (_, row, id) in sound {
            match self.organisation.by_unit.get(&id).cloned() {
                Some(before) => self.change_unit(row, &before),
                None => self.create_unit(row, id),
            }
        }
    }

    /// Rows with a code, each code once.
    fn keyed_units(&mut self) -> Vec<(usize, UnitId)> {
        let mut seen: HashMap<String, u32> = HashMap::new();
        let mut keyed = Vec::new();
        for row in self.of_sheet(Sheet::Units) {
            let name = self.cell(row, Field::Name).or(self.cell(row, Field::Code)).unwrap_or_default().to_owned();
            self.about(row, name);
            let Some(code) = self.cell(row, Field::Code).map(str::to_owned) else {
                self.fault(row, Field::Code, "imports.code_missing", &[]);
                continue;
            };
            if let Some(first) = seen.get(&code).copied() {
                self.fault(row, Field::Code, "imports.code_twice", &[("code", code.into()), ("line", first.into())]);
                continue;
            }
            if self.units.code((), &code).is_none() && self.organisation.snapshot.unit_by_code(&code).is_some() {
                self.fault(row, Field::Code, "imports.code_of_closed_unit", &[("code", code.into())]);
                continue;
            }
            seen.insert(code.clone(), self.line(row));
            let id = self.units.code_or((), &code, Id::new);
            self.unit_parents.entry(id).or_insert(None);
            self.named.insert((Sheet::Units, id));
            keyed.push((row, id));
        }
        keyed
    }

    /// Units are also found by their names: those of the file, and of those that the file does not rename.
    fn call_units(&mut self, keyed: &[(usize, UnitId)]) {
        let (mut named, mut shortened) = (BTreeSet::new(), BTreeSet::new());
        for (row, id) in keyed {
            if let Some(name) = self.name(*row) {
                named.insert(*id);
                self.units.call((), *id, &name);
            }
            if let Some(short) = self.cell(*row, Field::ShortName).map(Text::zh) {
                shortened.insert(*id);
                self.units.call((), *id, &short);
            }
        }
        for (id, unit) in &self.organisation.by_unit {
            if !named.contains(id) {
                self.units.call((), *id, &unit.name);
            }
            if let Some(short) = unit.short_name.as_ref().filter(|_| !shortened.contains(id)) {
                self.units.call((), *id, short);
            }
        }
    }

    /// Notes what the unit of this row lies in, and the time it lives by.
    fn hang_unit(&mut self, row: usize, id: UnitId) {
        let before = self.organisation.by_unit.get(&id).and_then(|unit| unit.parent);
        let parent = match self.cell(row, Field::Parent).map(str::to_owned) {
            None => before,
            Some(dash) if is_dash(&dash) => {
                if before.is_some() {
                    self.fault(row, Field::Parent, "imports.unit_stays_below", &[]);
                }
                None
            }
            Some(above) => self.named_unit(row, Field::Parent, &above),
        };
        self.unit_parents.insert(id, parent);
        if let Some(zone) = self.cell(row, Field::TimeZone).map(str::to_owned) {
            self.zones.insert(id, zone);
        }
    }

    /// The unit that a cell names, by code or name.
    pub(super) fn named_unit(&mut self, row: usize, field: Field, word: &str) -> Option<UnitId> {
        let found = self.units.find((), word);
        self.found(row, field, word, found, "imports.unit_unknown")
    }

    /// The unit and those it is to lie in, nearest first.
    pub(super) fn units_upwards(&self, unit: UnitId) -> Vec<UnitId> {
        let up = |id: &UnitId| self.unit_parents.get(id).copied().flatten();
        std::iter::successors(Some(unit), up).take(self.unit_parents.len() + 1).collect()
    }

    /// The zone a unit is to live by.
    pub(super) fn time_zone(&self, unit: UnitId) -> TimeZone {
        let named = self.units_upwards(unit).into_iter().filter_map(|unit| self.zones.get(&unit));
        named.filter_map(|zone| TimeZone::get(zone).ok()).next().unwrap_or(TimeZone::UTC)
    }

    fn create_unit(&mut self, row: usize, id: UnitId) {
        let parent = self.unit_parents[&id];
        let allowed = match parent {
            Some(parent) => self.in_reach(row, Place::Unit(parent), Field::Parent),
            None => self.begins_trees(row),
        };
        if !allowed {
            return;
        }
        let kind = self.kind(row);
        if kind.is_none() && self.cell(row, Field::Kind).is_none() {
            self.fault(row, Field::Kind, "imports.kind_missing", &[]);
        }
        let zone = self.cell(row, Field::TimeZone).map(str::to_owned);
        if parent.is_none() && zone.is_none() {
            self.fault(row, Field::TimeZone, "imports.zone_missing", &[]);
        }
        let Some(name) = self.name(row) else {
            self.fault(row, Field::Name, "imports.name_missing", &[]);
            return;
        };
        let Some(kind) = kind else { return };
        let unit = Unit {
            id,
            code: self.cell(row, Field::Code).map(str::to_owned),
            parent,
            kind,
            name,
            short_name: self.cell(row, Field::ShortName).map(Text::zh),
            time_zone: zone,
            position: i64::from(self.line(row)),
            validity: self.since(),
            version: 1,
        };
        self.faults(row, directory::check_unit(&unit));
        self.mark_new(row);
        self.say_given(row);
        self.work.units.push(unit);
    }

    fn kind(&mut self, row: usize) -> Option<UnitKind> {
        let said = self.cell(row, Field::Kind)?.to_lowercase();
        match said.as_str() {
            "集团" | "group" => Some(UnitKind::Group),
            "子公司" | "subsidiary" => Some(UnitKind::Subsidiary),
            "分公司" | "branch" => Some(UnitKind::Branch),
            "驻外机构" | "outpost" => Some(UnitKind::Outpost),
            "外部单位" | "external" => Some(UnitKind::External),
            _ => {
                self.fault(row, Field::Kind, "imports.kind_unknown", &[("value", said.into())]);
                None
            }
        }
    }

    fn change_unit(&mut self, row: usize, before: &Unit) {
        self.met.insert(Met::Unit(before.id));
        let mut intent = ChangeUnit::default();
        let parent = self.unit_parents[&before.id];
        if let Some(above) = parent.filter(|above| Some(*above) != before.parent) {
            let old = before.parent.and_then(|id| self.units.code_of(id));
            self.change(row, Field::Parent, old, self.units.code_of(above));
            intent.parent = Some(above);
        }
        intent.name = self.changed_name(row, &before.name);
        if let Some(short) = self.cell(row, Field::ShortName).map(str::to_owned)
            && before.short_name.as_ref().map(|name| &name.zh) != Some(&short)
        {
            self.change(row, Field::ShortName, before.short_name.clone().map(|name| name.zh), Some(short.clone()));
            intent.short_name = Some(Text { zh: short, en: before.short_name.clone().and_then(|name| name.en) });
        }
        if let Some(kind) = self.kind(row)
            && kind != before.kind
        {
            self.change(row, Field::Kind, Some(before.kind.as_str().into()), Some(kind.as_str().into()));
            intent.kind = Some(kind);
        }
        if let Some(zone) = self.cell(row, Field::TimeZone).map(str::to_owned)
            && before.time_zone.as_ref() != Some(&zone)
        {
            self.change(row, Field::TimeZone, before.time_zone.clone(), Some(zone.clone()));
            intent.time_zone = Some(zone);
        }
        if intent == ChangeUnit::default() {
            return;
        }
        let after = Unit {
            name: intent.name.clone().unwrap_or_else(|| before.name.clone()),
            short_name: intent.short_name.clone().or_else(|| before.short_name.clone()),
            time_zone: intent.time_zone.clone().or_else(|| before.time_zone.clone()),
            ..before.clone()
        };
        self.faults(row, directory::check_unit(&after));
        let above = intent.parent.map(Place::Unit);
        if self.in_reach(row, Place::Unit(before.id), Field::Code)
            && above.is_none_or(|above| self.in_reach(row, above, Field::Parent))
        {
            self.work.steps.push(Step::Unit(before.id, before.version, intent));
        }
    }
}
