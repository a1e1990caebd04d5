//! What can be said of the conditions of an exclusive's branches before anybody fills in the form:
//! is there a case that no branch takes, do two branches claim the same case, is a branch never taken.
//!
//! Conditions are evaluated over samples that stand for all values. Whatever is found is a real case, since it
//! was evaluated; that something does not exist is only said where the samples prove it.
//! Variables are taken to be independent of each other and required fields to be filled: an example may name
//! a rank and a level that no person has together, or a field that is only filled in at a later node.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::{Checked, Env, Value, samples::Samples};

/// Most combinations of values that are tried.
const MAX_COMBINATIONS: usize = 20_000;

/// An example: variable → value, as a form's JSON has it. `null`: the field is empty.
pub type Witness = BTreeMap<String, Json>;

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Analysis {
    /// A case that no branch takes.
    pub gap: Finding,
    /// Pairs of branches that are both true of some case. The earlier one takes it.
    pub overlaps: Vec<Overlap>,
    /// Branches that are never taken. Only told where it is proven.
    pub never: Vec<Never>,
    /// The samples stand for all cases: what is not listed does not exist.
    pub exact: bool,
}

/// Whether there is such a case.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Finding {
    Yes {
        #[schema(value_type = Object)]
        example: Witness,
    },
    /// Proven.
    No,
    /// None was found, which proves nothing: the conditions do more than compare a variable with constants.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Overlap {
    /// Index of the branch that comes first.
    pub first: usize,
    pub second: usize,
    #[schema(value_type = Object)]
    pub example: Witness,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Never {
    pub branch: usize,
    pub reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its condition is true of nothing.
    NeverTrue,
    /// Earlier branches take all that it is true of.
    TakenBefore,
}

/// Analyses conditions in the order in which they are asked. `env` is the one they were checked against.
pub fn analyse(conditions: &[&Checked], env: &Env) -> Analysis {
    let samples = Samples::of(conditions, env);
    let combinations = samples.combinations();
    let exact = samples.exhaustive && combinations.is_some_and(|count| count <= MAX_COMBINATIONS);
    let mut seen = Seen::new(conditions.len());
    for case in cases(&samples, combinations.unwrap_or(usize::MAX)) {
        let scope = |path: &str| case.get(path).map_or(Value::Null, |value| (*value).clone());
        let holding = conditions.iter().enumerate().filter(|(_, condition)| condition.holds(&scope));
        seen.note(&case, &holding.map(|(index, _)| index).collect::<Vec<_>>());
    }
    seen.conclude(exact)
}

type Case<'s> = BTreeMap<&'s str, &'s Value>;

/// All combinations, or as many as may be tried, spread over all there are.
fn cases(samples: &Samples, combinations: usize) -> impl Iterator<Item = Case<'_>> {
    // A prime larger than any number of samples of one variable: steps by it visit combinations far apart.
    const STRIDE: usize = 1_000_003;
    let all = combinations <= MAX_COMBINATIONS;
    (0..combinations.min(MAX_COMBINATIONS)).map(move |index| {
        let mut rest = if all { index } else { index.wrapping_mul(STRIDE) % combinations };
        samples
            .values
            .iter()
            .map(move |(path, values)| {
                let value = &values[rest % values.len()];
                rest /= values.len();
                (path.as_str(), value)
            })
            .collect()
    })
}

/// What the cases tried so far have shown.
struct Seen {
    gap: Option<Witness>,
    overlaps: BTreeMap<(usize, usize), Witness>,
    ever_true: Vec<bool>,
    ever_taken: Vec<bool>,
}

impl Seen {
    fn new(branches: usize) -> Self {
        Self {
            gap: None,
            overlaps: BTreeMap::new(),
            ever_true: vec![false; branches],
            ever_taken: vec![false; branches],
        }
    }

    fn note(&mut self, case: &Case, holding: &[usize]) {
        let witness = || case.iter().map(|(path, value)| ((*path).to_owned(), value.to_json())).collect();
        match holding.first() {
            None if self.gap.is_none() => self.gap = Some(witness()),
            None => {}
            Some(first) => self.ever_taken[*first] = true,
        }
        for (place, first) in holding.iter().enumerate() {
            self.ever_true[*first] = true;
            for second in &holding[place + 1..] {
                self.overlaps.entry((*first, *second)).or_insert_with(witness);
            }
        }
    }

    fn conclude(self, exact: bool) -> Analysis {
        let gap = match self.gap {
            Some(example) => Finding::Yes { example },
            None if exact => Finding::No,
            None => Finding::Unknown,
        };
        let reason = |branch: usize| match (self.ever_true[branch], self.ever_taken[branch]) {
            (false, _) => Some(Reason::NeverTrue),
            (true, false) => Some(Reason::TakenBefore),
            (true, true) => None,
        };
        let never = (0..self.ever_true.len()).filter_map(|branch| Some(Never { branch, reason: reason(branch)? }));
        Analysis {
            gap,
            never: if exact { never.collect() } else { Vec::new() },
            overlaps: self
                .overlaps
                .into_iter()
                .map(|((first, second), example)| Overlap { first, second, example })
                .collect(),
            exact,
        }
    }
}
