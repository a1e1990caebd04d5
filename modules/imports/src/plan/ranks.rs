//! Ranks: the words for how high people stand.

use hanlin_directory::{
    self as directory,
    model::{Place, Rank},
};
use hanlin_kernel::{RankId, UnitId};

use super::{Met, Planning, Step};
use crate::model::{Field, Sheet};

impl Planning<'_> {
    pub(super) fn ranks(&mut self) {
        let rows = self.of_sheet(Sheet::Ranks);
        for (row, unit, code) in self.keyed(&rows, Field::Code) {
            let id = self.ranks.code_or(unit, &code, hanlin_kernel::Id::new);
            match self.organisation.ranks.get(&(unit, code.clone())).cloned() {
                Some(before) => {
                    self.met.insert(Met::Rank(id));
                    self.rename_rank(row, &before);
                }
                None => self.create_rank(row, unit, id, code),
            }
            if let Some(name) = self.name(row) {
                self.ranks.call(unit, id, &name);
            }
        }
        for ((unit, _), rank) in &self.organisation.ranks {
            if !self.work.steps.iter().any(|step| matches!(step, Step::RankName(id, ..) if *id == rank.id)) {
                self.ranks.call(*unit, rank.id, &rank.name);
            }
        }
    }

    /// Its level stays: routes were decided by it.
    fn rename_rank(&mut self, row: usize, before: &Rank) {
        if self.level(row).is_some_and(|level| level != before.level) {
            let level = before.level.into();
            self.fault(row, Field::Level, "imports.rank_level_stays", &[("level", level)]);
            return;
        }
        let Some(name) = self.changed_name(row, &before.name) else { return };
        self.faults(row, directory::check_rank(&Rank { name: name.clone(), ..before.clone() }));
        if self.in_reach(row, Place::Unit(before.unit), Field::Code) {
            self.work.steps.push(Step::RankName(before.id, before.version, name));
        }
    }

    fn create_rank(&mut self, row: usize, unit: UnitId, id: RankId, code: String) {
        if !self.in_reach(row, Place::Unit(unit), Field::Code) {
            return;
        }
        let Some(name) = self.name(row) else {
            self.fault(row, Field::Name, "imports.name_missing", &[]);
            return;
        };
        let level = self.level(row);
        if self.cell(row, Field::Level).is_none() {
            self.fault(row, Field::Level, "imports.rank_level_missing", &[]);
        }
        let Some(level) = level else { return };
        let rank = Rank { id, unit, code, name, level, validity: self.since(), version: 1 };
        self.faults(row, directory::check_rank(&rank));
        self.mark_new(row);
        self.say_given(row);
        self.work.ranks.push(rank);
    }

    /// How high it stands; what is no whole number is a fault.
    fn level(&mut self, row: usize) -> Option<i64> {
        let said = self.cell(row, Field::Level)?.to_owned();
        let level = said.parse().ok();
        if level.is_none() {
            self.fault(row, Field::Level, "imports.not_a_level", &[("value", said.into())]);
        }
        level
    }

    pub(super) fn rank_code(&self, id: Option<RankId>) -> Option<String> {
        self.ranks.code_of(id?)
    }
}
