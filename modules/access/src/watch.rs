//! Which sign-ins are abnormal, by stated rules (ACC-17). Pure.
//!
//! - A login failed, on one day of its unit, as often as would close an account.
//! - Somebody signed in for the first time from an address, or with a device. His very first sign-in is neither; and a
//!   browser that was updated is the same device.
//! - Somebody signed in before 6:00 or from 22:00 on, by the clock of his unit.

use std::collections::{BTreeSet, HashMap, HashSet};

use hanlin_kernel::PersonId;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;
use utoipa::ToSchema;

use crate::model::{SignInEntry, SignInResult};

/// 异常登录, by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Abnormal {
    ManyFailures,
    NewAddress,
    NewDevice,
    OffHours,
}

/// An abnormal sign-in, or a day's failures of one login.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Of failures: the last.
    pub entry: SignInEntry,
    pub rules: BTreeSet<Abnormal>,
    /// Of failures: how many.
    pub times: u64,
}

/// From where and with what somebody signed in before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Known {
    pub person: PersonId,
    pub address: String,
    pub user_agent: String,
}
hanlin_store::from_row!(Known { person, address, user_agent });

/// Looks at one attempt after the other, the oldest first.
#[derive(Default)]
pub(crate) struct Watch {
    people: HashSet<PersonId>,
    addresses: HashSet<(PersonId, String)>,
    devices: HashSet<(PersonId, String)>,
    failures: HashMap<(String, Date), Failed>,
    found: Vec<Finding>,
    pub seen: u64,
}

struct Failed {
    last: SignInEntry,
    times: u64,
    most: i64,
}

impl Watch {
    /// Notes what was known before the first attempt that is looked at.
    pub fn know(&mut self, known: Known) {
        self.people.insert(known.person);
        self.addresses.insert((known.person, known.address));
        self.devices.insert((known.person, device(&known.user_agent)));
    }

    /// `most`: so many failures would close the account; `zone`: whose clock it is judged by.
    pub fn see(&mut self, entry: SignInEntry, most: i64, zone: &TimeZone) {
        self.seen += 1;
        let local = entry.at.to_zoned(zone.clone());
        match (entry.result, entry.person) {
            (SignInResult::SignedIn, Some(person)) => {
                let rules = self.rules(&entry, person, local.hour());
                if !rules.is_empty() {
                    self.found.push(Finding { entry, rules, times: 1 });
                }
            }
            _ => {
                let key = (entry.login.clone(), local.date());
                let times = self.failures.get(&key).map_or(0, |failed| failed.times) + 1;
                self.failures.insert(key, Failed { last: entry, times, most });
            }
        }
    }

    fn rules(&mut self, entry: &SignInEntry, person: PersonId, hour: i8) -> BTreeSet<Abnormal> {
        let known = !self.people.insert(person);
        let new_address = self.addresses.insert((person, entry.address.clone())) && known;
        let new_device = self.devices.insert((person, device(&entry.user_agent))) && known;
        let broken = [
            (Abnormal::NewAddress, new_address),
            (Abnormal::NewDevice, new_device),
            (Abnormal::OffHours, !(6..22).contains(&hour)),
        ];
        broken.into_iter().filter_map(|(rule, broken)| broken.then_some(rule)).collect()
    }

    /// What was abnormal, the youngest first.
    pub fn found(self) -> Vec<Finding> {
        let many =
            self.failures.into_values().filter(|failed| i64::try_from(failed.times).unwrap_or(i64::MAX) >= failed.most);
        let failed = many.map(|failed| Finding {
            entry: failed.last,
            rules: BTreeSet::from([Abnormal::ManyFailures]),
            times: failed.times,
        });
        let mut found: Vec<Finding> = self.found.into_iter().chain(failed).collect();
        found.sort_by_key(|one| std::cmp::Reverse((one.entry.at, one.entry.id)));
        found
    }
}

/// What a browser says of itself, without its versions.
fn device(user_agent: &str) -> String {
    user_agent.chars().filter(|letter| !letter.is_ascii_digit() && *letter != '.').collect()
}

/// When the next review is due, and whether that has passed.
pub(crate) fn due(period_from: Timestamp, every_days: i64, now: Timestamp) -> (Timestamp, bool) {
    let due_at =
        period_from.saturating_add(jiff::SignedDuration::from_hours(24 * every_days)).unwrap_or(Timestamp::MAX);
    (due_at, due_at <= now)
}
