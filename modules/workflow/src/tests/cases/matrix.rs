use std::fmt::Write;

use expect_test::expect_file;
use hanlin_directory::cast::{FANG_YUE, GAO_XIANG, LIN_XIAO, WU_TONG, XU_JING, ZHAO_QING, ZHOU_YUANHANG};
use hanlin_kernel::PersonId;
use serde_json::{Value, json};

use super::office::Office;

/// Who looks at the case, by what he is to it. Half a day's leave goes to the head, then to the HR manager; then the
/// general manager and the HR specialist get copies.
const PERSONAS: [(&str, PersonId); 7] = [
    ("initiator", LIN_XIAO),
    ("head", ZHAO_QING),
    ("hr manager", XU_JING),
    ("general manager", ZHOU_YUANHANG),
    ("hr specialist", FANG_YUE),
    ("administrator", GAO_XIANG),
    ("stranger", WU_TONG),
];

/// A case in this state, and its number.
type Reach = fn(&Office) -> String;

const STATES: [(&str, Reach); 8] = [
    ("at the head", submitted),
    ("at the head, who asked the general manager first", with_signer),
    ("at the head, who keeps it on hold", held),
    ("at the hr manager", at_hr),
    ("returned", returned),
    ("completed", completed),
    ("rejected", rejected),
    ("withdrawn", withdrawn),
];

/// Everything that can be done with a case or with a task of it, and how it is asked for.
const VERBS: [(&str, &str); 29] = [
    ("withdraw", "/cases/{case}/withdrawal"),
    ("urge", "/cases/{case}/urges"),
    ("comment", "/cases/{case}/comments"),
    ("approve", "/tasks/{task}/approval"),
    ("reject", "/tasks/{task}/rejection"),
    ("abstain", "/tasks/{task}/abstention"),
    ("return", "/tasks/{task}/return"),
    ("complete", "/tasks/{task}/completion"),
    ("resubmit", "/tasks/{task}/resubmission"),
    ("hand_over", "/tasks/{task}/hand_over"),
    ("fail_review", "/tasks/{task}/review_failure"),
    ("transfer", "/tasks/{task}/transfer"),
    ("delegate", "/tasks/{task}/delegation"),
    ("consult", "/tasks/{task}/consultation"),
    ("advise", "/tasks/{task}/advice"),
    ("add_signer", "/tasks/{task}/signers"),
    ("hold", "/tasks/{task}/hold"),
    ("end_hold", "/tasks/{task}/hold_end"),
    ("take_back", "/tasks/{decided}/take_back"),
    ("copy", "/cases/{case}/copies"),
    ("terminate", "/tasks/{task}/termination"),
    ("terminate_case", "/cases/{case}/termination"),
    ("move", "/cases/{case}/move"),
    ("repair", "/cases/{case}/repairs"),
    ("pass_on", "/tasks/{task}/passing_on"),
    ("report_deviation", "/cases/{case}/deviations"),
    ("remove_signer", "/tasks/{asking}/signer_removal"),
    ("revoke", "/cases/{case}/follow_ups?revoke"),
    ("change", "/cases/{case}/follow_ups?change"),
];

/// Persona × state × action: what the answer says one may do is what the server does, and all else is refused and
/// changes nothing.
// proves: PERM-01, PERM-14, FLOW-15
#[test]
fn each_may_do_in_each_state_what_the_matrix_says_and_nothing_else() {
    let mut matrix = String::new();
    for (state, reach) in STATES {
        let office = Office::new();
        let case = reach(&office);
        writeln!(matrix, "{state}").unwrap();
        for (persona, person) in PERSONAS {
            let may = allowed(&office, person, &case);
            let told = match may.as_deref() {
                None => "sees nothing".to_owned(),
                Some([]) => "reads".to_owned(),
                Some(verbs) => verbs.join(", "),
            };
            writeln!(matrix, "  {persona:<16} {told}").unwrap();
            let may = may.unwrap_or_default();
            let before = office.case(LIN_XIAO, &case);
            let tasks = tasks_of(&office, person, &case);
            for (verb, path) in VERBS.into_iter().filter(|(verb, _)| !may.iter().any(|one| one == verb)) {
                let said = attempt(&office, person, &tasks, path);
                assert!((400..500).contains(&said), "{state}: {persona} was not refused to {verb}: {said}");
            }
            assert_eq!(office.case(LIN_XIAO, &case), before, "{state}: {persona} changed it by what was refused");
            for (verb, path) in VERBS.into_iter().filter(|(verb, _)| may.iter().any(|one| one == verb)) {
                let another = Office::new();
                let case = reach(&another);
                let said = attempt(&another, person, &tasks_of(&another, person, &case), path);
                assert_eq!(said, 200, "{state}: {persona} may {verb}");
            }
        }
    }
    expect_file!["who_may_what.txt"].assert_eq(&matrix);
}

