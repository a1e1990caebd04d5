//! What a package is held against besides itself: who is there, and which other systems are registered.

use std::sync::Arc;

use hanlin_directory::Snapshot;
use hanlin_kernel::Result;
use hanlin_store::Tx;
use jiff::Timestamp;

use super::{Package, nearest::nearest, problem::Problem, reader::Reader};
use crate::{engine::Node, webhooks};

/// An installation, as a package sees it.
#[derive(Clone)]
pub struct Installation {
    pub directory: Arc<Snapshot>,
    pub at: Timestamp,
    /// Nothing: which there are is not known.
    endpoints: Option<Vec<webhooks::Endpoint>>,
}

impl Installation {
    pub fn of(tx: &mut Tx) -> Result<Self> {
        let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
        Ok(Self { directory, at, endpoints: Some(webhooks::list_endpoints(tx)?) })
    }

    /// An organisation of which nothing else is known.
    pub fn of_people(directory: Snapshot, at: Timestamp) -> Self {
        Self { directory: Arc::new(directory), at, endpoints: None }
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
