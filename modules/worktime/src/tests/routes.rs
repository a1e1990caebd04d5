use std::collections::BTreeSet;

use hanlin_api::Module;
use hanlin_directory::cast::{self, GAO_XIANG, JIANG_CHUAN, QINGLAN, QINGLAN_TRADE, YU_MIN};
use hanlin_kernel::{Actor, Grant, Scopes, Text, UnitId};
use hanlin_testkit::{As, TestApp};
use serde_json::{Value, json};

use super::*;
use crate::{
    Exception, MANAGE, Refusal, SetExceptions, Week, add_working_days, calendar_of, calendars, day, set_exceptions,
};

/// Gao Xiang manages calendars everywhere, Yu Min those of the subsidiary, Jiang Chuan of the subsidiary none.
fn app() -> TestApp {
    let directory = Module { migrations: hanlin_directory::MIGRATIONS, ..Module::named("directory") };
    let app = TestApp::new(vec![directory, crate::module()]);
    app.write(cast::load_sample);
    app.grant(GAO_XIANG, &[MANAGE]);
    app.grant_over(YU_MIN, &[MANAGE], Scopes { units: BTreeSet::from([QINGLAN_TRADE]), ..Scopes::default() });
    app.acting(Actor { unit: Some(QINGLAN_TRADE), ..Actor::person(JIANG_CHUAN) });
    app.events();
    app
}

fn settings(name: &str) -> Value {
    json!({
        "name": { "zh": name },
        "zone": "Asia/Shanghai",
        "region": "CN",
        "weeks": [{ "week": serde_json::to_value(Week::standard()).unwrap() }],
    })
}

fn created(by: &As<'_>, unit: UnitId, name: &str) -> Value {
    let mut body = settings(name);
    body["unit"] = json!(unit);
    by.post("/calendars", body).ok()
}

fn day_of(by: &As<'_>, path: &str, date: &str) -> Value {
    by.get(&format!("{path}?from={date}&to={date}")).ok()["items"][0].clone()
}

// proves: TIME-04
#[test]
fn a_unit_gets_its_own_calendar_and_changes_it() {
    let app = app();
    let yu = app.as_(YU_MIN);
    let calendar = created(&yu, QINGLAN_TRADE, "公司日历");
    assert_eq!(calendar["can"], json!(["read", "change"]));
    let path = format!("/calendars/{}", calendar["id"].as_str().unwrap());

    let mut summer = settings("公司日历（夏季）");
    let mut week = summer["weeks"][0]["week"].clone();
    week["friday"] = json!({ "am": [{ "from": "08:00", "to": "12:00" }] });
    summer["weeks"].as_array_mut().unwrap().push(json!({ "valid_from": "2026-06-01", "week": week }));
    let changed = yu.clone().header("If-Match", "\"1\"").put(&path, summer.clone()).ok();
    assert_eq!((&changed["version"], &changed["name"]["zh"]), (&json!(2), &json!("公司日历（夏季）")));
    yu.clone().header("If-Match", "\"1\"").put(&path, summer).refused(412);

    assert_eq!(day_of(&yu, &format!("{path}/days"), "2026-05-29")["days"], "1");
    let friday = day_of(&yu, &format!("{path}/days"), "2026-06-05");
    assert_eq!((&friday["days"], &friday["pm"]), (&json!("0.5"), &json!([])));
    assert_eq!(app.events(), ["worktime.calendar_created", "worktime.calendar_changed"]);
}

#[test]
fn a_unit_has_one_calendar_and_it_must_be_a_unit() {
    let app = app();
    let gao = app.as_(GAO_XIANG);
    created(&gao, QINGLAN_TRADE, "公司日历");
    let mut again = settings("又一个");
    again["unit"] = json!(QINGLAN_TRADE);
    assert_eq!(gao.post("/calendars", again.clone()).refused(409)["code"], "worktime.unit_has_calendar");
    again["unit"] = json!(UnitId::fixed(99));
    assert_eq!(gao.post("/calendars", again).refused(422)["fields"][0]["code"], "worktime.unit_unknown");
    assert_eq!(app.events(), ["worktime.calendar_created"]);
}

