//! The type check. It finds everything that could go wrong in evaluation, and the traps of three-valued logic:
//! comparing with `null` or with `""` is never true, so both are refused and `is_null` is offered.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Env, Expr, ExprError, Function, Kind, MAX_STEPS, Node, Op, RefKind, Span, Type, suggest::nearest, value::read_date,
};

/// An expression that fits its environment, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    pub(super) expr: Expr,
    ty: Type,
    depends_on: BTreeSet<String>,
    pub(super) reads: Reads,
    codes: Vec<Code>,
}

/// What each written path reads.
pub(super) type Reads = BTreeMap<String, Read>;

/// A variable, or a member of it: `days` of `form.leave`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Read {
    pub(super) variable: String,
    /// Of the variable, not of its member.
    pub(super) ty: Type,
    pub(super) member: Option<String>,
}

/// A person, unit, department, post or rank that the expression names by code. Whether it exists is for the caller to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub kind: RefKind,
    pub code: String,
    pub span: Span,
}

impl Expr {
    /// All that is wrong, in the order of the source; or the expression with its type.
    pub fn check(&self, env: &Env) -> Result<Checked, Vec<ExprError>> {
        self.checked(env, None)
    }

    /// Also refuses another result than a condition's, true or false.
    pub fn check_condition(&self, env: &Env) -> Result<Checked, Vec<ExprError>> {
        self.checked(env, Some(&Type::Bool))
    }

    /// Also refuses another result than the wanted type.
    pub fn check_as(&self, env: &Env, wanted: &Type) -> Result<Checked, Vec<ExprError>> {
        self.checked(env, Some(wanted))
    }

    fn checked(&self, env: &Env, wanted: Option<&Type>) -> Result<Checked, Vec<ExprError>> {
        let mut check = Check::new(&self.source, env);
        let ty = match wanted {
            Some(wanted) => check.needs(&self.root, wanted),
            None => check.infer(&self.root),
        };
        if check.steps > MAX_STEPS {
            check.refuse(&self.root, "too_costly", |error| error.with("limit", MAX_STEPS));
        }
        check.errors.sort_by_key(|error| (error.span.start, error.span.end));
        match check.errors.is_empty() {
            true => {
                let depends_on = check.reads.values().map(|read| read.variable.clone()).collect();
                Ok(Checked { expr: self.clone(), ty, depends_on, reads: check.reads, codes: check.codes })
            }
            false => Err(check.errors),
        }
    }
}

impl Checked {
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    pub fn source(&self) -> &str {
        &self.expr.source
    }

    pub fn expr(&self) -> &Expr {
        &self.expr
    }

    /// The variables it reads, as the environment names them: `form.leave`, also where only `form.leave.days` is read.
    pub fn depends_on(&self) -> &BTreeSet<String> {
        &self.depends_on
    }

    pub fn codes(&self) -> &[Code] {
        &self.codes
    }
}

struct Check<'e> {
    source: &'e str,
    env: &'e Env,
    errors: Vec<ExprError>,
    reads: Reads,
    codes: Vec<Code>,
    steps: usize,
}

impl<'e> Check<'e> {
    fn new(source: &'e str, env: &'e Env) -> Self {
        Self { source, env, errors: Vec::new(), reads: Reads::new(), codes: Vec::new(), steps: 0 }
    }

    /// The node's type. After an error it is `Null`, which fits everywhere, so that one mistake is told once.
    fn infer(&mut self, node: &Node) -> Type {
        self.steps += 1;
        match &node.kind {
            Kind::Null => Type::Null,
            Kind::Bool(_) => Type::Bool,
            Kind::Number(_) => Type::Number,
            Kind::Text(_) => Type::Text,
            Kind::Path(path) => self.path(node, path),
            Kind::List(parts) => Type::list(self.same_type(parts, "mixed_list").unwrap_or(Type::Null)),
            Kind::Not(inner) => self.needs(inner, &Type::Bool),
            Kind::Negate(inner) => self.needs(inner, &Type::Number),
            Kind::All(parts) | Kind::Any(parts) => {
                parts.iter().for_each(|part| {
                    self.needs(part, &Type::Bool);
                });
                Type::Bool
            }
            Kind::Binary(op, left, right) => self.binary(node, *op, left, right),
            Kind::Choose(condition, first, second) => {
                self.needs(condition, &Type::Bool);
                self.same_type([&**first, &**second], "mixed_branches").unwrap_or(Type::Null)
            }
            Kind::Call(function, arguments) => self.call(node, *function, arguments),
        }
    }

