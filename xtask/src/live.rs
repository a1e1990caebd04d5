//! Just enough of a WebSocket to hear what a server announces: it only listens.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// The longest announcement that is believed.
const LONGEST: u64 = 1 << 16;
const TEXT: u8 = 1;
const CLOSE: u8 = 8;

/// An open line to a server's live updates.
pub(crate) struct Line {
    stream: BufReader<TcpStream>,
}

impl Line {
    /// Opens it for whoever the cookie belongs to. Whoever waits longer than `patience` for an announcement gets an error.
    pub(crate) fn open(port: u16, cookie: &str, patience: Duration) -> Result<Line> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(patience))?;
        // The key need not be secret: it only shows that the other side speaks WebSocket.
        let request = format!(
            "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nCookie: {cookie}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: bWVhc3VyaW5nLWhhbmxpbg==\r\n\r\n"
        );
        stream.write_all(request.as_bytes())?;
        let mut stream = BufReader::new(stream);
        let mut status = String::new();
        stream.read_line(&mut status)?;
        ensure!(status.starts_with("HTTP/1.1 101"), "no live updates: {}", status.trim());
        let mut header = String::new();
        while stream.read_line(&mut header)? > 2 {
            header.clear();
        }
        Ok(Line { stream })
    }

    /// The next announcement that holds `wanted`; others are passed over.
    pub(crate) fn hear(&mut self, wanted: &str) -> Result<()> {
        loop {
            let (kind, payload) = self.frame().context("nothing was announced")?;
            match kind {
                TEXT if String::from_utf8_lossy(&payload).contains(wanted) => return Ok(()),
                CLOSE => bail!("the server closed the line"),
                _ => {}
            }
        }
    }

    /// One frame. Those of a server are not masked.
    fn frame(&mut self) -> Result<(u8, Vec<u8>)> {
        let [first, second] = self.bytes()?;
        let length = match second & 0x7f {
            126 => u64::from(u16::from_be_bytes(self.bytes()?)),
            127 => u64::from_be_bytes(self.bytes()?),
            short => u64::from(short),
        };
        ensure!(length <= LONGEST, "an announcement of {length} bytes");
        let mut payload = vec![0; length as usize];
        self.stream.read_exact(&mut payload)?;
        Ok((first & 0x0f, payload))
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
