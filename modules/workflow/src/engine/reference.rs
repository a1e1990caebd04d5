//! How a flow names people, posts and parts of the organisation.

use std::{fmt, str::FromStr};

use hanlin_kernel::{Id, tag};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Names something of the directory: by its id, or by its code in that organisation (so that a flow package fits
/// many). A code begins with a letter, an id's text with a digit.
pub enum Ref<T: ?Sized> {
    Id(Id<T>),
    Code(String),
}

pub type PersonRef = Ref<tag::Person>;
pub type UnitRef = Ref<tag::Unit>;
pub type DepartmentRef = Ref<tag::Department>;
pub type PostRef = Ref<tag::Post>;
pub type RankRef = Ref<tag::Rank>;
pub type GroupRef = Ref<tag::Group>;

impl<T: ?Sized> Ref<T> {
    pub fn code(code: impl Into<String>) -> Self {
        Self::Code(code.into())
    }
}

impl<T: ?Sized> From<Id<T>> for Ref<T> {
    fn from(id: Id<T>) -> Self {
        Self::Id(id)
    }
}

/// The text is neither an id nor a code (a letter, then letters, digits, `_`, `-`, `.`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither an id nor a code: a code begins with a letter and holds letters, digits, `_`, `-` and `.`")]
pub struct NotARef;

impl<T: ?Sized> FromStr for Ref<T> {
    type Err = NotARef;

    fn from_str(text: &str) -> Result<Self, NotARef> {
        let mut letters = text.chars();
        match letters.next() {
            Some(first) if first.is_alphabetic() => {
                let legal = letters.all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'));
                if legal { Ok(Self::Code(text.to_owned())) } else { Err(NotARef) }
            }
            _ => text.parse().map(Self::Id).map_err(|_| NotARef),
        }
    }
}

impl<T: ?Sized> Clone for Ref<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Id(id) => Self::Id(*id),
            Self::Code(code) => Self::Code(code.clone()),
        }
    }
}
impl<T: ?Sized> PartialEq for Ref<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Id(a), Self::Id(b)) => a == b,
            (Self::Code(a), Self::Code(b)) => a == b,
            _ => false,
        }
    }
}
impl<T: ?Sized> Eq for Ref<T> {}
impl<T: ?Sized> fmt::Display for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => fmt::Display::fmt(id, f),
            Self::Code(code) => f.write_str(code),
        }
    }
}
impl<T: ?Sized> fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl<T: ?Sized> Serialize for Ref<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, T: ?Sized> Deserialize<'de> for Ref<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|cause| serde::de::Error::custom(format!("`{text}`: {cause}")))
    }
}
impl<T: ?Sized> utoipa::PartialSchema for Ref<T> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::String).into()
    }
}
impl<T: ?Sized> utoipa::ToSchema for Ref<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Ref".into()
    }
}
