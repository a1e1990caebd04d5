//! Finished cases are cancelled after a backup that holds, and can be restored (FLOW-25).

use std::{collections::BTreeMap, fs, path::PathBuf};

use hanlin_directory::cast::{FANG_YUE, GAO_XIANG, LIN_XIAO, QINGLAN, TANG_FENG, WU_TONG, XU_JING, ZHAO_QING};
use hanlin_kernel::PersonId;
use hanlin_store::params;
use serde_json::{Value, json};

use super::office::{Office, publish};
use crate::{CANCELLED, CaseId, cancelling::TABLES, engine};

const F_62: &str = include_str!("../../../../../presets/002/f-62-approval-cancellation.flow.yaml");

/// The office with both flows: what is bought, and what takes it back.
pub(super) struct House {
    pub office: Office,
    pub buying: String,
    cancelling: String,
}

impl House {
    pub fn new() -> Self {
        let office = Office::new();
        office.app.grant(GAO_XIANG, &[CANCELLED]);
        let (buying, cancelling) = office.app.write(|tx| {
            let buying = crate::import_and_publish(tx, QINGLAN, buying(), "test")?;
            Ok((buying.to_string(), publish(tx, F_62)?.to_string()))
        });
        Self { office, buying, cancelling }
    }

    /// Bought by Lin Xiao, agreed to by Zhao Qing, copied to Fang Yue; with an attachment.
    pub fn bought(&self) -> String {
        let file = self.office.app.as_(LIN_XIAO).post_bytes("/files?name=offer.txt", b"an offer".to_vec()).id();
        let values = json!({ "what": "办公椅", "amount": "1200.00", "offer": [file] });
        let case = self.office.submit(LIN_XIAO, json!({ "flow": self.buying, "confirmed": true, "values": values }));
        self.office.approve(ZHAO_QING);
        assert_eq!(self.office.case(LIN_XIAO, &case)["status"], "completed");
        case
    }

    /// Asks to cancel it; both approve.
    pub fn agreed(&self, person: PersonId, case: &str) -> String {
        let values = json!({ "original": [case], "owner": [TANG_FENG.to_string()], "reason": "重复提交" });
        let asked = self.office.submit(person, json!({ "flow": self.cancelling, "confirmed": true, "values": values }));
        self.office.approve(ZHAO_QING);
        self.office.approve(TANG_FENG);
        asked
    }

    /// The same, and the backup is ordered.
    pub fn backed_up(&self, person: PersonId, case: &str) -> String {
        let asked = self.agreed(person, case);
        self.complete();
        asked
    }

    /// What he who executes has to do in this case.
    pub fn task_in(&self, asked: &str) -> String {
        let view = self.office.case(GAO_XIANG, asked);
        view["tasks"][0]["id"].as_str().unwrap().to_owned()
    }

    pub fn complete_in(&self, asked: &str) {
        let task = self.task_in(asked);
        self.office.app.as_(GAO_XIANG).post(&format!("/tasks/{task}/completion"), json!({ "text": "已办" })).ok();
    }

    /// It is tried again, and refused for this.
    pub fn retried(&self, asked: &str) -> Value {
        let task = self.task_in(asked);
        self.office.app.as_(GAO_XIANG).post(&format!("/tasks/{task}/retry"), json!({})).ok();
        self.refusal(asked)
    }

    /// He cannot say that he did it; he ends it.
    pub fn given_up(&self, asked: &str) {
        let (task, admin) = (self.task_in(asked), self.office.app.as_(GAO_XIANG));
        let words = json!({ "text": "不予撤销" });
        let by_hand = admin.post(&format!("/tasks/{task}/completion"), words.clone()).refused(409);
        assert_eq!(by_hand["code"], "workflow.not_by_hand");
        admin.post(&format!("/tasks/{task}/termination"), words).ok();
        assert_eq!(self.office.case(GAO_XIANG, asked)["status"], "terminated");
    }

    pub fn complete(&self) {
        let task = self.office.task(GAO_XIANG);
        self.office.app.as_(GAO_XIANG).post(&format!("/tasks/{task}/completion"), json!({ "text": "已办" })).ok();
    }

