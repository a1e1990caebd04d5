//! The facts of the house, as the engine asks them: organisation, calendars and rulebook, each an immutable snapshot.

use std::{collections::BTreeMap, sync::Arc};

use hanlin_directory::{
    HeadLink, Snapshot,
    model::{Place, Rank},
};
use hanlin_forms::form::{Half, Period, PeriodEnd};
use hanlin_kernel::{AppointmentId, PersonId, PostId, Text, UnitId};
use hanlin_rulebook::{Found, Rules};
use hanlin_worktime::{Calendar, DayTime};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
use rust_decimal::Decimal;

use crate::engine::{
    ActingThen, Chosen, Facts, Initiator, Named, Values, Why, WorkingTime,
    form::Described,
    model::{DepartmentLevel, RankRef, Ref, Rule, Starter, UnitRef, Until},
};

/// Everything outside a case, at one instant. Built from a unit of work, or from the sample for checks without database.
#[derive(Clone)]
pub struct World {
    pub at: Timestamp,
    pub directory: Arc<Snapshot>,
    /// The calendar of the initiator's unit.
    pub calendar: Arc<Calendar>,
    pub rules: Rules,
    /// Those who administer the flow.
    pub administrators: Vec<PersonId>,
    /// The unit whose rules hold: the initiator's.
    pub unit: Option<UnitId>,
    /// When the initiator submitted this flow before; filled where the flow has limits.
    pub submitted: Vec<Timestamp>,
    /// How many tasks wait for whom, where a rule of the flow asks for it.
    pub loads: Arc<BTreeMap<PersonId, u64>>,
    /// Who acts for the initiator now and later, where the flow asks for it.
    pub agents: Option<Vec<ActingThen>>,
    /// What related records have that fills other fields, where the form says so.
    pub records: Arc<BTreeMap<String, Values>>,
}

/// The initiator under one of his appointments, his main one unless told, with what conditions read of him.
pub fn initiator_of(
    directory: &Snapshot,
    person: PersonId,
    appointment: Option<AppointmentId>,
    at: Timestamp,
) -> Initiator {
    let own = |id| directory.appointments(person, at).into_iter().find(|appointment| appointment.id == id);
    let appointment = appointment.and_then(own).or_else(|| directory.main_appointment(person, at));
    let place = appointment.map(|appointment| appointment.place);
    let unit = place.and_then(|place| directory.unit_of(place, at));
    let department = match place {
        Some(Place::Department(department)) => Some(department),
        _ => None,
    };
    let post = appointment.and_then(|appointment| directory.post(appointment.post));
    let rank = directory.rank_of(person, at);
    let code = |code: Option<&String>, id: String| code.cloned().unwrap_or(id);
    Initiator {
        appointment: appointment.map(|appointment| appointment.id),
        unit,
        department,
        post: post.map(|post| post.id),
        rank: rank.map(|rank| rank.id),
        described: Described {
            person: person.to_string(),
            name: directory.person_name(person),
            unit: unit
                .and_then(|id| directory.unit(id, at))
                .map(|unit| code(unit.code.as_ref(), unit.id.to_string()))
                .unwrap_or_default(),
            department: department
                .and_then(|id| directory.department(id, at))
                .map(|department| code(department.code.as_ref(), department.id.to_string()))
                .unwrap_or_default(),
            post: post.map(|post| post.code.clone()).unwrap_or_default(),
            rank: rank.map(|rank| rank.code.clone()),
            rank_level: rank.map(|rank| rank.level),
        },
        ..Initiator::of(person, String::new())
    }
}

impl Facts for World {
    fn now(&self) -> Timestamp {
        self.at
    }

