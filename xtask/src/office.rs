//! People of the sample organisation at work: what torture and measurements do, by the same HTTP as everybody.

use std::io;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::http::{Answer, Client};

/// What everybody of the sample signs in with; the server prints it.
pub(crate) const PASSWORD: &str = "Qinglan-2026!";

/// Employees of the platform team, whose head is Zhao Qing.
pub(crate) const EMPLOYEES: [&str; 2] = ["linxiao", "wutong"];
/// Who decides a leave of theirs, in this order; the last one only from more than a day on.
pub(crate) const SUPERVISOR: &str = "zhaoqing";
pub(crate) const HR_MANAGER: &str = "xujing";
pub(crate) const GENERAL_MANAGER: &str = "zhouyuanhang";

/// How long a leave is asked for: what decides its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// Supervisor, HR manager.
    HalfDay,
    /// Supervisor, HR manager, general manager.
    ThreeDays,
}

/// One person, signed in, on a connection of his own.
pub(crate) struct Person {
    pub login: &'static str,
    pub id: String,
    pub client: Client,
    cookie: String,
    /// The leave flow that he may start.
    leave: String,
}

impl Person {
    pub(crate) fn sign_in(port: u16, login: &'static str) -> Result<Person> {
        let mut client = Client::new(port);
        let intent = json!({ "login": login, "password": PASSWORD });
        let answer = client.post("/api/v1/sessions", &format!("sign-in-{login}"), &intent)?;
        let me = answer.json().with_context(|| format!("{login} could not sign in"))?;
        let cookie = answer.cookie.context("signing in set no cookie")?;
        client.carry(&cookie);
        let id = text(&me, "/person/id")?;
        let flows = client.get("/api/v1/flows")?.json()?;
        let flows = flows["items"].as_array().context("no list of flows")?;
        let leave = flows.iter().find(|flow| flow["code"] == "f-01-leave").context("there is no flow f-01-leave")?;
        let leave = text(leave, "/id")?;
        Ok(Person { login, id, client, cookie, leave })
    }

    /// The same person and session on another connection.
    pub(crate) fn again(&self, port: u16) -> Person {
        let mut client = Client::new(port);
        client.carry(&self.cookie);
        let (id, cookie, leave) = (self.id.clone(), self.cookie.clone(), self.leave.clone());
        Person { login: self.login, id, client, cookie, leave }
    }

    /// The body of a request for leave.
    pub(crate) fn leave_request(&self, leave: Leave) -> Value {
        let (from, to) = match leave {
            Leave::HalfDay => (("2026-12-01", "am"), ("2026-12-01", "am")),
            Leave::ThreeDays => (("2026-12-01", "am"), ("2026-12-03", "pm")),
        };
        let end = |(date, half): (&str, &str)| json!({ "date": date, "half": half });
        let period = json!({ "from": end(from), "to": end(to) });
        let values = json!({ "kind": "annual", "period": period, "reason": "家里有事，需要请假处理。" });
        json!({ "flow": self.leave, "values": values, "confirmed": true })
    }

    pub(crate) fn submit(&mut self, key: &str, leave: Leave) -> io::Result<Answer> {
        let body = self.leave_request(leave);
        self.client.post("/api/v1/cases", key, &body)
    }

    /// The id of the case that a submission began.
    pub(crate) fn submitted(&mut self, key: &str, leave: Leave) -> Result<String> {
        text(&self.submit(key, leave)?.json()?, "/id")
    }

    pub(crate) fn approve(&mut self, key: &str, task: &str) -> io::Result<Answer> {
        self.client.post(&format!("/api/v1/tasks/{task}/approval"), key, &json!({ "text": "同意。" }))
    }

    pub(crate) fn reject(&mut self, key: &str, task: &str) -> io::Result<Answer> {
        self.client.post(&format!("/api/v1/tasks/{task}/rejection"), key, &json!({ "text": "项目上线期间，请改期。" }))
    }

    /// The ids of the first tasks that wait for him.
    pub(crate) fn waiting(&mut self, most: u32) -> io::Result<Result<Vec<String>>> {
        let answer = self.client.get(&format!("/api/v1/tasks?limit={most}"))?;
        let ids = || {
            let page = answer.json()?;
            page["items"].as_array().context("no list of tasks")?.iter().map(|task| text(task, "/id")).collect()
        };
        Ok(ids())
    }

    /// A case as he sees it.
    pub(crate) fn case(&mut self, id: &str) -> Result<Value> {
        self.client.get(&format!("/api/v1/cases/{id}"))?.json().with_context(|| format!("{} at case {id}", self.login))
    }
}

/// A text in JSON, by its pointer.
pub(crate) fn text(json: &Value, pointer: &str) -> Result<String> {
    let found = json.pointer(pointer).and_then(Value::as_str);
    ensure!(found.is_some(), "there is no {pointer} in {json}");
    Ok(found.unwrap_or_default().to_owned())
}
