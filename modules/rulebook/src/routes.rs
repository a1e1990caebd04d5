use hanlin_api::{App, IfMatch, Json, Me, Path, Query, Reply, Routes, routes};
use hanlin_directory::{Snapshot, model::Place};
use hanlin_kernel::{Actor, Can, Error, Page, PageRequest, Result, Text, UnitId};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    actions::{self, Change, Loaded, PresetChange},
    catalogue::{ALL, Kind, Measure, Spec},
    model::{Class, Clause, ClauseId, Mode, Parameters, Policy, Provision, Setting},
    policy::{self, MANAGE},
    presets::{self, PresetClause},
    rules::modes_of,
    snapshot::{self, Found, Rules},
    store,
};

pub(crate) fn routes() -> Routes {
    Routes::new()
        .signed_in(routes!(list_clauses, find_clause, list_parameters))
        .can(MANAGE, routes!(create_clause, update_clause, list_rulebook_presets))
        .can(MANAGE, routes!(create_rulebook_preset_preview, create_rulebook_preset_load))
}

/// A clause, as its latest version says.
#[derive(Debug, Serialize, ToSchema)]
struct ClauseView {
    id: ClauseId,
    unit: UnitId,
    unit_name: Option<Text>,
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    preset: Option<String>,
    #[serde(flatten)]
    provision: Provision,
    /// The modes that rules of its policy can have.
    modes: Vec<Mode>,
    /// For `If-Match`.
    version: u64,
    can: Can,
}

impl ClauseView {
    fn of(clause: Clause, actor: &Actor, binding: &[UnitId], directory: &Snapshot, at: Timestamp) -> Self {
        let can = policy::may(actor, binding, clause.unit);
        let Clause { id, unit, number, preset, version, provision } = clause;
        let unit_name = directory.name_of(Place::Unit(unit), at).cloned();
        let modes = modes_of(&provision.parameters);
        Self { id, unit, unit_name, number, preset, provision, modes, version, can }
    }

    fn read(tx: &mut Tx, clause: Clause, actor: &Actor) -> Result<Self> {
        let (binding, now) = (actions::binding(tx, actor)?, tx.now());
        Ok(Self::of(clause, actor, &binding, &*hanlin_directory::snapshot(tx)?, now))
    }
}

/// A clause with all that it ever said.
#[derive(Debug, Serialize, ToSchema)]
struct ClauseHistory {
    #[serde(flatten)]
    clause: ClauseView,
    /// The youngest first.
    versions: Vec<ClauseVersion>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ClauseVersion {
    version: u64,
    #[serde(flatten)]
    provision: Provision,
}

#[derive(Debug, Deserialize)]
struct ListClauses {
    unit: Option<UnitId>,
    after: Option<String>,
    limit: Option<u32>,
}

/// The clauses that bind the reader, and those of the units whose rulebook he manages, oldest first.
#[utoipa::path(get, path = "/clauses", responses((status = 200, body = Page<ClauseView>)), params(
    ("unit" = Option<UnitId>, Query, description = "Only those of this unit"),
    ("after" = Option<String>, Query, description = "The `next` of the page before"),
    ("limit" = Option<u32>, Query, description = "1 to 200; 50 unless told"),
))]
async fn list_clauses(app: App, Me(actor): Me, Query(query): Query<ListClauses>) -> Reply<Page<ClauseView>> {
    let list = move |tx: &mut Tx| {
        let binding = actions::binding(tx, &actor)?;
        let scope = actor.scope_of(MANAGE);
        let mut units: Vec<UnitId> = binding.iter().chain(&scope.units).copied().collect();
        units.sort();
        units.dedup();
        let page = PageRequest { after: query.after, limit: query.limit };
        let clauses = match query.unit {
            Some(unit) if scope.all || units.contains(&unit) => store::list(tx, Some(&[unit]), &page)?,
            Some(_) => return Err(Error::NotFound),
            None if scope.all => store::list(tx, None, &page)?,
            None => store::list(tx, Some(&units), &page)?,
        };
        let (directory, now) = (hanlin_directory::snapshot(tx)?, tx.now());
        Ok(clauses.map(|clause| ClauseView::of(clause, &actor, &binding, &directory, now)))
    };
    app.read(list).await
}

