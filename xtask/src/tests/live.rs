//! A line hears what a server says in WebSocket, and nothing else.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use crate::live::Line;

/// A server that answers one handshake with this and sends these bytes after it.
fn server(answer: &'static str, frames: Vec<u8>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        while stream.read_line(&mut line).unwrap() > 2 {
            line.clear();
        }
        stream.get_mut().write_all(answer.as_bytes()).unwrap();
        stream.get_mut().write_all(&frames).unwrap();
    });
    port
}

fn frame(kind: u8, text: &str) -> Vec<u8> {
    let mut bytes = vec![0x80 | kind];
    match text.len() {
        short @ 0..126 => bytes.push(short as u8),
        long => bytes.extend([[126].as_slice(), &(long as u16).to_be_bytes()].concat()),
    }
    bytes.extend(text.as_bytes());
    bytes
}

const UPGRADED: &str = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n";

#[test]
fn a_line_hears_what_it_waits_for_among_others() {
    let long = format!("{{\"subject\":\"{}wanted\"}}", "x".repeat(300));
    let frames = [frame(9, ""), frame(1, "{\"subject\":\"other\"}"), frame(1, &long), frame(8, "")].concat();
    let mut line = Line::open(server(UPGRADED, frames), "a=b", Duration::from_secs(5)).unwrap();
    line.hear("wanted").unwrap();
    let closed = line.hear("wanted").unwrap_err();
    assert!(format!("{closed:#}").contains("closed the line"), "{closed:#}");
}

#[test]
fn a_server_that_does_not_upgrade_is_named() {
    let refused = Line::open(server("HTTP/1.1 401 Unauthorized\r\n\r\n", Vec::new()), "", Duration::from_secs(5));
    assert!(format!("{:#}", refused.err().unwrap()).contains("401"));
}
