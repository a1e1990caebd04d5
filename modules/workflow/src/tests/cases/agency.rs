//! 代理: one acts for another, in a period, in certain flows, under both names (TIME-11).

use hanlin_directory::cast::{
    CHENG_YUAN, GAO_XIANG, LIN_XIAO, QINGLAN, SU_TING, WU_TONG, XU_JING, ZHAO_QING, ZHOU_YUANHANG,
};
use hanlin_kernel::{Actor, PersonId, Result};
use hanlin_store::{Context, Key};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    office::Office,
    votes::{says, told, vote},
};
use crate::{
    CaseId,
    cases::act,
    engine::{Intent, Words, case::TaskNo},
};

/// The clock of every test stands at 2026-03-02 01:00 UTC.
const UNTIL: &str = "2026-03-09T01:00:00Z";

fn asked(agent: PersonId, until: &str) -> Value {
    json!({ "agent": agent, "valid_to": until, "may_start": true, "may_decide": true })
}

impl Office {
    /// He acts for the other, in everything, for a week.
    fn give(&self, principal: PersonId, agent: PersonId) -> Value {
        self.app.as_(principal).post("/agencies", asked(agent, UNTIL)).ok()
    }

    fn end(&self, by: PersonId, agency: &Value, reason: &str) -> hanlin_testkit::Said {
        let path = format!("/agencies/{}/end", agency["id"].as_str().unwrap());
        self.app.as_(by).header("If-Match", agency["version"].clone()).post(&path, json!({ "reason": reason }))
    }

    fn refusal(&self, by: PersonId, request: Value) -> Value {
        self.app.as_(by).post("/agencies", request).refused(409)["code"].clone()
    }

    fn notices(&self, person: PersonId) -> Vec<Value> {
        let told = self.app.as_(person).get("/notifications").ok();
        told["items"].as_array().unwrap().iter().map(|notice| notice["code"].clone()).collect()
    }
}

// proves: TIME-11
#[test]
fn days_are_those_of_the_principals_unit_wherever_the_request_comes_from() {
    let office = Office::new();
    let give = |period: Value| {
        let mut request = json!({ "agent": WU_TONG, "may_decide": true });
        request.as_object_mut().unwrap().extend(period.as_object().unwrap().clone());
        office.app.as_(ZHAO_QING).post("/agencies", request)
    };
    // It is nine in the morning of 2 March in Shanghai.
    let given = give(json!({ "first_day": "2026-03-03", "last_day": "2026-03-04" })).ok();
    let period = (&given["valid_from"], &given["valid_to"]);
    assert_eq!(period, (&json!("2026-03-02T16:00:00Z"), &json!("2026-03-04T16:00:00Z")));
    let today = give(json!({ "first_day": "2026-03-02", "last_day": "2026-03-02" })).ok();
    assert_eq!((&today["standing"], &today["valid_to"]), (&json!("in_force"), &json!("2026-03-02T16:00:00Z")));
    let code = |period: Value| give(period).refused(422)["fields"][0]["code"].clone();
    assert_eq!(code(json!({})), "workflow.agency_end_missing");
    assert_eq!(code(json!({ "last_day": "2026-03-09", "valid_to": UNTIL })), "workflow.agency_period_twice");
    assert_eq!(
        give(json!({ "first_day": "2026-03-01", "last_day": "2026-03-09" })).refused(409)["code"],
        "workflow.agency_in_the_past"
    );
}

