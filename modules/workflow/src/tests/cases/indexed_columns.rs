//! Finding cases by what stands in the columns of their tables, and what of that is told to whom (PERM-08, FORM-05); and how
//! far older cases are found by what was indexed after them.

use hanlin_directory::cast::{GAO_XIANG, JIANG_CHUAN, LIN_XIAO, LUO_DAN, WU_TONG};
use hanlin_kernel::{PersonId, Scope};
use hanlin_store::params;
use serde_json::{Value, json};

use super::indexed::{Shop, cell};

const PACKAGE: &str = "hanlin: flow/1
id: t-list
name: 采购清单
category: purchase
may_start: everyone
form:
  fields:
    item: { label: 事由, type: text, indexed: true }
    goods:
      label: { zh: 清单, en: Goods }
      type: table
      columns:
        what: { label: { zh: 品名, en: Item }, type: text, indexed: true }
        price: { label: { zh: 单价, en: Price }, type: money, indexed: true }
        kind: { label: { zh: 类别, en: Kind }, type: choice, indexed: true, options: { paper: 纸, ink: 墨 } }
        cost: { label: 成本, type: money, indexed: true, readers: { visible_to: [{ department: finance, below: true }] } }
        note: { label: 备注, type: text }
  layout:
    - item
    - goods
route:
  - handle: check
    name: 办理
    who: superior
    fields: { goods: write }
settings:
  start_fields: { goods: write }
";

fn row(what: &str, price: &str, kind: &str) -> Value {
    json!({ "what": what, "price": price, "kind": kind, "note": "急" })
}

fn shop() -> Shop {
    let shop = Shop::with(PACKAGE);
    shop.buys(LIN_XIAO, json!({ "item": "甲", "goods": [row("宣纸", "80", "paper"), row("墨水", "5", "ink")] }));
    shop.buys(JIANG_CHUAN, json!({ "item": "乙", "goods": [row("宣纸", "12", "paper"), row("宣纸", "15", "paper")] }));
    shop.buys(LIN_XIAO, json!({ "item": "丙" }));
    shop
}

