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

const STATES: [(&str, Reach); 6] = [
    ("at the head", submitted),
    ("at the hr manager", at_hr),
    ("returned", returned),
    ("completed", completed),
    ("rejected", rejected),
    ("withdrawn", withdrawn),
];

/// Everything that can be done with a case or with a task of it, and how it is asked for.
const VERBS: [(&str, &str); 9] = [
    ("withdraw", "/cases/{case}/withdrawal"),
    ("urge", "/cases/{case}/urges"),
    ("comment", "/cases/{case}/comments"),
    ("approve", "/tasks/{task}/approval"),
    ("reject", "/tasks/{task}/rejection"),
    ("return", "/tasks/{task}/return"),
    ("complete", "/tasks/{task}/completion"),
    ("resubmit", "/tasks/{task}/resubmission"),
    ("hand_over", "/tasks/{task}/hand_over"),
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
            for (verb, path) in VERBS.into_iter().filter(|(verb, _)| !may.iter().any(|one| one == verb)) {
                let before = office.case(LIN_XIAO, &case);
                let said = attempt(&office, person, &case, path);
                assert!((400..500).contains(&said), "{state}: {persona} was not refused to {verb}: {said}");
                assert_eq!(office.case(LIN_XIAO, &case), before, "{state}: {persona} changed it by a refused {verb}");
            }
            for (verb, path) in VERBS.into_iter().filter(|(verb, _)| may.iter().any(|one| one == verb)) {
                let another = Office::new();
                let case = reach(&another);
                let said = attempt(&another, person, &case, path);
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
    let tasks = view["tasks"].as_array().unwrap().iter().map(|task| &task["can"]);
    let verbs = std::iter::once(&view["can"]).chain(tasks).flat_map(|can| can.as_array().unwrap());
    Some(verbs.map(|verb| verb.as_str().unwrap().to_owned()).collect())
}

/// The status that is answered. The body is one that would do for any of them.
fn attempt(office: &Office, person: PersonId, case: &str, path: &str) -> u16 {
    let open = office.app.read({
        let case = case.to_owned();
        move |tx| {
            let sql = "select no from workflow_task where case_id = $1 order by waiting desc, no desc limit 1";
            tx.scalar::<i64>(sql, hanlin_store::params![case])
        }
    });
    let path = path.replace("{case}", case).replace("{task}", &format!("{case}.{open}"));
    let mut body = json!({ "text": "理由如下" });
    if path.ends_with("hand_over") {
        body["to"] = json!(WU_TONG.to_string());
    } else if path.ends_with("resubmission") {
        body["values"] = Value::Object(serde_json::Map::new());
        body["confirmed"] = json!(true);
    }
    office.app.as_(person).post(&path, body).status
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
