//! Evaluation. Total: whatever has no value is null (division by zero, a number of 10^28 or more, a value of another
//! type than declared). Bounded: the check refused what could take too many steps.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{
    Checked, Function, Kind, MAX_LIST, MAX_TEXT, Node, Op, Type, Value, check::Reads, clean, number, value::read_date,
};

/// Where the values of variables come from: `form.amount`, `initiator.unit`. What it does not know is null;
/// a list that is empty is an empty list.
pub trait Scope {
    fn get(&self, path: &str) -> Value;
}

impl<F: Fn(&str) -> Value> Scope for F {
    fn get(&self, path: &str) -> Value {
        self(path)
    }
}

/// What can be said while some variables are not decided yet: the answer, or on which of them it depends.
#[derive(Clone, Debug, PartialEq)]
pub enum Foreseen {
    Value(Value),
    DependsOn(BTreeSet<String>),
}

impl Checked {
    pub fn eval(&self, scope: &dyn Scope) -> Value {
        // Nothing is undecided, so there is always a value.
        evaluate(&self.expr.root, &Eval { reads: &self.reads, scope, undecided: &|_| false }).unwrap_or(Value::Null)
    }

    /// A condition holds where it is true. Null is not true.
    pub fn holds(&self, scope: &dyn Scope) -> bool {
        self.eval(scope) == Value::Bool(true)
    }

    /// Evaluates while `undecided` variables may still take any value, or none. `a > 5 || b` with `b` true is true,
    /// whatever `a` will be.
    pub fn foresee(&self, scope: &dyn Scope, undecided: &dyn Fn(&str) -> bool) -> Foreseen {
        match evaluate(&self.expr.root, &Eval { reads: &self.reads, scope, undecided }) {
            Ok(value) => Foreseen::Value(value),
            Err(needed) => Foreseen::DependsOn(needed),
        }
    }
}

/// The value of what reads no variable.
pub(super) fn constant(node: &Node) -> Value {
    evaluate(node, &Eval { reads: &Reads::new(), scope: &|_: &str| Value::Null, undecided: &|_| false })
        .unwrap_or(Value::Null)
}

struct Eval<'s> {
    reads: &'s Reads,
    scope: &'s dyn Scope,
    undecided: &'s dyn Fn(&str) -> bool,
}

/// A value, or the undecided variables that it needs.
type Outcome = Result<Value, BTreeSet<String>>;

fn evaluate(node: &Node, eval: &Eval) -> Outcome {
    match &node.kind {
        Kind::Null => Ok(Value::Null),
        Kind::Bool(value) => Ok(Value::Bool(*value)),
        Kind::Number(value) => Ok(Value::Number(*value)),
        Kind::Text(value) => Ok(Value::text(value)),
        Kind::Path(path) => variable(path, eval),
        Kind::List(parts) => all_of(parts, eval).map(Value::List),
        Kind::Not(inner) => Ok(evaluate(inner, eval)?.as_bool().map_or(Value::Null, |value| Value::Bool(!value))),
        Kind::Negate(inner) => Ok(from_number(evaluate(inner, eval)?.as_number().and_then(|value| clean(-value)))),
        Kind::All(parts) => decided_by(parts, false, eval),
        Kind::Any(parts) => decided_by(parts, true, eval),
        Kind::Binary(op, left, right) => {
            let (left, right) = both(left, right, eval)?;
            Ok(binary(*op, &left, &right))
        }
        Kind::Choose(condition, first, second) => choose(condition, first, second, eval),
        Kind::Call(Function::Coalesce, arguments) => coalesce(arguments, eval),
        Kind::Call(function, arguments) => Ok(call(*function, all_of(arguments, eval)?)),
    }
}

fn variable(path: &str, eval: &Eval) -> Outcome {
    let Some(read) = eval.reads.get(path) else { return Ok(Value::Null) };
    if (eval.undecided)(&read.variable) {
        return Err([read.variable.clone()].into());
    }
    let value = sound(eval.scope.get(&read.variable), &read.ty);
    Ok(match &read.member {
        Some(member) => value.member(member),
        None => value,
    })
}

