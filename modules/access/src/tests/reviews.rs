//! The log of sign-ins is reviewed on a schedule: what is abnormal is found by rules, and who looked is kept.

use hanlin_directory::cast::{LIN_XIAO, QINGLAN, QINGLAN_TRADE, XU_JING};
use hanlin_kernel::Id;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use super::Office;
use crate::{
    SignInResult,
    model::SignInEntry,
    watch::{self, Abnormal, Known, Watch},
};

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.1";

fn attempt(at: &str, address: &str, user_agent: &str, result: SignInResult) -> SignInEntry {
    SignInEntry {
        id: Id::new(),
        at: at.parse().unwrap(),
        login: "linxiao".to_owned(),
        person: Some(LIN_XIAO),
        unit: Some(QINGLAN),
        department: None,
        address: address.to_owned(),
        user_agent: user_agent.to_owned(),
        result,
        session: None,
    }
}

fn known(address: &str, user_agent: &str) -> Known {
    Known { person: LIN_XIAO, address: address.to_owned(), user_agent: user_agent.to_owned() }
}

/// What the rules say of these, by the clock of Shanghai, three failures being many.
fn judged(before: &[Known], attempts: &[SignInEntry]) -> Vec<(Vec<Abnormal>, u64)> {
    let mut watch = Watch::default();
    before.iter().cloned().for_each(|known| watch.know(known));
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    attempts.iter().cloned().for_each(|entry| watch.see(entry, 3, &zone));
    watch.found().into_iter().map(|found| (found.rules.into_iter().collect(), found.times)).collect()
}

