//! A case told step by step: commands by people, and what is true after each.

use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::world::World;
use crate::engine::{
    Acting, Awaiting, Case, CheckedFlow, Choices, Command, Event, Facts, Flow, Intent, Refusal, Signing, Status,
    Target, Values, Words, apply,
    case::{Activation, ActivationNo, CopyNo, Purpose, Task, TaskNo, TaskState},
    decide, is_to_claim,
    model::AfterReturn,
    paper_desk, replay,
};

#[derive(Clone)]
pub(crate) struct Story {
    pub flow: CheckedFlow,
    pub world: World,
    pub draft: Case,
    pub case: Case,
    pub events: Vec<Event>,
}

/// A flow of this route, over a small form of all that tests need.
pub(crate) fn flow(route: Value) -> CheckedFlow {
    flow_with(route, json!({}))
}

pub(crate) fn flow_with(route: Value, more: Value) -> CheckedFlow {
    let text = |id: &str| json!({ "id": id, "label": { "zh": id }, "type": "text", "max_length": 200 });
    let mut flow = json!({
        "id": "test",
        "name": { "zh": "测试" },
        "category": "other",
        "form": form(json!([
            text("reason"),
            text("note"),
            text("archive_number"),
            { "id": "days", "label": { "zh": "天数" }, "type": "number", "scale": 1 },
            { "id": "day", "label": { "zh": "日期" }, "type": "date" },
            { "id": "amount", "label": { "zh": "金额" }, "type": "money" },
            { "id": "contact", "label": { "zh": "联系人" }, "type": "person", "multiple": true },
            { "id": "departments", "label": { "zh": "会签部门" }, "type": "choices", "options": [
                { "id": "sales", "label": { "zh": "销售部" } },
                { "id": "personnel", "label": { "zh": "人事部" } },
                { "id": "archive", "label": { "zh": "档案室" } },
            ] },
        ])),
        "route": route,
    });
    let (Some(flow), Value::Object(more)) = (flow.as_object_mut(), more) else { panic!("objects") };
    flow.extend(more);
    let flow: Flow = serde_json::from_value(Value::Object(flow.clone())).expect("a flow");
    flow.checked().expect("a sound flow")
}

/// A form of these fields, one in each row.
pub(crate) fn form(fields: Value) -> Value {
    let cell = |field: &Value| json!([{ "field": field["id"], "span": 4 }]);
    let rows: Vec<Value> = fields.as_array().expect("fields").iter().map(cell).collect();
    json!({ "fields": fields, "layout": { "columns": 4, "rows": rows } })
}

pub(crate) fn approve(key: &str, who: Value) -> Value {
    json!({ "kind": "approve", "key": key, "name": { "zh": key }, "who": who })
}

pub(crate) fn handle(key: &str, who: Value) -> Value {
    json!({ "kind": "handle", "key": key, "name": { "zh": key }, "who": who })
}

pub(crate) fn copy(key: &str, who: Value) -> Value {
    json!({ "kind": "copy", "key": key, "name": { "zh": key }, "who": who })
}

/// The node with more settings.
pub(crate) fn with(mut node: Value, more: Value) -> Value {
    let (Some(fields), Value::Object(more)) = (node.as_object_mut(), more) else { panic!("objects") };
    fields.extend(more);
    node
}

pub(crate) fn person(person: PersonId) -> Value {
    json!([{ "rule": "person", "person": person }])
}

pub(crate) fn people(people: &[PersonId]) -> Value {
    people.iter().map(|person| json!({ "rule": "person", "person": person })).collect()
}

pub(crate) fn post(post: &str) -> Value {
    json!([{ "rule": "post", "post": post }])
}

pub(crate) fn values(values: Value) -> Values {
    match values {
        Value::Object(values) => values,
        other => panic!("not an object: {other}"),
    }
}

impl Story {
    pub(crate) fn new(flow: CheckedFlow, world: World, initiator: PersonId) -> Self {
        let draft = Case::draft(world.initiator(initiator));
        Self { flow, world, case: draft.clone(), draft, events: Vec::new() }
    }

    /// A case submitted by this person.
    pub(crate) fn submitted(flow: CheckedFlow, world: World, initiator: PersonId, given: Value) -> Self {
        let mut story = Self::new(flow, world, initiator);
        story.submit(given).expect("it can be submitted");
        story
    }

    pub(crate) fn submit(&mut self, given: Value) -> Result<Vec<Event>, Refusal> {
        self.submit_with(given, Choices::new())
    }

    pub(crate) fn submit_with(&mut self, given: Value, choices: Choices) -> Result<Vec<Event>, Refusal> {
        let person = self.case.initiator.person;
        self.run(person, Intent::Submit { values: values(given), choices, confirmed: true })
    }

