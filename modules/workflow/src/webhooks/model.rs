use hanlin_kernel::Id;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{cases::CaseId, engine::case::ActivationNo};

/// Names an endpoint in ids.
#[derive(Debug)]
pub enum EndpointTag {}
pub type EndpointId = Id<EndpointTag>;

/// Names a delivery in ids.
#[derive(Debug)]
pub enum DeliveryTag {}
pub type DeliveryId = Id<DeliveryTag>;

/// 接口: another system.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Endpoint {
    pub id: EndpointId,
    /// What flows say.
    pub name: String,
    pub url: String,
    /// The ids of the flows that may ask it; none named: all.
    pub flows: Vec<String>,
    pub enabled: bool,
    /// How often its secret was renewed.
    pub renewed: u32,
    /// Until when the secret before that counts too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_until: Option<Timestamp>,
    pub version: u64,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

impl Endpoint {
    /// May cases of this flow ask it?
    pub(crate) fn serves(&self, flow: &str) -> bool {
        self.enabled && (self.flows.is_empty() || self.flows.iter().any(|code| code == flow))
    }
}

/// How a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It is to be sent, or sent again.
    Waiting,
    /// It was taken, and the other side answers later.
    Sent,
    Answered,
    /// It is not tried any more.
    Failed,
}

impl DeliveryState {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Answered => "answered",
            Self::Failed => "failed",
        }
    }

    pub(crate) fn named(word: &str) -> Option<Self> {
        [Self::Waiting, Self::Sent, Self::Answered, Self::Failed].into_iter().find(|state| state.word() == word)
    }
}

/// One request to another system.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub id: DeliveryId,
    /// By its name, as it was when it was to go out.
    pub endpoint: String,
    /// The visit that waits for the answer; nothing: somebody tried the endpoint.
    pub case: Option<CaseId>,
    pub activation: Option<ActivationNo>,
    pub body: String,
    pub state: DeliveryState,
    pub n_tries: u32,
    /// What the last try came to.
    pub status: Option<u16>,
    pub reason: Option<String>,
    pub created_at: Timestamp,
    pub settled_at: Option<Timestamp>,
}

impl Delivery {
    pub(crate) fn visit(&self) -> Option<(CaseId, ActivationNo)> {
        self.case.zip(self.activation)
    }
}
