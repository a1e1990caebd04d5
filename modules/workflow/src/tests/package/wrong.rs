//! Files with mistakes: each is told with line, column and what to do, and one does not hide the next.

use std::fmt::Write;

use expect_test::expect_file;
use hanlin_directory::cast;

use crate::package::{Installation, MAX_BYTES, MAX_DEPTH, MAX_NODES, examine, read};

/// A small package without a mistake.
pub(super) const SOUND: &str = r#"hanlin: flow/1
id: spending
name: { zh: 支出, en: Spending }
category: finance
source: { document: 003-f, clause: 三1 }
may_start: everyone
form:
  fields:
    amount:
      label: { zh: 金额, en: Amount }
      type: money
      required: true
      min: 0
    deputy:
      label: { zh: 代办人, en: Deputy }
      type: person
    note:
      label: { zh: 备注, en: Note }
      type: long_text
  layout:
    - [amount 2, deputy 2]
    - note
    - { opinions: check }
route:
  - approve: check
    name: { zh: 审核, en: Check }
    who: { post: accountant }
  - exclusive: by_amount
    branches:
      - branch: small
        name: { zh: 小额, en: Small }
        when: form.amount < 1000
        route: []
      - branch: large
        name: { zh: 大额, en: Large }
        when: form.amount >= 1000
        route:
          - approve: decide
            name: { zh: 审批, en: Decide }
            who: superior
  - handle: pay
    name: { zh: 付款, en: Pay }
    who: { post: cashier }
  - copy: inform
    name: { zh: 抄送, en: Inform }
    who: head
cases:
  - name: { zh: 小额, en: Small }
    initiator: lin.xiao
    values: { amount: 20.00 }
    expect:
      route:
        - check: luo.dan
        - by_amount: small
        - pay: xie.xiaoyu
        - inform: zhao.qing
      ends: completed
"#;

/// The sound package with one place written otherwise.
fn with(from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "the sound package has no `{from}`");
    SOUND.replacen(from, to, 1)
}

/// The sound package with a setting of its first node.
fn with_check(setting: &str) -> String {
    with("who: { post: accountant }", &format!("who: {{ post: accountant }}\n    {setting}"))
}

/// The sound package with tables of authorities, of which one is used.
fn with_table(tables: &str) -> String {
    with("who: { post: accountant }", "who: { authority: spending }").replacen(
        "cases:",
        &format!("settings:\n  authority:\n{tables}cases:"),
        1,
    )
}

/// The sound package with a node that opens a case of another flow, before the payment.
fn with_act(setting: &str) -> String {
    let act = format!("  - act: enter\n    name: {{ zh: 登记, en: Enter }}\n    {setting}\n  - handle: pay\n");
    with("  - handle: pay\n", &act)
}

fn with_call(setting: &str) -> String {
    let call =
        format!("  - call: ask\n    name: {{ zh: 征求, en: Ask }}\n    flow: other\n    {setting}\n  - handle: pay\n");
    with("  - handle: pay\n", &call)
}

/// The sound package with a node that waits, before the payment.
fn with_wait(setting: &str) -> String {
    let name = if setting.starts_with("name") { "" } else { "    name: { zh: 等待, en: Wait }\n" };
    with("  - handle: pay\n", &format!("  - wait: rest\n{name}    {setting}\n  - handle: pay\n"))
}

/// The sound package with branches that are walked at the same time.
pub(super) fn with_lanes(kind: &str, settings: &str, first: &str) -> String {
    let lanes = format!(
        "  - {kind}: sign
{settings}    branches:
      - branch: one
        name: {{ zh: 甲, en: One }}
{first}        route:
          - approve: one_signs
            name: {{ zh: 甲签, en: One signs }}
            who: superior
      - branch: two
        name: {{ zh: 乙, en: Two }}
{first}        route:
          - handle: two_does
            name: {{ zh: 乙办, en: Two does }}
            who: superior
            operations: []
  - handle: pay
"
    );
    with("  - handle: pay\n", &lanes)
}

