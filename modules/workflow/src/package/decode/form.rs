//! The form: fields by their ids, and the grid as rows.

use std::collections::BTreeMap;

use hanlin_forms::form::{Cell, Choice, Field, Form, Layout, Register};
use hanlin_kernel::Text;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::readers;
use crate::{
    engine::model::Node,
    package::{
        problem::Problem,
        reader::Reader,
        tree::{Node as Shape, Tree},
        words,
    },
};

/// Columns of a grid that does not say how many.
const COLUMNS: u8 = 4;

pub(super) fn form(reader: &mut Reader, tree: &Tree, route: &[Node]) -> Option<Form> {
    let mut keys = reader.map(tree, "form")?;
    let fields_tree = keys.need(reader, "fields");
    reader.places.put("fields", fields_tree.unwrap_or(tree).at);
    let fields = fields_tree.map(|tree| fields(reader, tree)).unwrap_or_default();
    let columns_tree = keys.take("columns");
    let columns = columns_tree.and_then(|tree| reader.parsed(tree, "not_a_count")).unwrap_or(COLUMNS);
    reader.places.put("layout.columns", columns_tree.unwrap_or(tree).at);
    let layout_tree = keys.need(reader, "layout");
    reader.places.put("layout", layout_tree.unwrap_or(tree).at);
    let rows = layout_tree.map(|tree| rows(reader, tree, columns, route)).unwrap_or_default();
    let declaration = keys.take("declaration").and_then(|tree| reader.text(tree));
    keys.finish(reader);
    Some(Form { fields, layout: Layout { columns, rows }, declaration })
}

fn fields(reader: &mut Reader, tree: &Tree) -> Vec<Field> {
    let Some(keys) = reader.map(tree, "fields") else { return Vec::new() };
    let mut fields = Vec::new();
    for (word, tree) in keys.all() {
        reader.places.put(format!("fields.{}", word.text), word.at);
        let problems = reader.problems.len();
        fields.push(field(reader, &format!("fields.{}", word.text), &word.text, tree));
        if reader.problems.len() > problems {
            reader.unread.insert(word.text.clone());
        }
    }
    fields
}

/// `path`: `fields.amount`, or `fields.items.columns.amount`.
fn field(reader: &mut Reader, path: &str, id: &str, tree: &Tree) -> Field {
    let Some(mut keys) = reader.map(tree, "field") else { return unread(id) };
    let mut at = |key: &'static str, required: bool, reader: &mut Reader| {
        let tree = if required { keys.need(reader, key) } else { keys.take(key) };
        if let Some(tree) = tree {
            reader.places.put_scalar(&format!("{path}.{key}"), tree);
        }
        tree
    };
    let label = at("label", true, reader).and_then(|tree| reader.text(tree));
    let kind = at("type", true, reader).and_then(|tree| reader.one_of(tree, words::FIELD_TYPE));
    let mut flag =
        |key, reader: &mut Reader| at(key, false, reader).and_then(|tree| reader.boolean(tree)).unwrap_or(false);
    let (required, indexed, multiple) = (flag("required", reader), flag("indexed", reader), flag("multiple", reader));
    let grants_reading = flag("grants_reading", reader);
    let mut words_of = |key, reader: &mut Reader| at(key, false, reader).and_then(|tree| reader.string(tree));
    let (required_when, visible_when) = (words_of("required_when", reader), words_of("visible_when", reader));
    let (computed, pattern, currency) =
        (words_of("computed", reader), words_of("pattern", reader), words_of("currency", reader));
    let series = words_of("series", reader);
    let (set, set_when) = (words_of("set", reader), words_of("set_when", reader));
    let mut text = |key, reader: &mut Reader| at(key, false, reader).and_then(|tree| reader.text(tree));
    let (hint, unit, words) = (text("hint", reader), text("unit", reader), text("text", reader));
    let mut count =
        |key, reader: &mut Reader| at(key, false, reader).and_then(|tree| reader.parsed::<u32>(tree, "not_a_count"));
    let (max_length, scale, max_count) =
        (count("max_length", reader), count("scale", reader), count("max_count", reader));
    let (min_rows, max_rows) = (count("min_rows", reader), count("max_rows", reader));
    let mut decimal = |key, reader: &mut Reader| {
        at(key, false, reader).and_then(|tree| reader.parsed::<Decimal>(tree, "not_a_number"))
    };
    let (min, max) = (decimal("min", reader), decimal("max", reader));
    let mut date =
        |key, reader: &mut Reader| at(key, false, reader).and_then(|tree| reader.parsed::<Date>(tree, "not_a_date"));
    let (earliest, latest) = (date("earliest", reader), date("latest", reader));
    let format = at("format", false, reader).and_then(|tree| reader.one_of(tree, words::FORMAT_OF_TEXT));
    let of = at("of", false, reader).and_then(|tree| register(reader, tree));
    let show = at("show", false, reader).map(|tree| names(reader, path, tree)).unwrap_or_default();
    let fill = at("fill", false, reader).map(|tree| fill(reader, path, tree)).unwrap_or_default();
    let among = at("among", false, reader).and_then(|tree| reader.one_of(tree, words::ORIGIN));
    let precision = at("precision", false, reader).and_then(|tree| reader.one_of(tree, words::PRECISION));
    let granularity = at("granularity", false, reader).and_then(|tree| reader.one_of(tree, words::GRANULARITY));
    let options = at("options", false, reader).map(|tree| options(reader, path, tree)).unwrap_or_default();
    let options_when =
        at("options_when", false, reader).map(|tree| options_when(reader, path, tree)).unwrap_or_default();
    let columns = at("columns", false, reader).map(|tree| columns(reader, path, tree)).unwrap_or_default();
    if let Some(tree) = at("readers", false, reader) {
        let key = path.trim_start_matches("fields.").replace(".columns.", ".");
        let told = readers::readers(reader, tree);
        reader.readers.insert(key, told);
    }
    keys.finish(reader);
    let (Some(label), Some(kind)) = (label, kind) else { return unread(id) };
    Field {
        id: id.to_owned(),
        label,
        kind,
        required,
        required_when,
        visible_when,
        computed,
        set,
        set_when,
        hint,
        indexed,
        max_length,
        format,
        pattern,
        min,
        max,
        scale,
        unit,
        currency,
        earliest,
        latest,
        granularity,
        options,
        options_when,
        multiple,
        among,
        of,
        show,
        fill,
        grants_reading,
        max_count,
        text: words,
        precision,
        series,
        columns,
        min_rows,
        max_rows,
    }
}

