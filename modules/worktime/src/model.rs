use std::{collections::BTreeMap, fmt, str::FromStr, sync::Arc};

use hanlin_kernel::Text;
use jiff::{
    civil::{Date, Weekday},
    tz::TimeZone,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::holidays::PublicHolidays;

/// 工作日历: when a unit works. All counts in working days and hours are made on one (TIME-04).
///
/// What a date is, is decided by the first of these that speaks of it: the calendar's own exception, the public
/// holidays it follows, the weekly pattern valid on that date. An own [`Exception::HalfOff`] then takes half of it away.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    pub zone: TimeZone,
    pub weeks: Weeks,
    pub exceptions: BTreeMap<Date, Exception>,
    /// The public holidays this calendar follows. `None`: it follows none, and no year can be missing.
    pub public: Option<Arc<PublicHolidays>>,
}

/// The weekly patterns one after the other (a summer timetable, say), so that a change leaves earlier counts alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weeks {
    /// Valid until the first of the later ones.
    pub first: Week,
    /// Each with the first date it is valid on.
    pub later: BTreeMap<Date, Week>,
}

/// 每周作息: the working hours of each day of the week.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkingWeek)]
pub struct Week {
    #[serde(default)]
    pub monday: Day,
    #[serde(default)]
    pub tuesday: Day,
    #[serde(default)]
    pub wednesday: Day,
    #[serde(default)]
    pub thursday: Day,
    #[serde(default)]
    pub friday: Day,
    #[serde(default)]
    pub saturday: Day,
    #[serde(default)]
    pub sunday: Day,
}

/// 一天的作息: the hours of the first and of the second half of a working day. Each half that has any counts as half
/// a working day, however long it is; a day with neither is a rest day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkingHoursOfDay)]
pub struct Day {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub am: Vec<Hours>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pm: Vec<Hours>,
}

/// One unbroken stretch of working hours, `to` not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkingHours)]
pub struct Hours {
    pub from: DayTime,
    pub to: DayTime,
}

/// A reading of the wall clock in whole minutes, `00:00` to `24:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayTime(u16);

/// 上午 or 下午
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HalfDay)]
pub enum Half {
    Am,
    Pm,
}

/// 例外日: what a unit decides for one date, against the public holidays and its week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = CalendarException)]
pub enum Exception {
    /// 放假: the whole day is off.
    Holiday { name: Text },
    /// 调休上班: a full working day, see [`Week::made_up`].
    MakeUp { name: Text },
    /// 放半天假: this half of the day is off, if it would have been worked.
    HalfOff { half: Half, name: Text },
}

impl Calendar {
    /// Monday to Friday, 08:30–12:00 and 13:30–18:00, in Chinese time, with the public holidays given:
    /// what applies to a unit until someone sets a calendar for it or above it.
    pub fn standard(public: Arc<PublicHolidays>) -> Self {
        Self {
            zone: TimeZone::get(STANDARD_ZONE).expect("the time zones of the world are in the binary"),
            weeks: Weeks::always(Week::standard()),
            exceptions: BTreeMap::new(),
            public: Some(public),
        }
    }
}

/// The zone of [`Calendar::standard`].
pub const STANDARD_ZONE: &str = "Asia/Shanghai";

impl Weeks {
    /// One pattern for ever.
    pub fn always(week: Week) -> Self {
        Self { first: week, later: BTreeMap::new() }
    }

    /// The pattern that is valid on this date.
    pub fn on(&self, date: Date) -> &Week {
        self.later.range(..=date).next_back().map_or(&self.first, |(_, week)| week)
    }
}

impl Week {
    /// Monday to Friday, 08:30–12:00 and 13:30–18:00.
    pub fn standard() -> Self {
        let day = Day {
            am: vec![Hours { from: DayTime(8 * 60 + 30), to: DayTime(12 * 60) }],
            pm: vec![Hours { from: DayTime(13 * 60 + 30), to: DayTime(18 * 60) }],
        };
        Self {
            monday: day.clone(),
            tuesday: day.clone(),
            wednesday: day.clone(),
            thursday: day.clone(),
            friday: day,
            ..Self::default()
        }
    }

    pub fn on(&self, weekday: Weekday) -> &Day {
        match weekday {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }

    /// The seven days with their names in JSON, Monday first.
    pub fn days(&self) -> [(&'static str, &Day); 7] {
        [
            ("monday", &self.monday),
            ("tuesday", &self.tuesday),
            ("wednesday", &self.wednesday),
            ("thursday", &self.thursday),
            ("friday", &self.friday),
            ("saturday", &self.saturday),
            ("sunday", &self.sunday),
        ]
    }

    /// The hours of a make-up workday (调休上班) that falls on this day of the week: its own where it is a full
    /// working day anyhow, else those of the first full working day from Monday on. State Council notices name the date
    /// only, so a Saturday that makes up for a Tuesday is worked like any Tuesday.
    pub fn made_up(&self, weekday: Weekday) -> &Day {
        let usual = self.on(weekday);
        let full = || self.days().into_iter().map(|(_, day)| day).find(|day| day.is_full());
        let any = || self.days().into_iter().map(|(_, day)| day).find(|day| !day.is_rest());
        if usual.is_full() { usual } else { full().or_else(any).unwrap_or(usual) }
    }
}

impl Day {
    pub fn half(&self, half: Half) -> &[Hours] {
        match half {
            Half::Am => &self.am,
            Half::Pm => &self.pm,
        }
    }

    pub fn is_rest(&self) -> bool {
        self.am.is_empty() && self.pm.is_empty()
    }

    pub fn is_full(&self) -> bool {
        !self.am.is_empty() && !self.pm.is_empty()
    }
}

impl DayTime {
    pub const MIDNIGHT: Self = Self(0);
    /// `24:00`, the first instant of the next day.
    pub const END: Self = Self(24 * 60);

    /// `None` where there is no such reading.
    pub fn new(hour: u16, minute: u16) -> Option<Self> {
        let minutes = hour.checked_mul(60)?.checked_add(minute)?;
        (minute < 60 && minutes <= Self::END.0).then_some(Self(minutes))
    }

    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for DayTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// The text is not `HH:MM` between `00:00` and `24:00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotADayTime;

impl FromStr for DayTime {
    type Err = NotADayTime;

    fn from_str(text: &str) -> Result<Self, NotADayTime> {
        let two = |digits: &str| match digits.as_bytes() {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Ok(u16::from(tens - b'0') * 10 + u16::from(ones - b'0')),
            _ => Err(NotADayTime),
        };
        let (hour, minute) = text.split_once(':').ok_or(NotADayTime)?;
        Self::new(two(hour)?, two(minute)?).ok_or(NotADayTime)
    }
}

impl Serialize for DayTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for DayTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|NotADayTime| serde::de::Error::custom(format!("`{text}` is not a time like 08:30")))
    }
}

impl utoipa::PartialSchema for DayTime {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"))
            .into()
    }
}
impl ToSchema for DayTime {
    fn name() -> std::borrow::Cow<'static, str> {
        "DayTime".into()
    }
}