const TABLE: &str = "type: table
      indexed: true
      max_rows: 500
      columns:
        price: { label: 单价, type: money }
        total: { label: 小计, type: money, computed: row.pirce * 2 }
        when: { label: 期间, type: period }
        kind: { label: 类别, type: choise }";

/// What is wrong, and the file.
fn files() -> Vec<(&'static str, String)> {
    vec![
        ("nothing", SOUND.to_owned()),
        ("an empty file", String::new()),
        ("only a comment", "# later\n".to_owned()),
        ("a list instead of a map", "- hanlin: flow/1\n".to_owned()),
        ("another format", with("flow/1", "flow/9")),
        ("a tab for indentation", with("    amount:\n", "\tamount:\n")),
        ("a quote that is not closed", with("金额", "\"金额")),
        ("a missing colon", with("type: money", "type money")),
        ("an alias", with("superior", "*chief").replacen("head\n", "&chief head\n", 1)),
        ("a bomb of aliases", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n".to_owned()),
        ("a tag", with("name: { zh: 支出", "name: !!map { zh: 支出")),
        ("two documents", format!("{SOUND}---\nhanlin: flow/1\n")),
        ("a list as a key", with("category: finance", "[a, b]: finance")),
        ("a key that stands twice", with("category: finance", "category: finance\ncategory: personnel")),
        ("a key with a typo", with("category:", "catgory:")),
        ("an unknown key", with("category: finance", "category: finance\ncolour: red")),
        ("a key without a value", with("category: finance", "category:")),
        ("a comma in a name", with("en: Spending", "en: Spending, all of it")),
        ("missing keys", "hanlin: flow/1\nid: nothing\n".to_owned()),
        ("an id with capitals", with("id: spending", "id: Spending!")),
        ("a name that is a list", with("name: { zh: 支出, en: Spending }", "name: [支出]")),
        ("an unknown field type", with("type: money", "type: mony")),
        ("a flag that is no flag", with("required: true", "required: yes")),
        ("a bound that is no number", with("min: 0", "min: none")),
        ("a setting of another type", with("min: 0", "granularity: day")),
        ("a choice without options", with("type: long_text", "type: choice")),
        ("a field with an illegal id", with("    note:", "    Note:").replacen("- note", "- Note", 1)),
        ("a field that stands nowhere", with("    - note\n", "")),
        ("a field that stands twice", with("    - note\n", "    - note\n    - note\n")),
        ("a cell of an unknown field", with("- note", "- nite")),
        ("a cell that is no cell", with("amount 2", "amount two")),
        ("a row that is too wide", with("deputy 2", "deputy 3")),
        ("a box for an unknown node", with("opinions: check", "opinions: chek")),
        ("a box for a copy", with("opinions: check", "opinions: inform")),
        ("a computed field that is required", with("min: 0", "computed: 1 + 1")),
        ("fields that compute each other", with("required: true\n      min: 0", "computed: form.amount + 1")),
        (
            "fields that set each other",
            with("required: true\n      min: 0", "set: form.amount + 1\n      set_when: frm.amount > 1"),
        ),
        (
            "a field for readers who are not there",
            with("min: 0", "readers: { visible_to: [{ node: chek }, { pst: cashier }], hiden_from: initiator }"),
        ),
        (
            "conditions of options",
            with(
                "type: long_text",
                "type: choice\n      options: { a: 甲 }\n      options_when:\n        a: form.amonut > 1\n        b: \"true\"",
            ),
        ),
        ("a table without columns", with("type: long_text", "type: table")),
        ("a table with wrong columns", with("type: long_text", TABLE)),
        ("a series without a count", with("type: long_text", "type: serial\n      series: BX-{yyyy}")),
        (
            "options below the options of a choice",
            with("type: long_text", "type: choice\n      options:\n        a: { label: 甲, options: { b: 乙 } }"),
        ),
        (
            "a limit of none in a period that is not",
            with(
                "route:\n  - approve: check",
                "settings:\n  limits: [{ at_most: 0, per: month }, { at_most: 2, per: mnth }]\nroute:\n  - approve: check",
            ),
        ),
        (
            "a lead time of an amount",
            with(
                "route:\n  - approve: check",
                "settings:\n  lead_time: { field: amount, working_days: 1, late: deputy }\nroute:\n  - approve: check",
            ),
        ),
        (
            "a lead time counted twice",
            with(
                "route:\n  - approve: check",
                "settings:\n  lead_time: { field: amont, days: 1, working_days: 1 }\nroute:\n  - approve: check",
            ),
        ),
        (
            "an absence in an amount",
            with(
                "route:\n  - approve: check",
                "settings:\n  absence: { field: amount, trip: maybe }\nroute:\n  - approve: check",
            ),
        ),
        (
            "a completed case that nothing follows upon",
            with(
                "route:\n  - approve: check",
                "settings:\n  after_completion: { revoke: false }\nroute:\n  - approve: check",
            ),
        ),
        (
            "a change of what cannot be changed",
            with("min: 0", "computed: 1 + 1").replace(
                "route:\n  - approve: check",
                "settings:\n  after_completion: { revoke: true, change: [amount, amont] }\nroute:\n  - approve: check",
            ),
        ),
        (
            "a field that a follow-up brings along",
            with("deputy:", "follow_up_reason:").replace(
                "route:\n  - approve: check",
                "settings:\n  after_completion: { revoke: true }\nroute:\n  - approve: check",
            ),
        ),
        ("a wait of none", with_wait("for: { days: 0 }")),
        ("a wait of more than anybody waits", with_wait("for: { working_hours: 90000 }")),
        ("a wait in two units", with_wait("for: { days: 1, hours: 2 }")),
        ("a wait in an unknown unit", with_wait("for: { day: 1 }")),
        ("a wait for nothing", with_wait("name: { zh: 又, en: Again }")),
        ("a wait twice over", with_wait("for: { days: 1 }\n    until: { field: amount }")),
        ("a wait for an amount", with_wait("until: { field: amount }")),
        ("a wait for an unknown field", with_wait("until: { field: amont, plus: { working_days: 1 } }")),
        ("a wait until earlier and later", with_wait("until: { field: note, plus: { days: 1 }, minus: { days: 1 } }")),
        ("a wait until no time of day", with_wait("until: { field: note, at: nine }")),
        ("a wait until a second", with_wait("until: { field: note, at: \"09:00:30\" }")),
        ("an effect that does not exist", with_act("effect: finance.reserv")),
        ("an effect without what it needs", with_act("effect: organisation.leave\n    with: { person: form.deputy }")),
        (
            "an effect that is given what it does not know or take",
            with_act("effect: finance.reserve\n    with: { person: form.note, amount: '\"viel\"', sum: form.amount }"),
        ),
        (
            "an effect with a wrong expression",
            with_act("effect: finance.reserve\n    with: { person: initiator, amount: form.amuont * 2 }"),
        ),
        (
            "an effect whose results fit nowhere",
            with_act(
                "effect: organisation.leave\n    with: { person: form.deputy, last_day: 'null' }\n    \
                 results: { amount: order, nite: order, note: number }",
            ),
        ),
        (
            "an executor whom the initiator chooses",
            with_act("effect: finance.reserve\n    with: { person: initiator }\n    executor: initiator_choice"),
        ),
        (
            "effects expected in the route, and written wrongly",
            with_act("effect: finance.reserve\n    with: { person: initiator }")
                .replacen("        - pay: xie.xiaoyu\n", "        - enter: []\n        - pay: xie.xiaoyu\n", 1)
                .replacen(
                    "      ends: completed\n",
                    "      ends: completed\n      effects: [{ finance.reserve: {}, other: {} }]\n",
                    1,
                ),
        ),
        ("a case for each amount", with_call("each: amount")),
        ("a case for each of an unknown field", with_call("each: amont")),
        ("each of nothing", with_call("values: { whom: each }")),
        ("a wrong expression that is handed in", with_call("values: { whom: form.amuont + 1 }")),
        (
            "an attachment that is handed in",
            with_call("values: { papers: form.note }").replacen("type: long_text", "type: attachment", 1),
        ),
        ("results of several as an amount", with_call("each: deputy\n    results: { amount: answer }")),
        ("results that nobody waits for", with_call("wait_for: none\n    results: { note: answer }")),
        ("results in an unknown field", with_call("results: { nite: answer }")),
        ("a call of no flow", with_call("flow: other").replacen("    flow: other\n", "", 2)),
        ("a call that waits for a word that is not", with_call("wait_for: some\n    on_failure: stop")),
        ("a node without a kind", with("  - approve: check\n    name", "  - name")),
        ("a kind with a typo", with("approve: check", "aprove: check")),
        ("a node of two kinds", with("approve: check", "approve: check\n    handle: check_too")),
        ("a node that is a word", with("  - copy: inform\n", "  - inform\n  - copy: inform\n")),
        ("a join that is never reached", with_lanes("parallel", "    join: { at_least: 3 }\n", "")),
        ("a join of none", with_lanes("parallel", "    join: { at_least: 0 }\n", "")),
        ("a join with a typo", with_lanes("parallel", "    join: frist\n", "")),
        ("a rejection with a typo", with_lanes("parallel", "    on_reject: end_barnch\n", "")),
        ("a condition of a parallel branch", with_lanes("parallel", "", "        when: form.amount > 5\n")),
        ("an inclusive branch without a condition", with_lanes("inclusive", "    otherwise: []\n", "")),
        ("an inclusive node without `otherwise`", with_lanes("inclusive", "", "        when: form.amount > 5\n")),
        ("a wrong condition of an inclusive branch", {
            with_lanes("inclusive", "    otherwise: []\n", "        when: form.amuont > 5\n")
        }),
        ("one branch only", {
            let two = with_lanes("parallel", "", "");
            let (start, end) = (two.find("      - branch: two").unwrap(), two.find("  - handle: pay").unwrap());
            format!("{}{}", &two[..start], &two[end..])
        }),
        ("settings that say nothing", {
            let settings = "    on_reject: collect\n    on_return: collect\n";
            with_lanes("parallel", settings, "").replace("One signs }\n", "One signs }\n            operations: []\n")
        }),
        ("a handler of a branch beside", {
            with_lanes("parallel", "", "").replace("            operations: []\n", "").replace(
                "en: Two does }\n            who: superior",
                "en: Two does }\n            who: { handler_of: one_signs }",
            )
        }),
        ("a vote of none", with_check("quorum: { at_least: 0 }")),
        ("more than all", with_check("quorum: { percent: 120 }")),
        ("two numbers at once", with_check("quorum: { at_least: 2, percent: 60 }")),
        ("a quorum with a typo", with_check("quorum: { atleast: 2 }")),
        ("votes that nobody weighed", with_check("quorum: { weight: 3 }")),
        ("weights that count for nothing", {
            with_check("quorum: { at_least: 2 }\n    vote: { weights: [{ who: superior, weight: 3 }] }")
        }),
        ("a weight of none, and of an unknown post", {
            with_check("quorum: { weight: 2 }\n    vote: { weights: { who: { post: acountant }, weight: 0 } }")
        }),
        ("a veto that nobody can cast", with_check("operations: []\n    vote: { veto: superior }")),
        ("a veto of a later handler", with_check("vote: { veto: { handler_of: pay } }")),
        ("a vote that ends in no way", with_check("vote: { until: all_vote }")),
        ("a vote on carrying out", with("{ post: cashier }", "{ post: cashier }\n    vote: { abstain: true }")),
        ("opinions at no time", with_check("opinions: later")),
        ("an illegal node key", with("approve: decide", "approve: start")),
        ("two nodes of one key", with("approve: decide", "approve: check")),
        ("two branches of one key", with("branch: large", "branch: small")),
        ("no route", with("route:\n  - approve: check", "route: []\nroot:\n  - approve: check")),
        ("an unknown rule", with("superior", "superiour")),
        ("a rule that names two things", with("{ post: accountant }", "{ post: accountant, group: staff }")),
        ("nobody", with("{ post: accountant }", "[]")),
        ("an illegal code", with("{ post: accountant }", "{ post: 9-a }")),
        ("an unknown post", with("post: accountant", "post: acountant")),
        ("an unknown unit", with("{ post: accountant }", "{ post: accountant, unit: moon }")),
        ("an unknown department that may start", with("everyone", "{ department: finanse }")),
        ("an unknown level", with("who: head", "who: { head: { level: divison } }")),
        ("a field that is no person", with("who: superior", "who: { field: note }")),
        ("a rule with an unknown field", with("who: superior", "who: { field: deputee }")),
        ("heads of departments in a field that chooses none", with("who: superior", "who: { heads_in_field: note }")),
        ("a choice among options that are no departments", {
            with("      type: long_text", "      type: choice\n      options: { finanse: 财务部 }").replacen(
                "who: superior",
                "who: { heads_in_field: note }",
                1,
            )
        }),
        ("an unknown rank", with("who: head", "who: { rank: emperor }")),
        ("a choice within a balance", with("who: superior", "who: { load_balance: [initiator_choice] }")),
        (
            "a choice by the handler of a later node",
            with("{ post: accountant }", "{ chosen_by: pay, at_least: 2, at_most: 1 }"),
        ),
        ("what belongs to a choice, at another rule", with("{ post: accountant }", "{ post: accountant, at_most: 1 }")),
        ("a free node that never ends, and a choice made at one", {
            with(
                "  - handle: pay\n    name: { zh: 付款, en: Pay }\n    who: { post: cashier }\n",
                concat!(
                    "  - free: pay\n    name: { zh: 付款, en: Pay }\n    who: initiator\n    most_steps: 0\n    among: initiator_choice\n",
                    "  - handle: file\n    name: { zh: 归档, en: File }\n    who: { chosen_by: pay }\n",
                ),
            )
        }),
        ("a unit of a rule that has none", with("who: superior", "who: { heads: top, unit: qinglan }")),
        ("a table that does not exist", {
            with_table("    spending:\n      - { name: 全部, who: superior }\n")
                .replace("authority: spending", "authority: spendin")
        }),
        (
            "an empty table, and one that nobody uses",
            with_table("    spending: []\n    other:\n      - { name: 全部, who: head }\n"),
        ),
        ("a table with a gap", {
            with_table("    spending:\n      - { name: 小额, when: form.amount < 100, who: superior }\n")
        }),
        ("rows that say what they may not", {
            with_table(concat!(
                "    spending:\n",
                "      - { name: 自选, when: form.amuont < 100, who: initiator_choice }\n",
                "      - { name: 过期, who: { post: acountant }, from: 2027-01-01, until: 2026-01-01 }\n",
                "      - { name: 其余, who: { load_balance: { authority: spending } } }\n",
            ))
        }),
        ("the handler of a later node", with("{ post: accountant }", "{ handler_of: pay }")),
        ("the handler in another branch", with("{ post: cashier }", "{ handler_of: decide }")),
        (
            "a return to a later node",
            with("{ post: accountant }", "{ post: accountant }\n    return: { to: [start, pay] }"),
        ),
        ("a right on an unknown field", with("{ post: cashier }", "{ post: cashier }\n    fields: { amont: read }")),
        ("a right that does not exist", with("{ post: cashier }", "{ post: cashier }\n    fields: { amount: writ }")),
        ("a copy that writes", with("who: head\n", "who: head\n    fields: { note: write }\n")),
        (
            "a required field that nobody writes",
            with("\ncases:", "\nsettings: { start_fields: { amount: hidden } }\ncases:"),
        ),
        ("a condition on an unknown field", with("form.amount < 1000", "form.amuont < 1000")),
        ("a condition of the wrong type", with("form.amount < 1000", "form.amount < \"1000\"")),
        ("a condition that is no condition", with("form.amount < 1000", "form.amount + 1000")),
        ("a condition that breaks off", with("form.amount < 1000", "form.amount <")),
        ("a mistake behind quotes", with("form.amount < 1000", "'form.amount < 1000 && form.note == 7'")),
        (
            "a mistake in the second line of a block",
            with("when: form.amount < 1000", "when: |\n          form.amount < 1000\n          && form.deputi == null"),
        ),
        ("a case that no branch takes", with(">= 1000", "> 1000")),
        ("a case that two branches take", with(">= 1000", ">= 500")),
        ("a branch that is never true", with(">= 1000", ">= 1000 && form.amount < 0")),
        ("a branch that an earlier one takes all from", with("< 1000", ">= 0")),
        (
            "an otherwise that is never reached",
            with(
                "  - handle: pay",
                "    otherwise:\n      - copy: never\n        name: 无\n        who: head\n  - handle: pay",
            ),
        ),
        ("no cases", SOUND[..SOUND.find("cases:").unwrap()].to_owned()),
        ("a case with an unknown field", with("{ amount: 20.00 }", "{ amont: 20.00 }")),
        ("a case with an unknown node", with("- check: luo.dan", "- chek: luo.dan")),
        ("a case with an unknown branch", with("by_amount: small", "by_amount: smal")),
        ("a case that ends in no way", with("ends: completed", "ends: complete")),
        ("a deed that does not exist", with("    expect:", "    then: [{ by: luo.dan, do: aprove }]\n    expect:")),
        (
            "five mistakes at once",
            with("type: money", "type: mony")
                .replacen("superior", "boss", 1)
                .replacen("catgory", "category", 1)
                .replacen("post: cashier", "post: casheer", 1)
                .replacen("ends: completed", "end: completed", 1)
                .replacen("opinions: check", "opinions: checks", 1),
        ),
    ]
}

// proves: FLOW-01
#[test]
fn every_mistake_in_a_flow_file_is_told_with_its_place_and_a_remedy() {
    let at = "2026-11-23T09:00:00+08:00".parse().unwrap();
    let sample = Installation::of_people(cast::snapshot(), at);
    let mut told = String::new();
    for (title, text) in files() {
        writeln!(told, "## {title}").unwrap();
        let examined = examine(&text, Some(&sample));
        assert_eq!(title == "nothing", examined.problems.is_empty(), "{title}: {:?}", examined.problems);
        for problem in examined.problems {
            writeln!(told, "{problem}").unwrap();
            writeln!(told, "    {}", problem.in_locale(hanlin_kernel::Locale::ZhCn)).unwrap();
        }
        told.push('\n');
    }
    expect_file!["wrong.txt"].assert_eq(&told);
}

#[test]
fn a_file_that_is_too_large_is_refused_before_it_is_read() {
    let text = format!("{SOUND}#{}\n", "x".repeat(MAX_BYTES));
    let problems = read(&text).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, "workflow.package.too_large");
}

