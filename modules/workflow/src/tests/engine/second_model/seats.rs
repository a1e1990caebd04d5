//! Who sits at a step, whom they made take part, and what comes of what they say. Who is waited for follows from what was said:
//! nothing is opened or parked.

use hanlin_kernel::PersonId;

use super::{
    calls::Called,
    plan::{Asks, Outside, Vote},
};
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
    /// Names somebody, where nobody is found.
    Assign,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Said {
    Yes,
    No,
    Advice,
    /// What others said was enough.
    NotAsked,
    /// For neither.
    Abstained,
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
    /// He said so just before, which counts here too.
    pub(super) repeated: bool,
    pub(super) held: bool,
    /// He has alone what others could do as well.
    pub(super) claimed: bool,
    /// Whom he chose for later steps.
    pub(super) chose: Option<Vec<PersonId>>,
    /// Which state of the form he has signed on paper.
    pub(super) signed: Option<usize>,
    /// Who is next, as he said.
    pub(super) names: Option<Named>,
    /// Whoever came to sit somewhere later has a greater one.
    pub(super) since: usize,
    pub(super) asked: Vec<Group>,
    /// What his vote counts, whoever comes to sit there.
    pub(super) weight: usize,
    pub(super) vetoes: bool,
}

/// Whom somebody named as those who are next.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// Greater than that of who named somebody before.
    pub(super) no: usize,
    pub(super) people: Vec<PersonId>,
    pub(super) among: Among,
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
    pub(super) vote: Option<Vote>,
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
    /// The cases that it opened.
    pub(super) calls: Vec<Called>,
    /// The other system took the request.
    pub(super) taken: bool,
    /// It was decided as it should, where it is over.
    pub(super) ended_well: bool,
    /// Somebody asked for it, whatever became of him.
    pub(super) answers: bool,
    /// Who returned it from here.
    pub(super) returner: Option<usize>,
    /// Whoever came to sit later has a greater one.
    pub(super) no: usize,
    /// Those who passed it on to these.
    pub(super) before: Option<Box<Sitting>>,
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
        let (held, claimed, repeated) = (false, false, false);
        let (said, chose, signed, names) = (None, None, None, None);
        Self {
            no,
            person,
            work,
            said,
            held,
            claimed,
            repeated,
            chose,
            signed,
            names,
            since: no,
            asked: Vec::new(),
            weight: 1,
            vetoes: false,
        }
    }

    /// Somebody sits there from now on.
    pub(super) fn taken_by(&mut self, person: PersonId, work: Work, since: usize) {
        (self.person, self.work, self.since) = (person, work, since);
        self.held = false;
        // Whoever names somebody does nothing else there.
        self.claimed &= work != Work::Assign;
        self.anew();
    }

    /// What he prepared for his agreement is gone.
    pub(super) fn anew(&mut self) {
        (self.chose, self.signed, self.names) = (None, None, None);
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

    fn waits_for<'s>(&'s self, open: &mut Vec<&'s Seat>) {
        if self.said.is_none() && !self.is_parked() {
            open.push(self);
        }
        for group in &self.asked {
            if group.when != When::After || self.said == Some(Said::Yes) {
                in_order(&group.people, group.among == Among::InTurn, open);
            }
        }
    }
}

/// Who is waited for among these: all of them, or the first who is not done.
fn in_order<'s>(seats: &'s [Seat], in_turn: bool, open: &mut Vec<&'s Seat>) {
    let most = if in_turn { 1 } else { seats.len() };
    seats.iter().filter(|seat| !seat.is_done()).take(most).for_each(|seat| seat.waits_for(open));
}

impl Sitting {
    pub(super) fn new(no: usize, asks: Asks, seats: Vec<Seat>) -> Self {
        let (asked_by, also, calls) = (None, Vec::new(), Vec::new());
        let (away, is_joined, taken, ended_well, answers) = (false, false, false, false, false);
        let (vote, outside, returner, before) = (None, None, None, None);
        Self {
            asks,
            vote,
            seats,
            away,
            asked_by,
            also,
            is_joined,
            outside,
            calls,
            taken,
            ended_well,
            answers,
            returner,
            no,
            before,
        }
    }

    /// Has he nothing to do there, and did he not have his say?
    pub(super) fn is_free(&self, person: PersonId, work: Work) -> bool {
        let his = self.everybody().into_iter().filter(|seat| seat.person == person && seat.work != Work::Assign);
        !his.into_iter().any(|seat| match seat.said {
            None => true,
            Some(Said::Yes | Said::No | Said::Abstained) => work != Work::Advise,
            Some(Said::Advice | Said::NotAsked) => false,
        })
    }

    /// He is not asked after all.
    pub(super) fn remove(&mut self, no: usize) {
        fn within(seats: &mut [Seat], no: usize) {
            for group in seats.iter_mut().flat_map(|seat| &mut seat.asked) {
                group.people.retain(|seat| seat.no != no);
                within(&mut group.people, no);
            }
        }
        within(&mut self.seats, no);
    }

    /// It, and those from which it was passed on, the last first.
    pub(super) fn line(&self) -> Vec<&Self> {
        std::iter::successors(Some(self), |sitting| sitting.before.as_deref()).collect()
    }

