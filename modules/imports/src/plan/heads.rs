//! Who heads what.

use std::collections::BTreeMap;

use hanlin_directory::model::Place;
use hanlin_kernel::PersonId;

use super::Planning;
use crate::model::{Field, Status};

impl Planning<'_> {
    pub(super) fn heads(&mut self, heads: Heads) {
        let (snapshot, at) = (self.organisation.snapshot.clone(), self.organisation.at);
        for (place, (row, person)) in &heads.named {
            let before = snapshot.head(*place, at);
            if before != Some(*person) {
                let name = before.map(|before| snapshot.person_name(before));
                let new = self.cell(*row, Field::Name).map(str::to_owned);
                if self.verdicts[*row].status != Status::New {
                    self.change(*row, Field::Head, name, new);
                }
                self.work.heads.push((*place, Some(*person)));
            }
        }
        for (row, place, person) in heads.denied {
            if !heads.named.contains_key(&place) && snapshot.head(place, at) == Some(person) {
                let name = snapshot.person_name(person);
                self.change(row, Field::Head, Some(name), None);
                self.work.heads.push((place, None));
            }
        }
    }
}

/// Who heads what, as the rows say.
#[derive(Default)]
pub(super) struct Heads {
    named: BTreeMap<Place, (usize, PersonId)>,
    denied: Vec<(usize, Place, PersonId)>,
}

impl Heads {
    pub(super) fn note(&mut self, planning: &mut Planning<'_>, row: usize, place: Place, person: PersonId, says: bool) {
        if !says {
            self.denied.push((row, place, person));
            return;
        }
        match self.named.get(&place).copied() {
            Some((before, other)) if other != person => {
                let line = planning.line(before);
                planning.fault(row, Field::Head, "imports.two_heads", &[("line", line.into())]);
            }
            Some(_) => {}
            None => {
                self.named.insert(place, (row, person));
            }
        }
    }
}
