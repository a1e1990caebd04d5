//! What people do besides deciding, in the cases of a package.

use hanlin_kernel::PersonId;

use super::{
    Failure,
    play::{Play, person},
};
use crate::{
    engine::{
        Acting, Command, Intent, SignerPlace, Values, Words,
        case::{Task, TaskNo, TaskState},
    },
    package::model::{Act, Besides, Verb},
};

impl Play<'_> {
    /// `task`: the one that the case means by whom and where.
    pub(super) fn besides(
        &self,
        act: &Act,
        besides: &Besides,
        by: PersonId,
        task: Option<Task>,
    ) -> Result<Command, Failure> {
        let words = act.words.as_ref().map(Words::new).unwrap_or_default();
        let people = besides.people.iter().map(|login| person(&self.house, login)).collect::<Result<Vec<_>, _>>()?;
        let nothing = || Failure::new("no_task", [("person", act.by.clone())]);
        let no = task.as_ref().map(|task| task.id).ok_or_else(nothing);
        let first =
            || people.first().copied().ok_or_else(|| Failure::new("no_such_person", [("person", String::new())]));
        let intent = match besides.verb {
            Verb::Transfer => Intent::Transfer { task: no?, to: first()?, words },
            Verb::Delegate => Intent::Delegate { task: no?, to: first()?, words },
            Verb::Consult => Intent::Consult { task: no?, people, words },
            Verb::Advise => Intent::Advise { task: no?, words, values: Values::new() },
            Verb::AddSigner => {
                let (place, among) = (besides.place.unwrap_or(SignerPlace::Before), besides.among.unwrap_or_default());
                Intent::AddSigner { task: no?, people, place, among, words }
            }
            Verb::PassOn => {
                let among = besides.among.unwrap_or_default();
                Intent::PassOn { task: no?, people, among, words, values: Values::new() }
            }
            Verb::RemoveSigner => Intent::RemoveSigner { task: no?, signer: self.signer(first()?)?, words },
            Verb::Copy => Intent::Copy { people, words },
            Verb::TakeBack => Intent::TakeBack { task: no?, words },
            Verb::Hold => Intent::Hold { task: no?, words },
            Verb::EndHold => Intent::EndHold { task: no? },
            Verb::FailReview => Intent::FailReview { task: no?, words },
            Verb::Terminate => {
                let own = task.filter(|task| task.person == by && task.state == TaskState::Open);
                Intent::Terminate { task: own.map(|task| task.id), words }
            }
            Verb::Jump => Intent::Jump { to: besides.node.clone().unwrap_or_default(), words },
            Verb::Claim => Intent::Claim { task: no? },
            Verb::GiveBack => Intent::GiveBack { task: no?, words },
            Verb::Suspend => Intent::Halt { words },
            Verb::GoOn => Intent::GoOn { words },
            Verb::Print => Intent::Print { task: no? },
        };
        let administrator = self.world.administrators.contains(&by);
        Ok(Command { administrator, ..Command::new(Acting::person(by), intent) })
    }

    /// The task of one who was asked to take part.
    fn signer(&self, person: PersonId) -> Result<TaskNo, Failure> {
        let mut asked = self.case.tasks.iter().rev().filter(|task| task.person == person && task.hangs.is_some());
        let nothing = || Failure::new("no_task", [("person", self.house.login(person))]);
        asked.next().map(|task| task.id).ok_or_else(nothing)
    }
}
