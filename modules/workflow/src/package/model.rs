use std::collections::BTreeMap;

use hanlin_kernel::Text;
use jiff::civil::{Date, DateTime};

use crate::engine::{
    Flow, SignerPlace, Status, Values,
    case::Among,
    model::{AfterReturn, Key},
};

/// 流程包: a form, its flow and the cases that prove it, as one file.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// The document of the organisation that the flow is taken from.
    pub source: Option<Source>,
    pub flow: Flow,
    pub cases: Vec<TestCase>,
}

/// 依据
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its code: `003-f`.
    pub document: String,
    /// Where in it: `一1`.
    pub clause: Option<String>,
}

/// One case that is played through, and what must come of it.
#[derive(Clone, Debug, PartialEq)]
pub struct TestCase {
    pub name: Text,
    /// The clauses that it proves: `F-01`.
    pub proves: Vec<String>,
    /// When it is submitted, in Chinese time; [`TestCase::DEFAULT_AT`] unless told.
    pub at: Option<DateTime>,
    /// When he submitted it before, in Chinese time: what limits count.
    pub earlier: Vec<DateTime>,
    pub initiator: Login,
    /// Under which of his posts he acts; his main one unless told.
    pub post: Option<String>,
    /// As written: dates, halves and logins are read when it is played.
    pub values: Values,
    /// What the related records that it names have, by their names, for the fields that they fill.
    pub records: BTreeMap<String, Values>,
    pub choices: BTreeMap<Key, Vec<Login>>,
    /// What handlers fill in when they agree, by node.
    pub fills: BTreeMap<Key, Values>,
    /// What happens after submitting; nothing told: everyone agrees until the end.
    pub then: Vec<Deed>,
    pub expect: Expect,
}

impl TestCase {
    /// A Monday morning that is a working day.
    pub const DEFAULT_AT: DateTime = DateTime::constant(2026, 11, 23, 9, 0, 0, 0);
}

/// A person of the organisation: employee number, the part of the e-mail address before the `@`, name, or id.
pub type Login = String;

#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// All that is open is agreed to, until the case ends.
    EveryoneAgrees,
    /// What a node waits for comes: the clock moves to its time.
    TimePasses,
    /// The system that a node asks answers: with what `fills` has for the node.
    Answers,
    /// No answer comes, after the last try.
    NoAnswer,
    /// The event that a node waits for happens.
    EventComes,
    Act(Box<Act>),
}

/// One thing that one person does.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    pub by: Login,
    pub does: Doing,
    /// At which node, where he has several tasks.
    pub at: Option<Key>,
    pub words: Option<String>,
    pub values: Values,
    /// What he records of a signature on paper (FLOW-35).
    pub signed: Option<Signed>,
    /// He is refused.
    pub refused: Option<Refused>,
}

/// A signature on paper: by names of files, and a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub scan: Vec<String>,
    /// Absent: his own, or of the only one who may sign.
    pub by: Option<Login>,
    /// Absent: the same day.
    pub on: Option<Date>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Doing {
    Approve,
    Reject,
    Abstain,
    Complete,
    Return { to: ReturnTo, then: Option<AfterReturn> },
    Resubmit,
    Withdraw,
    Urge,
    Comment,
    Read,
    HandOver { to: Login },
    Besides(Besides),
}

/// What is done besides deciding.
#[derive(Clone, Debug, PartialEq)]
pub struct Besides {
    pub verb: Verb,
    /// Whom it names; of a jump nobody.
    pub people: Vec<Login>,
    /// Where a jump leads.
    pub node: Option<Key>,
    /// Of added signers: where they stand, and how many of them are enough; of who is named next, too.
    pub place: Option<SignerPlace>,
    pub among: Option<Among>,
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Transfer,
    Delegate,
    Consult,
    Advise,
    AddSigner,
    RemoveSigner,
    PassOn,
    Copy,
    TakeBack,
    Hold,
    EndHold,
    FailReview,
    Terminate,
    Jump,
    Claim,
    GiveBack,
    Suspend,
    GoOn,
    Print,
}

impl Verb {
    /// Does it name people?
    pub(super) fn names_people(self) -> bool {
        use Verb::{AddSigner, Consult, Copy, Delegate, PassOn, RemoveSigner, Transfer};
        matches!(self, Transfer | Delegate | Consult | AddSigner | RemoveSigner | PassOn | Copy)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReturnTo {
    Previous,
    /// The initiator.
    Start,
    Node(Key),
}

/// What must come of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Expect {
    /// Submitting is refused.
    Refused(Refused),
    Route {
        /// Every visit of a node after submitting, in order.
        visits: Vec<Visit>,
        ends: Status,
        /// Who is waited for at the end.
        waits_for: Vec<Login>,
        /// What it did in modules, or recorded for them, in order.
        effects: Vec<Effected>,
    },
}

/// An effect that a case asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effected {
    pub effect: String,
    /// What it was given, as far as the case tells: by parameter.
    pub given: BTreeMap<String, String>,
}

/// A refusal by its code, and the fields where it is about the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub code: String,
    pub fields: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// The node, or `start` where the case went back to its initiator.
    pub node: Key,
    pub what: Seen,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The branch that was taken.
    Branch(Key),
    /// The branches that were opened at the same time.
    Branches(Vec<Key>),
    /// Who got a task or a copy, in order; nobody: it was passed over.
    People(Vec<Asked>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    Person(Login),
    /// His approval just before counted here too.
    Repeated(Login),
}
