use hanlin_directory::{PersonName, Snapshot};
use hanlin_kernel::{Actor, Error, Id, Page, PersonId, Result, Text};
use hanlin_store::{Ports, Tx};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::{
    BACKUP, CANCELLED,
    events::{BackupDownloaded, CaseBackedUp, CaseCancelled, CaseRestored},
    model::{
        Agreed, AgreedView, Backup, BackupId, BackupReport, BackupView, Cancelled, CancelledCase, RestoredView, Seal,
    },
    package,
    rules::{self, Fault, Refusal, Standing},
    seal, store,
};
use crate::{
    cases::{self, CaseId, StoredCase, Wanted},
    effects::{Asked, Effect, Outcome},
    engine::{FollowUp, Made, Reason, case::Verdict},
};

/// Longest reason for restoring a case.
const LONGEST_REASON: usize = 500;

/// What the flow "approval cancellation" does in this module.
pub(crate) fn effects() -> Ports {
    Ports::default()
        .with(Effect { name: "flows.back_up_case", run: back_up })
        .with(Effect { name: "flows.delete_case", run: delete })
}

/// 备份: seals what is kept of the case, and tells the form where and by what.
fn back_up(tx: &mut Tx, asked: &Asked) -> Result<Outcome> {
    let case = find_to_cancel(tx, asked)?;
    let backup = package::of(tx, &case, asked.case)?;
    let sealed = keep(tx, &backup)?;
    tx.record(CaseBackedUp {
        case: case.id,
        by_case: asked.case,
        backup: sealed.id,
        digest: sealed.digest.clone(),
        mac: sealed.mac.clone(),
    });
    let short = &sealed.digest[..12];
    let label = Text::new(format!("备份 {} · {short}", case.number), format!("Backup of {} · {short}", case.number));
    let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
    let zone = asked.unit.map_or(TimeZone::UTC, |unit| directory.time_zone(unit, now));
    let mut values = Map::new();
    values.insert("place".to_owned(), Value::from(sealed.place()));
    values.insert("digest".to_owned(), Value::from(sealed.digest));
    values.insert("made_on".to_owned(), Value::from(now.to_zoned(zone).date().to_string()));
    Ok(Outcome { made: Some(Made { label, link: None }), values })
}

fn keep(tx: &mut Tx, backup: &Backup) -> Result<Seal> {
    let text = serde_json::to_vec(backup).map_err(Error::internal)?;
    let digest = seal::digest(&text);
    let mac = hanlin_trace::authenticate(tx, seal::WHAT, &digest)?;
    // Where no person is at it, the file is nobody's: it belongs to the backup at once.
    let keeper = backup.made_by.unwrap_or(Id::from_u128(0));
    let name = format!("{}.json", backup.number);
    let file = hanlin_files::keep(tx, keeper, &name, "application/json", &text)?;
    let id: BackupId = Id::new();
    let mut files = package::file_ids(backup);
    files.push(file.id);
    hanlin_files::hold(tx, &files, BACKUP, &id.to_string())?;
    let seal = Seal {
        id,
        case_id: backup.case,
        by_case: backup.by_case,
        file: file.id,
        digest,
        mac,
        size: file.size,
        made_by: backup.made_by,
        made_at: backup.made_at,
    };
    store::insert_seal(tx, &seal)?;
    Ok(seal)
}

/// 删除: takes the case out of view, if there is a backup of it for this cancellation that holds and says what it says now.
fn delete(tx: &mut Tx, asked: &Asked) -> Result<Outcome> {
    let case = find_to_cancel(tx, asked)?;
    let number = case.number.clone();
    let none = || Refusal::NotBackedUp { number: number.clone() };
    let seal = store::find_seal_for(tx, case.id, asked.case)?.ok_or_else(none)?;
    let backup = seal::verified(tx, &seal)??;
    if !rules::is_of_now(&backup, &package::of(tx, &case, asked.case)?) {
        return Err(Refusal::ChangedSince { number }.into());
    }
    let cancelled = cancelled(tx, &case, asked, &seal)?;
    package::remove(tx, case.id)?;
    store::insert(tx, &cancelled)?;
    tx.record(CaseCancelled {
        case: case.id,
        number: case.number.clone(),
        by_case: asked.case,
        asked_by: cancelled.asked_by,
        approved_by: cancelled.approved_by.iter().map(|one| one.person).collect(),
        backup: seal.id,
        digest: seal.digest,
        people: cancelled.people,
    });
    let label = Text::new(format!("已撤销 {number}"), format!("{number} cancelled"));
    Ok(Outcome { made: Some(Made { label, link: Some(cases::link(case.id)) }), ..Outcome::default() })
}

