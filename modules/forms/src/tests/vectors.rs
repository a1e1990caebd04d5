use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use crate::{
    expr::{Env, Expr, Type, Value, Variable},
    form::{
        CheckedForm, Durations, Facts, Field, Form, Half, Initiator, Mode, Period, PeriodEnd, Records, Right, Rights,
        Since,
    },
};

const EXPRESSIONS: &str = include_str!("../../vectors/expr.json");

/// The environment of a vector file.
pub(super) fn env(described: &Json) -> Env {
    described.as_object().expect("an object").iter().fold(Env::new(), |env, (path, variable)| {
        let ty = Type::named(variable["type"].as_str().expect("a type")).expect("a known type");
        let options = variable["options"].as_array().cloned().unwrap_or_default();
        let mut made = Variable::of(ty)
            .with_options(options.iter().map(|option| option.as_str().expect("an id")))
            .at_most(variable["max_items"].as_u64().unwrap_or(1_000) as usize);
        made.nullable = variable["always"] != true;
        made.scale = variable["scale"].as_u64().map(|scale| scale as u32);
        env.with(path, made)
    })
}

fn scope<'v>(env: &'v Env, values: &'v Map<String, Json>) -> impl Fn(&str) -> Value + 'v {
    move |path| env.get(path).map_or(Value::Null, |variable| Value::from_json(&variable.ty, values.get(path)))
}