// proves: TIME-11, TRACE-09
#[test]
fn an_agent_does_the_tasks_of_his_principal_under_both_names() {
    let office = Office::new();
    office.give(ZHAO_QING, WU_TONG);
    assert_eq!(office.notices(WU_TONG), ["workflow.notice.agency_given"]);
    let case = office.submit(LIN_XIAO, office.half_day());
    assert_eq!(office.notices(WU_TONG)[0], "workflow.notice.task_for");
    let tasks = office.app.as_(WU_TONG).get("/tasks").ok();
    assert_eq!(tasks["items"][0]["on_behalf_of"]["name"], "赵晴");
    assert_eq!(tasks["items"][0]["unread"], true);
    let counts = office.app.as_(WU_TONG).get("/counts").ok();
    assert_eq!((&counts["waiting"], &counts["hats"][0]["waiting"]), (&json!(1), &json!(1)));
    let of =
        |hat: &str| office.app.as_(WU_TONG).get(&format!("/tasks?hat={hat}")).ok()["items"].as_array().unwrap().len();
    assert_eq!((of("own"), of(&ZHAO_QING.to_string()), of(&XU_JING.to_string())), (0, 1, 0));
    office.app.as_(WU_TONG).get("/tasks?hat=nobody").refused(422);

    let view = office.case(WU_TONG, &case);
    assert_eq!(view["tasks"][0]["on_behalf_of"], json!(ZHAO_QING));
    assert_eq!(view["acts_for"], json!([ZHAO_QING]));
    assert_eq!(view["values"], office.case(ZHAO_QING, &case)["values"], "he reads what she reads");
    let access = office.app.as_(GAO_XIANG).get(&format!("/cases/{case}/access")).ok();
    assert_eq!(
        (&access["agents"][0]["person"]["name"], &access["agents"][0]["principal"]["name"]),
        (&json!("吴桐"), &json!("赵晴"))
    );
    office.app.as_(WU_TONG).post(&format!("/cases/{case}/reads"), json!({})).ok();
    assert_eq!(office.app.as_(WU_TONG).get("/tasks").ok()["items"][0]["unread"], false);
    assert_eq!(office.app.as_(ZHAO_QING).get("/tasks").ok()["items"][0]["unread"], true, "she has not looked");

    office.approve(WU_TONG);
    assert_eq!((office.waiting(WU_TONG), office.waiting(ZHAO_QING)), (0, 0), "it is done for both");
    let view = office.case(LIN_XIAO, &case);
    let opinion = &view["opinions"][0];
    assert_eq!((&opinion["person"], &opinion["on_behalf_of"]), (&json!(WU_TONG), &json!(ZHAO_QING)));
    assert!(view["route"].to_string().contains(&WU_TONG.to_string()), "the route names him too");
    assert_eq!(office.notices(ZHAO_QING)[0], "workflow.notice.done_for_you");
    assert_eq!(office.list(ZHAO_QING, "done")[0]["done_by"]["name"], "吴桐");
    assert_eq!(office.list(WU_TONG, "done")[0]["done_for"]["name"], "赵晴");
    assert_eq!(office.case(WU_TONG, &case)["values"]["reason"], "家中有事", "what he did he can look at");
    let stream = format!("workflow/case/{case}");
    let page = hanlin_kernel::PageRequest { after: None, limit: Some(200) };
    let entries = office.app.read(move |tx| hanlin_trace::list_stream(tx, &stream, &page)).items;
    let names: Vec<_> = entries.iter().map(|entry| (entry.person, entry.on_behalf_of)).collect();
    assert!(names.contains(&(Some(WU_TONG), Some(ZHAO_QING))), "the trace names both: {names:?}");
    let access = office.app.as_(GAO_XIANG).get(&format!("/cases/{case}/access")).ok();
    let via: Vec<&Value> = access["readers"].as_array().unwrap().iter().map(|reader| &reader["via"]).collect();
    assert!(via.contains(&&json!("agent")), "{access}");
}

