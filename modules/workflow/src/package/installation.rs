//! What a package is held against besides itself: who is there, and which other systems are registered.

use std::sync::Arc;

use hanlin_directory::Snapshot;
use hanlin_forms::form::{Field, Register as Of};
use hanlin_kernel::Result;
use hanlin_store::Tx;
use jiff::Timestamp;

use super::{Package, nearest::nearest, problem::Problem, reader::Reader};
use crate::{engine::Node, flows, registers::Register, webhooks};

/// An installation, as a package sees it.
#[derive(Clone)]
pub struct Installation {
    pub directory: Arc<Snapshot>,
    pub at: Timestamp,
    /// Nothing: which there are is not known.
    endpoints: Option<Vec<webhooks::Endpoint>>,
    /// What related records can be of; nothing: that is not known.
    pub(super) registers: Option<Vec<(Of, Vec<Field>)>>,
}

impl Installation {
    pub fn of(tx: &mut Tx) -> Result<Self> {
        let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
        let mut registers = Vec::new();
        for flow in flows::list_flows(tx)? {
            // One that is not open, nobody can begin: it may still have records.
            if let Some(version) = flow.current
                && let Ok(checked) = flows::running(tx, version)
            {
                registers.push((Of::Flow(flow.code), checked.form().form().fields.clone()));
            }
        }
        let endpoints = Some(webhooks::list_endpoints(tx)?);
        let lent: Vec<Register> = tx.ports().of::<Register>().copied().collect();
        Ok(Self { directory, at, endpoints, registers: Some(registers) }.with_registers(lent))
    }

    /// And with what modules lend: where no server runs, nobody has handed it in.
    pub fn with_registers(mut self, lent: impl IntoIterator<Item = Register>) -> Self {
        let of = |register: Register| (Of::Kind(register.kind.to_owned()), register.fields());
        self.registers.get_or_insert_default().extend(lent.into_iter().map(of));
        self
    }

    /// And with the flow of this package, which comes beside others: before what is there already.
    pub fn with_flow(mut self, package: &Package) -> Self {
        let of = (Of::Flow(package.flow.id.clone()), package.flow.form.fields.clone());
        self.registers.get_or_insert_default().insert(0, of);
        self
    }

    /// An organisation of which nothing else is known.
    pub fn of_people(directory: Snapshot, at: Timestamp) -> Self {
        Self { directory: Arc::new(directory), at, endpoints: None, registers: None }
    }

    /// What its nodes ask and is not registered, or not for this flow, is a warning: it may be registered before the flow
    /// is published, which is refused without.
    pub(super) fn check_endpoints(&self, reader: &mut Reader, package: &Package) {
        let Some(endpoints) = &self.endpoints else { return };
        for webhook in package.flow.nodes().into_iter().filter_map(Node::webhook) {
            let name = webhook.endpoint.as_str();
            let known = endpoints.iter().find(|endpoint| endpoint.name == name);
            if name.is_empty() || known.is_some_and(|endpoint| endpoint.serves(&package.flow.id)) {
                continue;
            }
            let mark = reader.places.of(&format!("nodes.{}.endpoint", webhook.key));
            let problem = match known {
                Some(_) => Problem::warning(mark, "endpoint_closed").with("endpoint", name),
                None => {
                    let names = endpoints.iter().map(|endpoint| endpoint.name.as_str());
                    Problem::warning(mark, "endpoint_unknown").with("endpoint", name).meant(nearest(name, names))
                }
            };
            reader.problems.push(problem);
        }
    }
}
