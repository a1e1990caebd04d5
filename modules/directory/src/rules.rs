//! What an organisation may be. Pure: everything needed comes in, a refusal or the decision goes out.

use hanlin_kernel::{Text, UnitId, refusal};
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    closure::Cycle,
    model::{Appointment, Dated, Place, Post, Validity, as_of},
};

/// Why the organisation cannot be made so.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// It would end before, or when, it begins.
    EndsBeforeItBegins,
    /// It does not hold at that instant: it has ended, or has not begun.
    NotInForce,
    /// It exists already; there is nothing to open again.
    StillInForce,
    /// A change of it is already planned for a later time; that one comes first.
    LaterChangePlanned {
        at: Timestamp,
    },
    /// Another of this unit bears the code.
    CodeTaken {
        taken: String,
    },
    /// It would lie inside itself.
    Circular,
    /// The place it is to lie in does not exist for the whole of its time.
    PlaceNotInForce,
    /// The department above belongs to another unit.
    ParentInAnotherUnit,
    /// Departments or units in it would be left hanging.
    StillContains {
        places: u64,
    },
    /// People are appointed there beyond that time.
    StillStaffed {
        people: u64,
    },
    EmployeeNumberTaken {
        employee_number: String,
    },
    /// One mobile number is one person (ORG-06).
    MobileTaken {
        mobile: String,
    },
    EmailTaken {
        email: String,
    },
    /// The person does not serve for the whole of that time.
    NotInService {
        person: String,
    },
    /// The sample is loaded already.
    SampleThere,
    /// A code, number or address of the sample is somebody else's.
    SampleTaken {
        taken: String,
    },
    /// The sample and the organisation beside it keep to themselves, so that the sample can be taken out again.
    SampleApart,
    /// External organisations and the house keep apart: nobody and nothing crosses from one to the other (ORG-24).
    ExternalApart,
    /// An external organisation lies below the unit that deals with it.
    ExternalAlone,
    /// He serves at that time already.
    AlreadyInService {
        person: String,
    },
    /// The post or rank does not exist for the whole of that time.
    PostNotInForce {
        post: Text,
    },
    RankNotInForce {
        rank: Text,
    },
    /// The post is defined by a unit that does not lie above the place.
    PostOfAnotherUnit {
        post: Text,
    },
    /// A person has one main appointment at a time.
    TwoMainAppointments {
        since: Timestamp,
    },
    /// He holds this post at this place in that time already.
    AppointedAlready {
        since: Timestamp,
    },
    /// A head comes from the place itself, from inside it or from above it.
    HeadFromElsewhere {
        person: String,
    },
    /// A leader in charge comes from the unit or from above it.
    LeaderFromElsewhere {
        person: String,
    },
    /// He is a member in that time already.
    MemberAlready {
        person: String,
    },
    NotAMember {
        person: String,
    },
    /// The group has no leader and no purpose of its own: it is only a set of people.
    NotATeam,
    /// Who leads a team stays in it until another does.
    LeadsTeam {
        person: String,
    },
    /// A unit at the top of its tree says its time zone.
    TimeZoneMissing,
    /// So many people in one file are not a search but the whole address book.
    TooManyCards {
        limit: usize,
    },
    /// The sample organisation goes only where there is no other.
    NotEmpty,
}
refusal!("directory", Refusal);

impl From<Cycle> for Refusal {
    fn from(_: Cycle) -> Self {
        Self::Circular
    }
}

/// How a change of something's period is written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Succession<T> {
    /// The period as it was.
    pub before: T,
    /// It begins at the very instant of the change: it is replaced, not ended.
    pub in_place: bool,
}

/// A change at `from`: it ends the period that holds then and begins another. History before `from` stays.
pub fn succeed<T: Dated + Clone>(periods: &[T], from: Timestamp) -> Result<Succession<T>, Refusal> {
    let before = as_of(periods, from).ok_or(Refusal::NotInForce)?;
    refuse_later(periods, from)?;
    Ok(Succession { before: before.clone(), in_place: before.validity().from == from })
}

/// An end at `at`: the last period ends then.
pub fn end<T: Dated + Clone>(periods: &[T], at: Timestamp) -> Result<T, Refusal> {
    refuse_later(periods, at)?;
    let last = periods.last().ok_or(Refusal::NotInForce)?;
    end_one(last.validity(), at)?;
    Ok(last.clone())
}

/// Opens again what had ended: a period more, as the last one was.
pub fn reopen<T: Dated + Clone>(periods: &[T], from: Timestamp) -> Result<T, Refusal> {
    let last = periods.last().ok_or(Refusal::NotInForce)?;
    match last.validity().to {
        Some(to) if to <= from => Ok(last.clone()),
        _ => Err(Refusal::StillInForce),
    }
}

