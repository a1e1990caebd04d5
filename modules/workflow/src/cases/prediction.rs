//! What would come of a form: the way it would go, with whom, and the values as the form would take them.

use std::collections::BTreeMap;

use hanlin_directory::PersonName;
use hanlin_kernel::{Actor, AppointmentId, Error, FieldError, RefusalCode, Result};
use hanlin_store::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    gallery, outside, records, start,
    view::{named, named_too},
    world::World,
};
use crate::{
    engine::{self, Away, CheckedFlow, Choices, Initiator, Route, Values, away, predict},
    flows::{self, FlowId},
};

/// The way it would go, and the values as the form would take them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PredictionView {
    pub route: Route,
    #[schema(value_type = Object)]
    pub values: Values,
    /// The absence that is asked for, and who acts meanwhile (TIME-12).
    pub absence: Option<Away>,
    /// Why it would be refused if it were handed in now: limits and lead times (FLOW-33, FLOW-34). At the field that can
    /// mend it, or at `values`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<FieldError>,
    pub people: BTreeMap<String, PersonName>,
}

pub(crate) fn prediction(
    tx: &mut Tx,
    actor: &Actor,
    id: FlowId,
    appointment: Option<AppointmentId>,
    values: &Values,
    choices: &Choices,
) -> Result<PredictionView> {
    if actor.external {
        gallery::card(tx, actor, id)?;
    }
    let running = flows::current(tx, id)?;
    let world = start::world_to_submit(tx, actor, appointment, id, &running)?;
    let principal = actor.principal();
    let initiator = super::initiator_of(&world.directory, principal, appointment.or(actor.appointment), world.at);
    let flow = &*running.checked;
    let world = start::with_asked(tx, world, flow, &initiator, None)?;
    let records = records::known(tx, actor, id, flow.form().form(), values)?;
    let world = World { records, ..world };
    let mut route = predict(flow, &initiator, values, choices, &world)?;
    if actor.external {
        outside::veil_route(&mut route, principal);
    }
    let people = named(&world.directory, &serde_json::to_value(&route).map_err(hanlin_kernel::Error::internal)?);
    let values = engine::form::foresee(flow, &initiator, values, &world);
    let absence = away(flow.flow(), &initiator, &values, &world);
    let refusals = refused(flow, &initiator, &values, &world);
    let draft = engine::Case::draft(initiator);
    let rights = engine::as_told(flow, &draft, principal, engine::start_rights(flow.flow()), &world);
    let values = flow.form().redact(&values, &rights);
    let people = named_too(people, &world.directory, &absence)?;
    Ok(PredictionView { route, values, absence, refusals, people })
}

/// Refusals as they stand at fields.
fn refused(flow: &CheckedFlow, initiator: &Initiator, values: &Values, world: &World) -> Vec<FieldError> {
    let refusals = engine::refused_now(flow.flow(), initiator, values, world).into_iter();
    let at_fields = |refusal| match Error::from(refusal) {
        Error::Invalid(fields) => fields,
        Error::Refused(RefusalCode { code, args }) => vec![FieldError { field: "values".to_owned(), code, args }],
        _ => Vec::new(),
    };
    refusals.flat_map(at_fields).collect()
}
