use hanlin_kernel::{Event as _, Id, Text, UnitId};
use serde_json::json;

use super::*;
use crate::{
    CalendarSettings, DatedWeek, Day, Event, Exception, ExceptionChange, Half, HolidayYear, Hours, Region, Week,
};

fn settings(zone: &str) -> CalendarSettings {
    let hours = Hours { from: "08:30".parse().unwrap(), to: "12:00".parse().unwrap() };
    let week = Week { monday: Day { am: vec![hours], pm: vec![] }, ..Week::default() };
    CalendarSettings {
        name: Text::zh("公司日历"),
        zone: zone.into(),
        region: Some(Region::china()),
        weeks: vec![DatedWeek { valid_from: None, week }],
    }
}

/// One sample of each kind: traces are read for ever, so a changed shape needs a new version.
// proves: TRACE-07
#[test]
fn events_of_calendars_keep_their_shape_and_hold_old_and_new_values() {
    let (calendar, unit) = (Id::fixed(1), UnitId::fixed(2));
    let rest = json!({});
    let kept = |zone: &str| {
        let monday = json!({ "am": [{ "from": "08:30", "to": "12:00" }] });
        json!({
            "name": { "zh": "公司日历" }, "zone": zone, "region": "CN",
            "weeks": [{ "week": { "monday": monday, "tuesday": rest, "wednesday": rest, "thursday": rest,
                                  "friday": rest, "saturday": rest, "sunday": rest } }],
        })
    };
    let year = HolidayYear { region: Region::china(), year: 2027, source: "通知".into(), entries: vec![] };
    let half_off = Exception::HalfOff { half: Half::Pm, name: Text::zh("大扫除") };
    let change = ExceptionChange { date: date("2026-11-25"), old: None, new: Some(half_off) };
    let stream = format!("worktime/calendar/{calendar}");
    let samples = [
        (
            Event::CalendarCreated { calendar, unit, new: settings("Asia/Shanghai") },
            ("worktime.calendar_created", stream.as_str()),
            json!({ "calendar": calendar, "unit": unit, "new": kept("Asia/Shanghai") }),
        ),
        (
            Event::CalendarChanged { calendar, unit, old: settings("Asia/Shanghai"), new: settings("Asia/Urumqi") },
            ("worktime.calendar_changed", stream.as_str()),
            json!({ "calendar": calendar, "unit": unit, "old": kept("Asia/Shanghai"), "new": kept("Asia/Urumqi") }),
        ),
        (
            Event::ExceptionsChanged { calendar, unit, changes: vec![change] },
            ("worktime.exceptions_changed", stream.as_str()),
            json!({ "calendar": calendar, "unit": unit, "changes": [{
                "date": "2026-11-25", "old": null,
                "new": { "kind": "half_off", "half": "pm", "name": { "zh": "大扫除" } },
            }] }),
        ),
        (
            Event::YearImported { region: Region::china(), year: 2027, old: None, new: year },
            ("worktime.year_imported", "worktime/holidays/CN"),
            json!({ "region": "CN", "year": 2027, "old": null,
                    "new": { "region": "CN", "year": 2027, "source": "通知", "entries": [] } }),
        ),
    ];
    for (event, (kind, stream), payload) in samples {
        assert_eq!((event.kind(), event.stream().as_str(), event.version()), (kind, stream, 1));
        assert_eq!(serde_json::to_value(&event).unwrap(), payload);
    }
}
