use serde_json::{Map, Value as Json};

use crate::expr::{Env, Expr, Type, Value, Variable};

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
