use std::collections::BTreeMap;

use hanlin_kernel::Text;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// 表单: typed fields and the grid they stand in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    pub fields: Vec<Field>,
    pub layout: Layout,
    /// What whoever submits declares (FORM-13). Without it a general sentence stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<Text>,
}

/// One thing that is filled in. The settings of all types stand side by side, as designers and packages write them;
/// [`Form::check`] refuses one that does not belong to the field's type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// How expressions name it, as `form.<id>`: a small letter, then small letters, digits and `_`, at most 40.
    pub id: String,
    pub label: Text,
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Must be filled before it is submitted, by whoever may write it (FORM-02, FORM-05).
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Required where this condition holds (FORM-03).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_when: Option<String>,
    /// Part of the form only where this condition holds; else it is empty and not shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_when: Option<String>,
    /// Computed from other fields; nobody writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub computed: Option<String>,
    /// 联动: takes this value whenever something changes that the expression reads, and may be changed by hand after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// Takes it only where this condition holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_when: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Text>,
    /// Also kept as a typed row, for filters, sums and reports; of a column, what stands in each row of its table.
    #[serde(default, skip_serializing_if = "is_false")]
    pub indexed: bool,

    /// Of texts: most characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// Of a text: a form of writing that is known by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Of a text: one sign for each character. `9` a digit, `A` a capital letter, `a` a letter, `x` a letter or digit,
    /// `*` anything, `\` takes the next sign as it is, any other stands for itself: `AA-9999`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Of numbers and money.
    #[serde(default, with = "decimal_text", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub min: Option<Decimal>,
    /// Of numbers and money; of a rating the most stars, five unless told.
    #[serde(default, with = "decimal_text", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub max: Option<Decimal>,
    /// Of numbers and money: digits after the point. Money has two unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<u32>,
    /// Of a number: what is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    /// Of money: ISO 4217. `CNY` unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Of a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub earliest: Option<Date>,
    /// Of a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub latest: Option<Date>,
    /// Of a period. `day` unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granularity: Option<Granularity>,
    /// Of choices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Of choices and cascades, by option: it can be chosen only where this condition holds, and so can what lies below it.
    /// One that is not named always can.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options_when: BTreeMap<String, String>,
    /// Of persons, departments, posts, units, cases and records: may several be named?
    #[serde(default, skip_serializing_if = "is_false")]
    pub multiple: bool,
    /// Of units: only those of the house, or only external organisations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub among: Option<Origin>,
    /// Of choices, attachments, and of persons and whatever else of the directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_count: Option<u32>,
    /// Of related records: the register that they are of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Register>,
    /// Of related records: what is shown of each, by the names that its register has for it; the first is what it is called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub show: Vec<String>,
    /// Of a related record: which fields of this form take what it has when it is chosen: own field → theirs. They may be
    /// changed by hand after that, as those with a `set`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fill: BTreeMap<String, String>,
    /// Of cases: whoever may read this field may read the case that it names as well.
    #[serde(default, skip_serializing_if = "is_false")]
    pub grants_reading: bool,
    /// Of a description: what stands there to be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// Of an address: how far it is told. `street` unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// Of a serial number: how it is written, like `BX-{yyyy}-{seq:4}`. `{yyyy}`, `{yy}`, `{mm}` and `{dd}` are of the day
    /// of submission, `{unit}` and `{department}` the initiator's; the count begins anew where they change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Of a table: what stands in each row. A column is a field of its own, which expressions of its row name
    /// `row.<id>` and all others, as a list, `form.<table>.<id>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub columns: Vec<Field>,
    /// Of a table: fewest rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_rows: Option<u32>,
    /// Of a table: most rows; 100 unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_rows: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// 单行文本
    #[default]
    Text,
    /// 多行文本
    LongText,
    /// 数字
    Number,
    /// 金额
    Money,
    /// 日期
    Date,
    /// 期间
    Period,
    /// 单选
    Choice,
    /// 多选
    Choices,
    /// 人员
    Person,
    /// 附件
    Attachment,
    /// 明细表: rows of columns.
    Table,
    /// 开关: on or off. What was never touched is off.
    Switch,
    /// 评分: whole stars, from one.
    Rating,
    /// 图片: attachments that are pictures.
    Image,
    /// 级联选择: one choice in several steps; the value is the way to it.
    Cascade,
    /// 流水号: given when it is submitted, without gaps; nobody writes it.
    Serial,
    /// 部门
    Department,
    /// 岗位
    Post,
    /// 单位: units of the house, and external organisations.
    Unit,
    /// 说明文字: words to be read, under a condition if need be; it has no value.
    Description,
    /// 地址: province, city, district, street and postcode.
    Address,
    /// 定位: where a device was, how exactly, and when it said so. Nobody types it.
    Location,
    /// 关联审批: other cases.
    Case,
    /// 关联记录: entries of a register, by [`Field::of`].
    Record,
    /// 手写签名: drawn with finger, pen or mouse, and kept as a picture.
    Handwriting,
}

