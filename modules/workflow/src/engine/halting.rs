//! 挂起: an administrator stops a case for a while. What it waits for waits on; nobody decides anything meanwhile.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    case::{Case, Words},
    command::Intent,
    decide::require_words,
    desk::Wanted,
    event::What,
    facts::Acting,
    refusal::Refusal,
    walk::Run,
};

/// Since when a case stands still, by whom, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Halt {
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    pub by: Acting,
    pub reason: String,
}

impl Case {
    /// Refuses what waits while the case stands still. It is talked about, read, put right, handed over and ended all the
    /// same.
    pub(crate) fn require_going(&self, intent: &Intent) -> Result<(), Refusal> {
        let Some(halt) = &self.halt else { return Ok(()) };
        match intent {
            Intent::GoOn { .. }
            | Intent::Comment { .. }
            | Intent::CorrectOpinion { .. }
            | Intent::Repair { .. }
            | Intent::Read { .. }
            | Intent::HandOver { .. }
            | Intent::Terminate { task: None, .. } => Ok(()),
            Intent::Halt { .. } => Err(Refusal::AlreadyHalted),
            // What the case waits for outside comes when it comes; whoever gets a task by it waits with the rest.
            Intent::Arrived { .. } | Intent::CallOff | Intent::Relieve => Ok(()),
            _ => Err(Refusal::StandsStill { reason: halt.reason.clone() }),
        }
    }
}

impl Run<'_> {
    pub(crate) fn halt(&mut self, by: Acting, administrator: bool, words: Words) -> Result<(), Refusal> {
        self.as_administrator(administrator, &words)?;
        self.act(by, What::Halted { words });
        Ok(())
    }

    /// It goes on where it stood.
    pub(crate) fn let_go_on(&mut self, by: Acting, administrator: bool, words: Words) -> Result<(), Refusal> {
        self.as_administrator(administrator, &words)?;
        if self.case.halt.is_none() {
            return Err(Refusal::NotHalted);
        }
        self.act(by, What::Continued { words });
        Ok(())
    }

    /// An administrator says why.
    fn as_administrator(&self, administrator: bool, words: &Words) -> Result<(), Refusal> {
        if !administrator {
            return Err(Refusal::NotAdministrator);
        }
        require_words(words, Wanted::reason(self.facts)).map(|_| ())
    }
}
