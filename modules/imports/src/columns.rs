//! What columns mean, by their headings.

use hanlin_kernel::Locale;

use crate::model::{Field, Sheet, Table};

impl Sheet {
    pub const ALL: [Sheet; 5] = [Sheet::Units, Sheet::Departments, Sheet::Posts, Sheet::Ranks, Sheet::People];
    /// What a table is taken for where its headings say two things: the last that they say.
    const BY_DOUBT: [Sheet; 5] = [Sheet::Ranks, Sheet::Units, Sheet::People, Sheet::Posts, Sheet::Departments];

    /// The columns of this table, in the order of the template.
    pub fn fields(self) -> &'static [Field] {
        use Field::*;
        match self {
            Self::Units => &[Code, Parent, Name, NameEn, ShortName, Kind, TimeZone],
            Self::Departments => &[Unit, Code, Parent, Name, NameEn, Level],
            Self::Posts => &[Unit, Code, Name, NameEn],
            Self::Ranks => &[Unit, Code, Name, NameEn, Level],
            Self::People => &[
                Name,
                EmployeeNumber,
                Mobile,
                Email,
                OfficePhone,
                Gender,
                Unit,
                Department,
                Post,
                Rank,
                Main,
                Head,
                JoinedOn,
            ],
        }
    }

    pub fn name(self, locale: Locale) -> &'static str {
        match (self, locale) {
            (Self::Units, Locale::ZhCn) => "单位",
            (Self::Units, Locale::En) => "Units",
            (Self::Departments, Locale::ZhCn) => "部门",
            (Self::Departments, Locale::En) => "Departments",
            (Self::Posts, Locale::ZhCn) => "岗位",
            (Self::Posts, Locale::En) => "Posts",
            (Self::Ranks, Locale::ZhCn) => "职级",
            (Self::Ranks, Locale::En) => "Ranks",
            (Self::People, Locale::ZhCn) => "人员",
            (Self::People, Locale::En) => "People",
        }
    }

    /// The headings this column is known by, folded: Chinese, English, then what others call it.
    fn known(self, field: Field) -> &'static [&'static str] {
        match (self, field) {
            (_, Field::Unit) => &["单位编码", "unit code", "单位代码", "公司编码", "公司代码", "所属单位编码", "unit"],
            (Self::Units, Field::Code) => {
                &["单位编码", "unit code", "单位代码", "公司编码", "公司代码", "编码", "code"]
            }
            (Self::Units, Field::Parent) => &[
                "上级单位编码",
                "parent unit code",
                "上级单位",
                "上级编码",
                "上级公司编码",
                "parent code",
                "parent unit",
                "parent",
            ],
            (Self::Units, Field::Name) => &["单位名称", "unit name", "公司名称", "名称", "name", "company"],
            (_, Field::ShortName) => &["简称", "short name", "单位简称"],
            (_, Field::Kind) => &["类型", "kind", "单位类型", "单位性质", "type"],
            (_, Field::TimeZone) => &["时区", "time zone", "timezone"],
            (Self::Departments, Field::Code) => {
                &["部门编码", "department code", "部门代码", "部门编号", "编码", "dept code", "code"]
            }
            (Self::Ranks, Field::Code) => &["职级编码", "rank code", "职级代码", "编码", "code"],
            (Self::Ranks, Field::Name) => &["职级名称", "rank name", "职级", "名称", "rank", "name"],
            (Self::Ranks, Field::Level) => &["级别", "level", "高低", "等级", "height"],
            (_, Field::Code) => {
                &["岗位编码", "post code", "岗位代码", "岗位编号", "职位编码", "编码", "position code", "code"]
            }
            (_, Field::Parent) => {
                &["上级部门编码", "parent code", "上级编码", "上级部门", "父级编码", "parent department code", "parent"]
            }
            (Self::Departments, Field::Name) => &["部门名称", "department name", "名称", "部门", "name", "department"],
            (Self::Posts, Field::Name) => {
                &["岗位名称", "post name", "名称", "岗位", "职位名称", "name", "post", "position"]
            }
            (_, Field::Name) => &["姓名", "name", "员工姓名", "full name", "名字"],
            (_, Field::NameEn) => &["英文名称", "english name", "英文名", "name (en)", "name en"],
            (_, Field::Level) => &["层级", "level", "部门层级", "级别"],
            (_, Field::EmployeeNumber) => {
                &["工号", "employee number", "员工编号", "人员编号", "employee no", "employee id", "staff no"]
            }
            (_, Field::Mobile) => &["手机", "mobile", "手机号", "手机号码", "移动电话", "mobile phone", "cell phone"],
            (_, Field::Email) => &["邮箱", "e-mail", "电子邮箱", "电子邮件", "邮件", "email", "mail"],
            (_, Field::OfficePhone) => &["办公电话", "office phone", "座机", "固定电话", "电话", "phone"],
            (_, Field::Gender) => &["性别", "gender", "sex"],
            (_, Field::Department) => {
                &["部门编码", "department code", "部门代码", "部门编号", "所属部门编码", "dept code", "部门"]
            }
            (_, Field::Post) => &["岗位编码", "post code", "岗位代码", "职位编码", "position code", "岗位"],
            (_, Field::Rank) => &["职级编码", "rank code", "职级", "职级代码", "rank"],
            (_, Field::Main) => &["主岗", "main post", "是否主岗", "主兼岗", "任职类型", "main"],
            (_, Field::Head) => &["负责人", "head", "是否负责人", "部门负责人", "is head"],
            (_, Field::JoinedOn) => &["入职日期", "joined on", "入职时间", "入司日期", "join date", "hire date"],
        }
    }

    /// The heading of this column in the template.
    pub fn heading(self, field: Field, locale: Locale) -> String {
        let known = self.known(field);
        match locale {
            Locale::ZhCn => known[0].to_owned(),
            Locale::En => {
                let mut letters = known[1].chars();
                letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
            }
        }
    }

    fn field_of(self, heading: &str) -> Option<Field> {
        let folded = fold(heading);
        self.fields().iter().copied().find(|field| self.known(*field).iter().any(|known| fold(known) == folded))
    }

    /// What these headings mean here; what was said already is not said twice.
    pub fn columns(self, headings: &[String]) -> Vec<Option<Field>> {
        let mut columns: Vec<Option<Field>> = Vec::with_capacity(headings.len());
        for heading in headings {
            let field = self.field_of(heading).filter(|field| !columns.contains(&Some(*field)));
            columns.push(field);
        }
        columns
    }
}

/// Letters as they are compared: without case, spaces, stars and brackets around notes.
fn fold(heading: &str) -> String {
    heading
        .chars()
        .filter(|letter| !letter.is_whitespace() && !"*＊:：-_.".contains(*letter))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Takes a table for what its name says, else for what most of its headings say.
pub fn recognise(name: &str, headings: Vec<String>, rows: u64) -> Table {
    let named = Sheet::ALL.into_iter().find(|sheet| {
        let name = fold(name);
        [Locale::ZhCn, Locale::En].into_iter().any(|locale| fold(sheet.name(locale)) == name)
    });
    let told = |sheet: Sheet| sheet.columns(&headings).iter().flatten().count();
    // Every person has a name: a table of people that only says units is none.
    let best = Sheet::BY_DOUBT.into_iter().max_by_key(|sheet| told(*sheet)).filter(|sheet| told(*sheet) >= 2);
    let sheet = named.filter(|sheet| told(*sheet) > 0).or(best);
    let columns = sheet.map_or_else(|| vec![None; headings.len()], |sheet| sheet.columns(&headings));
    Table { name: name.to_owned(), sheet, headings, columns, rows }
}
