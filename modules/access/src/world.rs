//! What every question about accounts and rights is answered from, as one unit of work sees it: the organisation, its
//! rules, who was granted what. Read once, in three small statements; the answers are pure.

use std::sync::Arc;

use hanlin_directory::Snapshot;
use hanlin_kernel::{DepartmentId, PersonId, Result, UnitId};
use hanlin_rulebook::{Rules, catalogue};
use hanlin_store::Tx;
use jiff::{SignedDuration, Timestamp};

use crate::{
    model::Account,
    password::PasswordRules,
    rules::{Lifetime, Limit},
    snapshot::{self, Grants},
};

pub(crate) struct World {
    pub directory: Arc<Snapshot>,
    pub rules: Rules,
    pub grants: Arc<Grants>,
    pub now: Timestamp,
}

/// How a password stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PasswordState {
    /// A one-time password, or one that grew too old: nothing else can be done before it is changed (ACC-07, ACC-11).
    pub must_change: bool,
    /// When it grows too old, if that is so near that its owner is to be reminded.
    pub remind_of: Option<Timestamp>,
}

impl World {
    pub(crate) fn read(tx: &mut Tx) -> Result<Self> {
        let rules = hanlin_rulebook::rules(tx)?;
        Ok(Self { directory: rules.directory.clone(), rules, grants: snapshot::grants(tx)?, now: tx.now() })
    }

    /// Where a person belongs now, by his main appointment: whose rules hold for his account.
    pub(crate) fn home(&self, person: PersonId) -> (Option<UnitId>, Option<DepartmentId>) {
        let held = self.directory.appointments(person, self.now).into_iter().next();
        let unit = held.and_then(|held| self.directory.unit_of(held.place, self.now));
        (unit, held.and_then(|held| held.place.department()))
    }

    /// How long a session of this account may be idle and last.
    pub(crate) fn lifetime(&self, account: &Account) -> Lifetime {
        let (unit, _) = self.home(account.person);
        let number = |parameter| self.rules.parameter_for(unit, self.now, parameter, account.class).value;
        Lifetime {
            idle: SignedDuration::from_mins(number(&catalogue::SESSION_IDLE_MINUTES)),
            longest: SignedDuration::from_hours(number(&catalogue::SESSION_LONGEST_HOURS)),
        }
    }

    /// How the password of an account stands.
    pub(crate) fn password_state(&self, account: &Account) -> PasswordState {
        let (unit, _) = self.home(account.person);
        let days = |parameter| {
            let days: i64 = self.rules.parameter_for(unit, self.now, parameter, account.class).value;
            SignedDuration::from_hours(24 * days)
        };
        let expires_at = account.password_changed_at.saturating_add(days(&catalogue::PASSWORD_EXPIRES_DAYS));
        let expires_at = expires_at.unwrap_or(Timestamp::MAX);
        let must_change = account.one_time_until.is_some() || self.now >= expires_at;
        let notice = expires_at.saturating_sub(days(&catalogue::PASSWORD_REMIND_DAYS)).unwrap_or(Timestamp::MIN);
        PasswordState { must_change, remind_of: (!must_change && self.now >= notice).then_some(expires_at) }
    }

    /// What a new password of this account must be.
    pub(crate) fn password_rules(&self, account: &Account) -> PasswordRules {
        PasswordRules::of(&self.rules, self.home(account.person).0, self.now, account.class)
    }

    /// How many of the last passwords may not come back.
    pub(crate) fn password_history(&self, account: &Account) -> usize {
        self.rules.parameter(self.home(account.person).0, self.now, &catalogue::PASSWORD_HISTORY).value
    }

    /// Length of a one-time password for this person, and until when it is good.
    pub(crate) fn one_time(&self, person: PersonId) -> (usize, Timestamp) {
        let (unit, _) = self.home(person);
        let days = self.rules.parameter(unit, self.now, &catalogue::PASSWORD_INITIAL_DAYS).value;
        let length = self.rules.parameter(unit, self.now, &catalogue::PASSWORD_INITIAL_LENGTH).value;
        (length, self.now + SignedDuration::from_hours(24 * days))
    }

    /// How many failures a login and an address may have, by the rules of the account's unit; where nobody has the
    /// login, by those at the top. An address serves many units: the top's rule holds for it.
    pub(crate) fn limits(&self, account: Option<&Account>) -> [Limit; 2] {
        let unit = account.and_then(|account| self.home(account.person).0);
        let lasts =
            SignedDuration::from_mins(self.rules.parameter(unit, self.now, &catalogue::SIGN_IN_LOCK_MINUTES).value);
        let login = self.rules.parameter(unit, self.now, &catalogue::SIGN_IN_MOST_FAILURES).value;
        let address = self.rules.parameter(None, self.now, &catalogue::SIGN_IN_MOST_FAILURES_PER_ADDRESS).value;
        [Limit { most: login, lasts }, Limit { most: address, lasts }]
    }

    pub(crate) fn is_active(&self, person: PersonId) -> bool {
        self.directory.is_active(person, self.now)
    }
}