// proves: TIME-11
#[test]
fn an_agent_does_what_the_agency_covers_and_nothing_else() {
    let office = Office::new();
    let other = office.app.write(|tx| crate::import_and_publish(tx, QINGLAN, super::office::any_of_two(), "test"));
    let scope = json!({ "flows": [other.to_string()] });
    let request = json!({ "agent": WU_TONG, "valid_to": UNTIL, "may_decide": true, "scope": scope });
    office.app.as_(ZHAO_QING).post("/agencies", request).ok();
    let leave = json!({ "categories": ["attendance"] });
    let start = json!({ "agent": SU_TING, "valid_to": UNTIL, "may_start": true, "scope": leave });
    office.app.as_(ZHAO_QING).post("/agencies", start).refused(422);
    let start = json!({ "agent": SU_TING, "valid_to": UNTIL, "may_start": true });
    office.app.as_(ZHAO_QING).post("/agencies", start).ok();
    let case = office.submit(LIN_XIAO, office.half_day());
    for agent in [WU_TONG, SU_TING] {
        assert_eq!(office.waiting(agent), 0);
        office.app.as_(agent).get(&format!("/cases/{case}")).refused(404);
        office.app.as_(agent).post(&format!("/tasks/{case}.1/approval"), json!({ "text": "同意" })).refused(404);
    }
    let request = json!({ "flow": other.to_string(), "confirmed": true, "values": { "text": "急" } });
    let covered = office.submit(LIN_XIAO, request);
    assert_eq!((office.waiting(WU_TONG), office.waiting(SU_TING)), (1, 0));
    assert!(!office.case(WU_TONG, &covered)["can"].to_string().contains("withdraw"));
}

// proves: TIME-11, FLOW-05
#[test]
fn an_agent_decides_nothing_in_his_own_case() {
    let office = Office::new();
    office.give(ZHAO_QING, LIN_XIAO);
    let case = office.submit(LIN_XIAO, office.half_day());
    assert_eq!(office.waiting(LIN_XIAO), 0);
    assert!(office.case(LIN_XIAO, &case)["tasks"].as_array().unwrap().is_empty());
    let path = format!("/tasks/{case}.1/approval");
    let refused = office.app.as_(LIN_XIAO).post(&path, json!({ "text": "同意" })).refused(409);
    assert_eq!((&refused["code"], &refused["args"]["person"]), (&json!("workflow.agent_in_own_case"), &json!("赵晴")));
    assert_eq!(office.waiting(ZHAO_QING), 1, "she decides herself");
    // What he hands in for another is his own case too.
    office.give(WU_TONG, LIN_XIAO);
    let mut request = office.half_day();
    request["on_behalf_of"] = json!(WU_TONG);
    let filed = office.submit(LIN_XIAO, request);
    let refused = office.app.as_(LIN_XIAO).post(&format!("/tasks/{filed}.1/approval"), json!({})).refused(409);
    assert_eq!(refused["code"], "workflow.agent_in_own_case");
}

// proves: TIME-11
#[test]
fn when_the_period_is_over_nothing_is_left() {
    let office = Office::new();
    office.give(ZHAO_QING, WU_TONG);
    let case = office.submit(LIN_XIAO, office.half_day());
    let mut request = office.half_day();
    request["on_behalf_of"] = json!(ZHAO_QING);
    let filed = office.submit(WU_TONG, request);
    assert_eq!(office.waiting(WU_TONG), 1);
    let mut live = office.app.db.live().subscribe();
    office.app.clock.advance(SignedDuration::from_hours(24 * 7));
    assert_eq!(office.waiting(WU_TONG), 0, "in the instant in which it ends");
    assert_eq!(office.app.as_(WU_TONG).get("/counts").ok()["hats"], json!([]));
    office.app.as_(WU_TONG).get(&format!("/cases/{case}")).refused(404);
    office.app.as_(WU_TONG).post(&format!("/tasks/{case}.1/approval"), json!({ "text": "同意" })).refused(404);
    let late = office.app.as_(WU_TONG).post(&format!("/cases/{filed}/withdrawal"), json!({})).refused(409);
    assert_eq!(late["code"], "workflow.not_his_agent");
    assert!(!office.case(WU_TONG, &filed)["can"].to_string().contains("withdraw"), "he reads what he handed in");
    office.app.as_(ZHAO_QING).post(&format!("/cases/{filed}/withdrawal"), json!({})).ok();
    office.app.settle();
    let mut turned = false;
    while let Ok(event) = live.try_recv() {
        turned |= event.kind == "workflow.agency_turn";
    }
    assert!(turned, "his screen is told");
}

