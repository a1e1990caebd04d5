//! 纸质办理: a step that is signed on the printed form (FLOW-35). The form is printed, signed by hand, and the step is closed
//! with the scan of it and the day of the signature. A form that was changed since must be printed and signed again.

use std::collections::BTreeMap;

use hanlin_kernel::PersonId;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::{
    case::{Case, Purpose, Task, TaskNo, Values},
    checked::CheckedFlow,
    desk::{Desk, PeopleRules},
    event::What,
    facts::{Acting, Facts},
    model::{Flow, Who},
    people::Found,
    refusal::Refusal,
    walk::Run,
};

/// What a flow says of a step that is signed on paper.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Whose signature it is, where the people of the step only record it. Nobody named: each signs himself.
    #[serde(default, skip_serializing_if = "is_nobody")]
    pub signed_by: Who,
}

fn is_nobody(who: &Who) -> bool {
    who.0.is_empty()
}

/// The form went out on paper, with these values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printing {
    /// Counts from 1; the same as long as the form is.
    pub edition: u32,
    /// SHA-256 of its values.
    pub digest: String,
    pub by: Acting,
    pub at: Timestamp,
}

/// A signature on paper, as whoever records it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signing {
    /// The uploads that show the signed sheet.
    pub scan: Vec<String>,
    /// The day that stands beside the signature.
    #[schema(value_type = String, format = Date)]
    pub signed_on: Date,
    /// Whose it is; absent: his own, or of the only one who may sign here.
    #[serde(default)]
    pub signed_by: Option<PersonId>,
}

/// The same, as it is kept with the decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedOnPaper {
    pub signed_by: PersonId,
    #[schema(value_type = String, format = Date)]
    pub signed_on: Date,
    pub scan: Vec<String>,
    /// Which printing of the form bears the signature.
    pub edition: u32,
}

/// What the holder of a task must know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PaperDesk {
    /// Whose signature it may be; nobody: his own.
    pub signers: Vec<PersonId>,
    /// The last printing of the form; none: it was not printed yet.
    pub edition: Option<u32>,
    /// The form is still what was printed.
    pub is_current: bool,
    /// The first day that the signature can bear.
    pub earliest: Option<Date>,
}

/// What the step of this task says of paper, if he decides there. Not who was only asked to take part.
pub(crate) fn paper_of<'f>(flow: &'f Flow, case: &Case, task: &Task) -> Option<&'f Paper> {
    let decides = matches!(task.purpose, Purpose::Approve | Purpose::Handle) && task.hangs.is_none();
    let visit = case.activation(task.activation).filter(|_| decides)?;
    flow.find(&visit.node)?.node.desk()?.paper
}

/// Is this task done on paper?
pub fn is_on_paper(flow: &Flow, case: &Case, task: &Task) -> bool {
    paper_of(flow, case, task).is_some()
}

/// What its holder must know, if it is done on paper.
pub fn paper_desk(flow: &CheckedFlow, case: &Case, task: &Task, facts: &dyn Facts) -> Option<PaperDesk> {
    let paper = paper_of(flow.flow(), case, task)?;
    let last = case.printings.last();
    Some(PaperDesk {
        signers: Run::new(flow, facts, case.clone()).signers(task, paper).ok()?,
        edition: last.map(|printing| printing.edition),
        is_current: last.is_some_and(|printing| printing.digest == digest(&case.values)),
        earliest: case.first_printed().map(|at| facts.day_of(at)),
    })
}

impl Case {
    /// The printing that the form is still like.
    fn current_printing(&self) -> Result<&Printing, Refusal> {
        let last = self.printings.last().ok_or(Refusal::NotPrinted)?;
        let is_current = last.digest == digest(&self.values);
        if is_current { Ok(last) } else { Err(Refusal::PrintOutdated { edition: last.edition }) }
    }

    /// Which printing the form is still like, if it was printed to be signed.
    pub fn edition(&self) -> Option<u32> {
        self.current_printing().ok().map(|printing| printing.edition)
    }

    /// When the last edition was printed first.
    fn first_printed(&self) -> Option<Timestamp> {
        let edition = self.printings.last()?.edition;
        self.printings.iter().find(|printing| printing.edition == edition).map(|printing| printing.at)
    }
}

