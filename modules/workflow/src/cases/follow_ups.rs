//! 撤销与变更 of completed cases (FLOW-24): a follow-up is a case of its own, by those who approved the first. What it is
//! approved for happens to the first in the same unit as its last approval.

use std::sync::Arc;

use hanlin_api::{App, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_directory::PersonName;
use hanlin_forms::form::{Form, Right, Rights};
use hanlin_kernel::{Actor, Error, PersonId, Result, Text};
use hanlin_store::{Key, Row, Tx, params};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    actions::{self, Beginning, acting, begin, run},
    effects::{self, StandingEffect},
    model::{CaseId, StoredCase},
    records::{self, RelatedRecord},
    related::{self, RelatedCase},
    routes::Done,
    start, store,
    view::named,
};
use crate::{
    agency::{Hats, Wearing, hats},
    engine::{
        self, CheckedFlow, Command, FollowUp, Initiator, Intent, REASON, Refusal, Route, Status, Values, changes_by,
        follow_up, goes_the_same_way, predict, values_of_follow_up,
    },
    flows,
};

pub(super) fn routes(routes: Routes) -> Routes {
    routes.signed_in(routes!(find_follow_up_start, create_follow_up))
}

/// Why nothing more can follow upon a case.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub(crate) enum NotNow {
    /// One at a time.
    FollowUpOpen { number: String },
}
hanlin_kernel::refusal!("workflow", NotNow);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    #[param(inline)]
    kind: FollowUp,
}

/// 撤销 or 变更, as it is handed in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewFollowUp {
    kind: FollowUp,
    /// Why (`follow_up_reason`), and of a change the fields that get other values.
    #[schema(value_type = Object)]
    values: Values,
    /// He confirms that the entries are accurate and complete (FORM-13).
    #[serde(default)]
    confirmed: bool,
}

/// What is needed to ask for a revocation or a change.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FollowUpStart {
    pub kind: FollowUp,
    pub number: String,
    pub title: Text,
    pub form: Form,
    pub rights: Rights,
    #[schema(value_type = Object)]
    pub values: Values,
    pub initiator: Initiator,
    pub declaration: Text,
    /// Whom it goes to: those who approved the first.
    pub route: Route,
    /// What the case has done, and what becomes of it when it is revoked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub standing: Vec<StandingEffect>,
    pub people: std::collections::BTreeMap<String, PersonName>,
    pub cases: std::collections::BTreeMap<String, RelatedCase>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub records: std::collections::BTreeMap<String, RelatedRecord>,
}

/// What follows or followed upon a case, for whoever reads that.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FollowUpView {
    pub kind: FollowUp,
    /// Opening it is asked by its own rights.
    pub case: RelatedCase,
    /// Why, where the reader may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// It was approved, and the first case is as it says.
    pub took_effect: bool,
    /// Of a change that took effect: each value before and after, of the fields that the reader may read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<hanlin_forms::form::Change>,
}

/// What is needed to ask that a completed case of mine is revoked or changed, and whom it would go to.
#[utoipa::path(get, path = "/cases/{id}/follow_up", params(("id" = String, Path), Asked), responses((status = 200, body = FollowUpStart)))]
async fn find_follow_up_start(
    app: App,
    Me(me): Me,
    Path(id): Path<CaseId>,
    Query(asked): Query<Asked>,
) -> Reply<FollowUpStart> {
    app.read(move |tx| start_of(tx, &me, id, asked.kind)).await
}

/// Ask that a completed case of mine is revoked or changed. It goes to those who approved it.
#[utoipa::path(post, path = "/cases/{id}/follow_ups", params(("id" = String, Path)), request_body = NewFollowUp, responses((status = 200, body = Done)))]
async fn create_follow_up(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(new): Json<NewFollowUp>) -> Reply<Done> {
    app.write_on(&[Key::of(id)], move |tx| open(tx, &me, id, new.clone())).await
}

/// The flow that a case runs on: its version's, or the one that was made for it alone.
pub(crate) fn flow_of(tx: &mut Tx, case: &StoredCase) -> Result<Arc<CheckedFlow>> {
    match &case.plan {
        None => flows::running(tx, case.flow_version),
        Some(plan) => checked((**plan).clone()).map(Arc::new),
    }
}

fn checked(plan: engine::Flow) -> Result<CheckedFlow> {
    plan.checked().map_err(|flaws| Error::internal(format!("the flow of a follow-up is broken: {flaws:?}")))
}

/// As whom he may ask for it: as its initiator, or as an agent of his who may start such cases.
fn find_for(tx: &mut Tx, actor: &Actor, id: CaseId) -> Result<(StoredCase, Wearing)> {
    let case = store::find_to_read(tx, actor, id)?;
    if may_ask(actor, &Hats::of(tx, actor)?, &case) {
        let principal = case.state.initiator.principal();
        let worn = hats::to_start(tx, actor, Some(principal), case.flow)?;
        return Ok((case, worn));
    }
    Err(Refusal::NotTheInitiator.into())
}