/// The verbs of the case and of his tasks; nothing: he does not see it.
fn allowed(office: &Office, person: PersonId, case: &str) -> Option<Vec<String>> {
    let said = office.app.as_(person).get(&format!("/cases/{case}"));
    if said.status == 404 {
        return None;
    }
    let view = said.ok();
    let parts = ["tasks", "asked"].map(|part| view[part].as_array().unwrap());
    let cans = parts.into_iter().flatten().map(|part| &part["can"]);
    let verbs = std::iter::once(&view["can"]).chain(cans).flat_map(|can| can.as_array().unwrap());
    Some(verbs.map(|verb| verb.as_str().unwrap().to_owned()).collect())
}

/// What the paths of the verbs name.
struct Tasks {
    case: String,
    /// His that waits, else another's.
    task: String,
    /// His that he decided, else another's.
    decided: String,
    /// His that is open, else another's.
    asking: String,
}

impl Tasks {
    fn name_in(&self, path: &str) -> String {
        let path = path.replace("{case}", &self.case).replace("{task}", &self.task);
        path.replace("{decided}", &self.decided).replace("{asking}", &self.asking)
    }
}

fn tasks_of(office: &Office, person: PersonId, case: &str) -> Tasks {
    let number = |sql: &'static str| {
        let (of, by) = (case.to_owned(), person.to_string());
        let no = office.app.read(move |tx| tx.maybe_scalar::<i64>(sql, hanlin_store::params![of, by]));
        format!("{case}.{}", no.unwrap_or(1))
    };
    Tasks {
        case: case.to_owned(),
        task: number(
            "select no from workflow_task where case_id = $1 and cast($2 as text) <> '' \
             order by waiting desc, case when person = $2 then 0 else 1 end, no desc limit 1",
        ),
        decided: number(
            "select no from workflow_task where case_id = $1 order by \
             case when person = $2 and closed_at is not null then 0 else 1 end, no desc limit 1",
        ),
        asking: number(
            "select no from workflow_task where case_id = $1 and closed_at is null order by \
             case when person = $2 then 0 else 1 end, no desc limit 1",
        ),
    }
}

/// The status that is answered. The body is one that would do for any of them.
fn attempt(office: &Office, person: PersonId, tasks: &Tasks, path: &str) -> u16 {
    let path = tasks.name_in(path);
    let mut body = json!({ "text": "理由如下" });
    match path.rsplit('/').next().unwrap() {
        "hand_over" | "transfer" | "delegation" => body["to"] = json!(WU_TONG.to_string()),
        "move" => body["to"] = json!("start"),
        "repairs" => body["values"] = json!({ "reason": "更正后的事由" }),
        "passing_on" => body["people"] = json!([WU_TONG.to_string()]),
        "consultation" | "copies" => body["people"] = json!([WU_TONG.to_string()]),
        "signers" => {
            body["people"] = json!([WU_TONG.to_string()]);
            body["place"] = json!("beside");
        }
        "signer_removal" => body["signer"] = json!(tasks.task),
        "resubmission" => {
            body["values"] = Value::Object(serde_json::Map::new());
            body["confirmed"] = json!(true);
        }
        "follow_ups?revoke" => {
            let values = json!({ "follow_up_reason": "行程取消" });
            body = json!({ "kind": "revoke", "confirmed": true, "values": values });
        }
        "follow_ups?change" => {
            let values = json!({ "follow_up_reason": "写错了", "reason": "去办证" });
            body = json!({ "kind": "change", "confirmed": true, "values": values });
        }
        _ => {}
    }
    office.app.as_(person).post(&path, body).status
}

fn with_signer(office: &Office) -> String {
    let case = submitted(office);
    let task = office.task(ZHAO_QING);
    let first = json!({ "people": [ZHOU_YUANHANG.to_string()], "place": "before", "text": "请先过目" });
    office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/signers"), first).ok();
    case
}

fn held(office: &Office) -> String {
    let case = submitted(office);
    let task = office.task(ZHAO_QING);
    office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/hold"), json!({ "text": "等排班表" })).ok();
    case
}

fn submitted(office: &Office) -> String {
    office.submit(LIN_XIAO, office.half_day())
}

fn at_hr(office: &Office) -> String {
    let case = submitted(office);
    office.approve(ZHAO_QING);
    case
}

fn returned(office: &Office) -> String {
    let case = submitted(office);
    let task = office.task(ZHAO_QING);
    office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/return"), json!({ "text": "请补充" })).ok();
    case
}

fn completed(office: &Office) -> String {
    let case = at_hr(office);
    office.approve(XU_JING);
    case
}

fn rejected(office: &Office) -> String {
    let case = submitted(office);
    let task = office.task(ZHAO_QING);
    office.app.as_(ZHAO_QING).post(&format!("/tasks/{task}/rejection"), json!({ "text": "人手不足" })).ok();
    case
}

fn withdrawn(office: &Office) -> String {
    let case = submitted(office);
    office.app.as_(LIN_XIAO).post(&format!("/cases/{case}/withdrawal"), json!({})).ok();
    case
}
