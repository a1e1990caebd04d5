use std::collections::BTreeSet;

use crate::expr::{
    Checked, Code, Env, Expr, ExprError, Foreseen, MAX_DEPTH, MAX_SOURCE, RefKind, Scope, Span, Type, Value, Variable,
};

fn env() -> Env {
    Env::initiator()
        .with("form.amount", Variable::of(Type::Number))
        .with("form.leave", Variable::of(Type::Period))
        .with("form.urgent", Variable::of(Type::Bool))
}

fn checked(source: &str) -> Checked {
    Expr::parse(source).expect("it reads").check(&env()).expect("it checks")
}

fn refused(source: &str) -> ExprError {
    Expr::parse(source).expect_err("it does not read")
}

#[test]
fn it_says_which_variables_it_reads() {
    let reads = checked("form.leave.days > 3 || form.amount > 5 && initiator.unit == \"hq\"");
    let names: Vec<&str> = reads.depends_on().iter().map(String::as_str).collect();
    assert_eq!(names, ["form.amount", "form.leave", "initiator.unit"]);
}

#[test]
fn it_lists_the_codes_of_the_organisation_that_it_names() {
    let named =
        checked("initiator.post == \"cashier\" && initiator.unit in [\"hq\", \"lab\"] && \"x\" != initiator.name");
    let found: Vec<(RefKind, &str)> =
        named.codes().iter().map(|Code { kind, code, .. }| (*kind, code.as_str())).collect();
    assert_eq!(found, [(RefKind::Post, "cashier"), (RefKind::Unit, "hq"), (RefKind::Unit, "lab")]);
    assert_eq!(named.codes()[0].span, Span { start: 18, end: 27 });
}

// proves: ORG-23 (a condition reads the initiator's unit, post and rank)
#[test]
fn conditions_read_the_initiators_place_in_the_organisation() {
    let condition = checked("initiator.unit == \"lab\" && initiator.rank_level <= 3 && initiator.post != \"director\"");
    let of_a_researcher = |path: &str| match path {
        "initiator.unit" => Value::text("lab"),
        "initiator.rank_level" => Value::Number(3.into()),
        "initiator.post" => Value::text("researcher"),
        _ => Value::Null,
    };
    let of_the_director =
        |path: &str| if path == "initiator.post" { Value::text("director") } else { of_a_researcher(path) };
    assert!(condition.holds(&of_a_researcher));
    assert!(!condition.holds(&of_the_director));
}

#[test]
fn what_is_not_decided_yet_is_named() {
    let condition = checked("form.amount > 5000 || initiator.rank_level >= 5");
    let rank = |level: i64| {
        move |path: &str| if path == "initiator.rank_level" { Value::Number(level.into()) } else { Value::Null }
    };
    let amount = |path: &str| path == "form.amount";

    assert_eq!(condition.foresee(&rank(6), &amount), Foreseen::Value(Value::Bool(true)), "whatever the amount will be");
    assert_eq!(condition.foresee(&rank(2), &amount), Foreseen::DependsOn(["form.amount".to_owned()].into()));
    assert_eq!(condition.foresee(&rank(2), &|_| false), Foreseen::Value(Value::Null), "decided to be empty");
}

#[test]
fn a_member_of_an_undecided_period_is_undecided() {
    let condition = checked("form.leave.days > 3 && form.urgent");
    let undecided = |path: &str| path == "form.leave";
    let urgent = |value: bool| move |path: &str| if path == "form.urgent" { Value::Bool(value) } else { Value::Null };
    let needs: BTreeSet<String> = ["form.leave".to_owned()].into();

    assert_eq!(condition.foresee(&urgent(true), &undecided), Foreseen::DependsOn(needs));
    assert_eq!(condition.foresee(&urgent(false), &undecided), Foreseen::Value(Value::Bool(false)));
}

#[test]
fn branches_that_agree_do_not_wait_for_their_condition() {
    let choice = checked("form.urgent ? initiator.unit : \"hq\"");
    let scope: &dyn Scope = &|path: &str| if path == "initiator.unit" { Value::text("hq") } else { Value::Null };
    assert_eq!(choice.foresee(scope, &|path: &str| path == "form.urgent"), Foreseen::Value(Value::text("hq")));
}

#[test]
fn all_mistakes_are_told_at_once_in_their_order() {
    let errors =
        Expr::parse("form.amonut > 5 && initiator.unit == 3 && form.urgent > 1").expect("it reads").check(&env());
    let told: Vec<String> = errors.expect_err("three mistakes").iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "1:1: forms.expr.unknown_name {\"name\":\"form.amonut\"} → form.amount",
            "1:20: forms.expr.different_types {\"left\":\"initiator.unit\",\"right\":\"3\"}",
            "1:43: forms.expr.different_types {\"left\":\"form.urgent\",\"right\":\"1\"}",
        ]
    );
}

#[test]
fn a_condition_is_true_or_false() {
    let expr = Expr::parse("form.amount").expect("it reads");
    let errors = expr.check_condition(&env()).expect_err("a number is no condition");
    assert_eq!(errors[0].code, "forms.expr.needs_condition");
    assert!(expr.check_as(&env(), &Type::Number).is_ok());
}

#[test]
fn sources_are_bounded() {
    let long = "1".repeat(MAX_SOURCE + 1);
    assert_eq!(refused(&long).code, "forms.expr.too_long");
    let text = format!("\"{}\"", "长".repeat(MAX_SOURCE - 2));
    assert!(Expr::parse(&text).is_ok(), "characters count, not bytes");
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Expr::parse(&nested(usize::from(MAX_DEPTH) - 1)).is_ok());
    assert_eq!(refused(&nested(usize::from(MAX_DEPTH))).code, "forms.expr.too_deep");
    assert_eq!(refused(&"!".repeat(500)).code, "forms.expr.too_deep");
    assert_eq!(refused(&vec!["1"; 100].join(" + ")).code, "forms.expr.too_deep");
    assert!(Expr::parse(&vec!["form.urgent"; 200].join(" || ")).is_ok(), "conditions in a row are not nested");
}

#[test]
fn a_scope_that_lies_about_types_gives_null() {
    let condition = checked("form.amount > 5");
    assert_eq!(condition.eval(&|_: &str| Value::text("many")), Value::Null);
    assert_eq!(checked("form.leave.days").eval(&|_: &str| Value::Bool(true)), Value::Null);
}

#[test]
fn answers_are_kept_with_their_types() {
    let answers =
        [Value::Number("12.50".parse().expect("a number")), Value::text("hq"), Value::List(vec![Value::Null])];
    let kept = serde_json::to_string(&answers).expect("JSON");
    assert_eq!(
        kept,
        r#"[{"type":"number","value":"12.50"},{"type":"text","value":"hq"},{"type":"list","value":[{"type":"null"}]}]"#
    );
    assert_eq!(serde_json::from_str::<Vec<Value>>(&kept).expect("values"), answers);
}