impl Run<'_> {
    /// He prints the form to have it signed.
    pub(crate) fn print(&mut self, by: Acting, task: TaskNo) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        paper_of(self.flow, &self.case, &task).ok_or(Refusal::NotOnPaper)?;
        let digest = digest(&self.case.values);
        let edition = match self.case.printings.last() {
            Some(last) if last.digest == digest => last.edition,
            last => last.map_or(0, |last| last.edition) + 1,
        };
        self.act(by, What::Printed { task: task.id, edition, digest });
        Ok(())
    }

    /// He records the signature; it counts when he agrees.
    pub(crate) fn sign_on_paper(&mut self, by: Acting, task: TaskNo, signing: Signing) -> Result<(), Refusal> {
        let task = self.own_task(by, task)?;
        let paper = paper_of(self.flow, &self.case, &task).ok_or(Refusal::NotOnPaper)?;
        let edition = self.case.current_printing()?.edition;
        if signing.scan.is_empty() {
            return Err(Refusal::ScanMissing);
        }
        let until = self.facts.day_of(self.facts.now());
        let from = self.case.first_printed().map_or(until, |at| self.facts.day_of(at));
        if signing.signed_on < from || signing.signed_on > until {
            return Err(Refusal::SignedOnNoSuchDay { from, until });
        }
        let signed_by = self.signer(by, &task, paper, signing.signed_by)?;
        let Signing { scan, signed_on, .. } = signing;
        self.act(
            by,
            What::SignedOnPaper { task: task.id, paper: SignedOnPaper { signed_by, signed_on, scan, edition } },
        );
        Ok(())
    }

    /// Refuses to agree on paper before the signed sheet of the form as it is now is there.
    pub(crate) fn require_paper(&self, task: &Task) -> Result<(), Refusal> {
        if paper_of(self.flow, &self.case, task).is_none() {
            return Ok(());
        }
        let signed = task.paper.as_ref().ok_or(Refusal::ScanMissing)?;
        let edition = self.case.current_printing()?.edition;
        if signed.edition == edition { Ok(()) } else { Err(Refusal::PrintOutdated { edition: signed.edition }) }
    }

    /// Where somebody else signs, and nobody is found for it, nobody is found for the step.
    pub(crate) fn if_signed(&self, mut found: Found, desk: Desk, rules: PeopleRules) -> Found {
        let Some(paper) = desk.paper.filter(|paper| !is_nobody(&paper.signed_by)) else { return found };
        let signers = self.people(desk.key, &paper.signed_by, rules);
        match signers.pending {
            Some(pending) => found.waits_for(pending),
            None if signers.chosen.is_empty() => {
                found.chosen.clear();
                found.left_out = signers.left_out;
            }
            None => {}
        }
        found
    }

    /// Whose signature it may be; nobody: of whoever has the task.
    fn signers(&self, task: &Task, paper: &Paper) -> Result<Vec<PersonId>, Refusal> {
        let desk = self.desk_of(task)?;
        let found = self.people(desk.key, &paper.signed_by, desk.people_rules(self.flow, self.facts));
        Ok(found.chosen.into_iter().map(|one| one.person).collect())
    }

    /// Where each signs himself, an agent may have signed, or his principal.
    fn signer(&self, by: Acting, task: &Task, paper: &Paper, named: Option<PersonId>) -> Result<PersonId, Refusal> {
        let signers = self.signers(task, paper)?;
        let themselves = [by.person, task.person];
        match named {
            None if signers.is_empty() => Ok(by.person),
            Some(person) if signers.is_empty() && themselves.contains(&person) => Ok(person),
            Some(person) if signers.contains(&person) => Ok(person),
            Some(person) => Err(Refusal::MayNotSign { person }),
            None if signers.len() == 1 => Ok(signers[0]),
            None => Err(Refusal::SignerMissing),
        }
    }
}

/// The same for the same values, in whatever order they are kept.
fn digest(values: &Values) -> String {
    let mut hash = Sha256::new();
    let sorted: BTreeMap<&String, &Value> = values.iter().filter(|(_, value)| !value.is_null()).collect();
    for (field, value) in sorted {
        feed(&mut hash, &Value::from(field.as_str()));
        feed(&mut hash, value);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn feed(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Object(fields) => {
            hash.update(format!("{{{}", fields.len()));
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            for (field, value) in sorted {
                feed(hash, &Value::from(field.as_str()));
                feed(hash, value);
            }
        }
        Value::Array(items) => {
            hash.update(format!("[{}", items.len()));
            items.iter().for_each(|item| feed(hash, item));
        }
        // Written as JSON, a text ends where its quotes do.
        other => hash.update(other.to_string()),
    }
}
