use rust_decimal::Decimal;
use serde_json::json;

use crate::expr::{Analysis, Checked, Env, Expr, Finding, Never, Reason, RefKind, Type, Variable, analyse};

fn env() -> Env {
    let number = |scale, min: Option<i64>| Variable {
        scale,
        min: min.map(Decimal::from),
        ..Variable::of(Type::Number).always()
    };
    Env::initiator()
        .with("form.amount", number(Some(2), Some(0)))
        .with("form.any", number(None, None))
        .with("form.count", number(Some(0), None))
        .with("form.maybe", Variable::of(Type::Number))
        .with("form.kind", Variable::of(Type::Text).always().with_options(["annual", "sick", "personal"]))
        .with("form.note", Variable::of(Type::Text).always())
        .with("form.perks", Variable::of(Type::list(Type::Text)).with_options(["car", "phone"]).at_most(2))
        .with("form.staff", Variable::of(Type::list(Type::Ref(RefKind::Person))).at_most(5))
        .with("form.day", Variable::of(Type::Date).always())
        .with("form.leave", Variable::of(Type::Period).always())
}

fn of(conditions: &[&str]) -> Analysis {
    let env = env();
    let checked: Vec<Checked> = conditions
        .iter()
        .map(|source| Expr::parse(source).expect("it reads").check_condition(&env).expect("it is a condition"))
        .collect();
    analyse(&checked.iter().collect::<Vec<_>>(), &env)
}

fn gap(conditions: &[&str]) -> Finding {
    of(conditions).gap
}

fn example(path: &str, value: serde_json::Value) -> Finding {
    Finding::Yes { example: [(path.to_owned(), value)].into() }
}

#[test]
fn ranges_that_meet_leave_no_gap() {
    assert_eq!(gap(&["form.amount < 5000", "form.amount >= 5000"]), Finding::No);
    assert_eq!(
        gap(&["form.amount < 5000", "form.amount >= 5000 && form.amount < 20000", "form.amount >= 20000"]),
        Finding::No
    );
    assert_eq!(gap(&["!(form.amount > 100)", "100 < form.amount"]), Finding::No);
    assert_eq!(gap(&["form.amount > 5 * 1000", "form.amount <= 5000.00"]), Finding::No);
}

#[test]
fn the_value_between_two_ranges_is_named() {
    assert_eq!(gap(&["form.amount < 5000", "form.amount > 5000"]), example("form.amount", json!("5000")));
    assert_eq!(gap(&["form.amount <= 5000", "form.amount >= 6000"]), example("form.amount", json!("5000.01")));
    assert_eq!(gap(&["form.any <= 1", "form.any >= 1.5"]), example("form.any", json!("1.25")));
    assert_eq!(gap(&["form.any <= 5000"]), example("form.any", json!("5001")));
}

#[test]
fn between_three_and_four_lies_no_whole_number() {
    assert_eq!(gap(&["form.count <= 3", "form.count >= 4"]), Finding::No);
    assert_eq!(gap(&["form.count <= 3.5", "form.count >= 3.6"]), Finding::No);
    assert!(matches!(gap(&["form.any <= 3", "form.any >= 4"]), Finding::Yes { .. }));
}

#[test]
fn a_bound_of_the_field_bounds_the_examples() {
    assert_eq!(gap(&["form.amount >= 0"]), Finding::No, "the field takes nothing below 0");
    assert_eq!(gap(&["form.amount > 0"]), example("form.amount", json!("0")));
}

#[test]
fn an_empty_field_falls_through_comparisons() {
    assert_eq!(gap(&["form.maybe < 5", "form.maybe >= 5"]), example("form.maybe", json!(null)));
    assert_eq!(gap(&["form.maybe < 5", "form.maybe >= 5", "is_null(form.maybe)"]), Finding::No);
}

#[test]
fn options_are_counted() {
    let without = example("form.kind", json!("personal"));
    assert_eq!(gap(&["form.kind == \"annual\"", "form.kind == \"sick\""]), without);
    assert_eq!(gap(&["form.kind in [\"annual\", \"sick\"]", "form.kind == \"personal\""]), Finding::No);
    assert_eq!(gap(&["form.kind != \"sick\"", "form.kind == \"sick\""]), Finding::No);
}

