//! The nouns: accounts, sessions, roles, grants, and the log of sign-ins.

use hanlin_directory::model::Place;
use hanlin_kernel::{AppointmentId, DepartmentId, GroupId, Id, Locale, PersonId, PostId, Scope, Text, UnitId};
use hanlin_rulebook::Class;
use hanlin_store::{FromRow, FromValue, Json, Row, ToValue, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::department_accounts::DepartmentAccountId;

pub type AccountId = Id<Account>;
pub type SessionId = Id<OpenSession>;
pub type RoleId = Id<Role>;
pub type GrantId = Id<Grant>;
pub type ReviewId = Id<Review>;

/// 账号: what a person signs in with. One a person (ACC-01).
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub id: AccountId,
    pub person: PersonId,
    /// In lower case; unique.
    pub login: String,
    pub class: Class,
    /// Argon2id in PHC form.
    pub password_hash: String,
    pub password_changed_at: Timestamp,
    /// A one-time password stands and opens the account until then; once it was used, that is past.
    pub one_time_until: Option<Timestamp>,
    /// Locked by an administrator since then.
    pub locked_at: Option<Timestamp>,
    pub lock_reason: Option<String>,
    pub locale: Locale,
    /// Of the sample organisation.
    pub sample: bool,
    /// Its password is printed in the documentation.
    pub public_password: bool,
    pub version: u64,
    pub created_at: Timestamp,
}

impl FromRow for Account {
    fn from_row(row: &Row) -> hanlin_kernel::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            person: row.get("person")?,
            login: row.get("login")?,
            class: row.get("class")?,
            password_hash: row.get("password_hash")?,
            password_changed_at: row.get("password_changed_at")?,
            one_time_until: row.get("one_time_until")?,
            locked_at: row.get("locked_at")?,
            lock_reason: row.get("lock_reason")?,
            locale: locale_of(&row.get::<String>("locale")?),
            sample: row.get("sample")?,
            public_password: row.get("public_password")?,
            version: row.get("version")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// How a locale is stored: by the name it has in the API.
pub(crate) fn locale_word(locale: Locale) -> &'static str {
    match locale {
        Locale::ZhCn => "zh-CN",
        Locale::En => "en",
    }
}

pub(crate) fn locale_of(word: &str) -> Locale {
    if word == "en" { Locale::En } else { Locale::ZhCn }
}

/// How a login is compared and kept: without spaces around it, in lower case.
pub fn fold_login(login: &str) -> String {
    login.trim().to_lowercase()
}

/// 会话, while it is open: from a sign-in to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenSession {
    pub id: SessionId,
    pub account: AccountId,
    /// Under which appointment he chose to act; absent: his main one.
    pub appointment: Option<AppointmentId>,
    /// For which account of a department it acts, as long as its owner may.
    pub department_account: Option<DepartmentAccountId>,
    pub address: String,
    pub user_agent: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
}
hanlin_store::from_row!(OpenSession {
    id,
    account,
    appointment,
    department_account,
    address,
    user_agent,
    created_at,
    seen_at
});

/// A word of a closed list, stored by the name serde gives it.
macro_rules! word {
    ($type:ty { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $type {
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
        impl ToValue for $type {
            fn to_value(&self) -> Value {
                Value::Text(self.as_str().to_owned())
            }
        }
        impl FromValue for $type {
            fn from_value(value: &Value) -> Result<Self, String> {
                match String::from_value(value)?.as_str() {
                    $($word => Ok(Self::$variant),)*
                    other => Err(format!("`{other}` is none of {:?}", [$($word),*])),
                }
            }
        }
    };
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// 退出
    SignedOut,
    /// Its owner ended it from another session.
    Ended,
    /// Nothing was done in it for as long as the rulebook allows.
    Idle,
    /// It lasted as long as the rulebook allows.
    TooOld,
    /// The password was changed or reset.
    PasswordChanged,
    /// The account was locked.
    Locked,
    /// Its browser signed in anew.
    Replaced,
}
word!(EndReason {
    SignedOut = "signed_out",
    Ended = "ended",
    Idle = "idle",
    TooOld = "too_old",
    PasswordChanged = "password_changed",
    Locked = "locked",
    Replaced = "replaced",
});

/// How an attempt to sign in came out (ACC-17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignInResult {
    SignedIn,
    WrongPassword,
    UnknownLogin,
    /// Too many failures before: the password was not even looked at.
    Blocked,
    /// Right, but an administrator had locked the account.
    Locked,
    /// Right, but the one-time password was too old or used.
    OneTimeExpired,
    /// Right, but the person is not in service.
    NotInService,
}
word!(SignInResult {
    SignedIn = "signed_in",
    WrongPassword = "wrong_password",
    UnknownLogin = "unknown_login",
    Blocked = "blocked",
    Locked = "locked",
    OneTimeExpired = "one_time_expired",
    NotInService = "not_in_service",
});

/// 登录记录
#[derive(Clone, Debug, PartialEq)]
pub struct SignInEntry {
    pub id: Id<SignInEntry>,
    pub at: Timestamp,
    pub login: String,
    pub person: Option<PersonId>,
    pub unit: Option<UnitId>,
    pub department: Option<DepartmentId>,
    pub address: String,
    pub user_agent: String,
    pub result: SignInResult,
    pub session: Option<SessionId>,
}
hanlin_store::from_row!(SignInEntry { id, at, login, person, unit, department, address, user_agent, result, session });

/// 登录复核: somebody looked at the sign-ins of a place in a period, and says what he found (ACC-17).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Review {
    pub id: ReviewId,
    /// Absent: of the whole installation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    pub reviewer: PersonId,
    pub at: Timestamp,
    pub period_from: Timestamp,
    pub period_to: Timestamp,
    /// How many sign-ins the rules found abnormal.
    pub abnormal: u64,
    pub findings: String,
}

