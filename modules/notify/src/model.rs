use hanlin_kernel::{Id, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// What is to be told: the key of its sentence, the arguments, and the page it leads to (`/cases/<id>`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    pub code: String,
    pub args: Map<String, Value>,
    pub link: String,
}

impl Notice {
    pub fn new(code: &str, link: impl Into<String>) -> Self {
        Self { code: code.to_owned(), args: Map::new(), link: link.into() }
    }

    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).expect("arguments are names, numbers and texts");
        self.args.insert(name.to_owned(), value);
        self
    }
}

/// 消息提醒: what one person was told.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Notification {
    #[schema(value_type = String)]
    pub id: Id<Notification>,
    #[serde(skip)]
    pub person: PersonId,
    pub code: String,
    #[schema(value_type = Object)]
    pub args: Map<String, Value>,
    pub link: String,
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub read_at: Option<Timestamp>,
}
