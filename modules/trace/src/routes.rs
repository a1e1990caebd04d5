use hanlin_api::{App, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_kernel::{Id, Page, PageRequest, PersonId};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    actions::{self, READ, REDACT, Redaction},
    model::{Entry, Filter, Sealed},
};

pub(crate) fn routes() -> Routes {
    Routes::new().can(READ, routes!(list_trace, find_trace, find_trace_seals)).can(REDACT, routes!(create_redaction))
}

/// The query of the audit log.
#[derive(Deserialize, IntoParams)]
struct Wanted {
    /// How the kind begins: `access.` for a module, `access.signed_in` for one kind.
    kind: Option<String>,
    /// Who acted.
    #[param(value_type = Option<String>)]
    person: Option<PersonId>,
    /// `module/noun/id`: all of one thing.
    stream: Option<String>,
    /// From this instant on.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Before this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
    /// The `next` of the page before.
    after: Option<String>,
    /// 1 to 200; 50 unless told.
    limit: Option<u32>,
}

/// The audit log, newest first.
#[utoipa::path(get, path = "/trace", tag = "trace", params(Wanted), responses((status = 200, body = Page<Entry>)))]
async fn list_trace(app: App, Me(actor): Me, Query(wanted): Query<Wanted>) -> Reply<Page<Entry>> {
    let page = PageRequest { after: wanted.after, limit: wanted.limit };
    let filter = Filter {
        kind: wanted.kind,
        person: wanted.person,
        stream: wanted.stream,
        from: wanted.from,
        until: wanted.until,
    };
    app.read(move |tx| actions::list_for(tx, &actor, &filter, &page)).await
}

/// One entry of the trace.
#[utoipa::path(get, path = "/trace/{id}", tag = "trace", params(("id" = String, Path)), responses((status = 200, body = Entry)))]
async fn find_trace(app: App, Me(actor): Me, Path(id): Path<Id<Entry>>) -> Reply<Entry> {
    app.read(move |tx| actions::find_for(tx, &actor, id)).await
}

/// How far the trace is sealed.
#[utoipa::path(get, path = "/trace_seals", tag = "trace", responses((status = 200, body = Sealed)))]
async fn find_trace_seals(app: App, Me(actor): Me) -> Reply<Sealed> {
    app.read(move |tx| actions::find_sealed_for(tx, &actor)).await
}

/// Remove the payload of an entry where the law asks for it.
#[utoipa::path(
    post, path = "/trace/{id}/redaction", tag = "trace", params(("id" = String, Path)),
    request_body = Redaction, responses((status = 200, body = Entry))
)]
async fn create_redaction(
    app: App,
    Me(actor): Me,
    Path(id): Path<Id<Entry>>,
    Json(intent): Json<Redaction>,
) -> Reply<Entry> {
    app.write(move |tx| actions::redact(tx, &actor, id, &intent)).await
}