    fn path(&mut self, node: &Node, path: &str) -> Type {
        match self.env.resolve(path) {
            Some((base, variable, member)) => {
                let read =
                    Read { variable: base.to_owned(), ty: variable.ty.clone(), member: member.map(str::to_owned) };
                self.reads.insert(path.to_owned(), read);
                member.and_then(Type::of_member).unwrap_or_else(|| variable.ty.clone())
            }
            None => {
                let known = self.env.writable();
                let meant = nearest(path, known.iter().map(String::as_str));
                self.refuse(node, "unknown_name", |error| error.with("name", path).meant(meant));
                Type::Null
            }
        }
    }

    fn binary(&mut self, node: &Node, op: Op, left: &Node, right: &Node) -> Type {
        match op {
            Op::Add => self.addition(left, right),
            Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder => self.arithmetic(node, op, left, right),
            Op::In => self.membership(left, right),
            Op::Equal | Op::NotEqual => self.equality(node, op, left, right),
            Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => self.order(node, left, right),
        }
    }

    /// Numbers are added, texts joined.
    fn addition(&mut self, left: &Node, right: &Node) -> Type {
        let (left_type, right_type) = (self.infer(left), self.infer(right));
        let is_text = |ty: &Type| matches!(ty, Type::Text | Type::Ref(_));
        let wanted = if is_text(&left_type) || is_text(&right_type) { Type::Text } else { Type::Number };
        self.fits(left, &left_type, &wanted);
        self.fits(right, &right_type, &wanted);
        wanted
    }

    fn arithmetic(&mut self, node: &Node, op: Op, left: &Node, right: &Node) -> Type {
        let (left_type, right_type) = (self.infer(left), self.infer(right));
        if op == Op::Subtract && left_type == Type::Date && right_type == Type::Date {
            let instead = format!("days_between({right}, {left})");
            self.refuse(node, "date_arithmetic", |error| error.write(instead));
            return Type::Number;
        }
        self.fits(left, &left_type, &Type::Number);
        self.fits(right, &right_type, &Type::Number);
        Type::Number
    }

    fn membership(&mut self, left: &Node, right: &Node) -> Type {
        let (left_type, right_type) = (self.infer(left), self.infer(right));
        self.steps += self.longest(right);
        match &right_type {
            Type::List(of) => {
                if !comparable(&left_type, of) {
                    self.different(left, right);
                }
                self.named_codes(left, &left_type, right, of);
            }
            Type::Null => {}
            _ => {
                let found = self.text(right);
                let instead = (right_type == Type::Text).then(|| format!("contains({right}, {left})"));
                self.refuse(right, "needs_list", |error| {
                    let error = error.with("found", found);
                    instead.into_iter().fold(error, ExprError::write)
                });
            }
        }
        Type::Bool
    }

    fn equality(&mut self, node: &Node, op: Op, left: &Node, right: &Node) -> Type {
        let (left_type, right_type) = (self.infer(left), self.infer(right));
        for (one, other) in [(left, right), (right, left)] {
            let code = match &one.kind {
                Kind::Null => "compared_with_null",
                Kind::Text(text) if text.is_empty() => "compared_with_empty",
                _ => continue,
            };
            let not = if op == Op::Equal { "" } else { "!" };
            self.refuse(node, code, |error| error.write(format!("{not}is_null({other})")));
            return Type::Bool;
        }
        if !comparable(&left_type, &right_type) {
            self.different(left, right);
        }
        self.named_codes(left, &left_type, right, &right_type);
        Type::Bool
    }

    fn order(&mut self, node: &Node, left: &Node, right: &Node) -> Type {
        let (left_type, right_type) = (self.infer(left), self.infer(right));
        if [left, right].iter().any(|side| side.kind == Kind::Null) {
            self.refuse(node, "compared_with_null", |error| error);
            return Type::Bool;
        }
        let ordered = |ty: &Type| matches!(ty, Type::Null | Type::Number | Type::Date);
        if !comparable(&left_type, &right_type) {
            self.different(left, right);
        } else if !ordered(&left_type) || !ordered(&right_type) {
            let found = self.text(node);
            self.refuse(node, "no_order", |error| error.with("found", found));
        }
        Type::Bool
    }

