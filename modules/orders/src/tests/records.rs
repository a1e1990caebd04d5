//! Orders as records that forms name (FORM-01).

use hanlin_directory::cast::*;
use serde_json::{Value, json};

use super::office::Office;

const REPORT: &str = "hanlin: flow/1
id: t-report
name: 调整落实情况
category: personnel
may_start: everyone
form:
  fields:
    order:
      label: { zh: 调整令, en: Order }
      type: record
      of: { kind: structure_order }
      show: [title, effective_on]
      fill: { title: title, day: effective_on }
    title: { label: 标题, type: text }
    day: { label: 生效日期, type: date }
  layout:
    - order
    - [title 2, day 2]
route:
  - approve: check
    name: 审核
    who: superior
";

// proves: FORM-01, FORM-04, PERM-02
#[test]
fn an_order_that_was_issued_is_named_by_who_may_read_it_and_by_nobody_else() {
    let office = Office::new();
    let flow = office.app.write(|tx| {
        let package = hanlin_workflow::package::read(REPORT).expect("the package reads");
        hanlin_workflow::import_and_publish(tx, QINGLAN, package.flow, REPORT)
    });
    let rename = json!([{ "change": "rename_department", "department": DESIGN, "name": { "zh": "体验设计部" } }]);
    let order = office.draft(rename, None);
    let path = format!("/flows/{flow}/fields/order/records");
    let found = |person| office.app.as_(person).get(&path).ok()["items"].as_array().unwrap().clone();
    assert_eq!(found(XU_JING), Vec::<Value>::new(), "a draft may still become something else");
    let issued = office.issue(&order);
    assert_eq!(found(XU_JING).len(), 1);
    assert_eq!(found(XU_JING)[0]["name"], issued["title"]);
    assert_eq!(found(LIN_XIAO), Vec::<Value>::new(), "she reads no orders");

    let values = json!({ "order": [issued["id"]] });
    let asked = |values: &Value| json!({ "flow": flow.to_string(), "confirmed": true, "values": values });
    let refused = office.app.as_(LIN_XIAO).post("/cases", asked(&values)).refused(422);
    assert_eq!(refused["fields"][0]["code"], "workflow.no_such_record");
    let case = office.app.as_(XU_JING).post("/cases", asked(&values)).id();
    let view = office.app.as_(XU_JING).get(&format!("/cases/{case}")).ok();
    assert_eq!(
        view["values"]["title"], issued["title"]["zh"],
        "what has words in two languages fills a text in Chinese"
    );
    let id = issued["id"].as_str().unwrap();
    assert_eq!(view["records"][id]["link"], format!("/admin/orders/{id}"));
}
