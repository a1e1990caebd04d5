//! A downloaded backup of a cancelled case is checked on the command line.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    process::Output,
};

use serde_json::{Value, json};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::running::{Running, hanlin, outcome};

/// Somebody who is signed in.
struct Visitor<'s> {
    server: &'s Running,
    cookie: String,
}

impl<'s> Visitor<'s> {
    fn enter(server: &'s Running, login: &str) -> Self {
        let (status, said, cookies) =
            server.post("/api/v1/sessions", &json!({ "login": login, "password": "Qinglan-2026!" }));
        assert_eq!(status, 200, "{said}");
        Self { server, cookie: cookies[0].split(';').next().unwrap().to_owned() }
    }

    fn get(&self, path: &str) -> Value {
        let (status, said) = self.server.get(&format!("/api/v1{path}"), &[("cookie", self.cookie.as_str())]);
        assert_eq!(status, 200, "{path}: {said}");
        said
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = agent.post(self.server.url(&format!("/api/v1{path}"))).header("cookie", self.cookie.as_str());
        let mut response = request.send_json(body).unwrap();
        let said: Value = response.body_mut().read_json().unwrap_or(Value::Null);
        assert!(response.status().is_success(), "{path}: {said}");
        said
    }

    fn download(&self, path: &str) -> Vec<u8> {
        let request = ureq::get(self.server.url(&format!("/api/v1{path}"))).header("cookie", self.cookie.as_str());
        request.call().unwrap().body_mut().read_to_vec().unwrap()
    }

    /// Starts a case; its id.
    fn submits(&self, code: &str, values: Value) -> String {
        let flows = self.get("/flows");
        let flow = flows["items"].as_array().unwrap().iter().find(|flow| flow["code"] == code).unwrap();
        let request = json!({ "flow": flow["id"], "confirmed": true, "values": values });
        self.post("/cases", &request)["id"].as_str().unwrap().to_owned()
    }

    /// Does what waits for him in this case.
    fn does(&self, case: &str, act: &str) {
        let view = self.get(&format!("/cases/{case}"));
        let task = view["tasks"][0]["id"].as_str().unwrap_or_else(|| panic!("{view}"));
        self.post(&format!("/tasks/{task}/{act}"), &json!({ "text": "同意" }));
    }
}

fn flow(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Somebody's id, by his name.
fn person(by: &Visitor, name: &str) -> Value {
    let found = by.get(&format!("/people?q={name}"));
    found["items"][0]["id"].clone()
}

/// A booking that was approved and cancelled, in a new installation with the sample; its backup, as it was downloaded.
fn downloaded(data: &Path) -> Vec<u8> {
    Running::start(data, &["--sample"]).stop();
    let (booking, cancelling) =
        (flow("e2e/flows/room-booking.flow.yaml"), flow("presets/002/f-62-approval-cancellation.flow.yaml"));
    let files = [booking.to_str().unwrap(), cancelling.to_str().unwrap()];
    let imported = outcome(&["flow", "import", "--publish", files[0], files[1]], data);
    assert!(imported.status.success(), "{}", said(&imported));
    let server = Running::start(data, &[]);
    let [lin, zhao, gao] = ["linxiao", "zhaoqing", "gaoxiang"].map(|login| Visitor::enter(&server, login));
    let case = lin.submits("e-04-room-booking", json!({ "room": "三号会议室" }));
    zhao.does(&case, "approval");
    let owner = person(&gao, "zhengkai");
    let asked = json!({ "original": [case], "owner": [owner], "reason": "重复提交" });
    let asked = lin.submits("f-62-approval-cancellation", asked);
    zhao.does(&asked, "approval");
    Visitor::enter(&server, "zhengkai").does(&asked, "approval");
    gao.does(&asked, "completion");
    gao.does(&asked, "completion");
    let id = gao.get("/cancelled_cases")["items"][0]["id"].as_str().unwrap().to_owned();
    let backup = gao.download(&format!("/cancelled_cases/{id}/backup"));
    gao.post(&format!("/cancelled_cases/{id}/restoration"), &json!({ "reason": "误撤" }));
    server.stop();
    backup
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// The same package with another amount of truth in its text.
fn rewritten(bytes: &[u8], to: &Path) {
    let mut zip = ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut out = ZipWriter::new(File::create(to).unwrap());
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let (name, mut text) = (entry.name().unwrap().into_owned(), String::new());
        entry.read_to_string(&mut text).unwrap();
        out.start_file(name, SimpleFileOptions::default()).unwrap();
        out.write_all(text.replace("三号会议室", "一号会议室").as_bytes()).unwrap();
    }
    out.finish().unwrap();
}

// proves: FLOW-25, TRACE-08
#[test]
fn a_downloaded_backup_is_checked_on_the_command_line_and_the_trace_holds_after_a_restoration() {
    let data = tempfile::tempdir().unwrap();
    let bytes = downloaded(data.path());
    let (sound, touched) = (data.path().join("sound.zip"), data.path().join("touched.zip"));
    fs::write(&sound, &bytes).unwrap();
    rewritten(&bytes, &touched);
    let check = |file: &Path, data: &Path| {
        let output = outcome(&["audit", "verify-backup", file.to_str().unwrap()], data);
        (output.status.code(), said(&output))
    };
    let (code, report) = check(&sound, data.path());
    assert_eq!(code, Some(0), "{report}");
    assert!(report.contains("as sealed") && report.contains("with the key of this installation"), "{report}");
    let (code, report) = check(&touched, data.path());
    assert_eq!(code, Some(1), "{report}");
    assert!(report.contains("touched.zip") && report.contains("its SHA-256 is another"), "{report}");
    let (code, report) = check(&data.path().join("nowhere.zip"), data.path());
    assert_eq!(code, Some(1), "{report}");
    assert!(report.contains("nowhere.zip: there is no such file"), "{report}");
    fs::write(&touched, "no package at all").unwrap();
    let (code, report) = check(&touched, data.path());
    assert!(code == Some(1) && report.contains("cannot be read"), "{report}");
    // Elsewhere it holds, too; who sealed it is not said there, and another house did not.
    let elsewhere = tempfile::tempdir().unwrap();
    let (code, report) = check(&sound, elsewhere.path());
    assert!(code == Some(0) && report.contains("compare the SHA-256 with the trace"), "{report}");
    Running::start(elsewhere.path(), &[]).stop();
    let (code, report) = check(&sound, elsewhere.path());
    assert!(code == Some(1) && report.contains("was not made with the key of this installation"), "{report}");

    let verified = hanlin().args(["audit", "verify", "--data"]).arg(data.path()).output().unwrap();
    assert!(verified.status.success(), "{}", said(&verified));
}
