//! Imports as stories through the door, and the job that carries them out.

use hanlin_directory::{
    ChangePerson, MANAGE, READ,
    cast::{self, GAO_XIANG, LIN_XIAO, QIN_YUE, QINGLAN_TRADE},
    change_person, snapshot,
};
use hanlin_kernel::{Actor, Grant, Id, PersonId, Scopes};
use hanlin_store::jobs;
use hanlin_testkit::TestApp;
use jiff::SignedDuration;
use serde_json::{Value, json};

const HEADINGS: &str = "姓名,工号,手机,单位编码,部门编码,岗位编码,负责人";

pub(super) fn house() -> TestApp {
    let modules = vec![hanlin_directory::module(), hanlin_rulebook::module(), hanlin_access::module(), crate::module()];
    let app = TestApp::new(modules);
    assert!(app.write(cast::load_sample));
    assert!(app.write(|tx| hanlin_access::load_sample(tx, "no password is ever right")));
    app.grant(GAO_XIANG, &[READ, MANAGE]);
    app.events();
    app
}

fn file(rows: &[&str]) -> Vec<u8> {
    format!("{HEADINGS}\n{}\n", rows.join("\n")).into()
}

const TWO: [&str; 2] =
    ["示例甲,N901,13900000901,qinglan,it,engineer,", "示例乙,N902,13900000902,qinglan,it,engineer,是"];

fn upload(app: &TestApp, who: PersonId, bytes: Vec<u8>) -> Value {
    app.as_(who).post_bytes("/imports?name=people.csv", bytes).ok()
}

pub(super) fn id(import: &Value) -> String {
    import["id"].as_str().unwrap().to_owned()
}

pub(super) fn work(app: &TestApp) {
    let kinds = crate::module().jobs;
    while app.block_on(jobs::run_next(&app.db, &kinds)).unwrap() {}
}

pub(super) fn apply(app: &TestApp, import: &str, body: Value) -> Value {
    app.as_(GAO_XIANG).post(&format!("/imports/{import}/application"), body).ok();
    work(app);
    app.as_(GAO_XIANG).get(&format!("/imports/{import}/job")).ok()
}

pub(super) fn known(app: &TestApp, number: &str) -> Option<PersonId> {
    let number = number.to_owned();
    app.read(move |tx| {
        let (snapshot, now) = (snapshot(tx)?, tx.now());
        Ok(snapshot.person_by_code(&number).filter(|person| snapshot.is_active(*person, now)))
    })
}

/// Whatever the directory's tables hold, by table.
fn state(app: &TestApp) -> Vec<u64> {
    let tables = [
        "person",
        "service_period",
        "appointment",
        "leadership",
        "department",
        "ancestor",
        "post",
        "staged_service",
        "staged_appointment",
    ];
    app.read(move |tx| {
        let count = |table: &str| format!("select cast(count(*) as bigint) from directory_{table}");
        tables.iter().map(|table| tx.scalar(&count(table), &[])).collect()
    })
}

