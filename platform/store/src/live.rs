use hanlin_kernel::{Audience, Recorded};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

/// What open screens are told: something of this kind happened to this stream. They read again what they show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiveEvent {
    pub kind: String,
    pub stream: String,
    pub audience: Audience,
}

/// News for the open screens of this process; on PostgreSQL passed on to the other nodes. Lossy by design.
#[derive(Clone)]
pub struct Live {
    here: broadcast::Sender<LiveEvent>,
    /// What this node did, to be told to the others.
    own: broadcast::Sender<LiveEvent>,
}

impl Default for Live {
    fn default() -> Self {
        Self { here: broadcast::Sender::new(1024), own: broadcast::Sender::new(1024) }
    }
}

impl Live {
    pub fn subscribe(&self) -> broadcast::Receiver<LiveEvent> {
        self.here.subscribe()
    }

    pub(crate) fn subscribe_own(&self) -> broadcast::Receiver<LiveEvent> {
        self.own.subscribe()
    }

    pub(crate) fn announce(&self, recorded: &[Recorded]) {
        for entry in recorded.iter().filter(|entry| entry.audience != Audience::Nobody) {
            let event = LiveEvent {
                kind: entry.kind.to_owned(),
                stream: entry.stream.clone(),
                audience: entry.audience.clone(),
            };
            self.tell(event);
        }
    }

    pub(crate) fn tell(&self, event: LiveEvent) {
        // Nobody listening is no fault.
        let _nobody = self.own.send(event.clone());
        let _nobody = self.here.send(event);
    }

    /// News from another node.
    pub(crate) fn heard(&self, event: LiveEvent) {
        let _nobody = self.here.send(event);
    }
}
