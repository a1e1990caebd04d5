//! Who is whose head, superior or successor, who has left, and who is found by that: what the plan's rules mean, told once more.

use hanlin_kernel::PersonId;

use super::{
    super::world::{ADMINISTRATOR, CLERK, World},
    model::Model,
    plan::{Desk, Lies, OnInitiator, Seek, Step, lies, path_of},
    seats::{Said, Seat, Sitting, Work},
};

/// What comes of looking for the people of a step.
pub(super) enum Found {
    People(Vec<PersonId>),
    /// Nobody has to do anything there.
    Excused,
    Nobody,
}

/// Why somebody who was meant is not found.
enum Missing {
    HimselfInitiator,
    Otherwise,
}

/// Longer lines of stand-ins come to nothing.
const LONGEST: usize = 20;

/// He, or who stands in for him as long as he has left.
pub(super) fn in_service(world: &World, person: PersonId, by_superior: bool) -> Option<PersonId> {
    let mut one = person;
    for _ in 0..LONGEST {
        if !world.left.contains(&one) {
            return Some(one);
        }
        let successor = world.successors.get(&one).filter(|_| !by_superior);
        one = *successor.or(world.superiors.get(&one))?;
    }
    None
}

/// Nobody decides his own case, unless he may there.
fn not_his_own(world: &World, person: PersonId, desk: &Desk) -> Result<PersonId, Missing> {
    let mut one = person;
    for _ in 0..LONGEST {
        if one != CLERK {
            return Ok(one);
        }
        match desk.rules.on_initiator {
            OnInitiator::Allow => return Ok(one),
            OnInitiator::Skip => return Err(Missing::HimselfInitiator),
            OnInitiator::Superior => {
                let superior = world.superiors.get(&one).ok_or(Missing::Otherwise)?;
                one = in_service(world, *superior, desk.rules.left_by_superior).ok_or(Missing::Otherwise)?;
            }
        }
    }
    Err(Missing::Otherwise)
}

impl Model {
    /// Whom the rules of a step find, each once, in their order.
    pub(super) fn find(&self, desk: &Desk) -> Found {
        let mut found = Vec::new();
        let (mut meant, mut others) = (false, false);
        for seek in &desk.who {
            for person in self.meant(desk, seek) {
                meant = true;
                match self.admitted(desk, seek, person) {
                    Ok(one) if found.contains(&one) => {}
                    Ok(one) => found.push(one),
                    Err(Missing::HimselfInitiator) => {}
                    Err(Missing::Otherwise) => others = true,
                }
            }
        }
        match found.is_empty() {
            false => Found::People(found),
            true if meant && !others => Found::Excused,
            true => Found::Nobody,
        }
    }

    fn admitted(&self, desk: &Desk, seek: &Seek, person: PersonId) -> Result<PersonId, Missing> {
        let one = in_service(&self.world, person, desk.rules.left_by_superior).ok_or(Missing::Otherwise)?;
        if *seek == Seek::Initiator { Ok(one) } else { not_his_own(&self.world, one, desk) }
    }

    /// What his vote counts there.
    pub(super) fn ballot(&self, desk: &Desk, person: PersonId) -> (usize, bool) {
        let Some(vote) = &desk.vote else { return (1, false) };
        let is_he = |one: PersonId| self.admitted(desk, &Seek::Person(one), one).is_ok_and(|one| one == person);
        let weight = vote.weights.iter().find(|(one, _)| is_he(*one)).map_or(1, |(_, weight)| *weight);
        (weight, vote.veto.iter().any(|one| is_he(*one)))
    }

    /// As the rule says, before anything else is asked.
    fn meant(&self, desk: &Desk, seek: &Seek) -> Vec<PersonId> {
        let head_at = |level: usize| self.world.heads.get(level).copied().into_iter().collect();
        match seek {
            Seek::Person(person) => vec![*person],
            Seek::Post(post) => self.world.posts.get(post).cloned().unwrap_or_default(),
            Seek::Head(level) => head_at(*level),
            Seek::Chain(many) => self.world.heads.iter().take(*many).copied().collect(),
            Seek::Superior => self.world.superiors.get(&CLERK).copied().into_iter().collect(),
            Seek::Initiator => vec![CLERK],
            Seek::Field => self.given.contact.clone(),
            Seek::Choice => self.given.chosen.clone(),
            Seek::HandlerOf(earlier) => self.agreed_at(earlier).into_iter().map(|seat| seat.person).collect(),
            Seek::ChosenBy(earlier) => {
                let chosen = self.agreed_at(earlier).into_iter().filter_map(|seat| seat.chose.clone());
                chosen.flatten().collect()
            }
            Seek::HeadOfPrevious => self.heads_of_previous(&desk.key),
        }
    }

    /// Who agreed there the last time that counts, as they came to sit there.
    fn agreed_at(&self, key: &str) -> Vec<Seat> {
        let now = self.sits.get(key).or(self.passed.get(key));
        let Some(sitting) = now.or(self.agreed.get(key).and_then(|all| all.last())) else { return Vec::new() };
        sitting.agreed()
    }

