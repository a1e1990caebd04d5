use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*, sample::select};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use crate::{
    expr::{Checked, Env, Expr, Finding, Kind, Node, Reason, Type, Value, Variable, analyse},
    form::{Form, Values},
};

fn env() -> Env {
    Env::initiator()
        .with("form.a", Variable::of(Type::Number))
        .with("form.b", Variable { scale: Some(0), ..Variable::of(Type::Number).always() })
        .with("form.kind", Variable::of(Type::Text).always().with_options(["x", "y", "z"]))
        .with("form.note", Variable::of(Type::Text))
        .with("form.day", Variable::of(Type::Date))
        .with("form.leave", Variable::of(Type::Period))
        .with("form.tags", Variable::of(Type::list(Type::Text)).at_most(5))
        .with("form.flag", Variable::of(Type::Bool))
}

/// Sources of expressions, most of which read and many of which check.
fn source() -> impl Strategy<Value = String> {
    let leaf = select(vec![
        "1",
        "0",
        "2.50",
        "0.001",
        "9999999999999999999999999999",
        "true",
        "false",
        "null",
        "\"x\"",
        "\"探亲\\n\"",
        "[]",
        "form.a",
        "form.b",
        "form.kind",
        "form.note",
        "form.day",
        "form.leave.days",
        "form.leave",
        "form.tags",
        "form.flag",
        "initiator.unit",
        "initiator.rank_level",
        "date(\"2026-11-21\")",
        "form.unknown",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(6, 64, 4, |inner| {
        let pair = (inner.clone(), inner.clone());
        let operator = select(vec!["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||"]);
        let function = select(vec![
            "size",
            "sum",
            "min",
            "max",
            "round",
            "abs",
            "contains",
            "days_between",
            "coalesce",
            "is_null",
        ]);
        prop_oneof![
            (pair.clone(), operator.clone()).prop_map(|((left, right), op)| format!("{left} {op} {right}")),
            (pair.clone(), operator).prop_map(|((left, right), op)| format!("({left}) {op} ({right})")),
            inner.clone().prop_map(|inner| format!("!({inner})")),
            inner.clone().prop_map(|inner| format!("-{inner}")),
            (inner.clone(), pair).prop_map(|(when, (first, second))| format!("({when}) ? ({first}) : {second}")),
            (function, vec(inner.clone(), 1..4)).prop_map(|(name, parts)| format!("{name}({})", parts.join(", "))),
            vec(inner, 1..4).prop_map(|parts| format!("[{}]", parts.join(", "))),
        ]
    })
}

/// Sources that check, mostly: numbers, or conditions, of each other.
fn typed(wanted: Type, depth: u32) -> BoxedStrategy<String> {
    let leaves = match wanted {
        Type::Number => vec![
            "1",
            "0",
            "2.50",
            "0.001",
            "-7",
            "9999999999999999999999999999",
            "form.a",
            "form.b",
            "form.leave.days",
            "initiator.rank_level",
        ],
        Type::Text => vec!["\"x\"", "'探亲'", "form.kind", "form.note", "initiator.name"],
        Type::Date => vec!["date(\"2026-02-28\")", "date('2024-02-29')", "form.day", "form.leave.from"],
        _ => vec!["true", "form.flag", "is_null(form.leave)", "\"x\" in form.tags", "form.kind in [\"x\", \"y\"]"],
    };
    let leaf = select(leaves).prop_map(str::to_owned);
    if depth == 0 {
        return leaf.boxed();
    }
    let of = move |ty: Type| typed(ty, depth - 1);
    let pair = |ty: Type| (of(ty.clone()), of(ty));
    let choice = (of(Type::Bool), of(wanted.clone()), of(wanted.clone()))
        .prop_map(|(when, first, second)| format!("({when} ? ({first}) : {second})"));
    let either = pair(wanted.clone()).prop_map(|(first, second)| format!("coalesce({first}, {second})"));
    let own = match wanted {
        Type::Number => prop_oneof![
            (pair(Type::Number), select(vec!["+", "-", "*", "/", "%"]))
                .prop_map(|((left, right), op)| format!("({left} {op} {right})")),
            (select(vec!["sum", "min", "max"]), pair(Type::Number))
                .prop_map(|(name, (left, right))| format!("{name}({left}, {right})")),
            (of(Type::Number), 0..5).prop_map(|(number, places)| format!("round({number}, {places})")),
            of(Type::Number).prop_map(|number| format!("abs({number})")),
            of(Type::Text).prop_map(|text| format!("size({text})")),
            pair(Type::Date).prop_map(|(from, to)| format!("days_between({from}, {to})")),
        ]
        .boxed(),
        Type::Text => pair(Type::Text).prop_map(|(left, right)| format!("({left} + {right})")).boxed(),
        Type::Date => pair(Type::Date).prop_map(|(left, right)| format!("max({left}, {right})")).boxed(),
        _ => prop_oneof![
            (pair(Type::Number), select(vec!["<", "<=", ">", ">=", "==", "!="]))
                .prop_map(|((left, right), op)| format!("{left} {op} {right}")),
            pair(Type::Date).prop_map(|(left, right)| format!("{left} < {right}")),
            pair(Type::Text).prop_map(|(left, right)| format!("contains({left}, {right})")),
            (pair(Type::Bool), select(vec!["&&", "||"]))
                .prop_map(|((left, right), op)| format!("({left}) {op} {right}")),
            of(Type::Bool).prop_map(|inner| format!("!({inner})")),
            of(Type::Number).prop_map(|inner| format!("is_null({inner})")),
            (of(Type::Number), pair(Type::Number))
                .prop_map(|(one, (first, second))| format!("{one} in [{first}, {second}, null]")),
        ]
        .boxed(),
    };
    prop_oneof![1 => leaf, 1 => choice, 1 => either, 6 => own].boxed()
}

fn any_source() -> impl Strategy<Value = String> {
    prop_oneof![source(), typed(Type::Number, 4), typed(Type::Bool, 4)]
}

/// The tree without its places in the source.
fn shape(node: &Node) -> String {
    let all = |parts: &[Node]| parts.iter().map(shape).collect::<Vec<_>>().join(" ");
    match &node.kind {
        Kind::Not(inner) => format!("(not {})", shape(inner)),
        Kind::Negate(inner) => format!("(negate {})", shape(inner)),
        Kind::List(parts) => format!("(list {})", all(parts)),
        Kind::All(parts) => format!("(all {})", all(parts)),
        Kind::Any(parts) => format!("(any {})", all(parts)),
        Kind::Binary(op, left, right) => format!("({op:?} {} {})", shape(left), shape(right)),
        Kind::Choose(when, first, second) => format!("(choose {} {} {})", shape(when), shape(first), shape(second)),
        Kind::Call(function, parts) => format!("({function:?} {})", all(parts)),
        leaf => format!("{leaf:?}"),
    }
}

fn number() -> impl Strategy<Value = Value> {
    let decimal = (any::<i64>(), 0u32..6).prop_map(|(units, scale)| Value::Number(Decimal::new(units, scale)));
    prop_oneof![Just(Value::Null), decimal, (-3i64..8).prop_map(|near| Value::Number(near.into()))]
}

fn text() -> impl Strategy<Value = Value> {
    prop_oneof![Just(Value::Null), select(vec!["x", "y", "z", "探亲", ""]).prop_map(Value::text)]
}

/// Any value under any name: also of another type than the name was declared with.
fn scope() -> impl Strategy<Value = BTreeMap<String, Value>> {
    let paths =
        select(vec!["form.a", "form.b", "form.kind", "form.note", "form.day", "form.leave", "form.tags", "form.flag"]);
    let value =
        prop_oneof![number(), text(), any::<bool>().prop_map(Value::Bool), vec(text(), 0..5).prop_map(Value::List)];
    vec((paths.prop_map(str::to_owned), value), 0..8).prop_map(|pairs| pairs.into_iter().collect())
}

/// Conditions that compare one of two variables with constants: what the analysis is exact about.
fn simple_condition() -> impl Strategy<Value = String> {
    let operator = select(vec!["<", "<=", ">", ">=", "==", "!="]);
    let atom = prop_oneof![
        (select(vec!["form.a", "form.b"]), operator, -3i64..6)
            .prop_map(|(path, op, bound)| format!("{path} {op} {bound}")),
        (select(vec!["==", "!="]), select(vec!["x", "y", "z"])).prop_map(|(op, id)| format!("form.kind {op} \"{id}\"")),
        Just("is_null(form.a)".to_owned()),
        Just("form.kind in [\"x\", \"z\"]".to_owned()),
        Just("form.a in [1, 2.5, 4]".to_owned()),
    ];
    atom.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} && {right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} || {right})")),
            inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

/// A case that the environment allows: `form.a` may be empty, `form.b` is a whole number, `form.kind` an option.
fn allowed_case() -> impl Strategy<Value = BTreeMap<String, Value>> {
    let a = prop_oneof![
        1 => Just(Value::Null),
        6 => (-50i64..80).prop_map(|tenths| Value::Number(Decimal::new(tenths, 1))),
    ];
    let b = (-6i64..9).prop_map(|whole| Value::Number(whole.into()));
    let kind = select(vec!["x", "y", "z"]).prop_map(Value::text);
    (a, b, kind).prop_map(|(a, b, kind)| {
        [("form.a", a), ("form.b", b), ("form.kind", kind)].map(|(path, value)| (path.to_owned(), value)).into()
    })
}

fn holds(condition: &Checked, case: &BTreeMap<String, Value>) -> bool {
    condition.holds(&|path: &str| case.get(path).cloned().unwrap_or(Value::Null))
}

/// A witness as the conditions read it.
fn as_case(example: &BTreeMap<String, Json>) -> BTreeMap<String, Value> {
    let env = env();
    let value = |path: &str, json: &Json| Value::from_json(&env.get(path).expect("a variable").ty, Some(json));
    example.iter().map(|(path, json)| (path.clone(), value(path, json))).collect()
}

fn form() -> Form {
    serde_json::from_value(json!({
        "fields": [
            { "id": "text", "label": { "zh": "文" }, "type": "text" },
            { "id": "mobile", "label": { "zh": "机" }, "type": "text", "format": "mobile" },
            { "id": "long", "label": { "zh": "长" }, "type": "long_text" },
            { "id": "money", "label": { "zh": "钱" }, "type": "money" },
            { "id": "number", "label": { "zh": "数" }, "type": "number" },
            { "id": "perks", "label": { "zh": "选" }, "type": "choices",
              "options": [{ "id": "x", "label": { "zh": "甲" } }, { "id": "y", "label": { "zh": "乙" } }] },
            { "id": "days", "label": { "zh": "期" }, "type": "period" }
        ],
        "layout": { "columns": 1, "rows": [
            [{ "field": "text" }], [{ "field": "mobile" }], [{ "field": "long" }], [{ "field": "money" }],
            [{ "field": "number" }], [{ "field": "perks" }], [{ "field": "days" }]
        ] }
    }))
    .expect("a form")
}

fn any_values() -> impl Strategy<Value = Values> {
    let text = prop_oneof!["[ \t\r\n　a中x0-9.-]{0,8}", "-?0{0,2}[0-9]{1,6}(\\.[0-9]{1,8})?", any::<String>()];
    let day = |day: u32| json!({ "date": format!("2026-11-{day:02}") });
    let value = prop_oneof![
        text.prop_map(Json::String),
        vec(select(vec!["x", "y", " x ", "other", ""]), 0..5).prop_map(|parts| json!(parts)),
        (1u32..40, 1u32..40).prop_map(move |(from, to)| json!({ "to": day(to), "from": day(from), "days": "02.50" })),
        Just(Json::Null),
        any::<i64>().prop_map(|number| json!(number)),
    ];
    let ids = select(vec!["text", "mobile", "long", "money", "number", "perks", "days", "stranger"]);
    vec((ids.prop_map(str::to_owned), value), 0..8).prop_map(|pairs| pairs.into_iter().collect::<Map<_, _>>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn the_parser_survives_any_text(text in any::<String>()) {
        let _ = Expr::parse(&text);
    }

    #[test]
    fn the_parser_survives_any_tokens(parts in vec(select(vec![
        "form.a", "1", ".", "\"", "'", "\\", "(", ")", "[", "]", ",", "?", ":", "&&", "||", "!", "-", "==", "in", "＝", "sum", " ", "\n", "é",
    ]), 0..40)) {
        let source = parts.concat();
        if let Err(error) = Expr::parse(&source) {
            prop_assert!(error.span.end as usize <= source.len() && error.span.start <= error.span.end);
            prop_assert!(source.is_char_boundary(error.span.start as usize) && source.is_char_boundary(error.span.end as usize));
        }
    }

    #[test]
    fn printing_and_reading_again_gives_the_same(source in any_source()) {
        if let Ok(expr) = Expr::parse(&source) {
            let printed = expr.to_string();
            let again = Expr::parse(&printed);
            prop_assert!(again.is_ok(), "{printed}: {again:?}");
            let again = again.expect("asserted");
            prop_assert_eq!(shape(expr.root()), shape(again.root()));
            prop_assert_eq!(printed, again.to_string());
        }
    }

    #[test]
    fn evaluation_is_total_and_of_the_type_that_was_checked(source in any_source(), scope in scope()) {
        if let Ok(checked) = Expr::parse(&source).map_err(|error| vec![error]).and_then(|expr| expr.check(&env())) {
            let value = checked.eval(&|path: &str| scope.get(path).cloned().unwrap_or(Value::Null));
            let fits = match (&value, checked.ty()) {
                (Value::Null, _) => true,
                (Value::Bool(_), ty) => *ty == Type::Bool,
                (Value::Number(number), ty) => {
                    prop_assert!(number.mantissa().unsigned_abs() < 10u128.pow(28));
                    *ty == Type::Number
                }
                (Value::Date(_), ty) => *ty == Type::Date,
                (Value::Text(_), ty) => matches!(ty, Type::Text | Type::Ref(_)),
                (Value::Period(_), ty) => *ty == Type::Period,
                (Value::List(_), ty) => matches!(ty, Type::List(_)),
            };
            prop_assert!(fits, "{source}: {value:?} is no {:?}", checked.ty());
        }
    }

    #[test]
    fn arithmetic_keeps_its_laws(a in any::<i64>(), b in any::<i64>(), c in 1i64.., scale in 0u32..10) {
        let compute = |source: &str| {
            let [a, b, c] = [a, b, c].map(|units| Decimal::new(units, scale));
            let scope = move |path: &str| Value::Number(match path { "a" => a, "b" => b, _ => c });
            let env = ["a", "b", "c"].iter().fold(Env::new(), |env, path| env.with(path, Variable::of(Type::Number)));
            Expr::parse(source).expect("it reads").check(&env).expect("numbers").eval(&scope)
        };
        prop_assert_eq!(compute("a + b"), compute("b + a"));
        prop_assert_eq!(compute("a - b"), compute("-(b - a)"));
        prop_assert_eq!(compute("a * b"), compute("b * a"));
        prop_assert_eq!(compute("a + b - b"), compute("a"));
        prop_assert_eq!(compute("a == b"), compute("a - b == 0"));
        prop_assert_eq!(compute("abs(a % c) < c"), Value::Bool(true));
    }

    #[test]
    fn the_analysis_claims_nothing_that_a_case_contradicts(
        sources in vec(simple_condition(), 1..4),
        cases in vec(allowed_case(), 64),
    ) {
        let env = env();
        let checked: Vec<Checked> = sources
            .iter()
            .map(|source| Expr::parse(source).expect("it reads").check_condition(&env).expect("a condition"))
            .collect();
        let analysis = analyse(&checked.iter().collect::<Vec<_>>(), &env);
        prop_assert!(analysis.exact, "these are simple");
        prop_assert!(analysis.gap != Finding::Unknown);
        if let Finding::Yes { example } = &analysis.gap {
            let case = as_case(example);
            prop_assert!(!checked.iter().any(|condition| holds(condition, &case)), "{sources:?}: {example:?} is taken");
        }
        for overlap in &analysis.overlaps {
            let case = as_case(&overlap.example);
            prop_assert!(holds(&checked[overlap.first], &case) && holds(&checked[overlap.second], &case));
        }
        for case in &cases {
            let holding: Vec<usize> = (0..checked.len()).filter(|index| holds(&checked[*index], case)).collect();
            prop_assert!(!holding.is_empty() || analysis.gap != Finding::No, "{sources:?}: nothing takes {case:?}");
            for never in &analysis.never {
                let contradicted = match never.reason {
                    Reason::NeverTrue => holding.contains(&never.branch),
                    Reason::TakenBefore => holding.first() == Some(&never.branch),
                };
                prop_assert!(!contradicted, "{sources:?}: {case:?} takes {}", never.branch);
            }
            for (place, first) in holding.iter().enumerate() {
                for second in &holding[place + 1..] {
                    let told = analysis.overlaps.iter().any(|overlap| (overlap.first, overlap.second) == (*first, *second));
                    prop_assert!(told, "{sources:?}: {first} and {second} overlap at {case:?}");
                }
            }
        }
    }

    #[test]
    fn normalising_twice_changes_nothing(values in any_values()) {
        let form = form().checked().expect("without problems");
        let once = form.normalise(&values);
        prop_assert_eq!(form.normalise(&once), once);
    }
}
