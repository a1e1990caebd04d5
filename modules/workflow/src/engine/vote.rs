//! 表决: a number of several people is enough, and who says no is counted like who says yes.
//!
//! Each of the node's own people has one vote, whoever handles it in the end: a transfer takes the vote along, and those
//! whom he made take part are a part of his vote. A rejection by any of them is his.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{ActivationNo, Case, Closing, Purpose, Task, TaskNo, Verdict},
    desk::{Desk, PeopleRules},
    event::What,
    facts::Chosen,
    model::Quorum,
    walk::Run,
    who::Who,
};

/// How votes are taken at a node; absent: a rejection ends it, unless the quorum is a number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Vote {
    /// 一票否决: a rejection by any of these is enough.
    #[serde(skip_serializing_if = "is_nobody")]
    pub veto: Who,
    /// Of the quorum `weight`: how much a vote weighs. The first that finds its person holds; else 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<Weighing>,
    pub until: VoteUntil,
    /// 弃权: may one vote for neither?
    pub abstain: bool,
}

impl Vote {
    /// Whose votes it tells apart.
    pub fn people(&self) -> impl Iterator<Item = &Who> {
        std::iter::once(&self.veto).chain(self.weights.iter().map(|weighing| &weighing.who))
    }
}

/// What the votes of these people weigh.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Weighing {
    pub who: Who,
    pub weight: u32,
}

/// How long votes are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoteUntil {
    /// Until nothing can change it any more.
    #[default]
    Decided,
    /// Until everybody has voted. A veto ends it at once.
    AllVoted,
}

/// What someone's vote counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ballot {
    pub weight: u32,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub veto: bool,
}

impl Default for Ballot {
    fn default() -> Self {
        Self { weight: 1, veto: false }
    }
}

/// The votes as they stand, by number or by weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tally {
    /// So many must agree.
    pub needed: u32,
    pub yes: u32,
    pub no: u32,
    pub abstained: u32,
    /// Not voted.
    pub open: u32,
}

/// What comes of the people of a node as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Wait,
    Agreed,
    Rejected,
}

/// How one of them votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    Yes,
    No,
    Abstained,
    Open,
}

fn is_nobody(who: &Who) -> bool {
    who.0.is_empty()
}

impl Quorum {
    /// Is it a number that is enough?
    pub fn is_number(self) -> bool {
        matches!(self, Self::AtLeast(_) | Self::Percent(_) | Self::Weight(_))
    }

    /// How many of all votes must agree.
    fn needed(self, all: u32) -> u32 {
        let needed = match self {
            Self::All | Self::InTurn => all,
            Self::Any | Self::Claim => 1,
            Self::AtLeast(least) | Self::Weight(least) => least,
            Self::Percent(percent) => (u64::from(all) * u64::from(percent)).div_ceil(100) as u32,
        };
        needed.clamp(1, all.max(1))
    }
}

impl Desk<'_> {
    /// Is a rejection here one vote, and not the end?
    pub(crate) fn votes(&self) -> bool {
        self.quorum.is_number() || self.vote.is_some()
    }

    fn until(&self) -> VoteUntil {
        self.vote.map(|vote| vote.until).unwrap_or_default()
    }

    fn counts(&self, ballot: Option<Ballot>) -> u32 {
        if matches!(self.quorum, Quorum::Weight(_)) { ballot.unwrap_or_default().weight } else { 1 }
    }

    pub(crate) fn tally(&self, case: &Case, visit: ActivationNo) -> Tally {
        let mut tally = Tally::default();
        for seat in case.seats(visit) {
            let part = match case.stand(seat) {
                Stand::Yes => &mut tally.yes,
                Stand::No => &mut tally.no,
                Stand::Abstained => &mut tally.abstained,
                Stand::Open => &mut tally.open,
            };
            *part = part.saturating_add(self.counts(seat.ballot));
        }
        let all = [tally.yes, tally.no, tally.abstained, tally.open];
        Tally { needed: self.quorum.needed(all.into_iter().fold(0, u32::saturating_add)), ..tally }
    }

    /// Where rejections are votes: what the votes come to.
    pub(crate) fn outcome(&self, case: &Case, visit: ActivationNo) -> Outcome {
        let tally = self.tally(case, visit);
        let stands = |wanted: Stand, veto: bool| {
            let mut seats = case.seats(visit);
            seats.any(|seat| case.stand(seat) == wanted && (!veto || seat.ballot.is_some_and(|ballot| ballot.veto)))
        };
        if stands(Stand::No, true) {
            Outcome::Rejected
        } else if self.until() == VoteUntil::AllVoted && stands(Stand::Open, false) {
            Outcome::Wait
        } else if tally.yes >= tally.needed {
            // Who may still veto it can change it.
            if stands(Stand::Open, true) { Outcome::Wait } else { Outcome::Agreed }
        } else if tally.yes.saturating_add(tally.open) < tally.needed {
            Outcome::Rejected
        } else {
            Outcome::Wait
        }
    }

    /// Are those who agreed just before enough, so that nobody need be asked?
    pub(crate) fn is_settled_by(&self, repeats: &[(Option<Closing>, Option<Ballot>)]) -> bool {
        if !self.votes() {
            return self.quorum.is_one() && repeats.iter().any(|(repeat, _)| repeat.is_some());
        }
        let count = |counted: &dyn Fn(&Option<Closing>) -> bool| {
            let votes = repeats.iter().filter(|(repeat, _)| counted(repeat));
            votes.fold(0, |sum: u32, (_, ballot)| sum.saturating_add(self.counts(*ballot)))
        };
        let unheard = |(repeat, ballot): &(Option<Closing>, Option<Ballot>)| {
            repeat.is_none() && (self.until() == VoteUntil::AllVoted || ballot.is_some_and(|ballot| ballot.veto))
        };
        count(&Option::is_some) >= self.quorum.needed(count(&|_| true)) && !repeats.iter().any(unheard)
    }
}

