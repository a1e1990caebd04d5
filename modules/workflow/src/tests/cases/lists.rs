use hanlin_directory::cast::{LIN_XIAO, WU_TONG, XU_JING, ZHAO_QING};
use hanlin_store::params;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::office::Office;

// proves: FLOW-37
#[test]
fn each_list_holds_what_it_says() {
    let office = Office::new();
    office.submit(LIN_XIAO, office.half_day());
    assert_eq!(office.list(LIN_XIAO, "started").len(), 1);
    assert_eq!(office.list(LIN_XIAO, "done").len(), 0);
    assert_eq!(office.list(LIN_XIAO, "started")[0]["waiting_for"][0]["name"], "赵晴");
    office.approve(ZHAO_QING);
    assert_eq!(office.list(ZHAO_QING, "done").len(), 1);
    assert_eq!(office.waiting(ZHAO_QING), 0);
    let row = &office.list(ZHAO_QING, "done")[0];
    assert_eq!((&row["stage"], &row["initiator"]["name"]), (&json!("in_handling"), &json!("林晓")));
    office.app.as_(LIN_XIAO).get("/cases?list=everything").refused(422);
}

#[test]
fn a_list_is_searched_by_title_number_name_and_pinyin() {
    let office = Office::new();
    let case = office.submit(LIN_XIAO, office.half_day());
    office.submit(WU_TONG, office.three_days());
    let number = office.case(LIN_XIAO, &case)["number"].as_str().unwrap().to_owned();
    let found =
        |q: &str| office.app.as_(ZHAO_QING).get(&format!("/tasks?q={q}")).ok()["items"].as_array().unwrap().len();
    assert_eq!(found("%E8%AF%B7%E5%81%87"), 2, "请假");
    assert_eq!(found("%E6%9E%97%E6%99%93"), 1, "林晓");
    assert_eq!((found("lin%20xiao"), found("lx"), found(&number)), (1, 1, 1));
    assert_eq!((found("nobody"), found("%25"), found("_")), (0, 0, 0), "no sign means anything");
}

#[test]
fn a_long_list_is_read_in_pages_without_loss() {
    let office = Office::new();
    for _ in 0..7 {
        office.submit(LIN_XIAO, office.half_day());
    }
    let read = |path: &str| {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let page: Value = office.app.as_(ZHAO_QING).get(&format!("{path}limit=3{after}")).ok();
            all.extend(page["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return all,
            }
        }
    };
    let mut ids = read("/tasks?");
    assert_eq!(ids.len(), 7);
    ids.dedup();
    assert_eq!(ids.len(), 7);
    for id in &ids {
        office.app.as_(ZHAO_QING).post(&format!("/tasks/{id}/approval"), json!({})).ok();
    }
    assert_eq!(read("/cases?list=done&").len(), 7);
    office.app.as_(ZHAO_QING).get("/tasks?after=nonsense").refused(422);
}