/// The case that the form names, if it may be cancelled.
fn find_to_cancel(tx: &mut Tx, asked: &Asked) -> Result<StoredCase> {
    let named = asked.values.get("original").and_then(|ids| ids.as_array()?.first()?.as_str()?.parse::<CaseId>().ok());
    let id = named.ok_or(Refusal::NothingToCancel)?;
    let case = match cases::find_case(tx, id) {
        Ok(case) => case,
        Err(Error::NotFound) => {
            let gone = store::find_standing(tx, id)?.ok_or(Error::NotFound)?;
            return Err(Refusal::AlreadyCancelled { number: gone.number }.into());
        }
        Err(other) => return Err(other),
    };
    rules::may_be_cancelled(&standing(tx, &case, asked)?)?;
    Ok(case)
}

fn standing(tx: &mut Tx, case: &StoredCase, asked: &Asked) -> Result<Standing> {
    let flow = cases::flow_of(tx, case)?;
    let after = &flow.flow().settings.after_completion;
    let (running_call, running_follow_up) = store::find_running(tx, case.id)?;
    Ok(Standing {
        number: case.number.clone(),
        is_finished: case.state.status.is_finished(),
        is_itself: case.id == asked.case,
        is_own: case.state.initiator.principal() == asked.initiator,
        is_revocable: [FollowUp::Revoke, FollowUp::Change].into_iter().any(|kind| after.allows(kind)),
        is_follow_up: case.plan.is_some(),
        running_call,
        running_follow_up,
    })
}

fn cancelled(tx: &mut Tx, case: &StoredCase, asked: &Asked, seal: &Seal) -> Result<Cancelled> {
    let by = cases::find_case(tx, asked.case)?;
    let flow = cases::flow_of(tx, &by)?;
    let agreed = by.state.opinions.iter().filter(|said| said.verdict == Verdict::Approved).map(|said| {
        let visit = said.activation.and_then(|visit| by.state.activation(visit));
        let node = visit.and_then(|visit| flow.flow().find(&visit.node)).map(|place| place.node.name().clone());
        Agreed { person: said.by.principal(), node: node.unwrap_or_default(), at: said.at }
    });
    Ok(Cancelled {
        id: seal.id,
        case: case.id,
        number: case.number.clone(),
        title: case.title.clone(),
        search: case.search.clone(),
        flow: case.flow,
        unit: case.unit,
        initiator: case.state.initiator.principal(),
        people: cases::concerned(tx, case)?,
        by_case: asked.case,
        by_number: by.number.clone(),
        asked_by: asked.initiator,
        asked_at: by.state.submitted_at.unwrap_or(seal.made_at),
        approved_by: agreed.collect(),
        cancelled_by: tx.context().person,
        cancelled_at: tx.now(),
        restored: None,
    })
}

/// 恢复: the case stands again, exactly as it was.
pub(super) fn restore(tx: &mut Tx, actor: &Actor, id: BackupId, reason: &str) -> Result<CaseId> {
    let (cancelled, seal) = find_for(tx, actor, id)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Error::invalid("reason", "workflow.restoring_reason"));
    }
    let number = cancelled.number.clone();
    let backup = seal::verified(tx, &seal)??;
    if !store::mark_restored(tx, id, actor.person, reason)? {
        return Err(Refusal::AlreadyRestored { number }.into());
    }
    package::put_back(tx, &backup)?;
    let (digest, people) = (seal.digest, cancelled.people);
    tx.record(CaseRestored { case: backup.case, backup: id, digest, reason: reason.to_owned(), people });
    Ok(backup.case)
}

/// Is the backup still what it was?
pub(super) fn verify(tx: &mut Tx, actor: &Actor, id: BackupId) -> Result<BackupReport> {
    let (_, seal) = find_for(tx, actor, id)?;
    Ok(match seal::verified(tx, &seal)? {
        Ok(backup) => BackupReport { fault: None, files: backup.files.len(), entries: backup.trace.len() },
        Err(fault) => BackupReport { fault: Some(reason(&fault)), files: 0, entries: 0 },
    })
}