/// An end of something that has one period only.
pub fn end_one(validity: Validity, at: Timestamp) -> Result<(), Refusal> {
    if validity.to.is_some_and(|to| to <= at) {
        return Err(Refusal::NotInForce);
    }
    if at <= validity.from { Err(Refusal::EndsBeforeItBegins) } else { Ok(()) }
}

fn refuse_later<T: Dated>(periods: &[T], at: Timestamp) -> Result<(), Refusal> {
    match periods.iter().map(|period| period.validity().from).find(|from| *from > at) {
        Some(at) => Err(Refusal::LaterChangePlanned { at }),
        None => Ok(()),
    }
}

/// Do these periods, in order, hold at every instant of `wanted`?
pub fn covered<T: Dated>(periods: &[T], wanted: Validity) -> bool {
    let mut reached = wanted.from;
    for period in periods.iter().map(Dated::validity) {
        if period.covers(reached) {
            match period.to {
                None => return true,
                Some(to) => reached = to,
            }
        }
        if wanted.to.is_some_and(|to| to <= reached) {
            return true;
        }
    }
    false
}

/// A period must have a length.
pub fn ordered(validity: Validity) -> Result<(), Refusal> {
    match validity.to {
        Some(to) if to <= validity.from => Err(Refusal::EndsBeforeItBegins),
        _ => Ok(()),
    }
}

/// What is known where somebody is to be appointed.
pub struct Ground<'a, S, P> {
    pub person: &'a str,
    /// His periods of service.
    pub service: &'a [S],
    /// The periods of the place.
    pub place: &'a [P],
    /// The units the place lies in when the appointment begins, its own first.
    pub units: &'a [UnitId],
    pub post: &'a Post,
    /// All appointments he has or had.
    pub held: &'a [Appointment],
}

/// 任职: one main appointment at a time, in a post defined here or above, while person, post and place exist (ORG-01).
pub fn appoint<S: Dated, P: Dated>(new: &Appointment, ground: &Ground<'_, S, P>) -> Result<(), Refusal> {
    ordered(new.validity)?;
    if !covered(ground.service, new.validity) {
        return Err(Refusal::NotInService { person: ground.person.to_owned() });
    }
    if !covered(ground.place, new.validity) {
        return Err(Refusal::PlaceNotInForce);
    }
    if !ground.post.validity.contains(&new.validity) {
        return Err(Refusal::PostNotInForce { post: ground.post.name.clone() });
    }
    if !ground.units.contains(&ground.post.unit) {
        return Err(Refusal::PostOfAnotherUnit { post: ground.post.name.clone() });
    }
    for held in ground.held.iter().filter(|held| held.id != new.id && held.validity.overlaps(&new.validity)) {
        if held.main && new.main {
            return Err(Refusal::TwoMainAppointments { since: held.validity.from });
        }
        if held.post == new.post && held.place == new.place {
            return Err(Refusal::AppointedAlready { since: held.validity.from });
        }
    }
    Ok(())
}

/// Where a person is placed, seen from the place he is to lead.
pub struct Standing<'a> {
    pub person: &'a str,
    /// The places he is appointed to or leads at that time, each with the places it lies in, itself first.
    pub lines: &'a [Vec<Place>],
    /// The place he is to lead and those it lies in, itself first.
    pub place: &'a [Place],
}

/// A head belongs to the place, to something inside it, or to something above it.
pub fn head(standing: &Standing<'_>) -> Result<(), Refusal> {
    let Some(place) = standing.place.first() else { return Err(Refusal::PlaceNotInForce) };
    let belongs = |line: &Vec<Place>| {
        line.contains(place) || line.first().is_some_and(|appointed| standing.place.contains(appointed))
    };
    if standing.lines.iter().any(belongs) {
        return Ok(());
    }
    Err(Refusal::HeadFromElsewhere { person: standing.person.to_owned() })
}

/// A leader in charge by division of work belongs to the unit of the place, or to a unit above it.
pub fn leader_in_charge(standing: &Standing<'_>) -> Result<(), Refusal> {
    if standing.place.is_empty() {
        return Err(Refusal::PlaceNotInForce);
    }
    let own_unit = |line: &Vec<Place>| line.iter().copied().find(|place| place.unit().is_some());
    if standing.lines.iter().filter_map(own_unit).any(|unit| standing.place.contains(&unit)) {
        return Ok(());
    }
    Err(Refusal::LeaderFromElsewhere { person: standing.person.to_owned() })
}
