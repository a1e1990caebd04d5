//! Those who only look do not stand behind a thousand who come to change something at the same moment.
//!
//! The server does what has come in the order in which it has come. To read a request as HTTP and to find out what it wants
//! takes far longer than to receive it: whoever opens his inbox while a thousand decide would wait for all of that. So a
//! request that changes something is received, and kept unread until it is its turn: a few in each round of the server,
//! between whatever else has come meanwhile. Where nobody waits, nothing is kept.

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum_server::accept::Accept;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    sync::{AcquireError, OwnedSemaphorePermit, Semaphore},
    task,
};

/// So many are let in before it is looked again who else has come.
const TOGETHER: usize = 4;

/// How the requests that change something begin. What begins like this within a body waits as well, which does no harm.
const CHANGING: [&[u8]; 4] = [b"POST ", b"PUT ", b"PATCH ", b"DELETE "];

/// Accepts connections whose requests wait for their turn.
#[derive(Clone)]
pub(crate) struct InTurn<A> {
    inner: A,
    gate: Arc<Semaphore>,
}

impl<A> InTurn<A> {
    pub(crate) fn new(inner: A) -> Self {
        Self { inner, gate: Arc::new(Semaphore::new(TOGETHER)) }
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
            Ok((Line { stream, gate, kept: None }, service))
        })
    }
}

type Turn = Pin<Box<dyn Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + Send>>;

/// One connection.
pub(crate) struct Line<T> {
    stream: T,
    gate: Arc<Semaphore>,
    kept: Option<Kept>,
}

/// What has come and is not told yet.
struct Kept {
    bytes: Vec<u8>,
    /// `None`: it was its turn, and the rest is told as soon as there is room for it.
    turn: Option<Turn>,
}

impl Kept {
    /// Tells as much as there is room for, once it is its turn; whether that was all.
    fn tell(&mut self, context: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<io::Result<bool>> {
        if let Some(turn) = &mut self.turn {
            let place = ready!(turn.as_mut().poll(context)).map_err(io::Error::other)?;
            self.turn = None;
            make_way_soon(place);
        }
        let told = room.remaining().min(self.bytes.len());
        room.put_slice(&self.bytes[..told]);
        self.bytes.drain(..told);
        Poll::Ready(Ok(self.bytes.is_empty()))
    }
}

/// The next one's turn comes after what is ready by now.
fn make_way_soon(place: OwnedSemaphorePermit) {
    task::spawn(async move {
        task::yield_now().await;
        drop(place);
    });
}

impl<T: AsyncRead + Unpin> AsyncRead for Line<T> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        if line.kept.is_none() {
            let before = room.filled().len();
            ready!(Pin::new(&mut line.stream).poll_read(context, room))?;
            let heard = &room.filled()[before..];
            if !CHANGING.iter().any(|beginning| heard.starts_with(beginning)) {
                return Poll::Ready(Ok(()));
            }
            if let Ok(place) = line.gate.clone().try_acquire_owned() {
                make_way_soon(place);
                return Poll::Ready(Ok(()));
            }
            let turn: Turn = Box::pin(line.gate.clone().acquire_owned());
            line.kept = Some(Kept { bytes: heard.to_vec(), turn: Some(turn) });
            room.set_filled(before);
        }
        if let Some(kept) = &mut line.kept
            && ready!(kept.tell(context, room))?
        {
            line.kept = None;
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Line<T> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
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
    use std::time::Duration;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt, DuplexStream},
        runtime::Runtime,
        time::timeout,
    };

    use super::*;

    fn line(gate: &Arc<Semaphore>) -> (DuplexStream, Line<DuplexStream>) {
        let (client, stream) = tokio::io::duplex(4096);
        (client, Line { stream, gate: gate.clone(), kept: None })
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
            let gate = Arc::new(Semaphore::new(1));
            let busy = gate.clone().acquire_owned().await.unwrap();
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
    fn everybodys_turn_comes_and_nothing_of_what_he_said_is_lost() {
        Runtime::new().unwrap().block_on(async {
            let gate = Arc::new(Semaphore::new(1));
            let busy = gate.clone().acquire_owned().await.unwrap();
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
            let free = timeout(Duration::from_secs(10), gate.acquire()).await;
            assert!(free.is_ok(), "nobody keeps a place");
        });
    }
}