#[test]
fn expressions_mean_what_the_vectors_say() {
    let file: Json = serde_json::from_str(EXPRESSIONS).expect("the vectors are JSON");
    let env = env(&file["env"]);
    let cases = file["cases"].as_array().expect("cases");
    assert!(cases.len() >= 150, "{} cases", cases.len());
    let wrong: Vec<String> = cases.iter().filter_map(|case| differs(case, &env, &file["scope"])).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What a case expected and what it got, where they differ.
fn differs(case: &Json, env: &Env, scope_of_file: &Json) -> Option<String> {
    let source = case["source"].as_str().expect("a source");
    let mut values = scope_of_file.as_object().expect("a scope").clone();
    values.extend(case["with"].as_object().cloned().unwrap_or_default());
    let got = match Expr::parse(source).map_err(|error| vec![error]).and_then(|expr| expr.check(env)) {
        Ok(checked) => {
            let printed = checked.expr().to_string();
            if let Some(prints) = case["prints"].as_str()
                && prints != printed
            {
                return Some(format!("{source}: prints {printed}, not {prints}"));
            }
            serde_json::json!({ "type": checked.ty().name(), "value": checked.eval(&scope(env, &values)).to_json() })
        }
        Err(errors) => {
            let first = &errors[0];
            let mut told = serde_json::json!({
                "error": first.code.strip_prefix("forms.expr.").expect("a code of expressions"),
                "line": first.line,
                "column": first.column,
            });
            if let Some(remedy) = &first.remedy {
                told["remedy"] = Json::from(remedy.replacement.as_str());
            }
            told
        }
    };
    let mut expected = case.as_object().expect("a case").clone();
    for key in ["source", "with", "prints"] {
        expected.remove(key);
    }
    (got != Json::Object(expected.clone())).then(|| format!("{source}: {got}, not {}", Json::Object(expected)))
}

const VALIDATIONS: &str = include_str!("../../vectors/validate.json");

/// The calendar of a vector file: what is between two ends, by how they are written.
struct Working(Json);

impl Durations for Working {
    fn between(&self, period: &Period) -> Option<(Decimal, Decimal)> {
        let end = |end: &PeriodEnd| {
            let half = end.half.map(|half| if half == Half::Am { " am".to_owned() } else { " pm".to_owned() });
            let time = end.time.map(|time| format!(" {:02}:{:02}", time.hour(), time.minute()));
            format!("{}{}", end.date, half.or(time).unwrap_or_default())
        };
        let told = self.0.get(format!("{}/{}", end(&period.from), end(&period.to)))?;
        Some((told[0].as_str()?.parse().ok()?, told[1].as_str()?.parse().ok()?))
    }
}

/// The related records of a vector file.
struct Registered(Json);

impl Records for Registered {
    fn knows(&self, _field: &Field, id: &str) -> bool {
        self.0.get(id).is_some()
    }

    fn value(&self, _field: &Field, id: &str, name: &str) -> Option<&Json> {
        self.0.get(id)?.get(name)
    }
}

// proves: FORM-02, FORM-03, FORM-04, FORM-05
#[test]
fn values_are_taken_as_the_vectors_say() {
    let file: Json = serde_json::from_str(VALIDATIONS).expect("the vectors are JSON");
    let working = Working(file["working"].clone());
    let initiator: Initiator = serde_json::from_value(file["initiator"].clone()).expect("an initiator");
    let records = Registered(file["records"].clone());
    let facts = Facts { initiator: &initiator, durations: &working, records: &records };
    let cases = file["cases"].as_array().expect("cases");
    assert!(cases.len() >= 60, "{} cases", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .flat_map(|case| {
            let form = file["forms"][case["form"].as_str().expect("a form's name")].clone();
            let form: Form = serde_json::from_value(form).expect("a form");
            takes_otherwise(case, &form.checked().expect("a form without problems"), facts)
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn takes_otherwise(case: &Json, form: &CheckedForm, facts: Facts) -> Vec<String> {
    let name = case["name"].as_str().expect("a name");
    let rights = case
        .get("rights")
        .map_or(Rights::all(Right::Write), |rights| serde_json::from_value(rights.clone()).expect("rights"));
    let mode = if case["mode"] == "draft" { Mode::Draft } else { Mode::Submit };
    let sent = case["values"].as_object().expect("values");
    let before = case.get("before").and_then(Json::as_object).map(|then| form.compute(&form.normalise(then), facts));
    let values = match case.get("before") {
        Some(_) => form.follow(&form.normalise(sent), Since { before: before.as_ref(), sent }, facts),
        None => form.compute(&form.normalise(sent), facts),
    };
    let errors = serde_json::to_value(form.validate(&values, &rights, mode, facts)).expect("errors are JSON");
    let visible: Json = form.visible(&values, facts.initiator).into_iter().collect();
    let visible_in_order: Json = form
        .form()
        .fields
        .iter()
        .filter(|field| visible.as_array().is_some_and(|shown| shown.contains(&Json::from(field.id.as_str()))))
        .map(|field| field.id.as_str())
        .collect();
    let expected_errors = case.get("errors").cloned().unwrap_or_else(|| serde_json::json!([]));
    let told = [
        (Some(&expected_errors), errors),
        (case.get("gives"), Json::Object(values)),
        (case.get("visible"), visible_in_order),
    ];
    let differing = told.into_iter().filter(|(expected, got)| expected.is_some_and(|expected| expected != got));
    differing.map(|(expected, got)| format!("{name}: {got}, not {}", expected.unwrap_or(&Json::Null))).collect()
}

const ARITHMETIC: &str = include_str!("../../vectors/arithmetic.json");

#[test]
fn decimals_are_computed_to_the_last_digit() {
    let file: Json = serde_json::from_str(ARITHMETIC).expect("the vectors are JSON");
    let wrong: Vec<String> = file["cases"]
        .as_array()
        .expect("cases")
        .iter()
        .filter_map(|case| {
            let part = |index: usize| case[index].as_str().expect("text");
            let source = format!("({}) {} ({})", part(0), part(1), part(2));
            let checked = Expr::parse(&source).expect("arithmetic").check(&Env::new()).expect("numbers");
            let got = checked.eval(&|_: &str| Value::Null).to_json();
            (got != case[3]).then(|| format!("{source}: {got}, not {}", case[3]))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Rows of three cells whose first and last are code: what the documentation says an expression gives.
fn documented(page: &str) -> Vec<(String, String)> {
    let code = |cell: &str| Some(cell.trim().strip_prefix('`')?.strip_suffix('`')?.replace("\\|", "|"));
    let row = |line: &str| {
        let line = line.replace("\\|", "\u{1}");
        let cells: Vec<String> = line.trim_matches('|').split('|').map(|cell| cell.replace('\u{1}', "|")).collect();
        match cells.as_slice() {
            [source, _, gives] => Some((code(source)?, code(gives)?)),
            _ => None,
        }
    };
    page.lines().filter(|line| line.starts_with('|')).filter_map(row).collect()
}

#[test]
fn the_documentation_says_what_is_so() {
    let file: Json = serde_json::from_str(EXPRESSIONS).expect("the vectors are JSON");
    let env = env(&file["env"]);
    let values = file["scope"].as_object().expect("a scope");
    let pages = [include_str!("../../../../docs/expressions.md"), include_str!("../../../../docs/zh/expressions.md")];
    for page in pages {
        let examples = documented(page);
        assert!(examples.len() >= 40, "{} examples", examples.len());
        for (source, gives) in examples {
            let checked = Expr::parse(&source).map_err(|error| vec![error]).and_then(|expr| expr.check(&env));
            let checked = checked.unwrap_or_else(|errors| panic!("{source}: {}", errors[0]));
            let given = match checked.eval(&scope(&env, values)).to_json() {
                Json::String(text) => text,
                other => other.to_string(),
            };
            assert_eq!(given, gives, "{source}");
        }
    }
}
