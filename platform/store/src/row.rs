use std::sync::Arc;

use hanlin_kernel::{Error, Result};

use crate::value::{FromValue, Value};

/// One row, by column name. Dynamic, so that a query costs no new instantiation.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) columns: Arc<[String]>,
    pub(crate) values: Vec<Value>,
}

/// What a row can be read as; made for structs by [`from_row!`](crate::from_row).
pub trait FromRow: Sized {
    fn from_row(row: &Row) -> Result<Self>;
}

impl Row {
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T> {
        let index = self
            .columns
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| Error::internal(format!("the row has no column `{column}`, only {:?}", self.columns)))?;
        T::from_value(&self.values[index]).map_err(|what| Error::internal(format!("column `{column}`: {what}")))
    }

    /// Every column with what stands there, whatever it is: for those who keep rows as they are.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.columns.iter().map(String::as_str).zip(&self.values)
    }

    /// The value of the only (or first) column.
    pub fn first<T: FromValue>(&self) -> Result<T> {
        let value = self.values.first().ok_or_else(|| Error::internal("the row has no column"))?;
        T::from_value(value).map_err(|what| Error::internal(format!("first column: {what}")))
    }
}

impl FromRow for Row {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(row.clone())
    }
}

/// `from_row!(Person { id, name, version })`: each field from the column of its name;
/// `field: json` reads JSON text.
#[macro_export]
macro_rules! from_row {
    ($type:ty { $($field:ident $(: $how:ident)?),* $(,)? }) => {
        impl $crate::FromRow for $type {
            fn from_row(row: &$crate::Row) -> ::hanlin_kernel::Result<Self> {
                Ok(Self { $($field: $crate::from_row!(@get row, $field $(, $how)?)),* })
            }
        }
    };
    (@get $row:ident, $field:ident) => { $row.get(stringify!($field))? };
    (@get $row:ident, $field:ident, json) => { $row.get::<$crate::Json<_>>(stringify!($field))?.0 };
}