    fn resolve(&self, rule: &Rule, initiator: &Initiator) -> Vec<Chosen> {
        match rule {
            Rule::Person { person } => {
                let person = match person {
                    Ref::Id(id) => self.directory.person(*id).map(|person| person.id),
                    Ref::Code(code) => self.directory.person_by_code(code),
                };
                person.map(|person| Chosen::new(person, Why::NamedPerson)).into_iter().collect()
            }
            Rule::Post { post, unit } => self.holders(post, unit.as_ref(), initiator),
            Rule::Group { group } => self.members(group, initiator),
            Rule::Head { of } => self.head(of, initiator),
            Rule::HeadChain { until } => self.chain(until, initiator),
            Rule::Superior => {
                let superior = self.directory.superior(initiator.principal(), initiator.appointment, self.at);
                superior.map(|link| Chosen::new(link.person, Why::DirectSuperior)).into_iter().collect()
            }
            Rule::InCharge => self.leader_in_charge(initiator),
            Rule::Rank { at_least, unit } => self.of_rank(at_least, unit.as_ref(), initiator),
            // Rules about the case itself are the engine's own.
            _ => Vec::new(),
        }
    }

    fn is_external(&self, person: PersonId) -> bool {
        self.directory.is_external(person)
    }

    fn standing_of(&self, person: PersonId) -> Initiator {
        initiator_of(&self.directory, person, None, self.at)
    }

    fn standings_of(&self, person: PersonId) -> Vec<Initiator> {
        let held = self.directory.appointments(person, self.at).into_iter();
        let under = held.map(|held| initiator_of(&self.directory, person, Some(held.id), self.at));
        let standings: Vec<Initiator> = under.collect();
        // Who is appointed nowhere is still somebody, and may be in a group.
        if standings.is_empty() { vec![self.standing_of(person)] } else { standings }
    }

    fn head_of(&self, department: &str, initiator: &Initiator) -> Option<(PersonId, Named)> {
        let mut units = self.units_upwards(initiator).into_iter();
        let by_id = department.parse().ok().filter(|id| self.directory.department(*id, self.at).is_some());
        let by_code = || units.find_map(|unit| self.directory.department_by_code(department, unit, self.at));
        let place = Place::Department(by_id.or_else(by_code)?);
        Some((self.directory.head(place, self.at)?, self.named(place)))
    }

    fn record(&self, id: &str) -> Option<&Values> {
        self.records.get(id)
    }

    fn open_tasks_of(&self, person: PersonId) -> u64 {
        self.loads.get(&person).copied().unwrap_or(0)
    }

    fn may_start(&self, starter: &Starter, initiator: &Initiator) -> bool {
        if self.is_external(initiator.principal()) && !self.is_meant_outside(starter, initiator) {
            return false;
        }
        let place = place_of(initiator);
        let lies_in = |place: Option<Place>, within: Option<Place>, below: bool| match (place, within) {
            (Some(place), Some(within)) if below => self.directory.lies_in(place, within, self.at),
            (Some(Place::Department(own)), Some(Place::Department(named))) => own == named,
            (Some(place), Some(Place::Unit(named))) => self.directory.unit_of(place, self.at) == Some(named),
            _ => false,
        };
        match starter {
            Starter::Person { person } => match person {
                Ref::Id(id) => initiator.principal() == *id,
                Ref::Code(code) => self.directory.person_by_code(code) == Some(initiator.principal()),
            },
            Starter::Unit { unit, below } => lies_in(place, self.unit_named(unit).map(Place::Unit), *below),
            Starter::Department { department, below } => {
                let named = match department {
                    Ref::Id(id) => Some(*id),
                    Ref::Code(code) => {
                        let units = self.units_upwards(initiator);
                        units.into_iter().find_map(|unit| self.directory.department_by_code(code, unit, self.at))
                    }
                };
                lies_in(place, named.map(Place::Department), *below)
            }
            Starter::Post { post } => match (post, initiator.post) {
                (Ref::Id(id), Some(own)) => own == *id,
                (Ref::Code(code), Some(own)) => self.directory.posts_by_code(code).contains(&own),
                (_, None) => false,
            },
            Starter::Group { group } => self
                .group_named(group, initiator)
                .is_some_and(|group| self.directory.members(group, self.at).contains(&initiator.principal())),
            Starter::Rank { at_least } => {
                let wanted = match at_least {
                    Ref::Id(id) => self.directory.rank(*id),
                    Ref::Code(code) => initiator.unit.and_then(|unit| self.directory.rank_by_code(code, unit, self.at)),
                };
                let own = self.directory.rank_level(initiator.principal(), self.at);
                wanted.zip(own).is_some_and(|(wanted, own)| own >= wanted.level)
            }
        }
    }