    /// That one of them.
    pub(super) fn of_line(&self, no: usize) -> Option<&Self> {
        self.line().into_iter().find(|sitting| sitting.everybody().iter().any(|seat| seat.no == no))
    }

    /// The branches around it came together.
    pub(super) fn join(&mut self) {
        self.is_joined = true;
        if let Some(before) = &mut self.before {
            before.join();
        }
    }

    /// Whom those named who had it, in the order in which they did.
    pub(super) fn named(&self) -> Vec<&Named> {
        let mut named: Vec<&Named> = self.seats.iter().filter_map(|seat| seat.names.as_ref()).collect();
        named.sort_by_key(|named| named.no);
        named
    }

    /// Who agreed there, as they came to sit there.
    pub(super) fn agreed(&self) -> Vec<Seat> {
        let mut agreed: Vec<Seat> = self.seats.iter().filter(|seat| seat.said == Some(Said::Yes)).cloned().collect();
        agreed.sort_by_key(|seat| seat.since);
        agreed
    }

    /// Who passed it on to these.
    pub(super) fn senders(&self) -> Vec<PersonId> {
        let before = self.before.iter().flat_map(|before| &before.seats);
        before.filter(|seat| seat.names.is_some()).map(|seat| seat.person).collect()
    }

    /// Who is waited for now.
    pub(super) fn open(&self) -> Vec<&Seat> {
        let mut open = Vec::new();
        in_order(&self.seats, self.asks == Asks::InTurn, &mut open);
        let held = self.is_claimed();
        // Somebody is named all the same, where nobody stands in for one of them.
        let waits = |seat: &Seat| !seat.claimed && seat.work != Work::Assign;
        let spared = |seat: &Seat| held && self.seats.iter().any(|one| one.no == seat.no && waits(one));
        open.retain(|seat| !spared(seat));
        open
    }

    /// Somebody has it alone, be it that others have to answer after him.
    fn is_claimed(&self) -> bool {
        self.seats.iter().any(|seat| seat.claimed)
    }

    /// Those of whom any could do it.
    fn pool(&self) -> impl Iterator<Item = &Seat> {
        let could = |seat: &&Seat| seat.work == Work::Decide && seat.said.is_none();
        self.seats.iter().filter(could)
    }

    /// May others do it in his place?
    pub(super) fn shares(&self, no: usize) -> bool {
        self.asks == Asks::Claim && self.pool().count() > 1 && self.pool().any(|seat| seat.no == no)
    }

    /// He does nothing there before he has claimed it.
    pub(super) fn is_to_claim(&self, no: usize) -> bool {
        self.shares(no) && !self.is_claimed()
    }

    /// The seats of those who are waited for, or could be but for those whom they wait for.
    pub(super) fn unanswered(&self, person: PersonId, work: Work) -> Option<&Seat> {
        let his = |seat: &&Seat| seat.said.is_none() && seat.person == person && seat.work == work;
        // An administrator may have several to name.
        self.everybody().into_iter().filter(his).max_by_key(|seat| seat.since)
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

    pub(super) fn tidy(&mut self) {
        let votes = self.vote.is_some();
        self.seats.iter_mut().filter(|seat| votes && seat.says_no()).for_each(Seat::give_up);
        self.seats.iter_mut().for_each(Seat::tidy);
    }

    pub(super) fn outcome(&self) -> Outcome {
        if let Some(vote) = &self.vote {
            return self.count(vote);
        }
        let no = self.seats.iter().any(Seat::says_no);
        let (is_walked, is_rejected) = match self.asks {
            Asks::All | Asks::InTurn => (!no && self.seats.iter().all(Seat::is_done), no),
            _ => (!no && self.seats.iter().any(Seat::is_filled), no),
        };
        match (is_walked, is_rejected) {
            (true, _) => Outcome::Walked,
            (_, true) => Outcome::Rejected,
            _ => Outcome::Waits,
        }
    }

    /// What the votes come to.
    fn count(&self, vote: &Vote) -> Outcome {
        let no = |seat: &&Seat| seat.says_no();
        let yes = |seat: &&Seat| !seat.says_no() && seat.is_filled();
        let open = |seat: &&Seat| !seat.says_no() && !seat.is_filled() && seat.said != Some(Said::Abstained);
        let weighs = |seat: &Seat| if matches!(self.asks, Asks::Weight(_)) { seat.weight } else { 1 };
        let sum = |counted: &dyn Fn(&&Seat) -> bool| self.seats.iter().filter(counted).map(weighs).sum::<usize>();
        let all = sum(&|_| true);
        let least = match self.asks {
            Asks::AtLeast(least) | Asks::Weight(least) => least.min(all),
            Asks::Percent(percent) => (all * percent).div_ceil(100),
            Asks::Any | Asks::Claim => 1,
            Asks::All | Asks::InTurn => all,
        };
        let could_veto = self.seats.iter().filter(open).any(|seat| seat.vetoes);
        let waits = vote.until_all_voted && self.seats.iter().any(|seat| open(&seat));
        if self.seats.iter().filter(no).any(|seat| seat.vetoes) {
            Outcome::Rejected
        } else if waits || sum(&yes) >= least && could_veto {
            Outcome::Waits
        } else if sum(&yes) >= least {
            Outcome::Walked
        } else if sum(&yes) + sum(&open) < least {
            Outcome::Rejected
        } else {
            Outcome::Waits
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