#[test]
fn a_text_may_be_another_than_those_named() {
    assert!(matches!(gap(&["form.note == \"a\"", "form.note == \"b\""]), Finding::Yes { .. }));
    assert_eq!(gap(&["form.note == \"a\"", "form.note != \"a\""]), Finding::No);
    assert!(matches!(gap(&["initiator.unit == \"hq\""]), Finding::Yes { .. }));
}

#[test]
fn several_variables_are_combined() {
    let gap = gap(&["form.amount < 5000", "form.amount >= 5000 && form.kind == \"annual\"", "form.kind == \"sick\""]);
    let Finding::Yes { example } = gap else { panic!("a personal one of 5000 or more") };
    assert_eq!(example["form.kind"], json!("personal"));
    assert!(matches!(example["form.amount"].as_str(), Some("5000" | "5000.01")), "{example:?}");
}

#[test]
fn lists_dates_and_periods_are_analysed() {
    assert_eq!(gap(&["\"car\" in form.perks", "!(\"car\" in form.perks)"]), Finding::No);
    assert!(matches!(gap(&["\"car\" in form.perks", "\"phone\" in form.perks"]), Finding::Yes { .. }), "an empty list");
    assert_eq!(gap(&["size(form.staff) == 0", "size(form.staff) > 0"]), Finding::No);
    assert_eq!(gap(&["is_null(form.staff)", "size(form.staff) >= 2"]), example("form.staff", json!(["…"])));
    assert_eq!(
        gap(&["form.day < date(\"2026-07-01\")", "form.day > date(\"2026-07-01\")"]),
        example("form.day", json!("2026-07-01"))
    );
    assert_eq!(gap(&["form.leave.days <= 3", "form.leave.days > 3"]), Finding::No);
}

#[test]
fn what_is_beyond_the_samples_is_not_claimed() {
    let either = of(&["form.amount > form.any", "form.amount <= form.any"]);
    assert_eq!((either.gap, either.exact), (Finding::Unknown, false));
    assert_eq!(gap(&["form.amount * 2 > 5000", "form.amount * 2 <= 5000"]), Finding::Unknown);
    assert_eq!(of(&["contains(form.note, \"x\") && !contains(form.note, \"x\")"]).never, []);
    assert!(matches!(gap(&["form.amount * 2 > 5000"]), Finding::Yes { .. }), "what is found is real");
}

#[test]
fn overlaps_are_shown_with_an_example() {
    let analysis = of(&["form.amount > 1000", "form.amount > 5000", "form.amount < 10"]);
    let pairs: Vec<(usize, usize)> = analysis.overlaps.iter().map(|overlap| (overlap.first, overlap.second)).collect();
    assert_eq!(pairs, [(0, 1)]);
    assert_eq!(analysis.overlaps[0].example["form.amount"], json!("5000.01"));
}

#[test]
fn branches_that_are_never_taken_are_told_apart() {
    let analysis = of(&["form.amount > 1000", "form.amount > 5000", "form.amount > 5 && form.amount < 3"]);
    let never = [(1, Reason::TakenBefore), (2, Reason::NeverTrue)].map(|(branch, reason)| Never { branch, reason });
    assert_eq!(analysis.never, never);
}

#[test]
fn nothing_is_claimed_of_too_many_combinations() {
    let path = |index: usize| format!("form.n{index}");
    let env = (0..12).fold(Env::new(), |env, index| env.with(&path(index), Variable::of(Type::Number)));
    let source = (0..12).map(|index| format!("{} > {index}", path(index))).collect::<Vec<_>>().join(" && ");
    let checked = Expr::parse(&source).expect("it reads").check_condition(&env).expect("a condition");
    let analysis = analyse(&[&checked], &env);
    assert!(!analysis.exact);
    assert!(matches!(analysis.gap, Finding::Yes { .. }), "found among those tried");
}

#[test]
fn no_branches_take_nothing() {
    assert_eq!(of(&[]).gap, Finding::Yes { example: Default::default() });
    assert_eq!(of(&["true"]).gap, Finding::No);
    assert_eq!(of(&["false"]).never, [Never { branch: 0, reason: Reason::NeverTrue }]);
}
