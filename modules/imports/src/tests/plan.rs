//! What files would do to the sample organisation.

use hanlin_directory::cast::{self, QINGLAN_TRADE};
use hanlin_kernel::{Locale, Scopes};

use super::{actor, admin, kept, now, planned, sample};
use crate::{
    actions::judge,
    model::{Counts, Field, Kept, Status},
    read, write,
};

const PEOPLE: &str = "姓名,工号,手机,邮箱,单位编码,部门编码,岗位编码,职级编码,主岗,负责人,入职日期";

fn people(rows: &[&str]) -> (&'static str, String) {
    ("人员.csv", format!("{PEOPLE}\n{}\n", rows.join("\n")))
}

fn faults(files: &[(&str, String)]) -> Vec<(u32, Option<Field>, String)> {
    faults_for(&admin(), files)
}

fn faults_for(actor: &hanlin_kernel::Actor, files: &[(&str, String)]) -> Vec<(u32, Option<Field>, String)> {
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (_, rows) = planned(actor, &files);
    let of = |row: &Kept| {
        row.verdict.faults.iter().map(|fault| (row.line, fault.field, fault.code.clone())).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of).collect()
}

fn one(files: &[(&str, String)]) -> (u32, Field, String) {
    let found = faults(files);
    assert_eq!(found.len(), 1, "{found:?}");
    let (line, field, code) = found.into_iter().next().unwrap();
    (line, field.unwrap(), code)
}

// proves: ORG-21 (the part that what goes out comes in again and changes nothing)
#[test]
fn a_file_imported_again_changes_nothing() {
    let snapshot = cast::snapshot();
    for locale in [Locale::ZhCn, Locale::En] {
        let tables = write::organisation(&snapshot, &admin(), now(), locale);
        let contents = read::read("organisation.xlsx", &write::workbook(&tables, locale).unwrap()).unwrap();
        let csvs = tables.iter().flat_map(|table| {
            let name = format!("{}.csv", table.sheet.name(locale));
            read::read(&name, &write::csv(table, locale).unwrap()).unwrap()
        });
        for contents in [contents, csvs.collect()] {
            let (tables, mut rows) = kept(contents);
            let plan = judge(&sample(), &admin(), &tables, &mut rows);
            let said: Vec<_> = rows.iter().filter(|row| row.verdict.status != Status::Unchanged).collect();
            assert!(said.is_empty(), "{said:#?}");
            assert_eq!(plan.changes(true), 0);
            assert_eq!(plan.counts().unchanged, rows.len() as u64);
        }
    }
}

