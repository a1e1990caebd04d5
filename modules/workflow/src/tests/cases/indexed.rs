//! Finding cases by what stands in the indexed fields of a form (PERM-08, FLOW-37).

use hanlin_access::{Access, Give, Subject, What, give_particular};
use hanlin_directory::{
    cast::{GAO_XIANG, JIANG_CHUAN, LIN_XIAO, LUO_DAN, PLATFORM, WU_TONG, ZHAO_QING},
    model::Place,
};
use hanlin_kernel::{Actor, Grant, PersonId, Scope, Scopes, Text};
use hanlin_store::{Row, jobs, params};
use serde_json::{Value, json};

use super::office::{Office, publish};
use crate::{
    MANAGE,
    cases::{Sought, Wanted, plans},
};

const PACKAGE: &str = "hanlin: flow/1
id: t-buy
name: 采购
category: purchase
may_start: everyone
form:
  fields:
    item: { label: 品名, type: text, indexed: true }
    amount: { label: 金额, type: money, indexed: true }
    on: { label: 日期, type: date, indexed: true }
    kind: { label: 类别, type: choice, indexed: true, options: { paper: { zh: 纸, en: Paper }, ink: { zh: 墨, en: Ink } } }
    who: { label: 使用人, type: person, multiple: true, indexed: true }
    cost: { label: 成本, type: money, indexed: true, readers: { visible_to: [{ department: finance, below: true }] } }
    note: { label: 备注, type: text }
  layout:
    - [item, amount, on, kind]
    - [who 2, note 2]
    - cost
route:
  - handle: check
    name: 办理
    who: superior
    fields: { amount: write, note: write }
settings:
  start_fields: { cost: hidden }
";

pub(super) struct Shop {
    pub office: Office,
    pub flow: String,
}

impl Shop {
    fn new() -> Self {
        Self::with(PACKAGE)
    }

    pub fn with(package: &str) -> Self {
        let office = Office::new();
        let package = package.to_owned();
        let flow = office.app.write(move |tx| publish(tx, &package)).to_string();
        let shop = Self { office, flow };
        shop.lets_query(WU_TONG, Scope::All, None);
        shop
    }

    pub fn buys(&self, person: PersonId, values: Value) -> String {
        self.office.submit(person, json!({ "flow": self.flow, "confirmed": true, "values": values }))
    }

    pub fn lets_query(&self, person: PersonId, scope: Scope, place: Option<Place>) {
        let give = Give {
            what: What::Permission(format!("workflow.query:{}", self.flow)),
            subject: Subject::Person(person),
            scope,
            place,
            reason: "检查".into(),
            valid_from: None,
            valid_to: None,
        };
        let all = |name: &str| Grant { permission: name.to_owned(), scopes: Scopes::everything() };
        let giver = Actor { grants: vec![all(MANAGE.0), all(hanlin_access::GRANT.0)], ..Actor::person(GAO_XIANG) };
        self.office
            .app
            .write(move |tx| give_particular(tx, &giver, give.clone(), Text::zh("采购"), MANAGE).map(|grant| grant.id));
        let actor = self.office.app.read(move |tx| Access::start(&[crate::module()])?.actor(tx, person, None));
        self.office.app.acting(actor);
    }

    pub fn asks(&self, person: PersonId, conditions: Value, more: &str) -> hanlin_testkit::Said {
        let written: String = conditions.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect();
        self.office.app.as_(person).get(&format!("/query_cases?flow={}&where={written}{more}", self.flow))
    }

    /// Publishes this as the next version, as the administrator does.
    pub fn publishes(&self, text: &str) {
        let app = &self.office.app;
        let unit = hanlin_directory::cast::QINGLAN.to_string();
        app.as_(GAO_XIANG).post("/flow_packages", json!({ "unit": unit, "text": text })).ok();
        let version = self.managed()["versions"][0]["id"].as_str().unwrap().to_owned();
        app.as_(GAO_XIANG).post(&format!("/flow_versions/{version}/publication"), json!({})).ok();
    }