    fn is_active(&self, person: PersonId) -> bool {
        self.directory.is_active(person, self.at)
    }

    fn superior_of(&self, person: PersonId) -> Option<PersonId> {
        let superior = match self.is_active(person) {
            true => self.directory.superior(person, None, self.at),
            false => self.directory.superior_at_last(person, self.at),
        };
        superior.map(|link| link.person)
    }

    fn successor_of(&self, person: PersonId) -> Option<PersonId> {
        self.directory.successor(person, self.at)
    }

    fn administrators(&self) -> Vec<PersonId> {
        self.administrators.clone()
    }

    fn working_time(&self, period: &Period, _initiator: &Initiator) -> Option<WorkingTime> {
        let counted = hanlin_worktime::period_time(&self.calendar, &period_of(period)?).ok()?;
        Some(WorkingTime { days: counted.days, hours: counted.hours() })
    }

    fn day_of(&self, at: Timestamp) -> Date {
        self.calendar.zone.to_datetime(at).date()
    }

    fn is_workday(&self, day: Date) -> bool {
        !hanlin_worktime::day(&self.calendar, day).weight().is_zero()
    }

    fn instant_of(&self, day: Date, time: Time) -> Option<Timestamp> {
        // A time that the clock skips on that day is the one after the gap.
        self.calendar.zone.to_timestamp(day.to_datetime(time)).ok()
    }

    fn after_working_days(&self, from: Timestamp, days: Decimal) -> Option<Timestamp> {
        hanlin_worktime::add_working_days(&self.calendar, from, days).ok().map(|answer| answer.value)
    }

    fn after_working_hours(&self, from: Timestamp, hours: Decimal) -> Option<Timestamp> {
        hanlin_worktime::add_working_hours(&self.calendar, from, hours).ok().map(|answer| answer.value)
    }

    fn submissions(&self, _initiator: &Initiator) -> Vec<Timestamp> {
        self.submitted.clone()
    }

    fn agents_of(&self, _person: PersonId) -> Option<Vec<ActingThen>> {
        self.agents.clone()
    }

    fn rule(&self, name: &str) -> Option<Found<serde_json::Value>> {
        self.rules.by_name(self.unit, self.at, name)
    }
}

impl World {
    /// Does this name people of external organisations, and not only reach them because their organisation hangs below
    /// a unit of the house, has a post of its or ranks as it does (ORG-24)?
    fn is_meant_outside(&self, starter: &Starter, initiator: &Initiator) -> bool {
        let is_outside = |unit: UnitId| self.directory.is_external_place(Place::Unit(unit));
        match starter {
            Starter::Person { .. } | Starter::Group { .. } | Starter::Department { .. } => true,
            Starter::Unit { unit, .. } => self.unit_named(unit).is_some_and(is_outside),
            Starter::Post { .. } => {
                initiator.post.and_then(|post| self.directory.post(post)).is_some_and(|post| is_outside(post.unit))
            }
            Starter::Rank { .. } => false,
        }
    }

    fn holders(
        &self,
        post: &Ref<hanlin_kernel::tag::Post>,
        unit: Option<&Ref<hanlin_kernel::tag::Unit>>,
        initiator: &Initiator,
    ) -> Vec<Chosen> {
        let posts: Vec<PostId> = match post {
            Ref::Id(id) => vec![*id],
            Ref::Code(code) => self.directory.posts_by_code(code).to_vec(),
        };
        if let Some(unit) = unit {
            let Some(unit) = self.unit_named(unit) else { return Vec::new() };
            let people = self.directory.holders(&posts, unit, self.at);
            let why = |post: Named| Why::PostInNamedUnit { post, unit: self.named(Place::Unit(unit)) };
            return posts.first().map_or_else(Vec::new, |post| each(people, &why(self.post(*post))));
        }
        let Some(own) = initiator.unit else { return Vec::new() };
        let Some(found) = self.directory.nearest_holders(&posts, own, self.at) else { return Vec::new() };
        let (post, unit) = (self.post(found.post), self.named(Place::Unit(found.unit)));
        let why =
            if found.unit == own { Why::PostInOwnUnit { post, unit } } else { Why::PostInUnitAbove { post, unit } };
        each(found.people, &why)
    }

