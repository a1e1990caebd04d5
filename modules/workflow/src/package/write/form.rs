use hanlin_forms::form::{Cell, Choice, Field, Form, Register};
use hanlin_kernel::Text;

use super::{
    starter,
    yaml::{Doc, Entries},
};
use crate::{
    engine::{
        Node,
        model::{Reader, ReaderRules, Readers},
    },
    package::{
        decode::name_of,
        words::{self, word},
    },
};

pub(super) fn form(form: &Form, readers: &ReaderRules, route: &[Node]) -> Doc {
    let mut entries = Entries::default();
    let fields = form.fields.iter().map(|one| (one.id.clone(), field(one, &one.id, readers)));
    entries.put("fields", Doc::Map(fields.collect()));
    let columns = form.layout.columns;
    if columns != 4 {
        entries.text("columns", columns.to_string());
    }
    let rows = form.layout.rows.iter().map(|cells| row(cells, columns, route));
    entries.put("layout", Doc::List(rows.collect()));
    entries.maybe("declaration", form.declaration.as_ref().map(Doc::words));
    entries.map()
}

/// `key`: how rules name it, `items.price` of a column.
fn field(field: &Field, key: &str, readers: &ReaderRules) -> Doc {
    let mut entries = Entries::default();
    let number = |number: Option<u32>| number.map(|number| Doc::text(number.to_string()));
    let text = |text: &Option<String>| text.as_ref().map(Doc::text);
    let named = |text: &Option<Text>| text.as_ref().map(Doc::words);
    entries.put("label", Doc::words(&field.label));
    entries.text("type", word(words::FIELD_TYPE, &field.kind));
    entries.flag("required", field.required);
    entries.maybe("required_when", text(&field.required_when));
    entries.maybe("visible_when", text(&field.visible_when));
    entries.maybe("computed", text(&field.computed));
    entries.maybe("set", text(&field.set));
    entries.maybe("set_when", text(&field.set_when));
    entries.maybe("hint", named(&field.hint));
    entries.flag("indexed", field.indexed);
    entries.maybe("max_length", number(field.max_length));
    entries.maybe("format", field.format.map(|format| Doc::text(word(words::FORMAT_OF_TEXT, &format))));
    entries.maybe("pattern", text(&field.pattern));
    entries.maybe("min", field.min.map(|min| Doc::text(min.to_string())));
    entries.maybe("max", field.max.map(|max| Doc::text(max.to_string())));
    entries.maybe("scale", number(field.scale));
    entries.maybe("unit", named(&field.unit));
    entries.maybe("currency", text(&field.currency));
    entries.maybe("earliest", field.earliest.map(|date| Doc::text(date.to_string())));
    entries.maybe("latest", field.latest.map(|date| Doc::text(date.to_string())));
    entries.maybe("granularity", field.granularity.map(|finely| Doc::text(word(words::GRANULARITY, &finely))));
    entries.flag("multiple", field.multiple);
    entries.maybe("among", field.among.map(|among| Doc::text(word(words::ORIGIN, &among))));
    entries.maybe("max_count", number(field.max_count));
    entries.maybe("of", field.of.as_ref().map(register));
    if !field.show.is_empty() {
        entries.put("show", Doc::one_or_row(field.show.iter().map(Doc::text).collect()));
    }
    if !field.fill.is_empty() {
        let fill = field.fill.iter().map(|(own, theirs)| (own.clone(), Doc::text(theirs)));
        entries.put("fill", Doc::Line(Box::new(Doc::Map(fill.collect()))));
    }
    entries.flag("grants_reading", field.grants_reading);
    entries.maybe("text", named(&field.text));
    entries.maybe("precision", field.precision.map(|precision| Doc::text(word(words::PRECISION, &precision))));
    entries.maybe("series", text(&field.series));
    entries.maybe("min_rows", number(field.min_rows));
    entries.maybe("max_rows", number(field.max_rows));
    if !field.columns.is_empty() {
        let columns = field.columns.iter();
        let columns = columns.map(|column| (column.id.clone(), self::field(column, &field.key_of(column), readers)));
        entries.put("columns", Doc::Map(columns.collect()));
    }
    if !field.options.is_empty() {
        entries.put("options", options(&field.options));
    }
    if !field.options_when.is_empty() {
        let conditions = field.options_when.iter();
        let conditions = conditions.map(|(option, condition)| (option.clone(), Doc::text(condition)));
        entries.put("options_when", Doc::Map(conditions.collect()));
    }
    entries.maybe("readers", readers.get(key).map(told_to));
    entries.map()
}

fn register(register: &Register) -> Doc {
    match register {
        Register::Flow(code) => Doc::line([("flow", Doc::text(code))]),
        Register::Kind(kind) => Doc::line([("kind", Doc::text(kind))]),
    }
}

fn told_to(rule: &Readers) -> Doc {
    let mut entries = Entries::default();
    for (word, readers) in [("visible_to", &rule.visible_to), ("hidden_from", &rule.hidden_from)] {
        if !readers.is_empty() {
            entries.put(word, Doc::one_or_row(readers.iter().map(reader).collect()));
        }
    }
    entries.line()
}

fn reader(reader: &Reader) -> Doc {
    match reader {
        Reader::Initiator => Doc::text("initiator"),
        Reader::Copies => Doc::text("copies"),
        Reader::Handler { node } => Doc::line([("node", Doc::text(node))]),
        Reader::One { of } => starter(of),
    }
}

fn options(all: &[Choice]) -> Doc {
    let one = |option: &Choice| match option.options.as_slice() {
        [] => Doc::words(&option.label),
        below => {
            Doc::Map(vec![("label".to_owned(), Doc::words(&option.label)), ("options".to_owned(), options(below))])
        }
    };
    Doc::Map(all.iter().map(|option| (option.id.clone(), one(option))).collect())
}

fn row(cells: &[Cell], columns: u8, route: &[Node]) -> Doc {
    match cells {
        [alone] if cell_span(alone) == Some(columns) => cell(alone, None, route),
        cells => Doc::row(cells.iter().map(|one| cell(one, cell_span(one), route))),
    }
}

fn cell_span(cell: &Cell) -> Option<u8> {
    let (Cell::Field { span, .. } | Cell::Text { span, .. } | Cell::Opinions { span, .. }) = cell;
    *span
}

fn cell(cell: &Cell, span: Option<u8>, route: &[Node]) -> Doc {
    let mut entries = Entries::default();
    match cell {
        Cell::Field { field, .. } => {
            return Doc::text(span.map_or_else(|| field.clone(), |span| format!("{field} {span}")));
        }
        Cell::Text { text, .. } => entries.put("text", Doc::words(text)),
        Cell::Opinions { opinions, label, .. } => {
            entries.text("opinions", opinions);
            if name_of(opinions, route).unwrap_or_default() != *label {
                entries.put("label", Doc::words(label));
            }
        }
    }
    entries.maybe("span", span.map(|span| Doc::text(span.to_string())));
    entries.line()
}
