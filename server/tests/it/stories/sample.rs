//! The sample group in an installation with an organisation of its own: loaded, used, removed.

use std::{collections::BTreeMap, sync::Arc};

use hanlin_api::Services;
use hanlin_directory::cast;
use hanlin_files::{Blobs, Files};
use hanlin_kernel::{PersonId, UnitId};
use hanlin_testkit::{As, Setup, TestApp};
use hanlin_trace::{Keys, TraceRecorder};
use serde_json::{Value, json};

use super::running::{Running, error_of, outcome};

const PASSWORD: &str = "Nine-Lamps-4471";

/// A company of two, with a flow, a clause, an account each and a case that runs.
struct Company {
    app: TestApp,
    admin: String,
    employee: String,
    unit: UnitId,
    department: String,
    post: String,
    case: String,
}

impl Company {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        let modules = hanlin_server::modules::modules();
        let access = hanlin_access::Access::start(&modules).unwrap();
        let files = Files::new(Blobs::open(&folder).unwrap()).owned(hanlin_workflow::CASE, hanlin_workflow::CaseFiles);
        let sample = hanlin_sample::Sample::of(&modules, hanlin_server::commands::load_rules);
        let setup = Setup {
            recorder: Some(Arc::new(TraceRecorder::with(Arc::new(Keys::generate().unwrap())))),
            services: Services::default()
                .with(files)
                .with(access.clone())
                .with(sample)
                .with(crate::support::webhooks()),
            authenticator: Some(Arc::new(access)),
            ..Setup::default()
        };
        let app = TestApp::with(modules, setup);
        let token = app.write(hanlin_access::setup_token).unwrap();
        let wanted = json!({ "token": token.reveal(), "organisation": "松涛机械", "name": "管理员", "login": "admin",
                             "password": "Correct-Horse-7" });
        app.nobody().post("/setup", wanted).ok();
        let (unit, boss) = app.read(|tx| {
            let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
            let unit = directory.roots(at)[0].id;
            Ok((unit, directory.people_in_and_below(hanlin_directory::model::Place::Unit(unit), at)[0]))
        });
        let (admin, employee) = (String::new(), String::new());
        let (department, post, case) = (String::new(), String::new(), String::new());
        let mut company = Self { app, admin, employee, unit, department, post, case };
        company.admin = company.signed_in("admin", "Correct-Horse-7");
        company.furnish(boss);
        company
    }

    /// A department, somebody in it with an account, a clause, a flow, and a case that he began.
    fn furnish(&mut self, boss: PersonId) {
        let (admin, unit) = (self.as_(&self.admin), self.unit);
        let place = json!({ "kind": "unit", "id": unit });
        let department = json!({ "name": { "zh": "装配车间" }, "code": "platform", "parent": place });
        let department = admin.post("/departments", department).id();
        let post = json!({ "unit": unit, "code": "engineer", "name": { "zh": "技工" }, "position": 1 });
        let post = admin.post("/posts", post).id();
        let person = json!({ "name": "林小满", "employee_number": "QL0021", "post": post,
                             "place": { "kind": "department", "id": department } });
        let person = admin.post("/people", person).id();
        let account = admin.post("/accounts", json!({ "person": person, "login": "linxiao" })).ok();
        let clause = json!({ "unit": unit, "number": "第一条", "text": "口令至少十位。", "policy": "password",
                             "parameters": { "password.min_length": 10 }, "mode": "block" });
        admin.post("/clauses", clause);
        let flow = self.app.write(move |tx| {
            let flow: hanlin_workflow::engine::Flow = serde_json::from_value(json!({
                "id": "f-01-leave", "name": { "zh": "请假" }, "category": "人事",
                "form": { "fields": [{ "id": "text", "label": { "zh": "事由" }, "type": "text" }],
                          "layout": { "columns": 4, "rows": [[{ "field": "text" }]] } },
                "route": [{ "kind": "approve", "key": "boss", "name": { "zh": "批准" },
                            "who": [{ "rule": "person", "person": boss }] }]
            }))
            .unwrap();
            hanlin_workflow::import_and_publish(tx, unit, flow, "")
        });
        let first = account["one_time_password"].as_str().unwrap().to_owned();
        let cookie = self.signed_in("linxiao", &first);
        let changed = json!({ "current": first, "new": "Quiet-River-55" });
        self.as_(&cookie).post("/password", changed).ok();
        self.employee = self.signed_in("linxiao", "Quiet-River-55");
        let case = json!({ "flow": flow, "confirmed": true, "values": { "text": "家中有事" } });
        self.case = self.as_(&self.employee).post("/cases", case).id();
        (self.department, self.post) = (department, post);
    }

    fn as_(&self, cookie: &str) -> As<'_> {
        self.app.nobody().header("cookie", cookie)
    }

    fn signed_in(&self, login: &str, password: &str) -> String {
        let said = self.app.nobody().post("/sessions", json!({ "login": login, "password": password }));
        assert_eq!(said.status, 200, "{login}: {}", said.text());
        said.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    fn load(&self) -> Value {
        self.as_(&self.admin).post("/sample/load", json!({ "password": PASSWORD })).ok()
    }

    /// Somebody of the sample asks for leave, and his supervisor agrees. The case.
    fn use_sample(&self) -> String {
        let lin_xiao = self.signed_in("linxiao.sample", PASSWORD);
        let flows = self.as_(&lin_xiao).get("/flows").ok();
        let leave = flows["items"].as_array().unwrap().iter().find(|flow| flow["code"] == "f-01-leave").unwrap();
        let half = json!({ "date": "2026-03-05", "half": "am" });
        let request = json!({
            "flow": leave["id"], "confirmed": true,
            "values": { "kind": "personal", "period": { "from": half, "to": half }, "reason": "家中有事" },
        });
        let case = self.as_(&lin_xiao).post("/cases", request.clone()).id();
        self.as_(&lin_xiao).post("/drafts", request).ok();
        self.as_(&lin_xiao).post_bytes("/files?name=a.txt", b"of the sample".to_vec()).ok();
        let zhao_qing = self.signed_in("zhaoqing.sample", PASSWORD);
        let tasks = self.as_(&zhao_qing).get("/tasks").ok();
        let task = tasks["items"][0]["id"].as_str().unwrap();
        self.as_(&zhao_qing).post(&format!("/tasks/{task}/approval"), json!({ "text": "同意" })).ok();
        self.app.settle();
        case
    }

    /// What every list says to the administrator and to an employee, and what is said of things of the company's own.
    fn answers(&self) -> BTreeMap<String, (u16, String)> {
        let mut paths = list_routes();
        let own = [
            "/people?left=true".to_owned(),
            "/people?q=lin".to_owned(),
            "/people?q=%E6%9E%97".to_owned(),
            "/people?at=2025-01-01T00:00:00Z".to_owned(),
            "/places?at=2025-01-01T00:00:00Z".to_owned(),
            format!("/places?unit={}", self.unit),
            format!("/places/{}", self.unit),
            format!("/cases/{}", self.case),
            "/cases?list=started&q=lin".to_owned(),
            "/cases?list=done".to_owned(),
            "/cases?list=copied".to_owned(),
            format!("/clauses?unit={}", self.unit),
            format!("/permissions/workflow.manage/holders?unit={}", self.unit),
            "/organisation/export?locale=zh-CN&csv=people".to_owned(),
            "/organisation/export?locale=zh-CN&csv=posts".to_owned(),
        ];
        paths.extend(own);
        let mut answers = BTreeMap::new();
        for (who, cookie) in [("admin", &self.admin), ("employee", &self.employee)] {
            for path in &paths {
                let said = self.as_(cookie).get(path);
                let mut answer = said.text();
                if let Ok(mut problem) = serde_json::from_str::<Value>(&answer) {
                    problem.as_object_mut().map(|problem| problem.remove("request_id"));
                    answer = problem.to_string();
                }
                answers.insert(format!("{who} {path}"), (said.status, answer));
            }
        }
        answers
    }
}

