//! The parameters that clauses can set: each with its type, measure, bounds, the value where no clause says anything, and
//! the clauses of the requirements that it serves. No other module holds such a number.
//!
//! A value where no clause speaks is the strictest safe one: what an organisation has not decided is decided carefully.

use std::marker::PhantomData;

use serde::Serialize;
use utoipa::ToSchema;

use crate::model::{Class, Policy, Setting};

/// A parameter whose value is read as `T`.
#[derive(Debug)]
pub struct Parameter<T> {
    pub spec: &'static Spec,
    read_as: PhantomData<fn() -> T>,
}

impl<T> Parameter<T> {
    const fn new(spec: &'static Spec) -> Self {
        Self { spec, read_as: PhantomData }
    }
}

/// What is known of a parameter.
#[derive(Debug, PartialEq)]
pub struct Spec {
    /// Stable, `policy.what`: what presets and the API say.
    pub name: &'static str,
    pub policy: Policy,
    pub kind: Kind,
    pub measure: Measure,
    pub default: Default,
    /// May differ between classes of accounts.
    pub by_class: bool,
    pub stricter: Stricter,
    /// Whether a clause may let pass what breaks it, and only warn or note. What decides by itself, ends a session or
    /// refuses a file cannot be broken and let pass.
    pub soft: bool,
    /// Clauses of the requirements.
    pub serves: &'static [&'static str],
}

/// The type of a parameter and its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = ParameterKind)]
pub enum Kind {
    /// A whole number between two bounds, both allowed.
    Whole { min: i64, max: i64 },
    /// One of these words.
    Word {
        #[schema(value_type = Vec<String>)]
        words: &'static [&'static str],
    },
    /// A list of texts, so many at most.
    Words { most: usize },
    /// Any of these words, each once.
    SomeOf {
        #[schema(value_type = Vec<String>)]
        words: &'static [&'static str],
    },
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ParameterMeasure)]
pub enum Measure {
    None,
    Characters,
    Passwords,
    Times,
    Minutes,
    Hours,
    Days,
    WorkingDays,
    Bytes,
}

/// The value where no clause says anything.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    Whole(i64),
    /// Business, key and system accounts.
    ByClass([i64; 3]),
    Word(&'static str),
    Words(&'static [&'static str]),
}

/// Which of two values binds more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stricter {
    Higher,
    Lower,
    /// The earlier in the list of words.
    Earlier,
    /// Neither: it is a matter of custom.
    Neither,
}

impl Default {
    pub fn of(self, class: Class) -> Setting {
        match self {
            Self::Whole(number) => Setting::Whole(number),
            Self::ByClass(numbers) => Setting::Whole(numbers[class as usize]),
            Self::Word(word) => Setting::Word(word.to_owned()),
            Self::Words(words) => Setting::Words(words.iter().map(|word| (*word).to_owned()).collect()),
        }
    }
}

/// What a parameter's value can be read as. `None`: it is of another type, which the catalogue's check keeps out.
pub trait Typed: Sized {
    fn read(setting: &Setting) -> Option<Self>;
}

impl Typed for i64 {
    fn read(setting: &Setting) -> Option<Self> {
        if let Setting::Whole(number) = setting { Some(*number) } else { None }
    }
}
impl Typed for u64 {
    fn read(setting: &Setting) -> Option<Self> {
        i64::read(setting)?.try_into().ok()
    }
}
impl Typed for usize {
    fn read(setting: &Setting) -> Option<Self> {
        i64::read(setting)?.try_into().ok()
    }
}
impl Typed for Vec<String> {
    fn read(setting: &Setting) -> Option<Self> {
        if let Setting::Words(words) = setting { Some(words.clone()) } else { None }
    }
}