#[test]
fn too_many_nodes_and_too_deep_branches_are_refused() {
    let copies: String =
        (0..=MAX_NODES).map(|n| format!("  - copy: copy_{n}\n    name: 抄送\n    who: head\n")).collect();
    let many = with("cases:", &format!("{copies}cases:"));
    assert!(read(&many).unwrap_err().iter().any(|problem| problem.code == "workflow.package.too_many_nodes"));

    let mut deep = String::from("[]");
    for n in 0..=MAX_DEPTH {
        deep = format!(
            "[{{ exclusive: x_{n}, branches: [{{ branch: b, name: 分支, when: is_null(form.note), route: {deep} }}], otherwise: [] }}]"
        );
    }
    let start = SOUND.find("route:\n").unwrap();
    let end = SOUND.find("cases:").unwrap();
    let deep = format!("{}route: {deep}\n{}", &SOUND[..start], &SOUND[end..]);
    assert!(read(&deep).unwrap_err().iter().any(|problem| problem.code == "workflow.package.too_deep"));
}

#[test]
fn nesting_without_end_is_refused_and_does_not_overflow() {
    for opening in ["[", "{a: ", "- "] {
        let problems = read(&opening.repeat(100_000)).unwrap_err();
        assert!(problems.iter().any(|problem| problem.is_error()));
    }
}

