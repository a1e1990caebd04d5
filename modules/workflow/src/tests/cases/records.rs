//! Cases that name entries of registers: who may choose them, what they fill, and how they are shown (FORM-01).

use hanlin_directory::cast::{GAO_XIANG, LIN_XIAO, QINGLAN, SU_TING, WU_TONG, XU_JING, ZHAO_QING};
use hanlin_forms::form::FieldType;
use hanlin_kernel::{Actor, Grant, PersonId, Result, Scopes, Text};
use hanlin_store::{Ports, Tx, params};
use serde_json::{Value, json};

use super::office::{Office, publish};
use crate::{
    Record, Register, RegisterColumn,
    cases::{AskedNames, name_plans},
    flows::FlowId,
    package::{self, Installation},
};

const SUPPLIERS: &str = "hanlin: flow/1
id: t-suppliers
name: 供应商登记
category: purchase
may_start: everyone
form:
  fields:
    name: { label: { zh: 名称, en: Name }, type: text, indexed: true, required: true }
    code: { label: { zh: 代码, en: Code }, type: text, indexed: true }
    account: { label: 账号, type: text }
    level: { label: { zh: 级别, en: Level }, type: choice, indexed: true, options: { gold: { zh: 金, en: Gold }, plain: { zh: 普通, en: Plain } } }
    secret: { label: 底价, type: money, indexed: true, readers: { visible_to: [{ department: finance, below: true }] } }
    note: { label: 备注, type: text }
  layout:
    - [name, code, account, level]
    - [secret 2, note 2]
route:
  - approve: check
    name: 审核
    who: superior
settings:
  after_completion: { revoke: true }
";

const PAYS: &str = "hanlin: flow/1
id: t-pays
name: 付款
category: purchase
may_start: everyone
form:
  fields:
    supplier: { label: { zh: 供应商, en: Supplier }, type: record, of: { flow: t-suppliers }, show: [name, code, level, secret], fill: { account: account, level: level }, indexed: true }
    account: { label: 账号, type: text }
    level: { label: 级别, type: choice, options: { gold: 金, plain: 普通 } }
    order: { label: 调整令, type: record, of: { kind: sheet }, show: [title, day], multiple: true }
  layout:
    - [supplier 2, account, level]
    - order
route:
  - approve: check
    name: 审批
    who: superior
settings:
  start_fields: { level: read }
";

/// A register of a module: one sheet that everybody in the house may see, and one that Wu Tong alone may.
const SHEETS: Register = Register {
    kind: "sheet",
    columns: &[
        RegisterColumn { name: "title", label: ("标题", "Title"), kind: FieldType::Text },
        RegisterColumn { name: "day", label: ("日期", "Day"), kind: FieldType::Date },
    ],
    search,
    find,
};

fn sheet(number: u64) -> String {
    hanlin_kernel::Id::<()>::fixed(700 + number).to_string()
}

fn search(tx: &mut Tx, actor: &Actor, words: &str, most: usize) -> Result<Vec<Record>> {
    let mut found = Vec::new();
    for number in 1..=2 {
        found.extend(find(tx, actor, &sheet(number))?);
    }
    found.retain(|record| record.values["title"]["zh"].as_str().unwrap().contains(words));
    found.truncate(most);
    Ok(found)
}

fn find(_tx: &mut Tx, actor: &Actor, id: &str) -> Result<Option<Record>> {
    let number = (1..=2).find(|number| sheet(*number) == id && (*number == 1 || actor.principal() == WU_TONG));
    Ok(number.map(|number| {
        let title = Text::new(format!("第{number}号"), format!("Sheet {number}"));
        let Value::Object(values) = json!({ "title": title, "day": "2026-03-01" }) else { unreachable!() };
        Record { id: id.to_owned(), values, link: Some(format!("/sheets/{number}")) }
    }))
}