// proves: ACC-17
#[test]
fn each_rule_finds_what_it_says_and_nothing_else() {
    use Abnormal::{ManyFailures, NewAddress, NewDevice, OffHours};
    use SignInResult::{SignedIn, WrongPassword};
    let day = "2026-03-02T02:00:00Z";
    let seen = [known("10.0.0.1", CHROME)];
    /// What it shows, what was tried, and what of it is abnormal how often.
    type Case = (&'static str, Vec<SignInEntry>, Vec<(Vec<Abnormal>, u64)>);
    let cases: [Case; 9] = [
        ("as always", vec![attempt(day, "10.0.0.1", CHROME, SignedIn)], vec![]),
        ("an update", vec![attempt(day, "10.0.0.1", "Mozilla/5.0 (Windows NT 10.0) Chrome/121.7.0", SignedIn)], vec![]),
        ("another address", vec![attempt(day, "10.9.9.9", CHROME, SignedIn)], vec![(vec![NewAddress], 1)]),
        ("another device", vec![attempt(day, "10.0.0.1", "Firefox/1 Android", SignedIn)], vec![(vec![NewDevice], 1)]),
        ("at 5:59", vec![attempt("2026-03-01T21:59:59Z", "10.0.0.1", CHROME, SignedIn)], vec![(vec![OffHours], 1)]),
        ("at 6:00", vec![attempt("2026-03-01T22:00:00Z", "10.0.0.1", CHROME, SignedIn)], vec![]),
        ("at 22:00", vec![attempt("2026-03-02T14:00:00Z", "10.0.0.1", CHROME, SignedIn)], vec![(vec![OffHours], 1)]),
        ("failed twice", vec![attempt(day, "10.9.9.9", CHROME, WrongPassword); 2], vec![]),
        ("failed thrice", vec![attempt(day, "10.9.9.9", CHROME, WrongPassword); 3], vec![(vec![ManyFailures], 3)]),
    ];
    for (what, attempts, expected) in cases {
        assert_eq!(judged(&seen, &attempts), expected, "{what}");
    }
    let first = attempt(day, "10.0.0.1", CHROME, SignedIn);
    assert_eq!(judged(&[], &[first]), vec![], "somebody's very first sign-in is not from elsewhere");
    let on_two_days = [
        attempt("2026-03-02T15:59:00Z", "a", CHROME, WrongPassword),
        attempt("2026-03-02T16:00:00Z", "a", CHROME, WrongPassword),
    ];
    assert_eq!(judged(&seen, &[on_two_days[0].clone(), on_two_days[0].clone(), on_two_days[1].clone()]), vec![]);
}

#[test]
fn a_review_is_due_one_interval_after_the_last() {
    let from: Timestamp = "2026-03-02T00:00:00Z".parse().unwrap();
    let on = |text: &str| text.parse::<Timestamp>().unwrap();
    assert_eq!(watch::due(from, 30, on("2026-03-31T23:59:59Z")), (on("2026-04-01T00:00:00Z"), false));
    assert_eq!(watch::due(from, 30, on("2026-04-01T00:00:00Z")), (on("2026-04-01T00:00:00Z"), true));
}

fn recorded(standing: &Value, findings: &str) -> Value {
    let mut body = json!({
        "period_from": standing["period_from"], "period_to": standing["period_to"], "findings": findings,
    });
    if !standing["place"].is_null() {
        body["place"] = standing["place"].clone();
    }
    body
}

// proves: ACC-17
#[test]
fn a_review_is_recorded_and_the_next_begins_where_it_ended() {
    let office = Office::sample();
    for _ in 0..5 {
        office.try_sign_in("linxiao", "Nicht-Richtig-9").refused(409);
    }
    office.app.clock.advance(SignedDuration::from_mins(1));
    let standing = office.browser("gaoxiang").get("/sign_in_review").ok();
    assert_eq!((&standing["overdue"], &standing["every_days"]), (&json!(false), &json!(30)));
    assert_eq!(standing["findings"][0]["rules"], json!(["many_failures"]));
    assert_eq!((&standing["findings"][0]["times"], &standing["abnormal"]), (&json!(5), &json!(1)));
    let reviewer = json!({
        "what": { "kind": "permission", "name": "access.review" },
        "subject": { "kind": "person", "id": XU_JING }, "scope": "all",
    });
    office.browser("gaoxiang").post("/grants", reviewer).ok();
    office.app.clock.advance(SignedDuration::from_hours(24 * 30));
    let admin = office.browser("xujing");
    let overdue = admin.get("/sign_in_review").ok();
    assert_eq!(overdue["overdue"], true);
    assert_eq!(admin.post("/sign_in_reviews", recorded(&overdue, " ")).refused(422)["fields"][0]["field"], "findings");
    office.app.clock.advance(SignedDuration::from_mins(1));
    let after = admin.post("/sign_in_reviews", recorded(&overdue, "已电话核实，本人忘记口令。")).ok();
    assert_eq!((&after["overdue"], &after["abnormal"]), (&json!(false), &json!(0)));
    assert_eq!(after["period_from"], overdue["period_to"]);
    let kept = &after["reviews"][0];
    assert_eq!((&kept["reviewer"]["name"], &kept["abnormal"]), (&json!("许静"), &json!(1)));
    assert_eq!(office.recorded("access.sign_ins_reviewed")[0]["new"]["findings"], "已电话核实，本人忘记口令。");
    let twice = admin.post("/sign_in_reviews", recorded(&overdue, "再来一次")).refused(409);
    assert_eq!(twice["code"], "access.reviewed_already");
    let mut ahead = recorded(&after, "未到时间");
    ahead["period_to"] = json!("2027-01-01T00:00:00Z");
    assert_eq!(admin.post("/sign_in_reviews", ahead).refused(422)["fields"][0]["field"], "period_to");
}

// proves: ACC-17
#[test]
fn who_reviews_a_part_sees_and_reviews_that_part() {
    let office = Office::sample();
    for login in ["linxiao", "jiangchuan", "nobody"] {
        for _ in 0..5 {
            office.try_sign_in(login, "Nicht-Richtig-9").refused(409);
        }
    }
    office.app.clock.advance(SignedDuration::from_mins(1));
    let logins = |standing: &Value| {
        let found = standing["findings"].as_array().unwrap().iter();
        let mut logins: Vec<String> = found.map(|found| found["login"].as_str().unwrap().to_owned()).collect();
        logins.sort();
        logins
    };
    let (root, part) = (office.browser("gaoxiang"), office.browser("qinyue"));
    assert_eq!(logins(&root.get("/sign_in_review").ok()), ["jiangchuan", "linxiao", "nobody"]);
    let own = part.get("/sign_in_review").ok();
    assert_eq!(own["place"], json!({ "kind": "unit", "id": QINGLAN_TRADE }));
    assert_eq!(own["places"].as_array().unwrap().len(), 1);
    assert_eq!(logins(&own), ["jiangchuan"]);
    part.get(&format!("/sign_in_review?unit={QINGLAN}")).refused(403);
    let mut whole = recorded(&own, "越权");
    whole.as_object_mut().unwrap().remove("place");
    part.post("/sign_in_reviews", whole).refused(403);
    office.app.clock.advance(SignedDuration::from_mins(1));
    let own = part.get("/sign_in_review").ok();
    part.post("/sign_in_reviews", recorded(&own, "无异常")).ok();
    assert!(
        root.get("/sign_in_review").ok()["reviews"].as_array().unwrap().is_empty(),
        "the whole is reviewed for itself"
    );
}
