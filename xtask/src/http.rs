//! A small HTTP/1.1 client over one kept connection. Made for two jobs that a full client does badly: it never repeats
//! a request by itself, so that whoever kills the server knows which requests had no answer; and it costs so little that
//! measuring on the server's own machine measures the server.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// What a page may take.
const PATIENCE: Duration = Duration::from_secs(30);
const LONGEST_BODY: usize = 64 << 20;

/// A connection to one server, opened with the first request and again after a break.
pub(crate) struct Client {
    port: u16,
    /// No answer takes longer, unless the server hangs.
    patience: Duration,
    /// Sent with every request.
    headers: String,
    stream: Option<BufReader<TcpStream>>,
}

/// What the server said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub status: u16,
    /// `set-cookie` up to the first semicolon.
    pub cookie: Option<String>,
    /// The answer is the one that was kept with the first request of the same `Idempotency-Key`.
    pub is_kept: bool,
    pub body: String,
}

impl Answer {
    /// The body of an answer that says yes.
    pub(crate) fn json(&self) -> Result<Value> {
        if self.status != 200 {
            bail!("the server said {}: {}", self.status, self.body);
        }
        serde_json::from_str(&self.body).with_context(|| format!("not JSON: {}", self.body))
    }
}

impl Client {
    pub(crate) fn new(port: u16) -> Client {
        Client { port, patience: PATIENCE, headers: String::new(), stream: None }
    }

    /// Sends these cookies from now on.
    pub(crate) fn carry(&mut self, cookie: &str) {
        self.headers = format!("Cookie: {cookie}\r\n");
    }

    /// Speaks to a server on another port from now on.
    pub(crate) fn turn_to(&mut self, port: u16) {
        self.port = port;
        self.stream = None;
    }

    /// Waits longer for answers from now on.
    pub(crate) fn wait(&mut self, patience: Duration) {
        self.patience = patience;
        self.stream = None;
    }

    pub(crate) fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send("GET", path, "", "")
    }

    pub(crate) fn post(&mut self, path: &str, key: &str, body: &Value) -> io::Result<Answer> {
        self.send("POST", path, &json_headers(key), &body.to_string())
    }

    /// Sends it, and does not wait for what [`hear`](Self::hear) will get.
    pub(crate) fn ask(&mut self, path: &str, key: &str, body: &Value) -> io::Result<()> {
        self.speak("POST", path, &json_headers(key), &body.to_string())
    }

    /// The answer to what was asked.
    pub(crate) fn hear(&mut self) -> io::Result<Answer> {
        let stream = self.stream.as_mut().ok_or(ErrorKind::NotConnected)?;
        let (answer, stays_open) = read(stream)?;
        if !stays_open {
            self.stream = None;
        }
        Ok(answer)
    }

    /// Saves over that version.
    pub(crate) fn put(&mut self, path: &str, key: &str, version: u64, body: &Value) -> io::Result<Answer> {
        let headers =
            format!("Content-Type: application/json\r\nIdempotency-Key: {key}\r\nIf-Match: \"{version}\"\r\n");
        self.send("PUT", path, &headers, &body.to_string())
    }

    /// Sends a file of text.
    pub(crate) fn upload(&mut self, path: &str, key: &str, file: &str) -> io::Result<Answer> {
        let headers = format!("Content-Type: application/octet-stream\r\nIdempotency-Key: {key}\r\n");
        self.send("POST", path, &headers, file)
    }

    /// One request, sent once. After an error nobody knows whether the server has done it.
    fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> io::Result<Answer> {
        let answer = self.speak(method, path, headers, body).and_then(|()| self.hear());
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    fn speak(&mut self, method: &str, path: &str, headers: &str, body: &str) -> io::Result<()> {
        let (port, patience) = (self.port, self.patience);
        let stream = match &mut self.stream {
            Some(stream) => stream,
            None => self.stream.insert(connect(port, patience)?),
        };
        let head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{}{headers}", self.headers);
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        stream.get_mut().write_all(request.as_bytes())
    }
}

fn json_headers(key: &str) -> String {
    format!("Content-Type: application/json\r\nIdempotency-Key: {key}\r\n")
}

fn connect(port: u16, patience: Duration) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    Ok(BufReader::new(stream))
}

/// Reads one answer; whether another can follow on the same connection.
fn read(stream: &mut BufReader<TcpStream>) -> io::Result<(Answer, bool)> {
    let status = line(stream)?;
    let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| strange(&status))?;
    let mut answer = Answer { status, cookie: None, is_kept: false, body: String::new() };
    let (mut length, mut chunked, mut stays_open) = (None, false, true);
    loop {
        let header = line(stream)?;
        if header.is_empty() {
            break;
        }
        let (name, value) = header.split_once(':').ok_or_else(|| strange(&header))?;
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = Some(value.parse::<usize>().map_err(|_| strange(value))?),
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            "connection" => stays_open = !value.eq_ignore_ascii_case("close"),
            "set-cookie" => answer.cookie = value.split(';').next().map(str::to_owned),
            "idempotent-replay" => answer.is_kept = value == "true",
            _ => {}
        }
    }
    let body = match length {
        _ if chunked => chunks(stream)?,
        Some(length) => bytes(stream, length)?,
        None => Vec::new(),
    };
    answer.body = String::from_utf8(body).map_err(|_| strange("a body that is not text"))?;
    Ok((answer, stays_open))
}

fn chunks(stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(stream)?;
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default(), 16).map_err(|_| strange(&size))?;
        body.extend(bytes(stream, size)?);
        line(stream)?;
        if size == 0 {
            return Ok(body);
        }
    }
}

fn bytes(stream: &mut BufReader<TcpStream>, length: usize) -> io::Result<Vec<u8>> {
    if length > LONGEST_BODY {
        return Err(strange("a body that is too long"));
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(body)
}

fn line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    if !line.ends_with('\n') {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

fn strange(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("not understood in an answer: {what}"))
}