fn reason(fault: &Fault) -> Reason {
    match Error::from(fault.clone()) {
        Error::Refused(refused) => {
            let reason = Reason::new(&refused.code);
            refused.args.into_iter().fold(reason, |reason, (name, value)| reason.with(&name, value))
        }
        other => Reason::new(other.code()),
    }
}

/// Its backup is about to leave the house: that leaves an entry.
pub(super) fn note_download(tx: &mut Tx, actor: &Actor, id: BackupId) -> Result<()> {
    let (cancelled, seal) = find_for(tx, actor, id)?;
    tx.record(BackupDownloaded { case: cancelled.case, backup: id, digest: seal.digest });
    Ok(())
}

pub(super) fn list(tx: &mut Tx, actor: &Actor, wanted: &Wanted) -> Result<Page<CancelledCase>> {
    let page = store::list(tx, actor, wanted)?;
    let directory = hanlin_directory::snapshot(tx)?;
    let items = page.items.into_iter().map(|one| {
        let backup = store::find_seal(tx, one.id)?;
        view(tx, &directory, one, Some(backup))
    });
    Ok(Page { items: items.collect::<Result<_>>()?, next: page.next })
}

/// What a case that was cancelled says to those who took part in it, and to those who look after such cases.
pub(super) fn find_of_case(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<CancelledCase> {
    let cancelled = store::find_standing(tx, case)?.ok_or(Error::NotFound)?;
    let looks_after = looks_after(actor, &cancelled);
    if !looks_after && !cancelled.people.contains(&actor.principal()) {
        return Err(Error::NotFound);
    }
    let seal = if looks_after { Some(store::find_seal(tx, cancelled.id)?) } else { None };
    let directory = hanlin_directory::snapshot(tx)?;
    view(tx, &directory, cancelled, seal)
}

/// A cancelled case, for one who looks after such cases there.
pub(super) fn find_for(tx: &mut Tx, actor: &Actor, id: BackupId) -> Result<(Cancelled, Seal)> {
    let cancelled = store::find(tx, id)?;
    if looks_after(actor, &cancelled) { Ok((cancelled, store::find_seal(tx, id)?)) } else { Err(Error::NotFound) }
}

fn looks_after(actor: &Actor, cancelled: &Cancelled) -> bool {
    actor.reaches_all(CANCELLED) || cancelled.unit.is_some_and(|unit| actor.reaches(CANCELLED, unit))
}

/// Why a case that is not there is not: told to those who took part in it; to others it never was.
pub(crate) fn instead_of(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<Error> {
    let told = store::find_standing(tx, case)?
        .filter(|one| looks_after(actor, one) || one.people.contains(&actor.principal()));
    Ok(told.map_or(Error::NotFound, |one| Refusal::CaseIsCancelled { number: one.number }.into()))
}

/// How a cancelled case is called where others still name it, and whether this reader is told more.
pub(crate) fn named(tx: &mut Tx, actor: &Actor, case: CaseId) -> Result<Option<(String, Text, bool)>> {
    let cancelled = store::find_standing(tx, case)?;
    Ok(cancelled.map(|one| {
        let told = looks_after(actor, &one) || one.people.contains(&actor.principal());
        (one.number, one.title, told)
    }))
}

fn view(tx: &mut Tx, directory: &Snapshot, one: Cancelled, seal: Option<Seal>) -> Result<CancelledCase> {
    let name = |person: PersonId| PersonName::of(person, directory);
    let backup = seal.map(|seal| BackupView {
        place: seal.place(),
        made_by: seal.made_by.map(name),
        digest: seal.digest,
        size: seal.size,
        made_at: seal.made_at,
    });
    let agreed = |Agreed { person, node, at }| AgreedView { person: name(person), node, at };
    let restored = one.restored.map(|it| RestoredView { by: it.by.map(name), at: it.at, because: it.because });
    Ok(CancelledCase {
        id: one.id,
        case: one.case,
        number: one.number,
        title: one.title,
        flow_name: store::flow_name(tx, one.flow)?,
        initiator: name(one.initiator),
        asked_by: name(one.asked_by),
        asked_at: one.asked_at,
        approved_by: one.approved_by.into_iter().map(agreed).collect(),
        cancelled_by: one.cancelled_by.map(name),
        cancelled_at: one.cancelled_at,
        by_case: one.by_case,
        by_number: one.by_number,
        restored,
        backup,
    })
}
