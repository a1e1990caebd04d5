//! From conditions to the values worth trying. A condition that compares variables with constants changes its answer only
//! at those constants, so one value at each constant, one between each two neighbours and one beyond each end stand for
//! all values. Where a condition does more than that (`a > b`, `a * 2 > 5`), the samples no longer stand for all:
//! what is found is still real, but finding nothing proves nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date};
use rust_decimal::Decimal;

use super::{Checked, Env, Function, Kind, Node, Op, PeriodValue, Type, Value, Variable};

const ANY_DAY: Date = Date::constant(2000, 1, 1);

/// For each variable, values that stand for all it can have; and whether they do.
pub(super) struct Samples {
    pub(super) values: BTreeMap<String, Vec<Value>>,
    pub(super) exhaustive: bool,
}

/// What the conditions ask of one variable (`form.amount`, or a member: `form.leave.days`).
#[derive(Default)]
struct Asked {
    constants: Vec<Value>,
    /// Sizes that its list is compared with.
    sizes: Vec<Decimal>,
}

impl Samples {
    pub(super) fn of(conditions: &[&Checked], env: &Env) -> Self {
        let mut survey = Survey { env, asked: BTreeMap::new(), simple: true };
        conditions.iter().for_each(|condition| survey.condition(&condition.expr().root));
        let mut values = BTreeMap::new();
        let mut exhaustive = survey.simple;
        for path in conditions.iter().flat_map(|condition| condition.depends_on()) {
            if let Some(variable) = env.get(path) {
                let (samples, complete) = samples_of(path, variable, &survey.asked);
                exhaustive &= complete && !samples.is_empty();
                values.insert(path.clone(), samples);
            }
        }
        Self { values, exhaustive }
    }

    /// How many combinations there are; `None`: more than can be counted.
    pub(super) fn combinations(&self) -> Option<usize> {
        self.values.values().try_fold(1usize, |product, samples| product.checked_mul(samples.len()))
    }
}

struct Survey<'e> {
    env: &'e Env,
    asked: BTreeMap<String, Asked>,
    simple: bool,
}

impl Survey<'_> {
    /// Walks what is true or false; everything else must be a variable against constants.
    fn condition(&mut self, node: &Node) {
        match &node.kind {
            Kind::Null | Kind::Bool(_) => {}
            Kind::Path(path) => {
                self.asked.entry(path.clone()).or_default();
            }
            Kind::Not(inner) => self.condition(inner),
            Kind::All(parts) | Kind::Any(parts) => parts.iter().for_each(|part| self.condition(part)),
            Kind::Choose(condition, first, second) => {
                [condition, first, second].into_iter().for_each(|part| self.condition(part));
            }
            Kind::Call(Function::IsNull, arguments) => self.presence(&arguments[0]),
            Kind::Binary(op, left, right) => self.comparison(*op, left, right),
            _ => self.beyond(node),
        }
    }

    /// `is_null(x)`: the samples of every variable have null and the empty list among them.
    fn presence(&mut self, argument: &Node) {
        match &argument.kind {
            Kind::Path(path) => {
                self.asked.entry(path.clone()).or_default();
            }
            _ => self.beyond(argument),
        }
    }

    fn comparison(&mut self, op: Op, left: &Node, right: &Node) {
        let sides = [(left, right), (right, left)];
        let constant = sides
            .into_iter()
            .find_map(|(one, other)| Some((other, constant(one)?, op == Op::In && one.span == left.span)));
        match (op, constant) {
            (Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder, _) | (_, None) => {
                self.beyond(left);
                self.beyond(right);
            }
            (Op::In, Some((list, value, true))) => self.about(list, &[value]),
            (Op::In, Some((element, Value::List(values), false))) => self.about(element, &values),
            (_, Some((other, value, _))) => self.about(other, &[value]),
        }
    }

    /// One side of a comparison with constants.
    fn about(&mut self, node: &Node, constants: &[Value]) {
        match &node.kind {
            _ if self::constant(node).is_some() => {}
            Kind::Path(path) => self.asked.entry(path.clone()).or_default().constants.extend_from_slice(constants),
            Kind::Call(Function::Size, arguments) => match &arguments[0].kind {
                Kind::Path(path) if self.is_list(path) => {
                    let sizes = constants.iter().filter_map(Value::as_number);
                    self.asked.entry(path.clone()).or_default().sizes.extend(sizes);
                }
                _ => self.beyond(node),
            },
            _ => self.beyond(node),
        }
    }

    fn is_list(&self, path: &str) -> bool {
        self.env.get(path).is_some_and(|variable| matches!(variable.ty, Type::List(_)))
    }

    /// More than a comparison with constants. Its constants are tried all the same.
    fn beyond(&mut self, node: &Node) {
        if constant(node).is_some() {
            return;
        }
        self.simple = false;
        let mut constants = Vec::new();
        let mut paths = BTreeSet::new();
        node.walk(&mut |part| match &part.kind {
            Kind::Path(path) => {
                paths.insert(path.clone());
            }
            _ => constants.extend(constant(part)),
        });
        for path in paths {
            self.asked.entry(path).or_default().constants.extend_from_slice(&constants);
        }
    }
}