// proves: ORG-01 (the part that a tree of any depth is filled from a spreadsheet), UNIT-02 (the part of departments)
#[test]
fn departments_posts_and_people_come_together() {
    let departments = "单位编码,部门编码,上级部门编码,部门名称,英文名称,层级\n\
        qinglan,lab-b,lab-a,实验二室,Lab B,team\nqinglan,lab-a,lab,实验一室,,\nqinglan,lab,rd,实验中心,Lab,division\n";
    let posts = "单位编码,岗位编码,岗位名称\nqinglan,researcher,研究员\n";
    let (name, text) = people(&[
        "示例甲,N901,13900000901,a@example.org,qinglan,lab-b,researcher,staff,是,是,2020-05-06",
        "示例甲,N901,,,qinglan,it,engineer,,否,,",
        "示例乙,N902,13900000902,,qinglan-trade,sales,researcher,,,,",
    ]);
    let (plan, rows) = planned(&admin(), &[("部门.csv", departments), ("岗位.csv", posts), (name, &text)]);
    let wrong: Vec<_> = rows.iter().filter(|row| row.verdict.status == Status::Wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let codes: Vec<_> = plan.work.departments.iter().map(|department| department.code.as_deref().unwrap()).collect();
    assert_eq!(codes, ["lab", "lab-a", "lab-b"], "what lies above comes first");
    assert_eq!(plan.counts().new, 7);
    assert_eq!(plan.work.newcomers.len(), 2);
    let first = &plan.work.newcomers[0];
    assert_eq!(first.appointments.iter().filter(|held| held.main).count(), 1);
    assert_eq!(first.appointments.len(), 2);
    assert_eq!(first.service.last().unwrap().validity.to, None);
    assert_eq!(first.service[0].validity.from.to_string(), "2020-05-05T16:00:00Z", "midnight where his unit is");
    assert_eq!(plan.work.heads.len(), 1);
}

#[test]
fn what_changes_is_said_old_and_new() {
    let lin = cast::snapshot().person(cast::LIN_XIAO).unwrap().clone();
    let number = lin.employee_number.unwrap();
    let text = format!("姓名,工号,办公电话,邮箱\n{},{number},8888,-\n", lin.name);
    let (plan, rows) = planned(&admin(), &[("人员.csv", &text)]);
    let changes: Vec<_> = rows[0].verdict.changes.iter().map(|change| (change.field, change.new.as_deref())).collect();
    assert_eq!(rows[0].verdict.status, Status::Changed);
    assert!(changes.contains(&(Field::OfficePhone, Some("8888"))), "{changes:?}");
    assert!(changes.contains(&(Field::Email, None)), "a dash takes it away: {changes:?}");
    assert_eq!(plan.work.steps.len(), 1);
}

#[test]
fn what_the_file_does_not_have_is_listed_only() {
    let (name, text) = people(&["示例甲,N901,13900000901,,qinglan-trade,sales,sales_adviser,,,,"]);
    let (plan, rows) = planned(&admin(), &[(name, &text)]);
    let gone = plan.counts().gone;
    assert!(gone > 0 && rows.iter().filter(|row| row.verdict.status == Status::Gone).count() as u64 == gone);
    assert!(plan.gone.iter().all(|gone| gone.verdict.about.contains(' ')), "people of the units that it speaks of");
    assert!((plan.gone.len() as u64) < 10, "the group is not spoken of");
    assert_eq!(plan.changes(false), 0, "a newcomer changes nothing that is there");
}

#[test]
fn each_fault_stands_at_its_row_and_cell() {
    let person = |row: &str| [people(&[row])];
    let lin = cast::snapshot().person(cast::LIN_XIAO).unwrap().clone();
    let taken = format!("示例甲,N901,{},,qinglan,it,engineer,,,,", lin.mobile.unwrap());
    for (row, field, code) in [
        ("示例甲,,,,qinglan,it,engineer,,,,", Field::EmployeeNumber, "imports.no_key"),
        ("示例甲,N901,,,NOWHERE,it,engineer,,,,", Field::Unit, "imports.unit_unknown"),
        ("示例甲,N901,,,,it,engineer,,,,", Field::Unit, "imports.unit_missing"),
        ("示例甲,N901,,,qinglan,nowhere,engineer,,,,", Field::Department, "imports.department_unknown"),
        ("示例甲,N901,,,qinglan,it,nothing,,,,", Field::Post, "imports.post_unknown"),
        ("示例甲,N901,,,qinglan,it,,,,,", Field::Post, "imports.post_missing"),
        ("示例甲,N901,,,qinglan,it,engineer,nobody,,,", Field::Rank, "imports.rank_unknown"),
        ("示例甲,N901,,,qinglan,it,engineer,,也许,,", Field::Main, "imports.not_yes_or_no"),
        ("示例甲,N901,,,qinglan,it,engineer,,否,,", Field::Main, "imports.no_main"),
        ("示例甲,N901,,,qinglan,it,engineer,,,,2024-13-40", Field::JoinedOn, "imports.not_a_date"),
        ("示例甲,N901,call me,,qinglan,it,engineer,,,,", Field::Mobile, "directory.not_a_phone"),
        ("示例甲,N901,,nobody,qinglan,it,engineer,,,,", Field::Email, "directory.not_an_email"),
        (",N901,,,qinglan,it,engineer,,,,", Field::Name, "directory.name_missing"),
        (taken.as_str(), Field::Mobile, "imports.mobile_taken"),
    ] {
        assert_eq!(one(&person(row)), (2, field, code.to_owned()), "{row}");
    }
}

// proves: ORG-06 (the part that one mobile number is one person, in a spreadsheet too)
#[test]
fn two_people_with_one_number_are_named_at_the_later_row() {
    let twice = |second: &str| [people(&["示例甲,N901,13900000901,,qinglan,it,engineer,,,,", second])];
    for (second, field, code) in [
        ("示例乙,N902,139-0000-0901,,qinglan,it,engineer,,,,", Field::Mobile, "imports.mobile_twice"),
        ("示例乙,N901,13900000902,,qinglan,it,designer,,,,", Field::EmployeeNumber, "imports.number_twice"),
        ("示例甲,N901,13900000901,,qinglan,it,designer,,是,,", Field::Main, "imports.two_mains"),
    ] {
        assert_eq!(one(&twice(second)), (3, field, code.to_owned()), "{second}");
    }
    let heads = [people(&[
        "示例甲,N901,13900000901,,qinglan,it,engineer,,,是,",
        "示例乙,N902,13900000902,,qinglan,it,engineer,,,是,",
    ])];
    assert_eq!(one(&heads), (3, Field::Head, "imports.two_heads".to_owned()));
}

#[test]
fn departments_in_a_circle_are_each_named() {
    let text =
        "单位编码,部门编码,上级部门编码,部门名称\nqinglan,a,c,甲\nqinglan,b,a,乙\nqinglan,c,b,丙\nqinglan,d,c,丁\n";
    let found = faults(&[("部门.csv", text.to_owned())]);
    let circle = |line| (line, Some(Field::Parent), "imports.circle".to_owned());
    assert_eq!(found, [circle(2), circle(3), circle(4)], "the one that hangs below it is sound itself");
    let moved = "单位编码,部门编码,上级部门编码,部门名称\nqinglan,product,platform,产品中心\n";
    assert_eq!(faults(&[("部门.csv", moved.to_owned())]), [circle(2)], "with what is there already");
    let twice = "单位编码,部门编码,部门名称\nqinglan,a,甲\nqinglan,a,乙\nqinglan,x y,丙\nqinglan,,丁\n";
    let found: Vec<_> =
        faults(&[("部门.csv", twice.to_owned())]).into_iter().map(|(line, _, code)| (line, code)).collect();
    let expected = [(3, "imports.code_twice"), (4, "directory.not_a_code"), (5, "imports.code_missing")];
    assert_eq!(found, expected.map(|(line, code)| (line, code.to_owned())));
}

#[test]
fn who_manages_a_part_imports_into_that_part_only() {
    let trade = actor(Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() });
    let rows = |unit, department| {
        let departments = format!("单位编码,部门编码,部门名称\n{unit},new-one,新部门\n");
        let row = format!("示例甲,N901,13900000901,,{unit},{department},engineer,,,,");
        [("部门.csv", departments), people(&[&row])]
    };
    assert_eq!(faults_for(&trade, &rows("qinglan-trade", "sales")), []);
    assert_eq!(faults_for(&trade, &rows("qinglan-trade", "new-one")), []);
    let refused: Vec<String> = faults_for(&trade, &rows("qinglan", "it")).into_iter().map(|(.., code)| code).collect();
    assert_eq!(refused, ["imports.out_of_reach", "imports.out_of_reach"]);
    let lin = cast::snapshot().person(cast::LIN_XIAO).unwrap().clone();
    let text = format!("工号,办公电话\n{},8888\n", lin.employee_number.unwrap());
    let theirs = faults_for(&trade, &[("人员.csv", text)]);
    assert_eq!(theirs[0].2, "imports.out_of_reach", "somebody of another unit");
}

