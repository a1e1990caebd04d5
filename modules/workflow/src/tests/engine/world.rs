//! A company that exists only here: a snapshot of facts that tests can bend.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use hanlin_forms::form::{Half, Period, PeriodEnd};
use hanlin_kernel::{DepartmentId, Id, PersonId, Text, UnitId};
use hanlin_rulebook::{Found, Mode};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::engine::{
    Chosen, Facts, Initiator, Named, Why, WorkingTime,
    form::Described,
    model::{DepartmentLevel, Ref, Rule, Starter, Until},
};

pub(crate) const GENERAL_MANAGER: PersonId = Id::fixed(1);
pub(crate) const VICE_MANAGER: PersonId = Id::fixed(2);
pub(crate) const HR_MANAGER: PersonId = Id::fixed(3);
pub(crate) const HR_SPECIALIST: PersonId = Id::fixed(4);
pub(crate) const SALES_HEAD: PersonId = Id::fixed(5);
pub(crate) const CLERK: PersonId = Id::fixed(6);
pub(crate) const COLLEAGUE: PersonId = Id::fixed(7);
pub(crate) const CASHIER: PersonId = Id::fixed(8);
pub(crate) const SECOND_CASHIER: PersonId = Id::fixed(9);
pub(crate) const ADMINISTRATOR: PersonId = Id::fixed(10);
pub(crate) const SECRETARY: PersonId = Id::fixed(11);
/// In nobody's rules, so that he has no part in any case.
pub(crate) const STRANGER: PersonId = Id::fixed(12);

pub(crate) const EVERYONE: [PersonId; 12] = [
    GENERAL_MANAGER,
    VICE_MANAGER,
    HR_MANAGER,
    HR_SPECIALIST,
    SALES_HEAD,
    CLERK,
    COLLEAGUE,
    CASHIER,
    SECOND_CASHIER,
    ADMINISTRATOR,
    SECRETARY,
    STRANGER,
];

const COMPANY: UnitId = Id::fixed(100);
const BRANCH: UnitId = Id::fixed(101);
const SALES: DepartmentId = Id::fixed(110);

#[derive(Clone, Debug)]
pub(crate) struct World {
    pub now: Cell<Timestamp>,
    pub left: BTreeSet<PersonId>,
    pub superiors: BTreeMap<PersonId, PersonId>,
    pub successors: BTreeMap<PersonId, PersonId>,
    /// Post → its holders, all in the company; the clerk works in a branch below it.
    pub posts: BTreeMap<&'static str, Vec<PersonId>>,
    pub groups: BTreeMap<&'static str, Vec<PersonId>>,
    /// Heads upwards from the clerk's department.
    pub heads: Vec<PersonId>,
    pub administrators: Vec<PersonId>,
    pub parameters: BTreeMap<&'static str, Value>,
    /// Open tasks elsewhere.
    pub loads: BTreeMap<PersonId, u64>,
    /// Those that do not block.
    pub modes: BTreeMap<&'static str, Mode>,
    /// What the initiator submitted before.
    pub submitted: Vec<Timestamp>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            now: Cell::new("2026-11-23T01:00:00Z".parse().expect("an instant")),
            left: BTreeSet::new(),
            superiors: [
                (CLERK, SALES_HEAD),
                (COLLEAGUE, SALES_HEAD),
                (SALES_HEAD, VICE_MANAGER),
                (VICE_MANAGER, GENERAL_MANAGER),
                (HR_SPECIALIST, HR_MANAGER),
                (HR_MANAGER, GENERAL_MANAGER),
                (CASHIER, VICE_MANAGER),
                (SECOND_CASHIER, VICE_MANAGER),
                (SECRETARY, GENERAL_MANAGER),
            ]
            .into(),
            successors: BTreeMap::new(),
            posts: [
                ("hr_manager", vec![HR_MANAGER]),
                ("hr_specialist", vec![HR_SPECIALIST]),
                ("general_manager", vec![GENERAL_MANAGER]),
                ("cashier", vec![CASHIER, SECOND_CASHIER]),
                ("vacant", vec![]),
            ]
            .into(),
            groups: [("board", vec![GENERAL_MANAGER, VICE_MANAGER, HR_MANAGER])].into(),
            heads: vec![SALES_HEAD, VICE_MANAGER, GENERAL_MANAGER],
            administrators: vec![ADMINISTRATOR],
            parameters: BTreeMap::new(),
            loads: BTreeMap::new(),
            modes: BTreeMap::new(),
            submitted: Vec::new(),
        }
    }

    pub(crate) fn leaves(&mut self, person: PersonId) {
        self.left.insert(person);
    }

    pub(crate) fn wait_minutes(&self, minutes: i64) {
        self.now.set(self.now.get() + SignedDuration::from_mins(minutes));
    }

    /// Someone of the sales department of the branch.
    pub(crate) fn initiator(&self, person: PersonId) -> Initiator {
        Initiator {
            unit: Some(BRANCH),
            department: Some(SALES),
            described: Described {
                person: person.to_string(),
                name: "测试甲".into(),
                unit: "branch".into(),
                department: "sales".into(),
                post: "clerk".into(),
                rank: Some(if person == GENERAL_MANAGER { "executive" } else { "staff" }.into()),
                rank_level: Some(if person == GENERAL_MANAGER { 9 } else { 1 }),
            },
            ..Initiator::of(person, "测试甲")
        }
    }
}

