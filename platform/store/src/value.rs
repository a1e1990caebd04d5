use hanlin_kernel::Id;
use jiff::{Timestamp, civil};
use serde::{Serialize, de::DeserializeOwned};

/// What both engines can hold. Instants are Unix milliseconds, dates ISO text, money minor units, JSON text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// What can be bound to `$n`.
pub trait ToValue {
    fn to_value(&self) -> Value;
}

/// What a column can be read as. The error says what was found instead.
pub trait FromValue: Sized {
    fn from_value(value: &Value) -> Result<Self, String>;
}

/// JSON kept as text: `Json(&values)` in `params!`, `row.get::<Json<T>>("values")?.0` when read.
#[derive(Clone, Debug, PartialEq)]
pub struct Json<T>(pub T);

/// The parameters of a statement, in the order of `$1`, `$2`, ….
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::ToValue::to_value(&$value)),*] as &[$crate::Value] };
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}
impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (*self).to_value()
    }
}
impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}
impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}
impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}
impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}
impl ToValue for f64 {
    fn to_value(&self) -> Value {
        Value::Real(*self)
    }
}
impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}
impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Bytes(self.clone())
    }
}
impl<T: ?Sized> ToValue for Id<T> {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
}
impl ToValue for Timestamp {
    fn to_value(&self) -> Value {
        Value::Int(self.as_millisecond())
    }
}
impl ToValue for civil::Date {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }
}
impl<T: Serialize> ToValue for Json<T> {
    fn to_value(&self) -> Value {
        Value::Text(serde_json::to_string(&self.0).expect("our types serialise: string keys, no failing impls"))
    }
}

macro_rules! integers {
    ($($integer:ty),*) => { $(
        impl ToValue for $integer {
            fn to_value(&self) -> Value {
                Value::Int(i64::from(*self))
            }
        }
        impl FromValue for $integer {
            fn from_value(value: &Value) -> Result<Self, String> {
                match value {
                    Value::Int(number) => <$integer>::try_from(*number).map_err(|_| format!("{number} is out of range")),
                    other => Err(found("an integer", other)),
                }
            }
        }
    )* };
}
integers!(i64, i32, i16, u8, u16, u32);

impl ToValue for u64 {
    fn to_value(&self) -> Value {
        Value::Int(i64::try_from(*self).expect("counts and sizes stay below 2^63"))
    }
}
impl FromValue for u64 {
    fn from_value(value: &Value) -> Result<Self, String> {
        let number = i64::from_value(value)?;
        u64::try_from(number).map_err(|_| format!("{number} is out of range"))
    }
}
impl ToValue for usize {
    fn to_value(&self) -> Value {
        (*self as u64).to_value()
    }
}

impl FromValue for Value {
    fn from_value(value: &Value) -> Result<Self, String> {
        Ok(value.clone())
    }
}
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}
impl FromValue for String {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            other => Err(found("text", other)),
        }
    }
}
impl FromValue for bool {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bool(flag) => Ok(*flag),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => Err(found("a boolean", other)),
        }
    }
}
impl FromValue for f64 {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Real(number) => Ok(*number),
            Value::Int(number) => Ok(*number as f64),
            other => Err(found("a measurement", other)),
        }
    }
}
impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Bytes(bytes) => Ok(bytes.clone()),
            other => Err(found("bytes", other)),
        }
    }
}
impl<T: ?Sized> FromValue for Id<T> {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => text.parse().map_err(|_| format!("`{text}` is not an id")),
            other => Err(found("an id", other)),
        }
    }
}
impl FromValue for Timestamp {
    fn from_value(value: &Value) -> Result<Self, String> {
        Timestamp::from_millisecond(i64::from_value(value)?).map_err(|error| error.to_string())
    }
}
impl FromValue for civil::Date {
    fn from_value(value: &Value) -> Result<Self, String> {
        String::from_value(value)?.parse().map_err(|error: jiff::Error| error.to_string())
    }
}
impl<T: DeserializeOwned> FromValue for Json<T> {
    fn from_value(value: &Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => serde_json::from_str(text).map(Json).map_err(|error| error.to_string()),
            other => Err(found("JSON text", other)),
        }
    }
}

fn found(wanted: &str, value: &Value) -> String {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Int(_) => "an integer",
        Value::Real(_) => "a real",
        Value::Text(_) => "text",
        Value::Bytes(_) => "bytes",
    };
    format!("wanted {wanted}, found {kind}")
}