#[test]
fn an_export_shows_what_its_reader_may_see_and_no_formula() {
    let snapshot = cast::snapshot();
    let trade = actor(Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() });
    let tables = write::organisation(&snapshot, &trade, now(), Locale::ZhCn);
    let units: std::collections::BTreeSet<&str> = tables[1].rows.iter().map(|row| row[&Field::Unit].as_str()).collect();
    assert_eq!(units, ["qinglan-trade"].into());
    let all = write::organisation(&snapshot, &admin(), now(), Locale::ZhCn);
    assert!(tables[4].rows.len() < all[4].rows.len());
    assert_eq!(all[4].rows.len(), 154, "a hundred and fifty-three people, one with two posts");
    let mut evil = all.into_iter().nth(4).unwrap();
    evil.rows.truncate(1);
    evil.rows[0].insert(Field::Name, "=HYPERLINK(\"http://example.org\")".into());
    let text = String::from_utf8(write::csv(&evil, Locale::ZhCn).unwrap()).unwrap();
    assert!(text.starts_with('\u{feff}') && text.contains("\"'=HYPERLINK"), "{text}");
}

#[test]
fn the_template_is_read_as_an_empty_one() {
    for locale in [Locale::ZhCn, Locale::En] {
        let bytes = write::template(&cast::snapshot(), &admin(), now(), locale).unwrap();
        let refused = read::read("template.xlsx", &bytes).unwrap_err();
        assert_eq!(refused.code(), "imports.empty", "headings and notes only");
    }
}

#[test]
fn rows_are_counted_by_what_they_would_do() {
    let statuses = [Status::New, Status::New, Status::Wrong, Status::Gone, Status::Passed, Status::Changed];
    assert_eq!(Counts::of(statuses.into_iter()), Counts { new: 2, changed: 1, unchanged: 0, wrong: 1, gone: 1 });
}
