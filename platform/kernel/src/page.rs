use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One keyset page: `next` is given back as `after` to read on; absent at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What of a list is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// The `next` of the page before. Opaque.
    pub after: Option<String>,
    /// How many, 1 to 200; 50 unless told.
    pub limit: Option<u32>,
}

impl PageRequest {
    pub const LARGEST: u32 = 200;

    pub fn limit(&self) -> usize {
        self.limit.unwrap_or(50).clamp(1, Self::LARGEST) as usize
    }
}

impl<T> Page<T> {
    /// Makes a page of rows read with `limit + 1`: the surplus row tells that there is more.
    pub fn of(mut rows: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Self { items: rows, next }
    }

    /// The page of a search that looked through a part of the list: where it goes on, unless the page was full before.
    pub fn or_on(mut self, next: Option<String>) -> Self {
        self.next = self.next.or(next);
        self
    }

    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(each).collect(), next: self.next }
    }
}