    fn call(&mut self, node: &Node, function: Function, arguments: &[Node]) -> Type {
        match function {
            Function::Size => self.size(&arguments[0]),
            Function::Sum => self.aggregate(arguments, &[Type::Number]),
            Function::Min | Function::Max => self.aggregate(arguments, &[Type::Number, Type::Date]),
            Function::Abs => self.needs(&arguments[0], &Type::Number),
            Function::Round => self.round(&arguments[0], &arguments[1]),
            Function::Contains => self.contains(&arguments[0], &arguments[1]),
            Function::StartsWith | Function::EndsWith => {
                self.needs(&arguments[0], &Type::Text);
                self.needs(&arguments[1], &Type::Text);
                Type::Bool
            }
            Function::Date => self.date(node, &arguments[0]),
            Function::DaysBetween => {
                self.needs(&arguments[0], &Type::Date);
                self.needs(&arguments[1], &Type::Date);
                Type::Number
            }
            Function::Coalesce => self.same_type(arguments, "mixed_branches").unwrap_or(Type::Null),
            Function::IsNull => {
                self.infer(&arguments[0]);
                Type::Bool
            }
        }
    }

    fn size(&mut self, argument: &Node) -> Type {
        let ty = self.infer(argument);
        if !matches!(ty, Type::Null | Type::Text | Type::List(_)) {
            let found = self.text(argument);
            self.refuse(argument, "needs_list", |error| error.with("found", found));
        }
        Type::Number
    }

    /// One list, or the elements one by one.
    fn aggregate(&mut self, arguments: &[Node], of: &[Type]) -> Type {
        let ty = match arguments {
            [list] => match self.infer(list) {
                Type::List(of) => {
                    self.steps += self.longest(list);
                    *of
                }
                Type::Null => Type::Null,
                _ => {
                    let found = self.text(list);
                    self.refuse(list, "needs_list", |error| error.with("found", found));
                    Type::Null
                }
            },
            parts => self.same_type(parts, "mixed_list").unwrap_or(Type::Null),
        };
        if ty == Type::Null || of.contains(&ty) {
            return if ty == Type::Null { of[0].clone() } else { ty };
        }
        let found = self.text(&arguments[0]);
        self.refuse(&arguments[0], "needs_number", |error| error.with("found", found));
        of[0].clone()
    }

    fn round(&mut self, number: &Node, places: &Node) -> Type {
        self.needs(number, &Type::Number);
        self.needs(places, &Type::Number);
        if let Kind::Number(written) = places.kind
            && (!written.fract().is_zero() || written > 28.into())
        {
            let found = self.text(places);
            self.refuse(places, "bad_places", |error| error.with("found", found));
        }
        Type::Number
    }

    fn contains(&mut self, whole: &Node, part: &Node) -> Type {
        let ty = self.infer(whole);
        if matches!(ty, Type::List(_)) {
            self.infer(part);
            let found = self.text(whole);
            self.refuse(whole, "needs_text", |error| error.with("found", found).write(format!("{part} in {whole}")));
            return Type::Bool;
        }
        self.fits(whole, &ty, &Type::Text);
        self.needs(part, &Type::Text);
        Type::Bool
    }

    fn date(&mut self, node: &Node, argument: &Node) -> Type {
        self.steps += 1;
        let valid = matches!(&argument.kind, Kind::Text(text) if read_date(text).is_some());
        if !valid {
            let found = self.text(argument);
            self.refuse(node, "bad_date", |error| error.with("found", found));
        }
        Type::Date
    }

    fn needs(&mut self, node: &Node, wanted: &Type) -> Type {
        let found = self.infer(node);
        self.fits(node, &found, wanted);
        wanted.clone()
    }

    fn fits(&mut self, node: &Node, found: &Type, wanted: &Type) {
        if found.fits(wanted) {
            return;
        }
        let code = match wanted {
            Type::Bool => "needs_condition",
            Type::Number => "needs_number",
            Type::Date => "needs_date",
            Type::List(_) => "needs_list",
            _ => "needs_text",
        };
        let written = self.text(node);
        self.refuse(node, code, |error| {
            let error = error.with("found", written);
            match (wanted, found, &node.kind) {
                (Type::Number, Type::Text, Kind::Text(text)) if super::read_decimal(text).is_some() => {
                    error.write(text)
                }
                (Type::Number, Type::Period, _) => error.write(format!("{node}.days")),
                (Type::Date, Type::Text, Kind::Text(text)) if read_date(text).is_some() => {
                    error.write(format!("date(\"{text}\")"))
                }
                (Type::Date, Type::Period, _) => error.write(format!("{node}.from")),
                _ => error,
            }
        });
    }

