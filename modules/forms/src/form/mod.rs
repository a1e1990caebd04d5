//! A form: its schema, what may stand in it, who may write what.
//!
//! [`Form`] is what a designer draws and a flow package holds. [`Form::checked`] turns it into a [`CheckedForm`], whose
//! expressions are parsed, typed and ordered; only that can take values.

mod cells;
mod changes;
mod check;
mod compute;
mod declaration;
mod fill;
mod formats;
mod layout;
mod linkage;
mod model;
mod normalise;
mod places;
mod rights;
mod series;
mod settings;
mod table;
mod told;
mod validate;
mod values;

pub use changes::Change;
pub use check::{CheckedForm, Problem};
pub use compute::{Durations, Facts, FormScope, Initiator, NoRecords, Records};
pub use declaration::Declaration;
pub use fill::takes;
pub use linkage::Since;
pub use model::{
    Cell, Choice, Field, FieldType, Form, Format, Granularity, Layout, Named, Origin, Precision, Register, Shape,
};
pub use rights::{Right, Rights};
pub use series::Series;
pub use validate::Mode;
pub use values::{Half, Period, PeriodEnd, Values};

/// Most fields of a form.
pub const MAX_FIELDS: usize = 300;
/// Most options of a choice.
pub const MAX_OPTIONS: usize = 500;
/// Longest `text`, in characters, where the field sets no limit; also the largest limit it can set.
pub const MAX_TEXT: u32 = 10_000;
/// Longest `long_text`, in characters.
pub const MAX_LONG_TEXT: u32 = 100_000;
/// Most steps of a cascade.
pub const MAX_STEPS: usize = 6;
/// Most stars of a rating.
pub const MAX_STARS: u32 = 10;
/// Most digits after the point of a number.
pub const MAX_SCALE: u32 = 6;
/// Numbers stay below this, so that with [`MAX_SCALE`] places they fit a 64-bit integer column.
pub const NUMBER_LIMIT: i64 = 1_000_000_000_000;
/// Most persons or files of one field.
pub const MAX_ITEMS: u32 = 200;
/// Most rows of a table.
pub const MAX_ROWS: u32 = 200;
/// Most columns of a table.
pub const MAX_COLUMNS: usize = 20;
/// All values together, as JSON, in bytes.
pub const MAX_BYTES: usize = 1_000_000;