// proves: ORG-01 (the part of filling it from a spreadsheet), ORG-21 (the part of filling it from a spreadsheet)
#[test]
fn a_spreadsheet_is_looked_at_carried_out_and_found() {
    let app = house();
    let before = state(&app);
    let import = upload(&app, GAO_XIANG, file(&TWO));
    assert_eq!((&import["counts"]["new"], &import["counts"]["wrong"]), (&json!(2), &json!(0)));
    assert_eq!(import["tables"][0]["sheet"], "people");
    let import = id(&import);
    let rows = app.as_(GAO_XIANG).get(&format!("/imports/{import}/rows?status=new&limit=1")).ok();
    assert_eq!(rows["items"][0]["about"], "示例甲");
    let next = rows["next"].as_str().unwrap().to_owned();
    let rows = app.as_(GAO_XIANG).get(&format!("/imports/{import}/rows?status=new&after={next}")).ok();
    assert_eq!((rows["items"][0]["line"].as_u64(), &rows["next"]), (Some(3), &Value::Null));
    assert_eq!(state(&app), before, "nothing is changed by looking");

    let job = apply(&app, &import, json!({}));
    assert_eq!((&job["state"], &job["result"]["people"]), (&json!("done"), &json!(2)), "{job}");
    let person = known(&app, "N901").expect("he serves");
    let card = app.as_(GAO_XIANG).get(&format!("/people/{person}")).ok();
    assert_eq!(card["name"], "示例甲");
    let found = app.as_(GAO_XIANG).get("/people?q=slj").ok();
    assert_eq!(found["items"][0]["name"], "示例甲", "he is found by his initials");
    let head = app.read(|tx| Ok(snapshot(tx)?.head(hanlin_directory::model::Place::Department(cast::IT), tx.now())));
    assert_eq!(head, known(&app, "N902"));
    let kinds = app.events();
    assert_eq!(kinds[..2], ["imports.previewed", "imports.ordered"]);
    assert_eq!(kinds.iter().filter(|kind| *kind == "directory.person_prepared").count(), 2);
    assert_eq!(kinds[kinds.len() - 3..], ["directory.batch_admitted", "directory.leader_set", "imports.applied"]);

    app.as_(GAO_XIANG).post(&format!("/imports/{import}/application"), json!({})).refused(409);
    let again = upload(&app, GAO_XIANG, file(&TWO));
    assert_eq!((&again["counts"]["unchanged"], &again["counts"]["new"]), (&json!(2), &json!(0)));
    let refused = app.as_(GAO_XIANG).post(&format!("/imports/{}/application", id(&again)), json!({})).refused(409);
    assert_eq!(refused["code"], "imports.nothing_to_do");
}

#[test]
fn what_is_cancelled_leaves_nothing_behind() {
    let app = house();
    let import = id(&upload(&app, GAO_XIANG, file(&TWO)));
    let before = state(&app);
    app.as_(GAO_XIANG).post(&format!("/imports/{import}/application"), json!({})).ok();
    app.as_(GAO_XIANG).post(&format!("/imports/{import}/cancellation"), json!({})).ok();
    work(&app);
    assert_eq!(state(&app), before);
    let import = app.as_(GAO_XIANG).get(&format!("/imports/{import}")).ok();
    assert_eq!(import["state"], "cancelled");
}

#[test]
fn what_fails_at_the_end_leaves_nothing_behind() {
    let app = house();
    let import = id(&upload(&app, GAO_XIANG, file(&TWO)));
    let before = state(&app);
    // The order stands, and then somebody takes the number: what is carried out would not be what was shown.
    app.as_(GAO_XIANG).post(&format!("/imports/{import}/application"), json!({})).ok();
    app.write(|tx| {
        let mut admin = Actor::person(GAO_XIANG);
        let permission = hanlin_directory::MANAGE.0.to_owned();
        admin.grants.push(Grant { permission, scopes: Scopes::everything() });
        let mobile = Some(Some("13900000902".to_owned()));
        change_person(tx, &admin, LIN_XIAO, 1, ChangePerson { mobile, ..Default::default() })
    });
    let changed = state(&app);
    work(&app);
    let job = app.as_(GAO_XIANG).get(&format!("/imports/{import}/job")).ok();
    assert_eq!((&job["state"], &job["error"]), (&json!("failed"), &json!("imports.changed_since")));
    assert_eq!(state(&app), changed);
    assert_eq!(before.len(), changed.len());
    assert_eq!(app.events().last().map(String::as_str), Some("imports.abandoned"));
}

