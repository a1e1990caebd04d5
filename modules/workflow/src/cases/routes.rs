use hanlin_api::{App, IfMatch, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_kernel::{Actor, AppointmentId, Error, FieldError, Id, Page, PageRequest, PersonId, Result};
use hanlin_store::{Key, Tx};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    access::{self, CaseAccess},
    actions::{self, Submission, act},
    claims, corrections,
    drafts::{self, Content, Draft},
    follow_ups, free, gallery, halting,
    lists::{self, Counts, List, Wanted, Worn},
    model::{CaseId, CaseRow, TaskId, TaskRow},
    monitor,
    operations::{self, intend, on_case},
    paper,
    prediction::{self, PredictionView},
    query, records, related, repair,
    start::{self, StartView},
    view::{self, CaseView},
};
use crate::{
    agency,
    engine::{Choices, Intent, Signing, Target, Values, Words, case::TaskNo, model::AfterReturn},
    flows::{FlowCard, FlowId},
};

pub(crate) fn routes(routes: Routes) -> Routes {
    let routes = halting::routes(corrections::routes(claims::routes(operations::routes(routes))));
    let routes = paper::routes(repair::routes(routes));
    let routes = follow_ups::routes(free::routes(routes));
    let routes = monitor::routes(related::routes(records::routes(query::routes(routes))));
    routes
        .signed_in(routes!(find_case_access, find_case_access_by_number, create_hand_over))
        .external(routes!(find_counts, list_flows, find_flow_start, create_prediction))
        .external(routes!(list_drafts, find_draft, create_draft, update_draft, delete_draft))
        .external(routes!(create_case, list_cases, find_case, create_case_read))
        .external(routes!(create_withdrawal, create_urge, create_comment, list_tasks))
        .external(routes!(create_approval, create_rejection, create_return, create_completion, create_resubmission))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Words that title, number or initiator (also in pinyin) hold.
    q: Option<String>,
    /// Only cases of this flow.
    flow: Option<String>,
    /// `own`: only what is mine; the id of a person: only what I do for him. Absent: both.
    hat: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200.
    limit: Option<u32>,
}

/// For whom.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ForWhom {
    /// Whose agent I am (TIME-11); absent: for myself.
    #[param(value_type = Option<String>)]
    on_behalf_of: Option<PersonId>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AskedCases {
    #[param(inline)]
    list: List,
    /// Words that title, number or initiator (also in pinyin) hold.
    q: Option<String>,
    /// Only cases of this flow.
    flow: Option<String>,
    /// running, completed, rejected or withdrawn.
    status: Option<String>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200.
    limit: Option<u32>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Under {
    /// The appointment under which he acts; absent: the one he has chosen for the session.
    appointment: Option<AppointmentId>,
    /// Whose agent I am, where I fill it in for another (TIME-11).
    #[param(value_type = Option<String>)]
    on_behalf_of: Option<PersonId>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OfNumber {
    /// What people call the case: the day and eight signs.
    number: String,
}

/// What is typed so far, to see the way it would go.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PredictionAsked {
    #[schema(value_type = Object)]
    values: Values,
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, Vec<PersonId>>)]
    choices: Choices,
    #[serde(default)]
    appointment: Option<AppointmentId>,
    /// Whose agent I am, where I fill it in for another (TIME-11).
    #[serde(default)]
    on_behalf_of: Option<PersonId>,
}

/// What is handed in.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCase {
    flow: FlowId,
    #[schema(value_type = Object)]
    values: Values,
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, Vec<PersonId>>)]
    choices: Choices,
    #[serde(default)]
    appointment: Option<AppointmentId>,
    /// Whose agent I am, where I fill it in for another (TIME-11).
    #[serde(default)]
    on_behalf_of: Option<PersonId>,
    /// He confirms that the entries are accurate and complete (FORM-13).
    #[serde(default)]
    confirmed: bool,
    /// The draft that it was typed in: it goes.
    #[serde(default)]
    draft: Option<Id<Draft>>,
}

