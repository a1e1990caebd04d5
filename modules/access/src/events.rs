use hanlin_kernel::{Audience, PersonId};
use hanlin_rulebook::Class;
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    department_accounts::{DepartmentAccount, DepartmentAccountId},
    model::{AccountId, EndReason, Grant, GrantId, Review, ReviewId, Role, RoleId, SessionId},
};

/// What happened to accounts and rights. Never a password, a hash or a secret.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Event {
    SetUp {
        account: AccountId,
        person: PersonId,
        login: String,
    },
    SampleLoaded {
        accounts: u64,
    },
    AccountOpened {
        account: AccountId,
        person: PersonId,
        login: String,
        class: Class,
    },
    ClassChanged {
        account: AccountId,
        old: Class,
        new: Class,
    },
    PasswordReset {
        account: AccountId,
        person: PersonId,
    },
    /// By its owner. `noted`: codes of rules it does not meet, of mode warn or record.
    PasswordChanged {
        account: AccountId,
        noted: Vec<String>,
    },
    AccountLocked {
        account: AccountId,
        person: PersonId,
        reason: String,
    },
    AccountUnlocked {
        account: AccountId,
        person: PersonId,
    },
    /// Too many failures.
    AccountBlocked {
        account: AccountId,
        until: Timestamp,
        address: String,
    },
    SignedIn {
        account: AccountId,
        session: SessionId,
        person: PersonId,
        address: String,
        user_agent: String,
    },
    SessionEnded {
        session: SessionId,
        person: PersonId,
        reason: EndReason,
    },
    RoleAdded {
        role: RoleId,
        new: Role,
    },
    RoleChanged {
        role: RoleId,
        old: Role,
        new: Role,
    },
    RoleEnded {
        role: RoleId,
        old: Role,
    },
    Granted {
        grant: GrantId,
        new: Grant,
    },
    GrantEnded {
        grant: GrantId,
        old: Grant,
        at: Timestamp,
    },
    /// 部门账号
    DepartmentAccountOpened {
        account: DepartmentAccountId,
        new: DepartmentAccount,
    },
    DepartmentAccountChanged {
        account: DepartmentAccountId,
        old: DepartmentAccount,
        new: DepartmentAccount,
    },
    DepartmentAccountEnded {
        account: DepartmentAccountId,
        old: DepartmentAccount,
    },
    /// Somebody acts for it from now on.
    DepartmentAccountTaken {
        account: DepartmentAccountId,
        session: SessionId,
        person: PersonId,
        principal: PersonId,
    },
    DepartmentAccountGivenBack {
        account: DepartmentAccountId,
        session: SessionId,
        person: PersonId,
        principal: PersonId,
    },
    /// 登录复核
    SignInsReviewed {
        review: ReviewId,
        new: Review,
    },
}

impl hanlin_kernel::Event for Event {
    fn kind(&self) -> &'static str {
        match self {
            Self::SetUp { .. } => "access.set_up",
            Self::SampleLoaded { .. } => "access.sample_loaded",
            Self::AccountOpened { .. } => "access.account_opened",
            Self::ClassChanged { .. } => "access.class_changed",
            Self::PasswordReset { .. } => "access.password_reset",
            Self::PasswordChanged { .. } => "access.password_changed",
            Self::AccountLocked { .. } => "access.account_locked",
            Self::AccountUnlocked { .. } => "access.account_unlocked",
            Self::AccountBlocked { .. } => "access.account_blocked",
            Self::SignedIn { .. } => "access.signed_in",
            Self::SessionEnded { .. } => "access.session_ended",
            Self::RoleAdded { .. } => "access.role_added",
            Self::RoleChanged { .. } => "access.role_changed",
            Self::RoleEnded { .. } => "access.role_ended",
            Self::Granted { .. } => "access.granted",
            Self::GrantEnded { .. } => "access.grant_ended",
            Self::DepartmentAccountOpened { .. } => "access.department_account_opened",
            Self::DepartmentAccountChanged { .. } => "access.department_account_changed",
            Self::DepartmentAccountEnded { .. } => "access.department_account_closed",
            Self::DepartmentAccountTaken { .. } => "access.department_account_taken",
            Self::DepartmentAccountGivenBack { .. } => "access.department_account_given_back",
            Self::SignInsReviewed { .. } => "access.sign_ins_reviewed",
        }
    }

    fn stream(&self) -> String {
        match self {
            Self::SetUp { account, .. }
            | Self::AccountOpened { account, .. }
            | Self::ClassChanged { account, .. }
            | Self::PasswordReset { account, .. }
            | Self::PasswordChanged { account, .. }
            | Self::AccountLocked { account, .. }
            | Self::AccountUnlocked { account, .. }
            | Self::AccountBlocked { account, .. }
            | Self::SignedIn { account, .. } => format!("access/account/{account}"),
            // The live line of a session closes when it sees its own id at the end of this.
            Self::SessionEnded { session, .. } => format!("access/session/{session}"),
            Self::SampleLoaded { .. } => "access/sample/accounts".to_owned(),
            Self::RoleAdded { role, .. } | Self::RoleChanged { role, .. } | Self::RoleEnded { role, .. } => {
                format!("access/role/{role}")
            }
            Self::DepartmentAccountOpened { account, .. }
            | Self::DepartmentAccountChanged { account, .. }
            | Self::DepartmentAccountEnded { account, .. }
            | Self::DepartmentAccountTaken { account, .. }
            | Self::DepartmentAccountGivenBack { account, .. } => format!("access/department_account/{account}"),
            Self::SignInsReviewed { review, .. } => format!("access/sign_in_review/{review}"),
            Self::Granted { grant, .. } | Self::GrantEnded { grant, .. } => format!("access/grant/{grant}"),
        }
    }

    fn audience(&self) -> Audience {
        match self {
            Self::SessionEnded { person, .. } | Self::SignedIn { person, .. } => Audience::People(vec![*person]),
            // What somebody may see changed: open pages read again what they show.
            Self::RoleChanged { .. } | Self::Granted { .. } | Self::GrantEnded { .. } => Audience::Everyone,
            _ => Audience::Nobody,
        }
    }
}