/// Very many lines.
fn many(line: impl Fn(usize) -> String) -> String {
    // A quarter of what is allowed: enough to tell what grows with the square, and quick where it does not.
    let room = MAX_BYTES / 4;
    let mut lines = String::new();
    for next in (0..).map(line) {
        if lines.len() + next.len() > room {
            break;
        }
        lines.push_str(&next);
    }
    lines
}

#[test]
fn files_made_to_take_long_are_answered_soon_and_with_few_words() {
    let before = |place: &str, lines: String| with(place, &format!("{lines}{place}"));
    let field = |n| format!("    f{n}: {{ label: x, type: text, computed: form.f{} }}\n", n + 1);
    let branch = |n| format!("      - {{ branch: b{n}, name: x, when: form.amount == {n}, route: [] }}\n");
    let files = [
        ("keys", format!("{SOUND}{}", many(|n| format!("k{n}:\n")))),
        ("fields", before("  layout:\n", many(field))),
        ("nodes", before("cases:", many(|n| format!("  - copy: c{n}\n    name: x\n    who: head\n")))),
        ("branches", before("      - branch: small", many(branch))),
        ("visits", before("        - by_amount: small", many(|n| format!("        - n{n}: x\n")))),
    ];
    for (what, text) in files {
        assert!(text.len() <= MAX_BYTES, "{what}");
        let begun = std::time::Instant::now();
        let problems = read(&text).unwrap_err();
        assert!((1..=1_000).contains(&problems.len()), "{what}: {}", problems.len());
        assert!(begun.elapsed().as_secs() < 30, "{what}: {:?}", begun.elapsed());
    }
}

