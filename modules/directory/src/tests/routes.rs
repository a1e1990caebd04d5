//! The promise at the boundary.

use hanlin_kernel::Scopes;
use hanlin_testkit::{As, TestApp};
use serde_json::{Value, json};

use super::store::{admin, sample};
use crate::{MANAGE, READ, cast::*};

/// 高翔 manages everything, 秦岳 the subsidiary; 林晓 reads everything, 江川 the subsidiary only.
pub(super) fn app() -> TestApp {
    let app = sample();
    app.grant(GAO_XIANG, &[READ, MANAGE]);
    app.grant(LIN_XIAO, &[READ]);
    let trade = Scopes { units: [QINGLAN_TRADE].into(), ..Scopes::default() };
    app.grant_over(QIN_YUE, &[READ, MANAGE], trade.clone());
    app.grant_over(JIANG_CHUAN, &[READ], trade);
    app.events();
    app
}

fn names(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
}

pub(super) fn found(by: &As<'_>, query: &str) -> Vec<String> {
    names(&by.get(&format!("/people?{query}")).ok()).into_iter().map(str::to_owned).collect()
}

// proves: ORG-21
#[test]
fn the_address_book_is_searched_by_characters_pinyin_initials_and_numbers() {
    let app = app();
    let lin = app.as_(LIN_XIAO);
    for query in ["q=%E6%9E%97%E6%99%93", "q=linxiao", "q=Lin%20Xiao", "q=lx", "q=19900000021", "q=8021", "q=QL0021"] {
        assert_eq!(found(&lin, query), ["林晓"], "{query}");
    }
    assert_eq!(found(&lin, "q=xiao"), ["林晓", "谢小雨"], "any part of a name, by pinyin");
    assert_eq!(found(&lin, "q=nobody"), Vec::<String>::new());
    assert_eq!(found(&lin, "q=cheng"), Vec::<String>::new(), "no leavers");
    assert_eq!(found(&lin, "q=%25"), Vec::<String>::new(), "a percent sign is only a percent sign");
}

// proves: ORG-21
#[test]
fn the_address_book_is_browsed_along_the_tree() {
    let app = app();
    let lin = app.as_(LIN_XIAO);
    assert_eq!(found(&lin, &format!("department={RD}")), ["陈墨", "林晓", "吴桐", "赵晴"], "with the team in it");
    assert_eq!(found(&lin, &format!("unit={QINGLAN_TRADE}")), ["白露", "江川", "梁博", "秦岳", "余敏"]);
    let row = &lin.get("/people?q=linxiao").ok()["items"][0];
    assert_eq!(row["unit"]["zh"], "青岚集团（示例）");
    assert_eq!(row["department"]["zh"], "平台组");
    assert_eq!(row["post"]["zh"], "工程师");
    assert_eq!(row["phone"], "19900000021");
}

#[test]
fn pages_follow_one_another_without_gap_or_repetition() {
    let app = app();
    let lin = app.as_(LIN_XIAO);
    let all = found(&lin, "limit=200");
    assert_eq!(all.len(), 153, "everybody in service");
    let (mut paged, mut after) = (Vec::new(), String::new());
    loop {
        let page = lin.get(&format!("/people?limit=7{after}")).ok();
        paged.extend(names(&page).into_iter().map(str::to_owned));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={}", next.replace(' ', "%20")),
            None => break,
        }
    }
    assert_eq!(paged, all);
    let wrong = lin.get("/people?after=nowhere").refused(422);
    assert_eq!(wrong["fields"][0]["code"], "directory.bad_cursor");
}

// proves: PERM-02 (the part of the address book)
#[test]
fn who_reads_one_unit_sees_its_people_only() {
    let app = app();
    let jiang = app.as_(JIANG_CHUAN);
    assert_eq!(found(&jiang, ""), ["白露", "江川", "梁博", "秦岳", "余敏"]);
    jiang.get(&format!("/people/{LIN_XIAO}")).refused(404);
    assert_eq!(jiang.get(&format!("/people/{BAI_LU}")).ok()["name"], "白露");
    let tree = jiang.get("/units").ok();
    let top = &tree["items"][0];
    assert_eq!(top["name"]["zh"], "青岚集团（示例）", "the way down to what he sees");
    assert_eq!(names_of(&top["children"]), ["青岚贸易有限公司（示例）"], "and nothing beside it");
    assert_eq!(top["can"], json!([]));
    app.as_(WU_TONG).get("/people").refused(403);
    app.nobody().get("/people").refused(401);
}

fn names_of(nodes: &Value) -> Vec<&str> {
    nodes.as_array().unwrap().iter().map(|node| node["name"]["zh"].as_str().unwrap()).collect()
}

#[test]
fn the_tree_has_heads_and_counts() {
    let app = app();
    let tree = app.as_(LIN_XIAO).get("/units").ok();
    let group = &tree["items"][0];
    assert_eq!(group["people"], 153);
    assert_eq!(group["head"]["name"], "周远航");
    let product = group["children"].as_array().unwrap().iter().find(|node| node["code"] == "product").unwrap();
    assert_eq!(product["people"], 8);
    assert_eq!(product["leader_in_charge"]["name"], "沈若兰");
    assert_eq!(names_of(&product["children"]), ["研发部", "设计部"]);
    let then = app.as_(LIN_XIAO).get("/units?at=2024-06-01T00:00:00Z").ok();
    let text = then.to_string();
    assert!(text.contains("技术部") && !text.contains("研发部"), "as it was in 2024");
}