/// A draft to keep.
#[derive(Clone, Deserialize, ToSchema)]
struct NewDraft {
    flow: FlowId,
    #[serde(flatten)]
    content: Content,
}

/// What came of a command: the case to look at.
#[derive(Clone, Serialize, ToSchema)]
pub(super) struct Done {
    pub id: CaseId,
    /// Rules that this broke and that only warn. `field` names the rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<FieldError>,
}

/// 意见, with the fields that the node lets its handler fill in.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// The opinion.
    #[serde(default)]
    pub text: String,
    /// Ids of uploaded files.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// @: whom it names.
    #[serde(default)]
    pub mentions: Vec<PersonId>,
    /// Fields that he fills in at this node.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub values: Values,
    /// Whom he chooses for later nodes, where his node has him choose (FLOW-07).
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, Vec<PersonId>>)]
    pub choices: Choices,
    /// Where his node is done on paper: the signed sheet (FLOW-35).
    #[serde(default)]
    pub paper: Option<Signing>,
}

#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    #[serde(default)]
    pub text: String,
    /// Ids of uploaded files.
    #[serde(default)]
    pub attachments: Vec<String>,
    /// @: whom it names.
    #[serde(default)]
    pub mentions: Vec<PersonId>,
}

impl Said {
    pub(super) fn words(&self) -> Words {
        Words { mentions: self.mentions.clone(), ..words(&self.text, &self.attachments) }
    }
}

impl Decision {
    pub(super) fn words(&self) -> Words {
        Words { mentions: self.mentions.clone(), ..words(&self.text, &self.attachments) }
    }
}

/// 退回
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Return {
    /// The key of a node that was passed, `start` for the initiator; absent: the node before.
    #[serde(default)]
    to: Option<String>,
    /// How it goes on after the correction; absent: as the flow says, else every node again.
    #[serde(default)]
    then: Option<AfterReturn>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    attachments: Vec<String>,
}

/// 重新提交
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Resubmission {
    /// What was changed.
    #[serde(default)]
    #[schema(value_type = Object)]
    values: Values,
    #[serde(default)]
    #[schema(value_type = Option<std::collections::HashMap<String, Vec<PersonId>>>)]
    choices: Option<Choices>,
    #[serde(default)]
    confirmed: bool,
    #[serde(default)]
    text: String,
    #[serde(default)]
    attachments: Vec<String>,
}

/// 转交 by an administrator.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HandOver {
    to: PersonId,
    /// Why; always needed.
    text: String,
}

pub(super) fn words(text: &str, attachments: &[String]) -> Words {
    Words { text: text.to_owned(), attachments: attachments.to_vec(), ..Words::default() }
}

/// How much waits for me.
#[utoipa::path(get, path = "/counts", responses((status = 200, body = Counts)))]
async fn find_counts(app: App, Me(me): Me) -> Reply<Counts> {
    app.read(move |tx| lists::counts(tx, &me)).await
}

/// The forms I may start, for myself or for one whose agent I am.
#[utoipa::path(get, path = "/flows", params(ForWhom), responses((status = 200, body = Page<FlowCard>)))]
async fn list_flows(app: App, Me(me): Me, Query(of): Query<ForWhom>) -> Reply<Page<FlowCard>> {
    app.read(move |tx| Ok(Page { items: gallery::list_for(tx, &me, of.on_behalf_of)?, next: None })).await
}

/// What is needed to fill in the form of a flow.
#[utoipa::path(get, path = "/flows/{id}/start", params(("id" = String, Path), Under), responses((status = 200, body = StartView)))]
async fn find_flow_start(app: App, Me(me): Me, Path(id): Path<FlowId>, Query(under): Query<Under>) -> Reply<StartView> {
    app.read(move |tx| {
        let worn = agency::hats::to_start(tx, &me, under.on_behalf_of, id)?;
        start::start(tx, &worn.actor, id, under.appointment)
    })
    .await
}

