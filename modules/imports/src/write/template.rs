//! The empty workbook that an organisation fills in.

use hanlin_directory::{
    Snapshot,
    model::{Gender, UnitKind},
    policy::{self, Home},
};
use hanlin_kernel::{Actor, Error, Locale, Result, UnitId};
use jiff::Timestamp;
use rust_xlsxwriter::{DataValidation, Format, Formula, Workbook, Worksheet, XlsxError};

use super::{gender_word, kind_word, workbook::head, yes_no};
use crate::{
    model::{Field, Sheet},
    read::{NOTE, letters},
};

/// How far the drop-down lists go.
const LAST: u32 = 100_001;
/// A list in a cell may have 255 letters.
const LONGEST_LIST: usize = 255;

pub(crate) fn template(snapshot: &Snapshot, actor: &Actor, at: Timestamp, locale: Locale) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    for table in Sheet::ALL {
        let sheet = workbook.add_worksheet();
        head(sheet, table, locale).map_err(Error::internal)?;
        fill(sheet, table, &Choices::of(snapshot, actor, at), locale).map_err(Error::internal)?;
    }
    workbook.save_to_buffer().map_err(Error::internal)
}

/// Codes of the organisation to choose from, as far as whoever asks may see them.
struct Choices {
    units: Vec<String>,
    ranks: Vec<String>,
}

impl Choices {
    fn of(snapshot: &Snapshot, actor: &Actor, at: Timestamp) -> Self {
        let sees = |unit: UnitId| policy::may(actor, Home::unit(unit)).allows("read");
        let all = snapshot.roots(at).into_iter().flat_map(|root| snapshot.units_and_below(root.id, at));
        let units = all.filter(|unit| sees(*unit)).filter_map(|unit| snapshot.unit(unit, at)?.code.clone());
        let mut ranks: Vec<String> = snapshot.ranks(at).into_iter().map(|rank| rank.code.clone()).collect();
        ranks.dedup();
        Self { units: units.collect(), ranks }
    }
}

fn fill(sheet: &mut Worksheet, table: Sheet, choices: &Choices, locale: Locale) -> Result<(), XlsxError> {
    let note = Format::new().set_italic().set_text_wrap();
    for (column, field) in (0_u16..).zip(table.fields()) {
        let mark = if column == 0 { format!("{NOTE} ") } else { String::new() };
        sheet.write_string_with_format(1, column, format!("{mark}{}", hint(table, *field, locale)), &note)?;
        if let Some(choice) = choice(table, *field, choices, locale)? {
            sheet.add_data_validation(2, column, LAST, column, &choice)?;
        }
    }
    Ok(())
}

fn choice(table: Sheet, field: Field, choices: &Choices, locale: Locale) -> Result<Option<DataValidation>, XlsxError> {
    let words: Vec<String> = match field {
        Field::Main | Field::Head => [true, false].map(|yes| yes_no(yes, locale).to_owned()).to_vec(),
        Field::Gender => [Gender::Male, Gender::Female].map(|gender| gender_word(gender, locale).to_owned()).to_vec(),
        Field::Kind => {
            use UnitKind::{Branch, External, Group, Outpost, Subsidiary};
            [Group, Subsidiary, Branch, Outpost, External].map(|kind| kind_word(kind, locale).to_owned()).to_vec()
        }
        // A new organisation names its units and ranks in the same workbook.
        Field::Rank if choices.ranks.is_empty() => return Ok(Some(codes_of(Sheet::Ranks, locale))),
        Field::Rank => choices.ranks.clone(),
        Field::Unit if choices.units.len() < 2 => return Ok(Some(codes_of(Sheet::Units, locale))),
        Field::Unit => choices.units.clone(),
        Field::Parent if table == Sheet::Units => return Ok(Some(codes_of(Sheet::Units, locale))),
        Field::Department | Field::Parent => return Ok(Some(codes_of(Sheet::Departments, locale))),
        Field::Post => return Ok(Some(codes_of(Sheet::Posts, locale))),
        _ => return Ok(None),
    };
    if words.is_empty() || words.join(",").chars().count() > LONGEST_LIST {
        return Ok(None);
    }
    Ok(Some(lenient(DataValidation::new().allow_list_strings(&words)?)))
}