    pub fn cancelled(&self, case: &str) -> String {
        let asked = self.backed_up(LIN_XIAO, case);
        self.complete();
        assert_eq!(self.office.case(LIN_XIAO, &asked)["status"], "completed");
        asked
    }

    /// Why the effect at this case was refused the last time.
    pub fn refusal(&self, asked: &str) -> Value {
        let view = self.office.case(GAO_XIANG, asked);
        assert_eq!(view["status"], "running");
        view["effects"].as_array().unwrap().last().unwrap()["reason"]["code"].clone()
    }

    pub fn listed(&self) -> Vec<Value> {
        let page = self.office.app.as_(GAO_XIANG).get("/cancelled_cases").ok();
        page["items"].as_array().unwrap().clone()
    }

    /// Every row of the case in every table.
    pub fn rows(&self, case: &str) -> BTreeMap<&'static str, Vec<String>> {
        let id: CaseId = case.parse().unwrap();
        self.office.app.read(move |tx| {
            let mut all = BTreeMap::new();
            for (table, whose) in TABLES {
                let rows = tx.rows(&format!("select * from {table} where {whose}"), params![id])?;
                let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
                rows.sort();
                all.insert(table, rows);
            }
            Ok(all)
        })
    }

    pub fn kinds(&self, case: &str) -> Vec<String> {
        let stream = format!("workflow/case/{case}");
        let page = hanlin_kernel::PageRequest { after: None, limit: Some(200) };
        let entries = self.office.app.read(move |tx| hanlin_trace::list_stream(tx, &stream, &page)).items;
        entries.into_iter().map(|entry| entry.kind).collect()
    }

    /// The file in which this content lies.
    pub fn blob(&self, digest: &str) -> PathBuf {
        self.office.folder.path().join("blobs").join(&digest[..2]).join(digest)
    }
}

pub(super) fn buying() -> engine::Flow {
    serde_json::from_value(json!({
        "id": "t-buying",
        "name": { "zh": "采购", "en": "Buying" },
        "category": "test",
        "form": {
            "fields": [
                { "id": "what", "label": { "zh": "物品" }, "type": "text", "indexed": true },
                { "id": "amount", "label": { "zh": "金额" }, "type": "money", "indexed": true },
                { "id": "offer", "label": { "zh": "报价" }, "type": "attachment" }
            ],
            "layout": { "columns": 1, "rows": [[{ "field": "what" }], [{ "field": "amount" }], [{ "field": "offer" }]] }
        },
        "route": [
            { "kind": "approve", "key": "check", "name": { "zh": "审批" },
              "who": [{ "rule": "person", "person": ZHAO_QING.to_string() }] },
            { "kind": "copy", "key": "told", "name": { "zh": "知会" },
              "who": [{ "rule": "person", "person": FANG_YUE.to_string() }] }
        ]
    }))
    .unwrap()
}

