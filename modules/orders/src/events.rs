use hanlin_kernel::{Audience, PersonId, UnitId};
use jiff::Timestamp;
use serde::Serialize;

use crate::model::{Change, Content, OrderId, Origin, Problem};

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    Drafted {
        order: OrderId,
        unit: UnitId,
        content: Content,
        counter_of: Option<OrderId>,
        /// The case that opened it.
        #[serde(skip_serializing_if = "Option::is_none")]
        origin: Option<Origin>,
    },
    Changed {
        order: OrderId,
        before: Content,
        after: Content,
    },
    Issued {
        order: OrderId,
        effective_at: Timestamp,
        due_at: Timestamp,
    },
    /// Everything in it was done, under this order.
    Applied {
        order: OrderId,
        issued_by: PersonId,
        at: Timestamp,
        inverse: Vec<Change>,
    },
    /// Its time came, something stood in the way, and nothing was done.
    Failed {
        order: OrderId,
        problem: Problem,
    },
    /// A second person approved it as it stands.
    Reviewed {
        order: OrderId,
    },
    /// A second person gave it back to its author.
    Returned {
        order: OrderId,
        reason: String,
    },
    Withdrawn {
        order: OrderId,
    },
    Ticked {
        order: OrderId,
        item: String,
        ticked: bool,
    },
    Verified {
        order: OrderId,
    },
    /// What waited at one person was given to another.
    HandedOver {
        person: PersonId,
        successor: PersonId,
        tasks: u64,
        left: u64,
        reason: String,
    },
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::Drafted { .. } => "orders.drafted",
            Self::Changed { .. } => "orders.changed",
            Self::Issued { .. } => "orders.issued",
            Self::Applied { .. } => "orders.applied",
            Self::Failed { .. } => "orders.failed",
            Self::Reviewed { .. } => "orders.reviewed",
            Self::Returned { .. } => "orders.returned",
            Self::Withdrawn { .. } => "orders.withdrawn",
            Self::Ticked { .. } => "orders.ticked",
            Self::Verified { .. } => "orders.verified",
            Self::HandedOver { .. } => "orders.handed_over",
        }
    }

    fn stream(&self) -> String {
        match self {
            Self::Drafted { order, .. }
            | Self::Changed { order, .. }
            | Self::Issued { order, .. }
            | Self::Applied { order, .. }
            | Self::Failed { order, .. }
            | Self::Reviewed { order }
            | Self::Returned { order, .. }
            | Self::Withdrawn { order }
            | Self::Ticked { order, .. }
            | Self::Verified { order } => format!("orders/order/{order}"),
            Self::HandedOver { person, .. } => format!("orders/hand_over/{person}"),
        }
    }

    fn audience(&self) -> Audience {
        Audience::Everyone
    }
}
