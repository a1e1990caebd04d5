use hanlin_directory::cast::*;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::office::{Office, node};

fn names(side: &Value) -> Vec<&str> {
    side.as_array().unwrap().iter().map(|node| node["name"]["zh"].as_str().unwrap()).collect()
}

// proves: ORG-03, ORG-02
#[test]
fn a_chart_shows_what_is_new_moved_renamed_and_closed_on_both_sides() {
    let office = Office::new();
    let changes = json!([
        { "change": "create_department", "key": "lab", "parent": { "kind": "department", "id": PRODUCT },
          "name": { "zh": "创新中心", "en": "Innovation" } },
        { "change": "move_department", "department": PLATFORM, "to": { "kind": "new", "id": "lab" } },
        { "change": "rename_department", "department": DESIGN, "name": { "zh": "体验设计部" } },
        { "change": "merge_department", "department": WAREHOUSE, "into": { "kind": "department", "id": PURCHASING } },
        { "change": "leave", "person": SONG_YANG },
    ]);
    let order = office.draft(changes, Some(office.app.db.now() + SignedDuration::from_hours(24)));
    let seen = office.preview(&order);
    assert_eq!(seen["problem"], Value::Null, "{seen}");
    let (before, after) = (&seen["chart"]["before"], &seen["chart"]["after"]);
    let lab = node(after, "创新中心").expect("the new department is shown");
    assert_eq!((&lab["marks"], node(before, "创新中心")), (&json!(["new"]), None));
    let old = node(before, "设计部").expect("under its old name");
    assert_eq!((&old["marks"], &old["other_name"]["zh"]), (&json!(["renamed"]), &json!("体验设计部")));
    assert_eq!(node(after, "体验设计部").unwrap()["other_name"]["zh"], "设计部");
    let gone = node(before, "仓储部").expect("what closes is shown where it was");
    assert_eq!((&gone["marks"], node(after, "仓储部")), (&json!(["closed"]), None));
    let platform =
        names(before).into_iter().find(|name| name.contains("平台")).expect("the team that moves").to_owned();
    let (was, is) = (node(before, &platform).unwrap(), node(after, &platform).unwrap());
    assert_eq!((&was["marks"], &was["other_above"]["zh"]), (&json!(["moved"]), &json!("创新中心")), "where it goes");
    assert_eq!((&is["marks"], &is["other_above"]["zh"]), (&json!(["moved"]), &json!("研发部")), "where it comes from");
    assert_eq!(is["depth"], json!(lab["depth"].as_u64().unwrap() + 1), "it lies in the new one");
    let at = names(after).iter().position(|name| *name == "创新中心").unwrap();
    assert_eq!(names(after)[at + 1], platform, "what lies in a place follows it");
    // Where it goes is shown on the side where it is not yet, and what stays as it is is only counted.
    assert!(names(before).contains(&"产品中心"), "{:?}", names(before));
    assert!(!names(before).contains(&"人力资源部"), "{:?}", names(before));
    assert!(before[0]["others"].as_u64().unwrap() > 0, "{}", before[0]);
    let left: Vec<&Value> =
        before.as_array().unwrap().iter().flat_map(|node| node["only_here"].as_array().unwrap()).collect();
    assert!(left.iter().any(|person| person["name"] == "宋扬"), "who goes is named where he was: {left:?}");
}

// proves: ORG-03
#[test]
fn a_chart_is_bounded_and_says_how_much_it_leaves_out() {
    let office = Office::new();
    let changes: Vec<Value> = (0..130)
        .map(|n| {
            json!({ "change": "create_department", "key": format!("n{n}"), "parent": { "kind": "unit", "id": QINGLAN },
                    "name": { "zh": format!("第{n}处") } })
        })
        .collect();
    let seen = office.preview(&office.draft(json!(changes), None));
    assert_eq!(seen["problem"], Value::Null);
    let marked = |side: &Value| side.as_array().unwrap().iter().filter(|node| node["marks"] != json!([])).count();
    assert_eq!((marked(&seen["chart"]["after"]), &seen["chart"]["left_out"]), (100, &json!(30)));
}

#[test]
fn a_chart_of_what_cannot_be_done_is_empty() {
    let office = Office::new();
    let close = json!({ "change": "close_department", "department": RD });
    let seen = office.preview(&office.draft(json!([close]), None));
    assert_eq!(seen["problem"]["change"], 0);
    assert_eq!(seen["chart"], json!({ "before": [], "after": [], "left_out": 0 }));
}