#[test]
fn a_card_shows_whom_he_reports_to() {
    let app = app();
    let card = app.as_(LIN_XIAO).get(&format!("/people/{LIANG_BO}")).ok();
    let posts: Vec<_> = card["appointments"].as_array().unwrap().iter().map(|held| &held["post"]["zh"]).collect();
    assert_eq!(posts, ["设计师", "销售顾问"]);
    let line: Vec<_> = card["reporting_line"].as_array().unwrap().iter().map(|person| &person["name"]).collect();
    assert_eq!(line, ["蒋一诺", "宋扬", "沈若兰", "周远航"]);
    assert_eq!(card["can"], json!(["read"]));
    let own = app.as_(LIN_XIAO).get(&format!("/people/{LIN_XIAO}")).ok();
    assert_eq!(own["can"], json!(["read", "update_profile"]));
    let left = app.as_(LIN_XIAO).get(&format!("/people/{CHENG_YUAN}")).ok();
    assert_eq!((&left["name"], &left["ended"], left.get("phone")), (&json!("程远"), &json!(true), None));
}

#[test]
fn a_person_joins_moves_and_leaves_over_http() {
    let app = app();
    let gao = app.as_(GAO_XIANG);
    let posts = gao.get("/posts?limit=200").ok();
    let post = posts["items"].as_array().unwrap().iter().find(|post| post["code"] == "designer").unwrap()["id"].clone();
    let ranks = gao.get("/ranks").ok();
    assert_eq!(ranks["items"].as_array().unwrap().len(), 7);
    let place = json!({ "kind": "department", "id": DESIGN });
    let body = json!({ "name": "曾小溪", "post": post, "place": place, "rank": ranks["items"][0]["id"] });
    // The door for newcomers is in `contacts`, which knows the rules on mailboxes.
    let join: crate::JoinPerson = serde_json::from_value(body).unwrap();
    let joined = app.write(move |tx| crate::join(tx, &admin(), join.clone()));
    let card = gao.get(&format!("/people/{}", joined.id)).ok();
    assert_eq!(card["rank"]["zh"], "员工");
    let (id, held) = (card["id"].as_str().unwrap(), &card["appointments"][0]);
    let path = format!("/appointments/{}/transfer", held["id"].as_str().unwrap());
    app.clock.advance(jiff::SignedDuration::from_hours(24));
    let body = json!({ "post": post, "place": { "kind": "department", "id": PLATFORM } });
    let moved = gao.clone().header("If-Match", "1").post(&path, body).ok();
    assert_eq!(moved["department"]["zh"], "平台组");
    app.clock.advance(jiff::SignedDuration::from_hours(24));
    let gone = gao.clone().header("If-Match", "1").post(&format!("/people/{id}/departure"), json!({})).ok();
    assert_eq!((&gone["ended"], &gone["appointments"]), (&json!(true), &json!([])));
    assert_eq!(found(&gao, "q=zengxiaoxi"), Vec::<String>::new());
    assert_eq!(found(&gao, "q=zengxiaoxi&left=true"), ["曾小溪"]);
    assert_eq!(found(&app.as_(LIN_XIAO), "q=zengxiaoxi&left=true"), Vec::<String>::new(), "for managers only");
}

#[test]
fn a_department_is_set_up_headed_and_closed_over_http() {
    let app = app();
    let qin = app.as_(QIN_YUE);
    let parent = json!({ "kind": "unit", "id": QINGLAN_TRADE });
    let body = json!({ "parent": parent, "code": "service", "name": { "zh": "客服部", "en": "Service" } });
    let made = qin.post("/departments", body.clone()).ok();
    let path = format!("/departments/{}", made["id"].as_str().unwrap());
    qin.post(&format!("{path}/leaders"), json!({ "as": "head", "person": YU_MIN })).refused(409);
    qin.post(&format!("{path}/leaders"), json!({ "as": "head", "person": QIN_YUE })).ok();
    qin.post(&format!("{path}/leaders"), json!({ "as": "in_charge", "person": QIN_YUE })).ok();
    app.clock.advance(jiff::SignedDuration::from_hours(1));
    let renamed = qin.clone().header("If-Match", "1").patch(&path, json!({ "name": { "zh": "客户服务部" } })).ok();
    assert_eq!((&renamed["code"], &renamed["version"]), (&json!("service"), &json!(2)));
    app.clock.advance(jiff::SignedDuration::from_hours(1));
    qin.clone().header("If-Match", "2").post(&format!("{path}/end"), json!({})).ok();
    let foreign = json!({ "parent": { "kind": "unit", "id": QINGLAN }, "name": { "zh": "客服部" } });
    qin.post("/departments", foreign).refused(404);
    app.as_(LIN_XIAO).post("/departments", body).refused(403);
}

#[test]
fn groups_are_listed_with_their_members() {
    let app = app();
    let jiang = app.as_(JIANG_CHUAN);
    let groups = jiang.get("/groups").ok();
    assert_eq!((&groups["items"][0]["name"]["zh"], &groups["items"][0]["members"]), (&json!("信息员"), &json!(4)));
    let members = jiang.get(&format!("/groups/{INFORMATION_OFFICERS}/members?limit=3")).ok();
    assert_eq!(names(&members), ["方悦", "高翔", "苏婷"]);
    let gao = app.as_(GAO_XIANG);
    gao.post(&format!("/groups/{INFORMATION_OFFICERS}/members"), json!({ "person": LIN_XIAO })).ok();
    gao.delete(&format!("/groups/{INFORMATION_OFFICERS}/members/{FANG_YUE}")).ok();
    let members = gao.get(&format!("/groups/{INFORMATION_OFFICERS}/members")).ok();
    assert_eq!(names(&members), ["高翔", "林晓", "苏婷", "吴桐"]);
}
