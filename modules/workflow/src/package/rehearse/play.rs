//! One case on its way.

use std::{collections::BTreeMap, sync::Arc};

use hanlin_forms::form::{Field, FieldType};
use hanlin_kernel::{Id, PersonId};
use hanlin_worktime::STANDARD_ZONE;
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value as Json;

use super::{Failure, House, compare, find_person};
use crate::{
    cases::{World, initiator_of},
    engine::{
        Acting, Arrival, Awaiting, Case, CheckedFlow, Choices, Command, Facts, Flow, Intent, Node, Reason, Refusal,
        Route, Target, Values, Words, apply,
        case::{Activation, ActivationNo, Purpose, Task, TaskState},
        choosable, decide,
        form::serial_numbers,
        is_to_claim,
        model::{Key, Rule},
        predict, to_choose, words_to_agree,
    },
    package::{
        model::{Act, Deed, Doing, Login, ReturnTo, TestCase},
        words::{self, word},
    },
};

/// More decisions than any case needs.
const MOST_DECISIONS: usize = 2_000;

#[derive(Clone)]
pub(super) struct Play<'a> {
    pub flow: &'a CheckedFlow,
    pub house: Arc<House>,
    pub world: World,
    pub case: Case,
    script: &'a TestCase,
    values: Values,
    choices: Choices,
    /// Names of the files that stand for attachments, in order of their first use.
    files: Vec<String>,
    /// What effects hand back, by node.
    pub(super) given_back: BTreeMap<Key, Values>,
}

