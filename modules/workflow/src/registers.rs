//! 登记簿: what modules keep that forms may name as related records (FORM-01), and the port by which a module lends it.

use hanlin_forms::form::{Field, FieldType};
use hanlin_kernel::{Actor, Result, Text};
use hanlin_store::Tx;

use crate::engine::Values;

/// A register of a module. It hands one in for each kind of record that forms may name ([`hanlin_api::Module::ports`]); a
/// package names it as `of: { kind: … }`.
#[derive(Clone, Copy)]
pub struct Register {
    /// What packages call it.
    pub kind: &'static str,
    /// What a record of it has: what a form can show of it, and be filled with.
    pub columns: &'static [RegisterColumn],
    /// Those that he may see and choose in which these words are found, at most so many; the youngest first.
    pub search: fn(&mut Tx, &Actor, &str, usize) -> Result<Vec<Record>>,
    /// One that he may see and choose.
    pub find: fn(&mut Tx, &Actor, &str) -> Result<Option<Record>>,
}

/// What records of a register have under one name.
#[derive(Clone, Copy)]
pub struct RegisterColumn {
    pub name: &'static str,
    /// 中文, English.
    pub label: (&'static str, &'static str),
    /// How its values are written.
    pub kind: FieldType,
}

/// One record, for somebody who may see it.
#[derive(Clone, Debug)]
pub struct Record {
    pub id: String,
    /// By the names of the columns, as a field of that kind has it; what has words in both languages as `{ zh, en }`.
    pub values: Values,
    /// Where it is read, within the client.
    pub link: Option<String>,
}

impl Register {
    /// Its columns as the fields of a form: shown are all of them.
    pub(crate) fn fields(&self) -> Vec<Field> {
        let field = |column: &RegisterColumn| Field {
            id: column.name.to_owned(),
            label: column.label(),
            kind: column.kind,
            indexed: true,
            ..Field::default()
        };
        self.columns.iter().map(field).collect()
    }
}

impl RegisterColumn {
    pub fn label(&self) -> Text {
        Text::new(self.label.0, self.label.1)
    }
}
