use hanlin_kernel::{Id, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::chain::{ALGORITHM, Encoding};

/// 留痕: one thing that happened, as it is shown. Names are resolved by whoever shows it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Entry {
    #[schema(value_type = String)]
    pub id: Id<Entry>,
    /// What it belongs to: `module/noun/id`.
    pub stream: String,
    /// Its place there, from 1.
    pub seq: u64,
    /// `module.past_participle`; the key of its sentence.
    pub kind: String,
    pub version: u16,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who did it; absent: the system itself.
    #[schema(value_type = Option<String>)]
    pub person: Option<PersonId>,
    /// For whom, where he acted as agent or secretary (代理).
    #[schema(value_type = Option<String>)]
    pub on_behalf_of: Option<PersonId>,
    /// What the module said of it; absent when it was lawfully removed.
    #[schema(value_type = Option<Object>)]
    pub payload: Option<serde_json::Value>,
    /// Of the sample group, loaded or removed: done by its people, or about something of it.
    pub sample: bool,
}

impl hanlin_store::FromRow for Entry {
    fn from_row(row: &hanlin_store::Row) -> hanlin_kernel::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            stream: row.get("stream")?,
            seq: row.get("seq")?,
            kind: row.get("kind")?,
            version: row.get("version")?,
            at: row.get("at")?,
            person: row.get("person")?,
            on_behalf_of: row.get("on_behalf_of")?,
            payload: row.get::<Option<hanlin_store::Json<_>>>("payload")?.map(|json| json.0),
            // Said by a table of its own, which the store asks for a page at a time.
            sample: false,
        })
    }
}

impl Entry {
    /// An id of this instant, the `index`th of its unit of work: the order of ids is the order of time, so one index
    /// serves both. `chance` tells units of the same millisecond apart (RFC 9562 §5.7, §6.2 method 1).
    pub(crate) fn id_at(at: Timestamp, index: usize, chance: u64) -> Id<Entry> {
        let order = index.min(0xfff) as u128;
        Id::from_u128(Self::first_id_at(at) | (0x7 << 76) | (order << 64) | (0b10 << 62) | u128::from(chance >> 2))
    }

    /// Below every id of this instant and above every earlier one.
    pub(crate) fn first_id_at(at: Timestamp) -> u128 {
        (at.as_millisecond().max(0) as u128) << 80
    }
}

/// 封印: a signed statement that the trace held these entries then. It stands in the database and in the seal log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Counts from 1 without gaps, in the log; the database lacks those that a restore lost.
    pub number: u64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// The Merkle root over the last entries of the streams that grew.
    pub root: String,
    /// The digest of the seal before; empty for the first.
    pub previous: String,
    /// How many streams grew.
    pub leaves: u64,
    /// How many entries are newly covered.
    pub entries: u64,
    /// The database was put back to this seal; the seals between it and this one are lost, lawfully.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored_to: Option<u64>,
    pub algorithm: String,
    /// Ed25519 over all of the above.
    pub signature: String,
}
hanlin_store::from_row!(Seal { number, at, root, previous, leaves, entries, restored_to, algorithm, signature });

impl Seal {
    /// What is signed.
    pub(crate) fn message(&self) -> Vec<u8> {
        self.encoding().bytes()
    }

    /// What the next seal names as the one before.
    pub(crate) fn digest(&self) -> String {
        self.encoding().text(&self.signature).digest()
    }

    fn encoding(&self) -> Encoding {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let restored_to = self.restored_to.map(|number| number.to_string());
        Encoding::of("hanlin trace seal")
            .text(&self.algorithm)
            .number(count(self.number))
            .number(self.at.as_millisecond())
            .text(&self.root)
            .text(&self.previous)
            .number(count(self.leaves))
            .number(count(self.entries))
            .maybe(restored_to.as_deref())
    }

    pub(crate) fn signed_by(mut self, keys: &crate::Keys) -> Self {
        self.algorithm = ALGORITHM.to_owned();
        self.signature = keys.sign(&self.message());
        self
    }
}

/// What of the trace is wanted. All given conditions hold together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Filter {
    /// How the kind begins: `access.` for a module, `access.signed_in` for one kind.
    pub kind: Option<String>,
    /// Who acted.
    pub person: Option<PersonId>,
    pub stream: Option<String>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
}

/// How far the trace is sealed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Sealed {
    pub last: Option<Seal>,
    /// Entries that wait for the next seal.
    pub unsealed: u64,
    /// The oldest of them: older than a minute means that sealing stands still.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub unsealed_since: Option<Timestamp>,
}
