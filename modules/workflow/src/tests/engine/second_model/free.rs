//! Steps at which whoever has it names who is next, until nobody names anybody.

use hanlin_kernel::PersonId;

use super::{
    super::world::ADMINISTRATOR,
    house::in_service,
    model::Model,
    plan::{Asks, Free},
    seats::{Seat, Sitting, Work},
};
use crate::engine::case::Among;

impl Model {
    /// Whom one may name there, where that is limited.
    pub(super) fn offered(&self, key: &str, free: &Free) -> Vec<PersonId> {
        let by_superior = self.desk(key).is_some_and(|desk| desk.rules.left_by_superior);
        free.among.iter().filter_map(|person| in_service(&self.world, *person, by_superior)).collect()
    }

    /// Those who were named have it next; is there anybody?
    pub(super) fn pass_on(&mut self, key: &str) -> bool {
        let Some(desk) = self.desk(key).filter(|desk| desk.free.is_some()) else { return false };
        let named = self.sits[key].named();
        let asks = match named.as_slice() {
            [] => return false,
            [one] if one.among == Among::Any => Asks::Any,
            [one] if one.among == Among::InTurn => Asks::InTurn,
            _ => Asks::All,
        };
        let mut people: Vec<PersonId> = Vec::new();
        for person in named.iter().flat_map(|named| &named.people) {
            match in_service(&self.world, *person, desk.rules.left_by_superior) {
                Some(one) if !people.contains(&one) => people.push(one),
                _ => {}
            }
        }
        let seats: Vec<Seat> = match people.is_empty() {
            false => people.into_iter().map(|person| self.new_seat(person, Work::Decide)).collect(),
            true if desk.rules.nobody_is_fine => return false,
            true => vec![self.new_seat(ADMINISTRATOR, Work::Assign)],
        };
        let mut before = self.sits.remove(key).expect("people sit there");
        before.seats.iter_mut().for_each(Seat::give_up);
        (before.ended_well, before.is_joined) = (true, self.is_left_around(key));
        let (asked_by, also, answers) = (before.asked_by.take(), std::mem::take(&mut before.also), before.answers);
        self.agreed.entry(key.to_owned()).or_default().push(before.clone());
        let next = Sitting::new(self.new_no(), asks, seats);
        self.sits.insert(key.to_owned(), Sitting { asked_by, also, answers, before: Some(Box::new(before)), ..next });
        true
    }
}