impl FromRow for Review {
    fn from_row(row: &Row) -> hanlin_kernel::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            place: place_of(row)?,
            reviewer: row.get("reviewer")?,
            at: row.get("at")?,
            period_from: row.get("period_from")?,
            period_to: row.get("period_to")?,
            abnormal: row.get("abnormal")?,
            findings: row.get("findings")?,
        })
    }
}

/// 权限角色: a bundle of permissions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Role {
    pub id: RoleId,
    /// Names it in files; the same for ever.
    pub code: String,
    pub name: Text,
    /// `*` is every permission there is.
    pub permissions: Vec<String>,
    pub built_in: bool,
    /// Whose administrators define it, and where alone it is given; absent: the whole installation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Given to nobody any more since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    pub version: u64,
}

impl FromRow for Role {
    fn from_row(row: &Row) -> hanlin_kernel::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            code: row.get("code")?,
            name: row.get::<Json<_>>("name")?.0,
            permissions: row.get::<Json<_>>("permissions")?.0,
            built_in: row.get("built_in")?,
            place: place_of(row)?,
            ended_at: row.get("ended_at")?,
            version: row.get("version")?,
        })
    }
}

/// The place that a row names in its columns `unit` and `department`.
pub(crate) fn place_of(row: &Row) -> hanlin_kernel::Result<Option<Place>> {
    Ok(match (row.get("department")?, row.get("unit")?) {
        (Some(department), _) => Some(Place::Department(department)),
        (None, Some(unit)) => Some(Place::Unit(unit)),
        (None, None) => None,
    })
}

impl Role {
    /// 系统管理员
    pub const SYSTEM_ADMINISTRATOR: RoleId = Id::fixed(1);
    /// 部门管理员
    pub const DEPARTMENT_ADMINISTRATOR: RoleId = Id::fixed(2);
    /// 普通用户
    pub const EMPLOYEE: RoleId = Id::fixed(3);
    /// 流程管理员
    pub const FLOW_ADMINISTRATOR: RoleId = Id::fixed(6);
    /// 制度管理员
    pub const RULEBOOK_ADMINISTRATOR: RoleId = Id::fixed(7);
    /// 工作日历管理员
    pub const CALENDAR_ADMINISTRATOR: RoleId = Id::fixed(8);
}

/// What is granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
#[schema(as = GrantWhat)]
pub enum What {
    Role(RoleId),
    Permission(String),
}

/// A permission over one thing only, `module.verb:thing`: cases of one form, say (PERM-08). Its module gives it, by name;
/// it is in no role, so that not even `*` holds it.
pub(crate) fn is_particular(permission: &str) -> bool {
    permission.contains(':')
}

/// To whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
#[schema(as = GrantSubject)]
pub enum Subject {
    Person(PersonId),
    Group(GroupId),
    /// Whoever holds this post; the scope is measured from where he holds it.
    Post(PostId),
    /// Whoever signs in.
    Everyone,
}

impl Subject {
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Group(_) => "group",
            Self::Post(_) => "post",
            Self::Everyone => "everyone",
        }
    }

    pub(crate) fn id(self) -> Option<String> {
        match self {
            Self::Person(id) => Some(id.to_string()),
            Self::Group(id) => Some(id.to_string()),
            Self::Post(id) => Some(id.to_string()),
            Self::Everyone => None,
        }
    }
}

