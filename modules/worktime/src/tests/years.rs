use hanlin_kernel::{FieldError, Text};

use super::*;
use crate::{Entry, HolidayYear, PublicKind, Region, Week, check_week, check_year, entries_from_csv};

fn entry(from: &str, to: Option<&str>, kind: PublicKind, name: &str) -> Entry {
    Entry { from: date(from), to: to.map(date), kind, name: Text::zh(name) }
}

fn year(entries: Vec<Entry>) -> HolidayYear {
    HolidayYear { region: Region::china(), year: 2027, source: "测试通知".to_owned(), entries }
}

/// Fictional, but complete.
fn complete() -> Vec<Entry> {
    vec![
        entry("2027-01-01", Some("2027-01-03"), PublicKind::Off, "元旦"),
        entry("2027-02-05", Some("2027-02-12"), PublicKind::Off, "春节"),
        entry("2027-02-20", None, PublicKind::Work, "春节调休上班"),
        entry("2027-04-03", Some("2027-04-05"), PublicKind::Off, "清明节"),
        entry("2027-05-01", Some("2027-05-05"), PublicKind::Off, "劳动节"),
        entry("2027-06-09", None, PublicKind::Off, "端午节"),
        entry("2027-09-15", None, PublicKind::Off, "中秋节"),
        entry("2027-10-01", Some("2027-10-07"), PublicKind::Off, "国庆节"),
    ]
}

/// Place and code of each fault; every code has a sentence in both languages.
fn codes(faults: &[FieldError]) -> Vec<(&str, &str)> {
    let module = crate::module();
    for catalog in [module.words.0, module.words.1] {
        let words: serde_json::Value = serde_json::from_str(catalog).unwrap();
        for fault in faults {
            let sentence = words[&fault.code].as_str().unwrap_or_else(|| panic!("{} has no sentence", fault.code));
            for name in fault.args.keys() {
                assert!(sentence.contains(&format!("{{{name}}}")), "{} does not say {name}", fault.code);
            }
        }
    }
    faults.iter().map(|fault| (fault.field.as_str(), fault.code.as_str())).collect()
}

// proves: TIME-04
#[test]
fn an_imported_year_is_known_and_counted() {
    let year = year(complete());
    assert_eq!(check_year(&year), Ok(vec![]));
    let public = PublicHolidays::of(shipped().iter().chain([&year]));
    let calendar = Calendar::standard(Arc::new(public));
    let plan = crate::day(&calendar, date("2027-02-08"));
    assert!(plan.known && plan.weight().is_zero());
    assert_eq!(crate::day(&calendar, date("2027-02-20")).weight(), decimal("1"));
}

#[test]
fn a_csv_of_a_spreadsheet_becomes_entries() {
    let csv = "\u{feff}from,to,kind,name,name_en\r\n2027-01-01,2027-01-03,off,元旦,New Year's Day\r\n\r\n\
               2027/2/20,,work,\"春节调休, \"\"补班\"\"\",\r\n";
    let expected = [
        Entry {
            name: Text::new("元旦", "New Year's Day"),
            ..entry("2027-01-01", Some("2027-01-03"), PublicKind::Off, "")
        },
        entry("2027-02-20", None, PublicKind::Work, "春节调休, \"补班\""),
    ];
    assert_eq!(entries_from_csv(csv).unwrap(), expected);
    let chinese = "类型,名称,开始\n放假,元旦,2027-1-1\n班,补班,2027-1-9\n";
    assert_eq!(
        entries_from_csv(chinese).unwrap(),
        [entry("2027-01-01", None, PublicKind::Off, "元旦"), entry("2027-01-09", None, PublicKind::Work, "补班")]
    );
}

