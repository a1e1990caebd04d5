//! What is signed on paper, in the cases of a package (FLOW-35).

use hanlin_kernel::PersonId;

use super::play::Play;
use crate::{
    engine::{
        Acting, Command, Facts, Intent, Refusal, Signing,
        case::{Task, TaskNo},
        is_on_paper, paper_desk,
    },
    package::model::Act,
};

/// The scan of who simply agrees.
const SIGNED: &str = "signed.pdf";

impl Play<'_> {
    /// Whoever simply agrees has printed the form, and the first who may has signed it today.
    pub(super) fn sign(&mut self, task: &Task) -> Result<(), Refusal> {
        if !is_on_paper(self.flow.flow(), &self.case, task) {
            return Ok(());
        }
        self.print(task)?;
        let signers = paper_desk(self.flow, &self.case, task, &self.world).map(|desk| desk.signers);
        let signed_by = signers.and_then(|signers| signers.first().copied());
        let (scan, signed_on) = (vec![self.file(SIGNED)], self.world.day_of(self.world.at));
        self.signs(task, Signing { scan, signed_on, signed_by })
    }

    /// As the case says. The first time, the form is printed before.
    pub(super) fn record(&mut self, task: &Task, act: &Act, signed_by: Option<PersonId>) -> Result<(), Refusal> {
        let Some(signed) = &act.signed else { return Ok(()) };
        if self.case.printings.is_empty() {
            self.print(task)?;
        }
        let scan = signed.scan.iter().map(|name| self.file(name)).collect();
        let signed_on = signed.on.unwrap_or_else(|| self.world.day_of(self.world.at));
        self.signs(task, Signing { scan, signed_on, signed_by })
    }

    fn print(&mut self, task: &Task) -> Result<(), Refusal> {
        self.at(task, |task| Intent::Print { task })
    }

    fn signs(&mut self, task: &Task, signing: Signing) -> Result<(), Refusal> {
        self.at(task, |task| Intent::SignOnPaper { task, signing })
    }

    fn at(&mut self, task: &Task, intent: impl FnOnce(TaskNo) -> Intent) -> Result<(), Refusal> {
        self.decide(Command::new(Acting::person(task.person), intent(task.id)))
    }
}