/// As an address has it.
fn written(words: &str) -> String {
    words.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

struct Books {
    office: Office,
    suppliers: String,
    pays: String,
}

fn books() -> Books {
    let office = Office::with_ports(Ports::default().with(SHEETS));
    let suppliers = office.app.write(|tx| publish(tx, SUPPLIERS)).to_string();
    let pays = office.app.write(|tx| publish(tx, PAYS)).to_string();
    Books { office, suppliers, pays }
}

impl Books {
    /// One that Lin Xiao registered and her superior approved.
    fn supplier(&self, name: &str, more: Value) -> String {
        let mut values = json!({ "name": name });
        values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let case = self.registers(values);
        self.office.approve(ZHAO_QING);
        case
    }

    fn registers(&self, values: Value) -> String {
        self.office.submit(LIN_XIAO, json!({ "flow": self.suppliers, "confirmed": true, "values": values }))
    }

    fn asked(&self, values: Value) -> Value {
        json!({ "flow": self.pays, "confirmed": true, "values": values })
    }

    fn refused(&self, person: PersonId, values: Value) -> Value {
        self.office.app.as_(person).post("/cases", self.asked(values)).refused(422)["fields"].clone()
    }

    /// The names of what he may choose where these words are found.
    fn found(&self, person: PersonId, field: &str, words: &str) -> Vec<String> {
        self.names(person, &format!("/flows/{}/fields/{field}/records?q={}", self.pays, written(words)))
    }

    fn names(&self, person: PersonId, path: &str) -> Vec<String> {
        let said = self.office.app.as_(person).get(path).ok();
        said["items"].as_array().unwrap().iter().map(|one| one["name"]["zh"].as_str().unwrap().to_owned()).collect()
    }

    /// He may read the cases of this flow from now on.
    fn lets_query(&self, person: PersonId, flow: &str) {
        let permission = format!("workflow.query:{flow}");
        let grants = vec![Grant { permission, scopes: Scopes::everything() }];
        self.office.app.acting(Actor { grants, ..Actor::person(person) });
    }
}

// proves: FORM-01, FORM-04, PERM-08
#[test]
fn a_register_holds_the_completed_cases_that_one_may_see_and_nothing_else_is_chosen() {
    let books = books();
    let cloud = books.supplier("云杉设备", json!({ "code": "A-1", "level": "gold" }));
    let birch = books.supplier("白桦文具", json!({ "code": "B-2" }));
    let open = books.registers(json!({ "name": "未批公司" }));
    assert_eq!(
        books.found(LIN_XIAO, "supplier", ""),
        ["白桦文具", "云杉设备"],
        "the youngest first, and none that runs"
    );
    assert_eq!(books.found(LIN_XIAO, "supplier", "设备"), ["云杉设备"]);
    assert_eq!(books.found(LIN_XIAO, "supplier", "b-2"), ["白桦文具"], "by what is shown, in any letters");
    assert_eq!(books.found(WU_TONG, "supplier", ""), [""; 0], "he has no part in them");
    let leave = books.office.submit(LIN_XIAO, books.office.half_day());
    let wrong = json!([{ "field": "values.supplier", "code": "workflow.no_such_record" }]);
    for named in [&open, &leave, &hanlin_kernel::Id::<()>::fixed(77).to_string()] {
        assert_eq!(books.refused(LIN_XIAO, json!({ "supplier": [named] })), wrong);
    }
    assert_eq!(books.refused(WU_TONG, json!({ "supplier": [&cloud] })), wrong);

    books.lets_query(WU_TONG, &books.suppliers);
    assert_eq!(books.found(WU_TONG, "supplier", "云杉"), ["云杉设备"]);
    books.office.submit(WU_TONG, books.asked(json!({ "supplier": [&cloud] })));
    let several = books.refused(LIN_XIAO, json!({ "supplier": [&cloud, &birch] }));
    assert_eq!(several[0]["code"], "forms.too_many");
}

// proves: FORM-01, FORM-04
#[test]
fn what_is_chosen_fills_the_form_on_the_server_as_in_the_browser() {
    let books = books();
    let cloud = books.supplier("云杉设备", json!({ "account": "6222", "level": "gold" }));
    let birch = books.supplier("白桦文具", json!({ "account": "6333" }));
    let values = |case: &str| books.office.case(LIN_XIAO, case)["values"].clone();
    let case = books.office.submit(LIN_XIAO, books.asked(json!({ "supplier": [&cloud] })));
    assert_eq!((&values(&case)["account"], &values(&case)["level"]), (&json!("6222"), &json!("gold")));
    let case = books.office.submit(LIN_XIAO, books.asked(json!({ "supplier": [&cloud], "account": "1" })));
    assert_eq!(values(&case)["account"], "1", "what was put there by hand stays");
    let refused = books.refused(LIN_XIAO, json!({ "supplier": [&birch], "level": "gold" }));
    assert_eq!(
        refused,
        json!([{ "field": "values.level", "code": "forms.not_writable" }]),
        "and not where nobody writes"
    );

    let path = format!("/flows/{}/prediction", books.pays);
    let told = books.office.app.as_(LIN_XIAO).post(&path, json!({ "values": { "supplier": [&birch] } })).ok();
    assert_eq!(told["values"]["account"], "6333");
    let path = format!("/flows/{}/fields/supplier/records?ids={cloud}", books.pays);
    let named = books.office.app.as_(LIN_XIAO).get(&path).ok();
    assert_eq!(named["items"][0]["values"], json!({ "account": "6222", "level": "gold" }));

    // Returned to her, she chooses another one: the fields follow.
    let again = books.office.app.as_(ZHAO_QING).get("/tasks").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let case = again.split('.').next().unwrap().to_owned();
    let back = json!({ "to": "start", "text": "换一家" });
    books.office.app.as_(ZHAO_QING).post(&format!("/tasks/{again}/return"), back).ok();
    let task = books.office.task(LIN_XIAO);
    let path = format!("/tasks/{task}/resubmission");
    let changed = json!({ "values": { "supplier": [&birch] }, "confirmed": true });
    books.office.app.as_(LIN_XIAO).post(&path, changed).ok();
    assert_eq!((&values(&case)["account"], &values(&case)["level"]), (&json!("6333"), &Value::Null));
}

// proves: FORM-01, FORM-05, PERM-02
#[test]
fn a_case_shows_its_records_as_they_were_when_it_was_handed_in_to_whoever_reads_it() {
    let books = books();
    let cloud = books.supplier("云杉设备", json!({ "code": "A-1", "level": "gold" }));
    let case = books.office.submit(LIN_XIAO, books.asked(json!({ "supplier": [&cloud] })));
    let told = |person| books.office.case(person, &case)["records"][&cloud].clone();
    let level = json!({ "label": { "zh": "级别", "en": "Level" }, "text": { "zh": "金", "en": "Gold" } });
    let own = told(LIN_XIAO);
    assert_eq!((&own["name"]["zh"], &own["shown"].as_array().unwrap().len()), (&json!("云杉设备"), &2), "{own}");
    assert_eq!((&own["shown"][0]["text"]["zh"], &own["shown"][1]), (&json!("A-1"), &level));
    assert_eq!(own["link"], json!(format!("/cases/{cloud}")));

    // Zhao Qing approved the register and reads it; somebody else reads only what the case says.
    let second = books.office.submit(LIN_XIAO, books.asked(json!({ "supplier": [&cloud] })));
    let text = json!({ "to": XU_JING.to_string(), "text": "请办" });
    let tasks = books.office.app.as_(ZHAO_QING).get("/tasks").ok();
    let mut task = tasks["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
    let task = task.rfind(|id| id.starts_with(&second)).unwrap();
    books.office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/transfer"), text).ok();
    let hers = books.office.case(XU_JING, &second)["records"][&cloud].clone();
    assert_eq!((&hers["name"]["zh"], &hers["link"]), (&json!("云杉设备"), &Value::Null));
    assert_eq!(
        books.office.app.as_(XU_JING).get(&format!("/cases/{cloud}")).status,
        404,
        "the record itself stays closed"
    );

    // It counts no longer: who named it still says so, and nobody names it anew.
    let revoked = json!({ "kind": "revoke", "values": { "follow_up_reason": "停业" }, "confirmed": true });
    books.office.app.as_(LIN_XIAO).post(&format!("/cases/{cloud}/follow_ups"), revoked).ok();
    let tasks = books.office.app.as_(ZHAO_QING).get("/tasks").ok();
    let newest = tasks["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
    for task in newest.filter(|id| !id.starts_with(&case) && !id.starts_with(&second)) {
        books.office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/approval"), json!({ "text": "同意" })).ok();
    }
    assert_eq!(books.office.case(LIN_XIAO, &cloud)["status"], "revoked");
    assert_eq!(books.found(LIN_XIAO, "supplier", ""), [""; 0], "neither it nor its revocation");
    assert_eq!(told(LIN_XIAO)["name"]["zh"], "云杉设备");
}

// proves: FORM-01, FORM-04
#[test]
fn a_module_lends_a_register_and_says_who_may_see_what_of_it() {
    let books = books();
    assert_eq!(books.found(WU_TONG, "order", ""), ["第1号", "第2号"]);
    assert_eq!(books.found(LIN_XIAO, "order", ""), ["第1号"]);
    assert_eq!(books.found(WU_TONG, "order", "2"), ["第2号"]);
    let refused = books.refused(LIN_XIAO, json!({ "order": [sheet(1), sheet(2)] }));
    assert_eq!(refused, json!([{ "field": "values.order", "code": "workflow.no_such_record" }]));
    let case = books.office.submit(LIN_XIAO, books.asked(json!({ "order": [sheet(1)] })));
    let told = books.office.case(LIN_XIAO, &case)["records"][sheet(1)].clone();
    assert_eq!(told["name"], json!({ "zh": "第1号", "en": "Sheet 1" }));
    assert_eq!(told["shown"][0]["text"]["zh"], "2026-03-01");
    assert_eq!(told["link"], "/sheets/1");
    let refused = books.office.app.as_(LIN_XIAO).get(&format!("/flows/{}/fields/account/records", books.pays));
    assert_eq!(refused.status, 404, "that is no field of records");
    let of_case = books.office.app.as_(LIN_XIAO).get(&format!("/cases/{case}/fields/order/records")).ok();
    assert_eq!(of_case["items"].as_array().unwrap().len(), 1);
    assert_eq!(books.office.app.as_(WU_TONG).get(&format!("/cases/{case}/fields/order/records")).status, 404);
}

// proves: FORM-01, FLOW-01
#[test]
fn the_check_holds_what_is_shown_and_filled_against_the_register() {
    let books = books();
    let problems = |text: &str| {
        let text = text.to_owned();
        let found = books.office.app.read(move |tx| {
            let installation = Installation::of(tx)?;
            Ok(package::examine(&text, Some(&installation)).problems)
        });
        let told = found.into_iter().filter(|problem| problem.code != "workflow.package.no_cases");
        told.map(|problem| (problem.code, problem.line)).collect::<Vec<_>>()
    };
    let one = |from: &str, to: &str| problems(&PAYS.replace(from, to));
    let told = |code: &str| vec![(code.to_owned(), 8)];
    assert_eq!(problems(PAYS), []);
    assert_eq!(one("show: [name,", "show: [nam,"), told("workflow.package.register_no_field"));
    assert_eq!(one("show: [name,", "show: [account,"), told("workflow.package.register_not_indexed"));
    assert_eq!(one("account: account,", "account: accont,"), told("workflow.package.register_no_field"));
    assert_eq!(one("account: account,", "account: level,"), told("workflow.package.fill_mismatch"));
    assert_eq!(
        one("options: { gold: 金, plain: 普通 }", "options: { gold: 金 }"),
        told("workflow.package.fill_mismatch")
    );
    assert_eq!(one("flow: t-suppliers", "flow: t-supplier"), told("workflow.package.register_unknown"));
    assert_eq!(one("kind: sheet", "kind: sheets"), vec![("workflow.package.register_unknown".to_owned(), 11)]);
    assert_eq!(one("account: account,", "nothing: account,"), told("forms.fill_unknown"));
    let set = one("label: 账号, type: text }", "label: 账号, type: text, set: form.level }");
    assert_eq!(set, told("forms.fill_and_set"));
    let text = PAYS.to_owned();
    let said = books.office.app.as_(GAO_XIANG).post(
        "/flow_package_checks",
        json!({ "unit": QINGLAN.to_string(), "text": text.replace("t-suppliers", "t-none") }),
    );
    let said = said.ok();
    let problems = said["problems"].as_array().unwrap().iter();
    let unknown = problems.filter(|one| one["code"] == "workflow.package.register_unknown").collect::<Vec<_>>();
    assert_eq!(unknown.len(), 1, "{said}");
    assert_eq!(unknown[0]["severity"], "warning", "it may be imported later");
}

// proves: FORM-01, FORM-04
#[test]
fn two_fields_that_name_one_record_take_each_its_own_from_it() {
    let books = books();
    let cloud = books.supplier("云杉设备", json!({ "account": "6222", "level": "gold" }));
    let text = "hanlin: flow/1
id: t-two
name: 两家
category: purchase
may_start: everyone
form:
  fields:
    payee: { label: 收款方, type: record, of: { flow: t-suppliers }, show: [name], fill: { account: account } }
    maker: { label: 制造方, type: record, of: { flow: t-suppliers }, show: [name], fill: { level: level } }
    account: { label: 账号, type: text }
    level: { label: 级别, type: choice, options: { gold: 金, plain: 普通 } }
  layout:
    - [payee, maker, account, level]
route:
  - approve: check
    name: 审批
    who: superior
";
    let flow = books.office.app.write(move |tx| publish(tx, text)).to_string();
    let values = json!({ "payee": [&cloud], "maker": [&cloud] });
    let case = books.office.submit(LIN_XIAO, json!({ "flow": flow, "confirmed": true, "values": values }));
    let values = books.office.case(LIN_XIAO, &case)["values"].clone();
    assert_eq!((&values["account"], &values["level"]), (&json!("6222"), &json!("gold")));
}

// proves: FORM-01, TIME-11
#[test]
fn an_agent_chooses_among_the_records_of_the_one_he_fills_in_for() {
    let books = books();
    let cloud = books.supplier("云杉设备", json!({ "account": "6222" }));
    let until = "2026-03-09T01:00:00Z";
    let agency = json!({ "agent": WU_TONG, "valid_to": until, "may_start": true, "may_decide": true });
    for principal in [LIN_XIAO, SU_TING] {
        books.office.app.as_(principal).post("/agencies", agency.clone()).ok();
    }
    let path = format!("/flows/{}/fields/supplier/records", books.pays);
    let found = |of: PersonId| books.names(WU_TONG, &format!("{path}?on_behalf_of={of}"));
    assert_eq!(found(LIN_XIAO), ["云杉设备"], "hers, in which he has no part");
    assert_eq!(books.found(WU_TONG, "supplier", ""), [""; 0]);
    let refused = books.office.app.as_(XU_JING).get(&format!("{path}?on_behalf_of={LIN_XIAO}")).refused(409);
    assert_eq!(refused["code"], "workflow.not_his_agent");
    books.lets_query(WU_TONG, &books.suppliers);
    assert_eq!(found(SU_TING), [""; 0], "what he may query himself he does not name for her");

    let named = books.office.app.as_(WU_TONG).get(&format!("{path}?on_behalf_of={LIN_XIAO}&ids={cloud}")).ok();
    assert_eq!(named["items"][0]["values"]["account"], "6222");
    let asked = |of: PersonId| {
        let mut asked = books.asked(json!({ "supplier": [&cloud] }));
        asked["on_behalf_of"] = json!(of);
        asked
    };
    let refused = books.office.app.as_(WU_TONG).post("/cases", asked(SU_TING)).refused(422);
    assert_eq!(refused["fields"], json!([{ "field": "values.supplier", "code": "workflow.no_such_record" }]));
    let case = books.office.submit(WU_TONG, asked(LIN_XIAO));
    let told = books.office.case(LIN_XIAO, &case);
    assert_eq!((&told["values"]["account"], &told["initiator"]["on_behalf_of"]), (&json!("6222"), &json!(LIN_XIAO)));
    assert_eq!(told["records"][&cloud]["name"]["zh"], "云杉设备");
}

// proves: PERM-08, FORM-01
#[test]
fn cases_are_found_by_the_record_that_they_name() {
    let books = books();
    let cloud = books.supplier("云杉设备", json!({ "code": "A-1" }));
    let birch = books.supplier("白桦文具", json!({ "code": "B-2" }));
    let pays = |supplier: &str| books.office.submit(LIN_XIAO, books.asked(json!({ "supplier": [supplier] })));
    let (first, second, third) = (pays(&cloud), pays(&birch), pays(&cloud));
    let path = format!("/query_flows/{}/fields/supplier/names", books.pays);
    books.office.app.as_(WU_TONG).get(&path).refused(404);
    books.lets_query(WU_TONG, &books.pays);
    let names = |more: &str| books.names(WU_TONG, &format!("{path}{more}"));
    assert_eq!(names(""), ["云杉设备", "白桦文具"], "each once, the latest first; he has no part in the register");
    assert_eq!(names(&format!("?q={}", written("文具"))), ["白桦文具"]);
    assert_eq!(names("?q=zh"), [""; 0], "the names of languages are no words of it");
    assert_eq!(names(&format!("?id={birch}")), ["白桦文具"]);
    for field in ["order", "account", "none"] {
        let other = path.replace("/supplier/", &format!("/{field}/"));
        books.office.app.as_(WU_TONG).get(&other).refused(404);
    }
    let found = |id: &str| {
        let conditions = written(&json!([{ "field": "supplier", "is": [id] }]).to_string());
        let path = format!("/query_cases?flow={}&where={conditions}", books.pays);
        let said = books.office.app.as_(WU_TONG).get(&path).ok();
        let ids = said["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(found(&cloud), [third, first]);
    assert_eq!(found(&birch), [second]);
}

/// Five hundred younger cases that are as this one, and name what it names.
fn five_hundred_as(books: &Books, model: String) {
    books.office.app.write(move |tx| {
        let numbers = "(with recursive n(i) as (select 1 union all select i + 1 from n where i < 500) select i from n)";
        let younger = |id: &str| format!("substr({id}, 1, 22) || cast(n.i + 1000 as text)");
        let columns = "flow, flow_version, title, search, facts, status, stage, initiator, unit, department, state, \
                       version, submitted_at, updated_at";
        let copied = [
            ("workflow_case", "id, number", format!("{0}, {0}", younger("id")), columns, "id"),
            ("workflow_value", "case_id", younger("case_id"), "flow, field, item, named", "case_id"),
            ("workflow_record", "case_id", younger("case_id"), "field, record, name, shown, since", "case_id"),
            ("workflow_access", "case_id", younger("case_id"), "person, via, at", "case_id"),
        ];
        for (table, keys, made, others, key) in copied {
            let sql = format!(
                "insert into {table} ({keys}, {others}) select {made}, {others} from {table} cross join {numbers} n \
                 where {key} = $1"
            );
            tx.exec(&sql, params![model])?;
        }
        Ok(())
    });
}

/// All the names of a page, and where it goes on.
fn page(books: &Books, person: PersonId, path: &str) -> (Vec<String>, Option<String>) {
    let said = books.office.app.as_(person).get(path).ok();
    let called = |one: &Value| one["name"]["zh"].as_str().or(one["number"].as_str()).unwrap().to_owned();
    let names = said["items"].as_array().unwrap().iter().map(called).collect();
    (names, said["next"].as_str().map(str::to_owned))
}

// proves: PERM-08, FLOW-37
#[test]
fn what_only_an_old_case_names_is_found_on_a_further_page_of_a_search_that_looks_through_so_many() {
    let books = books();
    let cloud = books.supplier("云杉设备", json!({ "code": "A-1" }));
    let birch = books.supplier("白桦文具", json!({ "code": "B-2" }));
    let pays = |supplier: &str| books.office.submit(LIN_XIAO, books.asked(json!({ "supplier": [supplier] })));
    pays(&birch);
    five_hundred_as(&books, pays(&cloud));
    books.lets_query(WU_TONG, &books.pays);
    let path = format!("/query_flows/{}/fields/supplier/names", books.pays);
    let (names, next) = page(&books, WU_TONG, &path);
    assert_eq!(names, ["云杉设备"], "of those it looked through");
    let further = format!("{path}?after={}", next.expect("there is more to look through"));
    assert_eq!(page(&books, WU_TONG, &further), (vec!["云杉设备".to_owned(), "白桦文具".to_owned()], None));

    let words = written("文具");
    let (names, next) = page(&books, WU_TONG, &format!("{path}?q={words}"));
    assert_eq!(names, [""; 0]);
    let further = format!("{path}?q={words}&after={}", next.expect("there is more to look through"));
    assert_eq!(page(&books, WU_TONG, &further), (vec!["白桦文具".to_owned()], None));
    assert_eq!(page(&books, WU_TONG, &format!("{path}?id={birch}")), (vec!["白桦文具".to_owned()], None), "at once");
    books.office.app.as_(WU_TONG).get(&format!("{path}?after=nonsense")).refused(422);
}

// proves: PERM-08
#[test]
fn what_a_field_names_is_read_by_an_index_and_in_order() {
    let books = books();
    let cloud = books.supplier("云杉设备", json!({}));
    five_hundred_as(&books, books.office.submit(LIN_XIAO, books.asked(json!({ "supplier": [&cloud] }))));
    let flow: FlowId = books.pays.parse().unwrap();
    let plans = books.office.app.write(move |tx| {
        if !tx.is_sqlite() {
            // Of so few rows it would read and sort them all.
            for planner in ["seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"] {
                tx.exec(&format!("set local enable_{planner} = off"), params![])?;
            }
        }
        let grants = vec![Grant { permission: format!("workflow.query:{flow}"), scopes: Scopes::everything() }];
        let actor = Actor { grants, ..Actor::person(WU_TONG) };
        name_plans(tx, &actor, flow, "supplier", &AskedNames { q: Some("文具".to_owned()), ..AskedNames::default() })
    });
    for plan in &plans {
        assert!(plan.contains("workflow_value_naming"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "it is read in order: {plan}");
    }
}

// proves: PERM-08, FORM-01
#[test]
fn cases_are_found_by_the_case_that_they_name() {
    let books = books();
    let text = "hanlin: flow/1
id: t-asks
name: 说明
category: purchase
may_start: everyone
form:
  fields:
    others: { label: 相关事项, type: case, multiple: true, indexed: true }
  layout:
    - others
route:
  - approve: check
    name: 审批
    who: superior
";
    let flow = books.office.app.write(move |tx| publish(tx, text)).to_string();
    let leave = books.office.submit(LIN_XIAO, books.office.half_day());
    let asked = json!({ "flow": flow, "confirmed": true, "values": { "others": [&leave] } });
    let case = books.office.submit(LIN_XIAO, asked);
    books.lets_query(WU_TONG, &flow);
    let told = books.office.case(LIN_XIAO, &leave);
    let name = format!("{} {}", told["number"].as_str().unwrap(), told["title"]["zh"].as_str().unwrap());
    let path = format!("/query_flows/{flow}/fields/others/names");
    assert_eq!(books.names(WU_TONG, &path), std::slice::from_ref(&name));
    assert_eq!(books.names(WU_TONG, &format!("{path}?q=lx")), std::slice::from_ref(&name), "as in every list");
    assert_eq!(books.names(WU_TONG, &format!("{path}?q=zq")), [""; 0]);
    let conditions = written(&json!([{ "field": "others", "is": [&leave] }]).to_string());
    let said = books.office.app.as_(WU_TONG).get(&format!("/query_cases?flow={flow}&where={conditions}")).ok();
    assert_eq!((&said["items"][0]["id"], &said["items"][0]["cells"][0]["text"]["zh"]), (&json!(case), &json!(name)));
}