/// The value of what names no variable.
fn constant(node: &Node) -> Option<Value> {
    let mut names_variable = false;
    node.walk(&mut |part| names_variable |= matches!(part.kind, Kind::Path(_)));
    (!names_variable).then(|| super::eval::constant(node))
}

/// Values that stand for all of a variable, and whether they do.
fn samples_of(path: &str, variable: &Variable, asked: &BTreeMap<String, Asked>) -> (Vec<Value>, bool) {
    let none = Asked::default();
    let own = asked.get(path).unwrap_or(&none);
    let (mut samples, exhaustive) = match &variable.ty {
        Type::Bool => (vec![Value::Bool(true), Value::Bool(false)], true),
        Type::Number => (numbers(&own.constants, variable.min, variable.max, variable.scale), true),
        Type::Date => (dates(&own.constants), true),
        Type::Text | Type::Ref(_) | Type::File | Type::Record => (texts(&own.constants, &variable.options), true),
        Type::List(_) => return lists(own, variable),
        Type::Period => periods(path, asked),
        Type::Row | Type::Null => (vec![Value::Null], true),
    };
    if variable.nullable {
        samples.push(Value::Null);
    }
    (samples, exhaustive)
}

fn numbers(constants: &[Value], min: Option<Decimal>, max: Option<Decimal>, scale: Option<u32>) -> Vec<Value> {
    let step = scale.map(|scale| Decimal::new(1, scale.min(28)));
    let marks: BTreeSet<Decimal> =
        constants.iter().filter_map(Value::as_number).chain(min).chain(max).chain([Decimal::ZERO]).collect();
    let within = |number: &Decimal| {
        min.is_none_or(|min| *number >= min)
            && max.is_none_or(|max| *number <= max)
            && scale.is_none_or(|scale| number.normalize().scale() <= scale)
    };
    let marks: Vec<Decimal> = marks.into_iter().collect();
    let mut tried: Vec<Decimal> = marks.clone();
    for pair in marks.windows(2) {
        tried.push(match step {
            Some(step) => floor_to(pair[0], step) + step,
            None => midpoint(pair[0], pair[1]),
        });
    }
    if let (Some(first), Some(last)) = (marks.first(), marks.last()) {
        let unit = step.unwrap_or(Decimal::ONE);
        tried.extend([first, last].into_iter().flat_map(|end| {
            let whole = floor_to(*end, unit);
            [whole.checked_sub(unit), whole.checked_add(unit)].into_iter().flatten()
        }));
    }
    let tried: BTreeSet<Decimal> = tried.into_iter().filter(within).filter_map(super::clean).collect();
    // A witness below zero surprises; it comes last.
    let (below, above): (Vec<Decimal>, Vec<Decimal>) = tried.into_iter().partition(Decimal::is_sign_negative);
    above.into_iter().chain(below.into_iter().rev()).map(Value::Number).collect()
}

/// A number strictly between two, as short as the half way allows.
fn midpoint(low: Decimal, high: Decimal) -> Decimal {
    super::number::add(low, high).and_then(|sum| super::number::divide(sum, Decimal::TWO)).map_or(low, |middle| {
        let short = super::number::round(middle, Decimal::ZERO).unwrap_or(middle);
        if short > low && short < high { short } else { middle }
    })
}

/// The largest multiple of `step` that is not above.
fn floor_to(number: Decimal, step: Decimal) -> Decimal {
    let rest = super::number::remainder(number, step).unwrap_or_default();
    let cut = number - rest;
    if cut > number { cut - step } else { cut }
}