#[test]
fn what_a_dead_server_left_behind_is_taken_back_later() {
    let app = house();
    let import = id(&upload(&app, GAO_XIANG, file(&TWO)));
    let before = state(&app);
    app.as_(GAO_XIANG).post(&format!("/imports/{import}/application"), json!({})).ok();
    // A server took the job, wrote one person down, and died.
    app.write(|tx| tx.exec("update store_job set state = 'running'", &[]));
    let newcomer = {
        let (plan, _) = super::planned(&super::admin(), &[("人员.csv", std::str::from_utf8(&file(&TWO)).unwrap())]);
        plan.work.newcomers[0].clone()
    };
    let batch = import.parse::<Id<hanlin_directory::model::Batch>>().unwrap();
    app.write(move |tx| hanlin_directory::prepare(tx, batch, std::slice::from_ref(&newcomer)));
    assert_ne!(state(&app), before);
    assert_eq!(known(&app, "N901"), None, "who is only prepared does not serve");
    assert_eq!(app.as_(GAO_XIANG).get("/people?q=slj").ok()["items"], json!([]));
    app.clock.advance(SignedDuration::from_mins(11));
    app.settle();
    assert_eq!(state(&app), before);
    assert_eq!(app.as_(GAO_XIANG).get(&format!("/imports/{import}")).ok()["state"], "failed");
    app.clock.advance(SignedDuration::from_hours(25));
    app.settle();
    let left: u64 = app.read(|tx| tx.scalar("select cast(count(*) as bigint) from imports_row", &[]));
    assert_eq!(left, 0, "a preview is forgotten");
    app.as_(GAO_XIANG).get(&format!("/imports/{import}")).refused(404);
}

#[test]
fn what_the_file_does_not_have_ends_when_the_user_says_so() {
    let app = house();
    let rows = ["秦岳,,,qinglan-trade,,general_manager,"];
    let everybody = app.as_(GAO_XIANG).get("/organisation/export?csv=people").text();
    let trade: Vec<&str> = everybody.lines().filter(|line| line.contains("qinglan-trade")).collect();
    assert!(trade.len() > 3 && rows.len() == 1);
    let leaver = trade.iter().find(|line| line.contains("江川")).unwrap();
    let headings = everybody.lines().next().unwrap();
    let without: Vec<&str> = everybody.lines().filter(|line| line != leaver).collect();
    assert!(without[0] == headings);
    let import = upload(&app, GAO_XIANG, without.join("\n").into());
    assert_eq!((&import["counts"]["gone"], &import["counts"]["wrong"]), (&json!(1), &json!(0)), "{import}");
    let id = id(&import);
    let refused = app.as_(GAO_XIANG).post(&format!("/imports/{id}/application"), json!({})).refused(409);
    assert_eq!(refused["code"], "imports.nothing_to_do");
    let job = apply(&app, &id, json!({ "end_gone": true }));
    assert_eq!((&job["state"], &job["result"]["ended"]), (&json!("done"), &json!(1)), "{job}");
    let active = app.read(|tx| Ok(snapshot(tx)?.is_active(cast::JIANG_CHUAN, tx.now())));
    assert!(!active);
}

#[test]
fn faults_are_shown_and_keep_a_file_out() {
    let app = house();
    let import = upload(&app, GAO_XIANG, file(&[TWO[0], "示例丙,N903,13900000901,qinglan,it,engineer,"]));
    assert_eq!(import["counts"]["wrong"], 1);
    let id = id(&import);
    let wrong = app.as_(GAO_XIANG).get(&format!("/imports/{id}/rows?status=wrong")).ok();
    let fault = &wrong["items"][0]["faults"][0];
    assert_eq!(
        (&fault["field"], &fault["code"], &fault["args"]["line"]),
        (&json!("mobile"), &json!("imports.mobile_twice"), &json!(2))
    );
    let refused = app.as_(GAO_XIANG).post(&format!("/imports/{id}/application"), json!({})).refused(409);
    assert_eq!(refused["code"], "imports.has_faults");
    app.as_(GAO_XIANG).post_bytes("/imports?name=plan.xlsx", b"%PDF-1.7".to_vec()).refused(409);
    app.as_(GAO_XIANG).post_bytes("/imports?name=%20", file(&TWO)).refused(422);
    app.as_(GAO_XIANG).post_bytes("/imports?name=x.csv", vec![b'x'; 21 * 1024 * 1024]).refused(413);
}