    fn members(&self, group: &Ref<hanlin_kernel::tag::Group>, initiator: &Initiator) -> Vec<Chosen> {
        let Some(id) = self.group_named(group, initiator) else { return Vec::new() };
        let name = self.directory.group(id).map(|group| group.name.clone()).unwrap_or_default();
        let why = Why::GroupMember { group: Named { id: id.to_string(), name } };
        each(self.directory.members(id, self.at), &why)
    }

    fn head(&self, level: &DepartmentLevel, initiator: &Initiator) -> Vec<Chosen> {
        let Some(own) = initiator.department else {
            // Who is placed right in a unit has its head above him.
            let head = initiator.unit.and_then(|unit| self.directory.head(Place::Unit(unit), self.at));
            return head.map(|person| Chosen::new(person, Why::DirectSuperior)).into_iter().collect();
        };
        let upwards = self.directory.departments_upwards(own, self.at);
        let wanted = match level {
            DepartmentLevel::Own => upwards.first(),
            DepartmentLevel::Up(above) => upwards.get(usize::from(*above)),
            // Who is placed above that level, right in a division, is under the head of where he is.
            DepartmentLevel::Level(code) => {
                upwards.iter().find(|department| department.level.as_ref() == Some(code)).or(upwards.first())
            }
        };
        let Some(department) = wanted else { return Vec::new() };
        // A seat that is vacant is filled by the next head above, as everywhere where heads are asked.
        let head = self.directory.heads_upwards(Place::Department(department.id), self.at).into_iter().next();
        let why = |place: Place| match place == Place::Department(own) {
            true => Why::HeadOfOwnDepartment { department: self.named(place) },
            false => Why::HeadOfDepartmentAbove { department: self.named(place) },
        };
        head.map(|link| Chosen::new(link.person, why(link.place))).into_iter().collect()
    }

    fn chain(&self, until: &Until, initiator: &Initiator) -> Vec<Chosen> {
        let Some(place) = place_of(initiator) else { return Vec::new() };
        let heads = self.directory.heads_upwards(place, self.at);
        let mut chosen = Vec::new();
        for (position, link) in (1..).zip(heads) {
            let why = Why::HeadInChain { department: self.named(link.place), position };
            chosen.push(Chosen::new(link.person, why));
            if self.ends(until, &link, position, initiator) {
                break;
            }
        }
        chosen
    }

    fn ends(&self, until: &Until, link: &HeadLink, position: u32, initiator: &Initiator) -> bool {
        match until {
            Until::Heads(count) => position >= u32::from(*count),
            Until::Top => false,
            Until::Level(code) => match link.place {
                Place::Department(id) => {
                    self.directory.department(id, self.at).is_some_and(|it| it.level.as_ref() == Some(code))
                }
                Place::Unit(_) => true,
            },
            Until::Rank(rank) => {
                let wanted = self.rank_named(rank, initiator);
                let own = self.directory.rank_level(link.person, self.at);
                wanted.zip(own).is_some_and(|(wanted, own)| own >= wanted.level)
            }
        }
    }

    fn rank_named(&self, rank: &RankRef, initiator: &Initiator) -> Option<&Rank> {
        match rank {
            Ref::Id(id) => self.directory.rank(*id),
            Ref::Code(code) => initiator.unit.and_then(|unit| self.directory.rank_by_code(code, unit, self.at)),
        }
    }

