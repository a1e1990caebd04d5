use std::sync::Arc;

use hanlin_api::{Module, Services};
use hanlin_directory::cast;
use hanlin_files::{Blobs, Files};
use hanlin_kernel::{Actor, PersonId};
use hanlin_store::{Ports, Tx};
use hanlin_testkit::{Setup, TestApp};
use hanlin_trace::{Keys, TraceRecorder};
use serde_json::{Value, json};

use crate::{CASE, CaseFiles, Effect, FlowId, MANAGE, Webhooks, engine};

/// The sample organisation at work, with the leave of company 003-f.
pub(super) struct Office {
    pub app: TestApp,
    pub leave: String,
    /// Where the bytes of files lie.
    pub folder: tempfile::TempDir,
    /// Which may ask systems on this machine.
    pub webhooks: Webhooks,
    /// What writes the trace, with its key.
    pub recorder: Arc<TraceRecorder>,
}

pub(super) const LEAVE: &str = include_str!("../../../../../presets/003-f/f-01-leave.flow.yaml");

impl Office {
    pub fn new() -> Self {
        Self::doing(&[])
    }

    /// The same, in which cases do this in modules.
    pub fn doing(effects: &[Effect]) -> Self {
        Self::with_ports(effects.iter().fold(Ports::default(), |ports, effect| ports.with(*effect)))
    }

    pub fn with_ports(given: Ports) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).unwrap();
        let files = Files::new(blobs.clone()).owned(CASE, CaseFiles);
        let keys = Arc::new(Keys::generate().unwrap());
        let webhooks = Webhooks::new(keys.derive("webhooks"), true);
        let recorder = Arc::new(TraceRecorder::with(keys));
        let own = crate::module().ports;
        let house = Ports::default().with(blobs).with(recorder.clone());
        let ports = Ports::joined([&own, &house, &given]);
        let written = recorder.clone();
        let modules = vec![
            hanlin_trace::module(),
            hanlin_directory::module(),
            hanlin_rulebook::module(),
            hanlin_worktime::module(),
            hanlin_access::module(),
            hanlin_files::module(),
            hanlin_notify::module(Vec::new()),
            Module { ports, ..crate::module() },
        ];
        let services = Services::default().with(files).with(webhooks.clone());
        let setup = Setup { recorder: Some(recorder), services, ..Setup::default() };
        let app = TestApp::with(modules, setup);
        let leave: FlowId = app.write(|tx| {
            hanlin_directory::cast::load_sample(tx)?;
            hanlin_access::load_sample(tx, "no password is ever right")?;
            publish(tx, LEAVE)
        });
        let office = Self { app, leave: leave.to_string(), folder, webhooks, recorder: written };
        office.app.grant(cast::GAO_XIANG, &[MANAGE]);
        for person in [cast::LIN_XIAO, cast::ZHAO_QING, cast::GAO_XIANG, cast::LIANG_BO] {
            office.settle_in(person);
        }
        office.app.events();
        office
    }

    /// Acts under his main appointment from now on.
    fn settle_in(&self, person: PersonId) {
        let appointment = self.app.read(move |tx| {
            let (directory, at) = (hanlin_directory::snapshot(tx)?, tx.now());
            let main = directory.main_appointment(person, at);
            Ok(main.map(|held| (held.id, directory.unit_of(held.place, at), held.place.department())))
        });
        if let Some((id, unit, department)) = appointment {
            let grants = if person == cast::GAO_XIANG { self.granted(MANAGE) } else { Vec::new() };
            self.app.acting(Actor { appointment: Some(id), unit, department, grants, ..Actor::person(person) });
        }
    }

    fn granted(&self, permission: hanlin_kernel::Permission) -> Vec<hanlin_kernel::Grant> {
        let scopes = hanlin_kernel::Scopes::everything();
        vec![hanlin_kernel::Grant { permission: permission.0.to_owned(), scopes }]
    }

    /// A leave of these days, as the client sends it.
    pub fn request(&self, from: (&str, &str), to: (&str, &str)) -> Value {
        json!({
            "flow": self.leave,
            "confirmed": true,
            "values": {
                "kind": "personal",
                "period": { "from": { "date": from.0, "half": from.1 }, "to": { "date": to.0, "half": to.1 } },
                "reason": "家中有事",
            },
        })
    }

    pub fn half_day(&self) -> Value {
        self.request(("2026-03-05", "am"), ("2026-03-05", "am"))
    }

    pub fn three_days(&self) -> Value {
        self.request(("2026-03-04", "am"), ("2026-03-06", "pm"))
    }

    pub fn submit(&self, person: PersonId, request: Value) -> String {
        self.app.as_(person).post("/cases", request).id()
    }

    pub fn case(&self, person: PersonId, case: &str) -> Value {
        self.app.as_(person).get(&format!("/cases/{case}")).ok()
    }

    /// His only task.
    pub fn task(&self, person: PersonId) -> String {
        let tasks = self.app.as_(person).get("/tasks").ok();
        assert_eq!(tasks["items"].as_array().map(Vec::len), Some(1), "{tasks}");
        tasks["items"][0]["id"].as_str().unwrap().to_owned()
    }

    pub fn approve(&self, person: PersonId) {
        let task = self.task(person);
        self.app.as_(person).post(&format!("/tasks/{task}/approval"), json!({ "text": "同意" })).ok();
    }

    /// The engine's events of a case, as the trace keeps them.
    pub fn trace(&self, case: &str) -> Vec<Value> {
        let stream = format!("workflow/case/{case}");
        let page = hanlin_kernel::PageRequest { after: None, limit: Some(200) };
        let entries = self.app.read(move |tx| hanlin_trace::list_stream(tx, &stream, &page)).items;
        let payloads = entries.into_iter().filter_map(|entry| entry.payload);
        payloads.flat_map(|payload| payload["events"].as_array().cloned().unwrap_or_default()).collect()
    }

    pub fn waiting(&self, person: PersonId) -> usize {
        self.app.as_(person).get("/tasks").ok()["items"].as_array().unwrap().len()
    }

    /// The titles of a list of cases.
    pub fn list(&self, person: PersonId, list: &str) -> Vec<Value> {
        self.app.as_(person).get(&format!("/cases?list={list}")).ok()["items"].as_array().unwrap().clone()
    }
}

pub(super) fn publish(tx: &mut Tx, text: &str) -> hanlin_kernel::Result<FlowId> {
    let package =
        crate::package::read(text).map_err(|problems| hanlin_kernel::Error::internal(format!("{problems:?}")))?;
    crate::import_and_publish(tx, cast::QINGLAN, package.flow, text)
}

/// A flow of one approval by any of two, to be decided at once.
pub(super) fn any_of_two() -> engine::Flow {
    one_of_two("any")
}

/// The same with another way of deciding which of them.
pub(super) fn one_of_two(quorum: &str) -> engine::Flow {
    serde_json::from_value(json!({
        "id": "t-any",
        "name": { "zh": "或签", "en": "Any of two" },
        "category": "test",
        "form": { "fields": [{ "id": "text", "label": { "zh": "事由" }, "type": "text" }],
                  "layout": { "columns": 4, "rows": [[{ "field": "text" }]] } },
        "route": [{
            "kind": "approve", "key": "either", "name": { "zh": "任一" }, "quorum": quorum,
            "who": [
                { "rule": "person", "person": cast::ZHAO_QING.to_string() },
                { "rule": "person", "person": cast::XU_JING.to_string() }
            ]
        }]
    }))
    .unwrap()
}