fn dates(constants: &[Value]) -> Vec<Value> {
    let mut tried = BTreeSet::new();
    for value in constants {
        if let Value::Date(date) = value {
            tried.extend([date.checked_sub(1.day()), Ok(*date), date.checked_add(1.day())].into_iter().flatten());
        }
    }
    if tried.is_empty() {
        tried.insert(ANY_DAY);
    }
    tried.into_iter().map(Value::Date).collect()
}

fn texts(constants: &[Value], options: &[String]) -> Vec<Value> {
    if !options.is_empty() {
        return options.iter().map(Value::text).collect();
    }
    let named: BTreeSet<&str> = constants.iter().filter_map(Value::as_text).collect();
    named.iter().map(|text| Value::text(*text)).chain([Value::text(other_than(&named))]).collect()
}

/// A text that none of these is.
fn other_than(named: &BTreeSet<&str>) -> String {
    let mut other = "…".to_owned();
    while named.contains(other.as_str()) {
        other.push('…');
    }
    other
}

/// Lists that hold each set of the named elements, and lists of others in each length that matters.
fn lists(asked: &Asked, variable: &Variable) -> (Vec<Value>, bool) {
    const MOST_NAMED: usize = 8;
    let mut named: Vec<Value> = Vec::new();
    for value in &asked.constants {
        if !named.contains(value) && !value.is_null() {
            named.push(value.clone());
        }
    }
    let of_texts = !matches!(&variable.ty, Type::List(of) if **of == Type::Number);
    let exhaustive = of_texts && named.len() <= MOST_NAMED && (asked.sizes.is_empty() || named.is_empty());
    named.truncate(MOST_NAMED);
    let mut samples: Vec<Value> = (0..1usize << named.len())
        .map(|chosen| {
            let held = named.iter().enumerate().filter(|(index, _)| chosen & (1 << index) != 0);
            Value::List(held.map(|(_, value)| value.clone()).collect())
        })
        .collect();
    let sizes: Vec<Value> = asked.sizes.iter().copied().map(Value::Number).collect();
    let most = Decimal::from(variable.max_items);
    for size in numbers(&sizes, Some(Decimal::ZERO), Some(most), Some(0)) {
        // Options that no condition names come first: they are the "others" of a choice.
        let (said, unsaid): (Vec<Value>, Vec<Value>) =
            variable.options.iter().map(Value::text).partition(|option| named.contains(option));
        let others = unsaid.into_iter().chain(said);
        let length = size.as_number().and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
        samples.push(Value::List(match variable.options.is_empty() {
            true => vec![unnamed(&variable.ty); length],
            false => others.take(length).collect(),
        }));
    }
    let possible = |list: &Value| match list {
        Value::List(parts) => parts.len() <= variable.max_items && (variable.nullable || !parts.is_empty()),
        _ => false,
    };
    samples.retain(possible);
    (samples, exhaustive)
}

/// An element that no condition names. Of a row nothing is known but that it is there.
fn unnamed(list: &Type) -> Value {
    match list {
        Type::List(of) if **of == Type::Row => Value::Null,
        _ => Value::text("…"),
    }
}

/// A period's members hang together: where conditions ask for two of them, their samples no longer stand for all.
fn periods(path: &str, asked: &BTreeMap<String, Asked>) -> (Vec<Value>, bool) {
    let asked = |member: &str| asked.get(&format!("{path}.{member}")).map(|asked| asked.constants.as_slice());
    let amounts = |member: &str| {
        let tried = asked(member).map(|constants| numbers(constants, Some(Decimal::ZERO), None, None));
        tried.map_or(vec![None], |numbers| numbers.iter().map(Value::as_number).collect())
    };
    let ends =
        |member: &str| asked(member).map_or(vec![None], |constants| dates(constants).into_iter().map(Some).collect());
    let mut samples = Vec::new();
    for (from, to) in ends("from").iter().flat_map(|from| ends("to").into_iter().map(move |to| (from.clone(), to))) {
        let (from, to) = match (from, to) {
            (Some(Value::Date(from)), Some(Value::Date(to))) => (from, to),
            (Some(Value::Date(one)), _) | (_, Some(Value::Date(one))) => (one, one),
            _ => (ANY_DAY, ANY_DAY),
        };
        for days in amounts("days").into_iter().filter(|_| from <= to) {
            let periods = amounts("hours").into_iter().map(|hours| PeriodValue { from, to, days, hours });
            samples.extend(periods.map(Value::Period));
        }
    }
    let used = ["days", "hours", "from", "to"].into_iter().filter(|member| asked(member).is_some()).count();
    (samples, used <= 1)
}
