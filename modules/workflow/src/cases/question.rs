//! Statements whose conditions depend on what is asked for and on what the reader may see.

#[cfg(test)]
use hanlin_kernel::Result;
#[cfg(test)]
use hanlin_store::{Row, Tx};
use hanlin_store::{ToValue, Value};

/// A statement as it grows, with its values.
#[derive(Default)]
pub(crate) struct Question {
    pub sql: String,
    pub params: Vec<Value>,
}

impl Question {
    pub(crate) fn bind(&mut self, value: impl ToValue) -> String {
        self.params.push(value.to_value());
        format!("${}", self.params.len())
    }

    /// Several, with commas between: of a row value.
    pub(crate) fn bind_all<const N: usize>(&mut self, values: [&dyn ToValue; N]) -> String {
        values.map(|value| self.bind(value)).join(", ")
    }

    /// `column in (…)`; of nothing, nothing.
    pub(crate) fn is_one_of<T: ToValue>(&mut self, column: &str, values: impl IntoIterator<Item = T>) -> String {
        let bound: Vec<String> = values.into_iter().map(|value| self.bind(value)).collect();
        if bound.is_empty() { "false".to_owned() } else { format!("{column} in ({})", bound.join(", ")) }
    }

    /// How the database goes about it.
    #[cfg(test)]
    pub(crate) fn plan(&self, tx: &mut Tx) -> Result<String> {
        let (explain, column) =
            if tx.is_sqlite() { ("explain query plan", "detail") } else { ("explain", "QUERY PLAN") };
        let rows: Vec<Row> = tx.rows(&format!("{explain} {}", self.sql), &self.params)?;
        let lines = rows.iter().map(|row| row.get::<String>(column)).collect::<Result<Vec<_>>>()?;
        Ok(lines.join("\n"))
    }
}
