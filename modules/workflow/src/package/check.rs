//! What is wrong with a package that could be read: between its form, its route and its conditions.

mod after;
mod authorities;
mod calls;
mod effects;
mod free;
mod readers;
mod waits;
mod webhooks;

use std::collections::BTreeMap;

use hanlin_forms::{
    expr::{Checked, Expr, Finding, Reason, Witness, analyse},
    form::{Cell, Field, FieldType, MAX_FIELDS, Right},
};
use serde_json::Value;

use super::{
    model::Package,
    nearest::nearest,
    problem::{Mark, Problem},
    reader::{Kind, Named, Reader},
};
use crate::engine::{
    Flow, Lie, Node, Place,
    model::{
        Approve, Exclusive, Expr as Condition, FieldId, Join, OnReject, OnReturn, Operation, Quorum, Rule, START, Vote,
        Who,
    },
    start_rights,
};

pub(super) fn check(reader: &mut Reader, package: &Package) {
    let mut check = Check { reader, flow: &package.flow };
    check.form();
    check.opinion_boxes();
    check.rights("settings.start_fields", &package.flow.settings.start_fields, Right::Required);
    for node in package.flow.nodes() {
        check.node(node);
    }
    check.admission();
    check.readers();
    check.after_completion();
    check.authorities();
    check.never_filled();
    if !check.reader.places.has("cases") && !check.reader.problems.iter().any(Problem::is_error) {
        check.say(Problem::warning(Mark::START, "no_cases"));
    }
}

struct Check<'r, 's, 'f> {
    reader: &'r mut Reader<'s>,
    flow: &'f Flow,
}

