use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use serde_json::Value;

/// A server process of one test; killed with it.
pub struct Running {
    child: Child,
    pub port: u16,
    /// What it has printed for people.
    pub said: Vec<String>,
}

pub fn hanlin() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hanlin"));
    command.env_remove("HANLIN_DATA").env_remove("HANLIN_CONFIG");
    command
}

/// Runs to its end: for commands, and for servers that must refuse to start.
pub fn outcome(arguments: &[&str], data: &Path) -> Output {
    hanlin().args(arguments).arg("--data").arg(data).output().unwrap()
}

pub fn error_of(output: &Output) -> String {
    assert!(!output.status.success(), "it succeeded: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The port of the URL in a line.
pub fn port_in(line: &str) -> u16 {
    let (_, url) = line.split_once("://").unwrap_or_else(|| panic!("a URL in `{line}`"));
    let authority = url.split('/').next().unwrap();
    authority.rsplit_once(':').unwrap().1.trim().parse().unwrap()
}

impl Running {
    /// Starts a server on this folder and waits until it is ready.
    pub fn start(data: &Path, more: &[&str]) -> Self {
        let mut child = hanlin()
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "warn"])
            .args(more)
            .arg("--data")
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let (sender, lines) = mpsc::channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut said = Vec::new();
        let started = Instant::now();
        // It prints a block for people once it listens; the block ends when nothing more comes for a moment.
        while said.is_empty() || !said.iter().any(|line: &String| line.contains("Hanlin")) {
            assert!(started.elapsed() < Duration::from_secs(60), "the server did not become ready");
            assert!(child.try_wait().unwrap().is_none(), "the server ended");
            said.extend(lines.recv_timeout(Duration::from_millis(200)));
        }
        while let Ok(line) = lines.recv_timeout(Duration::from_millis(300)) {
            said.push(line);
        }
        let port = port_in(said.iter().find(|line| line.contains("Hanlin")).unwrap());
        Self { child, port, said }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Status and body.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> (u16, Value) {
        let mut request = agent().get(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.call().unwrap();
        (response.status().as_u16(), response.body_mut().read_json().unwrap_or(Value::Null))
    }

    /// Status, body, cookies.
    pub fn post(&self, path: &str, body: &Value) -> (u16, Value, Vec<String>) {
        let mut response = agent().post(self.url(path)).send_json(body).unwrap();
        let cookies =
            response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned()).collect();
        (response.status().as_u16(), response.body_mut().read_json().unwrap_or(Value::Null), cookies)
    }

    /// Asks it to stop as a service manager does, and waits.
    pub fn stop(mut self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(asked.success());
        let started = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(started.elapsed() < Duration::from_secs(20), "it did not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}
