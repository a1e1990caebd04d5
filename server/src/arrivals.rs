//! Those who only look do not stand behind a thousand who come to change something at the same moment.
//!
//! The server does what has come in the order in which it has come, and its processors are shared by all that it does. So
//! a request that changes something is received, and kept unread until it is its turn. While somebody looks, only few are
//! under way at once, so that a processor is soon free for him; while nobody does, more of them are, which the embedded
//! database then commits together.

mod gate;

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use self::gate::{Gate, Place, Turn};

/// A change that takes longer makes way for the next before it is answered: neither a long upload nor a slow disk holds up
/// the others. Several times what one takes when few are under way: were it as short as that, each that is slowed down by
/// the others would let one more in.
const PATIENCE: Duration = Duration::from_millis(25);
/// Whoever looked within this time is likely to look again.
const LULL: Duration = Duration::from_secs(2);

/// How requests that only look begin.
const LOOKING: &[u8] = b"GET ";
/// How the requests that change something begin. What begins like this within a body waits as well, which does no harm.
const CHANGING: [&[u8]; 4] = [b"POST ", b"PUT ", b"PATCH ", b"DELETE "];

/// Accepts connections whose requests wait for their turn.
#[derive(Clone)]
pub(crate) struct InTurn<A> {
    inner: A,
    gate: Arc<Gate>,
}

impl<A> InTurn<A> {
    /// While somebody looks, so many that change something are under way at once.
    pub(crate) fn new(inner: A, few: usize) -> Self {
        Self { inner, gate: Gate::new(few, LULL, PATIENCE) }
    }
}

type Accepting<T, S> = Pin<Box<dyn Future<Output = io::Result<(T, S)>> + Send>>;

impl<I, S, A> Accept<I, S> for InTurn<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = Line<A::Stream>;
    type Service = A::Service;
    type Future = Accepting<Self::Stream, Self::Service>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let (gate, accepted) = (self.gate.clone(), self.inner.accept(stream, service));
        Box::pin(async move {
            let (stream, service) = accepted.await?;
            Ok((Line { stream, gate, kept: None, under_way: None }, service))
        })
    }
}

/// One connection.
pub(crate) struct Line<T> {
    stream: T,
    gate: Arc<Gate>,
    kept: Option<Kept>,
    /// Dropped with the answer's first bytes, or with the connection: then it is the next one's turn.
    under_way: Option<Place>,
}

/// What has come and is not told yet.
struct Kept {
    bytes: Vec<u8>,
    /// `None`: it was its turn, and the rest is told as soon as there is room for it.
    turn: Option<Turn>,
}

