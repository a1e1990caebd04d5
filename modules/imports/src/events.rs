//! What happened, as it is recorded.

use hanlin_kernel::Audience;
use serde::Serialize;

use crate::model::{Counts, ImportId};

#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// A file was read and looked at; nothing of it is done.
    Previewed { import: ImportId, name: String, sha256: String, counts: Counts },
    /// Somebody ordered it to be carried out.
    Ordered { import: ImportId, end_gone: bool },
    /// All of it holds.
    Applied { import: ImportId, name: String, people: u64, changes: u64 },
    /// It was cancelled or failed, and nothing of it holds.
    Abandoned { import: ImportId, why: String },
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::Previewed { .. } => "imports.previewed",
            Self::Ordered { .. } => "imports.ordered",
            Self::Applied { .. } => "imports.applied",
            Self::Abandoned { .. } => "imports.abandoned",
        }
    }

    fn stream(&self) -> String {
        let (Self::Previewed { import, .. }
        | Self::Ordered { import, .. }
        | Self::Applied { import, .. }
        | Self::Abandoned { import, .. }) = self;
        format!("imports/{import}")
    }

    fn audience(&self) -> Audience {
        Audience::Nobody
    }
}