/// One clause and what it said before.
#[utoipa::path(get, path = "/clauses/{id}", responses((status = 200, body = ClauseHistory)), params(
    ("id" = ClauseId, Path),
))]
async fn find_clause(app: App, Me(actor): Me, Path(id): Path<ClauseId>) -> Reply<ClauseHistory> {
    let find = move |tx: &mut Tx| {
        let clause = actions::find_for(tx, &actor, id, "read")?;
        let versions = store::list_versions(tx, id)?;
        let versions =
            versions.into_iter().map(|one| ClauseVersion { version: one.source.version, provision: one.provision });
        Ok(ClauseHistory { versions: versions.collect(), clause: ClauseView::read(tx, clause, &actor)? })
    };
    app.read(find).await
}

/// What a clause is to say.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct ClauseContent {
    text: Text,
    policy: Policy,
    #[serde(default)]
    mode: Mode,
    parameters: Parameters,
    /// Absent: from now on.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_from: Option<Timestamp>,
    /// Absent: until further notice. Now: it ends.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_to: Option<Timestamp>,
}

impl ClauseContent {
    fn provision(self, now: Timestamp) -> Provision {
        let Self { text, policy, mode, parameters, valid_from, valid_to } = self;
        Provision { text, policy, mode, parameters, valid_from: valid_from.unwrap_or(now), valid_to }
    }
}

/// What is to change of a clause; what is absent stays. Its policy never changes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct ClausePatch {
    text: Option<Text>,
    mode: Option<Mode>,
    /// All parameters that the clause is to set.
    parameters: Option<Parameters>,
    /// Absent: from now on.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_from: Option<Timestamp>,
    /// Absent: until further notice. Now: it ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_to: Option<Timestamp>,
    /// Why, for the trace.
    #[serde(default)]
    reason: String,
}

impl ClausePatch {
    fn change(self) -> Change {
        let Self { text, mode, parameters, valid_from, valid_to, reason } = self;
        Change { text, mode, parameters, valid_from, valid_to, reason }
    }
}

/// A clause that is to be written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
struct CreateClause {
    unit: UnitId,
    /// What the organisation calls it.
    number: String,
    #[serde(flatten)]
    content: ClauseContent,
}

/// Write a clause for a unit.
#[utoipa::path(post, path = "/clauses", request_body = CreateClause, responses((status = 200, body = ClauseView)))]
async fn create_clause(app: App, Me(actor): Me, Json(body): Json<CreateClause>) -> Reply<ClauseView> {
    let create = move |tx: &mut Tx| {
        let CreateClause { unit, number, content } = body.clone();
        let provision = content.provision(tx.now());
        let clause = actions::add_clause(tx, &actor, unit, number, provision)?;
        ClauseView::read(tx, clause, &actor)
    };
    app.write(create).await
}

/// Change what a clause says, from now or a later instant on.
#[utoipa::path(put, path = "/clauses/{id}", request_body = ClausePatch, responses((status = 200, body = ClauseView)),
    params(("id" = ClauseId, Path), ("If-Match" = String, Header, description = "The version that was read")),
)]
async fn update_clause(
    app: App,
    Me(actor): Me,
    Path(id): Path<ClauseId>,
    IfMatch(version): IfMatch,
    Json(patch): Json<ClausePatch>,
) -> Reply<ClauseView> {
    let update = move |tx: &mut Tx| {
        let clause = actions::change_clause(tx, &actor, id, version, patch.clone().change())?;
        ClauseView::read(tx, clause, &actor)
    };
    app.write(update).await
}