// proves: TIME-11
#[test]
fn an_agency_ends_early_and_stays_on_the_record() {
    let office = Office::new();
    let agency = office.give(ZHAO_QING, WU_TONG);
    office.submit(LIN_XIAO, office.half_day());
    office
        .app
        .as_(LIN_XIAO)
        .header("If-Match", 1)
        .post(&format!("/agencies/{}/end", agency["id"].as_str().unwrap()), json!({}))
        .refused(404);
    office.end(WU_TONG, &agency, "").refused(403);
    assert_eq!(office.end(GAO_XIANG, &agency, " ").refused(422)["fields"][0]["code"], "workflow.agency_reason_missing");
    let ended = office.end(GAO_XIANG, &agency, "提前返岗").ok();
    assert_eq!((&ended["standing"], &ended["ended_by"]["name"]), (&json!("over"), &json!("高翔")));
    assert_eq!(office.waiting(WU_TONG), 0);
    assert_eq!(office.end(ZHAO_QING, &ended, "").refused(409)["code"], "workflow.agency_over");
    let mine = office.app.as_(ZHAO_QING).get("/agencies").ok();
    assert_eq!(mine["given"][0]["ended_because"], "提前返岗");
    assert_eq!(office.app.as_(WU_TONG).get("/agencies").ok()["received"][0]["standing"], "over");
    assert_eq!(office.app.as_(GAO_XIANG).get("/managed_agencies").ok()["items"].as_array().unwrap().len(), 1);
    office.app.as_(ZHAO_QING).get("/managed_agencies").refused(403);
    let events = office.app.events();
    let kinds: Vec<&str> = events.iter().map(String::as_str).filter(|kind| kind.contains("agency")).collect();
    assert_eq!(kinds, ["workflow.agency_given", "workflow.agency_ended"]);
}

// proves: TIME-11
#[test]
fn who_cannot_be_an_agent_is_told_why() {
    let office = Office::new();
    assert_eq!(office.refusal(ZHAO_QING, asked(ZHAO_QING, UNTIL)), "workflow.own_agent");
    assert_eq!(office.refusal(ZHAO_QING, asked(CHENG_YUAN, UNTIL)), "workflow.agency_not_in_service");
    assert_eq!(office.refusal(ZHAO_QING, asked(WU_TONG, "2026-03-01T00:00:00Z")), "workflow.agency_in_the_past");
    let mut past = asked(WU_TONG, UNTIL);
    past["valid_from"] = json!("2026-03-01T00:00:00Z");
    assert_eq!(office.refusal(ZHAO_QING, past), "workflow.agency_in_the_past");
    assert_eq!(office.refusal(ZHAO_QING, asked(WU_TONG, "2027-03-01T00:00:00Z")), "workflow.agency_too_long");
    let empty = json!({ "agent": WU_TONG, "valid_to": UNTIL });
    let refused = office.app.as_(ZHAO_QING).post("/agencies", empty).refused(422);
    assert_eq!(refused["fields"][0]["code"], "workflow.agency_empty");
    let mut others = asked(WU_TONG, UNTIL);
    others["principal"] = json!(ZHAO_QING);
    office.app.as_(LIN_XIAO).post("/agencies", others.clone()).refused(403);
    office.app.as_(GAO_XIANG).post("/agencies", others.clone()).refused(422);
    others["reason"] = json!("出差在外，来不及自己指定");
    office.app.as_(GAO_XIANG).post("/agencies", others).ok();
    assert_eq!(office.notices(ZHAO_QING), ["workflow.notice.agency_given"], "she is told of it");
    assert_eq!(office.refusal(ZHAO_QING, asked(SU_TING, UNTIL)), "workflow.agency_overlaps");
    assert_eq!(office.refusal(WU_TONG, asked(SU_TING, UNTIL)), "workflow.agency_chain");
    assert_eq!(office.refusal(SU_TING, asked(ZHAO_QING, UNTIL)), "workflow.agency_chain");
    let mut later = asked(SU_TING, "2026-03-20T00:00:00Z");
    later["valid_from"] = json!(UNTIL);
    office.app.as_(ZHAO_QING).post("/agencies", later).ok();
}