// proves: FLOW-25, TRACE-01, PERM-02
#[test]
fn a_finished_case_is_backed_up_and_then_leaves_every_view() {
    let house = House::new();
    let office = &house.office;
    let case = house.bought();
    let file = office.case(LIN_XIAO, &case)["values"]["offer"][0].as_str().unwrap().to_owned();
    let asked = house.backed_up(LIN_XIAO, &case);
    let view = office.case(LIN_XIAO, &asked);
    let digest = view["values"]["digest"].as_str().unwrap().to_owned();
    assert_eq!(view["values"]["backup"], json!(format!("blobs/{}/{digest}", &digest[..2])));
    assert_eq!(
        (&view["values"]["backup_on"], view["effects"][0]["state"].as_str()),
        (&json!("2026-03-02"), Some("done"))
    );
    assert_eq!(office.case(LIN_XIAO, &case)["status"], "completed", "a backup takes nothing away");
    house.complete();

    let left: Vec<_> = house.rows(&case).into_iter().filter(|(_, rows)| !rows.is_empty()).collect();
    assert_eq!(left, [], "no row of it is left");
    for (person, list) in [(LIN_XIAO, "started"), (ZHAO_QING, "done"), (FANG_YUE, "copied")] {
        let rows = office.list(person, list);
        assert!(rows.iter().all(|row| row["id"] != json!(case)), "{list}");
    }
    let told = office.app.as_(ZHAO_QING).get(&format!("/cases/{case}")).refused(409);
    assert_eq!(told["code"], "workflow.case_is_cancelled");
    let why = office.app.as_(LIN_XIAO).get(&format!("/cases/{case}/cancellation")).ok();
    assert_eq!((&why["by_case"], &why["asked_by"]["id"]), (&json!(asked), &json!(LIN_XIAO.to_string())));
    let agreed: Vec<&Value> = why["approved_by"].as_array().unwrap().iter().map(|one| &one["person"]["id"]).collect();
    assert_eq!(agreed, [&json!(ZHAO_QING.to_string()), &json!(TANG_FENG.to_string())]);
    assert!(why.get("backup").is_none(), "where it lies is not told to those who only took part");
    for stranger in [WU_TONG, XU_JING] {
        office.app.as_(stranger).get(&format!("/cases/{case}")).refused(404);
        office.app.as_(stranger).get(&format!("/cases/{case}/cancellation")).refused(404);
    }
    // Who decided about it read it through the cancellation; that is over, and its files are nobody's.
    office.app.as_(TANG_FENG).get(&format!("/cases/{case}")).refused(404);
    for person in [LIN_XIAO, ZHAO_QING, TANG_FENG, GAO_XIANG] {
        office.app.as_(person).get(&format!("/files/{file}")).refused(404);
    }
    let named = &office.case(LIN_XIAO, &asked)["cases"][&case];
    assert_eq!((&named["cancelled"], &named["readable"]), (&json!(true), &json!(true)));

    let kinds = house.kinds(&case);
    let order: Vec<&str> = kinds.iter().map(String::as_str).filter(|kind| kind.starts_with("workflow.case_")).collect();
    assert_eq!(order, ["workflow.case_backed_up", "workflow.case_cancelled"]);
    assert!(house.kinds(&asked).contains(&"workflow.submitted".to_owned()), "who asked is in the trace of its own");
    let row = house.listed().remove(0);
    assert_eq!((&row["case"], &row["backup"]["digest"]), (&json!(case), &json!(digest)));
    let again = house.backed_up(LIN_XIAO, &house.bought());
    assert_ne!(again, asked, "another can be asked for");
}