    /// The flow as its administrator sees it.
    pub fn managed(&self) -> Value {
        let flows = self.office.app.as_(GAO_XIANG).get("/managed_flows").ok();
        flows["items"].as_array().unwrap().iter().find(|one| one["id"] == self.flow.as_str()).unwrap().clone()
    }

    pub fn runs_jobs(&self) {
        let (app, kinds) = (&self.office.app, crate::module().jobs);
        while app.block_on(jobs::run_next(&app.db, &kinds)).unwrap() {}
    }

    /// The words of the field `item` of what is found, in order.
    pub fn found(&self, conditions: Value, more: &str) -> Vec<String> {
        let page = self.asks(WU_TONG, conditions, more).ok();
        let items = page["items"].as_array().unwrap();
        items.iter().map(|row| cell(row, "item").unwrap_or_default()).collect()
    }

    /// The same page by page to the end.
    fn walks(&self, more: &str) -> Vec<String> {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let page = self.asks(WU_TONG, json!([]), &format!("{more}{after}")).ok();
            seen.extend(page["items"].as_array().unwrap().iter().filter_map(|row| cell(row, "item")));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return seen,
            }
        }
    }

    fn buys_three(&self) {
        let who = json!([LIN_XIAO.to_string(), ZHAO_QING.to_string()]);
        self.buys(LIN_XIAO, json!({ "item": "宣纸", "amount": "80", "on": "2026-03-02", "kind": "paper", "who": who }));
        self.buys(LIN_XIAO, json!({ "item": "墨水", "amount": "1200.50", "on": "2026-03-09", "kind": "ink" }));
        self.buys(JIANG_CHUAN, json!({ "item": "宣纸册", "amount": "-5", "on": "2026-04-01", "kind": "paper" }));
    }
}

pub(super) fn cell(row: &Value, field: &str) -> Option<String> {
    let cells = row["cells"].as_array()?;
    cells.iter().find(|cell| cell["field"] == field)?["text"]["zh"].as_str().map(str::to_owned)
}

// proves: PERM-08
#[test]
fn cases_are_found_by_what_stands_in_their_indexed_fields() {
    let shop = Shop::new();
    shop.buys_three();
    assert_eq!(shop.found(json!([]), ""), ["宣纸册", "墨水", "宣纸"], "the youngest first");
    assert_eq!(shop.found(json!([{ "field": "amount", "from": "80" }]), ""), ["墨水", "宣纸"]);
    assert_eq!(shop.found(json!([{ "field": "amount", "from": "80", "to": "1200.49" }]), ""), ["宣纸"]);
    assert_eq!(shop.found(json!([{ "field": "on", "from": "2026-03-09", "to": "2026-03-31" }]), ""), ["墨水"]);
    assert_eq!(shop.found(json!([{ "field": "item", "prefix": "宣纸" }]), ""), ["宣纸册", "宣纸"]);
    assert_eq!(shop.found(json!([{ "field": "item", "is": ["宣纸"] }]), ""), ["宣纸"]);
    assert_eq!(
        shop.found(json!([{ "field": "kind", "is": ["paper", "ink"] }, { "field": "amount", "to": "0" }]), ""),
        ["宣纸册"]
    );
    assert_eq!(shop.found(json!([{ "field": "who", "is": [ZHAO_QING.to_string()] }]), ""), ["宣纸"]);
    let page = shop.asks(WU_TONG, json!([{ "field": "item", "is": ["宣纸"] }]), "").ok();
    let told = |field| cell(&page["items"][0], field);
    assert_eq!(told("amount").as_deref(), Some("80.00"));
    assert_eq!(told("kind").as_deref(), Some("纸"));
    assert_eq!(told("who").as_deref(), Some("林晓、赵晴"));
    assert_eq!((told("note"), told("cost")), (None, None), "what is not indexed is not told, nor what is not there");
}

