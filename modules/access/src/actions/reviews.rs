use std::collections::BTreeSet;

use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{Actor, Error, Id, PersonId, Result, Scopes, UnitId};
use hanlin_rulebook::catalogue;
use hanlin_store::Tx;
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    delegation,
    events::Event,
    model::{Refusal, Review, SignInEntry},
    policy::{self, REVIEW},
    store,
    watch::{self, Finding, Watch},
    world::World,
};

/// Attempts are read in slices of so many.
const SLICE: usize = 1_000;
/// So many reviews are told of.
const TOLD: usize = 20;

/// How the review of a place's sign-ins stands: what is to be looked at, and until when.
pub struct Standing {
    pub every_days: i64,
    /// Where the last review ended.
    pub period_from: Timestamp,
    pub period_to: Timestamp,
    pub due_at: Timestamp,
    pub overdue: bool,
    pub n_sign_ins: u64,
    pub findings: Vec<Finding>,
    /// The youngest first.
    pub reviews: Vec<Review>,
}

/// How the review of these sign-ins stands now. Without a place: of all.
pub fn standing(tx: &mut Tx, actor: &Actor, place: Option<Place>) -> Result<Standing> {
    let until = tx.now();
    standing_until(tx, actor, place, until)
}

fn standing_until(tx: &mut Tx, actor: &Actor, place: Option<Place>, until: Timestamp) -> Result<Standing> {
    let world = World::read(tx)?;
    let scopes = scopes(actor, place, &world)?;
    let reviews = store::list_reviews(tx, place, TOLD)?;
    let begun = match reviews.first() {
        Some(last) => Some(last.period_to),
        None => store::first_sign_in(tx, &scopes)?,
    };
    let unit = place.and_then(|place| world.directory.unit_of(place, world.now));
    let every_days = world.rules.parameter(unit, world.now, &catalogue::SIGN_IN_REVIEW_DAYS).value;
    let period_from = begun.unwrap_or(until);
    let (due_at, overdue) = watch::due(period_from, every_days, world.now);
    let watch = look(tx, &world, &scopes, (period_from, until))?;
    let n_sign_ins = watch.seen;
    let findings = watch.found();
    Ok(Standing { every_days, period_from, period_to: until, due_at, overdue, n_sign_ins, findings, reviews })
}

/// 复核: what somebody says of the sign-ins of a period.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = SignInReviewRequest)]
pub struct ReviewSignIns {
    /// Absent: the whole installation.
    #[serde(default)]
    pub place: Option<Place>,
    /// Up to when he looked: the `period_to` that he was shown.
    #[schema(value_type = String, format = DateTime)]
    pub period_to: Timestamp,
    /// The `period_from` that he was shown: if somebody was faster, he looks again.
    #[schema(value_type = String, format = DateTime)]
    pub period_from: Timestamp,
    /// What he found and did about it.
    pub findings: String,
}

/// Records a review. The next period begins where this one ended, so nothing stays unlooked at.
pub fn review_sign_ins(tx: &mut Tx, actor: &Actor, intent: ReviewSignIns) -> Result<Review> {
    let ReviewSignIns { place, period_to, period_from, findings } = intent;
    let findings = findings.trim().to_owned();
    if findings.is_empty() || findings.chars().count() > 2_000 {
        return Err(Error::invalid("findings", "access.findings_missing"));
    }
    let stands = standing_until(tx, actor, place, period_to)?;
    if stands.period_from != period_from {
        return Err(Refusal::ReviewedAlready.into());
    }
    if period_to <= period_from || period_to > tx.now() {
        return Err(Error::invalid("period_to", "access.period_malformed"));
    }
    let review = Review {
        id: Id::new(),
        place,
        reviewer: actor.person,
        at: tx.now(),
        period_from,
        period_to,
        abnormal: stands.findings.len() as u64,
        findings,
    };
    store::insert_review(tx, &review)?;
    tx.record(Event::SignInsReviewed { review: review.id, new: review.clone() });
    Ok(review)
}

/// The places whose sign-ins he may review, each with all below it, the largest first; `None` is the whole installation.
pub fn reviewed_places(actor: &Actor, directory: &Snapshot, at: Timestamp) -> Vec<Option<Place>> {
    let own = actor.scope_of(REVIEW);
    let whole = own.all.then_some(None);
    let top = |place: &Place| {
        directory.above(*place, at).is_none_or(|above| !policy::reaches_place(actor, REVIEW, above, directory, at))
    };
    let roots = directory.roots(at).into_iter().filter(|_| own.all).map(|unit| Place::Unit(unit.id));
    let units = own.units.iter().copied().map(Place::Unit).filter(top);
    let departments = own.departments.iter().copied().map(Place::Department).filter(top);
    whole.into_iter().chain(roots.chain(units).chain(departments).map(Some)).collect()
}

/// What the sign-ins of a place are found by, if he may review them.
fn scopes(actor: &Actor, place: Option<Place>, world: &World) -> Result<Scopes> {
    let may = match place {
        None => actor.reaches_all(REVIEW),
        Some(place) => policy::reaches_place(actor, REVIEW, place, &world.directory, world.now),
    };
    if !may {
        return Err(Error::forbidden(REVIEW));
    }
    let scopes = place.map_or_else(Scopes::everything, |place| delegation::below(place, &world.directory, world.now));
    // Somebody may review a unit and not those below it: then he sees no more here either.
    let own = actor.scope_of(REVIEW);
    if own.all || scopes.all {
        return Ok(scopes);
    }
    let units: BTreeSet<UnitId> = scopes.units.intersection(&own.units).copied().collect();
    let reached =
        |department| policy::reaches_place(actor, REVIEW, Place::Department(department), &world.directory, world.now);
    let departments = scopes.departments.into_iter().filter(|department| reached(*department)).collect();
    Ok(Scopes { units, departments, ..Scopes::default() })
}

fn look(tx: &mut Tx, world: &World, scopes: &Scopes, period: (Timestamp, Timestamp)) -> Result<Watch> {
    let mut watch = Watch::default();
    let mut known: BTreeSet<PersonId> = BTreeSet::new();
    let mut last: Option<SignInEntry> = None;
    loop {
        let slice = store::list_sign_ins_between(tx, scopes, period, last.as_ref(), SLICE)?;
        let people: Vec<PersonId> =
            slice.iter().filter_map(|entry| entry.person).filter(|person| known.insert(*person)).collect();
        for before in store::list_known(tx, &people, period.0)? {
            watch.know(before);
        }
        let full = slice.len() == SLICE;
        last = slice.last().cloned();
        for entry in slice {
            let (most, zone) = (most_failures(world, &entry), zone(world, &entry));
            watch.see(entry, most, &zone);
        }
        if !full {
            return Ok(watch);
        }
    }
}

fn most_failures(world: &World, entry: &SignInEntry) -> i64 {
    world.rules.parameter(entry.unit, world.now, &catalogue::SIGN_IN_MOST_FAILURES).value
}

/// The clock of the account's unit; for a login that nobody has, that of the top.
fn zone(world: &World, entry: &SignInEntry) -> TimeZone {
    let top = || world.directory.roots(world.now).first().map(|unit| unit.id);
    entry.unit.or_else(top).map_or(TimeZone::UTC, |unit| world.directory.time_zone(unit, world.now))
}
