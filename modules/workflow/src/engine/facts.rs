//! What the engine asks the world: an immutable snapshot of the organisation, the clock, the rulebook and the working
//! calendar. Every answer that was used is stored in an event, so that replay and explanations never ask again.

use hanlin_forms::form::Period;
use hanlin_kernel::{AppointmentId, DepartmentId, PersonId, PostId, RankId, Text, UnitId};
use hanlin_rulebook::Found;
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    absence::ActingThen,
    case::{Hanging, Values},
    form::Described,
    model::{FieldId, Key, Rule, Starter},
};

/// A snapshot of everything outside the case. The same snapshot gives the same answers, in the same order.
pub trait Facts {
    /// The instant of the decision.
    fn now(&self) -> Timestamp;

    /// Answers the rules about the organisation (person, post, group, head, chain of heads, superior, leader in
    /// charge, rank), the nearest first. People who left may be among them: the engine applies `on_left`. Rules about the case
    /// itself (initiator, choice, field, earlier handler) are never asked.
    fn resolve(&self, rule: &Rule, initiator: &Initiator) -> Vec<Chosen>;

    /// Where this person stands under his main appointment, so that a rule can begin at him.
    fn standing_of(&self, person: PersonId) -> Initiator;

    /// Where he stands under each of his appointments in force, so that it is known what he is anywhere.
    fn standings_of(&self, person: PersonId) -> Vec<Initiator> {
        vec![self.standing_of(person)]
    }

    /// The head of the department of this code, in the initiator's unit or the nearest above that has one.
    fn head_of(&self, department: &str, initiator: &Initiator) -> Option<(PersonId, Named)>;

    /// How many tasks wait for him now, besides those of this case.
    fn open_tasks_of(&self, person: PersonId) -> u64;

    /// Is the initiator, under his appointment, one of these?
    fn may_start(&self, starter: &Starter, initiator: &Initiator) -> bool;

    /// Does he belong to an external organisation? What is open to everybody is not open to him (ORG-24).
    fn is_external(&self, _person: PersonId) -> bool {
        false
    }

    /// Is he in service?
    fn is_active(&self, person: PersonId) -> bool;

    /// Who decides where `person` may not: his direct superior; for the initiator, by the appointment he acts under.
    fn superior_of(&self, person: PersonId) -> Option<PersonId>;

    /// Who was named to take over from a person who left.
    fn successor_of(&self, person: PersonId) -> Option<PersonId>;

    /// The administrators of this flow, who get what nobody else can. An organisation always has one.
    fn administrators(&self) -> Vec<PersonId>;

    /// The working time of a period, in the calendar of the initiator's unit. Nothing, where the calendar cannot tell.
    fn working_time(&self, period: &Period, initiator: &Initiator) -> Option<WorkingTime>;

    /// The day of an instant, in the calendar of the initiator's unit.
    fn day_of(&self, at: Timestamp) -> Date;

    /// Is any part of this day worked, in that calendar?
    fn is_workday(&self, day: Date) -> bool;

    /// That time of that day, where the initiator's unit is. Nothing: the calendar has no such instant.
    fn instant_of(&self, day: Date, time: Time) -> Option<Timestamp>;

    /// The instant by which so many working days have passed, in that calendar. Nothing, where it cannot tell.
    fn after_working_days(&self, from: Timestamp, days: Decimal) -> Option<Timestamp>;

    /// The same of working hours.
    fn after_working_hours(&self, from: Timestamp, hours: Decimal) -> Option<Timestamp>;

    /// When he submitted this flow before, and did not withdraw it; those of this year are enough. Asked only where the
    /// flow has limits.
    fn submissions(&self, initiator: &Initiator) -> Vec<Timestamp>;

    /// Who acts for this person now and later, with his tasks. Nothing: it is not known here, and nobody asks for it.
    fn agents_of(&self, _person: PersonId) -> Option<Vec<ActingThen>> {
        None
    }