    /// The one type of all parts; `None` of no parts.
    fn same_type<'n>(&mut self, parts: impl IntoIterator<Item = &'n Node>, code: &str) -> Option<Type> {
        let mut joined = None;
        for part in parts {
            let ty = self.infer(part);
            joined = match joined {
                None => Some(ty),
                Some(before) => match ty.join(&before) {
                    Some(both) => Some(both),
                    None => {
                        let found = self.text(part);
                        self.refuse(part, code, |error| error.with("found", found));
                        Some(before)
                    }
                },
            };
        }
        joined
    }

    fn different(&mut self, left: &Node, right: &Node) {
        let (left_text, right_text) = (self.text(left), self.text(right));
        let instead = [(left, right), (right, left)].into_iter().find_map(|(literal, other)| {
            let Kind::Text(text) = &literal.kind else { return None };
            match self.quietly(other) {
                Type::Date if read_date(text).is_some() => Some((literal.span, format!("date(\"{text}\")"))),
                Type::Number if super::read_decimal(text).is_some() => Some((literal.span, text.clone())),
                Type::List(_) => Some((left.span.to(right.span), format!("{literal} in {other}"))),
                _ => None,
            }
        });
        let (span, remedy) = match instead {
            Some((span, remedy)) => (span, Some(remedy)),
            None => (left.span.to(right.span), None),
        };
        let error =
            ExprError::new(self.source, span, "different_types").with("left", left_text).with("right", right_text);
        self.errors.push(remedy.into_iter().fold(error, ExprError::write));
    }

    /// The type of a node that was inferred before, without telling its mistakes again.
    fn quietly(&self, node: &Node) -> Type {
        Check::new(self.source, self.env).infer(node)
    }

    /// Collects codes of the organisation, and refuses options that the choice does not have.
    fn named_codes(&mut self, left: &Node, left_type: &Type, right: &Node, right_type: &Type) {
        for (variable, ty, literal) in [(left, left_type, right), (right, right_type, left)] {
            let mut literals = Vec::new();
            match &literal.kind {
                Kind::List(parts) => literals.extend(parts),
                _ => literals.push(literal),
            }
            for literal in literals {
                if let Kind::Text(text) = &literal.kind {
                    self.named_code(variable, ty, literal, text);
                }
            }
        }
    }

    fn named_code(&mut self, variable: &Node, ty: &Type, literal: &Node, text: &str) {
        if let Type::Ref(kind) = *ty {
            self.codes.push(Code { kind, code: text.to_owned(), span: literal.span });
        }
        let Kind::Path(path) = &variable.kind else { return };
        let Some(known) = self.env.get(path) else { return };
        if !known.options.is_empty() && !known.options.iter().any(|option| option == text) {
            let meant = nearest(text, known.options.iter().map(String::as_str)).map(|option| format!("\"{option}\""));
            self.refuse(literal, "unknown_option", |error| {
                error.with("option", text).with("name", path.as_str()).meant(meant)
            });
        }
    }

    /// Most elements that a list can have.
    fn longest(&self, node: &Node) -> usize {
        match &node.kind {
            Kind::List(parts) => parts.len(),
            Kind::Path(path) => self.env.get(path).map_or(0, |variable| variable.max_items),
            Kind::Choose(_, first, second) => self.longest(first).max(self.longest(second)),
            Kind::Call(Function::Coalesce, parts) => parts.iter().map(|part| self.longest(part)).max().unwrap_or(0),
            _ => 0,
        }
    }

    fn refuse(&mut self, node: &Node, code: &str, complete: impl FnOnce(ExprError) -> ExprError) {
        self.errors.push(complete(ExprError::new(self.source, node.span, code)));
    }

    fn text(&self, node: &Node) -> String {
        node.span.of(self.source).to_owned()
    }
}

fn comparable(left: &Type, right: &Type) -> bool {
    match (left, right) {
        (Type::Null, _) | (_, Type::Null) => true,
        (Type::Ref(_), Type::Text) | (Type::Text, Type::Ref(_)) => true,
        (Type::List(_) | Type::Period | Type::Row | Type::Record, _) => false,
        (left, right) => left == right,
    }
}