    pub(crate) fn run(&mut self, person: PersonId, intent: Intent) -> Result<Vec<Event>, Refusal> {
        self.command(Command::new(Acting::person(person), intent))
    }

    /// Runs it, and checks what must hold after every command.
    pub(crate) fn command(&mut self, command: Command) -> Result<Vec<Event>, Refusal> {
        let events = decide(&self.case, &self.flow, command, &self.world)?;
        let said_before = self.case.opinions.clone();
        self.case = events.iter().fold(self.case.clone(), apply);
        assert!(self.case.opinions.starts_with(&said_before), "what was said is never changed");
        self.events.extend(events.clone());
        self.world.wait_minutes(1);
        self.check();
        Ok(events)
    }

    /// What must hold after every command.
    pub(crate) fn check(&self) {
        let replayed = replay(self.draft.clone(), &self.events);
        assert_eq!(replayed, self.case, "the events make the state");
        let written = serde_json::to_string(&self.events).expect("events can be written");
        let read: Vec<Event> = serde_json::from_str(&written).expect("events can be read");
        assert_eq!(read, self.events, "events read back as they were");
        let stored = serde_json::to_string(&self.case).expect("a case can be written");
        assert_eq!(serde_json::from_str::<Case>(&stored).expect("a case can be read"), self.case);
        let open = self.case.open_tasks().count();
        match self.case.status {
            Status::Running => {
                let awaits = self.case.awaited().next().is_some();
                assert!(open > 0 || awaits, "somebody or something is waited for:\n{:#?}", self.events);
            }
            status => {
                assert_eq!(open, 0, "no task in a case that is {status:?}");
                assert_eq!(self.case.awaited().count(), 0, "nothing is awaited in a case that is {status:?}");
                assert!(self.case.tasks.iter().all(|task| task.state.is_closed()));
                assert!(self.case.activations.iter().all(|visit| visit.end().is_some()));
            }
        }
    }

    /// What this visit waits for comes, the clock moving to its time.
    pub(crate) fn arrive(&mut self, visit: ActivationNo) -> Result<Vec<Event>, Refusal> {
        let awaiting = self.case.activation(visit).and_then(Activation::awaits).ok_or(Refusal::NothingAwaited)?;
        if let Awaiting::Time { until } = awaiting {
            self.world.now.set(self.world.now.get().max(*until));
        }
        let arrival = awaiting.hoped().ok_or(Refusal::NothingAwaited)?;
        let by = Acting::person(self.case.initiator.person);
        self.command(Command::of_system(by, Intent::Arrived { activation: visit, arrival }))
    }

    /// What the first visit that waits for something waits for comes.
    pub(crate) fn time_passes(&mut self) -> &mut Self {
        let visit = self.case.awaited().next().map(|(visit, _)| visit).expect("something is awaited");
        self.arrive(visit).unwrap_or_else(|refusal| panic!("it comes: {refusal:?}"));
        self
    }

    pub(crate) fn approve(&mut self, person: PersonId) -> &mut Self {
        let task = self.task_of(person);
        let agree = Intent::Approve { task, words: Words::default(), values: Values::new() };
        self.run(person, agree).unwrap_or_else(|refusal| panic!("{person:?} may approve: {refusal:?}"));
        self
    }

    pub(crate) fn complete(&mut self, person: PersonId, result: &str) -> &mut Self {
        let task = self.task_of(person);
        let done = Intent::Complete { task, words: Words::new(result), values: Values::new() };
        self.run(person, done).unwrap_or_else(|refusal| panic!("{person:?} may complete: {refusal:?}"));
        self
    }

    pub(crate) fn return_to(&mut self, person: PersonId, to: Target, then: AfterReturn) -> &mut Self {
        let task = self.task_of(person);
        let back = Intent::ReturnTo { task, to, then: Some(then), words: Words::new("请补充") };
        self.run(person, back).unwrap_or_else(|refusal| panic!("{person:?} may return it: {refusal:?}"));
        self
    }

    pub(crate) fn resubmit(&mut self, person: PersonId, changed: Value) -> &mut Self {
        let task = self.task_of(person);
        let again =
            Intent::Resubmit { task, values: values(changed), choices: None, confirmed: true, words: Words::default() };
        self.run(person, again).unwrap_or_else(|refusal| panic!("{person:?} may resubmit: {refusal:?}"));
        self
    }

    /// Where it is done on paper, its holder prints the form, has it signed by the first who may, and records it.
    pub(crate) fn sign(&mut self, task: TaskNo) {
        let Some(task) = self.case.task(task).cloned() else { return };
        let Some(desk) = paper_desk(&self.flow, &self.case, &task, &self.world) else { return };
        if self.run(task.person, Intent::Print { task: task.id }).is_ok() {
            let signed_on = self.world.day_of(self.world.now());
            let signing = Signing { scan: vec!["scan".into()], signed_on, signed_by: desk.signers.first().copied() };
            self.run(task.person, Intent::SignOnPaper { task: task.id, signing })
                .expect("what was just printed is signed");
        }
    }