    /// What a related record has that fills other fields of the form, by the names of its register. Nothing: it is not known.
    fn record(&self, _id: &str) -> Option<&Values> {
        None
    }

    /// A parameter of the rulebook for the initiator's unit, for example `workflow.urge_interval_minutes`.
    fn rule(&self, name: &str) -> Option<Found<Value>>;
}

/// Names of the parameters that the engine asks of the rulebook.
pub mod parameter {
    /// `skip`, `to_admin` or `block`.
    pub const ON_NOBODY: &str = "workflow.on_nobody";
    /// `skip`, `superior` or `allow`.
    pub const ON_INITIATOR: &str = "workflow.on_initiator";
    /// `skip` or `ask`.
    pub const ON_REPEAT: &str = "workflow.on_repeat";
    /// `successor` or `superior`.
    pub const ON_LEFT: &str = "workflow.on_left";
    /// Fewest characters of an opinion, where one must be given and the node does not say; absent: 1.
    pub const OPINION_MIN_LENGTH: &str = "opinion.min_length";
    /// Phrases that count as no words where words are needed.
    pub const OPINION_EMPTY_PHRASES: &str = "opinion.empty_phrases";
    /// The ways of saying 已阅 and nothing else.
    pub const OPINION_READ_PHRASES: &str = "opinion.read_phrases";
    /// What a bare 已阅 means at approvals and form reviews: `refuse`, `disagree`, `agree` or `note`.
    pub const BARE_READ_WHERE_JUDGED: &str = "opinion.bare_read_where_judged";
    /// The same at every other node.
    pub const BARE_READ_ELSEWHERE: &str = "opinion.bare_read_elsewhere";
    /// Fewest minutes between two urges of one task; absent or 0: no limit.
    pub const URGE_INTERVAL: &str = "workflow.urge_interval_minutes";
    /// Working days from which an absence is long, so that an agent is needed.
    pub const ABSENCE_AGENT_DAYS: &str = "workflow.absence_agent_days";
}

/// Working days and hours of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingTime {
    pub days: Decimal,
    pub hours: Decimal,
}

/// 发起人, as he was when he submitted: under one of his appointments (FLOW-36), perhaps for another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Initiator {
    /// Who fills it in.
    pub person: PersonId,
    /// Whose matter it is, where someone else fills it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
    // The appointment of the one whose matter it is, and what belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<AppointmentId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<PostId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<RankId>,
    /// The same as conditions read it (`initiator.department == "sales"`): codes, rank level, name (ORG-23).
    #[schema(value_type = Object)]
    pub described: Described,
}

impl Initiator {
    pub fn of(person: PersonId, name: impl Into<String>) -> Self {
        Self {
            person,
            on_behalf_of: None,
            appointment: None,
            unit: None,
            department: None,
            post: None,
            rank: None,
            described: Described { person: person.to_string(), name: name.into(), ..Described::default() },
        }
    }

    /// Whose matter it is.
    pub fn principal(&self) -> PersonId {
        self.on_behalf_of.unwrap_or(self.person)
    }

    /// Is it his matter, or did he file it?
    pub fn is(&self, person: PersonId) -> bool {
        person == self.person || person == self.principal()
    }
}

/// Who acts, and for whom (代理).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Acting {
    pub person: PersonId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
}

impl Acting {
    pub fn person(person: PersonId) -> Self {
        Self { person, on_behalf_of: None }
    }

    pub fn for_another(person: PersonId, on_behalf_of: PersonId) -> Self {
        Self { person, on_behalf_of: Some(on_behalf_of) }
    }

    /// Whose work it is.
    pub fn principal(&self) -> PersonId {
        self.on_behalf_of.unwrap_or(self.person)
    }
}

/// A person, and the chain of reasons that led to him: first the rule, then each replacement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Chosen {
    pub person: PersonId,
    pub why: Vec<Why>,
}

