use std::collections::BTreeMap;

use hanlin_kernel::Audience;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    Loaded {
        people: u64,
        accounts: u64,
    },
    /// How many things of each kind went.
    Removed {
        people: u64,
        cases: u64,
        counts: BTreeMap<String, u64>,
    },
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::Loaded { .. } => "sample.loaded",
            Self::Removed { .. } => "sample.removed",
        }
    }

    fn stream(&self) -> String {
        "sample/group/main".to_owned()
    }

    /// Address books, galleries and trees on open screens read again.
    fn audience(&self) -> Audience {
        Audience::Everyone
    }
}