/// A parameter, what it may be, and what holds for a unit now.
#[derive(Debug, Serialize, ToSchema)]
struct ParameterView {
    /// Stable: `password.min_length`. Its sentence is `rulebook.parameter.<name>`.
    name: &'static str,
    policy: Policy,
    kind: Kind,
    measure: Measure,
    by_class: bool,
    /// Clauses of the requirements that it serves.
    #[schema(value_type = Vec<String>)]
    serves: &'static [&'static str],
    /// One value, or one for each class of accounts.
    values: Vec<ParameterValue>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ParameterValue {
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<Class>,
    value: Setting,
    mode: Mode,
    /// The clause that says so; absent: no clause does, it is the product's own careful value.
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<ClauseRef>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ClauseRef {
    id: ClauseId,
    number: String,
    unit: UnitId,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_name: Option<Text>,
}

impl ParameterView {
    fn of(rules: &Rules, unit: Option<UnitId>, at: Timestamp, spec: &'static Spec) -> Self {
        let classes: Vec<Option<Class>> = if spec.by_class { Class::ALL.map(Some).to_vec() } else { vec![None] };
        let value = |class: Option<Class>| {
            let Found { value, mode, source } = rules.setting(unit, at, spec, class.unwrap_or_default());
            let clause = source.map(|source| ClauseRef {
                id: source.clause,
                number: source.number,
                unit: source.unit,
                unit_name: rules.directory.name_of(Place::Unit(source.unit), at).cloned(),
            });
            ParameterValue { class, value, mode, clause }
        };
        let values = classes.into_iter().map(value).collect();
        let Spec { name, policy, kind, measure, by_class, serves, .. } = *spec;
        Self { name, policy, kind, measure, by_class, serves, values }
    }
}

#[derive(Debug, Deserialize)]
struct ListParameters {
    unit: Option<UnitId>,
}

/// Every parameter with the value that holds for a unit now, and where it comes from.
#[utoipa::path(get, path = "/parameters", responses((status = 200, body = Vec<ParameterView>)), params(
    ("unit" = Option<UnitId>, Query, description = "The reader's own unless told"),
))]
async fn list_parameters(app: App, Me(actor): Me, Query(query): Query<ListParameters>) -> Reply<Vec<ParameterView>> {
    let list = move |tx: &mut Tx| {
        let now = tx.now();
        if let Some(unit) = query.unit {
            let binding = actions::binding(tx, &actor)?;
            policy::may(&actor, &binding, unit).require("read", Error::NotFound)?;
        }
        let unit = query.unit.or(actor.unit);
        let rules = snapshot::rules(tx)?;
        Ok(ALL.iter().map(|spec| ParameterView::of(&rules, unit, now, spec)).collect())
    };
    app.read(list).await
}

#[derive(Debug, Serialize, ToSchema)]
struct PresetView {
    name: &'static str,
    #[schema(value_type = Text)]
    title: &'static Text,
    #[schema(value_type = Vec<PresetClause>)]
    clauses: &'static [PresetClause],
}

/// The presets that ship: one for each source document that names a value, and the product's own.
#[utoipa::path(get, path = "/rulebook_presets", responses((status = 200, body = Vec<PresetView>)))]
async fn list_rulebook_presets(app: App) -> Reply<Vec<PresetView>> {
    let view = |preset: &'static presets::Preset| PresetView {
        name: &preset.name,
        title: &preset.title,
        clauses: &preset.clauses,
    };
    app.read(move |_| Ok(presets::presets().iter().map(view).collect())).await
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
struct LoadPreset {
    /// The unit that the clauses are to belong to.
    unit: UnitId,
}

/// What loading a preset for a unit would change: it is loaded and that is undone, and nothing of it is kept.
#[utoipa::path(post, path = "/rulebook_presets/{name}/preview", request_body = LoadPreset,
    responses((status = 200, body = Vec<PresetChange>)), params(("name" = String, Path)),
)]
async fn create_rulebook_preset_preview(
    app: App,
    Me(actor): Me,
    Path(name): Path<String>,
    Json(body): Json<LoadPreset>,
) -> Reply<Vec<PresetChange>> {
    app.rehearse(move |tx| actions::preview_preset_for(tx, &actor, body.unit, &name)).await
}

/// Load a preset as a whole: its clauses come into force now, others of the unit give way to them.
#[utoipa::path(post, path = "/rulebook_presets/{name}/load", request_body = LoadPreset,
    responses((status = 200, body = Loaded)), params(("name" = String, Path)),
)]
async fn create_rulebook_preset_load(
    app: App,
    Me(actor): Me,
    Path(name): Path<String>,
    Json(body): Json<LoadPreset>,
) -> Reply<Loaded> {
    app.write(move |tx| actions::load_preset_for(tx, &actor, body.unit, &name)).await
}
