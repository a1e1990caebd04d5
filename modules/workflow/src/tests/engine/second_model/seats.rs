//! Who sits at a step, whom they made take part, and what comes of what they say. Who is waited for follows from what was said:
//! nothing is opened or parked.

use hanlin_kernel::PersonId;

use super::plan::{Asks, Outside};
use crate::engine::case::Among;

/// What somebody does there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Work {
    Decide,
    Advise,
    /// The initiator's own step.
    Correct,
    /// Sees to what failed.
    Mend,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said {
    Yes,
    No,
    Advice,
    /// What others said was enough.
    NotAsked,
}

/// When those whom somebody asked are to answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum When {
    Before,
    Beside,
    After,
    Delegated,
    Consulted,
}

#[derive(Clone, Debug)]
pub(super) struct Seat {
    /// Whoever comes to sit there, it is the same seat.
    pub(super) no: usize,
    pub(super) person: PersonId,
    pub(super) work: Work,
    pub(super) said: Option<Said>,
    pub(super) held: bool,
    pub(super) asked: Vec<Group>,
}

/// Those who were asked together.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) when: When,
    pub(super) among: Among,
    pub(super) people: Vec<Seat>,
}

/// Who asked for a step that was passed already.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    pub(super) from: String,
    /// Nothing but that one follows.
    pub(super) straight: bool,
}

/// A step at which people sit.
#[derive(Clone, Debug)]
pub(super) struct Sitting {
    pub(super) asks: Asks,
    pub(super) seats: Vec<Seat>,
    /// Somebody returned it from here, and it waits until that is done.
    pub(super) away: bool,
    pub(super) asked_by: Option<Asker>,
    /// Others who wait for it as well.
    pub(super) also: Vec<String>,
    /// The branches around it came together since: nobody takes anything back.
    pub(super) is_joined: bool,
    /// What is waited for there, if no person; and has it failed?
    pub(super) outside: Option<(Outside, bool)>,
    /// Whoever came to sit later has a greater one.
    pub(super) no: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Outcome {
    Waits,
    Walked,
    Rejected,
}

impl Group {
    fn counts(&self) -> bool {
        matches!(self.when, When::Beside | When::After)
    }

    fn is_done(&self) -> bool {
        let enough = self.among == Among::Any && self.people.iter().any(Seat::is_filled);
        enough || self.people.iter().all(Seat::is_done)
    }
}

impl Seat {
    pub(super) fn new(no: usize, person: PersonId, work: Work) -> Self {
        Self { no, person, work, said: None, held: false, asked: Vec::new() }
    }

    /// Nobody is waited for on his account.
    fn is_done(&self) -> bool {
        self.said.is_some() && self.asked.iter().all(|group| !group.counts() || group.is_done())
    }

    fn is_filled(&self) -> bool {
        self.said == Some(Said::Yes) && self.is_done()
    }

    /// He waits for those whom he asked first.
    fn is_parked(&self) -> bool {
        let first = |group: &&Group| matches!(group.when, When::Before | When::Delegated);
        self.asked.iter().filter(first).any(|group| !group.is_done())
    }

    /// He, or somebody who stands behind his vote.
    pub(super) fn says_no(&self) -> bool {
        self.everybody().iter().any(|seat| seat.said == Some(Said::No))
    }

    /// Himself, and all whom he made take part.
    pub(super) fn everybody(&self) -> Vec<&Seat> {
        let below = self.asked.iter().flat_map(|group| &group.people).flat_map(Seat::everybody);
        std::iter::once(self).chain(below).collect()
    }

    /// Nobody here is asked any more.
    pub(super) fn give_up(&mut self) {
        self.said.get_or_insert(Said::NotAsked);
        self.held = false;
        self.asked.iter_mut().flat_map(|group| &mut group.people).for_each(Seat::give_up);
    }

    /// Those whose answer matters no more are not asked any more.
    fn tidy(&mut self) {
        self.asked.iter_mut().flat_map(|group| &mut group.people).for_each(Seat::tidy);
        let (said, ended) = (self.said.is_some(), self.said.is_some_and(|said| said != Said::Yes));
        let over = |group: &&mut Group| ended || group.is_done() || said && !group.counts();
        self.asked.iter_mut().filter(over).flat_map(|group| &mut group.people).for_each(Seat::give_up);
    }

