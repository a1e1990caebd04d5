//! What people asked of the server and what it said: the promises that it is held to.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

use crate::http::Answer;
use crate::office::{self, Leave, Person};

/// Something asked for once, under a key of its own.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// Whose: the place in the list of people.
    pub person: usize,
    pub key: String,
    pub deed: Deed,
    pub sent: Instant,
    /// What the server said and when; nothing: it was killed before it said anything.
    pub answer: Option<(Answer, Instant)>,
}

/// Time since 1970 by the machine's clock, which also stamps the recording of system calls.
pub(crate) type Instant = Duration;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Deed {
    Submit(Leave),
    Approve { task: String },
    Reject { task: String },
}

impl Deed {
    /// The case that it decides; none: it begins one.
    pub(crate) fn case(&self) -> Option<&str> {
        match self {
            Deed::Submit(_) => None,
            Deed::Approve { task } | Deed::Reject { task } => task.split('.').next(),
        }
    }

    pub(crate) fn is_decision(&self) -> bool {
        !matches!(self, Deed::Submit(_))
    }
}

impl Request {
    pub(crate) fn send(&self, person: &mut Person) -> std::io::Result<Answer> {
        match &self.deed {
            Deed::Submit(leave) => person.submit(&self.key, *leave),
            Deed::Approve { task } => person.approve(&self.key, task),
            Deed::Reject { task } => person.reject(&self.key, task),
        }
    }

    /// The case that the server acknowledged to have begun or decided; none: it said no, or nothing.
    pub(crate) fn acknowledged(&self) -> Option<String> {
        let (answer, _) = self.answer.as_ref().filter(|(answer, _)| answer.status == 200)?;
        let body: serde_json::Value = serde_json::from_str(&answer.body).ok()?;
        office::text(&body, "/id").ok()
    }

    /// The server may say yes, or that another was faster (409). Everything else is a failure.
    pub(crate) fn check(&self, answer: &Answer) -> Result<()> {
        match answer.status {
            200 => office::text(&answer.json()?, "/id").map(drop).context("an answer without the case"),
            409 if self.deed.is_decision() => Ok(()),
            status => bail!("{:?} was answered with {status}: {}", self.deed, answer.body),
        }
    }
}

pub(crate) fn now() -> Instant {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
