//! A correction of what was said is a new entry beside the old one; the verdict stays as it was (TRACE-03).

use super::{
    case::{Case, Opinion, OpinionNo, Words},
    decide::require_words,
    desk::Wanted,
    event::What,
    facts::Acting,
    model::START,
    refusal::Refusal,
    walk::Run,
};

impl Case {
    pub fn opinion(&self, no: OpinionNo) -> Option<&Opinion> {
        (no.0 > 0).then(|| self.opinions.get(no.index()))?
    }

    /// What was said first, of which this is a correction; itself, if it is none.
    pub fn said_first<'c>(&'c self, mut opinion: &'c Opinion) -> &'c Opinion {
        while let Some(earlier) = opinion.corrects.and_then(|no| self.opinion(no)) {
            opinion = earlier;
        }
        opinion
    }

    /// The entry that corrects this one.
    pub fn correction_of(&self, no: OpinionNo) -> Option<OpinionNo> {
        let place = self.opinions.iter().position(|other| other.corrects == Some(no))?;
        Some(OpinionNo::after(place))
    }

    /// May he put right what stands there? It is his, and not corrected already.
    pub fn can_correct(&self, no: OpinionNo, by: Acting) -> Result<&Opinion, Refusal> {
        let said = self.opinion(no).ok_or(Refusal::NoSuchOpinion)?;
        if said.by.principal() != by.principal() {
            return Err(Refusal::NotYourOpinion);
        }
        if self.correction_of(no).is_some() {
            return Err(Refusal::AlreadyCorrected);
        }
        Ok(said)
    }
}

impl Run<'_> {
    /// 更正: the new words stand beside the old ones.
    pub(crate) fn correct(&mut self, by: Acting, no: OpinionNo, words: Words) -> Result<(), Refusal> {
        let said = self.case.can_correct(no, by)?;
        let node = said.activation.and_then(|visit| self.case.activation(visit)).map(|visit| visit.node.clone());
        let wanted = match node.filter(|node| node != START) {
            Some(node) => self.desk(&node)?.words_otherwise(self.facts),
            None => Wanted::reason(self.facts),
        };
        let short = require_words(&words, wanted)?;
        self.act(by, What::OpinionCorrected { opinion: no, words });
        self.note_short(by, short);
        Ok(())
    }
}