/// How values of a type are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    Number,
    Date,
    Period,
    Switch,
    /// The id of an option.
    Option,
    /// A list of ids of options.
    Options,
    /// A list of ids of what these are.
    Ids(Named),
    Address,
    Location,
    Rows,
    /// It has no value.
    Nothing,
}

/// What a field names by ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Person,
    Department,
    Post,
    Unit,
    File,
    Case,
    Record,
}

impl FieldType {
    pub fn shape(self) -> Shape {
        match self {
            Self::Text | Self::LongText | Self::Serial => Shape::Text,
            Self::Number | Self::Money | Self::Rating => Shape::Number,
            Self::Date => Shape::Date,
            Self::Period => Shape::Period,
            Self::Switch => Shape::Switch,
            Self::Choice => Shape::Option,
            Self::Choices | Self::Cascade => Shape::Options,
            Self::Person => Shape::Ids(Named::Person),
            Self::Department => Shape::Ids(Named::Department),
            Self::Post => Shape::Ids(Named::Post),
            Self::Unit => Shape::Ids(Named::Unit),
            Self::Attachment | Self::Image | Self::Handwriting => Shape::Ids(Named::File),
            Self::Case => Shape::Ids(Named::Case),
            Self::Record => Shape::Ids(Named::Record),
            Self::Address => Shape::Address,
            Self::Location => Shape::Location,
            Self::Table => Shape::Rows,
            Self::Description => Shape::Nothing,
        }
    }

    /// Its value names files by their ids.
    pub fn holds_files(self) -> bool {
        self.shape() == Shape::Ids(Named::File)
    }
}

/// A form of writing that is checked by name (FORM-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// 手机号: eleven digits of mainland China.
    Mobile,
    Email,
    /// 电话: a mobile number, or a landline with its area code and perhaps an extension.
    Phone,
    /// 居民身份证号: eighteen characters with a true date and check digit (GB 11643).
    IdNumber,
    Digits,
    /// Latin letters.
    Letters,
}

/// 登记簿: what related records are entries of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Register {
    /// The completed cases of the flow of this id.
    Flow(String),
    /// What a module keeps under this name.
    Kind(String),
}

/// Which units may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    House,
    External,
}

/// How far an address is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    Province,
    City,
    District,
    #[default]
    Street,
}

/// How finely a period is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Granularity {
    #[default]
    Day,
    HalfDay,
    Hour,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored and what expressions compare with. Never changes its meaning.
    pub id: String,
    pub label: Text,
    /// Of a cascade: what can be chosen below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub options: Vec<Choice>,
}

/// The bordered grid: rows of cells that span columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    #[serde(default = "four")]
    pub columns: u8,
    pub rows: Vec<Vec<Cell>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum Cell {
    /// A field with its label.
    Field {
        field: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        span: Option<u8>,
    },
    /// Printed words: a heading, a note.
    Text {
        text: Text,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        span: Option<u8>,
    },
    /// 意见栏: where the opinions of a node stand (FORM-14).
    Opinions {
        /// Key of the node.
        opinions: String,
        label: Text,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        span: Option<u8>,
    },
}

impl Default for Layout {
    fn default() -> Self {
        Self { columns: four(), rows: Vec::new() }
    }
}

impl Form {
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// A field by its id, or a column of a table as `items.price`.
    pub fn at(&self, key: &str) -> Option<&Field> {
        match key.split_once('.') {
            Some((table, column)) => self.field(table)?.column(column),
            None => self.field(key),
        }
    }
}

impl Field {
    /// Nobody fills it in: it is computed, given at submission, or has no value.
    pub fn fills_itself(&self) -> bool {
        self.computed.is_some() || matches!(self.kind, FieldType::Serial | FieldType::Description)
    }

    pub fn column(&self, id: &str) -> Option<&Field> {
        self.columns.iter().find(|column| column.id == id)
    }

    /// How rights and rules name this column of it: `items.price`.
    pub fn key_of(&self, column: &Field) -> String {
        format!("{}.{}", self.id, column.id)
    }
}

impl Cell {
    pub fn span(&self) -> u8 {
        let (Self::Field { span, .. } | Self::Text { span, .. } | Self::Opinions { span, .. }) = self;
        span.unwrap_or(1)
    }
}

fn four() -> u8 {
    4
}

fn is_false(value: &bool) -> bool {
    !*value
}

/// Decimals as text; whole numbers are read too. Fractions that are not text are refused, since a parser
/// may already have rounded them.
mod decimal_text {
    use std::fmt;

    use rust_decimal::Decimal;
    use serde::{
        Deserializer, Serializer,
        de::{Error, Visitor},
    };

    pub(super) fn serialize<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
        deserializer.deserialize_any(DecimalText)
    }

    struct DecimalText;

    impl Visitor<'_> for DecimalText {
        type Value = Option<Decimal>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a decimal in quotes, like \"0.5\"")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            crate::expr::read_decimal(text)
                .map(Some)
                .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
            Ok(Some(number.into()))
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
            Ok(Some(number.into()))
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }
}