/// Every route that reads and names nothing, without those that read the trace.
fn list_routes() -> Vec<String> {
    let document: Value = serde_json::from_str(&hanlin_server::commands::document().unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let reading = paths.filter(|(path, item)| item["get"].is_object() && !path.contains('{'));
    let routes: Vec<String> = reading.map(|(path, _)| path.clone()).filter(|path| !path.contains("/trace")).collect();
    assert!(routes.len() > 20, "the document lists them: {routes:?}");
    // Workbooks bear the time of their making; the same organisation is asked for as CSV.
    let workbooks = ["/organisation/export", "/organisation/template"];
    routes.into_iter().filter(|path| !workbooks.iter().any(|workbook| path.ends_with(workbook))).collect()
}

/// Every table, with the columns that may hold an id.
fn text_columns(company: &Company) -> Vec<(String, String)> {
    let described = company.app.read(hanlin_store::describe);
    let mut table = String::new();
    let mut columns = Vec::new();
    for line in described.lines().take_while(|line| *line != "indexes") {
        match line.strip_prefix("  ") {
            None => table = line.to_owned(),
            Some(column) if column.contains(" text") => {
                columns.push((table.clone(), column.split(' ').next().unwrap().to_owned()));
            }
            Some(_) => {}
        }
    }
    columns
}

/// Where one of these ids still stands.
fn traces_of(company: &Company, ids: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    let kept = |table: &str| table.starts_with("trace_");
    for (table, column) in text_columns(company).into_iter().filter(|(table, _)| !kept(table)) {
        let sql = format!("select {column} from {table} where {column} is not null");
        let values: Vec<String> = company.app.read(move |tx| tx.scalars(&sql, &[]));
        for value in values {
            let mut words = value.split(|sign: char| !sign.is_ascii_alphanumeric());
            if let Some(word) = words.find(|word| ids.iter().any(|id| id == word)) {
                found.push(format!("{table}.{column}: {word} in {value}"));
            }
        }
    }
    found
}

fn differences(before: &BTreeMap<String, (u16, String)>, after: &BTreeMap<String, (u16, String)>) -> Vec<String> {
    let differs = |(path, answer): &(&String, &(u16, String))| after.get(*path) != Some(answer);
    before
        .iter()
        .filter(differs)
        .map(|(path, (status, text))| format!("{path}\n  before: {status} {text}\n  after:  {:?}", after.get(path)))
        .collect()
}

// proves: ORG-01
#[test]
fn what_was_loaded_and_used_leaves_nothing_behind() {
    let company = Company::new();
    let before = company.answers();
    let loaded = company.load();
    assert!(loaded["people"].as_u64() > Some(150), "{loaded}");
    let case = company.use_sample();
    let state = company.as_(&company.admin).get("/sample").ok();
    assert_eq!((&state["loaded"], &state["cases"], &state["guests"]), (&json!(true), &json!(1), &json!([])), "{state}");
    assert!(!differences(&before, &company.answers()).is_empty(), "the administrator sees it while it is there");

    let mut ids: Vec<String> = company.app.read(|tx| {
        let sample = hanlin_directory::sample(tx)?.unwrap();
        let places =
            sample.units.iter().map(ToString::to_string).chain(sample.departments.iter().map(ToString::to_string));
        Ok(sample.people.iter().map(ToString::to_string).chain(places).collect())
    });
    ids.push(case.clone());
    assert!(traces_of(&company, &ids).len() > 1_000, "the search finds what is there");
    let cookie = company.signed_in("xujing.sample", PASSWORD);
    let removed = company.as_(&company.admin).post("/sample/removal", json!({})).ok();
    assert_eq!((&removed["counts"]["cases"], &removed["counts"]["files"]), (&json!(1), &json!(1)), "{removed}");
    assert_eq!(traces_of(&company, &ids), Vec::<String>::new());
    assert_eq!(differences(&before, &company.answers()), Vec::<String>::new());
    assert_eq!(company.as_(&cookie).get("/session").status, 401, "sessions are over");
    let again = json!({ "login": "linxiao.sample", "password": PASSWORD });
    assert_eq!(company.app.nobody().post("/sessions", again).status, 409, "and nobody signs in any more");
    // The timers of what went do not fire into nothing.
    company.app.clock.advance(jiff::SignedDuration::from_hours(24 * 7));
    company.app.settle();
    assert_eq!(company.app.read(|tx| hanlin_store::outbox::list_given_up(tx, 10)), Vec::new());

    let company = Company { admin: company.signed_in("admin", "Correct-Horse-7"), ..company };
    assert!(company.load()["people"].as_u64() > Some(150), "it is loaded afresh");
}

// proves: TRACE-01
#[test]
fn the_trace_keeps_what_the_sample_did_and_says_so() {
    let company = Company::new();
    company.load();
    let case = company.use_sample();
    let entries = |path: &str| company.as_(&company.admin).get(path).ok()["items"].as_array().unwrap().clone();
    let stream = format!("/trace?stream=workflow/case/{case}");
    let while_there = entries(&stream);
    assert!(while_there.len() >= 2 && while_there.iter().all(|entry| entry["sample"] == true), "{while_there:?}");
    let all = entries("/trace?limit=200").len();
    company.app.clock.advance(jiff::SignedDuration::from_secs(60));
    company.as_(&company.admin).post("/sample/removal", json!({})).ok();
    assert_eq!(entries(&stream), while_there, "every entry stands, and is marked");
    assert!(entries("/trace?limit=200").len() >= all.min(200));
    let own = entries(&format!("/trace?stream=workflow/case/{}", company.case));
    assert!(!own.is_empty() && own.iter().all(|entry| entry["sample"] == false), "{own:?}");
    let acts = entries("/trace?kind=sample.");
    let kinds: Vec<&str> = acts.iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["sample.removed", "sample.loaded"]);
    assert!(acts.iter().all(|entry| entry["sample"] == false), "who loads and removes it is of the organisation");
}