// proves: PERM-08
#[test]
fn the_table_of_one_form_has_a_column_for_each_field_that_is_told() {
    let shop = Shop::new();
    shop.buys_three();
    shop.buys(LIN_XIAO, json!({ "item": "=1+1" }));
    let table = shop.office.app.as_(WU_TONG).get(&format!("/query_cases.csv?flow={}&sort=-amount", shop.flow)).text();
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].ends_with(r#""办结时间","品名","金额","日期","类别","使用人""#), "{}", lines[0]);
    let ends = [
        r#""墨水","1200.50","2026-03-09","墨","""#,
        r#""宣纸","80.00","2026-03-02","纸","林晓、赵晴""#,
        r#""宣纸册","-5.00","2026-04-01","纸","""#,
        r#""'=1+1","","","","""#,
    ];
    assert_eq!(lines.len(), 5);
    assert!(lines[1..].iter().zip(ends).all(|(line, end)| line.ends_with(end)), "{table}");
    let all = shop.office.app.as_(WU_TONG).get("/query_cases.csv").text();
    assert!(all.lines().next().unwrap().ends_with(r#","要点""#), "of several forms what decides them");
}

// proves: PERM-08
#[test]
fn they_are_put_in_order_by_a_field_page_by_page() {
    let shop = Shop::new();
    shop.buys_three();
    shop.buys(LIN_XIAO, json!({ "item": "笔" }));
    assert_eq!(shop.found(json!([]), "&sort=amount"), ["宣纸册", "宣纸", "墨水", "笔"], "what is empty comes last");
    assert_eq!(shop.found(json!([]), "&sort=-amount"), ["墨水", "宣纸", "宣纸册", "笔"]);
    assert_eq!(shop.found(json!([]), "&sort=-item"), ["笔", "宣纸册", "宣纸", "墨水"], "by code point");
    shop.buys(LIN_XIAO, json!({ "item": "尺" }));
    for limit in 1..=6 {
        let seen = shop.walks(&format!("&sort=-amount&limit={limit}"));
        assert_eq!(seen, ["墨水", "宣纸", "宣纸册", "尺", "笔"], "the empty ones behind them, the youngest first");
    }
    assert_eq!(shop.walks("&sort=on&limit=2"), ["宣纸", "墨水", "宣纸册", "尺", "笔"]);
}

// proves: PERM-08
#[test]
fn what_is_emptied_goes_behind_and_what_is_filled_in_comes_forward() {
    let shop = Shop::new();
    let completes = |values: Value| {
        let task = shop.office.task(ZHAO_QING);
        let done = json!({ "values": values });
        shop.office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/completion"), done).ok();
    };
    shop.buys(LIN_XIAO, json!({ "item": "笔" }));
    completes(json!({ "amount": "3" }));
    shop.buys(LIN_XIAO, json!({ "item": "宣纸", "amount": "1" }));
    assert_eq!(shop.found(json!([]), "&sort=amount"), ["宣纸", "笔"]);
    completes(json!({ "amount": null }));
    assert_eq!(shop.found(json!([]), "&sort=amount"), ["笔", "宣纸"], "each once");
}

// proves: PERM-08
#[test]
fn putting_cases_in_order_goes_by_an_index_to_its_end() {
    let shop = Shop::new();
    shop.buys_three();
    let flow = shop.flow.clone();
    let actor = Actor {
        grants: vec![Grant { permission: format!("workflow.query:{flow}"), scopes: Scopes::everything() }],
        ..Actor::person(WU_TONG)
    };
    let plans = shop.office.app.write(move |tx| {
        if !tx.is_sqlite() {
            // Of so few rows it would read and sort them all.
            tx.exec("set local enable_seqscan = off", params![])?;
            tx.exec("set local enable_sort = off", params![])?;
            tx.exec("set local enable_bitmapscan = off", params![])?;
        }
        let wanted = Wanted { flow: Some(flow.clone()), ..Wanted::default() };
        let sought = Sought { wanted, sort: Some("-amount".to_owned()), ..Sought::default() };
        plans(tx, &actor, &sought)
    });
    let [filled, empty] = plans.as_slice() else { panic!("two questions: {plans:?}") };
    assert!(filled.contains("workflow_value_number"), "{filled}");
    assert!(empty.contains("workflow_value_empty"), "{empty}");
    for plan in [filled, empty] {
        assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "it is read in order: {plan}");
    }
}

// proves: PERM-08, FORM-05
#[test]
fn scope_and_readers_hold_for_conditions_as_for_what_is_shown() {
    let shop = Shop::new();
    shop.buys_three();
    let ids = |fields: Value| {
        fields["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let fields = |person| shop.office.app.as_(person).get(&format!("/query_flows/{}/fields", shop.flow));
    assert_eq!(ids(fields(WU_TONG).ok()), ["item", "amount", "on", "kind", "who"]);
    fields(LIN_XIAO).refused(404);
    let refused =
        |conditions: Value, more: &str| shop.asks(WU_TONG, conditions, more).refused(422)["fields"][0]["code"].clone();
    assert_eq!(refused(json!([{ "field": "cost", "from": "1" }]), ""), "workflow.not_indexed", "nor can it be guessed");
    assert_eq!(refused(json!([{ "field": "note", "is": ["x"] }]), ""), "workflow.not_indexed");
    assert_eq!(refused(json!([]), "&sort=cost"), "workflow.not_indexed");
    assert_eq!(refused(json!([]), "&sort=kind"), "workflow.not_sortable");
    assert_eq!(refused(json!([{ "field": "amount", "from": "many" }]), ""), "workflow.bad_conditions");
    assert_eq!(refused(json!({ "field": "amount" }), ""), "workflow.bad_conditions");
    shop.lets_query(LUO_DAN, Scope::Department, Some(Place::Department(PLATFORM)));
    assert!(ids(fields(LUO_DAN).ok()).contains(&"cost".to_owned()), "the accountant belongs to finance");
    let page = shop.asks(LUO_DAN, json!([{ "field": "item", "prefix": "宣" }]), "&sort=amount").ok();
    assert_eq!(page["items"].as_array().unwrap().len(), 1, "only what was begun in the department: {page}");
}

// proves: PERM-08
#[test]
fn the_rows_follow_the_case_and_are_written_for_what_is_there_already() {
    let shop = Shop::new();
    shop.buys_three();
    let task = shop.office.app.as_(ZHAO_QING).get("/tasks").ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let values = json!({ "amount": "90", "note": "加急" });
    shop.office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/completion"), json!({ "values": values })).ok();
    assert_eq!(shop.found(json!([{ "field": "amount", "from": "85", "to": "95" }]), ""), ["宣纸"]);
    assert_eq!(shop.found(json!([{ "field": "amount", "is": ["80"] }]), ""), [""; 0]);

    // A new version indexes the note as well. Cases that are there run on the old one.
    let text = PACKAGE.replace("note: { label: 备注, type: text }", "note: { label: 备注, type: text, indexed: true }");
    shop.publishes(&text);
    assert_eq!(shop.found(json!([{ "field": "note", "prefix": "加" }]), ""), [""; 0], "not yet");
    shop.runs_jobs();
    assert_eq!(shop.found(json!([{ "field": "note", "prefix": "加" }]), ""), ["宣纸"]);
    let job: String =
        shop.office.app.read(|tx| tx.scalar("select state from store_job where kind = 'workflow.index'", params![]));
    assert_eq!(job, "done");
}

// proves: PERM-08
#[test]
fn looking_for_values_goes_by_an_index() {
    let shop = Shop::new();
    shop.buys_three();
    let flow = shop.flow.clone();
    let plan: String = shop.office.app.write(move |tx| {
        let explain = match tx.is_sqlite() {
            true => "explain query plan",
            false => {
                // Of so few rows it would read them all.
                tx.exec("set local enable_seqscan = off", params![])?;
                "explain"
            }
        };
        let sql = format!(
            "{explain} select c.id from workflow_case c where c.flow = $1 and c.id in (select v.case_id from workflow_value v \
             where v.flow = $1 and v.field = $2 and v.number >= $3 and v.number <= $4)"
        );
        let column = if tx.is_sqlite() { "detail" } else { "QUERY PLAN" };
        let rows: Vec<Row> = tx.rows(&sql, params![flow, "amount", 0_i64, 1_000_000_000_i64])?;
        let lines: Vec<String> = rows.iter().map(|row| row.get(column)).collect::<hanlin_kernel::Result<_>>()?;
        Ok(lines.join("\n"))
    });
    assert!(plan.contains("workflow_value_number"), "{plan}");
}