// proves: TIME-11
#[test]
fn no_circle_ever() {
    let office = Office::new();
    office.give(ZHAO_QING, WU_TONG);
    assert_eq!(office.refusal(WU_TONG, asked(ZHAO_QING, UNTIL)), "workflow.agency_circle");
    office.app.grant(GAO_XIANG, &[hanlin_rulebook::MANAGE]);
    let clause = json!({
        "unit": QINGLAN, "number": "第十条", "text": { "zh": "代理人可以再指定代理人。" }, "policy": "workflow",
        "mode": "block", "parameters": { "workflow.agency_chains": "allowed" },
    });
    office.app.as_(GAO_XIANG).post("/clauses", clause).ok();
    office.give(WU_TONG, SU_TING);
    assert_eq!(office.refusal(SU_TING, asked(ZHAO_QING, UNTIL)), "workflow.agency_circle");
    let case = office.submit(LIN_XIAO, office.half_day());
    let waiting = [WU_TONG, SU_TING].map(|agent| office.waiting(agent));
    assert_eq!(waiting, [1, 1], "where the rules allow it, it is passed on");
    assert!(office.notices(SU_TING).contains(&json!("workflow.notice.task_for")));
    office.approve(SU_TING);
    let opinion = &office.case(LIN_XIAO, &case)["opinions"][0];
    assert_eq!((&opinion["person"], &opinion["on_behalf_of"]), (&json!(SU_TING), &json!(ZHAO_QING)));
}

// proves: TIME-11, PERM-11
#[test]
fn an_agent_starts_what_his_principal_may_start_and_it_is_his_principals() {
    let office = Office::new();
    office.give(LIN_XIAO, WU_TONG);
    let of = format!("on_behalf_of={LIN_XIAO}");
    let flows = office.app.as_(WU_TONG).get(&format!("/flows?{of}")).ok();
    assert_eq!(flows, office.app.as_(LIN_XIAO).get("/flows").ok(), "hers, and no other");
    assert_eq!(office.app.as_(SU_TING).get(&format!("/flows?{of}")).ok()["items"], json!([]));
    let start = office.app.as_(WU_TONG).get(&format!("/flows/{}/start?{of}", office.leave)).ok();
    assert_eq!(
        (&start["initiator"]["person"], &start["initiator"]["on_behalf_of"]),
        (&json!(WU_TONG), &json!(LIN_XIAO))
    );
    let mut request = office.half_day();
    request["on_behalf_of"] = json!(LIN_XIAO);
    let refused = office.app.as_(SU_TING).post("/cases", request.clone()).refused(409);
    assert_eq!(refused["code"], "workflow.not_his_agent");
    let case = office.submit(WU_TONG, request);
    assert_eq!(office.list(LIN_XIAO, "started")[0]["initiator"]["name"], "林晓");
    assert_eq!(office.list(WU_TONG, "started").len(), 0);
    assert_eq!(office.list(WU_TONG, "done")[0]["done_for"]["name"], "林晓");
    assert_eq!(office.notices(LIN_XIAO)[0], "workflow.notice.started_for_you");
    // What comes back for correction is hers, and he corrects it for her.
    let task = office.task(ZHAO_QING);
    let back = json!({ "to": "start", "text": "请补充说明" });
    office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/return"), back).ok();
    assert_eq!((office.waiting(LIN_XIAO), office.waiting(WU_TONG)), (1, 1));
    let task = office.task(WU_TONG);
    let again = json!({ "confirmed": true, "text": "已补充" });
    office.app.as_(WU_TONG).post(&format!("/tasks/{task}/resubmission"), again).ok();
    assert_eq!(office.waiting(ZHAO_QING), 1);
    let said = office.case(LIN_XIAO, &case)["opinions"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&said["person"], &said["on_behalf_of"]), (&json!(WU_TONG), &json!(LIN_XIAO)));
    office.app.as_(WU_TONG).post(&format!("/cases/{case}/withdrawal"), json!({})).ok();
}