impl<'a> Play<'a> {
    /// Before submitting. Fails where a person or post that the case names does not exist.
    pub(super) fn begin(flow: &'a CheckedFlow, script: &'a TestCase, house: Arc<House>) -> Result<Self, Failure> {
        let zone = TimeZone::get(STANDARD_ZONE).unwrap_or(TimeZone::UTC);
        let at = script.at.unwrap_or(TestCase::DEFAULT_AT).to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
        let at = at.map_err(|error| Failure::new("bad_time", [("error", error.to_string())]))?;
        let person = person(&house, &script.initiator)?;
        let appointment = script.post.as_ref().map(|post| {
            let held = house.directory.appointments(person, at).into_iter();
            let code = |id| house.directory.post(id).map(|post| post.code.as_str());
            let own = held.clone().find(|held| code(held.post) == Some(post.as_str())).map(|held| held.id);
            own.ok_or_else(|| {
                Failure::new("no_such_post", [("person", script.initiator.clone()), ("post", post.clone())])
            })
        });
        let initiator = initiator_of(&house.directory, person, appointment.transpose()?, at);
        let instant = |at: DateTime| at.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp());
        let submitted = script.earlier.iter().copied().filter_map(instant).collect();
        let world = World { submitted, ..house.world(initiator.unit, at) };
        let mut case = Case::draft(initiator);
        case.values = first_numbers(flow, &case, &world);
        let mut play = Self {
            flow,
            house,
            world,
            case,
            script,
            values: Values::new(),
            choices: Choices::new(),
            files: Vec::new(),
            given_back: BTreeMap::new(),
        };
        play.world.records = play.records()?;
        play.values = play.read(&script.values)?;
        play.choices = play.chosen()?;
        play.given_back = play.effects_give()?;
        Ok(play)
    }

    fn chosen(&self) -> Result<Choices, Failure> {
        let each = |(node, logins): (&Key, &Vec<Login>)| {
            let people = logins.iter().map(|login| person(&self.house, login));
            Ok((node.clone(), people.collect::<Result<Vec<_>, Failure>>()?))
        };
        self.script.choices.iter().map(each).collect()
    }

    /// What the records that the script names have, for the fields that they fill.
    fn records(&mut self) -> Result<Arc<BTreeMap<String, Values>>, Failure> {
        let flow = self.flow;
        let form = flow.form().form();
        let own_field = |theirs: &str| {
            let own = form.fields.iter().flat_map(|field| &field.fill).find(|(_, name)| *name == theirs);
            own.and_then(|(own, _)| form.field(own))
        };
        let mut records = BTreeMap::new();
        for (name, written) in &self.script.records {
            let mut values = Values::new();
            for (theirs, value) in written {
                let value = own_field(theirs).map_or_else(|| Ok(value.clone()), |own| self.read_value(value, own))?;
                values.insert(theirs.clone(), value);
            }
            records.insert(self.file(name), values);
        }
        Ok(Arc::new(records))
    }

    /// Values as the form takes them: logins become persons, names of files become files.
    fn read(&mut self, written: &Values) -> Result<Values, Failure> {
        let flow = self.flow;
        self.read_as(written, &flow.form().form().fields)
    }

    /// The values of a form, or of one row of a table.
    fn read_as(&mut self, written: &Values, fields: &[Field]) -> Result<Values, Failure> {
        let mut values = Values::new();
        for (id, value) in written {
            let field = fields.iter().find(|field| field.id == *id);
            let value = field.map_or_else(|| Ok(value.clone()), |field| self.read_value(value, field))?;
            values.insert(id.clone(), value);
        }
        Ok(values)
    }

    fn read_value(&mut self, value: &Json, field: &Field) -> Result<Json, Failure> {
        let parts = value.as_array().into_iter().flatten();
        let texts = parts.clone().filter_map(Json::as_str);
        match field.kind {
            FieldType::Person => {
                let ids = texts.map(|login| person(&self.house, login).map(|id| Json::from(id.to_string())));
                ids.collect()
            }
            FieldType::Department | FieldType::Post | FieldType::Unit => {
                let ids = texts.map(|code| self.of_directory(code, field.kind));
                ids.collect()
            }
            // A case has no other cases and no records beside it in a test: each name stands for one.
            FieldType::Attachment | FieldType::Image | FieldType::Handwriting | FieldType::Case | FieldType::Record => {
                Ok(texts.map(|name| self.file(name)).collect::<Vec<_>>().into())
            }
            FieldType::Table => {
                let rows = parts.filter_map(Json::as_object);
                rows.map(|row| self.read_as(row, &field.columns).map(Json::Object)).collect()
            }
            _ => Ok(value.clone()),
        }
    }

    /// A department, a post or a unit by its code: as the initiator's unit, or the nearest above, has it.
    fn of_directory(&self, code: &str, kind: FieldType) -> Result<Json, Failure> {
        let directory = &self.house.directory;
        let own = self.case.initiator.unit;
        let upwards = own.map(|unit| directory.units_upwards(unit, self.world.at)).unwrap_or_default();
        let mut units = upwards.iter();
        let found = match kind {
            FieldType::Department => units
                .find_map(|unit| directory.department_by_code(code, *unit, self.world.at))
                .map(|department| department.to_string()),
            FieldType::Post => {
                let posts = directory.posts_by_code(code).iter().filter_map(|id| directory.post(*id));
                let posts: Vec<_> = posts.collect();
                units.find_map(|unit| posts.iter().find(|post| post.unit == *unit)).map(|post| post.id.to_string())
            }
            _ => directory.unit_by_code(code).map(|unit| unit.to_string()),
        };
        found.map(Json::from).ok_or_else(|| Failure::new("not_in_directory", [("code", code.to_owned())]))
    }

    pub(super) fn file(&mut self, name: &str) -> String {
        let known = self.files.iter().position(|known| known == name);
        let index = known.unwrap_or_else(|| {
            self.files.push(name.to_owned());
            self.files.len() - 1
        });
        Id::<()>::fixed(900_000 + index as u64).to_string()
    }

    /// What the initiator is shown before he submits.
    pub(super) fn predict(&self) -> Result<Route, Refusal> {
        predict(self.flow, &self.case.initiator, &self.values, &self.own_choices(), &self.world)
    }

    pub(super) fn submit(&mut self) -> Result<(), Refusal> {
        let (values, choices) = (self.values.clone(), self.own_choices());
        let by = Acting::person(self.case.initiator.person);
        self.command(Command::new(by, Intent::Submit { values, choices, confirmed: true }))
    }

    /// What the initiator chooses himself.
    fn own_choices(&self) -> Choices {
        let own: Vec<&str> = choosable(self.flow.flow()).into_iter().map(|one| one.node).collect();
        let foreign = |node: &Key| to_be_chosen(self.flow.flow(), node);
        let mine = self.choices.iter().filter(|(node, _)| own.contains(&node.as_str()) || !foreign(node));
        mine.map(|(node, people)| (node.clone(), people.clone())).collect()
    }

    /// Before the holder of this task agrees he chooses whom he must.
    fn choose(&mut self, task: &Task) -> Result<(), Refusal> {
        let offered = to_choose(self.flow.flow(), &self.case, task);
        let chosen = offered.iter().filter_map(|one| Some((one.node.to_owned(), self.choices.get(one.node)?.clone())));
        let choices: Choices = chosen.collect();
        if choices.is_empty() {
            return Ok(());
        }
        self.command(Command::new(Acting::person(task.person), Intent::Choose { task: task.id, choices }))
    }

    /// With all that it does in modules.
    fn command(&mut self, command: Command) -> Result<(), Refusal> {
        self.decide(command)?;
        self.effects_happen()
    }

    pub(super) fn decide(&mut self, command: Command) -> Result<(), Refusal> {
        let events = decide(&self.case, self.flow, command, &self.world)?;
        self.case = events.iter().fold(self.case.clone(), apply);
        self.world.at = self.world.at.checked_add(SignedDuration::from_mins(1)).unwrap_or(Timestamp::MAX);
        Ok(())
    }

    pub(super) fn perform(&mut self, deed: &Deed) -> Result<(), Failure> {
        match deed {
            Deed::EveryoneAgrees => self.everyone_agrees(),
            Deed::TimePasses => self.time_passes(),
            Deed::Answers => self.answers(),
            Deed::NoAnswer => {
                let visit = self.awaits(|awaiting| matches!(awaiting, Awaiting::Webhook { .. }))?;
                self.tell(visit, Arrival::Unanswered { reason: Reason::new("workflow.webhook_no_answer") })
            }
            Deed::EventComes => {
                let visit = self.awaits(|awaiting| matches!(awaiting, Awaiting::Event { .. }))?;
                self.tell(visit, Arrival::Event { from: None })
            }
            Deed::Act(act) => self.act(act),
        }
    }

    /// Until the case ends, or only an administrator is waited for.
    pub(super) fn everyone_agrees(&mut self) -> Result<(), Failure> {
        for _ in 0..MOST_DECISIONS {
            let task = self.case.open_tasks().find(|task| task.purpose != Purpose::Assign).cloned();
            let awaited = self.case.hoped().map(|(visit, _)| visit);
            match (task, awaited) {
                (Some(task), _) => self.agree(&task)?,
                (None, Some(visit)) => self.arrive(visit)?,
                (None, None) => return Ok(()),
            }
        }
        Err(Failure::new("endless", [("limit", MOST_DECISIONS.to_string())]))
    }

    /// The first visit that waits for such a thing.
    fn awaits(&self, such: impl Fn(&Awaiting) -> bool) -> Result<ActivationNo, Failure> {
        let found = self.case.awaited().find(|(_, awaiting)| such(awaiting)).map(|(visit, _)| visit);
        found.ok_or_else(|| Failure::new("nothing_awaited", []))
    }

    /// The next thing comes; of an event, the end of the time that it may take.
    fn time_passes(&mut self) -> Result<(), Failure> {
        let visit = self.case.hoped().map(|(visit, _)| visit);
        let visit = visit.ok_or_else(|| Failure::new("nothing_awaited", []))?;
        match self.case.activation(visit).and_then(Activation::awaits) {
            Some(Awaiting::Event { until: Some(until), .. }) => {
                self.world.at = self.world.at.max(*until);
                self.tell(visit, Arrival::Time)
            }
            _ => self.arrive(visit),
        }
    }

    /// The other system answers, also one that answers later.
    fn answers(&mut self) -> Result<(), Failure> {
        let asks = |awaiting: &Awaiting| matches!(awaiting, Awaiting::Webhook { .. }) && awaiting.hoped().is_some();
        let visit = self.awaits(asks)?;
        while self.case.activation(visit).and_then(Activation::awaits).is_some_and(asks) {
            self.arrive(visit)?;
        }
        Ok(())
    }

    /// What a visit waits for comes: a time, by moving the clock there.
    fn arrive(&mut self, visit: ActivationNo) -> Result<(), Failure> {
        let awaiting = self.case.activation(visit).and_then(Activation::awaits).cloned();
        if let Some(Awaiting::Time { until }) = &awaiting {
            self.world.at = self.world.at.max(*until);
        }
        let hoped = awaiting.and_then(|awaiting| awaiting.hoped());
        let mut arrival = hoped.ok_or_else(|| Failure::new("nothing_awaited", []))?;
        if let Arrival::Ended { values, .. } | Arrival::Answered { values } = &mut arrival {
            *values = self.handed_back(visit)?;
        }
        self.tell(visit, arrival)
    }

    fn tell(&mut self, visit: ActivationNo, arrival: Arrival) -> Result<(), Failure> {
        let by = Acting::person(self.case.initiator.person);
        let command = Command::of_system(by, Intent::Arrived { activation: visit, arrival });
        self.command(command).map_err(|refusal| {
            Failure::new("refused", [("deed", "time_passes".to_owned()), ("refusal", compare::told(&refusal))])
        })
    }

    /// What a case of another flow or another system hands back: what the script fills in at the node that asked it.
    fn handed_back(&mut self, visit: ActivationNo) -> Result<Values, Failure> {
        let node = self.case.activation(visit).map(|visit| visit.node.clone()).unwrap_or_default();
        let ours = self.filled_at(&node)?;
        let place = self.flow.flow().find(&node).map(|place| place.node);
        let results = match place {
            Some(Node::Call(call)) => &call.results,
            Some(Node::Webhook(webhook)) => &webhook.results,
            _ => return Ok(Values::new()),
        };
        let theirs = results.iter().filter_map(|(own, theirs)| Some((theirs.clone(), ours.get(own)?.clone())));
        Ok(theirs.collect())
    }

    /// What the script fills in at this node.
    pub(super) fn filled_at(&mut self, node: &str) -> Result<Values, Failure> {
        let filled = self.script.fills.get(node).cloned().unwrap_or_default();
        self.read(&filled)
    }

    fn agree(&mut self, task: &Task) -> Result<(), Failure> {
        let node = self.node_of(task);
        let words = self.words_for(task);
        let values = self.filled_at(&node)?;
        let task_no = task.id;
        let intent = match task.purpose {
            // Whoever comes first takes it; in the next round he agrees.
            _ if is_to_claim(self.flow.flow(), &self.case, task) => Intent::Claim { task: task_no },
            Purpose::Advise => Intent::Advise { task: task_no, words: Words::new("同意"), values },
            Purpose::Handle => Intent::Complete { task: task_no, words, values },
            Purpose::Mend => Intent::Complete { task: task_no, words: Words::new("已另行处理"), values },
            Purpose::Revise => Intent::Resubmit { task: task_no, values, choices: None, confirmed: true, words },
            _ => Intent::Approve { task: task_no, words, values },
        };
        let chosen = match intent {
            Intent::Approve { .. } | Intent::Complete { .. } => self.choose(task).and_then(|()| self.sign(task)),
            _ => Ok(()),
        };
        let done = chosen.and_then(|()| self.command(Command::new(Acting::person(task.person), intent)));
        done.map_err(|refusal| {
            let who = self.house.login(task.person);
            Failure::new("refused", [("deed", format!("{who}: agree at {node}")), ("refusal", compare::told(&refusal))])
        })
    }

    /// As many words as the node asks for.
    fn words_for(&self, task: &Task) -> Words {
        let fewest = words_to_agree(self.flow.flow(), &self.case, task, &self.world).unwrap_or_default();
        if fewest == 0 { Words::default() } else { Words::new("同意".repeat(fewest as usize)) }
    }

    fn node_of(&self, task: &Task) -> Key {
        self.case.activation(task.activation).map(|visit| visit.node.clone()).unwrap_or_default()
    }

    fn act(&mut self, act: &Act) -> Result<(), Failure> {
        let by = person(&self.house, &act.by)?;
        let command = self.command_of(act, by)?;
        let signer = act.signed.as_ref().and_then(|signed| signed.by.as_ref());
        let signer = signer.map(|login| person(&self.house, login)).transpose()?;
        let deed = format!("{}: {}", act.by, doing_word(&act.does));
        let task = match &command.intent {
            Intent::Approve { task, .. } | Intent::Complete { task, .. } => self.case.task(*task).cloned(),
            _ => None,
        };
        let chosen = match task.filter(|task| task.person == by && task.state == TaskState::Open) {
            Some(task) => self.choose(&task).and_then(|()| self.record(&task, act, signer)),
            None => Ok(()),
        };
        match (chosen.and_then(|()| self.command(command)), &act.refused) {
            (Ok(()), None) => Ok(()),
            (Err(refusal), Some(wanted)) => compare::refusal(&deed, wanted, &refusal).map_or(Ok(()), Err),
            (Ok(()), Some(wanted)) => Err(Failure::new("not_refused", [("deed", deed), ("code", wanted.code.clone())])),
            (Err(refusal), None) => {
                Err(Failure::new("refused", [("deed", deed), ("refusal", compare::told(&refusal))]))
            }
        }
    }

    fn command_of(&mut self, act: &Act, by: PersonId) -> Result<Command, Failure> {
        let values = self.read(&act.values)?;
        let words = act.words.as_ref().map(Words::new).unwrap_or_default();
        let acting = Acting::person(by);
        let task = self.task_for(by, act.at.as_deref());
        let task_no = || {
            let nothing = || Failure::new("no_task", [("person", act.by.clone())]);
            task.as_ref().map(|task| task.id).ok_or_else(nothing)
        };
        let agreed = || match (&act.words, &task) {
            (None, Some(task)) => self.words_for(task),
            _ => words.clone(),
        };
        Ok(Command::new(
            acting,
            match &act.does {
                Doing::Approve => Intent::Approve { task: task_no()?, words: agreed(), values },
                Doing::Complete => Intent::Complete { task: task_no()?, words: agreed(), values },
                Doing::Reject => Intent::Reject { task: task_no()?, words },
                Doing::Abstain => Intent::Abstain { task: task_no()?, words },
                Doing::Return { to, then } => {
                    let to = match to {
                        ReturnTo::Previous => Target::Previous,
                        ReturnTo::Start => Target::First,
                        ReturnTo::Node(key) => Target::Node(key.clone()),
                    };
                    Intent::ReturnTo { task: task_no()?, to, then: *then, words }
                }
                Doing::Resubmit => Intent::Resubmit { task: task_no()?, values, choices: None, confirmed: true, words },
                Doing::Withdraw => Intent::Withdraw { words },
                Doing::Urge => Intent::Urge { channel: "app".to_owned(), words },
                Doing::Comment => Intent::Comment { words },
                Doing::Read => {
                    let copy = self.case.copies.iter().find(|copy| copy.person == by);
                    let copy = copy.or(self.case.copies.first());
                    let copy = copy.ok_or_else(|| Failure::new("no_copy", [("person", act.by.clone())]))?;
                    Intent::Read { copy: copy.id }
                }
                Doing::Besides(besides) => return self.besides(act, besides, by, task),
                Doing::HandOver { to } => {
                    let to = person(&self.house, to)?;
                    let task =
                        self.case.open_tasks().find(|task| act.at.as_ref().is_none_or(|at| self.node_of(task) == *at));
                    let task = task.ok_or_else(|| Failure::new("no_task", [("person", act.by.clone())]))?;
                    let intent = Intent::HandOver { task: task.id, to, words };
                    let administrator = self.world.administrators.contains(&by);
                    return Ok(Command { administrator, ..Command::new(acting, intent) });
                }
            },
        ))
    }

    /// The open task of a person, else his last one, else one that he has no part in: the engine says why not.
    fn task_for(&self, by: PersonId, at: Option<&str>) -> Option<Task> {
        let here = |task: &&Task| at.is_none_or(|at| self.node_of(task) == at);
        let open = self.case.open_tasks().filter(here).find(|task| task.person == by);
        let own = || self.case.tasks.iter().rev().filter(here).find(|task| task.person == by);
        let other = || self.case.open_tasks().find(here);
        open.or_else(own).or_else(other).cloned()
    }
}