impl Case {
    /// The tasks that have a vote at this visit: without those that another took the place of.
    fn seats(&self, visit: ActivationNo) -> impl Iterator<Item = &Task> {
        self.slots(visit).filter(|slot| {
            let votes = match slot.purpose {
                Purpose::Approve | Purpose::Handle => slot.closing() != Some(Closing::Returned),
                // Whoever is named in the place of one who left will vote; a prediction hopes that he will agree. The no of
                // somebody whom he had made take part before he left is his.
                Purpose::Assign => match slot.closing() {
                    None => self.is_in_place_of_another(slot),
                    Some(how) => how.is_agreement() || self.has_rejected(slot),
                },
                Purpose::Revise | Purpose::Advise | Purpose::Mend => false,
            };
            votes && slot.replaced_by.is_none()
        })
    }

    fn stand(&self, seat: &Task) -> Stand {
        if self.has_rejected(seat) {
            Stand::No
        } else if seat.closing() == Some(Closing::Abstained) {
            Stand::Abstained
        } else if self.is_filled(seat) {
            Stand::Yes
        } else {
            Stand::Open
        }
    }

    /// Did he say no, or someone whom he made take part?
    pub(crate) fn has_rejected(&self, seat: &Task) -> bool {
        std::iter::once(seat).chain(self.below(seat.id)).any(|task| task.closing() == Some(Closing::Rejected))
    }

    /// The vote after which nothing more was asked: the last one.
    pub(crate) fn last_vote(&self, visit: ActivationNo) -> Option<TaskNo> {
        let votes = [Verdict::Approved, Verdict::Completed, Verdict::Rejected, Verdict::Abstained];
        let mut said = self.opinions.iter().rev();
        said.find(|opinion| opinion.activation == Some(visit) && votes.contains(&opinion.verdict))?.task
    }
}

impl<'a> Run<'a> {
    /// What the votes of these people count.
    pub(crate) fn ballots(&self, desk: Desk<'a>, chosen: &[Chosen], rules: PeopleRules) -> Vec<Option<Ballot>> {
        let Some(vote) = desk.vote else { return vec![None; chosen.len()] };
        let found = |who: &Who| {
            let found = self.people(desk.key, who, rules).chosen;
            found.into_iter().map(|chosen| chosen.person).collect::<Vec<_>>()
        };
        let veto = found(&vote.veto);
        let weights: Vec<_> = vote.weights.iter().map(|weighing| (found(&weighing.who), weighing.weight)).collect();
        let ballot = |one: &Chosen| {
            let weighed = weights.iter().find(|(people, _)| people.contains(&one.person));
            Ballot { weight: weighed.map_or(1, |(_, weight)| *weight), veto: veto.contains(&one.person) }
        };
        chosen.iter().map(|one| Some(ballot(one)).filter(|ballot| *ballot != Ballot::default())).collect()
    }

    /// Where someone said no, the others who stand behind the same vote are no longer asked.
    pub(crate) fn end_lost_votes(&mut self, visit: ActivationNo) {
        let lost: Vec<_> = self.case.slots(visit).filter(|slot| self.case.has_rejected(slot)).cloned().collect();
        for seat in lost {
            let behind: Vec<_> =
                std::iter::once(&seat).chain(self.case.below(seat.id)).map(|task| (task.id, task.closing())).collect();
            let no = behind.iter().find(|(_, closing)| *closing == Some(Closing::Rejected)).map(|(task, _)| *task);
            for (task, _) in behind.iter().filter(|(_, closing)| closing.is_none()) {
                let how = Closing::DecidedByOther { task: no.unwrap_or(*task) };
                self.follow(What::TaskClosed { task: *task, how });
            }
        }
    }
}