#[test]
fn every_fault_of_a_csv_is_named_with_its_line() {
    let csv = "from,kind,name\n2027-02-30,off,春节\n2027-03-01,maybe,春节\n2027-03-02,off,春节\ntomorrow,off,x\n";
    assert_eq!(
        codes(&entries_from_csv(csv).unwrap_err()),
        [
            ("csv line 2", "worktime.csv_not_a_date"),
            ("csv line 3", "worktime.csv_not_a_kind"),
            ("csv line 5", "worktime.csv_not_a_date"),
        ]
    );
    assert_eq!(codes(&entries_from_csv(" \n").unwrap_err()), [("csv", "worktime.csv_empty")]);
    let columns = entries_from_csv("date,what\n2027-01-01,off\n").unwrap_err();
    let missing: Vec<&str> = columns.iter().map(|fault| fault.args["column"].as_str().unwrap()).collect();
    assert_eq!(missing, ["from", "kind", "name"]);
}

#[test]
fn every_fault_of_a_year_is_named_with_its_entry() {
    let wrong = year(vec![
        entry("2027-01-01", Some("2027-01-03"), PublicKind::Off, "元旦"),
        entry("2027-01-03", None, PublicKind::Work, "补班"),
        entry("2027-02-07", Some("2027-02-01"), PublicKind::Off, "春节"),
        entry("2027-03-01", Some("2027-04-01"), PublicKind::Off, "清明节"),
        entry("2028-01-01", None, PublicKind::Off, "元旦"),
        entry("2026-12-26", None, PublicKind::Work, " "),
    ]);
    assert_eq!(
        codes(&check_year(&wrong).unwrap_err()),
        [
            ("entries[1]", "worktime.date_twice"),
            ("entries[2]", "worktime.entry_backwards"),
            ("entries[3]", "worktime.entry_too_long"),
            ("entries[4]", "worktime.entry_outside_year"),
            ("entries[5]", "worktime.name_missing"),
        ]
    );
    let empty = HolidayYear { region: Region("china".into()), year: 27, source: " ".into(), entries: vec![] };
    assert_eq!(
        codes(&check_year(&empty).unwrap_err()),
        [
            ("region", "worktime.region_unknown"),
            ("year", "worktime.year_out_of_range"),
            ("source", "worktime.source_missing"),
            ("entries", "worktime.entries_missing"),
        ]
    );
}

#[test]
fn the_last_december_days_of_the_year_before_may_be_named() {
    let mut entries = complete();
    entries.push(entry("2026-12-26", None, PublicKind::Work, "元旦调休上班"));
    assert_eq!(check_year(&year(entries)), Ok(vec![]));
}

#[test]
fn a_forgotten_festival_and_a_make_up_day_on_a_weekday_raise_a_doubt() {
    let mut entries = complete();
    entries.retain(|entry| entry.name.zh != "中秋节");
    entries[2].from = date("2027-02-19");
    let doubts = check_year(&year(entries)).unwrap();
    assert_eq!(
        codes(&doubts),
        [("entries", "worktime.festival_absent"), ("entries[2]", "worktime.make_up_on_weekday")]
    );
    assert_eq!(doubts[0].args["name"], "中秋");
}

#[test]
fn a_weekly_pattern_names_each_of_its_faults() {
    let week: Week = serde_json::from_value(serde_json::json!({
        "monday": { "am": [{ "from": "09:00", "to": "08:00" }] },
        "tuesday": { "am": [{ "from": "08:00", "to": "12:30" }], "pm": [{ "from": "12:00", "to": "18:00" }] },
        "wednesday": { "pm": [{ "from": "18:00", "to": "18:20" }] },
        "thursday": { "am": [{ "from": "08:00", "to": "12:00" }], "pm": [{ "from": "12:00", "to": "24:00" }] },
    }))
    .unwrap();
    assert_eq!(
        codes(&check_week(&week)),
        [
            ("week.monday.am[0]", "worktime.hours_backwards"),
            ("week.monday.am", "worktime.half_too_short"),
            ("week.tuesday.pm[0]", "worktime.hours_overlap"),
            ("week.wednesday.pm", "worktime.half_too_short"),
        ]
    );
    assert_eq!(codes(&check_week(&Week::default())), [("week", "worktime.week_empty")]);
    assert_eq!(check_week(&Week::standard()), []);
}