// proves: PERM-02
#[test]
fn the_sample_and_the_organisation_keep_apart() {
    let company = Company::new();
    company.load();
    let lin_xiao = company.signed_in("linxiao.sample", PASSWORD);
    let names = |cookie: &str, q: &str| {
        let found = company.as_(cookie).get(&format!("/people?q={q}")).ok();
        found["items"].as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
    };
    let (theirs, ours): (Vec<String>, Vec<String>) = (names(&lin_xiao, "lin"), names(&company.employee, "lin"));
    assert!(theirs.contains(&"林晓".to_owned()) && !theirs.contains(&"林小满".to_owned()), "{theirs:?}");
    assert_eq!(ours, ["林小满"]);

    let admin = company.as_(&company.admin);
    let appointment = json!({ "person": cast::LIN_XIAO, "post": company.post,
                              "place": { "kind": "department", "id": company.department } });
    assert_eq!(admin.post("/appointments", appointment).refused(409)["code"], "directory.sample_apart");
    let moved = json!({ "parent": company.unit });
    let said = admin.clone().header("if-match", "\"1\"").patch(&format!("/units/{}", cast::QINGLAN), moved);
    assert_eq!(said.refused(409)["code"], "directory.sample_apart");

    // The administrator of the sample administers it alone.
    let gao_xiang = company.signed_in("gaoxiang.sample", PASSWORD);
    assert_eq!(company.as_(&gao_xiang).post("/sample/removal", json!({})).status, 403);
    let accounts = company.as_(&gao_xiang).get("/accounts?limit=200").ok().to_string();
    assert!(accounts.contains("linxiao.sample") && !accounts.contains("\"linxiao\""), "{accounts}");

    // A task of a case of the organisation does not go to somebody of the sample.
    let tasks = admin.get("/tasks").ok();
    let task = tasks["items"][0]["id"].as_str().unwrap();
    let over = json!({ "to": cast::LIN_XIAO, "text": "请办" });
    assert_eq!(admin.post(&format!("/tasks/{task}/hand_over"), over).refused(409)["code"], "workflow.sample_apart");
}