/// What stands at this place of the file.
fn at(text: &str, line: u32, column: u32) -> &str {
    let line = text.lines().nth(line as usize - 1).unwrap();
    let (start, _) = line.char_indices().nth(column as usize - 1).unwrap();
    &line[start..]
}

#[test]
fn the_place_of_a_mistake_in_an_expression_is_exact_in_every_way_of_writing_it() {
    for written in [
        "when: form.amount < 1000 && form.nite == \"x\"",
        "when: 'form.amount < 1000 && form.nite == \"x\"'",
        "when: \"form.amount < 1000 && form.nite == \\\"x\\\"\"",
        "when: >\n          form.amount < 1000 &&\n          form.nite == \"x\"",
        "when: |-\n          form.amount < 1000\n            && form.nite == \"x\"",
        "when: form.amount < 1000 &&\n          form.nite == \"x\"",
        "when:\n          form.amount < 1000 && form.nite == \"x\"",
    ] {
        let text = with("when: form.amount < 1000", written);
        let problems = read(&text).unwrap_err();
        let problem = problems
            .iter()
            .find(|problem| problem.code == "forms.expr.unknown_name")
            .unwrap_or_else(|| panic!("{problems:?}"));
        assert!(at(&text, problem.line, problem.column).starts_with("form.nite"), "{written}: {problem}");
    }
}

#[test]
fn a_byte_order_mark_and_line_ends_of_windows_do_no_harm() {
    assert_eq!(read(&format!("\u{feff}{SOUND}")).unwrap(), read(SOUND).unwrap());
    assert_eq!(read(&SOUND.replace('\n', "\r\n")).unwrap(), read(SOUND).unwrap());
}
