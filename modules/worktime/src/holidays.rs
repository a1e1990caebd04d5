//! Public holidays and make-up workdays by year: what ships, what is imported, what is wrong with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::LazyLock,
};

use hanlin_kernel::{FieldError, Text};
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose public holidays: an ISO 3166 code, of a country (`CN`) or a part of one (`DE-BE`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(as = HolidayRegion)]
pub struct Region(pub String);

/// One year of a region as it was published: the unit of import, replaced as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayYear {
    pub region: Region,
    pub year: i16,
    /// Where the facts come from: the notice, its number and date.
    pub source: String,
    pub entries: Vec<Entry>,
}

/// One sentence of a notice: these dates are off, or are worked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HolidayEntry)]
pub struct Entry {
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// The last date; absent: the same as `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub to: Option<Date>,
    pub kind: PublicKind,
    pub name: Text,
}

/// 放假 or 调休上班
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HolidayKind)]
pub enum PublicKind {
    Off,
    Work,
}

/// What the public holidays say of one date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicDay {
    pub kind: PublicKind,
    pub name: Text,
}

/// All known years of one region, by date.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicHolidays {
    years: BTreeSet<i16>,
    days: BTreeMap<Date, PublicDay>,
}

impl Region {
    pub fn china() -> Self {
        Self("CN".to_owned())
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Entry {
    pub fn last(&self) -> Date {
        self.to.unwrap_or(self.from)
    }

    /// How many dates.
    #[expect(clippy::len_without_is_empty, reason = "a checked entry has a date")]
    pub fn len(&self) -> usize {
        self.dates().count()
    }

    fn dates(&self) -> impl Iterator<Item = Date> {
        let last = self.last();
        self.from.series(jiff::Span::new().days(1)).take_while(move |date| *date <= last)
    }
}

impl PublicHolidays {
    /// Of checked years of one region.
    pub fn of<'a>(years: impl IntoIterator<Item = &'a HolidayYear>) -> Self {
        let mut known = Self::default();
        for year in years {
            known.years.insert(year.year);
            for entry in &year.entries {
                let day = PublicDay { kind: entry.kind, name: entry.name.clone() };
                known.days.extend(entry.dates().map(|date| (date, day.clone())));
            }
        }
        known
    }

    pub fn knows(&self, year: i16) -> bool {
        self.years.contains(&year)
    }

    pub fn on(&self, date: Date) -> Option<&PublicDay> {
        self.days.get(&date)
    }

    pub fn years(&self) -> impl Iterator<Item = i16> {
        self.years.iter().copied()
    }

    pub fn days(&self) -> impl Iterator<Item = (Date, &PublicDay)> {
        self.days.iter().map(|(date, day)| (*date, day))
    }
}

/// The years that come with the program: China, 2024 to 2026. Sources stand in the file.
pub fn shipped() -> &'static [HolidayYear] {
    #[derive(Deserialize)]
    struct File {
        years: Vec<HolidayYear>,
    }
    static YEARS: LazyLock<Vec<HolidayYear>> = LazyLock::new(|| {
        let file: File = serde_json::from_str(include_str!("../data/cn-holidays.json"))
            .expect("a test reads the file that was compiled in");
        file.years
    });
    &YEARS
}

/// What looks wrong with a year but may be right, with the code of its sentence.
pub type Doubts = Vec<FieldError>;

const MOST_ENTRIES: usize = 200;
const LONGEST_ENTRY_DAYS: i32 = 31;

/// Checks a year before it is used. `Err`: it cannot be; all faults at once, each with its entry.
pub fn check(year: &HolidayYear) -> Result<Doubts, Vec<FieldError>> {
    let mut faults = check_head(year);
    let mut seen: BTreeMap<Date, usize> = BTreeMap::new();
    for (index, entry) in year.entries.iter().enumerate() {
        let fault = |code: &str| FieldError::new(format!("entries[{index}]"), format!("worktime.{code}"));
        let before = faults.len();
        if entry.name.zh.trim().is_empty() {
            faults.push(fault("name_missing"));
        }
        if entry.last() < entry.from {
            faults.push(fault("entry_backwards"));
        } else if (entry.last() - entry.from).get_days() >= LONGEST_ENTRY_DAYS {
            faults.push(fault("entry_too_long").with("days", LONGEST_ENTRY_DAYS));
        } else if !belongs(year.year, entry.from) || !belongs(year.year, entry.last()) {
            faults.push(fault("entry_outside_year").with("year", year.year));
        }
        if faults.len() > before {
            continue;
        }
        for date in entry.dates() {
            if let Some(other) = seen.insert(date, index) {
                let twice = fault("date_twice").with("date", date.to_string());
                faults.push(twice.with("other", format!("entries[{other}]")));
            }
        }
    }
    if faults.is_empty() { Ok(doubts(year)) } else { Err(faults) }
}

fn check_head(year: &HolidayYear) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut fault = |wrong: bool, field: &str, code: &str| {
        if wrong {
            faults.push(FieldError::new(field, format!("worktime.{code}")));
        }
    };
    fault(!is_region(&year.region), "region", "region_unknown");
    fault(!(2000..=2200).contains(&year.year), "year", "year_out_of_range");
    fault(year.source.trim().is_empty(), "source", "source_missing");
    fault(year.entries.is_empty(), "entries", "entries_missing");
    fault(year.entries.len() > MOST_ENTRIES, "entries", "too_many_entries");
    faults
}

/// Looks it like an ISO 3166 code?
pub(crate) fn is_region(region: &Region) -> bool {
    let letter = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'-';
    (2..=8).contains(&region.0.len()) && region.0.as_bytes().iter().all(letter)
}

/// The notice for a year may name the last days of the year before: that for 2019 made 2018-12-29 a working day.
fn belongs(year: i16, date: Date) -> bool {
    date.year() == year || (date.year() == year - 1 && date.month() == 12)
}

/// The festivals of the 全国年节及纪念日放假办法, by the part of the name that every spelling has.
const CHINESE_FESTIVALS: [&str; 7] = ["元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆"];

fn doubts(year: &HolidayYear) -> Doubts {
    if year.region != Region::china() {
        return Vec::new();
    }
    let names: Vec<&str> =
        year.entries.iter().filter(|entry| entry.kind == PublicKind::Off).map(|entry| entry.name.zh.as_str()).collect();
    let absent = CHINESE_FESTIVALS.iter().filter(|festival| !names.iter().any(|name| name.contains(**festival)));
    let absent = absent.map(|name| FieldError::new("entries", "worktime.festival_absent").with("name", *name));
    let weekdays = year
        .entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.kind == PublicKind::Work && entry.dates().any(|date| !is_weekend(date)));
    let weekdays = weekdays.map(|(index, entry)| {
        let doubt = FieldError::new(format!("entries[{index}]"), "worktime.make_up_on_weekday");
        doubt.with("date", entry.from.to_string())
    });
    absent.chain(weekdays).collect()
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}