/// The value, where it is of the declared type and within the language's limits; else null.
fn sound(value: Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::Number(number), Type::Number) => from_number(clean(number)),
        (Value::List(parts), Type::List(of)) if parts.len() <= MAX_LIST => {
            Value::List(parts.into_iter().map(|part| sound(part, of)).collect())
        }
        (value @ Value::Bool(_), Type::Bool) => value,
        (value @ Value::Text(_), Type::Text | Type::Ref(_) | Type::File | Type::Record) => value,
        (value @ Value::Date(_), Type::Date) => value,
        (value @ Value::Period(_), Type::Period) => value,
        _ => Value::Null,
    }
}

fn all_of(parts: &[Node], eval: &Eval) -> Result<Vec<Value>, BTreeSet<String>> {
    let mut needed = BTreeSet::new();
    let mut values = Vec::with_capacity(parts.len());
    for part in parts {
        match evaluate(part, eval) {
            Ok(value) => values.push(value),
            Err(more) => needed.extend(more),
        }
    }
    if needed.is_empty() { Ok(values) } else { Err(needed) }
}

fn both(left: &Node, right: &Node, eval: &Eval) -> Result<(Value, Value), BTreeSet<String>> {
    match (evaluate(left, eval), evaluate(right, eval)) {
        (Ok(left), Ok(right)) => Ok((left, right)),
        (Err(mut needed), Err(more)) => {
            needed.extend(more);
            Err(needed)
        }
        (Err(needed), Ok(_)) | (Ok(_), Err(needed)) => Err(needed),
    }
}

/// Kleene's `||` (decided by one `true`) and `&&` (decided by one `false`).
fn decided_by(parts: &[Node], decisive: bool, eval: &Eval) -> Outcome {
    let mut null = false;
    let mut needed = BTreeSet::new();
    for part in parts {
        match evaluate(part, eval) {
            Ok(Value::Bool(value)) if value == decisive => return Ok(Value::Bool(decisive)),
            Ok(Value::Bool(_)) => {}
            Ok(_) => null = true,
            Err(more) => needed.extend(more),
        }
    }
    match (needed.is_empty(), null) {
        (false, _) => Err(needed),
        (true, true) => Ok(Value::Null),
        (true, false) => Ok(Value::Bool(!decisive)),
    }
}

fn choose(condition: &Node, first: &Node, second: &Node, eval: &Eval) -> Outcome {
    match evaluate(condition, eval) {
        Ok(Value::Bool(true)) => evaluate(first, eval),
        Ok(_) => evaluate(second, eval),
        Err(needed) => match (evaluate(first, eval), evaluate(second, eval)) {
            (Ok(first), Ok(second)) if first == second => Ok(first),
            _ => Err(needed),
        },
    }
}

fn coalesce(arguments: &[Node], eval: &Eval) -> Outcome {
    for argument in arguments {
        let value = evaluate(argument, eval)?;
        if !value.is_null() {
            return Ok(value);
        }
    }
    Ok(Value::Null)
}

fn binary(op: Op, left: &Value, right: &Value) -> Value {
    match op {
        Op::Add => match (left, right) {
            (Value::Text(left), Value::Text(right)) => joined(left, right),
            _ => numbers(left, right, number::add),
        },
        Op::Subtract => numbers(left, right, number::subtract),
        Op::Multiply => numbers(left, right, number::multiply),
        Op::Divide => numbers(left, right, number::divide),
        Op::Remainder => numbers(left, right, number::remainder),
        Op::In => within(left, right),
        Op::Equal => from_bool(equal(left, right)),
        Op::NotEqual => from_bool(equal(left, right).map(|equal| !equal)),
        Op::Less => from_bool(order(left, right).map(Ordering::is_lt)),
        Op::LessOrEqual => from_bool(order(left, right).map(Ordering::is_le)),
        Op::Greater => from_bool(order(left, right).map(Ordering::is_gt)),
        Op::GreaterOrEqual => from_bool(order(left, right).map(Ordering::is_ge)),
    }
}