    /// Where it was decided just before: of the steps beside each other the last of each branch.
    fn just_before(&self, key: &str) -> Vec<(&String, &Sitting)> {
        let path = |key: &str| path_of(&self.plan, key).expect("a step");
        let is_before = |one: &str, other: &str| lies(&self.plan, &path(one), &path(other)) == Lies::Before;
        let decided = self
            .passed
            .iter()
            .filter_map(|(key, sitting)| Some((key, sitting.line().into_iter().find(|sitting| sitting.ended_well)?)));
        let before: Vec<_> = decided.filter(|(one, _)| is_before(one, key)).collect();
        let is_last = |one: &&(&String, &Sitting)| !before.iter().any(|other| is_before(one.0, other.0));
        let mut last: Vec<_> = before.iter().filter(is_last).copied().collect();
        last.sort_by_key(|(_, sitting)| sitting.no);
        last
    }

    fn heads_of_previous(&self, key: &str) -> Vec<PersonId> {
        let mut previous: Vec<PersonId> = Vec::new();
        for (_, before) in self.just_before(key) {
            let agreed = before.agreed().into_iter().map(|seat| seat.person);
            let new: Vec<_> = agreed.filter(|person| !previous.contains(person)).collect();
            previous.extend(new);
        }
        let heads = &self.world.heads;
        if previous.is_empty() {
            return self.head_over(CLERK, 0).into_iter().collect();
        }
        let level = |person: &PersonId| heads.iter().position(|head| head == person).unwrap_or(0);
        previous.into_iter().filter_map(|person| self.head_over(person, level(&person))).collect()
    }

    /// Whoever heads his department; over a head, his superior.
    fn head_over(&self, person: PersonId, level: usize) -> Option<PersonId> {
        let head = *self.world.heads.get(level)?;
        if head == person { self.world.superiors.get(&person).copied() } else { Some(head) }
    }

    /// Who approved just before: he is not asked again where that counts once more.
    pub(super) fn repeating(&self, desk: &Desk) -> Vec<PersonId> {
        if desk.executes || desk.on_paper || !desk.rules.repeats_count || !self.chooses_for(&desk.key).is_empty() {
            return Vec::new();
        }
        let approving = |key: &str| self.desk(key).is_some_and(|desk| !desk.executes);
        let before = self.just_before(&desk.key).into_iter().filter(|(key, _)| approving(key));
        let seats = before.flat_map(|(_, sitting)| sitting.everybody());
        seats.filter(|seat| seat.said == Some(Said::Yes)).map(|seat| seat.person).collect()
    }

    /// The steps whose people are chosen at that one.
    pub(super) fn chooses_for(&self, key: &str) -> Vec<String> {
        fn search(steps: &[Step], key: &str, found: &mut Vec<String>) {
            for step in steps {
                if let Step::Desk(desk) = step
                    && desk.who.iter().any(|seek| matches!(seek, Seek::ChosenBy(by) if by == key))
                {
                    found.push(desk.key.clone());
                }
                step.branches().iter().for_each(|steps| search(steps, key, found));
            }
        }
        let mut found = Vec::new();
        search(&self.plan, key, &mut found);
        found
    }

    /// What waits at those who have left goes to who stands in for them, there.
    pub(super) fn relieve(&mut self, key: &str) {
        let Some(sitting) = self.sits.get(key).filter(|sitting| !sitting.away) else { return };
        let mut left: Vec<(usize, usize)> = sitting
            .everybody()
            .into_iter()
            .filter(|seat| seat.said.is_none() && self.world.left.contains(&seat.person))
            .map(|seat| (seat.since, seat.no))
            .collect();
        if left.is_empty() {
            return;
        }
        left.sort_unstable();
        left.into_iter().for_each(|(_, no)| self.relieve_seat(key, no));
        self.weigh(key);
    }

    pub(super) fn relieve_seat(&mut self, key: &str, no: usize) {
        let sitting = &self.sits[key];
        let seat = sitting.everybody().into_iter().find(|seat| seat.no == no).expect("he sits there").clone();
        let stands_in = self.stands_in(key, &seat).filter(|one| sitting.is_free(*one, seat.work));
        let since = self.new_no();
        let sitting = self.sits.get_mut(key).expect("he sits there");
        match (stands_in, seat.work) {
            (Some(person), work) => sitting.seat(no).taken_by(person, work, since),
            (None, Work::Advise) => sitting.remove(no),
            (None, work) => {
                let asked = if work == Work::Mend { Work::Mend } else { Work::Assign };
                sitting.seat(no).taken_by(ADMINISTRATOR, asked, since);
            }
        }
    }

    fn stands_in(&self, key: &str, seat: &Seat) -> Option<PersonId> {
        let Some(desk) = self.desk(key) else { return in_service(&self.world, seat.person, false) };
        let one = in_service(&self.world, seat.person, desk.rules.left_by_superior)?;
        let decides = seat.work == Work::Decide && !desk.executes;
        if decides { not_his_own(&self.world, one, &desk).ok() } else { Some(one) }
    }

    /// Everywhere, as soon as somebody has left.
    pub(super) fn relieve_all(&mut self) {
        let keys: Vec<String> = self.sits.keys().cloned().collect();
        keys.iter().for_each(|key| self.relieve(key));
    }
}
