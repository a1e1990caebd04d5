use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use axum::{
    Router,
    extract::{Request, State},
    http::header::CONTENT_TYPE,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use hanlin_kernel::Error;
use serde_json::{Value, json};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::{
    ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathsBuilder,
    extensions::Extensions,
    path::{Operation, PathItem},
};

use crate::{
    app::Shared,
    assets::Assets,
    auth, idempotency, live,
    module::Module,
    observe,
    problem::{Failure, Problem},
    routes::{Described, Guard},
};

/// Everything under one roof: `/api/v1/…` of all modules, the OpenAPI document, live updates, readiness, the client.
pub fn build(shared: Shared, modules: Vec<Module>, assets: Assets) -> Router {
    let document = Arc::new(Document { operations: noted(&modules), text: OnceLock::new() });
    let mut api: Router<Shared> = Router::new();
    for module in modules {
        for (guard, operation) in module.routes.operations {
            let door = from_fn_with_state((shared.clone(), guard), auth::door);
            api = api.route(&operation.path, operation.router.layer(from_fn(idempotency::read_key)).layer(door));
        }
    }
    let live_door = from_fn_with_state((shared.clone(), Guard::External), auth::door);
    let api = api
        .route("/live", get(live::live).layer(live_door))
        .fallback(async || Failure(Error::NotFound).into_response());
    Router::new()
        .nest("/api/v1", api)
        .route("/api/openapi.json", get(async move || ([(CONTENT_TYPE, "application/json")], document.text())))
        .route("/healthz", get(ready))
        .fallback(async move |request: Request| assets.serve(&request))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(shared.clone(), observe::observe))
        .with_state(shared)
}

/// 200 when the database answers.
async fn ready(State(shared): State<Shared>) -> Response {
    match shared.db().read(|tx| tx.scalar::<i64>("select cast(1 as bigint)", &[])).await {
        Ok(_) => axum::Json(json!({ "ready": true })).into_response(),
        Err(error) => Failure(error).into_response(),
    }
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    Failure(Error::internal(format!("a handler panicked: {}", text.unwrap_or_default()))).into_response()
}

/// The document as it is served: made when somebody first asks for it.
struct Document {
    operations: Vec<Noted>,
    /// The tree takes ten times the memory.
    text: OnceLock<Bytes>,
}

impl Document {
    fn text(&self) -> Bytes {
        let made = || Bytes::from(serde_json::to_vec(&told(&self.operations)).expect("a document of the API is JSON"));
        self.text.get_or_init(made).clone()
    }
}

/// What the document needs of an operation.
struct Noted {
    path: String,
    module: &'static str,
    guard: Guard,
    describe: fn() -> Described,
}

fn noted(modules: &[Module]) -> Vec<Noted> {
    let of_module = |module: &Module| {
        let name = module.name;
        let operations = module.routes.operations.iter();
        let noted = operations.map(move |(guard, operation)| Noted {
            path: operation.path.clone(),
            module: name,
            guard: *guard,
            describe: operation.describe,
        });
        noted.collect::<Vec<_>>()
    };
    modules.iter().flat_map(of_module).collect()
}

/// The document of all operations, from the code (OpenAPI 3.1).
pub fn openapi(modules: &[Module]) -> OpenApi {
    told(&noted(modules))
}

fn told(operations: &[Noted]) -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new().schema_from::<Problem>();
    let mut known = BTreeMap::new();
    for Noted { path, module, guard, describe } in operations {
        let Described { item, schemas } = describe();
        paths = paths.path(format!("/api/v1{path}"), described(item, module, *guard));
        for (name, schema) in &schemas {
            let same = known.insert(name.clone(), schema.clone()).is_none_or(|before| before == *schema);
            assert!(same, "two types are called {name} in the API ({path}): rename one of them");
        }
        components = components.schemas_from_iter(schemas);
    }
    let info = InfoBuilder::new()
        .title("Hanlin")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Every unsafe request may carry an `Idempotency-Key`: a repeat gets the first answer. \
             A request that is not done is answered with a `Problem` (RFC 9457).",
        ))
        .build();
    OpenApiBuilder::new().info(info).paths(paths.build()).components(Some(components.build())).build()
}

/// Adds to each operation its module, its guard, and the problem it may answer with.
fn described(mut item: PathItem, module: &str, guard: Guard) -> PathItem {
    let operations: [&mut Option<Operation>; 5] =
        [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
    for operation in operations.into_iter().flatten() {
        operation.tags = Some(vec![module.to_owned()]);
        let guard: Extensions = Extensions::builder().add("x-guard", Value::String(guard.name())).build();
        operation.extensions.get_or_insert_default().merge(guard);
        let problem = utoipa::openapi::ResponseBuilder::new()
            .description("Not done: the code says why")
            .content(
                "application/problem+json",
                utoipa::openapi::ContentBuilder::new()
                    .schema(Some(utoipa::openapi::Ref::from_schema_name("Problem")))
                    .build(),
            )
            .build();
        operation.responses.responses.insert("default".to_owned(), problem.into());
    }
    item
}
