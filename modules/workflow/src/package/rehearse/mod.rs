//! 试运行: plays the test cases of a package on the engine that runs production, with an organisation as it stands.

mod besides;
mod compare;
mod effects;
mod house;
mod paper;
mod play;

use std::sync::Arc;

use hanlin_kernel::{Locale, Text};
use serde_json::{Map, Value};

pub use house::{House, find_person};

use super::{
    model::{Deed, Expect, Package, TestCase},
    problem::sentence,
};
use crate::engine::CheckedFlow;
use play::Play;

/// What came of one test case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseResult {
    pub name: Text,
    pub proves: Vec<String>,
    /// Why it failed; nothing: it passed.
    pub failures: Vec<Failure>,
}

impl CaseResult {
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// One thing that was not as the case expects.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// `workflow.package.test.…`
    pub code: String,
    pub message: Text,
}

impl Failure {
    fn new<const N: usize>(code: &str, args: [(&str, String); N]) -> Self {
        let code = format!("workflow.package.test.{code}");
        let args: Map<String, Value> =
            args.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
        Self { message: sentence(&code, &args), code }
    }

    pub fn in_locale(&self, locale: Locale) -> &str {
        self.message.in_locale(locale)
    }
}

/// Plays every case. Each is also held against the prediction that its initiator saw before he submitted: what was
/// foretold is what happens when everyone agrees.
pub fn test(package: &Package, house: &House) -> Vec<CaseResult> {
    let checked = package.flow.clone().checked();
    let each = |case: &TestCase| {
        let failures = match &checked {
            Ok(flow) => play(flow, case, house).err().unwrap_or_default(),
            Err(flaws) => vec![Failure::new("flawed", [("flaws", format!("{flaws:?}"))])],
        };
        CaseResult { name: case.name.clone(), proves: case.proves.clone(), failures }
    };
    package.cases.iter().map(each).collect()
}

/// All that is not as expected, as an error.
fn play(flow: &CheckedFlow, case: &TestCase, house: &House) -> Result<(), Vec<Failure>> {
    let mut play = Play::begin(flow, case, Arc::new(house.clone())).map_err(|failure| vec![failure])?;
    let foretold = play.predict();
    let submitted = play.submit();
    let mut failures = Vec::new();
    match (&case.expect, submitted) {
        (Expect::Refused(wanted), Err(refusal)) => failures.extend(compare::refusal("submit", wanted, &refusal)),
        (Expect::Refused(wanted), Ok(())) => {
            failures.push(Failure::new("not_refused", [("deed", "submit".to_owned()), ("code", wanted.code.clone())]));
        }
        (Expect::Route { .. }, Err(refusal)) => {
            failures
                .push(Failure::new("refused", [("deed", "submit".to_owned()), ("refusal", compare::told(&refusal))]));
        }
        (Expect::Route { visits, ends, waits_for, effects }, Ok(())) => {
            match foretold {
                Ok(foretold) => failures.extend(compare::prediction(&foretold, &play)),
                Err(refusal) => {
                    failures.push(Failure::new("no_prediction", [("refusal", compare::told(&refusal))]));
                }
            }
            let then = if case.then.is_empty() { &[Deed::EveryoneAgrees][..] } else { &case.then };
            for deed in then {
                failures.extend(play.perform(deed).err());
            }
            failures.extend(compare::visits(visits, &play));
            failures.extend(compare::end(*ends, waits_for, &play));
            failures.extend(effects::differ(effects, &play));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures) }
}