// proves: TIME-11, FLOW-07
#[test]
fn an_agent_hears_of_a_sealed_vote_what_his_principal_hears() {
    let office = Office::new();
    office.give(XU_JING, SU_TING);
    let case = vote(&office);
    says(&office, ZHAO_QING, "rejection", "方案不可行");
    assert!(!told(&office, SU_TING, &case).contains("方案不可行"));
    says(&office, SU_TING, "rejection", "预算不够");
    assert!(told(&office, SU_TING, &case).contains("预算不够"), "what he said himself");
    let hers = told(&office, XU_JING, &case);
    assert!(hers.contains("预算不够") && !hers.contains("方案不可行"), "what was said for her, and no other's");
    assert!(!told(&office, WU_TONG, &case).contains("预算不够"));
}

// proves: TIME-11, TRACE-09
#[test]
fn of_agent_and_principal_one_decides_and_the_other_is_told_by_whom() {
    for _ in 0..5 {
        let office = Office::new();
        office.give(ZHAO_QING, WU_TONG);
        let case: CaseId = office.submit(LIN_XIAO, office.half_day()).parse().unwrap();
        let approve = || Intent::Approve { task: TaskNo(1), words: Words::new("同意"), values: Default::default() };
        let answers: Vec<Result<()>> = office.app.block_on(async {
            let units = [ZHAO_QING, WU_TONG].map(|person| {
                let (db, intent) = (office.app.db.clone(), approve());
                let context = Context::person(person).keys(&[Key::of(case)]);
                let work =
                    move |tx: &mut hanlin_store::Tx| act(tx, &Actor::person(person), case, intent.clone()).map(|_| ());
                tokio::spawn(async move { db.write_as(context, work).await })
            });
            let mut answers = Vec::new();
            for unit in units {
                answers.push(unit.await.unwrap());
            }
            answers
        });
        let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
        assert_eq!(refused.len(), 1, "{answers:?}");
        assert_eq!(refused[0].code(), "workflow.done_by_another");
        let view = office.case(LIN_XIAO, &case.to_string());
        let by = view["opinions"][0]["person"].clone();
        let name = if by == json!(WU_TONG) { "吴桐" } else { "赵晴" };
        assert!(format!("{:?}", refused[0]).contains(name), "told by whom: {:?}", refused[0]);
        assert_eq!(view["opinions"].as_array().map(Vec::len), Some(1));
    }
}

// proves: TIME-11
#[test]
fn what_an_agent_did_he_takes_back_himself_and_so_does_his_principal() {
    let office = Office::new();
    office.give(ZHAO_QING, WU_TONG);
    let case = office.submit(LIN_XIAO, office.three_days());
    office.approve(WU_TONG);
    let view = office.case(WU_TONG, &case);
    let task = view["to_take_back"].as_str().expect("he can take it back").to_owned();
    office.app.as_(WU_TONG).post(&format!("/tasks/{task}/take_back"), json!({ "text": "点错了" })).ok();
    assert_eq!((office.waiting(ZHAO_QING), office.waiting(WU_TONG)), (1, 1));
    office.approve(ZHAO_QING);
    assert_eq!(office.case(WU_TONG, &case)["to_take_back"], Value::Null, "what she did herself is hers to take back");
}

#[test]
fn nobody_names_an_agent_for_a_flow_that_he_has_nothing_to_do_with() {
    let office = Office::new();
    let offered = office.app.as_(ZHOU_YUANHANG).get("/agency_choices").ok();
    assert!(offered["flows"].to_string().contains(&office.leave), "{offered}");
    office.app.as_(LIN_XIAO).get(&format!("/agency_choices?principal={ZHAO_QING}")).refused(403);
    office.app.as_(GAO_XIANG).get(&format!("/agency_choices?principal={ZHAO_QING}")).ok();
}
