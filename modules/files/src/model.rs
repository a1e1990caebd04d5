use std::{collections::BTreeMap, sync::Arc};

use hanlin_kernel::{Actor, Id, PersonId, Result};
use hanlin_store::Tx;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::blobs::Blobs;

/// 附件
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct File {
    pub id: Id<File>,
    pub name: String,
    /// Bytes.
    pub size: u64,
    pub media_type: String,
    /// Lower-case hex; equal for equal content.
    pub sha256: String,
    #[serde(skip)]
    pub uploader: PersonId,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

impl File {
    /// Whether a small picture of it can be had.
    pub fn has_thumbnail(&self) -> bool {
        crate::thumbnail::is_possible(&self.media_type)
    }
}

/// What somebody uploaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uploads {
    /// Files that belong to something: they stay with it, and whoever may open it opens them.
    pub attached: u64,
    /// Files that belong to nothing yet: nobody else can open them, and they are swept.
    pub loose: u64,
}

/// May this actor open this file that belongs to this thing? Implemented by the module that owns the thing.
pub trait Owner: Send + Sync + 'static {
    fn may_open(&self, tx: &mut Tx, actor: &Actor, thing: &str, file: Id<File>) -> Result<bool>;

    /// Does his opening it want to be written down first? Asked only where he may, on a transaction that reads.
    fn is_unnoted(&self, _tx: &mut Tx, _actor: &Actor, _thing: &str) -> Result<bool> {
        Ok(false)
    }

    /// Writes down that he opened it.
    fn note(&self, _tx: &mut Tx, _actor: &Actor, _thing: &str) -> Result<()> {
        Ok(())
    }
}

/// The service: where the bytes are, and who answers for which kind of thing.
pub struct Files {
    pub blobs: Blobs,
    owners: BTreeMap<&'static str, Arc<dyn Owner>>,
}

impl Files {
    pub fn new(blobs: Blobs) -> Self {
        Self { blobs, owners: BTreeMap::new() }
    }

    /// Things of this kind (`workflow.case`) are this owner's.
    pub fn owned(mut self, kind: &'static str, owner: impl Owner) -> Self {
        self.owners.insert(kind, Arc::new(owner));
        self
    }

    pub(crate) fn owner(&self, kind: &str) -> Option<&dyn Owner> {
        self.owners.get(kind).map(|owner| &**owner)
    }
}
