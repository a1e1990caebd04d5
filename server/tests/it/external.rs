//! People of external organisations (ORG-24): what they may do, and that nothing of the house reaches them by any door.

use std::collections::BTreeSet;
use std::sync::Arc;

use hanlin_api::Services;
use hanlin_directory::cast::{GAO_XIANG, HR, LIN_XIAO, QINGLAN, RD, ZHENG_KAI};
use hanlin_files::{Blobs, Files};
use hanlin_testkit::{As, Setup, TestApp};
use serde_json::{Value, json};

/// A supplier, and a second one, below the group; a form that is open to the first.
struct House {
    app: TestApp,
    supplier: String,
    /// Of the supplier.
    he: String,
    colleague: String,
    /// Of the second supplier.
    rival: String,
    quotation: String,
    everyones: String,
    _folder: tempfile::TempDir,
}

const QUOTATION: &str = "
hanlin: flow/1
id: x-01-quotation
name: { zh: 报价单, en: Quotation }
category: purchasing
may_start: { unit: yuanfan }
form:
  fields:
    offer: { label: { zh: 报价说明, en: Offer }, type: text, required: true, max_length: 200 }
    sheet: { label: { zh: 附件, en: Sheet }, type: attachment }
    order:
      label: { zh: 编制调整令, en: Order }
      type: record
      of: { kind: structure_order }
      show: [title]
    former: { label: { zh: 以前的报价, en: Former }, type: case }
  layout:
    - [offer 2, sheet 2]
    - [order 2, former 2]
    - { opinions: check }
route:
  - approve: check
    name: { zh: 审核报价, en: Checked }
    who: { post: admin_manager }
  - handle: deliver
    name: { zh: 供货确认, en: Delivered }
    who: initiator
";

/// Open to everybody, with people that the initiator chooses among everybody.
const EVERYONES: &str = "
hanlin: flow/1
id: x-02-round
name: { zh: 传阅单, en: Round }
category: purchasing
may_start: everyone
form:
  fields:
    about: { label: { zh: 内容, en: About }, type: text, required: true, max_length: 200 }
  layout:
    - [about 4]
route:
  - approve: heard
    name: { zh: 征求意见, en: Heard }
    who: { initiator_choice: { min: 1, max: 20 } }