    fn waits_for(&self, open: &mut Vec<(PersonId, Work)>) {
        if self.said.is_none() && !self.is_parked() {
            open.push((self.person, self.work));
        }
        for group in &self.asked {
            if group.when != When::After || self.said == Some(Said::Yes) {
                in_order(&group.people, group.among == Among::InTurn, open);
            }
        }
    }
}

/// Who is waited for among these: all of them, or the first who is not done.
fn in_order(seats: &[Seat], in_turn: bool, open: &mut Vec<(PersonId, Work)>) {
    let most = if in_turn { 1 } else { seats.len() };
    seats.iter().filter(|seat| !seat.is_done()).take(most).for_each(|seat| seat.waits_for(open));
}

impl Sitting {
    pub(super) fn new(no: usize, asks: Asks, seats: Vec<Seat>) -> Self {
        let (asked_by, also) = (None, Vec::new());
        Self { asks, seats, away: false, asked_by, also, is_joined: false, outside: None, no }
    }

    pub(super) fn open(&self) -> Vec<(PersonId, Work)> {
        let mut open = Vec::new();
        in_order(&self.seats, self.asks == Asks::InTurn, &mut open);
        open
    }

    /// The seats of those who are waited for, or could be but for those whom they wait for.
    pub(super) fn unanswered(&self, person: PersonId, work: Work) -> Option<&Seat> {
        self.everybody().into_iter().find(|seat| seat.said.is_none() && seat.person == person && seat.work == work)
    }

    pub(super) fn everybody(&self) -> Vec<&Seat> {
        self.seats.iter().flat_map(Seat::everybody).collect()
    }

    pub(super) fn seat(&mut self, no: usize) -> &mut Seat {
        fn find(seats: &mut [Seat], no: usize) -> Option<&mut Seat> {
            seats.iter_mut().find_map(|seat| {
                if seat.no == no {
                    return Some(seat);
                }
                seat.asked.iter_mut().find_map(|group| find(&mut group.people, no))
            })
        }
        find(&mut self.seats, no).expect("he sits there")
    }

    fn is_voted_on(&self) -> bool {
        matches!(self.asks, Asks::AtLeast(_))
    }

    pub(super) fn tidy(&mut self) {
        let votes = self.is_voted_on();
        self.seats.iter_mut().filter(|seat| votes && seat.says_no()).for_each(Seat::give_up);
        self.seats.iter_mut().for_each(Seat::tidy);
    }

    pub(super) fn outcome(&self) -> Outcome {
        let (all, no) = (self.seats.len(), self.seats.iter().filter(|seat| seat.says_no()).count());
        let yes = self.seats.iter().filter(|seat| seat.is_filled() && !seat.says_no()).count();
        let (is_walked, is_rejected) = match self.asks {
            Asks::AtLeast(least) => (yes >= least.min(all), all - no < least.min(all)),
            Asks::Any => (yes > 0, no > 0),
            Asks::All | Asks::InTurn => (no == 0 && self.seats.iter().all(Seat::is_done), no > 0),
        };
        match (is_walked, is_rejected) {
            (true, _) => Outcome::Walked,
            (_, true) => Outcome::Rejected,
            _ => Outcome::Waits,
        }
    }

    /// Whose turn comes only after that seat's.
    pub(super) fn behind(&self, no: usize) -> Vec<usize> {
        behind(&self.seats, self.asks == Asks::InTurn, no).unwrap_or_default()
    }
}

fn behind(seats: &[Seat], in_turn: bool, no: usize) -> Option<Vec<usize>> {
    let numbers = |seat: &Seat| seat.everybody().into_iter().map(|seat| seat.no).collect::<Vec<_>>();
    let afterwards = |seat: &Seat| {
        let after = seat.asked.iter().filter(|group| group.when == When::After);
        after.flat_map(|group| &group.people).flat_map(numbers).collect::<Vec<_>>()
    };
    seats.iter().enumerate().find_map(|(at, seat)| {
        let within = |group: &Group| {
            let mut behind = behind(&group.people, group.among == Among::InTurn, no)?;
            if group.when == When::Before {
                behind.push(seat.no);
                behind.extend(afterwards(seat));
            }
            Some(behind)
        };
        let own = (seat.no == no).then(|| afterwards(seat));
        let mut behind = own.or_else(|| seat.asked.iter().find_map(within))?;
        behind.extend(seats[at + 1..].iter().filter(|_| in_turn).flat_map(numbers));
        Some(behind)
    })
}