// proves: FLOW-37
#[test]
fn a_search_goes_on_where_it_has_looked_through_so_many_rows() {
    let office = Office::new();
    let longest = office.submit(LIN_XIAO, office.half_day());
    let number = office.case(WU_TONG, &office.submit(WU_TONG, office.three_days()))["number"].clone();
    // Five hundred that waited longer, before the one that is looked for, and as many that were done since.
    office.app.write(move |tx| {
        let numbers = "(with recursive n(i) as (select 1 union all select i + 1 from n where i < 500) select i from n)";
        let copies = format!(
            "insert into workflow_task (case_id, no, person, node, node_name, purpose, waiting, opened_at) \
             select case_id, no + n.i, person, node, node_name, purpose, waiting, opened_at - n.i from workflow_task \
             cross join {numbers} n where case_id = $1 and no = 1"
        );
        tx.exec(&copies, params![longest])?;
        Ok(())
    });
    let tasks = |more: &str| -> Value {
        office.app.as_(ZHAO_QING).get(&format!("/tasks?q={}{more}", number.as_str().unwrap())).ok()
    };
    let first = tasks("");
    assert_eq!(first["items"], json!([]), "not among those it looked through");
    let next = first["next"].as_str().expect("there is more to look through");
    let second = tasks(&format!("&after={next}"));
    assert_eq!((&second["items"][0]["number"], &second["next"]), (&number, &Value::Null));
    let all =
        |more: &str| -> Value { office.app.as_(ZHAO_QING).get(&format!("/tasks?q=lin%20xiao&limit=200{more}")).ok() };
    let (mut rows, mut after) = (0, String::new());
    loop {
        let page = all(&after);
        rows += page["items"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(rows, 501, "each once");
}

// proves: FLOW-37
#[test]
fn a_search_in_what_was_done_goes_on_too() {
    let office = Office::new();
    let sought = office.submit(WU_TONG, office.three_days());
    let number = office.case(WU_TONG, &sought)["number"].clone();
    office.approve(ZHAO_QING);
    let model = office.submit(LIN_XIAO, office.half_day());
    office.approve(ZHAO_QING);
    office.app.write(move |tx| {
        let numbers = "(with recursive n(i) as (select 1 union all select i + 1 from n where i < 500) select i from n)";
        let columns = "flow, flow_version, title, search, facts, status, stage, initiator, unit, department, state, \
                       version, submitted_at, updated_at, finished_at";
        let id = "substr(id, 1, 22) || cast(n.i + 1000 as text)";
        tx.exec(
            &format!(
                "insert into workflow_case (id, number, {columns}) select {id}, {id}, {columns} from workflow_case \
                 cross join {numbers} n where id = $1"
            ),
            params![model],
        )?;
        tx.exec(
            &format!(
                "insert into workflow_hand (person, case_id, at) select h.person, {}, h.at + n.i from workflow_hand h \
                 cross join {numbers} n where h.case_id = $1 and h.person = $2",
                id.replace("substr(id", "substr(case_id")
            ),
            params![model, ZHAO_QING],
        )?;
        Ok(())
    });
    let done = |more: &str| -> Value {
        let path = format!("/cases?list=done&q={}{more}", number.as_str().unwrap());
        office.app.as_(ZHAO_QING).get(&path).ok()
    };
    let first = done("");
    assert_eq!(first["items"], json!([]));
    let second = done(&format!("&after={}", first["next"].as_str().expect("there is more to look through")));
    assert_eq!((&second["items"][0]["id"], &second["next"]), (&json!(sought), &Value::Null));
}

#[test]
fn the_facts_that_decide_stand_in_the_row() {
    let office = Office::new();
    office.submit(LIN_XIAO, office.three_days());
    let row = office.app.as_(ZHAO_QING).get("/tasks").ok()["items"][0].clone();
    let facts = row["facts"].as_array().unwrap();
    assert!(facts.iter().any(|fact| fact["kind"] == "days" && fact["value"] == "3"), "{facts:?}");
    assert_eq!(row["node_name"]["zh"].as_str().map(str::is_empty), Some(false));
    assert_eq!(office.waiting(XU_JING), 0);
}

// proves: TIME-04, TIME-14
#[test]
fn a_row_says_how_much_working_time_it_has_waited_and_counts_no_rest() {
    let office = Office::new();
    office.submit(LIN_XIAO, office.half_day());
    let waited = || office.app.as_(ZHAO_QING).get("/tasks").ok()["items"][0]["waited"].clone();
    assert_eq!((&waited()["days"], &waited()["minutes"]), (&json!(0), &json!(0)));
    office.app.clock.advance(SignedDuration::from_hours(2));
    assert_eq!((&waited()["days"], &waited()["minutes"]), (&json!(0), &json!(120)));
    // From one Monday to the next.
    office.app.clock.advance(SignedDuration::from_hours(7 * 24 - 2));
    assert_eq!((&waited()["days"], &waited()["uncertain"]), (&json!(5), &json!(false)));
    office.app.grant(XU_JING, &[crate::MANAGE]);
    let watched = office.app.as_(XU_JING).get("/monitored_cases").ok();
    assert_eq!(watched["items"][0]["tasks"][0]["waited"]["days"], 5);
}