";

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let modules = hanlin_server::modules::modules();
        let access = hanlin_access::Access::start(&modules).unwrap();
        let files =
            Files::new(Blobs::open(folder.path()).unwrap()).owned(hanlin_workflow::CASE, hanlin_workflow::CaseFiles);
        let sample = hanlin_sample::Sample::of(&modules, hanlin_server::commands::load_rules);
        let services =
            Services::default().with(files).with(access.clone()).with(sample).with(crate::support::webhooks());
        let setup = Setup { services, authenticator: Some(Arc::new(access.clone())), ..Setup::default() };
        let app = TestApp::with(modules, setup);
        let password = hanlin_access::Secret::new(hanlin_access::SAMPLE_PASSWORD);
        let hash = app.block_on(access.hashing().hash(password)).unwrap();
        app.write(move |tx| {
            hanlin_directory::cast::load_sample(tx)?;
            hanlin_access::load_sample(tx, &hash).map(drop)
        });
        let mut house = Self {
            app,
            supplier: String::new(),
            he: String::new(),
            colleague: String::new(),
            rival: String::new(),
            quotation: String::new(),
            everyones: String::new(),
            _folder: folder,
        };
        let admin = house.sample_browser("gaoxiang");
        // The mailboxes of the house are not theirs.
        let rule = json!({ "unit": QINGLAN, "number": "第五条", "text": { "zh": "单位邮箱" }, "policy": "profile",
                           "parameters": { "profile.email_domains": ["qinglan.example"] } });
        admin.post("/clauses", rule).ok();
        let found = |code: &str, name: &str| {
            let unit = json!({ "parent": QINGLAN, "kind": "external", "code": code, "name": { "zh": name } });
            admin.post("/units", unit).id()
        };
        let (supplier, second) = (found("yuanfan", "远帆供货商"), found("baihe", "百合供货商"));
        let post = json!({ "unit": QINGLAN, "code": "contact", "name": { "zh": "业务联系人" } });
        let post = admin.post("/posts", post).id();
        let join = |name: &str, mailbox: &str, unit: &str| {
            let place = json!({ "kind": "unit", "id": unit });
            let person = json!({ "name": name, "email": mailbox, "post": post, "place": place });
            admin.post("/people", person).id()
        };
        let he = join("尤一帆", "you@yuanfan.example", &supplier);
        let colleague = join("水远影", "shui@yuanfan.example", &supplier);
        let rival = join("花百合", "hua@baihe.example", &second);
        let publish = |text: &'static str| {
            house.app.write(move |tx| {
                let package = hanlin_workflow::package::read(text).expect("the package reads");
                hanlin_workflow::import_and_publish(tx, QINGLAN, package.flow, text)
            })
        };
        let (quotation, everyones) = (publish(QUOTATION).to_string(), publish(EVERYONES).to_string());
        drop(admin);
        (house.supplier, house.he, house.colleague, house.rival) = (supplier, he, colleague, rival);
        (house.quotation, house.everyones) = (quotation, everyones);
        house
    }

    fn signed_in(&self, login: &str, password: &str) -> As<'_> {
        let said = self.app.nobody().post("/sessions", json!({ "login": login, "password": password }));
        let cookie = said.headers.get("set-cookie").unwrap_or_else(|| panic!("{login}: {}", said.text()));
        let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        self.app.nobody().header("cookie", pair)
    }

    fn sample_browser(&self, login: &str) -> As<'_> {
        self.signed_in(login, hanlin_access::SAMPLE_PASSWORD)
    }

    /// Signs somebody from outside in, with an account of his own.
    fn browser_of(&self, person: &str, login: &str) -> As<'_> {
        let admin = self.sample_browser("gaoxiang");
        let opened = admin.post("/accounts", json!({ "person": person, "login": login })).ok();
        let first = opened["one_time_password"].as_str().unwrap();
        let password = "Wai-bu!2026-ren";
        let browser = self.signed_in(login, first);
        browser.post("/password", json!({ "current": first, "new": password })).ok();
        browser
    }

    fn quote(&self, browser: &As<'_>) -> String {
        let sheet = browser.post_bytes("/files?name=price.txt", b"sheet".to_vec()).id();
        let values = json!({ "offer": "每件八元", "sheet": [sheet] });
        browser.post("/cases", json!({ "flow": self.quotation, "values": values, "confirmed": true })).id()
    }

    /// The names of people and places of the house and how its people are reached, but for these people.
    fn secrets(&self, but: &[&str]) -> BTreeSet<String> {
        self.app
            .read(|tx| {
                let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
                let mut secrets = BTreeSet::new();
                for person in directory.people().filter(|person| !directory.is_external(person.id)) {
                    secrets.insert(person.name.clone());
                    secrets.extend([person.mobile.clone(), person.email.clone()].into_iter().flatten());
                }
                for place in directory.places(at).filter(|place| !directory.is_external_place(*place)) {
                    secrets.insert(directory.name_of(place, at).unwrap().zh.clone());
                }
                Ok(secrets)
            })
            .into_iter()
            .filter(|secret| !but.contains(&secret.as_str()))
            .collect()
    }
}