impl Chosen {
    pub fn new(person: PersonId, why: Why) -> Self {
        Self { person, why: vec![why] }
    }
}

/// Something of the directory, with the name it had then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Named {
    pub id: String,
    pub name: Text,
}

/// Why a task or copy reached a person ("why me"): one reason of the chain, worded by `workflow.why.<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Why {
    /// The flow names him.
    NamedPerson,
    /// He approved the case that this one follows upon, or had to do with it (FLOW-24).
    TookPartBefore,
    /// Holds the post in the initiator's unit.
    PostInOwnUnit {
        post: Named,
        unit: Named,
    },
    /// Holds the post in the nearest unit above the initiator's that has it.
    PostInUnitAbove {
        post: Named,
        unit: Named,
    },
    /// Holds the post in the unit that the flow names.
    PostInNamedUnit {
        post: Named,
        unit: Named,
    },
    GroupMember {
        group: Named,
    },
    /// Heads the department the initiator belongs to.
    HeadOfOwnDepartment {
        department: Named,
    },
    /// Heads a department above the initiator's.
    HeadOfDepartmentAbove {
        department: Named,
    },
    /// The `position`th of the heads upwards from the initiator's department.
    HeadInChain {
        department: Named,
        position: u32,
    },
    DirectSuperior,
    /// In charge of the department by division of work.
    LeaderInCharge {
        department: Named,
    },
    Initiator,
    /// The initiator chose him.
    ChosenByInitiator,
    /// Whoever handled an earlier node chose him.
    ChosenBy {
        person: PersonId,
    },
    /// Named in this field of the form.
    NamedInForm {
        field: FieldId,
    },
    /// Decided that earlier node.
    HandlerOfNode {
        node: Key,
    },
    /// Heads the department of who decided just before.
    HeadOfPrevious {
        person: PersonId,
        department: Named,
    },
    /// The superior of who decided just before.
    SuperiorOfPrevious {
        person: PersonId,
    },
    /// The `position`th of the heads upwards from who decided just before.
    HeadInChainFromPrevious {
        person: PersonId,
        department: Named,
        position: u32,
    },
    /// Is of this rank or a higher one in that unit.
    RankInUnit {
        rank: Named,
        unit: Named,
    },
    /// Heads a department that is chosen in this field of the form.
    HeadOfChosenDepartment {
        field: FieldId,
        department: Named,
    },
    /// By the table of authorities, in this matter.
    ByAuthority {
        matter: Text,
    },
    /// Had the fewest open tasks of all who were found.
    FewestOpenTasks {
        tasks: u64,
    },
    /// Took over from one who left.
    SuccessorOf {
        person: PersonId,
    },
    /// The one before him in the chain left and has no successor.
    SuperiorOfOneWhoLeft {
        person: PersonId,
    },
    /// The one before him in the chain is the initiator.
    SuperiorOfInitiator {
        person: PersonId,
    },
    /// Nobody was found: the flow's administrator names someone.
    Administrator,
    /// An administrator handed it over.
    HandedOver {
        from: PersonId,
        by: PersonId,
    },
    /// Whoever had it gave it to him (转办).
    TransferredBy {
        person: PersonId,
    },
    /// Whoever had it before named him (自由流转).
    PassedOnBy {
        person: PersonId,
    },
    /// Whoever must decide asked him to take part.
    AskedBy {
        person: PersonId,
        how: Hanging,
    },
    /// Someone who takes part sent him a copy.
    CopiedBy {
        person: PersonId,
    },
    /// He took his decision back.
    TookBack,
    /// An administrator moved the case here.
    MovedByAdministrator,
    /// It was returned to the initiator from that node.
    ReturnedToInitiator {
        from: Key,
    },
    /// He returned it, and it came straight back.
    CameBack,
    /// Someone who takes part named him in what he wrote.
    MentionedBy {
        person: PersonId,
    },
}