// proves: FLOW-25
#[test]
fn a_restored_case_is_what_it_was_row_by_row() {
    let house = House::new();
    let office = &house.office;
    let case = house.bought();
    let (before, view) = (house.rows(&case), office.case(LIN_XIAO, &case));
    house.cancelled(&case);
    let id = house.listed()[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/cancelled_cases/{id}/restoration");
    office.app.as_(LIN_XIAO).post(&path, json!({ "reason": "误撤" })).refused(403);
    office.app.as_(GAO_XIANG).post(&path, json!({ "reason": "  " })).refused(422);
    office.app.as_(GAO_XIANG).post(&path, json!({ "reason": "误撤" })).ok();
    assert_eq!(house.rows(&case), before);
    let mut after = office.case(LIN_XIAO, &case);
    // The cancellation that names it is newer than the first look.
    after["named_by"] = view["named_by"].clone();
    assert_eq!(after, view);
    let replayed = office.trace(&case);
    let state = office.app.read({
        let id: CaseId = case.parse().unwrap();
        move |tx| crate::cases::find_case(tx, id)
    });
    let events = replayed.into_iter().map(|event| serde_json::from_value::<engine::Event>(event).unwrap());
    let draft = engine::Case::draft(state.state.initiator.clone());
    assert_eq!(events.fold(draft, |case, event| engine::apply(case, &event)), state.state);
    let again = office.app.as_(GAO_XIANG).post(&path, json!({ "reason": "误撤" })).refused(409);
    assert_eq!(again["code"], "workflow.already_restored");
    assert_eq!(house.kinds(&case).last().unwrap(), "workflow.case_restored");
    let row = house.listed().remove(0);
    assert_eq!(row["restored"]["because"], "误撤");
    // It can be cancelled again, and restored again.
    house.cancelled(&case);
    assert_eq!(house.listed().len(), 2);
}

// proves: FLOW-25
#[test]
fn nothing_is_deleted_without_a_backup_that_holds() {
    let house = House::new();
    let office = &house.office;
    let case = house.bought();
    let asked = house.backed_up(LIN_XIAO, &case);
    let digest = office.case(LIN_XIAO, &asked)["values"]["digest"].as_str().unwrap().to_owned();
    let blob = house.blob(&digest);
    let text = fs::read(&blob).unwrap();
    fs::write(&blob, String::from_utf8(text.clone()).unwrap().replace("1200.00", "9200.00")).unwrap();
    house.complete();
    assert_eq!(house.refusal(&asked), "workflow.backup_other_digest");
    let again = |what: &str| {
        let task = office.task(GAO_XIANG);
        office.app.as_(GAO_XIANG).post(&format!("/tasks/{task}/retry"), json!({})).ok();
        assert_eq!(house.refusal(&asked), what);
    };
    fs::write(&blob, &text).unwrap();
    let mac = office.app.write(|tx| {
        let mac: String = tx.scalar("select mac from workflow_backup", &[])?;
        tx.exec("update workflow_backup set mac = $1", params![mac.chars().rev().collect::<String>()])?;
        Ok(mac)
    });
    again("workflow.backup_other_seal");
    office.app.write(move |tx| tx.exec("update workflow_backup set mac = $1", params![mac.clone()]));
    let offer =
        office.app.read(|tx| tx.scalar::<String>("select sha256 from files_file where name = 'offer.txt'", &[]));
    fs::remove_file(house.blob(&offer)).unwrap();
    again("workflow.backup_file_missing");
    fs::write(house.blob(&offer), b"another offer").unwrap();
    again("workflow.backup_file_changed");
    fs::write(house.blob(&offer), b"an offer").unwrap();
    office.app.as_(FANG_YUE).post(&format!("/cases/{case}/reads"), json!({})).ok();
    again("workflow.changed_since");
    office.app.write(|tx| tx.exec("delete from workflow_backup", &[]));
    again("workflow.not_backed_up");
    assert_eq!(office.case(LIN_XIAO, &case)["status"], "completed", "it is still there");

    // Moved back to the step of the backup, it is backed up again and then deleted.
    let back = json!({ "to": "save", "text": "重新备份" });
    office.app.as_(GAO_XIANG).post(&format!("/cases/{asked}/move"), back).ok();
    house.complete();
    house.complete();
    assert_eq!(office.case(LIN_XIAO, &asked)["status"], "completed");
    office.app.as_(LIN_XIAO).get(&format!("/cases/{case}")).refused(409);
}

// proves: FLOW-25
#[test]
fn a_backup_that_was_touched_restores_nothing_and_says_what_is_wrong() {
    let house = House::new();
    let office = &house.office;
    let case = house.bought();
    house.cancelled(&case);
    let row = house.listed().remove(0);
    let (id, digest) = (row["id"].as_str().unwrap(), row["backup"]["digest"].as_str().unwrap());
    let admin = office.app.as_(GAO_XIANG);
    let report = admin.get(&format!("/cancelled_cases/{id}/verification")).ok();
    assert_eq!((report.get("fault"), &report["files"]), (None, &json!(1)));
    assert!(report["entries"].as_u64().unwrap() > 1);
    let blob = house.blob(digest);
    let text = fs::read_to_string(&blob).unwrap();
    fs::write(&blob, text.replace("1200.00", "9200.00")).unwrap();
    let report = admin.get(&format!("/cancelled_cases/{id}/verification")).ok();
    assert_eq!(report["fault"]["code"], "workflow.backup_other_digest");
    let refused = admin.post(&format!("/cancelled_cases/{id}/restoration"), json!({ "reason": "误撤" })).refused(409);
    assert_eq!(refused["code"], "workflow.backup_other_digest");
    fs::remove_file(&blob).unwrap();
    let refused = admin.post(&format!("/cancelled_cases/{id}/restoration"), json!({ "reason": "误撤" })).refused(409);
    assert_eq!(refused["code"], "workflow.backup_unreadable");
    let left: Vec<_> = house.rows(&case).into_iter().filter(|(_, rows)| !rows.is_empty()).collect();
    assert_eq!(left, []);
}

// proves: FLOW-25, PERM-02
#[test]
fn a_downloaded_backup_is_checked_without_the_house_and_leaves_an_entry() {
    let house = House::new();
    let office = &house.office;
    let case = house.bought();
    house.cancelled(&case);
    let id = house.listed()[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/cancelled_cases/{id}/backup");
    office.app.as_(LIN_XIAO).get(&path).refused(403);
    let said = office.app.as_(GAO_XIANG).get(&path);
    assert_eq!((said.status, said.headers["content-type"].to_str().unwrap()), (200, "application/zip"));
    assert_eq!(house.kinds(&case).last().unwrap(), "workflow.backup_downloaded");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.zip");
    fs::write(&file, &said.bytes).unwrap();
    let report = crate::check_archive(&file, None).unwrap();
    assert_eq!((report.files, report.is_ours), (1, None));
    let other = hanlin_trace::Keys::generate().unwrap().verifier();
    assert_eq!(crate::check_archive(&file, Some(&other)).unwrap_err(), crate::Fault::BackupOtherSeal);
    let mut bytes = said.bytes.clone();
    let at = bytes.len() / 3;
    bytes[at] ^= 1;
    fs::write(&file, &bytes).unwrap();
    assert!(crate::check_archive(&file, None).is_err(), "one bit is enough");
}

// proves: FLOW-25, FLOW-24
#[test]
fn what_is_not_finished_not_ones_own_or_revoked_by_its_approvers_is_refused_by_name() {
    let house = House::new();
    let office = &house.office;
    let refused = |person, case: &str| {
        let asked = house.backed_up(person, case);
        let code = house.refusal(&asked);
        house.given_up(&asked);
        code
    };
    let leave = office.submit(LIN_XIAO, office.half_day());
    office.approve(ZHAO_QING);
    assert_eq!(refused(LIN_XIAO, &leave), "workflow.not_finished");
    office.approve(XU_JING);
    assert_eq!(refused(LIN_XIAO, &leave), "workflow.revoked_instead");
    let case = house.bought();
    // Fang Yue got a copy: she can name it, and it is not hers.
    let values = json!({ "original": [case], "owner": [TANG_FENG.to_string()], "reason": "重复提交" });
    let request = json!({ "flow": house.cancelling, "confirmed": true, "values": values });
    let asked = office.submit(FANG_YUE, request);
    for person in [XU_JING, TANG_FENG] {
        let tasks = office.app.as_(person).get("/tasks").ok();
        let task = tasks["items"][0]["id"].as_str().expect("it waits for the superior, then for the owner");
        office.app.as_(person).post(&format!("/tasks/{task}/approval"), json!({ "text": "同意" })).ok();
    }
    house.complete();
    assert_eq!(house.refusal(&asked), "workflow.not_its_initiator");
    assert_eq!(office.case(LIN_XIAO, &case)["status"], "completed");
}

// proves: FLOW-25
#[test]
fn every_table_of_a_case_is_in_its_backup() {
    let own = ["workflow_backup", "workflow_cancelled"];
    for migration in crate::MIGRATIONS {
        for table in migration.sqlite.split("create table ").skip(1) {
            let (name, columns) = table.split_once('(').unwrap();
            let name = name.trim();
            let of_a_case = columns.split(");").next().unwrap().contains("case_id");
            assert!(!of_a_case || own.contains(&name) || TABLES.iter().any(|(known, _)| *known == name), "{name}");
        }
    }
}

// proves: FLOW-25
#[test]
fn what_was_cancelled_goes_with_the_sample_with_its_backups() {
    let house = House::new();
    let case = house.bought();
    house.cancelled(&case);
    house.backed_up(LIN_XIAO, &house.bought());
    let ids: Vec<String> = house.office.app.read(|tx| tx.scalars("select id from workflow_backup", &[]));
    let left = house.office.app.write(move |tx| {
        let units = [QINGLAN].into_iter().collect();
        let mut leaving = hanlin_store::Leaving::of(Default::default(), units, Default::default());
        crate::leaving::forget(tx, &mut leaving)?;
        assert!(ids.iter().all(|id| leaving.ids().contains(id)), "their files go by these ids");
        let count = "select cast(count(*) as bigint) from";
        let of = |tx: &mut hanlin_store::Tx, table: &str| tx.scalar::<u64>(&format!("{count} {table}"), &[]);
        Ok([of(tx, "workflow_backup")?, of(tx, "workflow_cancelled")?, of(tx, "workflow_flow")?])
    });
    assert_eq!(left, [0, 0, 0]);
}