/// `{ flow: supplier-registration }` or `{ kind: structure_order }`.
fn register(reader: &mut Reader, tree: &Tree) -> Option<Register> {
    let mut keys = reader.map(tree, "register")?;
    let (flow, kind) = (keys.take("flow"), keys.take("kind"));
    let at = keys.at;
    keys.finish(reader);
    match (flow, kind) {
        (Some(flow), None) => reader.string(flow).map(Register::Flow),
        (None, Some(kind)) => reader.string(kind).map(Register::Kind),
        _ => {
            reader.problems.push(Problem::at(at, "one_of_keys").with("keys", "flow, kind"));
            None
        }
    }
}

/// What is shown of a record: `[name, credit_code]`.
fn names(reader: &mut Reader, path: &str, tree: &Tree) -> Vec<String> {
    let mut names = Vec::new();
    for tree in reader.one_or_more(tree) {
        let name = reader.string(tree);
        names.extend(name.inspect(|name| reader.places.put(format!("{path}.show.{name}"), tree.at)));
    }
    names
}

/// `account: bank_account` for each field that takes what a record has.
fn fill(reader: &mut Reader, path: &str, tree: &Tree) -> BTreeMap<String, String> {
    let Some(keys) = reader.map(tree, "fill") else { return BTreeMap::new() };
    let mut filled = BTreeMap::new();
    for (word, tree) in keys.all() {
        reader.places.put(format!("{path}.fill.{}", word.text), tree.at);
        filled.extend(reader.string(tree).map(|theirs| (word.text.clone(), theirs)));
    }
    filled
}

/// The columns of a table, written as fields are.
fn columns(reader: &mut Reader, table: &str, tree: &Tree) -> Vec<Field> {
    let Some(keys) = reader.map(tree, "columns") else { return Vec::new() };
    let mut columns = Vec::new();
    for (word, tree) in keys.all() {
        let path = format!("{table}.columns.{}", word.text);
        reader.places.put(path.as_str(), word.at);
        columns.push(field(reader, &path, &word.text, tree));
    }
    columns
}

/// A field of which only the id is sure.
fn unread(id: &str) -> Field {
    Field { id: id.to_owned(), label: Text::zh(id), ..Field::default() }
}

/// `annual: { zh: 年休假, en: Annual leave }` for each, in order.
fn options(reader: &mut Reader, path: &str, tree: &Tree) -> Vec<Choice> {
    let Some(keys) = reader.map(tree, "options") else { return Vec::new() };
    let mut options = Vec::new();
    for (word, tree) in keys.all() {
        reader.places.put(format!("{path}.options.{}", word.text), word.at);
        options.extend(option(reader, path, &word.text, tree));
    }
    options
}

