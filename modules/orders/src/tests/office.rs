use std::{collections::BTreeMap, sync::Arc};

use hanlin_api::Services;
use hanlin_directory::{
    cast::{FANG_YUE, GAO_XIANG, LIN_XIAO, QINGLAN, XU_JING},
    model::Place,
};
use hanlin_files::{Blobs, Files};
use hanlin_kernel::PersonId;
use hanlin_testkit::{Setup, TestApp};
use hanlin_trace::{Keys, TraceRecorder};
use hanlin_workflow::{CASE, CaseFiles, FlowId};
use serde_json::{Value, json};

/// The sample organisation with the leave of company 003-f. XU_JING issues orders, GAO_XIANG verifies them.
pub(super) struct Office {
    pub app: TestApp,
    leave: String,
    _folder: tempfile::TempDir,
}

const LEAVE: &str = include_str!("../../../../presets/003-f/f-01-leave.flow.yaml");

impl Office {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(Blobs::open(folder.path()).unwrap()).owned(CASE, CaseFiles);
        let modules = vec![
            hanlin_trace::module(),
            hanlin_directory::module(),
            hanlin_rulebook::module(),
            hanlin_worktime::module(),
            hanlin_access::module(),
            hanlin_seats::module(),
            hanlin_files::module(),
            hanlin_notify::module(Vec::new()),
            hanlin_workflow::module(),
            crate::module(),
        ];
        let setup = Setup {
            recorder: Some(Arc::new(TraceRecorder::with(Arc::new(Keys::generate().unwrap())))),
            services: Services::default().with(files),
            ..Setup::default()
        };
        let app = TestApp::with(modules, setup);
        let leave: FlowId = app.write(|tx| {
            hanlin_directory::cast::load_sample(tx)?;
            hanlin_access::load_sample(tx, "no password is ever right")?;
            let package = hanlin_workflow::package::read(LEAVE).expect("the package reads");
            hanlin_workflow::import_and_publish(tx, QINGLAN, package.flow, LEAVE)
        });
        let office = Self { app, leave: leave.to_string(), _folder: folder };
        for person in [XU_JING, GAO_XIANG] {
            office.app.grant(person, &[hanlin_directory::READ, hanlin_directory::MANAGE, crate::READ]);
        }
        office.app.grant(XU_JING, &[crate::ISSUE]);
        office.app.grant(GAO_XIANG, &[crate::VERIFY, crate::HAND_OVER]);
        office.app.events();
        office
    }

    /// A leave of LIN_XIAO, which waits at her team lead; its id.
    pub fn leave_request(&self) -> String {
        let day = json!({ "date": "2026-03-05", "half": "am" });
        let values = json!({ "kind": "personal", "period": { "from": day, "to": day }, "reason": "家中有事" });
        let request = json!({ "flow": self.leave, "confirmed": true, "values": values });
        self.app.as_(LIN_XIAO).post("/cases", request).id()
    }

    pub fn waiting(&self, person: PersonId) -> Vec<Value> {
        self.app.as_(person).get("/tasks").ok()["items"].as_array().unwrap().clone()
    }

    pub fn approve(&self, person: PersonId) {
        let task = self.waiting(person)[0]["id"].as_str().unwrap().to_owned();
        self.app.as_(person).post(&format!("/tasks/{task}/approval"), json!({ "text": "同意" })).ok();
    }

    /// Drafts an order of these changes; the draft.
    pub fn draft(&self, changes: Value, effective_at: Option<jiff::Timestamp>) -> Value {
        let mut order = json!({ "unit": QINGLAN, "title": "机构调整", "basis": "人字〔2026〕3号", "changes": changes });
        if let Some(at) = effective_at {
            order["effective_at"] = json!(at);
        }
        self.app.as_(XU_JING).post("/orders", order).ok()
    }

    pub fn order(&self, order: &Value) -> Value {
        self.app.as_(GAO_XIANG).get(&path(order, "")).ok()
    }

    pub fn preview(&self, order: &Value) -> Value {
        self.app.as_(XU_JING).post(&path(order, "/preview"), json!({})).ok()
    }

    /// GAO_XIANG approves it, who did not draft it; the order afterwards.
    pub fn review(&self, order: &Value) -> Value {
        let version = order["version"].clone();
        self.app.as_(GAO_XIANG).header("If-Match", version).post(&path(order, "/review"), json!({})).ok()
    }

    /// Issues it; the order afterwards.
    pub fn issue(&self, order: &Value) -> Value {
        let version = order["version"].clone();
        self.app.as_(XU_JING).header("If-Match", version).post(&path(order, "/issue"), json!({})).ok()
    }

    /// Every place with what it lies in, its leaders and who is in it: what the organisation looks like now.
    pub fn picture(&self) -> BTreeMap<String, Value> {
        self.app.read(|tx| {
            let (snapshot, at) = (hanlin_directory::snapshot(tx)?, tx.now());
            let roots = snapshot.roots(at).into_iter();
            let places = roots.flat_map(|root| snapshot.and_below(Place::Unit(root.id), at));
            let picture = places.map(|place| {
                let mut people: Vec<_> = snapshot.staff(place, at).iter().map(|h| (h.person, h.post, h.main)).collect();
                people.sort();
                let name = match place {
                    Place::Unit(unit) => snapshot.unit(unit, at).map(|unit| unit.name.zh.clone()),
                    Place::Department(id) => snapshot.department(id, at).map(|one| one.name.zh.clone()),
                };
                let seen = json!({
                    "name": name, "above": snapshot.ancestors(place, at), "people": people,
                    "head": snapshot.head(place, at), "in_charge": snapshot.leader_in_charge(place, at),
                });
                (place.node(), seen)
            });
            Ok(picture.collect())
        })
    }

    pub fn told(&self, person: PersonId) -> Vec<String> {
        let told = self.app.as_(person).get("/notifications").ok();
        told["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
    }
}

pub(super) fn path(order: &Value, rest: &str) -> String {
    format!("/orders/{}{rest}", order["id"].as_str().expect("an order has an id"))
}

/// The codes of the items that hang on an order; `attention`: only those that must be looked at.
pub(super) fn codes(items: &Value, attention: bool) -> Vec<String> {
    let items = items.as_array().expect("a list of items").iter();
    let mut codes: Vec<String> = items
        .filter(|item| !attention || item["attention"] == true)
        .map(|item| item["code"].as_str().unwrap().to_owned())
        .collect();
    codes.sort();
    codes.dedup();
    codes
}

/// A place of one side of a chart, by its name.
pub(super) fn node<'a>(side: &'a Value, name: &str) -> Option<&'a Value> {
    side.as_array().expect("a side of a chart").iter().find(|node| node["name"]["zh"] == name)
}

/// Who has no part in any of it.
pub(super) const OUTSIDER: PersonId = FANG_YUE;