fn may_ask(actor: &Actor, hats: &Hats, case: &StoredCase) -> bool {
    let principal = case.state.initiator.principal();
    !actor.external && (principal == actor.principal() || hats.starts(principal, case.flow))
}

/// The flow of what follows, its initiator, and what it begins with.
fn prepared(tx: &mut Tx, worn: &Wearing, case: &StoredCase, kind: FollowUp) -> Result<(CheckedFlow, engine::Case)> {
    let flow = flow_of(tx, case)?;
    let plan = checked(follow_up(flow.flow(), &case.state, kind)?)?;
    if let Some(number) = open_one(tx, case.id)? {
        return Err(NotNow::FollowUpOpen { number }.into());
    }
    // He asks under the appointment of the first, so that the same unit's rules hold.
    let (person, on_behalf_of) = (worn.actor.person, worn.actor.on_behalf_of);
    let initiator = Initiator { person, on_behalf_of, ..case.state.initiator.clone() };
    let mut draft = engine::Case::draft(initiator);
    draft.values = values_of_follow_up(&case.state, &case.id.to_string());
    Ok((plan, draft))
}

fn start_of(tx: &mut Tx, actor: &Actor, id: CaseId, kind: FollowUp) -> Result<FollowUpStart> {
    let (case, worn) = find_for(tx, actor, id)?;
    let (plan, draft) = prepared(tx, &worn, &case, kind)?;
    let world = actions::world_of(tx, &case)?;
    let route = predict(&plan, &draft.initiator, &draft.values, &engine::Choices::new(), &world)?;
    let rights = engine::start_rights(plan.flow());
    let form = plan.form().told(&draft.values, &rights, &draft.initiator.described);
    let values = plan.form().redact(&draft.values, &rights);
    let cases = related::named_in(tx, actor, &form, &values)?;
    let records = records::named_in(tx, actor, case.flow, id, &form, &values)?;
    let standing = match kind {
        FollowUp::Revoke => effects::standing_of(tx, actor, id)?,
        FollowUp::Change => Vec::new(),
    };
    let mut view = FollowUpStart {
        kind,
        standing,
        number: case.number,
        title: case.title,
        declaration: form.statement(),
        form,
        rights,
        values,
        initiator: draft.initiator,
        route,
        people: Default::default(),
        cases,
        records,
    };
    view.people = named(&world.directory, &serde_json::to_value(&view).map_err(Error::internal)?);
    Ok(view)
}

fn open(tx: &mut Tx, actor: &Actor, id: CaseId, new: NewFollowUp) -> Result<Done> {
    let (case, worn) = find_for(tx, actor, id)?;
    let (plan, draft) = prepared(tx, &worn, &case, new.kind)?;
    let world = actions::world_of(tx, &case)?;
    let world = start::with_asked(tx, world, &plan, &draft.initiator, None)?;
    let original = flow_of(tx, &case)?;
    let beginning =
        Beginning { flow: case.flow, version: case.flow_version, plan: Some(Box::new(plan.flow().clone())) };
    let intent = Intent::Submit { values: new.values, choices: engine::Choices::new(), confirmed: new.confirmed };
    let now = tx.now();
    let begun = begin(tx, &worn, &plan, &world, beginning, draft, intent)?;
    let follow_up = store::find(tx, begun.id)?;
    if new.kind == FollowUp::Change {
        let changes = changes_by(original.flow(), &case.state.values, &follow_up.state.values);
        if changes.is_empty() {
            return Err(Refusal::NothingChanged.into());
        }
        if !goes_the_same_way(&original, &case.state, &after(&case.state.values, &changes), &world)? {
            return Err(Refusal::OtherWay.into());
        }
    }
    records::keep_as(tx, follow_up.id, id)?;
    related::link(tx, follow_up.id, plan.form().form(), &Values::new(), &follow_up.state.values)?;
    tx.exec(
        "insert into workflow_follow_up (case_id, original, kind, opened_at, ended_at, took_effect) \
         values ($1, $2, $3, $4, null, false)",
        params![follow_up.id, id, store::word(&new.kind)?, now],
    )?;
    // Where nobody has to be asked again, it takes effect at once.
    settle(tx, &follow_up)?;
    Ok(Done { id: begun.id, warnings: begun.warnings })
}

/// These values with those changes.
fn after(values: &Values, changes: &[engine::Change]) -> Values {
    let mut values = values.clone();
    values.extend(changes.iter().map(|change| (change.field.clone(), change.after.clone())));
    values
}