/// Every operation that reads: its name, path and guard.
fn reading() -> Vec<(String, String, String)> {
    let document: Value = serde_json::from_str(&hanlin_server::commands::document().unwrap()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let word = |operation: &Value, field: &str| operation[field].as_str().unwrap().to_owned();
    let read = paths.filter_map(|(path, item)| Some((path, item.get("get")?)));
    read.map(|(path, get)| (word(get, "operationId"), path.clone(), word(get, "x-guard"))).collect()
}

// proves: ORG-24, PERM-02
#[test]
fn nothing_of_the_house_reaches_a_person_from_outside_by_any_door() {
    let house = House::new();
    let outside = house.browser_of(&house.he, "you.yifan");
    let rival = house.browser_of(&house.rival, "hua.baihe");
    let case = house.quote(&outside);
    let shown = outside.get(&format!("/cases/{case}")).ok();
    let file = shown["values"]["sheet"][0].as_str().unwrap().to_owned();
    let content = json!({ "flow": house.quotation, "values": { "offer": "七元" } });
    let draft = outside.post("/drafts", content).id();
    let lin = house.sample_browser("linxiao");
    let choices = json!({ "heard": [ZHENG_KAI] });
    let internal =
        json!({ "flow": house.everyones, "values": { "about": "内部" }, "choices": choices, "confirmed": true });
    let internal = lin.post("/cases", internal).id();
    let internal_file = lin.post_bytes("/files?name=inside.txt", b"inside".to_vec()).id();

    // Each of the operations that let him in, with what is his, what is another's and what is not there.
    let quotation = &house.quotation;
    let asked: Vec<(&str, Vec<String>)> = vec![
        ("find_counts", vec!["/counts".into()]),
        ("find_draft", vec![format!("/drafts/{draft}")]),
        ("find_case", vec![format!("/cases/{case}"), format!("/cases/{internal}")]),
        ("find_file", vec![format!("/files/{file}"), format!("/files/{internal_file}")]),
        ("find_file_thumbnail", vec![format!("/files/{file}/thumbnail")]),
        ("find_flow_start", vec![format!("/flows/{quotation}/start"), format!("/flows/{}/start", house.everyones)]),
        ("find_profile", vec!["/profile".into()]),
        ("find_own_filters", vec!["/own_filters".into()]),
        ("find_own_phrases", vec!["/own_phrases".into()]),
        ("find_session", vec!["/session".into()]),
        ("find_setup", vec!["/setup".into()]),
        ("list_cases", ["handled", "started", "copied"].map(|list| format!("/cases?list={list}")).into()),
        (
            "list_cases_to_name_of_flow",
            vec![
                format!("/flows/{quotation}/fields/former/cases"),
                format!("/flows/{}/fields/about/cases", house.everyones),
            ],
        ),
        (
            "list_cases_to_name_of_case",
            vec![format!("/cases/{case}/fields/former/cases"), format!("/cases/{internal}/fields/about/cases")],
        ),
        ("list_drafts", vec!["/drafts".into()]),
        ("list_flows", vec!["/flows".into()]),
        ("list_notifications", vec!["/notifications".into()]),
        (
            "list_records_of_flow",
            vec![
                format!("/flows/{quotation}/fields/order/records"),
                format!("/flows/{}/fields/about/records", house.everyones),
            ],
        ),
        (
            "list_records_of_case",
            vec![format!("/cases/{case}/fields/order/records"), format!("/cases/{internal}/fields/about/records")],
        ),
        ("list_sessions", vec!["/sessions".into()]),
        ("list_sign_ins", vec!["/sign_ins".into()]),
        ("list_tasks", vec!["/tasks".into()]),
    ];
    // Who handles his case now is told to him; nobody else is.
    let secrets = house.secrets(&["郑凯"]);
    assert!(secrets.len() > 150 && secrets.contains("林晓") && secrets.contains("人力资源部"));
    let mut answered = 0;
    for (operation, path, guard) in reading() {
        let open = matches!(guard.as_str(), "anyone" | "opening" | "external");
        let urls = asked.iter().find(|(name, _)| *name == operation).map(|(_, urls)| urls.clone());
        assert_eq!(
            urls.is_some(),
            open,
            "{operation} lets people from outside in: it is asked here, with what is theirs"
        );
        let node = if path.contains("unit") { QINGLAN.to_string() } else { LIN_XIAO.to_string() };
        let filled = path.split('/').map(|part| if part.starts_with('{') { node.as_str() } else { part });
        let shut = vec![filled.collect::<Vec<_>>().join("/")];
        for url in urls.unwrap_or(shut) {
            let said = outside.get(&url);
            let text = said.text();
            if open {
                assert!(said.status < 500, "{operation}: {text}");
                answered += usize::from(said.status == 200);
            } else {
                assert_eq!(
                    (said.status, &said.json()["code"]),
                    (403, &json!("access.external")),
                    "{operation}: {text}"
                );
            }
            let told = secrets.iter().find(|secret| text.contains(secret.as_str()));
            assert_eq!(told, None, "{operation} {url} tells of the house: {text}");
            assert!(
                !text.contains("花百合") && !text.contains("水远影"),
                "{operation} tells of others outside: {text}"
            );
        }
    }
    assert!(answered >= asked.len() - 2, "what is his own is answered: {answered}");
    for other in [&internal, &case] {
        rival.get(&format!("/cases/{other}")).refused(404);
    }
    rival.get(&format!("/files/{file}")).refused(404);
    outside.get(&format!("/cases/{internal}")).refused(404);
    outside.get(&format!("/files/{internal_file}")).refused(404);
    outside.get(&format!("/flows/{}/start", house.everyones)).refused(404);
}

// proves: ORG-24, PERM-11
#[test]
fn a_person_from_outside_starts_what_is_open_to_him_and_answers_what_waits_for_him() {
    let house = House::new();
    let outside = house.browser_of(&house.he, "you.yifan");
    let flows = outside.get("/flows").ok();
    let ids: Vec<&str> = flows["items"].as_array().unwrap().iter().map(|flow| flow["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [house.quotation.as_str()], "what is open to everybody is open to everybody of the house");
    let round = json!({ "flow": house.everyones, "values": { "about": "我" }, "choices": { "heard": [ZHENG_KAI] }, "confirmed": true });
    assert_eq!(outside.post("/cases", round).refused(409)["code"], "workflow.may_not_start");
    let typed = json!({ "flow": house.everyones, "values": {} });
    outside.post("/drafts", typed).refused(404);
    outside.post(&format!("/flows/{}/prediction", house.everyones), json!({ "values": {} })).refused(404);

    let case = house.quote(&outside);
    let manager = house.sample_browser("zhengkai");
    let seen = manager.get(&format!("/cases/{case}")).ok();
    let initiator = seen["initiator"]["person"].as_str().unwrap();
    assert_eq!((initiator, &seen["people"][initiator]["external"]), (house.he.as_str(), &json!(true)), "and is marked");
    let task = manager.get("/tasks").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    manager.post(&format!("/tasks/{task}/approval"), json!({ "text": "价格偏高，下次再压" })).ok();

    let own = outside.get(&format!("/cases/{case}")).ok();
    assert!(!own.to_string().contains("价格偏高"), "what the house says to itself stays there");
    assert_eq!(own["tasks"][0]["node"], "deliver");
    let verbs = own["tasks"][0]["can"].as_array().unwrap();
    for verb in ["transfer", "delegate", "consult", "add_signer"] {
        assert!(!verbs.contains(&json!(verb)), "{verb} needs to know whom there is");
    }
    let task = own["tasks"][0]["id"].as_str().unwrap();
    let passing = json!({ "to": LIN_XIAO, "text": "请办" });
    assert_eq!(outside.post(&format!("/tasks/{task}/transfer"), passing).refused(403)["code"], "access.external");
    outside.post(&format!("/tasks/{task}/completion"), json!({ "text": "已发货" })).ok();
    assert_eq!(outside.get(&format!("/cases/{case}")).ok()["status"], "completed");
    let told = outside.get("/notifications").ok();
    assert!(told["items"].as_array().unwrap().iter().any(|one| one["code"] == "workflow.notice.task"), "{told}");
}

// proves: ORG-24
#[test]
fn nobody_from_outside_is_among_everybody() {
    let house = House::new();
    let admin = house.sample_browser("gaoxiang");
    let of = |query: &str| admin.get(&format!("/people?limit=200&{query}")).ok()["items"].as_array().unwrap().len();
    assert_eq!((of("external=true"), of("external=true&q=hbh"), of("external=false&q=hbh")), (3, 1, 0));
    assert_eq!(of("external=false"), of("") - 3);
    let measured = admin.get("/completeness").ok()["people"].as_u64().unwrap();
    assert_eq!(measured as usize, of("external=false"), "they owe the house no profile");
    // Chosen among everybody is chosen among the people of the house.
    let lin = house.sample_browser("linxiao");
    let round = |person: &str| json!({ "flow": house.everyones, "values": { "about": "价格" }, "choices": { "heard": [person] }, "confirmed": true });
    assert_eq!(lin.post("/cases", round(&house.he)).refused(409)["code"], "workflow.choice_not_allowed");
    lin.post("/cases", round(&ZHENG_KAI.to_string())).ok();
    // And rights are given to nobody from outside: neither by name, nor by what everybody has.
    let role = admin.get("/roles").ok().to_string();
    assert!(role.contains("personnel_administrator"));
    let what = json!({ "kind": "permission", "name": "directory.read" });
    let grant = |subject: Value| json!({ "what": what, "subject": subject, "scope": "all", "reason": "试" });
    let by_name = grant(json!({ "kind": "person", "id": house.he }));
    assert_eq!(admin.post("/grants", by_name).refused(409)["code"], "access.external_holds_nothing");
    let outside = house.browser_of(&house.he, "you.yifan");
    let me = outside.get("/session").ok();
    assert_eq!((&me["external"], &me["permissions"]), (&json!(true), &json!([])));
    assert_eq!(admin.get("/session").ok()["external"], false);
    // His own profile is his, without the lines that lead into the house.
    let profile = outside.get("/profile").ok();
    assert_eq!((&profile["missing"], &profile["email_domains"]), (&json!([]), &json!([])));
    let version = profile["version"].clone();
    let changed = outside
        .clone()
        .header("If-Match", version)
        .patch(&format!("/people/{}", house.he), json!({ "mobile": "19933330001" }));
    let changed = changed.ok();
    assert_eq!((&changed["phone"], &changed["reporting_line"]), (&json!("19933330001"), &json!([])));
    outside
        .clone()
        .header("If-Match", 1)
        .patch(&format!("/people/{}", house.colleague), json!({ "mobile": null }))
        .refused(404);
}

// proves: ORG-24, ORG-03
#[test]
fn orders_do_not_mix_the_house_with_those_outside() {
    let house = House::new();
    let admin = house.sample_browser("gaoxiang");
    let department =
        json!({ "parent": { "kind": "unit", "id": house.supplier }, "name": { "zh": "销售组" }, "code": "ext_sales" });
    let outside = admin.post("/departments", department).id();
    house.app.clock.advance(jiff::SignedDuration::from_mins(1));
    let held = admin.get(&format!("/people/{}", house.he)).ok()["appointments"][0].clone();
    let post = admin.get("/posts?limit=200").ok()["items"][0]["id"].clone();
    let into = |id: &dyn std::fmt::Display| json!({ "kind": "department", "id": id.to_string() });
    for change in [
        json!({ "change": "merge_department", "department": outside, "into": into(&RD) }),
        json!({ "change": "move_department", "department": HR, "to": { "kind": "unit", "id": house.supplier } }),
        json!({ "change": "transfer", "appointment": held["id"], "post": post, "to": into(&HR) }),
        json!({ "change": "appoint", "person": LIN_XIAO, "post": post, "to": { "kind": "unit", "id": house.supplier } }),
        json!({ "change": "set_leader", "place": into(&HR), "as": "head", "person": house.he }),
        json!({ "change": "leave", "person": LIN_XIAO, "successor": house.he }),
        json!({ "change": "create_unit", "key": "u1", "parent": house.supplier, "kind": "branch", "name": { "zh": "分部" } }),
    ] {
        let order = json!({ "unit": QINGLAN, "title": "调整", "changes": [change] });
        let order = admin.post("/orders", order).id();
        let seen = admin.post(&format!("/orders/{order}/preview"), json!({})).ok();
        assert_eq!(seen["problem"]["code"], "directory.external_apart", "{change}");
    }
    let alone = json!({ "kind": "external", "name": { "zh": "无主" }, "time_zone": "Asia/Shanghai" });
    assert_eq!(admin.post("/units", alone).refused(409)["code"], "directory.external_alone");
    let turned =
        admin.clone().header("If-Match", 1).patch(&format!("/units/{}", house.supplier), json!({ "kind": "branch" }));
    assert_eq!(turned.refused(409)["code"], "directory.external_apart");
    let seats = admin.get("/seats").ok().to_string();
    assert!(!seats.contains("远帆"), "an external organisation is no using unit that has seats to fill");
    let register = admin.get("/unit_registry").ok();
    let entry = register["items"].as_array().unwrap().iter().find(|unit| unit["kind"] == "external").expect("listed");
    assert!(entry.get("seats").is_none(), "{entry}");
    assert!(admin.get(&format!("/people/{GAO_XIANG}")).ok().get("external").is_none());
}