/// The way a form would go with these values; what is empty counts as not filled in yet.
#[utoipa::path(post, path = "/flows/{id}/prediction", params(("id" = String, Path)), request_body = PredictionAsked, responses((status = 200, body = PredictionView)))]
async fn create_prediction(
    app: App,
    Me(me): Me,
    Path(id): Path<FlowId>,
    Json(asked): Json<PredictionAsked>,
) -> Reply<PredictionView> {
    app.read(move |tx| {
        let worn = agency::hats::to_start(tx, &me, asked.on_behalf_of, id)?;
        prediction::prediction(tx, &worn.actor, id, asked.appointment, &asked.values, &asked.choices)
    })
    .await
}

/// My drafts, last touched first.
#[utoipa::path(get, path = "/drafts", responses((status = 200, body = Page<Draft>)))]
async fn list_drafts(app: App, Me(me): Me) -> Reply<Page<Draft>> {
    app.read(move |tx| drafts::list(tx, &me)).await
}

#[utoipa::path(get, path = "/drafts/{id}", params(("id" = String, Path)), responses((status = 200, body = Draft)))]
async fn find_draft(app: App, Me(me): Me, Path(id): Path<Id<Draft>>) -> Reply<Draft> {
    app.read(move |tx| drafts::find(tx, &me, id)).await
}

/// Keep what is typed so far. Nothing of it is checked.
#[utoipa::path(post, path = "/drafts", request_body = NewDraft, responses((status = 200, body = Draft)))]
async fn create_draft(app: App, Me(me): Me, Json(draft): Json<NewDraft>) -> Reply<Draft> {
    app.write(move |tx| drafts::create(tx, &me, draft.flow, &draft.content)).await
}

#[utoipa::path(put, path = "/drafts/{id}", params(("id" = String, Path), ("If-Match" = String, Header)), request_body = Content, responses((status = 200, body = Draft)))]
async fn update_draft(
    app: App,
    Me(me): Me,
    Path(id): Path<Id<Draft>>,
    IfMatch(seen): IfMatch,
    Json(content): Json<Content>,
) -> Reply<Draft> {
    app.write(move |tx| drafts::save(tx, &me, id, seen, &content)).await
}

#[utoipa::path(delete, path = "/drafts/{id}", params(("id" = String, Path)), responses((status = 200, body = Page<Draft>)))]
async fn delete_draft(app: App, Me(me): Me, Path(id): Path<Id<Draft>>) -> Reply<Page<Draft>> {
    app.write(move |tx| {
        drafts::discard(tx, &me, id)?;
        drafts::list(tx, &me)
    })
    .await
}

/// Submit a form: a case begins.
#[utoipa::path(post, path = "/cases", request_body = NewCase, responses((status = 200, body = Done)))]
async fn create_case(app: App, Me(me): Me, Json(new): Json<NewCase>) -> Reply<Done> {
    let flow = new.flow;
    let keys = app.db().read(move |tx| actions::keys_to_submit(tx, flow)).await?;
    app.write_on(&keys, move |tx| {
        let NewCase { flow, values, choices, appointment, on_behalf_of, confirmed, draft } = new.clone();
        let submission = Submission { flow, appointment, on_behalf_of, values, choices, confirmed };
        let actions::Begun { id, warnings } = actions::submit(tx, &me, submission)?;
        if let Some(draft) = draft {
            drafts::discard(tx, &me, draft)?;
        }
        Ok(Done { id, warnings })
    })
    .await
}

