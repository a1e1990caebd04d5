use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Names of the nouns that more than one module speaks of, to type their ids.
pub mod tag {
    /// 人员
    #[derive(Debug)]
    pub enum Person {}
    /// 单位
    #[derive(Debug)]
    pub enum Unit {}
    /// 部门
    #[derive(Debug)]
    pub enum Department {}
    /// 岗位
    #[derive(Debug)]
    pub enum Post {}
    /// 职级
    #[derive(Debug)]
    pub enum Rank {}
    /// 任职
    #[derive(Debug)]
    pub enum Appointment {}
    /// 人员组
    #[derive(Debug)]
    pub enum Group {}
}

pub type PersonId = Id<tag::Person>;
pub type UnitId = Id<tag::Unit>;
pub type DepartmentId = Id<tag::Department>;
pub type PostId = Id<tag::Post>;
pub type RankId = Id<tag::Rank>;
pub type AppointmentId = Id<tag::Appointment>;
pub type GroupId = Id<tag::Group>;

/// A UUIDv7 typed by what it names. Shown and stored as 26 lower-case base-32 characters
/// (Crockford's alphabet), so that text order is order of creation in both engines.
pub struct Id<T: ?Sized>(u128, PhantomData<fn() -> T>);

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

impl<T: ?Sized> Id<T> {
    /// A fresh id of this instant. Ids made in one process never repeat and never go back.
    #[expect(clippy::new_without_default, reason = "a default id would hide that each is different")]
    pub fn new() -> Self {
        Self(Uuid::now_v7().as_u128(), PhantomData)
    }

    /// A fixed id, older than any that [`Id::new`] makes: for samples and tests.
    pub const fn fixed(number: u64) -> Self {
        Self((7 << 76) | (0b10 << 62) | (number as u128 & ((1 << 62) - 1)), PhantomData)
    }

    pub const fn as_u128(self) -> u128 {
        self.0
    }

    pub const fn from_u128(value: u128) -> Self {
        Self(value, PhantomData)
    }

    /// The same number, as the name of another noun.
    pub const fn cast<U: ?Sized>(self) -> Id<U> {
        Id(self.0, PhantomData)
    }
}

impl<T: ?Sized> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: ?Sized> Copy for Id<T> {}
impl<T: ?Sized> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T: ?Sized> Eq for Id<T> {}
impl<T: ?Sized> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T: ?Sized> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T: ?Sized> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T: ?Sized> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0u8; LENGTH];
        let mut rest = self.0;
        for place in text.iter_mut().rev() {
            *place = ALPHABET[(rest & 31) as usize];
            rest >>= 5;
        }
        f.write_str(std::str::from_utf8(&text).expect("the alphabet is ASCII"))
    }
}
impl<T: ?Sized> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not 26 characters of the id alphabet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

impl<T: ?Sized> FromStr for Id<T> {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.len() != LENGTH {
            return Err(NotAnId);
        }
        let mut value: u128 = 0;
        for (index, byte) in text.bytes().enumerate() {
            let digit = ALPHABET.iter().position(|letter| *letter == byte).ok_or(NotAnId)? as u128;
            if index == 0 && digit > 7 {
                return Err(NotAnId);
            }
            value = (value << 5) | digit;
        }
        Ok(Self(value, PhantomData))
    }
}

impl<T: ?Sized> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de, T: ?Sized> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom(format!("`{text}` is not an id")))
    }
}

impl<T: ?Sized> utoipa::__dev::ComposeSchema for Id<T> {
    fn compose(
        _generics: Vec<utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>>,
    ) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .min_length(Some(LENGTH))
            .max_length(Some(LENGTH))
            .into()
    }
}
impl<T: ?Sized> utoipa::ToSchema for Id<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_order_is_order_of_creation() {
        let ids: Vec<PersonId> = (0..1000).map(|_| Id::new()).collect();
        let mut texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let made = texts.clone();
        texts.sort();
        assert_eq!(texts, made);
    }

    #[test]
    fn an_id_reads_back_from_its_text() {
        for id in [PersonId::new(), Id::fixed(0), Id::fixed(9), Id::from_u128(u128::MAX)] {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert!("8zzzzzzzzzzzzzzzzzzzzzzzzz".parse::<PersonId>().is_err(), "129 bits");
        assert!("short".parse::<PersonId>().is_err());
    }

    #[test]
    fn fixed_ids_are_older_than_any_made() {
        assert!(PersonId::fixed(u64::MAX) < PersonId::new());
    }
}