// proves: TIME-04
#[test]
fn an_exception_changes_what_a_date_is_and_can_be_taken_off_again() {
    let app = app();
    let yu = app.as_(YU_MIN);
    let calendar = created(&yu, QINGLAN_TRADE, "公司日历");
    let path = format!("/calendars/{}", calendar["id"].as_str().unwrap());
    let closed = json!({ "from": "2026-11-23", "to": "2026-11-24",
                         "exception": { "kind": "holiday", "name": { "zh": "厂庆" } } });
    let after = yu.post(&format!("{path}/exceptions"), closed).ok();
    assert_eq!(after["exceptions"].as_array().unwrap().len(), 2);
    let half =
        json!({ "from": "2026-11-25", "exception": { "kind": "half_off", "half": "pm", "name": { "zh": "大扫除" } } });
    yu.post(&format!("{path}/exceptions"), half).ok();

    let jiang = app.as_(JIANG_CHUAN);
    let day = |date: &str| day_of(&jiang, "/working_days", date);
    assert_eq!((&day("2026-11-23")["kind"], &day("2026-11-23")["name"]["zh"]), (&json!("holiday"), &json!("厂庆")));
    assert_eq!((&day("2026-11-25")["days"], &day("2026-11-25")["half_off"]), (&json!("0.5"), &json!("pm")));

    yu.delete(&format!("{path}/exceptions/2026-11-23")).ok();
    assert_eq!(day("2026-11-23")["kind"], "workday");
    yu.delete(&format!("{path}/exceptions/2026-11-23")).refused(404);
    let backwards = json!({ "from": "2026-11-24", "to": "2026-11-23",
                            "exception": { "kind": "make_up", "name": { "zh": "补班" } } });
    let refused = yu.post(&format!("{path}/exceptions"), backwards).refused(422);
    assert_eq!(refused["fields"][0]["code"], "worktime.entry_backwards");
}

// proves: TIME-04
#[test]
fn the_nearest_calendar_upwards_applies() {
    let app = app();
    let zone_at = |unit: Option<UnitId>| {
        let calendar = app.read(move |tx| calendar_of(tx, unit));
        calendar.zone.iana_name().unwrap().to_owned()
    };
    let gao = app.as_(GAO_XIANG);
    let give = |unit: UnitId, zone: &str| {
        let mut body = settings("日历");
        body["unit"] = json!(unit);
        body["zone"] = json!(zone);
        gao.post("/calendars", body).ok();
    };
    assert_eq!(zone_at(Some(QINGLAN_TRADE)), "Asia/Shanghai", "the standard calendar");
    give(QINGLAN, "Asia/Urumqi");
    assert_eq!(zone_at(Some(QINGLAN_TRADE)), "Asia/Urumqi", "that of the group");
    give(QINGLAN_TRADE, "Europe/Berlin");
    assert_eq!(zone_at(Some(QINGLAN_TRADE)), "Europe/Berlin", "its own");
    assert_eq!(zone_at(Some(QINGLAN)), "Asia/Urumqi");
    assert_eq!(zone_at(None), "Asia/Shanghai");
    let chosen = app.read(|tx| Ok(calendars(tx)?.nearest(&[UnitId::fixed(99), QINGLAN]).clone()));
    assert_eq!(chosen.zone.iana_name(), Some("Asia/Urumqi"), "the caller says what lies above");
}

// proves: PERM-02
#[test]
fn calendars_out_of_reach_are_not_found_and_not_listed() {
    let app = app();
    let (yu, gao) = (app.as_(YU_MIN), app.as_(GAO_XIANG));
    let own = created(&yu, QINGLAN_TRADE, "公司日历");
    let foreign = created(&gao, QINGLAN, "外单位日历");
    let names = |by: &As<'_>, query: &str| -> Vec<String> {
        let page = by.get(&format!("/calendars{query}")).ok();
        page["items"].as_array().unwrap().iter().map(|item| item["name"]["zh"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&yu, ""), ["公司日历"]);
    assert_eq!(names(&gao, ""), ["公司日历", "外单位日历"]);
    let first = gao.get("/calendars?limit=1").ok();
    assert_eq!(names(&gao, &format!("?limit=1&after={}", first["next"].as_str().unwrap())), ["外单位日历"]);

    let path = format!("/calendars/{}", foreign["id"].as_str().unwrap());
    let exception = json!({ "from": "2026-11-23", "exception": { "kind": "holiday", "name": { "zh": "放假" } } });
    yu.get(&path).refused(404);
    yu.get(&format!("{path}/days?from=2026-11-23&to=2026-11-23")).refused(404);
    yu.post(&format!("{path}/exceptions"), exception).refused(404);
    yu.clone().header("If-Match", "\"1\"").put(&path, settings("夺来")).refused(404);
    let mut taken = settings("越权");
    taken["unit"] = json!(QINGLAN);
    yu.post("/calendars", taken).refused(403);
    app.as_(JIANG_CHUAN).get(&format!("/calendars/{}", own["id"].as_str().unwrap())).refused(403);
}