/// Cases I handled, started, or got a copy of; newest first.
#[utoipa::path(get, path = "/cases", params(AskedCases), responses((status = 200, body = Page<CaseRow>)))]
async fn list_cases(app: App, Me(me): Me, Query(asked): Query<AskedCases>) -> Reply<Page<CaseRow>> {
    let AskedCases { list, q, flow, status, after, limit } = asked;
    let wanted = Wanted { q, flow, status, page: PageRequest { after, limit } };
    app.read(move |tx| lists::cases(tx, me.principal(), list, &wanted)).await
}

/// A case that I may see. Who sees it by a right to query it leaves an entry in its trace, once a day (PERM-08).
#[utoipa::path(get, path = "/cases/{id}", params(("id" = String, Path)), responses((status = 200, body = CaseView)))]
async fn find_case(app: App, Me(me): Me, Path(id): Path<CaseId>) -> Reply<CaseView> {
    let reader = me.clone();
    let look = move |tx: &mut Tx| Ok((view::case(tx, &me, id)?, query::is_unnoted(tx, &me, id)?));
    let (view, unnoted) = app.db().read(look).await?;
    if unnoted {
        // Written before he gets to see it (PERM-08).
        app.write(move |tx| query::note(tx, &reader, id)).await?;
    }
    Ok(view.into())
}

/// Who may see this case, and why: for who administers its flow (PERM-17).
#[utoipa::path(get, path = "/cases/{id}/access", params(("id" = String, Path)),
    responses((status = 200, body = CaseAccess)))]
async fn find_case_access(app: App, Me(me): Me, Path(id): Path<CaseId>) -> Reply<CaseAccess> {
    app.read(move |tx| access::find(tx, &me, id)).await
}

/// Who may see the case of this number, and why: for who administers its flow, whether he may open it or not (PERM-17).
#[utoipa::path(get, path = "/case_access", params(OfNumber), responses((status = 200, body = CaseAccess)))]
async fn find_case_access_by_number(app: App, Me(me): Me, Query(of): Query<OfNumber>) -> Reply<CaseAccess> {
    app.read(move |tx| access::find_by_number(tx, &me, &of.number)).await
}

/// I have opened it: my copy is read, my tasks in it are seen.
#[utoipa::path(post, path = "/cases/{id}/reads", params(("id" = String, Path)), responses((status = 200, body = Done)))]
async fn create_case_read(app: App, Me(me): Me, Path(id): Path<CaseId>) -> Reply<Done> {
    app.write_on(&[Key::of(id)], move |tx| {
        actions::open_case(tx, &me, id)?;
        Ok(Done { id, warnings: Vec::new() })
    })
    .await
}

/// Withdraw what I started, until it is completed.
#[utoipa::path(post, path = "/cases/{id}/withdrawal", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_withdrawal(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id, Intent::Withdraw { words: said.words() }).await
}

/// Urge those who have it now.
#[utoipa::path(post, path = "/cases/{id}/urges", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_urge(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(said): Json<Said>) -> Reply<Done> {
    let words = said.words();
    intend(app, me, id, Intent::Urge { channel: "app".to_owned(), words }).await
}

/// Say something about the case, with attachments.
#[utoipa::path(post, path = "/cases/{id}/comments", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_comment(app: App, Me(me): Me, Path(id): Path<CaseId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id, Intent::Comment { words: said.words() }).await
}

/// What waits for me, also as the agent of others; what has waited longest first.
#[utoipa::path(get, path = "/tasks", params(Asked), responses((status = 200, body = Page<TaskRow>)))]
async fn list_tasks(app: App, Me(me): Me, Query(asked): Query<Asked>) -> Reply<Page<TaskRow>> {
    let Asked { q, flow, hat, after, limit } = asked;
    let worn = match hat.as_deref() {
        None => Worn::Any,
        Some("own") => Worn::Own,
        Some(id) => Worn::Of(id.parse().map_err(|_| Error::invalid("hat", "workflow.hat_unknown"))?),
    };
    let wanted = Wanted { q, flow, status: None, page: PageRequest { after, limit } };
    app.read(move |tx| lists::waiting(tx, &me, worn, &wanted)).await
}