#[test]
fn what_would_collide_is_refused_and_changes_nothing() {
    let company = Company::new();
    let admin = company.as_(&company.admin);
    let public = json!({ "password": hanlin_access::SAMPLE_PASSWORD });
    assert_eq!(admin.post("/sample/load", public).status, 422, "the password that everybody knows");
    let mobile = admin.get("/people?q=%E6%9E%97").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    admin
        .clone()
        .header("if-match", "\"1\"")
        .patch(&format!("/people/{mobile}"), json!({ "mobile": "19900000001" }))
        .ok();
    let before = company.answers();
    let said = admin.post("/sample/load", json!({ "password": PASSWORD })).refused(409);
    assert_eq!((&said["code"], &said["args"]["taken"]), (&json!("directory.sample_taken"), &json!("19900000001")));
    assert_eq!(differences(&before, &company.answers()), Vec::<String>::new());
    admin.clone().header("if-match", "\"2\"").patch(&format!("/people/{mobile}"), json!({ "mobile": null })).ok();
    company.load();
    let said = admin.post("/sample/load", json!({ "password": PASSWORD })).refused(409);
    assert_eq!(said["code"], "directory.sample_there");
    assert_eq!(company.as_(&company.employee).get("/sample").status, 403);
}

#[test]
fn the_command_line_loads_and_removes_it_too() {
    let data = tempfile::tempdir().unwrap();
    let load = |password: &str| outcome(&["sample", "load", "--password", password], data.path());
    let said = error_of(&load("short"));
    assert!(said.contains("nothing was changed"), "{said}");
    let said = error_of(&load(PASSWORD));
    assert!(said.contains("not set up yet"), "{said}");
    let said = error_of(&outcome(&["sample", "remove"], data.path()));
    assert!(said.contains("no sample group"), "{said}");

    let server = Running::start(data.path(), &[]);
    let link = server.said.iter().find(|line| line.contains("/setup?token=")).unwrap();
    let token = link.split("token=").nth(1).unwrap().trim();
    let wanted = json!({ "token": token, "organisation": "松涛机械", "name": "管理员", "login": "admin",
                         "password": "Correct-Horse-7" });
    assert_eq!(server.post("/api/v1/setup", &wanted).0, 200);
    server.stop();
    let loaded = load(PASSWORD);
    let said = String::from_utf8_lossy(&loaded.stdout).into_owned();
    assert!(loaded.status.success() && said.contains("linxiao.sample"), "{said}");

    // Its password is not public: the server answers other machines as before.
    let server = Running::start(data.path(), &[]);
    assert_eq!(server.get("/healthz", &[("host", "oa.example.org")]).0, 200);
    let (status, me, _) = server.post("/api/v1/sessions", &json!({ "login": "linxiao.sample", "password": PASSWORD }));
    assert_eq!((status, &me["sample"]), (200, &json!(true)), "every page of hers says so");
    server.stop();
    let removed = outcome(&["sample", "remove"], data.path());
    let said = String::from_utf8_lossy(&removed.stdout).into_owned();
    assert!(removed.status.success() && said.contains("3 units") && said.contains("trace"), "{said}");
}

/// An installation that was begun with the sample has nobody else to administer it.
#[test]
fn a_sample_that_everything_hangs_on_is_not_removed() {
    let data = tempfile::tempdir().unwrap();
    Running::start(data.path(), &["--sample"]).stop();
    let said = error_of(&outcome(&["sample", "remove"], data.path()));
    assert!(said.contains("nothing was changed") && said.contains("administrator"), "{said}");
    let said = error_of(&outcome(&["sample", "load", "--password", PASSWORD], data.path()));
    assert!(said.contains("loaded already"), "{said}");
}
