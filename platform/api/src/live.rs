//! Live updates: one WebSocket for each open window. It carries hints, never data: clients read again what they show.

use std::time::Duration;

use axum::{
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    response::Response,
};
use hanlin_kernel::{Actor, Audience};
use hanlin_store::LiveEvent;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;

use crate::{app::Shared, auth::Session};

/// Something happened to this thing: `["workflow", "<id>"]` is what clients read again.
#[derive(Serialize)]
struct News<'a> {
    module: &'a str,
    kind: &'a str,
    subject: &'a str,
}

/// Dead clients are noticed, and proxies kept from closing an idle line.
const PING: Duration = Duration::from_secs(30);

pub(crate) async fn live(State(shared): State<Shared>, session: Session, upgrade: WebSocketUpgrade) -> Response {
    upgrade
        .read_buffer_size(2 * 1024)
        .write_buffer_size(0)
        .max_message_size(4 * 1024)
        .on_upgrade(move |socket| serve(socket, shared, session))
}

async fn serve(mut socket: WebSocket, shared: Shared, session: Session) {
    metrics::gauge!("hanlin_live_clients").increment(1.0);
    let mut news = shared.db().live().subscribe();
    let mut ping = tokio::time::interval(PING);
    loop {
        tokio::select! {
            event = news.recv() => match event {
                Ok(event) if concerns(&event, &session.actor) => {
                    if ends(&event, &session) || socket.send(message(&event)).await.is_err() {
                        break;
                    }
                }
                Ok(_) => {}
                // Too slow to follow: the client must read everything again.
                Err(RecvError::Lagged(_)) => {
                    let text = r#"{"module":"*","kind":"lagged","subject":"*"}"#;
                    if socket.send(Message::text(text)).await.is_err() {
                        break;
                    }
                }
                Err(RecvError::Closed) => break,
            },
            _ = ping.tick() => {
                if socket.send(Message::Ping(Default::default())).await.is_err() {
                    break;
                }
            }
            heard = socket.recv() => match heard {
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
    }
    metrics::gauge!("hanlin_live_clients").decrement(1.0);
}

/// Is this told to him, or to the one for whom he acts?
fn concerns(event: &LiveEvent, actor: &Actor) -> bool {
    match &event.audience {
        Audience::Nobody => false,
        Audience::People(people) => people.contains(&actor.person) || people.contains(&actor.principal()),
        // What happens to everybody is nothing to people from outside.
        Audience::Everyone => !actor.external,
    }
}

/// The end of a session closes its line; so does acting for another, since a new line hears what is that one's.
fn ends(event: &LiveEvent, session: &Session) -> bool {
    matches!(event.kind.as_str(), "access.session_ended" | "access.acting_changed")
        && event.stream.ends_with(&session.id)
}

fn message(event: &LiveEvent) -> Message {
    let module = event.kind.split('.').next().unwrap_or_default();
    let subject = event.stream.rsplit('/').next().unwrap_or_default();
    let news = News { module, kind: &event.kind, subject };
    Message::text(serde_json::to_string(&news).expect("news serialise"))
}