fn company() -> Named {
    Named { id: COMPANY.to_string(), name: Text::new("示例公司", "Example Company") }
}

/// How far up his department is.
fn height_of(initiator: &Initiator) -> usize {
    (0..9).find(|height| initiator.department == Some(DepartmentId::fixed(110 + *height as u64))).unwrap_or(0)
}

fn department(height: usize) -> Named {
    Named { id: DepartmentId::fixed(110 + height as u64).to_string(), name: Text::zh(format!("部门{height}")) }
}

impl Facts for World {
    fn now(&self) -> Timestamp {
        self.now.get()
    }

    fn resolve(&self, rule: &Rule, initiator: &Initiator) -> Vec<Chosen> {
        let all = |people: &[PersonId], why: &Why| people.iter().map(|one| Chosen::new(*one, why.clone())).collect();
        match rule {
            Rule::Person { person: Ref::Id(person) } => vec![Chosen::new(*person, Why::NamedPerson)],
            Rule::Post { post: Ref::Code(code), .. } => {
                let post = Named { id: code.clone(), name: Text::zh(code.clone()) };
                let holders = self.posts.get(code.as_str()).cloned().unwrap_or_default();
                all(&holders, &Why::PostInUnitAbove { post, unit: company() })
            }
            Rule::Group { group: Ref::Code(code) } => {
                let group = Named { id: code.clone(), name: Text::zh(code.clone()) };
                all(&self.groups.get(code.as_str()).cloned().unwrap_or_default(), &Why::GroupMember { group })
            }
            Rule::Head { of } => {
                let height = height_of(initiator)
                    + match of {
                        DepartmentLevel::Own => 0,
                        DepartmentLevel::Up(levels) => *levels as usize,
                        DepartmentLevel::Level(_) => 1,
                    };
                let department = department(height);
                let why = match height {
                    0 => Why::HeadOfOwnDepartment { department },
                    _ => Why::HeadOfDepartmentAbove { department },
                };
                self.heads.get(height).map(|head| Chosen::new(*head, why)).into_iter().collect()
            }
            Rule::HeadChain { until } => {
                let many = match until {
                    Until::Heads(many) => *many as usize,
                    Until::Level(_) => 2,
                    Until::Rank(_) | Until::Top => self.heads.len(),
                };
                let base = height_of(initiator);
                let link = |(index, head): (usize, &PersonId)| {
                    let why = Why::HeadInChain { department: department(index), position: index as u32 + 1 };
                    Chosen::new(*head, why)
                };
                self.heads.iter().enumerate().skip(base).take(many).map(link).collect()
            }
            Rule::Superior => {
                let superior = self.superiors.get(&initiator.principal());
                superior.map(|superior| Chosen::new(*superior, Why::DirectSuperior)).into_iter().collect()
            }
            Rule::Rank { at_least: Ref::Code(code), .. } => {
                let rank = Named { id: code.clone(), name: Text::zh(code.clone()) };
                all(&[GENERAL_MANAGER, VICE_MANAGER], &Why::RankInUnit { rank, unit: company() })
            }
            Rule::InCharge => vec![Chosen::new(VICE_MANAGER, Why::LeaderInCharge { department: department(0) })],
            other => panic!("the engine answers {other:?} itself"),
        }
    }