fn joined(left: &str, right: &str) -> Value {
    let long = left.chars().count() + right.chars().count() > MAX_TEXT;
    if long { Value::Null } else { Value::Text(format!("{left}{right}")) }
}

type Decimals = fn(rust_decimal::Decimal, rust_decimal::Decimal) -> Option<rust_decimal::Decimal>;

fn numbers(left: &Value, right: &Value, compute: Decimals) -> Value {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => from_number(compute(*left, *right)),
        _ => Value::Null,
    }
}

/// `None` where either has no value, or they are of kinds that do not compare.
fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left == right),
        (Value::Text(left), Value::Text(right)) => Some(left == right),
        (Value::Date(left), Value::Date(right)) => Some(left == right),
        (Value::Bool(left), Value::Bool(right)) => Some(left == right),
        _ => None,
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// True where one element equals; else null where one has no value; else false.
fn within(value: &Value, list: &Value) -> Value {
    let Value::List(parts) = list else { return Value::Null };
    if value.is_null() {
        return Value::Null;
    }
    let mut unknown = false;
    for part in parts {
        match equal(value, part) {
            Some(true) => return Value::Bool(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    if unknown { Value::Null } else { Value::Bool(false) }
}

fn call(function: Function, mut arguments: Vec<Value>) -> Value {
    match (function, arguments.as_mut_slice()) {
        (Function::IsNull, [value]) => Value::Bool(match value {
            Value::List(parts) => parts.is_empty(),
            other => other.is_null(),
        }),
        (Function::Size, [Value::List(parts)]) => Value::Number(parts.len().into()),
        (Function::Size, [Value::Text(text)]) => Value::Number(text.chars().count().into()),
        (Function::Sum | Function::Min | Function::Max, [Value::List(parts)]) => aggregate(function, parts),
        (Function::Sum | Function::Min | Function::Max, parts @ [_, _, ..]) => aggregate(function, parts),
        (Function::Abs, [Value::Number(value)]) => Value::Number(value.abs()),
        (Function::Round, [Value::Number(value), Value::Number(places)]) => from_number(number::round(*value, *places)),
        (Function::Contains, [Value::Text(whole), Value::Text(part)]) => Value::Bool(whole.contains(part.as_str())),
        (Function::StartsWith, [Value::Text(whole), Value::Text(part)]) => {
            Value::Bool(whole.starts_with(part.as_str()))
        }
        (Function::EndsWith, [Value::Text(whole), Value::Text(part)]) => Value::Bool(whole.ends_with(part.as_str())),
        (Function::Date, [Value::Text(text)]) => read_date(text).map_or(Value::Null, Value::Date),
        (Function::DaysBetween, [Value::Date(from), Value::Date(to)]) => days_between(*from, *to),
        _ => Value::Null,
    }
}

/// What has no value is left out: the sum of nothing is 0, the smallest and largest of nothing is null.
fn aggregate(function: Function, parts: &[Value]) -> Value {
    let mut present = parts.iter().filter(|part| !part.is_null());
    match function {
        Function::Sum => {
            let zero = Some(rust_decimal::Decimal::ZERO);
            from_number(present.fold(zero, |sum, part| number::add(sum?, part.as_number()?)))
        }
        _ => {
            let Some(first) = present.next() else { return Value::Null };
            let wanted = if function == Function::Min { Ordering::Less } else { Ordering::Greater };
            present.fold(first, |best, part| if order(part, best) == Some(wanted) { part } else { best }).clone()
        }
    }
}

/// How many days later the second is: 1 from Monday to Tuesday.
fn days_between(from: jiff::civil::Date, to: jiff::civil::Date) -> Value {
    // Two civil dates are never further apart than the calendar is long, which a span of days can hold.
    from.until(to).map_or(Value::Null, |span| Value::Number(span.get_days().into()))
}

fn from_number(number: Option<rust_decimal::Decimal>) -> Value {
    number.map_or(Value::Null, Value::Number)
}

fn from_bool(value: Option<bool>) -> Value {
    value.map_or(Value::Null, Value::Bool)
}