/// A word of the list that a parameter chooses from.
macro_rules! choice {
    ($(#[$doc:meta])* $type:ident { $($(#[$said:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $type { $($(#[$said])* $variant),* }
        impl $type {
            pub const WORDS: &'static [&'static str] = &[$($word),*];
        }
        impl Typed for $type {
            fn read(setting: &Setting) -> Option<Self> {
                match setting {
                    $(Setting::Word(word) if word == $word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

choice! {
    /// What of upper case, lower case, digits and other characters a password must have (ACC-09).
    Composition {
        /// All four, or it is refused.
        Required = "required",
        /// He is told that all four are better.
        Recommended = "recommended",
        None = "none",
    }
}
choice! {
    /// What happens where the rule for people finds the initiator himself (FLOW-05).
    OnInitiator {
        /// His superior handles it.
        Superior = "superior",
        /// He is left out.
        Skip = "skip",
        /// He may decide his own case.
        Allow = "allow",
    }
}
choice! {
    /// What happens where the rule for people finds who approved just before (FLOW-05).
    OnRepeat {
        Ask = "ask",
        /// His approval counts again without asking him.
        Skip = "skip",
    }
}
choice! {
    /// What happens where the rule for people finds nobody (FLOW-05).
    OnNobody {
        /// The flow's administrator gets the task and names who handles it.
        ToAdmin = "to_admin",
        /// Submitting is refused.
        Block = "block",
        /// The node is passed over.
        Skip = "skip",
    }
}
choice! {
    /// Who handles what falls on a person who left.
    OnLeft {
        /// His named successor, else his superior.
        Successor = "successor",
        Superior = "superior",
    }
}

choice! {
    /// Whether an agent may have an agent of his own, who then also does what he does for others (TIME-11).
    AgencyChains {
        Forbidden = "forbidden",
        Allowed = "allowed",
    }
}
choice! {
    /// Whether people are moved and leave only after an approval flow that has ended (ORG-08).
    TransferFlow {
        Required = "required",
        None = "none",
    }
}
choice! {
    /// Who looks at an order on a using unit before it is issued (ORG-18).
    UnitReview {
        /// Somebody who did not draft it approves it first.
        SecondPerson = "second_person",
        None = "none",
    }
}

choice! {
    /// What it means when somebody answers with 已阅 and nothing else (FLOW-17).
    BareRead {
        /// He has to say whether he agrees.
        Refuse = "refuse",
        Disagree = "disagree",
        Agree = "agree",
        /// It is taken as it stands.
        Note = "note",
    }
}

/// Declares parameters: a typed constant each, and the list of all.
macro_rules! parameters {
    ($($(#[$doc:meta])* $const:ident: $type:ty = $spec:expr;)*) => {
        $($(#[$doc])* pub const $const: Parameter<$type> = Parameter::new(&$spec);)*
        /// Every parameter there is.
        pub const ALL: &[&Spec] = &[$($const.spec),*];
    };
}

const fn whole(min: i64, max: i64) -> Kind {
    Kind::Whole { min, max }
}

parameters! {
    /// Fewest characters of a password.
    PASSWORD_MIN_LENGTH: usize = Spec {
        name: "password.min_length", policy: Policy::Password, kind: whole(6, 64), measure: Measure::Characters,
        default: Default::ByClass([8, 10, 12]), by_class: true, stricter: Stricter::Higher, soft: true, serves: &["ACC-02", "ACC-08"],
    };
    PASSWORD_COMPOSITION: Composition = Spec {
        name: "password.composition", policy: Policy::Password, kind: Kind::Word { words: Composition::WORDS },
        measure: Measure::None, default: Default::Word("required"), by_class: true, stricter: Stricter::Earlier,
        soft: true, serves: &["ACC-02", "ACC-09"],
    };
    /// Texts that no password may contain, in whatever case.
    PASSWORD_BLOCKED: Vec<String> = Spec {
        name: "password.blocked", policy: Policy::Password, kind: Kind::Words { most: 10_000 }, measure: Measure::None,
        default: Default::Words(COMMON_PASSWORDS), by_class: false, stricter: Stricter::Neither, soft: true, serves: &["ACC-10"],
    };
    /// How often a character may stand in a row: 1111.
    PASSWORD_MOST_REPEATED: usize = Spec {
        name: "password.most_repeated", policy: Policy::Password, kind: whole(1, 64), measure: Measure::Characters,
        default: Default::Whole(3), by_class: false, stricter: Stricter::Lower, soft: true, serves: &["ACC-10"],
    };
    /// How many digits or letters may follow each other upwards or downwards: 4321.
    PASSWORD_MOST_CONSECUTIVE: usize = Spec {
        name: "password.most_consecutive", policy: Policy::Password, kind: whole(2, 64), measure: Measure::Characters,
        default: Default::Whole(3), by_class: false, stricter: Stricter::Lower, soft: true, serves: &["ACC-10"],
    };
    /// How old a password may grow.
    PASSWORD_EXPIRES_DAYS: i64 = Spec {
        name: "password.expires_days", policy: Policy::Password, kind: whole(1, 3_650), measure: Measure::Days,
        default: Default::ByClass([90, 90, 30]), by_class: true, stricter: Stricter::Lower, soft: false, serves: &["ACC-02", "ACC-11"],
    };
    /// How long before its end a password's owner is reminded.
    PASSWORD_REMIND_DAYS: i64 = Spec {
        name: "password.remind_days", policy: Policy::Password, kind: whole(1, 90), measure: Measure::Days,
        default: Default::Whole(7), by_class: false, stricter: Stricter::Neither, soft: false, serves: &["ACC-11"],
    };
    /// How many of the last passwords may not come back.
    PASSWORD_HISTORY: usize = Spec {
        name: "password.history", policy: Policy::Password, kind: whole(1, 24), measure: Measure::Passwords,
        default: Default::Whole(5), by_class: false, stricter: Stricter::Higher, soft: false, serves: &["ACC-11"],
    };
    /// Length of the one-time password that an account begins with, or gets when its own is forgotten.
    PASSWORD_INITIAL_LENGTH: usize = Spec {
        name: "password.initial_length", policy: Policy::Password, kind: whole(10, 64), measure: Measure::Characters,
        default: Default::Whole(14), by_class: false, stricter: Stricter::Higher, soft: false, serves: &["ACC-07", "ACC-13"],
    };
    /// For how long a one-time password opens the account.
    PASSWORD_INITIAL_DAYS: i64 = Spec {
        name: "password.initial_days", policy: Policy::Password, kind: whole(1, 90), measure: Measure::Days,
        default: Default::Whole(3), by_class: false, stricter: Stricter::Lower, soft: false, serves: &["ACC-07", "ACC-13"],
    };
    /// With so many failures the account is locked.
    SIGN_IN_MOST_FAILURES: i64 = Spec {
        name: "sign_in.most_failures", policy: Policy::SignIn, kind: whole(2, 50), measure: Measure::Times,
        default: Default::Whole(5), by_class: false, stricter: Stricter::Lower, soft: false, serves: &["SEC-02"],
    };
    /// With so many failures, on whichever accounts, an address has to wait. An office may be one address.
    SIGN_IN_MOST_FAILURES_PER_ADDRESS: i64 = Spec {
        name: "sign_in.most_failures_per_address", policy: Policy::SignIn, kind: whole(2, 10_000),
        measure: Measure::Times, default: Default::Whole(30), by_class: false, stricter: Stricter::Lower,
        soft: false, serves: &["SEC-02"],
    };
    /// For how long; failures older than this are forgotten.
    SIGN_IN_LOCK_MINUTES: i64 = Spec {
        name: "sign_in.lock_minutes", policy: Policy::SignIn, kind: whole(1, 10_080), measure: Measure::Minutes,
        default: Default::Whole(15), by_class: false, stricter: Stricter::Higher, soft: false, serves: &["SEC-02"],
    };
    /// After so many days the log of sign-ins is to be reviewed again.
    SIGN_IN_REVIEW_DAYS: i64 = Spec {
        name: "sign_in.review_days", policy: Policy::SignIn, kind: whole(1, 366), measure: Measure::Days,
        default: Default::Whole(30), by_class: false, stricter: Stricter::Lower, soft: false, serves: &["ACC-17"],
    };
    /// After so long without a request a session ends.
    SESSION_IDLE_MINUTES: i64 = Spec {
        name: "session.idle_minutes", policy: Policy::Session, kind: whole(2, 1_440), measure: Measure::Minutes,
        default: Default::ByClass([30, 30, 15]), by_class: true, stricter: Stricter::Lower, soft: false, serves: &["ACC-02", "ACC-15"],
    };
    /// After so long a session ends however busy it is.
    SESSION_LONGEST_HOURS: i64 = Spec {
        name: "session.longest_hours", policy: Policy::Session, kind: whole(1, 720), measure: Measure::Hours,
        default: Default::ByClass([12, 12, 8]), by_class: true, stricter: Stricter::Lower, soft: false, serves: &["ACC-02", "ACC-15"],
    };
    /// The largest file that may be uploaded.
    UPLOAD_LARGEST_BYTES: u64 = Spec {
        name: "upload.largest_bytes", policy: Policy::Upload, kind: whole(1_024, 1 << 40), measure: Measure::Bytes,
        default: Default::Whole(100 << 20), by_class: false, stricter: Stricter::Lower, soft: false, serves: &["RULE-23"],
    };
    /// All files of one case together.
    UPLOAD_MOST_BYTES_PER_CASE: u64 = Spec {
        name: "upload.most_bytes_per_case", policy: Policy::Upload, kind: whole(1_024, 1 << 42), measure: Measure::Bytes,
        default: Default::Whole(500 << 20), by_class: false, stricter: Stricter::Lower, soft: false, serves: &["RULE-23"],
    };
    /// What the scan of a sheet that was signed on paper may be.
    UPLOAD_SCAN_TYPES: Vec<String> = Spec {
        name: "upload.scan_types", policy: Policy::Upload, kind: Kind::SomeOf { words: SCAN_TYPES }, measure: Measure::None,
        default: Default::Words(&["pdf", "jpeg", "png"]), by_class: false, stricter: Stricter::Neither, soft: false,
        serves: &["FLOW-35"],
    };
    WORKFLOW_ON_INITIATOR: OnInitiator = Spec {
        name: "workflow.on_initiator", policy: Policy::Workflow, kind: Kind::Word { words: OnInitiator::WORDS },
        measure: Measure::None, default: Default::Word("superior"), by_class: false, stricter: Stricter::Earlier,
        soft: false, serves: &["FLOW-05"],
    };
    WORKFLOW_ON_REPEAT: OnRepeat = Spec {
        name: "workflow.on_repeat", policy: Policy::Workflow, kind: Kind::Word { words: OnRepeat::WORDS },
        measure: Measure::None, default: Default::Word("skip"), by_class: false, stricter: Stricter::Neither,
        soft: false, serves: &["FLOW-05"],
    };
    WORKFLOW_ON_NOBODY: OnNobody = Spec {
        name: "workflow.on_nobody", policy: Policy::Workflow, kind: Kind::Word { words: OnNobody::WORDS },
        measure: Measure::None, default: Default::Word("to_admin"), by_class: false, stricter: Stricter::Neither,
        soft: false, serves: &["FLOW-05"],
    };
    WORKFLOW_ON_LEFT: OnLeft = Spec {
        name: "workflow.on_left", policy: Policy::Workflow, kind: Kind::Word { words: OnLeft::WORDS },
        measure: Measure::None, default: Default::Word("successor"), by_class: false, stricter: Stricter::Neither,
        soft: false, serves: &["FLOW-05"],
    };
    /// Fewest minutes between two urges of one task.
    WORKFLOW_URGE_INTERVAL_MINUTES: i64 = Spec {
        name: "workflow.urge_interval_minutes", policy: Policy::Workflow, kind: whole(0, 10_080),
        measure: Measure::Minutes, default: Default::Whole(30), by_class: false, stricter: Stricter::Higher,
        soft: true, serves: &["TIME-07"],
    };
    /// Most days for which somebody names an agent at once.
    WORKFLOW_AGENCY_LONGEST_DAYS: i64 = Spec {
        name: "workflow.agency_longest_days", policy: Policy::Workflow, kind: whole(1, 1_096), measure: Measure::Days,
        default: Default::Whole(180), by_class: false, stricter: Stricter::Lower, soft: false, serves: &["TIME-11"],
    };
    /// How many phrases of his own somebody keeps ready for opinions.
    WORKFLOW_OWN_PHRASES: usize = Spec {
        name: "workflow.own_phrases", policy: Policy::Workflow, kind: whole(0, 50), measure: Measure::None,
        default: Default::Whole(10), by_class: false, stricter: Stricter::Neither, soft: false, serves: &["FLOW-18"],
    };
    /// How many filters of the inbox somebody keeps.
    WORKFLOW_OWN_FILTERS: usize = Spec {
        name: "workflow.own_filters", policy: Policy::Workflow, kind: whole(0, 50), measure: Measure::None,
        default: Default::Whole(12), by_class: false, stricter: Stricter::Neither, soft: false, serves: &["FLOW-18"],
    };
    WORKFLOW_AGENCY_CHAINS: AgencyChains = Spec {
        name: "workflow.agency_chains", policy: Policy::Workflow, kind: Kind::Word { words: AgencyChains::WORDS },
        measure: Measure::None, default: Default::Word("forbidden"), by_class: false, stricter: Stricter::Earlier,
        soft: false, serves: &["TIME-11"],
    };
    /// Working days from which an absence is long, so that an agent must act meanwhile; of a trip, one always must.
    WORKFLOW_ABSENCE_AGENT_DAYS: i64 = Spec {
        name: "workflow.absence_agent_days", policy: Policy::Workflow, kind: whole(1, 365), measure: Measure::WorkingDays,
        default: Default::Whole(5), by_class: false, stricter: Stricter::Lower, soft: true, serves: &["TIME-12"],
    };
    /// How often a request to another system is sent before somebody is asked.
    WORKFLOW_WEBHOOK_TRIES: u64 = Spec {
        name: "workflow.webhook_tries", policy: Policy::Workflow, kind: whole(1, 20), measure: Measure::Times,
        default: Default::Whole(6), by_class: false, stricter: Stricter::Neither, soft: false, serves: &["FLOW-40"],
    };
    /// Seconds that one try takes at most.
    WORKFLOW_WEBHOOK_TIMEOUT_SECONDS: u64 = Spec {
        name: "workflow.webhook_timeout_seconds", policy: Policy::Workflow, kind: whole(1, 60), measure: Measure::None,
        default: Default::Whole(10), by_class: false, stricter: Stricter::Neither, soft: false, serves: &["FLOW-40"],
    };
    /// Days in which another system answers that answers later; then somebody is asked.
    WORKFLOW_WEBHOOK_ANSWER_DAYS: i64 = Spec {
        name: "workflow.webhook_answer_days", policy: Policy::Workflow, kind: whole(1, 366), measure: Measure::Days,
        default: Default::Whole(30), by_class: false, stricter: Stricter::Lower, soft: false, serves: &["FLOW-40"],
    };
    /// Hours for which the secret of another system that was renewed counts beside the new one.
    WORKFLOW_WEBHOOK_OLD_SECRET_HOURS: i64 = Spec {
        name: "workflow.webhook_old_secret_hours", policy: Policy::Workflow, kind: whole(0, 720),
        measure: Measure::Hours, default: Default::Whole(24), by_class: false, stricter: Stricter::Lower, soft: false,
        serves: &["FLOW-40"],
    };
    /// Days for which an event counts that happened before anybody waited for it.
    WORKFLOW_EVENT_KEPT_DAYS: i64 = Spec {
        name: "workflow.event_kept_days", policy: Policy::Workflow, kind: whole(0, 366), measure: Measure::Days,
        default: Default::Whole(30), by_class: false, stricter: Stricter::Neither, soft: false, serves: &["FLOW-11"],
    };
    /// Working days to adjust people and flows after an order on the structure.
    ORDER_ORDINARY_DAYS: i64 = Spec {
        name: "order.ordinary_days", policy: Policy::Order, kind: whole(1, 60), measure: Measure::WorkingDays,
        default: Default::Whole(1), by_class: false, stricter: Stricter::Lower, soft: false, serves: &["ORG-04"],
    };
    /// The same where authority or duties change.
    ORDER_AUTHORITY_DAYS: i64 = Spec {
        name: "order.authority_days", policy: Policy::Order, kind: whole(1, 60), measure: Measure::WorkingDays,
        default: Default::Whole(2), by_class: false, stricter: Stricter::Lower, soft: false, serves: &["ORG-04"],
    };
    /// Whether somebody else approves an order that registers, renames or deregisters a unit before it is issued.
    ORDER_UNIT_REVIEW: UnitReview = Spec {
        name: "order.unit_review", policy: Policy::Order, kind: Kind::Word { words: UnitReview::WORDS },
        measure: Measure::None, default: Default::Word("second_person"), by_class: false, stricter: Stricter::Earlier,
        soft: false, serves: &["ORG-18"],
    };
    /// Whether an order that transfers somebody or lets him go must come from an approval flow that has ended. An
    /// organisation that has no such flows yet could not move anybody: so the careful value is for it to choose.
    ORDER_TRANSFER_FLOW: TransferFlow = Spec {
        name: "order.transfer_flow", policy: Policy::Order, kind: Kind::Word { words: TransferFlow::WORDS },
        measure: Measure::None, default: Default::Word("none"), by_class: false, stricter: Stricter::Neither,
        soft: false, serves: &["ORG-08"],
    };
    /// How many leaders in charge a using unit names.
    SEAT_LEADERS: usize = Spec {
        name: "seat.leaders", policy: Policy::Seat, kind: whole(0, 10), measure: Measure::None,
        default: Default::Whole(1), by_class: false, stricter: Stricter::Higher, soft: false, serves: &["ORG-19"],
    };
    /// How many dedicated administrators or liaisons a using unit names.
    SEAT_ADMINISTRATORS: usize = Spec {
        name: "seat.administrators", policy: Policy::Seat, kind: whole(0, 10), measure: Measure::None,
        default: Default::Whole(1), by_class: false, stricter: Stricter::Higher, soft: false, serves: &["ORG-19"],
    };
    /// How many operators a using unit names at least.
    SEAT_OPERATORS: usize = Spec {
        name: "seat.operators", policy: Policy::Seat, kind: whole(0, 1_000), measure: Measure::None,
        default: Default::Whole(1), by_class: false, stricter: Stricter::Higher, soft: false, serves: &["ORG-19"],
    };
    /// Fewest characters of an opinion, where one must be given.
    OPINION_MIN_LENGTH: usize = Spec {
        name: "opinion.min_length", policy: Policy::Opinion, kind: whole(1, 500), measure: Measure::Characters,
        default: Default::Whole(2), by_class: false, stricter: Stricter::Higher, soft: true, serves: &["FLOW-16", "FLOW-18"],
    };
    /// Phrases that count as no words where an opinion must be given, compared without punctuation and spaces.
    OPINION_EMPTY_PHRASES: Vec<String> = Spec {
        name: "opinion.empty_phrases", policy: Policy::Opinion, kind: Kind::Words { most: 100 }, measure: Measure::None,
        default: Default::Words(EMPTY_PHRASES), by_class: false, stricter: Stricter::Neither, soft: false,
        serves: &["FLOW-16", "FLOW-18"],
    };
    /// The ways of saying 已阅 and nothing else, compared in the same way.
    OPINION_READ_PHRASES: Vec<String> = Spec {
        name: "opinion.read_phrases", policy: Policy::Opinion, kind: Kind::Words { most: 20 }, measure: Measure::None,
        default: Default::Words(READ_PHRASES), by_class: false, stricter: Stricter::Neither, soft: false,
        serves: &["FLOW-17"],
    };
    /// What they mean at approvals and form reviews.
    OPINION_BARE_READ_WHERE_JUDGED: BareRead = Spec {
        name: "opinion.bare_read_where_judged", policy: Policy::Opinion, kind: Kind::Word { words: BareRead::WORDS },
        measure: Measure::None, default: Default::Word("refuse"), by_class: false, stricter: Stricter::Earlier,
        soft: false, serves: &["FLOW-17", "FLOW-18"],
    };
    /// What they mean at every other node.
    OPINION_BARE_READ_ELSEWHERE: BareRead = Spec {
        name: "opinion.bare_read_elsewhere", policy: Policy::Opinion, kind: Kind::Word { words: BareRead::WORDS },
        measure: Measure::None, default: Default::Word("note"), by_class: false, stricter: Stricter::Neither,
        soft: false, serves: &["FLOW-17"],
    };
    /// What everybody's own profile has to say.
    PROFILE_REQUIRED: Vec<String> = Spec {
        name: "profile.required", policy: Policy::Profile, kind: Kind::SomeOf { words: PROFILE_FIELDS },
        measure: Measure::None, default: Default::Words(PROFILE_FIELDS), by_class: false, stricter: Stricter::Neither,
        soft: false, serves: &["ORG-22"],
    };
    /// The mail domains of the organisation, each with all below it; none: a mailbox anywhere will do.
    PROFILE_EMAIL_DOMAINS: Vec<String> = Spec {
        name: "profile.email_domains", policy: Policy::Profile, kind: Kind::Words { most: 50 }, measure: Measure::None,
        default: Default::Words(&[]), by_class: false, stricter: Stricter::Neither, soft: false, serves: &["ORG-22"],
    };
}

/// The parameter of this name.
pub fn find(name: &str) -> Option<&'static Spec> {
    ALL.iter().copied().find(|spec| spec.name == name)
}

/// What somebody can complete of his own profile.
const PROFILE_FIELDS: &[&str] = &["mobile", "office_phone", "email"];

/// Documents and pictures, as their media types end.
const SCAN_TYPES: &[&str] = &["pdf", "jpeg", "png", "webp", "bmp", "tiff"];

/// What people write to have written something.
const EMPTY_PHRASES: &[&str] =
    &["无", "没有", "没有意见", "好", "好的", "知道了", "收到", "嗯", "。。。", "ok", "none"];
const READ_PHRASES: &[&str] = &["已阅", "阅", "已阅知", "阅知", "已读", "read"];

/// What is tried first, by people and by programs that guess. An organisation adds its own name and address.
const COMMON_PASSWORDS: &[&str] = &[
    "111111", "222222", "333333", "444444", "555555", "666666", "777777", "888888", "999999", "000000", "123456",
    "654321", "234567", "345678", "456789", "987654", "112233", "121212", "123123", "123321", "147258", "159357",
    "520520", "5201314", "1314520", "a1b2c3", "abc123", "abcd1234", "admin", "asdfgh", "default", "dragon", "hanlin",
    "iloveyou", "letmein", "login", "master", "mima", "monkey", "oa123", "p@ssw0rd", "passw0rd", "password", "qazwsx",
    "qwerty", "root", "system", "test123", "welcome", "woaini", "zaq12wsx", "zxcvbn",
];
