use hanlin_kernel::{Audience, UnitId};
use jiff::Timestamp;
use serde::Serialize;

use crate::model::{Because, Seat, SeatId};

/// What happened to the seats of a unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// Somebody was named, with his post and contact; whose seat he took over ended in the same instant.
    Named {
        seat: Seat,
    },
    Ended {
        unit: UnitId,
        seat: SeatId,
        at: Timestamp,
        because: Because,
    },
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::Named { .. } => "seats.named",
            Self::Ended { .. } => "seats.ended",
        }
    }

    fn stream(&self) -> String {
        match self {
            Self::Named { seat } => format!("seats/unit/{}", seat.unit),
            Self::Ended { unit, .. } => format!("seats/unit/{unit}"),
        }
    }

    fn audience(&self) -> Audience {
        Audience::Everyone
    }
}
