//! What a clause may say, and when two of them contradict each other. Pure.

use hanlin_kernel::FieldError;
use jiff::Timestamp;

use crate::{
    catalogue::{self, Kind, Spec},
    model::{Class, Given, Mode, Parameters, Policy, Provision, Refusal, Setting},
};

const LONGEST_TEXT: usize = 4_000;
const LONGEST_WORD: usize = 200;

/// What is wrong with a provision, field by field.
pub fn check(provision: &Provision) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let length = provision.text.zh.trim().chars().count();
    if length == 0 {
        faults.push(FieldError::new("text", "rulebook.text_missing"));
    }
    if length > LONGEST_TEXT {
        faults.push(FieldError::new("text", "rulebook.text_too_long").with("characters", LONGEST_TEXT));
    }
    if provision.parameters.is_empty() {
        faults.push(FieldError::new("parameters", "rulebook.parameters_missing"));
    }
    let mut specs = provision.parameters.keys().filter_map(|name| catalogue::find(name));
    if let Some(spec) = specs.find(|spec| !spec.soft && provision.mode != Mode::Block) {
        faults.push(FieldError::new("mode", "rulebook.mode_not_of_parameter").with("parameter", spec.name));
    }
    if provision.valid_to.is_some_and(|to| to < provision.valid_from) {
        faults.push(FieldError::new("valid_to", "rulebook.ends_before_it_begins"));
    }
    for (name, given) in &provision.parameters {
        faults.extend(check_parameter(provision.policy, name, given));
    }
    faults
}

/// How a clause with these parameters can be kept: as each of them can.
pub fn modes_of(parameters: &Parameters) -> Vec<Mode> {
    let mut specs = parameters.keys().filter_map(|name| catalogue::find(name));
    let is_soft = specs.all(|spec| spec.soft);
    if is_soft { vec![Mode::Block, Mode::Warn, Mode::Record] } else { vec![Mode::Block] }
}

fn check_parameter(policy: Policy, name: &str, given: &Given) -> Vec<FieldError> {
    let field = format!("parameters.{name}");
    let Some(spec) = catalogue::find(name) else {
        return vec![FieldError::new(field, "rulebook.parameter_unknown").with("parameter", name)];
    };
    if spec.policy != policy {
        return vec![
            FieldError::new(field, "rulebook.parameter_of_another_policy").with("policy", spec.policy.as_str()),
        ];
    }
    match given {
        Given::All(setting) => check_setting(spec, field, setting).into_iter().collect(),
        Given::ByClass(by_class) if spec.by_class && !by_class.is_empty() => by_class
            .iter()
            .filter_map(|(class, setting)| check_setting(spec, format!("{field}.{}", class.as_str()), setting))
            .collect(),
        Given::ByClass(_) => vec![FieldError::new(field, "rulebook.not_by_class")],
    }
}

fn check_setting(spec: &Spec, field: String, setting: &Setting) -> Option<FieldError> {
    if spec.kind.allows(setting) {
        return None;
    }
    Some(match spec.kind {
        Kind::Whole { min, max } => FieldError::new(field, "rulebook.not_in_bounds").with("min", min).with("max", max),
        Kind::Word { words } => FieldError::new(field, "rulebook.not_a_choice").with("words", words.join(", ")),
        Kind::SomeOf { words } => FieldError::new(field, "rulebook.not_some_of").with("words", words.join(", ")),
        Kind::Words { most } => FieldError::new(field, "rulebook.not_a_list").with("most", most),
    })
}

impl Kind {
    pub fn allows(self, setting: &Setting) -> bool {
        match (self, setting) {
            (Self::Whole { min, max }, Setting::Whole(number)) => (min..=max).contains(number),
            (Self::Word { words }, Setting::Word(word)) => words.contains(&word.as_str()),
            (Self::Words { most }, Setting::Words(words)) => {
                words.len() <= most && words.iter().all(|word| (1..=LONGEST_WORD).contains(&word.trim().len()))
            }
            (Self::SomeOf { words }, Setting::Words(chosen)) => {
                let once = |(at, word): (usize, &String)| !chosen[..at].contains(word);
                chosen.iter().enumerate().all(|each| words.contains(&each.1.as_str()) && once(each))
            }
            _ => false,
        }
    }
}

/// What was decided under a rule stays explained: it comes into force, changes and ends from now on, never backwards.
pub(crate) fn from_now_on(provision: &Provision, now: Timestamp) -> Result<(), Refusal> {
    let backwards = provision.valid_from < now || provision.valid_to.is_some_and(|to| to < now);
    if backwards { Err(Refusal::Retroactive) } else { Ok(()) }
}

/// The parameter that both set for the same class at the same time, if there is one.
pub(crate) fn clash(one: &Provision, another: &Provision) -> Option<String> {
    let together = one.valid_from.max(another.valid_from);
    let lasts = |provision: &Provision| provision.valid_to.is_none_or(|to| together < to);
    if !lasts(one) || !lasts(another) {
        return None;
    }
    let shared = |name: &String| {
        let (given, other) = (&one.parameters[name], &another.parameters[name]);
        Class::ALL.into_iter().any(|class| given.of(class).is_some() && other.of(class).is_some())
    };
    one.parameters.keys().filter(|name| another.parameters.contains_key(*name)).find(|name| shared(name)).cloned()
}

/// What remains of parameters when others take their place.
pub(crate) fn without(parameters: &Parameters, others: &Parameters) -> Parameters {
    let mut left = Parameters::new();
    for (name, given) in parameters {
        let taken = |class: Class| others.get(name).is_some_and(|other| other.of(class).is_some());
        let classes: Vec<Class> = Class::ALL.into_iter().filter(|class| !taken(*class)).collect();
        if classes.len() == Class::ALL.len() {
            left.insert(name.clone(), given.clone());
            continue;
        }
        let kept = classes.into_iter().filter_map(|class| Some((class, given.of(class)?.clone())));
        let kept: std::collections::BTreeMap<Class, Setting> = kept.collect();
        if !kept.is_empty() {
            left.insert(name.clone(), Given::ByClass(kept));
        }
    }
    left
}