/// How a scope is stored: by the name it has in the API.
pub(crate) fn scope_word(scope: Scope) -> &'static str {
    match scope {
        Scope::Own => "own",
        Scope::Department => "department",
        Scope::DepartmentAndBelow => "department_and_below",
        Scope::Unit => "unit",
        Scope::UnitAndBelow => "unit_and_below",
        Scope::All => "all",
    }
}

fn scope_of(word: &str) -> hanlin_kernel::Result<Scope> {
    let all = [Scope::Own, Scope::Department, Scope::DepartmentAndBelow, Scope::Unit, Scope::UnitAndBelow, Scope::All];
    let known = all.into_iter().find(|scope| scope_word(*scope) == word);
    known.ok_or_else(|| hanlin_kernel::Error::internal(format!("`{word}` is no scope")))
}

/// 授权: a role or a permission, to somebody, over a scope, from one instant to another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grant {
    pub id: GrantId,
    pub what: What,
    /// Of a particular permission: what the one thing is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<Text>,
    pub subject: Subject,
    pub scope: Scope,
    /// Where the scope is measured from; absent: from where the holder is appointed.
    pub place: Option<Place>,
    /// 依据
    pub reason: String,
    pub valid_from: Timestamp,
    pub valid_to: Option<Timestamp>,
    /// Absent: it came with the product or its set-up.
    pub granted_by: Option<PersonId>,
}

impl Grant {
    pub fn covers(&self, at: Timestamp) -> bool {
        self.valid_from <= at && self.valid_to.is_none_or(|to| at < to)
    }
}

impl FromRow for Grant {
    fn from_row(row: &Row) -> hanlin_kernel::Result<Self> {
        let internal = |what: String| hanlin_kernel::Error::internal(what);
        let what = match (row.get("role")?, row.get("permission")?) {
            (Some(role), None) => What::Role(role),
            (None, Some(permission)) => What::Permission(permission),
            other => return Err(internal(format!("a grant is of a role or a permission, not {other:?}"))),
        };
        let subject = match row.get::<String>("subject_kind")?.as_str() {
            "person" => Subject::Person(row.get("subject")?),
            "group" => Subject::Group(row.get("subject")?),
            "post" => Subject::Post(row.get("subject")?),
            "everyone" => Subject::Everyone,
            other => return Err(internal(format!("`{other}` cannot be granted anything"))),
        };
        Ok(Self {
            id: row.get("id")?,
            what,
            about: row.get::<Option<Json<_>>>("about")?.map(|json| json.0),
            subject,
            scope: scope_of(&row.get::<String>("scope")?)?,
            place: place_of(row)?,
            reason: row.get("reason")?,
            valid_from: row.get("valid_from")?,
            valid_to: row.get("valid_to")?,
            granted_by: row.get("granted_by")?,
        })
    }
}

hanlin_kernel::refusal!("access", Refusal);

/// Why something about accounts or rights is not done.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The login or the password is wrong; which one is not said.
    WrongCredentials,
    /// An administrator locked the account.
    Locked,
    /// The one-time password is too old, or was used.
    OneTimeExpired,
    /// The person has not joined or has left.
    NotInService,
    /// The current password is wrong.
    WrongPassword,
    /// The system is set up already.
    AlreadySetUp,
    /// There is nobody yet who could administer what the sample is loaded beside.
    NotSetUp,
    /// The set-up link is not the one that was printed last.
    WrongSetupToken,
    LoginTaken {
        login: String,
    },
    PersonHasAccount,
    RoleCodeTaken {
        code_taken: String,
    },
    /// The roles that came with the product keep their code.
    BuiltIn,
    /// Nobody manages an account that can do more than he can himself.
    MoreThanYourself {
        permission: String,
    },
    /// Whom it would be given to is not in reach of who gives.
    RecipientOutOfReach,
    /// The role belongs to a place, and this lies outside.
    RoleOfElsewhere,
    /// People of external organisations are given nothing: they take part in cases (ORG-24).
    ExternalHoldsNothing,
    /// Somebody has the role, or will.
    RoleInUse,
    /// A period is reviewed once it has passed, and the next begins where it ended.
    ReviewedAlready,
    /// The last one who may grant everything keeps that.
    LastAdministrator,
    /// The appointment is not one that he has now.
    NotYourAppointment,
    /// Only who is appointed in the department acts for its public account.
    NotOfThisDepartment,
    /// Only the head of the department acts for the head's account.
    HeadsOnly,
    /// The department has such an account already.
    DepartmentHasAccount,
    DepartmentAccountEnded,
    /// Nobody signs in with a department's account: no shared password.
    DepartmentAccountSignsNobodyIn,
}