/// In the same unit: where he may not agree then, he has chosen nobody.
pub(super) fn choose(tx: &mut Tx, me: &Actor, id: TaskId, choices: &Choices) -> Result<()> {
    if !choices.is_empty() {
        act(tx, me, id.case, Intent::Choose { task: id.no, choices: choices.clone() })?;
    }
    Ok(())
}

/// Agree.
#[utoipa::path(post, path = "/tasks/{id}/approval", params(("id" = String, Path)), request_body = Decision, responses((status = 200, body = Done)))]
async fn create_approval(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(decision): Json<Decision>) -> Reply<Done> {
    decide(app, me, id, decision, |task, words, values| Intent::Approve { task, words, values }).await
}

/// Disagree: the case ends.
#[utoipa::path(post, path = "/tasks/{id}/rejection", params(("id" = String, Path)), request_body = Said, responses((status = 200, body = Done)))]
async fn create_rejection(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(said): Json<Said>) -> Reply<Done> {
    intend(app, me, id.case, Intent::Reject { task: id.no, words: said.words() }).await
}

/// Return the case to someone who had it before.
#[utoipa::path(post, path = "/tasks/{id}/return", params(("id" = String, Path)), request_body = Return, responses((status = 200, body = Done)))]
async fn create_return(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(asked): Json<Return>) -> Reply<Done> {
    on_case(app, id.case, move |tx| {
        let to = match asked.to.as_deref() {
            None => Target::Previous,
            Some(crate::engine::model::START) => Target::First,
            Some(node) => Target::Node(node.to_owned()),
        };
        let words = words(&asked.text, &asked.attachments);
        act(tx, &me, id.case, Intent::ReturnTo { task: id.no, to, then: asked.then, words })
    })
    .await
}

/// Note that it is carried out, and the result.
#[utoipa::path(post, path = "/tasks/{id}/completion", params(("id" = String, Path)), request_body = Decision, responses((status = 200, body = Done)))]
async fn create_completion(
    app: App,
    Me(me): Me,
    Path(id): Path<TaskId>,
    Json(decision): Json<Decision>,
) -> Reply<Done> {
    decide(app, me, id, decision, |task, words, values| Intent::Complete { task, words, values }).await
}

/// Whom he chooses, what was signed on paper and what he decides, in one unit.
async fn decide(
    app: App,
    me: Actor,
    id: TaskId,
    decision: Decision,
    intent: fn(TaskNo, Words, Values) -> Intent,
) -> Reply<Done> {
    on_case(app, id.case, move |tx| {
        choose(tx, &me, id, &decision.choices)?;
        paper::sign(tx, &me, id, &decision.paper)?;
        act(tx, &me, id.case, intent(id.no, decision.words(), decision.values.clone()))
    })
    .await
}

/// Hand in again what was returned to me.
#[utoipa::path(post, path = "/tasks/{id}/resubmission", params(("id" = String, Path)), request_body = Resubmission, responses((status = 200, body = Done)))]
async fn create_resubmission(
    app: App,
    Me(me): Me,
    Path(id): Path<TaskId>,
    Json(again): Json<Resubmission>,
) -> Reply<Done> {
    let Resubmission { values, choices, confirmed, text, attachments } = again;
    let words = words(&text, &attachments);
    intend(app, me, id.case, Intent::Resubmit { task: id.no, values, choices, confirmed, words }).await
}

/// Give a task to another, as the flow's administrator.
#[utoipa::path(post, path = "/tasks/{id}/hand_over", params(("id" = String, Path)), request_body = HandOver, responses((status = 200, body = Done)))]
async fn create_hand_over(app: App, Me(me): Me, Path(id): Path<TaskId>, Json(asked): Json<HandOver>) -> Reply<Done> {
    intend(app, me, id.case, Intent::HandOver { task: id.no, to: asked.to, words: words(&asked.text, &[]) }).await
}
