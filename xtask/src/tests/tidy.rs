use crate::tests::source;
use crate::tidy::{Finding, arrows, locales, migrations, tables, text};
use crate::tiers::Tiers;

fn tiers() -> Tiers {
    let rows = ["directory", "forms", "workflow"].map(|name| format!("[[rows]]\ncrates = [\"{name}\"]\nwhy = \"\"\n"));
    let rest = "[outside]\ncrates = []\nwhy = \"\"\n[web]\nabove = []\nwhy = \"\"\n";
    Tiers::parse(&(rows.concat() + rest)).expect("the table is well-formed")
}

fn lines(findings: &[Finding]) -> Vec<usize> {
    findings.iter().map(|finding| finding.line).collect()
}

#[test]
fn rules_name_no_store() {
    let text = "use crate::model::Unit;\nuse hanlin_store::Tx;\n// hanlin_store would be wrong here\nuse hanlin_storefront::Shop;\n";
    assert_eq!(lines(&arrows::inside_a_module(&source("modules/forms/src/rules.rs", text))), [2]);
    assert_eq!(lines(&arrows::inside_a_module(&source("modules/forms/src/numbering/rules.rs", text))), [2]);
    assert_eq!(lines(&arrows::inside_a_module(&source("modules/forms/src/engine/decide.rs", text))), [2]);
    assert_eq!(lines(&arrows::inside_a_module(&source("modules/forms/src/actions.rs", text))), [0; 0]);
    assert_eq!(lines(&arrows::inside_a_module(&source("modules/forms/src/tests/rules.rs", text))), [0; 0]);
}

#[test]
fn tests_that_run_once_open_no_database() {
    let text = "use super::*;\nuse hanlin_testkit::Office; // a whole office\n// hanlin_store is only spoken of\n";
    assert_eq!(lines(&arrows::in_pure_tests(&source("modules/forms/src/tests/engine/votes.rs", text))), [2]);
    assert_eq!(lines(&arrows::in_pure_tests(&source("modules/forms/src/tests/package.rs", text))), [2]);
    assert_eq!(lines(&arrows::in_pure_tests(&source("modules/forms/src/tests/cases/votes.rs", text))), [0; 0]);
    assert_eq!(lines(&arrows::in_pure_tests(&source("modules/forms/src/engine/votes.rs", text))), [0; 0]);
}

#[test]
fn a_store_knows_no_actions() {
    let text = "fn find() { crate::actions::issue() }\n";
    assert_eq!(lines(&arrows::inside_a_module(&source("modules/forms/src/store.rs", text))), [1]);
    assert_eq!(lines(&arrows::inside_a_module(&source("modules/forms/src/routes.rs", text))), [0; 0]);
}

#[test]
fn tables_are_found_where_sql_names_them() {
    assert_eq!(
        tables::tables("select * from forms_form f join forms_field on f.id = form -- from nowhere"),
        [("from", "forms_form"), ("join", "forms_field"), ("on", "f")]
    );
    assert_eq!(tables::tables("create table if not exists forms_form ("), [("exists", "forms_form")]);
    assert_eq!(tables::tables("/// what comes from directory_person"), []);
}

#[test]
fn another_modules_table_is_out_of_reach() {
    let sources = [
        source("modules/workflow/src/store.rs", "\"select * from workflow_case\"\n\"update forms_form set x = 1\"\n"),
        source("modules/workflow/src/tests/store.rs", "\"delete from forms_form\"\n"),
        source("server/src/main.rs", "\"select * from forms_form\"\n"),
    ];
    let findings = tables::owners(&tiers(), &sources);
    let shown: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "modules/workflow/src/store.rs:2: forms_form belongs to forms: call its actions, or react to its events",
            "server/src/main.rs:1: forms_form belongs to forms: call its actions, or react to its events",
        ]
    );
}

#[test]
fn foreign_keys_point_down_the_tiers_only() {
    let down = source("modules/forms/migrations/0001_forms.sql", "person text references directory_person(id)\n");
    assert_eq!(tables::owners(&tiers(), &[down]), []);
    let up = source("modules/forms/migrations/0001_forms.sql", "kase text references workflow_case(id)\n");
    assert_eq!(lines(&tables::owners(&tiers(), &[up])), [1]);
}

#[test]
fn a_module_names_its_tables_after_itself() {
    let sql = source("modules/forms/migrations/0001_forms.sql", "create table forms_form (\ncreate table field (\n");
    assert_eq!(lines(&tables::owners(&tiers(), &[sql])), [2]);
}

#[test]
fn both_languages_say_the_same() {
    let zh =
        source("modules/forms/locales/zh-CN.json", r#"{"forms.too_long": "最多 {max} 字", "forms.gone": "已删除"}"#);
    let en = source("modules/forms/locales/en.json", r#"{"forms.too_long": "At most {limit} characters"}"#);
    let shown: Vec<String> = locales::complete(&[zh, en]).iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "modules/forms/locales/en.json: has no sentence for \"forms.gone\"",
            "modules/forms/locales/en.json: \"forms.too_long\" has other placeholders than modules/forms/locales/zh-CN.json",
        ]
    );
}

#[test]
fn one_language_alone_is_not_enough() {
    let zh = source("modules/forms/locales/zh-CN.json", "{}");
    assert_eq!(locales::complete(&[zh]).len(), 1);
}

#[test]
fn unfinished_code_is_found() {
    let text = format!("fn f() {{\n    {}\n}}", concat!("to", "do!()"));
    let shown: Vec<String> =
        text::plain(&source("modules/forms/src/rules.rs", &text)).iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            format!("modules/forms/src/rules.rs:2: has {} — finish it or leave it out", concat!("to", "do!(")),
            "modules/forms/src/rules.rs:3: ends without a newline".to_owned(),
        ]
    );
}

#[test]
fn a_file_has_one_subject() {
    let long = "\n".repeat(601);
    assert_eq!(text::plain(&source("modules/forms/src/rules.rs", &long)).len(), 1);
    assert_eq!(text::plain(&source("web/src/api/schema.gen.ts", &long)).len(), 0);
}

#[test]
fn no_file_knows_this_machine() {
    let text = format!("see {}/Cargo.toml\n", crate::root::root().display());
    assert_eq!(text::plain(&source("README.md", &text)).len(), 1);
}

#[test]
fn a_migration_that_nobody_lists_is_found() {
    let lib = source("modules/forms/src/lib.rs", "migrations!(\"forms\"; \"0001_forms\", \"0002_room\" differs)");
    let file = |name: &str| source(&format!("modules/forms/migrations/{name}"), "create table forms_form (id text)");
    let files = ["0001_forms.sql", "0002_room.sqlite.sql", "0003_series.sql"].map(file);
    let sources: Vec<_> = files.into_iter().chain([lib]).collect();
    let findings = migrations::listed(&sources);
    assert_eq!(
        findings.iter().map(|found| found.path.as_str()).collect::<Vec<_>>(),
        ["modules/forms/migrations/0003_series.sql"]
    );
}