/// `birth: form.gender == "f"` for each option that can be chosen only under a condition.
fn options_when(reader: &mut Reader, path: &str, tree: &Tree) -> BTreeMap<String, String> {
    let Some(keys) = reader.map(tree, "options_when") else { return BTreeMap::new() };
    let mut conditions = BTreeMap::new();
    for (word, tree) in keys.all() {
        reader.places.put_scalar(&format!("{path}.options_when.{}", word.text), tree);
        conditions.extend(reader.string(tree).map(|condition| (word.text.clone(), condition)));
    }
    conditions
}

/// `杭州`, `{ zh: 杭州, en: Hangzhou }`, or with what lies below it `{ label: 浙江, options: { … } }`.
fn option(reader: &mut Reader, path: &str, id: &str, tree: &Tree) -> Option<Choice> {
    let nested = matches!(&tree.node, Shape::Map(entries) if entries.iter().any(|(word, _)| word.text == "options"));
    if !nested {
        return reader.text(tree).map(|label| Choice { id: id.to_owned(), label, options: Vec::new() });
    }
    let mut keys = reader.map(tree, "options")?;
    let label = keys.need(reader, "label").and_then(|tree| reader.text(tree));
    let below = keys.need(reader, "options").map(|tree| options(reader, path, tree)).unwrap_or_default();
    keys.finish(reader);
    Some(Choice { id: id.to_owned(), label: label?, options: below })
}

fn rows(reader: &mut Reader, tree: &Tree, columns: u8, route: &[Node]) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for (index, tree) in reader.list(tree, "layout").iter().enumerate() {
        reader.places.put(format!("layout.rows[{index}]"), tree.at);
        // One cell that is not in a list takes the whole row.
        let (trees, alone): (&[Tree], Option<u8>) = match &tree.node {
            Shape::List(cells) => (cells, None),
            _ => (std::slice::from_ref(tree), Some(columns)),
        };
        let mut row = Vec::new();
        for tree in trees {
            let cell = cell(reader, tree, alone, route);
            reader.lost_cells |= cell.is_none();
            row.extend(cell);
        }
        rows.push(row);
    }
    rows
}

/// `reason`, `reason 3`, or a map with `field`, `text` or `opinions`, and perhaps `span`.
fn cell(reader: &mut Reader, tree: &Tree, alone: Option<u8>, route: &[Node]) -> Option<Cell> {
    if let Some(scalar) = tree.scalar() {
        let (field, span) = match scalar.text.split_once(' ') {
            None => (scalar.text.as_str(), alone),
            Some((field, span)) => match span.trim().parse() {
                Ok(span) => (field, Some(span)),
                Err(_) => {
                    let problem = Problem::at(tree.at, "bad_cell").with("found", scalar.text.as_str());
                    reader.problems.push(problem);
                    return None;
                }
            },
        };
        reader.places.put(format!("cells.{field}"), tree.at);
        return Some(Cell::Field { field: field.to_owned(), span });
    }
    let mut keys = reader.map(tree, "cell")?;
    let (field, text, opinions) = (keys.take("field"), keys.take("text"), keys.take("opinions"));
    let span = keys.take("span").and_then(|tree| reader.parsed(tree, "not_a_count")).or(alone);
    let label = if opinions.is_some() { keys.take("label") } else { None };
    let at = keys.at;
    keys.finish(reader);
    match (field, text, opinions) {
        (Some(field), None, None) => {
            let field = reader.string(field)?;
            reader.places.put(format!("cells.{field}"), at);
            Some(Cell::Field { field, span })
        }
        (None, Some(text), None) => Some(Cell::Text { text: reader.text(text)?, span }),
        (None, None, Some(node)) => {
            let key = reader.string(node)?;
            reader.places.put(format!("opinions.{key}"), node.at);
            let label = label.and_then(|tree| reader.text(tree)).or_else(|| name_of(&key, route)).unwrap_or_default();
            Some(Cell::Opinions { opinions: key, label, span })
        }
        _ => {
            reader.problems.push(Problem::at(at, "one_of_keys").with("keys", "field, text, opinions"));
            None
        }
    }
}

/// The name of a node: what its opinion box is headed by, unless told otherwise.
pub(in crate::package) fn name_of(key: &str, route: &[Node]) -> Option<Text> {
    route.iter().find_map(|node| {
        let inner = || node.routes().into_iter().find_map(|(_, inner)| name_of(key, inner));
        if node.key() == key { Some(node.name().clone()) } else { inner() }
    })
}