/// Does a handler choose whom it goes to at this node?
fn to_be_chosen(flow: &Flow, node: &str) -> bool {
    let rules = flow.find(node).and_then(|place| place.node.who()).map(|who| who.0.as_slice()).unwrap_or_default();
    rules.iter().any(|rule| matches!(rule, Rule::ChosenBy { .. }))
}

/// Nobody else submits in a rehearsal: each series begins with one.
fn first_numbers(flow: &CheckedFlow, case: &Case, world: &World) -> Values {
    let first = |_: &str, _: &str| Ok::<u64, std::convert::Infallible>(1);
    serial_numbers(flow, &case.initiator, world.day_of(world.at), first).unwrap_or_default()
}

pub(super) fn person(house: &House, login: &str) -> Result<PersonId, Failure> {
    let found = find_person(&house.directory, login);
    found.ok_or_else(|| Failure::new("no_such_person", [("person", login.to_owned())]))
}

fn doing_word(doing: &Doing) -> &'static str {
    match doing {
        Doing::Approve => "approve",
        Doing::Reject => "reject",
        Doing::Abstain => "abstain",
        Doing::Complete => "complete",
        Doing::Return { .. } => "return",
        Doing::Resubmit => "resubmit",
        Doing::Withdraw => "withdraw",
        Doing::Urge => "urge",
        Doing::Comment => "comment",
        Doing::Read => "read",
        Doing::HandOver { .. } => "hand_over",
        Doing::Besides(besides) => word(words::VERB, &besides.verb),
    }
}