#[test]
fn every_fault_of_the_settings_is_named() {
    let app = app();
    let mut body = settings(" ");
    body["unit"] = json!(QINGLAN_TRADE);
    body["zone"] = json!("Asia/Atlantis");
    body["region"] = json!("china");
    body["weeks"] = json!([{ "valid_from": "2026-06-01", "week": {} }]);
    let problem = app.as_(YU_MIN).post("/calendars", body).refused(422);
    let codes: Vec<&str> =
        problem["fields"].as_array().unwrap().iter().map(|field| field["code"].as_str().unwrap()).collect();
    assert_eq!(
        codes,
        [
            "worktime.name_missing",
            "worktime.zone_unknown",
            "worktime.region_unknown",
            "worktime.first_week_missing",
            "worktime.week_empty"
        ]
    );
    assert_eq!(problem["fields"][4]["field"], "weeks[0].week");
}

// proves: TIME-04
#[test]
fn an_imported_year_ends_the_warning_at_once() {
    let app = app();
    let (jiang, gao) = (app.as_(JIANG_CHUAN), app.as_(GAO_XIANG));
    assert_eq!(day_of(&jiang, "/working_days", "2027-02-20")["known"], false);
    let missing = || {
        let start: Timestamp = "2026-12-31T09:00:00Z".parse().unwrap();
        let reached = app.read(move |tx| {
            let calendar = calendar_of(tx, Some(QINGLAN_TRADE))?;
            Ok(add_working_days(&calendar, start, decimal("2"))?)
        });
        reached.missing_years
    };
    assert_eq!(missing(), BTreeSet::from([2027]));

    let csv = "from,to,kind,name\n2027-01-01,2027-01-03,off,元旦\n2027-02-05,2027-02-12,off,春节\n\
               2027-02-20,,work,春节调休上班\n";
    let year = json!({ "region": "CN", "year": 2027, "source": "测试通知", "csv": csv });
    let imported = gao.post("/holiday_years", year.clone()).ok();
    assert_eq!((&imported["off"], &imported["work"]), (&json!(11), &json!(1)));
    assert_eq!(imported["doubts"].as_array().unwrap().len(), 5, "five festivals are not in it");
    assert_eq!(missing(), BTreeSet::new());
    let made_up = day_of(&jiang, "/working_days", "2027-02-20");
    assert_eq!((&made_up["kind"], &made_up["days"], &made_up["known"]), (&json!("make_up"), &json!("1"), &json!(true)));

    let known = gao.get("/holiday_years").ok();
    let years: Vec<(i64, bool)> = known["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|year| (year["year"].as_i64().unwrap(), year["shipped"].as_bool().unwrap()))
        .collect();
    assert_eq!(years, [(2024, true), (2025, true), (2026, true), (2027, false)]);
    assert_eq!(known["items"][0]["can"], json!(["read", "replace"]));
    let theirs = app.as_(YU_MIN).get("/holiday_years").ok();
    assert_eq!(theirs["items"][0]["can"], json!(["read"]), "he manages one unit only");
    assert_eq!(app.events(), ["worktime.year_imported"]);
    app.as_(YU_MIN).post("/holiday_years", year).refused(403);
}

#[test]
fn an_import_names_every_faulty_line_and_changes_nothing() {
    let app = app();
    let csv = "from,kind,name\n2026-02-30,off,春节\n2026-03-01,perhaps,春节\n";
    let year = json!({ "region": "CN", "year": 2026, "source": "测试通知", "csv": csv });
    let problem = app.as_(GAO_XIANG).post("/holiday_years", year).refused(422);
    assert_eq!(problem["fields"][0]["field"], "csv line 2");
    assert_eq!(problem["fields"][1]["field"], "csv line 3");
    assert_eq!(app.events(), [""; 0]);
    assert_eq!(day_of(&app.as_(JIANG_CHUAN), "/working_days", "2026-02-16")["kind"], "holiday");
}

// What a unit of work wrote and undid must not stay in the memory of the process.
#[test]
fn a_change_that_was_undone_is_not_remembered() {
    let app = app();
    let calendar = created(&app.as_(YU_MIN), QINGLAN_TRADE, "公司日历");
    let id = calendar["id"].as_str().unwrap().parse().unwrap();
    let actor = Actor {
        grants: vec![Grant { permission: MANAGE.0.into(), scopes: Scopes::everything() }],
        ..Actor::person(GAO_XIANG)
    };
    let weight = || app.read(|tx| Ok(day(&*calendar_of(tx, Some(QINGLAN_TRADE))?, date("2026-11-23")).weight()));
    assert_eq!(weight(), decimal("1"));
    let undone = app.try_write(move |tx| {
        let exception = Exception::Holiday { name: Text::zh("放假") };
        let intent = SetExceptions { from: date("2026-11-23"), to: None, exception };
        set_exceptions(tx, &actor, id, intent)?;
        let inside = day(&*calendar_of(tx, Some(QINGLAN_TRADE))?, date("2026-11-23")).weight();
        assert!(inside.is_zero(), "the unit sees what it wrote");
        Err::<(), _>(Refusal::Backwards.into())
    });
    assert!(undone.is_err());
    assert_eq!(weight(), decimal("1"));
}