impl Check<'_, '_, '_> {
    fn say(&mut self, problem: Problem) {
        self.reader.problems.push(problem);
    }

    fn place(&self, path: &str) -> Mark {
        self.reader.places.of(path)
    }

    /// What `hanlin-forms` finds in the form.
    fn form(&mut self) {
        if !self.reader.places.has("fields") {
            return;
        }
        if self.flow.form.fields.len() > MAX_FIELDS {
            let args = [("limit".to_owned(), Value::from(MAX_FIELDS))];
            self.say(Problem::worded(self.place("fields"), "forms.too_many_fields", args.into_iter().collect()));
            return;
        }
        let found = self.flow.form.check();
        let misnamed = found.iter().any(|found| found.code == "forms.unknown_in_layout");
        for found in found {
            // A cell that names it wrongly is the same mistake.
            if found.code == "forms.not_in_layout" && (misnamed || self.reader.lost_cells) {
                continue;
            }
            let cell = found.args.get("name").and_then(Value::as_str).map(|name| format!("cells.{name}"));
            let path = match (found.code.as_str(), cell) {
                ("forms.unknown_in_layout", Some(cell)) => cell,
                _ => found.place.clone(),
            };
            let problem = match &found.expression {
                Some(_) if self.is_about_unread(&self.source_of(&path)) => continue,
                Some(error) => {
                    let mark = self.reader.places.within(&path, self.reader.source, error.span.start as usize);
                    Problem::expression(mark, error)
                }
                None => Problem::worded(self.place(&path), &found.code, found.args.clone()),
            };
            let meant = match found.code.as_str() {
                "forms.unknown_in_layout" => found.args.get("name").and_then(Value::as_str),
                _ => None,
            };
            let meant =
                meant.and_then(|name| nearest(name, self.flow.form.fields.iter().map(|field| field.id.as_str())));
            self.say(if meant.is_some() { problem.meant(meant) } else { problem });
        }
    }

    /// The source of the expression at a path of the form: `fields.amount.computed`.
    fn source_of(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        if let [.., "options_when", option] = parts[..] {
            let key = parts[1..parts.len() - 2].join(".").replace(".columns.", ".");
            let conditions = self.flow.form.at(&key).map(|field| &field.options_when);
            return conditions.and_then(|conditions| conditions.get(option)).cloned().unwrap_or_default();
        }
        let (field, setting) = match parts[..] {
            [_, field, setting] => (self.flow.form.field(field), setting),
            [_, table, "columns", column, setting] => {
                (self.flow.form.field(table).and_then(|table| table.column(column)), setting)
            }
            _ => return String::new(),
        };
        let source = field.and_then(|field| match setting {
            "computed" => field.computed.clone(),
            "required_when" => field.required_when.clone(),
            "set" => field.set.clone(),
            "set_when" => field.set_when.clone(),
            _ => field.visible_when.clone(),
        });
        source.unwrap_or_default()
    }

    /// Does it speak of a field that could not be read?
    fn is_about_unread(&self, source: &str) -> bool {
        self.reader.unread.iter().any(|field| source.contains(&format!("form.{field}")))
    }

    fn opinion_boxes(&mut self) {
        for cell in self.flow.form.layout.rows.iter().flatten() {
            if let Cell::Opinions { opinions, .. } = cell
                && !self.reader.lost_nodes
                && self.flow.find(opinions).is_none_or(|place| place.node.desk().is_none())
            {
                let mark = self.place(&format!("opinions.{opinions}"));
                let meant = nearest(opinions, desks(self.flow));
                self.say(Problem::at(mark, "unknown_opinions").with("node", opinions.as_str()).meant(meant));
            }
        }
    }

    fn node(&mut self, node: &Node) {
        let key = node.key();
        let path = format!("nodes.{key}.fields");
        match node {
            Node::Exclusive(exclusive) => self.exclusive(exclusive),
            Node::Parallel(_) | Node::Inclusive(_) => self.lanes(node),
            Node::Wait(wait) => self.wait(wait),
            Node::Call(call) => self.call(call),
            Node::Free(free) => self.free(free),
            Node::Act(act) => self.act(act),
            Node::Webhook(webhook) => self.webhook(webhook),
            Node::Copy(copy) => {
                self.rights(&path, &copy.fields, Right::Read);
                self.who(key, &copy.who);
            }
            Node::Approve(approve) => {
                self.rights(&path, &approve.fields, Right::Required);
                self.who(key, &approve.who);
                self.quorum(key, approve.quorum);
                if let Some(vote) = &approve.vote {
                    self.vote(approve, vote);
                } else if matches!(approve.quorum, Quorum::Weight(_)) {
                    self.say(Problem::at(self.place(&format!("nodes.{key}.quorum")), "no_weights"));
                }
            }
            Node::Handle(handle) => {
                self.rights(&path, &handle.fields, Right::Required);
                self.who(key, &handle.who);
                self.quorum(key, handle.quorum);
                if matches!(handle.quorum, Quorum::Weight(_)) {
                    self.say(Problem::at(self.place(&format!("nodes.{key}.quorum")), "no_weights"));
                }
            }
        }
        if let Some(paper) = node.desk().and_then(|desk| desk.paper) {
            let mark = self.place(&format!("nodes.{key}.paper"));
            self.voters(key, &paper.signed_by, mark);
        }
        for field in node.desk().into_iter().flat_map(|desk| desk.return_rule.decides_on.iter().flatten()) {
            if self.flow.form.field(field).is_none() {
                self.unknown_field(self.place(&format!("nodes.{key}.decides_on.{field}")), field);
            }
        }
        if let Some(targets) = node.desk().and_then(|desk| desk.return_rule.to.as_ref()) {
            for target in targets.iter().filter(|target| *target != START) {
                let mark = self.place(&format!("nodes.{key}.return.{target}"));
                self.comes_before(target, key, mark, false);
            }
        }
    }

    fn rights(&mut self, path: &str, rights: &BTreeMap<FieldId, Right>, most: Right) {
        for (id, right) in rights {
            let mark = self.place(&format!("{path}.{id}"));
            match self.flow.form.at(id) {
                None => self.unknown_field(mark, id),
                Some(field) if right.writes() && field.fills_itself() => {
                    self.say(Problem::at(mark, "computed_written").with("field", id.as_str()));
                }
                Some(_) if *right > most => self.say(Problem::at(mark, "copies_write").with("field", id.as_str())),
                Some(_) => {}
            }
        }
    }

    /// Limits that let anything in, and a lead time that can be measured.
    fn admission(&mut self) {
        let settings = &self.flow.settings;
        if settings.limits.iter().any(|limit| limit.at_most == 0) {
            self.say(Problem::at(self.place("settings.limits"), "limit_of_none"));
        }
        self.absence();
        let Some(lead) = &settings.lead_time else { return };
        let texts: &[FieldType] = &[FieldType::Text, FieldType::LongText];
        let wanted = [
            ("field", Some(&lead.field), &[FieldType::Date, FieldType::Period][..], "not_a_day_field"),
            ("late", lead.late.as_ref(), texts, "not_a_text_field"),
        ];
        for (key, id, kinds, code) in wanted {
            let Some(id) = id else { continue };
            let mark = self.place(&format!("settings.lead_time.{key}"));
            match self.flow.form.field(id) {
                None => self.unknown_field(mark, id),
                Some(field) if !kinds.contains(&field.kind) && !self.reader.unread.contains(id) => {
                    self.say(Problem::at(mark, code).with("field", id.as_str()));
                }
                Some(_) => {}
            }
        }
    }

    fn unknown_field(&mut self, mark: Mark, id: &str) {
        let meant = nearest(id, self.flow.form.fields.iter().map(|field| field.id.as_str()));
        self.say(Problem::at(mark, "unknown_field").with("field", id).meant(meant));
    }

    fn who(&mut self, key: &str, who: &Who) {
        let mark = self.place(&format!("nodes.{key}.who"));
        let chosen = who.0.iter().filter(|rule| rule.is_choice()).count();
        if chosen > 1 {
            self.say(Problem::at(mark, "two_choices"));
        }
        for rule in &who.0 {
            self.rule(key, rule);
            if let Rule::InitiatorChoice { among, .. } | Rule::ChosenBy { among, .. } = rule {
                if among.iter().any(Rule::is_choice) {
                    self.say(Problem::at(mark, "choice_in_choice"));
                }
                among.iter().for_each(|inner| self.rule_at(mark, key, inner));
            }
        }
    }

    fn quorum(&mut self, key: &str, quorum: Quorum) {
        let mark = self.place(&format!("nodes.{key}.quorum"));
        match quorum {
            Quorum::AtLeast(0) | Quorum::Weight(0) => self.say(Problem::at(mark, "quorum_of_none")),
            Quorum::Percent(percent) if percent == 0 || percent > 100 => {
                self.say(Problem::at(mark, "no_percentage").with("found", percent));
            }
            _ => {}
        }
    }

    /// Can the votes be counted, and does each setting say something?
    fn vote(&mut self, approve: &Approve, vote: &Vote) {
        let key = approve.key.as_str();
        let path = format!("nodes.{key}.vote");
        let weighs = matches!(approve.quorum, Quorum::Weight(_));
        match (weighs, vote.weights.is_empty()) {
            (true, true) => self.say(Problem::at(self.place(&format!("nodes.{key}.quorum")), "no_weights")),
            (false, false) => self.say(Problem::at(self.place(&format!("{path}.weights")), "weights_without_use")),
            _ => {}
        }
        for (index, weighing) in vote.weights.iter().enumerate() {
            let mark = self.place(&format!("{path}.weights[{index}]"));
            if weighing.weight == 0 {
                self.say(Problem::at(mark, "weight_of_none"));
            }
            self.voters(key, &weighing.who, mark);
        }
        let veto = self.place(&format!("{path}.veto"));
        self.voters(key, &vote.veto, veto);
        let rejects =
            Node::Approve(Box::new(approve.clone())).desk().is_some_and(|desk| desk.allows(Operation::Reject));
        if !vote.veto.0.is_empty() && !rejects {
            self.say(Problem::warning(veto, "nobody_vetoes"));
        }
    }

    /// Those whose votes are told apart, or whose signatures are asked for: the initiator chooses people of the node, and not
    /// of these.
    fn voters(&mut self, key: &str, who: &Who, mark: Mark) {
        if who.0.iter().any(Rule::is_choice) {
            self.say(Problem::at(mark, "choice_in_choice"));
        }
        who.0.iter().for_each(|rule| self.rule_at(mark, key, rule));
    }

    fn rule(&mut self, key: &str, rule: &Rule) {
        let mark = self.place(&format!("nodes.{key}.who"));
        self.rule_at(mark, key, rule);
    }

    fn rule_at(&mut self, mark: Mark, key: &str, rule: &Rule) {
        match rule {
            Rule::Field { field } => match self.flow.form.field(field) {
                None => self.unknown_field(mark, field),
                Some(known) if known.kind != FieldType::Person && !self.reader.unread.contains(field) => {
                    self.say(Problem::at(mark, "not_a_person_field").with("field", field.as_str()));
                }
                Some(_) => {}
            },
            Rule::HandlerOf { node } => self.comes_before(node, key, mark, true),
            Rule::ChosenBy { node, .. } if self.flow.find(node).is_some_and(|place| place.node.free().is_some()) => {
                self.say(Problem::at(mark, "chosen_at_free").with("node", node.as_str()));
            }
            Rule::ChosenBy { node, .. } => self.comes_before(node, key, mark, true),
            Rule::HeadsInField { field } => match self.flow.form.field(field) {
                None => self.unknown_field(mark, field),
                Some(known) if matches!(known.kind, FieldType::Choice | FieldType::Choices) => self.departments(known),
                Some(known) if known.kind == FieldType::Department => {}
                Some(_) if self.reader.unread.contains(field) => {}
                Some(_) => self.say(Problem::at(mark, "not_a_choice_of_departments").with("field", field.as_str())),
            },
            Rule::Authority { table } => self.authority(key, table),
            Rule::LoadBalance { among } => {
                if among.iter().any(Rule::is_choice) {
                    self.say(Problem::at(mark, "choice_in_choice"));
                }
                among.iter().for_each(|inner| self.rule(key, inner));
            }
            _ => {}
        }
    }

    /// The options of this field are codes of departments, which must exist where the package is read for.
    fn departments(&mut self, field: &Field) {
        for option in &field.options {
            let at = self.place(&format!("fields.{}.options.{}", field.id, option.id));
            let known = |named: &Named| named.at == at && named.text == option.id;
            if !self.reader.named.iter().any(known) {
                self.reader.named.push(Named { kind: Kind::Department, text: option.id.clone(), at });
            }
        }
    }

    /// `earlier` must be a node that waits for people and comes before `key`. Whether every way passes it is asked only
    /// of the handler of an earlier node: a return leads to what was passed and nowhere else.
    fn comes_before(&mut self, earlier: &str, key: &str, mark: Mark, always: bool) {
        let Some(place) = self.flow.find(earlier).filter(|place| place.node.desk().is_some()) else {
            if self.reader.lost_nodes {
                return;
            }
            let meant = nearest(earlier, desks(self.flow));
            self.say(Problem::at(mark, "unknown_desk").with("node", earlier).meant(meant));
            return;
        };
        // Two branches of an exclusive node are never both walked; of those walked at the same time neither is first, but
        // it can be returned from one into the other.
        let lie = self.flow.lie(earlier, key);
        match lie {
            Some(Lie::Before) if !always || self.is_on_every_way(&place, key) => {}
            Some(Lie::Before) => {
                self.say(Problem::warning(mark, "perhaps_not_before").with("node", earlier).with("here", key));
            }
            Some(Lie::Beside) if !always => {}
            _ => self.say(Problem::at(mark, "not_before").with("node", earlier).with("here", key)),
        }
    }

    /// Whoever comes to `key` has passed this place.
    fn is_on_every_way(&self, place: &Place, key: &str) -> bool {
        let Some((around, _)) = place.inside else { return true };
        if self.flow.lie(key, around.key()) == Some(Lie::Inside) {
            return true;
        }
        let waits_for_all = matches!(around, Node::Parallel(lanes) if lanes.join == Join::All)
            && around.lanes().is_some_and(|lanes| lanes.on_reject != OnReject::EndBranch);
        waits_for_all && self.flow.find(around.key()).is_some_and(|outer| self.is_on_every_way(&outer, key))
    }

    /// A required field that nobody on the way may fill.
    fn never_filled(&mut self) {
        let start = start_rights(self.flow);
        let writable = |field: &Field| {
            start.of(&field.id).writes()
                || self
                    .flow
                    .nodes()
                    .into_iter()
                    .filter_map(Node::desk)
                    .any(|desk| desk.fields.get(&field.id).is_some_and(|right| right.writes()))
                || self.flow.nodes().into_iter().filter_map(Node::call).any(|call| call.results.contains_key(&field.id))
        };
        let lost: Vec<FieldId> = self
            .flow
            .form
            .fields
            .iter()
            .filter(|field| (field.required || field.required_when.is_some()) && !writable(field))
            .map(|field| field.id.clone())
            .collect();
        for id in lost {
            let mark = self.place(&format!("settings.start_fields.{id}"));
            self.say(Problem::at(mark, "never_filled").with("field", id));
        }
    }

    fn exclusive(&mut self, exclusive: &Exclusive) {
        let all = exclusive.branches.iter();
        let conditions =
            self.conditions(&exclusive.key, all.map(|branch| (branch.key.as_str(), &branch.when)).collect());
        if !conditions.is_empty() && conditions.len() == exclusive.branches.len() {
            self.analyse(exclusive, &conditions);
        }
    }

    /// Those that can be read.
    fn conditions(&mut self, node: &str, all: Vec<(&str, &Condition)>) -> Vec<Checked> {
        let env = self.flow.form.env();
        let mut conditions: Vec<Checked> = Vec::new();
        for (branch, when) in all {
            let path = format!("nodes.{node}.branches.{branch}.when");
            if !self.reader.places.has(&path) || self.is_about_unread(&when.0) {
                continue;
            }
            let parsed = Expr::parse(&when.0).map_err(|error| vec![error]);
            match parsed.and_then(|expr| expr.check_condition(&env)) {
                Ok(checked) => conditions.push(checked),
                Err(errors) => {
                    for error in errors {
                        let mark = self.reader.places.within(&path, self.reader.source, error.span.start as usize);
                        self.say(Problem::expression(mark, &error));
                    }
                }
            }
        }
        conditions
    }

    /// Branches that are walked at the same time: can they join, and does each setting say something?
    fn lanes(&mut self, node: &Node) {
        self.conditions(node.key(), node.conditions());
        let Some(lanes) = node.lanes().filter(|lanes| !lanes.branches.is_empty()) else { return };
        let [join, on_reject, on_return] =
            ["join", "on_reject", "on_return"].map(|setting| self.place(&format!("nodes.{}.{setting}", lanes.key)));
        let branches = lanes.branches.len();
        if branches == 1 && matches!(node, Node::Parallel(_)) {
            let mark = self.place(&format!("nodes.{}", lanes.key));
            self.say(Problem::at(mark, "one_branch"));
        }
        match lanes.join {
            Join::AtLeast(least) if least as usize > branches => {
                let problem = Problem::at(join, "join_unreachable");
                self.say(problem.with("least", least).with("branches", branches));
            }
            Join::AtLeast(0) => self.say(Problem::at(join, "join_of_none")),
            _ => {}
        }
        let inside = |allows: Operation| {
            let desks = self.flow.nodes().into_iter().filter_map(Node::desk);
            let mut inner = desks.filter(|desk| self.flow.lie(desk.key, &lanes.key) == Some(Lie::Inside));
            inner.any(|desk| desk.allows(allows))
        };
        let (rejects, returns) = (inside(Operation::Reject), inside(Operation::ReturnTo));
        if lanes.on_reject != OnReject::EndCase && !rejects {
            self.say(Problem::warning(on_reject, "nobody_rejects"));
        }
        if lanes.on_return != OnReturn::AtOnce && !returns {
            self.say(Problem::warning(on_return, "nobody_returns"));
        }
    }

    /// Is there a case that no branch takes, or two, or a branch that none takes?
    fn analyse(&mut self, exclusive: &Exclusive, conditions: &[Checked]) {
        let found = analyse(&conditions.iter().collect::<Vec<_>>(), &self.flow.form.env());
        let node = self.place(&format!("nodes.{}", exclusive.key));
        let branch_key = |index: usize| exclusive.branches[index].key.as_str();
        let when = |index: usize| format!("nodes.{}.branches.{}.when", exclusive.key, branch_key(index));
        let otherwise = format!("nodes.{}.otherwise", exclusive.key);
        match &found.gap {
            Finding::Yes { example } if !self.reader.places.has(&otherwise) => {
                self.say(Problem::at(node, "incomplete").with("example", told(example)));
            }
            Finding::Unknown if !self.reader.places.has(&otherwise) => {
                self.say(Problem::warning(node, "perhaps_incomplete"));
            }
            Finding::No if !exclusive.otherwise.is_empty() => {
                self.say(Problem::warning(self.place(&otherwise), "otherwise_unreachable"));
            }
            _ => {}
        }
        for never in &found.never {
            let code = match never.reason {
                Reason::NeverTrue => "never_true",
                Reason::TakenBefore => "taken_before",
            };
            let mark = self.place(&when(never.branch));
            self.say(Problem::at(mark, code).with("branch", branch_key(never.branch)));
        }
        for overlap in &found.overlaps {
            if found.never.iter().any(|never| [overlap.first, overlap.second].contains(&never.branch)) {
                continue;
            }
            let problem = Problem::warning(self.place(&when(overlap.second)), "overlap")
                .with("first", branch_key(overlap.first))
                .with("second", branch_key(overlap.second))
                .with("example", told(&overlap.example));
            self.say(problem);
        }
    }
}

/// The keys of the nodes that wait for people.
fn desks(flow: &Flow) -> Vec<&str> {
    flow.nodes().into_iter().filter(|node| node.desk().is_some()).map(Node::key).collect()
}

/// `form.amount = 5000, initiator.rank_level = null`
fn told(example: &Witness) -> String {
    let value = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut parts = Vec::new();
    for (path, found) in example {
        match found {
            Value::Object(members) => {
                let amounts = members.iter().filter(|(name, _)| ["days", "hours"].contains(&name.as_str()));
                let known = amounts.filter(|(_, amount)| !amount.is_null());
                parts.extend(known.map(|(name, amount)| format!("{path}.{name} = {}", value(amount))));
            }
            other => parts.push(format!("{path} = {}", value(other))),
        }
    }
    if parts.is_empty() { "…".to_owned() } else { parts.join(", ") }
}