impl Kept {
    /// Tells as much as there is room for; whether that was all.
    fn tell(&mut self, room: &mut ReadBuf<'_>) -> bool {
        let told = room.remaining().min(self.bytes.len());
        room.put_slice(&self.bytes[..told]);
        self.bytes.drain(..told);
        self.bytes.is_empty()
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Line<T> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        if line.kept.is_none() {
            let before = room.filled().len();
            ready!(Pin::new(&mut line.stream).poll_read(context, room))?;
            let heard = &room.filled()[before..];
            if heard.starts_with(LOOKING) {
                line.gate.look();
            }
            if !CHANGING.iter().any(|beginning| heard.starts_with(beginning)) {
                return Poll::Ready(Ok(()));
            }
            let turn = match line.gate.enter() {
                Ok(place) => {
                    line.under_way = Some(place);
                    return Poll::Ready(Ok(()));
                }
                Err(turn) => turn,
            };
            line.gate.watch();
            line.kept = Some(Kept { bytes: heard.to_vec(), turn: Some(turn) });
            room.set_filled(before);
        }
        if let Some(kept) = &mut line.kept {
            if let Some(turn) = &mut kept.turn {
                let place = ready!(Pin::new(turn).poll(context)).map_err(io::Error::other)?;
                kept.turn = None;
                line.under_way = Some(place);
            }
            if kept.tell(room) {
                line.kept = None;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Line<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.under_way = None;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.under_way = None;
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
        runtime::Runtime,
        time::timeout,
    };

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn line(gate: &Arc<Gate>) -> (DuplexStream, Line<DuplexStream>) {
        let (client, stream) = tokio::io::duplex(4096);
        (client, Line { stream, gate: gate.clone(), kept: None, under_way: None })
    }

    async fn heard(line: &mut Line<DuplexStream>, within: Duration) -> Option<String> {
        let mut bytes = vec![0; 1000];
        let read = timeout(within, line.read(&mut bytes)).await.ok()?;
        Some(String::from_utf8_lossy(&bytes[..read.unwrap()]).into_owned())
    }

    // proves: OPS-09
    #[test]
    fn whoever_only_looks_is_heard_while_those_who_change_something_wait_for_their_turn() {
        Runtime::new().unwrap().block_on(async {
            let gate = Gate::new(1, LONG, LONG);
            gate.look();
            let busy = gate.enter().ok().expect("nobody is under way");
            for begins in ["POST ", "PUT ", "PATCH ", "DELETE "] {
                let (mut client, mut line) = line(&gate);
                client.write_all(format!("{begins}/x HTTP/1.1").as_bytes()).await.unwrap();
                assert_eq!(heard(&mut line, Duration::from_millis(50)).await, None, "{begins}");
            }
            let (mut client, mut line) = line(&gate);
            client.write_all(b"GET /inbox HTTP/1.1").await.unwrap();
            let heard = heard(&mut line, Duration::from_secs(10)).await;
            assert_eq!(heard.as_deref(), Some("GET /inbox HTTP/1.1"));
            drop(busy);
        });
    }

    // proves: OPS-09
    #[test]
    fn the_next_ones_turn_comes_with_the_answer_or_when_he_hangs_up() {
        Runtime::new().unwrap().block_on(async {
            let gate = Gate::new(1, LONG, LONG);
            gate.look();
            let [(mut first, mut one), (mut second, mut two), (mut third, mut three)] = [(); 3].map(|()| line(&gate));
            for client in [&mut first, &mut second, &mut third] {
                client.write_all(b"POST /x HTTP/1.1").await.unwrap();
            }
            let (soon, at_last) = (Duration::from_millis(50), Duration::from_secs(10));
            assert!(heard(&mut one, soon).await.is_some());
            assert!(heard(&mut two, soon).await.is_none());
            assert!(heard(&mut three, soon).await.is_none());
            one.write_all(b"HTTP/1.1 200").await.unwrap();
            assert!(heard(&mut two, at_last).await.is_some());
            assert!(heard(&mut three, soon).await.is_none());
            drop(two);
            assert!(heard(&mut three, at_last).await.is_some());
        });
    }

    // proves: OPS-09
    #[test]
    fn everybodys_turn_comes_and_nothing_of_what_he_said_is_lost() {
        Runtime::new().unwrap().block_on(async {
            let gate = Gate::new(1, LONG, PATIENCE);
            gate.look();
            let busy = gate.enter().ok().expect("nobody is under way");
            let mut reading = Vec::new();
            for n in 0..200 {
                let (mut client, mut line) = line(&gate);
                let said = format!("POST /{n} HTTP/1.1\r\n\r\n{}", "x".repeat(n));
                client.write_all(said.as_bytes()).await.unwrap();
                drop(client);
                reading.push(tokio::spawn(async move {
                    // In pieces: there may be less room than when it came.
                    let (mut all, mut piece) = (Vec::<u8>::new(), [0; 7]);
                    loop {
                        match line.read(&mut piece).await.unwrap() {
                            0 => return all == said.as_bytes(),
                            read => all.extend(&piece[..read]),
                        }
                    }
                }));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            drop(busy);
            for one in reading {
                assert!(timeout(Duration::from_secs(10), one).await.expect("his turn did not come").unwrap());
            }
            // Nobody is answered here: each makes way when the patience is over.
            if let Err(turn) = gate.enter() {
                let turn = timeout(Duration::from_secs(10), turn).await;
                assert!(turn.is_ok_and(|turn| turn.is_ok()), "somebody keeps a place");
            }
        });
    }
}