    /// The open task of this person.
    pub(crate) fn task_of(&self, person: PersonId) -> TaskNo {
        let mut mine = self.case.open_tasks().filter(|task| task.person == person);
        mine.next().unwrap_or_else(|| panic!("{person:?} has no open task; waiting: {:?}", self.waiting())).id
    }

    /// Who is waited for, and at which node.
    pub(crate) fn waiting(&self) -> Vec<(PersonId, &str)> {
        self.case.open_tasks().map(|task| (task.person, self.node_of(task))).collect()
    }

    pub(crate) fn node_of(&self, task: &Task) -> &str {
        &self.case.activation(task.activation).expect("a task belongs to a visit").node
    }

    /// Who got which copy.
    pub(crate) fn copied(&self) -> Vec<(PersonId, &str)> {
        let node = |copy: &crate::engine::case::Copied| self.case.activation(copy.activation).expect("a visit");
        self.case.copies.iter().map(|copy| (copy.person, node(copy).node.as_str())).collect()
    }

    pub(crate) fn copy_of(&self, person: PersonId) -> CopyNo {
        self.case.copies.iter().find(|copy| copy.person == person).expect("he got a copy").id
    }

    /// The names of all that happened.
    pub(crate) fn happened(events: &[Event]) -> Vec<&'static str> {
        events.iter().map(|event| event.kind().trim_start_matches("workflow.")).collect()
    }

    pub(crate) fn purposes(&self) -> Vec<Purpose> {
        self.case.open_tasks().map(|task| task.purpose).collect()
    }

    pub(crate) fn states_at(&self, node: &str) -> Vec<(PersonId, TaskState)> {
        let here = |task: &&Task| self.node_of(task) == node;
        self.case.tasks.iter().filter(here).map(|task| (task.person, task.state.clone())).collect()
    }
}

/// If an administrator stopped the case, he lets it go on.
pub(crate) fn go_on(story: &mut Story) {
    if story.case.halt.is_some() {
        let by = Acting::person(super::world::ADMINISTRATOR);
        let intent = Intent::GoOn { words: Words::new("已核实") };
        story.command(Command::as_administrator(by, intent)).expect("it was stopped");
    }
}

/// Can the people who are waited for bring the case to an end, an administrator naming someone where nobody was found?
pub(crate) fn ends(story: &Story) -> bool {
    let mut story = story.clone();
    go_on(&mut story);
    for _ in 0..500 {
        if let Some(visit) = story.case.due_effect() {
            match story.arrive(visit) {
                Ok(_) => continue,
                Err(_) => return false,
            }
        }
        let Some(task) = story.case.open_tasks().next().cloned() else {
            match story.case.hoped().map(|(visit, _)| visit) {
                None => return story.case.status.is_finished(),
                Some(visit) if story.arrive(visit).is_err() => return false,
                Some(_) => continue,
            }
        };
        let words = Words::new("同意");
        let none = Values::new();
        let by = Acting::person(task.person);
        if is_to_claim(story.flow.flow(), &story.case, &task) {
            story.run(task.person, Intent::Claim { task: task.id }).expect("it is in the pool");
        }
        story.sign(task.id);
        let done = match task.purpose {
            Purpose::Approve => story.run(task.person, Intent::Approve { task: task.id, words, values: none }),
            Purpose::Handle | Purpose::Mend => {
                match story.run(task.person, Intent::Complete { task: task.id, words, values: none }) {
                    // Only its module does it: he has it tried again.
                    Err(Refusal::NotByHand) => story.run(task.person, Intent::TryAgain { task: task.id }),
                    done => done,
                }
            }
            Purpose::Revise => story.run(
                task.person,
                Intent::Resubmit { task: task.id, values: none, choices: None, confirmed: true, words },
            ),
            Purpose::Advise => story.run(task.person, Intent::Advise { task: task.id, words, values: none }),
            // Of those for whom nobody is found, each goes to somebody else.
            Purpose::Assign => {
                let name = |to: &PersonId| {
                    let intent = Intent::HandOver { task: task.id, to: *to, words: words.clone() };
                    story.command(Command::as_administrator(by, intent))
                };
                let everyone = super::world::EVERYONE;
                everyone.iter().rev().map(name).find(Result::is_ok).unwrap_or(Err(Refusal::NobodyNamed))
            }
        };
        if done.is_err() {
            return false;
        }
    }
    false
}