fn ids(fields: &Value) -> Vec<&str> {
    fields["fields"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

fn fields(shop: &Shop, person: PersonId) -> Value {
    shop.office.app.as_(person).get(&format!("/query_flows/{}/fields", shop.flow)).ok()
}

// proves: PERM-08
#[test]
fn a_case_is_found_by_any_row_of_its_tables() {
    let shop = shop();
    let found = |conditions| shop.found(conditions, "");
    assert_eq!(found(json!([{ "field": "goods.what", "is": ["墨水"] }])), ["甲"]);
    assert_eq!(found(json!([{ "field": "goods.what", "prefix": "宣" }])), ["乙", "甲"], "each once");
    assert_eq!(found(json!([{ "field": "goods.price", "from": "10", "to": "20" }])), ["乙"]);
    assert_eq!(found(json!([{ "field": "goods.price", "to": "1" }])), [""; 0]);
    let told = fields(&shop, WU_TONG);
    assert_eq!(told["fields"][1]["label"], json!({ "zh": "清单 · 品名", "en": "Goods · Item" }));
    assert_eq!((&told["fields"][0]["sortable"], &told["fields"][1]["sortable"]), (&json!(true), &json!(false)));
    let page = shop.asks(WU_TONG, json!([{ "field": "item", "is": ["乙"] }]), "").ok();
    assert_eq!(cell(&page["items"][0], "goods.price").as_deref(), Some("12.00、15.00"));
    assert_eq!(cell(&page["items"][0], "goods.what").as_deref(), Some("宣纸"), "said once");
    for way in ["goods.price", "-goods.price"] {
        let problem = shop.asks(WU_TONG, json!([]), &format!("&sort={way}")).refused(422);
        assert_eq!(problem["fields"][0]["code"], "workflow.not_sortable");
    }
}

// proves: PERM-08
#[test]
fn several_conditions_on_one_table_are_held_by_one_row_of_it() {
    let shop = shop();
    let found = |conditions| shop.found(conditions, "");
    let asked = |kind: &str, from: &str, item: &str| {
        found(json!([
            { "field": "goods.kind", "is": [kind] },
            { "field": "item", "prefix": item },
            { "field": "goods.price", "from": from }
        ]))
    };
    assert_eq!(asked("ink", "80", "甲"), [""; 0], "the ink costs five");
    assert_eq!(asked("ink", "5", "甲"), ["甲"]);
    assert_eq!(asked("paper", "15", ""), ["乙", "甲"]);
    assert_eq!(asked("paper", "15", "乙"), ["乙"]);
    let three = |what: &str| {
        found(json!([
            { "field": "goods.price", "to": "14" },
            { "field": "goods.kind", "is": ["paper"] },
            { "field": "goods.what", "is": [what] }
        ]))
    };
    assert_eq!((three("宣纸"), three("墨水")), (vec!["乙".to_owned()], Vec::new()));

    // Written before it was kept in which row a thing stands: not kept from being found, until the rows are written anew.
    shop.office.app.write(|tx| tx.exec("update workflow_value set line = null", params![]));
    assert_eq!(asked("ink", "80", "甲"), ["甲"]);
    shop.publishes(&PACKAGE.replace("label: 备注", "label: 附注"));
    shop.runs_jobs();
    assert_eq!(asked("ink", "80", "甲"), [""; 0]);
    assert_eq!(asked("ink", "5", "甲"), ["甲"]);
}

// proves: PERM-08
#[test]
fn the_rows_of_a_table_follow_it_and_of_many_the_first_are_shown() {
    let shop = Shop::with(PACKAGE);
    shop.buys(LIN_XIAO, json!({ "item": "甲", "goods": [row("宣纸", "80", "paper")] }));
    let task = shop.office.task(hanlin_directory::cast::ZHAO_QING);
    let many: Vec<Value> = (1..=12).map(|count| row(&format!("墨{count:02}"), "1", "ink")).collect();
    let app = &shop.office.app;
    let values = json!({ "values": { "goods": many } });
    app.as_(hanlin_directory::cast::ZHAO_QING).post(&format!("/tasks/{task}/completion"), values).ok();
    assert_eq!(shop.found(json!([{ "field": "goods.what", "prefix": "宣" }]), ""), [""; 0]);
    assert_eq!(shop.found(json!([{ "field": "goods.what", "is": ["墨12"] }]), ""), ["甲"]);
    let page = shop.asks(WU_TONG, json!([]), "").ok();
    let shown = cell(&page["items"][0], "goods.what").unwrap();
    assert!(shown.ends_with("墨10、…"), "{shown}");
}

// proves: PERM-08, FORM-05
#[test]
fn by_a_column_that_is_not_told_nothing_is_found() {
    let shop = Shop::with(PACKAGE);
    let goods = json!([{ "what": "宣纸", "price": "80", "cost": "60" }]);
    shop.buys(LUO_DAN, json!({ "item": "甲", "goods": goods }));
    assert_eq!(ids(&fields(&shop, WU_TONG)), ["item", "goods.what", "goods.price", "goods.kind"]);
    let asks = |person, field: &str| shop.asks(person, json!([{ "field": field, "from": "1" }]), "");
    assert_eq!(asks(WU_TONG, "goods.cost").refused(422)["fields"][0]["code"], "workflow.not_indexed");
    let sorted = shop.asks(WU_TONG, json!([]), "&sort=goods.cost").refused(422);
    assert_eq!(sorted["fields"][0]["code"], "workflow.not_indexed", "it is not even said that it is there");
    let page = shop.asks(WU_TONG, json!([]), "").ok();
    assert_eq!(cell(&page["items"][0], "goods.cost"), None);
    assert!(!page.to_string().contains("60.00"), "{page}");
    shop.lets_query(LUO_DAN, Scope::All, None);
    assert_eq!(asks(LUO_DAN, "goods.cost").ok()["items"].as_array().map(Vec::len), Some(1), "finance is told");

    // The next version tells it to everybody: what runs on the old one stays closed, and so does the search.
    shop.publishes(&PACKAGE.replace(", readers: { visible_to: [{ department: finance, below: true }] }", ""));
    shop.runs_jobs();
    assert_eq!(asks(WU_TONG, "goods.cost").refused(422)["fields"][0]["code"], "workflow.not_indexed");
    assert!(!ids(&fields(&shop, WU_TONG)).contains(&"goods.cost"));
}

// proves: PERM-08
#[test]
fn while_older_cases_are_not_found_yet_it_is_said_how_far_that_is() {
    let shop = shop();
    let app = &shop.office.app;
    let indexing = || (shop.managed()["indexing"].clone(), fields(&shop, WU_TONG)["indexing"].clone());
    assert_eq!(indexing(), (Value::Null, Value::Null));
    shop.publishes(
        &PACKAGE.replace("note: { label: 备注, type: text }", "note: { label: 备注, type: text, indexed: true }"),
    );
    let begun = json!({ "done": 0, "total": 0, "stopped": false });
    assert_eq!(indexing(), (begun.clone(), begun.clone()));
    let again = || app.as_(GAO_XIANG).post(&format!("/flows/{}/indexing", shop.flow), json!({})).ok();
    assert_eq!(again(), begun, "what is under way is not begun twice");

    app.write(|tx| tx.exec("update store_job set state = 'failed', done = 2, total = 3", params![]));
    let stopped = json!({ "done": 2, "total": 3, "stopped": true });
    assert_eq!(indexing(), (stopped.clone(), stopped));
    assert_eq!(shop.found(json!([{ "field": "goods.note", "is": ["急"] }]), ""), [""; 0]);
    app.as_(LIN_XIAO).post(&format!("/flows/{}/indexing", shop.flow), json!({})).refused(403);
    assert_eq!(again(), begun);
    shop.runs_jobs();
    assert_eq!(indexing(), (Value::Null, Value::Null));
    let done = app.as_(GAO_XIANG).post(&format!("/flows/{}/indexing", shop.flow), json!({})).refused(409);
    assert_eq!(done["code"], "workflow.nothing_to_index");
    assert_eq!(shop.found(json!([{ "field": "goods.note", "is": ["急"] }]), ""), ["乙", "甲"]);
    let rows: i64 = app.read(|tx| tx.scalar("select cast(count(*) as bigint) from store_job", params![]));
    assert_eq!(rows, 2);
}

// proves: PERM-08
#[test]
fn a_job_that_was_lost_with_its_server_is_said_to_have_stopped() {
    let shop = shop();
    shop.publishes(
        &PACKAGE.replace("note: { label: 备注, type: text }", "note: { label: 备注, type: text, indexed: true }"),
    );
    let sql = "update store_job set state = 'running', done = 1, total = 3, updated_at = $1";
    let seen = |minutes| {
        shop.office.app.write(move |tx| {
            let heard = tx.now() - jiff::SignedDuration::from_mins(minutes);
            tx.exec(sql, params![heard])
        });
        fields(&shop, WU_TONG)["indexing"]["stopped"].clone()
    };
    assert_eq!((seen(4), seen(6)), (json!(false), json!(true)));
}