/// What comes of a follow-up that has ended.
pub(super) fn settle(tx: &mut Tx, case: &StoredCase) -> Result<()> {
    if case.plan.is_none() || !case.state.status.is_finished() {
        return Ok(());
    }
    let (now, took_effect) = (tx.now(), case.state.status == Status::Completed);
    let rows = tx.rows(
        "update workflow_follow_up set ended_at = $2, took_effect = $3 where case_id = $1 and ended_at is null \
         returning original, kind",
        params![case.id, now, took_effect],
    )?;
    let Some(row) = rows.first().filter(|_| took_effect) else { return Ok(()) };
    let original = store::find(tx, row.get("original")?)?;
    let kind: FollowUp = store::read_word(row, "kind")?;
    let flow = flow_of(tx, &original)?;
    let changes = match kind {
        FollowUp::Revoke => Vec::new(),
        FollowUp::Change => changes_by(flow.flow(), &original.state.values, &case.state.values),
    };
    let by = Actor::person(original.state.initiator.principal());
    let intent = Intent::TakeEffect { kind, follow_up: case.id.to_string(), changes };
    let command = Command::of_system(acting(&by), intent);
    let id = original.id;
    run(tx, &Wearing::himself(&by), original, command)?;
    match kind {
        FollowUp::Revoke => effects::undo_all(tx, id, case.id),
        FollowUp::Change => Ok(()),
    }
}

/// What the case has done that this one revokes: told to whoever reads it.
pub(super) fn standing_effects(tx: &mut Tx, actor: &Actor, case: &StoredCase) -> Result<Vec<StandingEffect>> {
    if case.plan.is_none() {
        return Ok(Vec::new());
    }
    let sql = "select original from workflow_follow_up where case_id = $1 and kind = $2";
    let original: Option<CaseId> = tx.maybe_scalar(sql, params![case.id, store::word(&FollowUp::Revoke)?])?;
    original.map_or(Ok(Vec::new()), |original| effects::standing_of(tx, actor, original))
}

/// The number of the follow-up that is under way upon this case.
fn open_one(tx: &mut Tx, original: CaseId) -> Result<Option<String>> {
    tx.maybe_scalar(
        "select c.number from workflow_follow_up f join workflow_case c on c.id = f.case_id \
         where f.original = $1 and f.ended_at is null",
        params![original],
    )
}

/// Which follow-ups he may ask for now.
pub(super) fn possible(
    tx: &mut Tx,
    actor: &Actor,
    hats: &Hats,
    flow: &CheckedFlow,
    case: &StoredCase,
) -> Result<Vec<FollowUp>> {
    let allowed = |kind: &FollowUp| follow_up(flow.flow(), &case.state, *kind).is_ok();
    if case.state.status != Status::Completed || !may_ask(actor, hats, case) {
        return Ok(Vec::new());
    }
    let kinds: Vec<FollowUp> = [FollowUp::Revoke, FollowUp::Change].into_iter().filter(allowed).collect();
    Ok(if kinds.is_empty() || open_one(tx, case.id)?.is_some() { Vec::new() } else { kinds })
}

/// What follows or followed upon this case, the oldest first; `rights`: the reader's, on its fields.
pub(super) fn views(tx: &mut Tx, actor: &Actor, case: &StoredCase, rights: &Rights) -> Result<Vec<FollowUpView>> {
    if !case.state.status.is_finished() {
        return Ok(Vec::new());
    }
    let sql = "select case_id, kind, opened_at, ended_at, took_effect from workflow_follow_up where original = $1 \
               order by opened_at, case_id";
    let rows = tx.rows(sql, params![case.id])?;
    rows.iter().map(|row| view(tx, actor, case, rights, row)).collect()
}

fn view(tx: &mut Tx, actor: &Actor, original: &StoredCase, rights: &Rights, row: &Row) -> Result<FollowUpView> {
    let id: CaseId = row.get("case_id")?;
    let stored = store::find(tx, id)?;
    let readable = store::find_to_read(tx, actor, id).is_ok();
    let reason = stored.state.values.get(REASON).and_then(|reason| reason.as_str()).map(str::to_owned);
    let aftermath = original.state.aftermath.iter().find(|one| one.case == id.to_string());
    let read = |change: &&engine::Change| rights.of(&change.field) >= Right::Read;
    let changes = aftermath.into_iter().flat_map(|one| one.changes.iter().filter(read));
    Ok(FollowUpView {
        kind: store::read_word(row, "kind")?,
        case: related::related(stored, readable),
        reason: reason.filter(|_| readable),
        opened_at: row.get("opened_at")?,
        ended_at: row.get("ended_at")?,
        took_effect: row.get("took_effect")?,
        changes: changes
            .map(|change| hanlin_forms::form::Change {
                field: change.field.clone(),
                before: change.before.clone(),
                after: change.after.clone(),
            })
            .collect(),
    })
}

/// Who had to do with this case, by what: told of what followed upon it.
pub(crate) fn concerned(tx: &mut Tx, case: &StoredCase) -> Result<Vec<PersonId>> {
    let mut people: Vec<PersonId> = store::list_access(tx, case.id)?.into_iter().map(|(person, ..)| person).collect();
    people.sort();
    people.dedup();
    Ok(people)
}