    /// Who is placed in the unit itself or in a department of it, the highest first.
    fn of_rank(&self, rank: &RankRef, unit: Option<&UnitRef>, initiator: &Initiator) -> Vec<Chosen> {
        let unit = unit.map_or(initiator.unit, |unit| self.unit_named(unit));
        let Some((rank, unit)) = self.rank_named(rank, initiator).zip(unit) else { return Vec::new() };
        let place = Place::Unit(unit);
        let here = |person: &PersonId| {
            let main = self.directory.main_appointment(*person, self.at);
            main.and_then(|held| self.directory.unit_of(held.place, self.at)) == Some(unit)
        };
        let people = self.directory.people_in_and_below(place, self.at).into_iter().filter(here);
        let levelled = people.filter_map(|person| Some((self.directory.rank_level(person, self.at)?, person)));
        let mut high: Vec<(i64, PersonId)> = levelled.filter(|(level, _)| *level >= rank.level).collect();
        high.sort_by_key(|(level, person)| (std::cmp::Reverse(*level), *person));
        let named = Named { id: rank.id.to_string(), name: rank.name.clone() };
        let why = Why::RankInUnit { rank: named, unit: self.named(place) };
        each(high.into_iter().map(|(_, person)| person).collect(), &why)
    }

    fn leader_in_charge(&self, initiator: &Initiator) -> Vec<Chosen> {
        let link = place_of(initiator).and_then(|place| self.directory.leader_in_charge(place, self.at));
        link.map(|link| Chosen::new(link.person, Why::LeaderInCharge { department: self.named(link.place) }))
            .into_iter()
            .collect()
    }

    fn unit_named(&self, unit: &Ref<hanlin_kernel::tag::Unit>) -> Option<UnitId> {
        match unit {
            Ref::Id(id) => Some(*id),
            Ref::Code(code) => self.directory.unit_by_code(code),
        }
    }

    fn group_named(
        &self,
        group: &Ref<hanlin_kernel::tag::Group>,
        initiator: &Initiator,
    ) -> Option<hanlin_kernel::GroupId> {
        match group {
            Ref::Id(id) => Some(*id),
            Ref::Code(code) => {
                initiator.unit.and_then(|unit| self.directory.group_by_code(code, unit, self.at)).map(|group| group.id)
            }
        }
    }

    fn units_upwards(&self, initiator: &Initiator) -> Vec<UnitId> {
        initiator.unit.map(|unit| self.directory.units_upwards(unit, self.at)).unwrap_or_default()
    }

    fn post(&self, id: PostId) -> Named {
        let name = self.directory.post(id).map(|post| post.name.clone()).unwrap_or_default();
        Named { id: id.to_string(), name }
    }

    fn named(&self, place: Place) -> Named {
        let name = self.directory.name_of(place, self.at).cloned().unwrap_or_else(|| Text::zh("?"));
        let id = match place {
            Place::Unit(id) => id.to_string(),
            Place::Department(id) => id.to_string(),
        };
        Named { id, name }
    }
}

fn each(people: Vec<PersonId>, why: &Why) -> Vec<Chosen> {
    people.into_iter().map(|person| Chosen::new(person, why.clone())).collect()
}

fn place_of(initiator: &Initiator) -> Option<Place> {
    initiator.department.map(Place::Department).or(initiator.unit.map(Place::Unit))
}

/// A period of a form as the calendar counts it.
fn period_of(period: &Period) -> Option<hanlin_worktime::Period> {
    use hanlin_forms::form::Granularity;
    let half = |half: Half| match half {
        Half::Am => hanlin_worktime::Half::Am,
        Half::Pm => hanlin_worktime::Half::Pm,
    };
    let halves = |end: PeriodEnd| Some((end.date, half(end.half?)));
    let minutes = |end: PeriodEnd| {
        let time = end.time?;
        Some((end.date, DayTime::new(time.hour().unsigned_abs().into(), time.minute().unsigned_abs().into())?))
    };
    Some(match period.granularity {
        Granularity::Day => hanlin_worktime::Period::Days { from: period.from.date, to: period.to.date },
        Granularity::HalfDay => {
            hanlin_worktime::Period::HalfDays { from: halves(period.from)?, to: halves(period.to)? }
        }
        Granularity::Hour => hanlin_worktime::Period::Hours { from: minutes(period.from)?, to: minutes(period.to)? },
    })
}
