use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which of the two, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    Phrases,
    Filters,
}

impl Thing {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Phrases => "phrases",
            Self::Filters => "filters",
        }
    }
}

/// What somebody keeps of one thing. Version 0: nothing yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept<T> {
    pub items: Vec<T>,
    pub version: u64,
}

/// 常用筛选: a list of the inbox as its reader likes to look at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedFilter {
    pub name: String,
    pub list: SavedList,
    pub filter: Sifted,
}

/// The lists that can be sifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SavedList {
    Waiting,
    Done,
    Started,
    Copied,
}

/// By what, as the lists are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sifted {
    /// Words that title, number or initiator hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// `own`, or the id of one whose agent he is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hat: Option<String>,
}

impl Sifted {
    pub(crate) fn parts(&self) -> impl Iterator<Item = &String> {
        [&self.q, &self.flow, &self.status, &self.hat].into_iter().flatten()
    }
}