    fn standing_of(&self, person: PersonId) -> Initiator {
        let height = self.heads.iter().position(|head| *head == person).unwrap_or(0);
        Initiator { department: Some(DepartmentId::fixed(110 + height as u64)), ..self.initiator(person) }
    }

    fn head_of(&self, code: &str, _initiator: &Initiator) -> Option<(PersonId, Named)> {
        let head = match code {
            "sales" => SALES_HEAD,
            "personnel" => HR_MANAGER,
            _ => return None,
        };
        Some((head, Named { id: code.to_owned(), name: Text::zh(code) }))
    }

    fn open_tasks_of(&self, person: PersonId) -> u64 {
        self.loads.get(&person).copied().unwrap_or(0)
    }

    fn may_start(&self, starter: &Starter, initiator: &Initiator) -> bool {
        match starter {
            Starter::Person { person: Ref::Id(person) } => *person == initiator.principal(),
            Starter::Department { department: Ref::Code(code), .. } => initiator.described.department == *code,
            _ => false,
        }
    }

    fn day_of(&self, at: Timestamp) -> jiff::civil::Date {
        at.to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap()).date()
    }

    /// Monday to Friday.
    fn is_workday(&self, day: jiff::civil::Date) -> bool {
        day.weekday().to_monday_zero_offset() < 5
    }

    fn instant_of(&self, day: jiff::civil::Date, time: jiff::civil::Time) -> Option<Timestamp> {
        jiff::tz::TimeZone::get("Asia/Shanghai").unwrap().to_timestamp(day.to_datetime(time)).ok()
    }

    /// Each whole working day counts from midnight.
    fn after_working_days(&self, from: Timestamp, days: rust_decimal::Decimal) -> Option<Timestamp> {
        let zoned = from.to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap());
        let (mut day, mut left) = (zoned.date(), days);
        while left > rust_decimal::Decimal::ZERO {
            day = day.tomorrow().ok()?;
            left -= rust_decimal::Decimal::from(i64::from(self.is_workday(day)));
        }
        self.instant_of(day, zoned.time())
    }

    fn after_working_hours(&self, from: Timestamp, hours: rust_decimal::Decimal) -> Option<Timestamp> {
        // Eight hours are a day.
        self.after_working_days(from, (hours / rust_decimal::Decimal::from(8)).ceil())
    }

    fn submissions(&self, _initiator: &Initiator) -> Vec<Timestamp> {
        self.submitted.clone()
    }

    fn is_active(&self, person: PersonId) -> bool {
        !self.left.contains(&person)
    }

    fn superior_of(&self, person: PersonId) -> Option<PersonId> {
        self.superiors.get(&person).copied()
    }

    fn successor_of(&self, person: PersonId) -> Option<PersonId> {
        self.successors.get(&person).copied()
    }

    fn administrators(&self) -> Vec<PersonId> {
        self.administrators.clone()
    }

    /// Every day has eight hours; a half day four.
    fn working_time(&self, period: &Period, _initiator: &Initiator) -> Option<WorkingTime> {
        let halves = |end: PeriodEnd, otherwise: Half| {
            let days = end.date.since(jiff::civil::date(2026, 1, 1)).expect("within the year").get_days();
            i64::from(days) * 2 + i64::from(end.half.unwrap_or(otherwise) == Half::Pm)
        };
        let count = halves(period.to, Half::Pm) - halves(period.from, Half::Am) + 1;
        Some(WorkingTime { days: rust_decimal::Decimal::new(count * 5, 1), hours: (count * 4).into() })
    }

    fn rule(&self, name: &str) -> Option<Found<Value>> {
        let value = self.parameters.get(name).cloned()?;
        Some(Found { value, mode: self.modes.get(name).copied().unwrap_or_default(), source: None })
    }
}