#[test]
fn columns_are_matched_by_hand_where_headings_do_not_say() {
    let app = house();
    let bytes = "谁,工号,联系,单位编码,部门编码,岗位编码\n示例甲,N901,13900000901,qinglan,it,engineer\n";
    let import = upload(&app, GAO_XIANG, bytes.into());
    assert_eq!(import["counts"]["wrong"], 1, "nobody has a name");
    let path = format!("/imports/{}/matching", id(&import));
    let columns = json!(["name", "employee_number", "mobile", "unit", "department", "post"]);
    let matching =
        |sheet: &str, columns: Value| json!({ "tables": [{ "name": "people", "sheet": sheet, "columns": columns }] });
    let matched = app.as_(GAO_XIANG).put(&path, matching("people", columns.clone())).ok();
    assert_eq!((&matched["counts"]["new"], &matched["counts"]["wrong"]), (&json!(1), &json!(0)));
    assert_eq!(matched["tables"][0]["columns"], columns);
    let twice = app.as_(GAO_XIANG).put(&path, matching("people", json!(["name", "name"]))).refused(409);
    assert_eq!(twice["code"], "imports.matched_twice");
    assert_eq!(
        app.as_(GAO_XIANG).put(&path, matching("posts", json!(["mobile"]))).refused(409)["code"],
        "imports.matched_twice"
    );
    let job = apply(&app, &id(&import), json!({}));
    assert_eq!(job["state"], "done");
}

#[test]
fn an_import_is_its_uploaders_and_reaches_as_far_as_he_does() {
    let app = house();
    let scopes = Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() };
    app.grant_over(QIN_YUE, &[READ, MANAGE], scopes);
    let theirs = upload(&app, QIN_YUE, file(&TWO));
    assert_eq!(theirs["counts"]["wrong"], 2, "the group is out of his reach");
    app.as_(GAO_XIANG).get(&format!("/imports/{}", id(&theirs))).refused(404);
    app.as_(LIN_XIAO).post_bytes("/imports?name=x.csv", file(&TWO)).refused(403);
    app.as_(LIN_XIAO).get("/organisation/template").refused(403);
    let own = upload(&app, QIN_YUE, file(&["示例甲,N901,13900000901,qinglan-trade,sales,sales_adviser,"]));
    let path = format!("/imports/{}", id(&own));
    app.as_(QIN_YUE).post(&format!("{path}/application"), json!({})).ok();
    work(&app);
    assert_eq!(app.as_(QIN_YUE).get(&format!("{path}/job")).ok()["state"], "done");
    assert!(known(&app, "N901").is_some());
    let seen = app.as_(QIN_YUE).get("/organisation/export?csv=departments&locale=en").text();
    assert!(seen.contains("qinglan-trade,sales,") && !seen.contains("qinglan,"), "{seen}");
    let book = app.as_(QIN_YUE).get("/organisation/template?locale=en");
    assert_eq!((book.status, &book.bytes[..2]), (200, &b"PK"[..]));
}

/// Rights that were taken away after the order: nothing is carried out on them.
// proves: PERM-02
#[test]
fn whose_rights_were_taken_meanwhile_imports_nothing() {
    let app = house();
    let import = id(&upload(&app, GAO_XIANG, file(&TWO)));
    let before = state(&app);
    app.as_(GAO_XIANG).post(&format!("/imports/{import}/application"), json!({})).ok();
    app.write(|tx| tx.exec("update access_account set locked_at = 0 where login = 'gaoxiang'", &[]));
    work(&app);
    let job = app.as_(GAO_XIANG).get(&format!("/imports/{import}/job")).ok();
    assert_eq!((&job["state"], &job["error"]), (&json!("failed"), &json!("imports.rights_taken")));
    assert_eq!(state(&app), before);

    // He administers one unit, and after his order another unit only.
    app.grant_over(QIN_YUE, &[READ, MANAGE], Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() });
    let row = ["示例甲,N901,13900000901,qinglan-trade,sales,sales_adviser,"];
    let theirs = id(&upload(&app, QIN_YUE, file(&row)));
    app.as_(QIN_YUE).post(&format!("/imports/{theirs}/application"), json!({})).ok();
    app.write(|tx| {
        let unit = cast::QINGLAN_MAKE;
        let ended = "update access_grant set unit = $1 where subject = $2";
        tx.exec(ended, hanlin_store::params![unit, QIN_YUE])?;
        tx.exec("update store_revision set token = 'moved' where name = 'access'", &[])
    });
    work(&app);
    let job = app.as_(QIN_YUE).get(&format!("/imports/{theirs}/job")).ok();
    assert_eq!((&job["state"], &job["error"]), (&json!("failed"), &json!("imports.rights_taken")));
    assert_eq!(known(&app, "N901"), None);
}

