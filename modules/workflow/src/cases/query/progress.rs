//! How far the rows of the cases are written that were there when a field was indexed: until then they are not found by it.

use std::collections::BTreeMap;

use hanlin_kernel::Result;
use hanlin_store::{Tx, jobs};
use serde::Serialize;
use utoipa::ToSchema;

use super::values::{INDEX, Order};
use crate::flows::FlowId;

/// 补写: how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Indexing {
    /// Cases whose rows are written.
    pub done: u64,
    /// 0 while it is not known.
    pub total: u64,
    /// It failed, was cancelled, or was lost with its server: older cases stay out until it is begun again.
    pub stopped: bool,
}

/// The flows of which some cases are not found by what is indexed now.
pub(crate) fn unfinished(tx: &mut Tx) -> Result<BTreeMap<FlowId, Indexing>> {
    let now = tx.now();
    let mut latest = BTreeMap::new();
    for job in jobs::list_of(tx, INDEX)? {
        let Ok(Order { flow }) = serde_json::from_value(job.input.clone()) else { continue };
        // The newest of a flow counts: it goes through all of its cases.
        latest.entry(flow).or_insert(job);
    }
    let open = latest.into_iter().filter(|(_, job)| job.state != "done");
    let indexing = |job: jobs::Job| Indexing { done: job.done, total: job.total, stopped: !job.is_under_way(now) };
    Ok(open.map(|(flow, job)| (flow, indexing(job))).collect())
}