/// The codes that stand in another table of this workbook.
fn codes_of(other: Sheet, locale: Locale) -> DataValidation {
    let column = other.fields().iter().position(|field| *field == Field::Code).unwrap_or_default();
    let column = letters(u32::try_from(column).unwrap_or_default());
    let cells = format!("='{}'!${column}$3:${column}$5000", other.name(locale));
    lenient(DataValidation::new().allow_list_formula(Formula::new(cells)))
}

/// The lists help; a code that is only in the organisation may be typed too.
fn lenient(list: DataValidation) -> DataValidation {
    list.show_error_message(false)
}

fn hint(table: Sheet, field: Field, locale: Locale) -> &'static str {
    let (zh, en) = match (table, field) {
        (_, Field::Unit) => (
            "单位的编码或名称；只有一个单位时可不填",
            "Code or name of the unit; may stay blank where there is only one",
        ),
        (Sheet::Units, Field::Code) => {
            ("必填，全部单位不重复，以后不变", "Required, once in all units; it stays for ever")
        }
        (Sheet::Units, Field::Parent) => {
            ("上级单位的编码或名称；顶层单位留空", "Code or name of the unit above; blank for the top of a tree")
        }
        (_, Field::ShortName) => ("可不填", "May stay blank"),
        (_, Field::Kind) => (
            "集团 / 子公司 / 分公司 / 驻外机构；新增时必填",
            "group / subsidiary / branch / outpost; required for new units",
        ),
        (_, Field::TimeZone) => (
            "如 Asia/Shanghai；顶层单位必填，留空则与上级相同",
            "As Asia/Shanghai; required at the top of a tree, else that of the unit above",
        ),
        (Sheet::Ranks, Field::Level) => {
            ("整数，越大越高；已有职级的级别不变", "A whole number, more is higher; that of a rank there is stays")
        }
        (_, Field::Code) => ("必填，单位内不重复", "Required, once in a unit"),
        (_, Field::Parent) => (
            "上级部门的编码或名称；直属单位时填 -",
            "Code or name of the department above; - where it is directly in the unit",
        ),
        (Sheet::People, Field::Name) => ("必填", "Required"),
        (_, Field::Name) => ("新增时必填", "Required for what is new"),
        (_, Field::NameEn) => ("可不填", "May stay blank"),
        (_, Field::Level) => ("流程中的层级，如 division；可不填", "Level for flows, as division; may stay blank"),
        (_, Field::EmployeeNumber) => {
            ("工号和手机至少填一项；再次导入时据此认人", "This or the mobile number: by it a person is known again")
        }
        (_, Field::Mobile) => ("一个手机号只属于一个人", "One mobile number is one person"),
        (_, Field::Email | Field::OfficePhone) => {
            ("留空表示不改，填 - 表示清除", "Blank changes nothing, - takes it away")
        }
        (_, Field::Gender) => ("男 / 女", "male / female"),
        (_, Field::Department) => {
            ("部门编码或名称；留空表示直属单位", "Code or name of the department; blank: directly in the unit")
        }
        (_, Field::Post) => ("岗位编码或名称，新增时必填", "Code or name of the post, required for new people"),
        (_, Field::Rank) => ("职级编码或名称；可不填", "Code or name of the rank; may stay blank"),
        (_, Field::Main) => {
            ("是 = 主岗，否 = 兼岗；兼岗另起一行", "yes: main post, no: concurrent, on a row of its own")
        }
        (_, Field::Head) => ("是否为该部门或单位的负责人", "Does he head this department or unit?"),
        (_, Field::JoinedOn) => ("如 2024-03-01；仅用于新增人员", "As 2024-03-01; read for new people only"),
    };
    match locale {
        Locale::ZhCn => zh,
        Locale::En => en,
    }
}