/// Unique numbers are judged by what holds when all of the file does.
// proves: ORG-06
#[test]
fn two_swap_their_numbers_in_one_file() {
    let app = house();
    let people = || {
        let both = [LIN_XIAO, cast::WU_TONG];
        app.read(move |tx| {
            let snapshot = snapshot(tx)?;
            Ok(both.map(|id| snapshot.person(id).cloned().unwrap()))
        })
    };
    let [lin_xiao, wu_tong] = people();
    let row = |of: &hanlin_directory::model::Person, mobile: &Option<String>, email: &Option<String>| {
        let (number, mobile, email) = (of.employee_number.as_deref(), mobile.as_deref(), email.as_deref());
        format!("{},{},{},{}", of.name, number.unwrap(), mobile.unwrap(), email.unwrap())
    };
    let swapped = format!(
        "姓名,工号,手机,邮箱\n{}\n{}\n",
        row(&lin_xiao, &wu_tong.mobile, &wu_tong.email),
        row(&wu_tong, &lin_xiao.mobile, &lin_xiao.email)
    );
    let import = upload(&app, GAO_XIANG, swapped.clone().into());
    assert_eq!((&import["counts"]["changed"], &import["counts"]["wrong"]), (&json!(2), &json!(0)), "{import}");
    let job = apply(&app, &id(&import), json!({}));
    assert_eq!(job["state"], "done", "{job}");
    let [after_lin, after_wu] = people();
    assert_eq!((&after_lin.mobile, &after_wu.mobile), (&wu_tong.mobile, &lin_xiao.mobile));
    assert_eq!((&after_lin.email, &after_wu.email), (&wu_tong.email, &lin_xiao.email));
    assert_eq!(after_lin.employee_number, lin_xiao.employee_number);
    let again = upload(&app, GAO_XIANG, swapped.into());
    assert_eq!(again["counts"]["unchanged"], 2);

    // Who gives up nothing keeps what he has.
    let taking = format!("姓名,工号,手机\n{},{},{}\n", lin_xiao.name, "QL0021", after_wu.mobile.unwrap());
    let refused = upload(&app, GAO_XIANG, taking.into());
    assert_eq!(refused["counts"]["wrong"], 1);
}

// proves: ORG-22 (only: company domain only)
#[test]
fn an_import_brings_in_no_mailbox_elsewhere() {
    let app = house();
    app.grant(GAO_XIANG, &[hanlin_rulebook::MANAGE]);
    let parameters = json!({ "profile.email_domains": ["qinglan.example"] });
    let clause = json!({ "unit": cast::QINGLAN, "number": "5", "text": { "zh": "单位邮箱" }, "policy": "profile", "parameters": parameters });
    app.as_(GAO_XIANG).post("/clauses", clause).ok();
    let row = |mailbox: &str| {
        format!(
            "姓名,工号,邮箱,单位编码,部门编码,岗位编码,主岗\n示例甲,N901,{mailbox},qinglan,it,engineer,是\n林晓,QL0021,{mailbox}x,,,,\n"
        )
    };
    let refused = upload(&app, GAO_XIANG, row("a@elsewhere.example").into());
    assert_eq!(refused["counts"]["wrong"], 2, "a newcomer's, and another one of somebody who is here: {refused}");
    let rows = app.as_(GAO_XIANG).get(&format!("/imports/{}/rows", id(&refused))).ok().to_string();
    assert!(rows.contains("rulebook.foreign_mailbox"), "{rows}");
}
