use std::collections::VecDeque;

use hanlin_kernel::{Error, Result};
use hanlin_store::{Db, from_row, params};
use jiff::SignedDuration;

use super::{CHUNK, Code, Report, RestoreRecord};
use crate::{
    keys::Verifier,
    log::{Line, Lines, LogError, SealLog},
    merkle::Merkle,
    model::Seal,
    store,
};

/// So long a good seal may stand in the database alone: other nodes look every ten seconds.
const LAG: SignedDuration = SignedDuration::from_secs(60);

pub(super) async fn check(db: &Db, log: &SealLog, verifier: &Verifier, report: &mut Report) -> Result<()> {
    let exists = log.path().exists();
    let read = read_log(log, verifier, report).map_err(Error::internal)?;
    let newest = db.read(store::last_seal).await?.map_or(0, |seal| seal.number);
    if newest > 0 && !exists {
        report.find(Code::LogMissing, "", newest, format!("there is no file {}", log.path().display()));
    }
    let mut comparison = Comparison {
        seals: Seals { db, after: 0, waiting: VecDeque::new(), ended: false },
        leaves: Leaves { db, after: (0, String::new()), waiting: VecDeque::new(), ended: false },
        verifier,
        report,
    };
    let mut lines = log.lines().map_err(Error::internal)?;
    while let Some((number, line)) = lines.next().map_err(Error::internal)? {
        // Read no further than the first time: what was added meanwhile is checked the next time.
        if number > read.lines {
            break;
        }
        if let Line::Seal(line) = line
            && !read.is_superseded(line.number)
        {
            comparison.line(&line).await?;
        }
    }
    comparison.after_the_log(read.last, exists).await
}

/// What the log says by itself.
struct LogRead {
    lines: u64,
    last: Option<Seal>,
    /// Ranges of seals (from after, to before) that a restore lost.
    superseded: Vec<(u64, u64)>,
}

impl LogRead {
    fn is_superseded(&self, number: u64) -> bool {
        self.superseded.iter().any(|(after, before)| number > *after && number < *before)
    }
}

fn read_log(log: &SealLog, verifier: &Verifier, report: &mut Report) -> Result<LogRead, LogError> {
    let mut read = LogRead { lines: 0, last: None, superseded: Vec::new() };
    let mut lines: Lines = log.lines()?;
    while let Some((number, line)) = lines.next()? {
        read.lines = number;
        let seal = match line {
            Line::Seal(seal) => seal,
            Line::Torn => continue,
            Line::Unreadable(what) => {
                report.find(Code::LogBroken, "", number, format!("line {number} is no seal: {what}"));
                continue;
            }
        };
        let (previous, expected) =
            read.last.as_ref().map_or((String::new(), 1), |last| (last.digest(), last.number + 1));
        if !verifier.signed(&seal.message(), &seal.signature) {
            report.find(Code::LogBroken, "", number, format!("line {number} is not signed with the key of this trace"));
        } else if seal.previous != previous || seal.number != expected {
            report.find(Code::LogBroken, "", number, format!("line {number} does not follow the line before it"));
        }
        if let Some(restored_to) = seal.restored_to {
            read.superseded.push((restored_to, seal.number));
            report.restores.push(RestoreRecord { number: seal.number, at: seal.at, restored_to });
        }
        read.last = Some(seal);
    }
    Ok(read)
}

/// Goes along the log and the database side by side.
struct Comparison<'a> {
    seals: Seals<'a>,
    leaves: Leaves<'a>,
    verifier: &'a Verifier,
    report: &'a mut Report,
}

impl Comparison<'_> {
    /// The log is right: what does the database have for this line?
    async fn line(&mut self, line: &Seal) -> Result<()> {
        while let Some(unknown) = self.seals.next_below(line.number).await? {
            self.report.find(Code::SealUnknown, "", unknown.number, "the log does not have this seal");
        }
        match self.seals.next_below(line.number + 1).await? {
            None => self.report.find(Code::SealMissing, "", line.number, "the database does not have this seal"),
            Some(seal) if seal != *line => {
                self.report.find(Code::SealChanged, "", line.number, "the database has it otherwise than the log");
            }
            Some(_) => {}
        }
        self.covered(line).await?;
        self.count(line);
        Ok(())
    }

    /// Seals that stand in the database alone: good ones the server will add to the log, others nobody has made.
    async fn after_the_log(&mut self, mut last: Option<Seal>, exists: bool) -> Result<()> {
        let recent = self.seals.db.now() - LAG;
        let mut late = Vec::new();
        while let Some(seal) = self.seals.next_below(u64::MAX).await? {
            let previous = last.as_ref().map_or_else(String::new, Seal::digest);
            let follows = seal.previous == previous || !exists && last.is_none();
            if !follows || !self.verifier.signed(&seal.message(), &seal.signature) {
                self.report.find(Code::SealUnknown, "", seal.number, "it does not continue the log");
            } else {
                self.report.log_behind += 1;
                if seal.at < recent {
                    late.push(seal.number);
                }
            }
            self.covered(&seal).await?;
            self.count(&seal);
            // Their numbers are all that is kept, and of those no more than tell that there are several.
            late.truncate(2);
            last = Some(seal);
        }
        // One alone is what a crash between the database and the log leaves; several it cannot leave.
        if let [first, _] = late[..]
            && exists
        {
            self.report.find(Code::LogShort, "", first, "the log ends before this seal");
        }
        self.leaves.rest(self.report).await
    }

    /// Do the entries that the seal covers make its root, and are they still there?
    async fn covered(&mut self, seal: &Seal) -> Result<()> {
        let mut merkle = Merkle::default();
        while let Some(leaf) = self.leaves.next_up_to(seal.number).await? {
            if leaf.seal < seal.number {
                let detail = format!("the database says that seal {} covers it, which does not exist", leaf.seal);
                self.report.find(Code::RootDiffers, &leaf.stream, leaf.place(), detail);
                continue;
            }
            merkle.add(&leaf.stream, leaf.seq, &leaf.hash);
            let under = format!("seal {} of {} covers it", seal.number, seal.at);
            match leaf.found.as_ref() {
                Some(found) if *found == leaf.hash => {}
                Some(_) => {
                    let detail = format!("it is not the entry that was sealed: {under}");
                    self.report.find(Code::LeafDiffers, &leaf.stream, leaf.place(), detail);
                }
                None if leaf.lost => {
                    self.report.find(
                        Code::StreamLost,
                        &leaf.stream,
                        leaf.place(),
                        format!("no entry is left; {under}"),
                    );
                }
                None => {
                    self.report.find(Code::LeafMissing, &leaf.stream, leaf.place(), format!("it is gone; {under}"));
                }
            }
        }
        if merkle.root() != seal.root || merkle.count() != seal.leaves {
            self.report.find(
                Code::RootDiffers,
                "",
                seal.number,
                "the entries it covers are not those that were sealed",
            );
        }
        Ok(())
    }

    fn count(&mut self, seal: &Seal) {
        self.report.seals += 1;
        (self.report.last_seal, self.report.last_seal_at) = (Some(seal.number), Some(seal.at));
    }
}

/// The seals of the database in order.
struct Seals<'a> {
    db: &'a Db,
    after: u64,
    waiting: VecDeque<Seal>,
    ended: bool,
}

impl Seals<'_> {
    async fn next_below(&mut self, number: u64) -> Result<Option<Seal>> {
        if self.waiting.is_empty() && !self.ended {
            let after = self.after;
            self.waiting = self.db.read(move |tx| store::list_seals(tx, after, CHUNK)).await?.into();
            self.ended = self.waiting.len() < CHUNK;
        }
        let next = self.waiting.pop_front_if(|seal| seal.number < number);
        self.after = next.as_ref().map_or(self.after, |seal| seal.number);
        Ok(next)
    }
}

/// An entry under a seal, as the database names it, and what stands at its place.
struct Leaf {
    seal: u64,
    stream: String,
    seq: i64,
    hash: String,
    found: Option<String>,
    /// Nothing of the stream is left.
    lost: bool,
}
from_row!(Leaf { seal, stream, seq, hash, found, lost });

impl Leaf {
    fn place(&self) -> u64 {
        u64::try_from(self.seq).unwrap_or_default()
    }
}

const LEAVES: &str = "select l.seal, l.stream, l.seq, l.hash, e.hash as found, \
     (e.id is null and not exists (select 1 from trace_event o where o.stream = l.stream)) as lost \
     from trace_leaf l left join trace_event e on e.stream = l.stream and e.seq = l.seq \
     where (l.seal, l.stream) > ($1, $2) order by l.seal, l.stream limit $3";

/// What the seals of the database cover, in the order of seals and streams.
struct Leaves<'a> {
    db: &'a Db,
    after: (u64, String),
    waiting: VecDeque<Leaf>,
    ended: bool,
}

impl Leaves<'_> {
    async fn next_up_to(&mut self, seal: u64) -> Result<Option<Leaf>> {
        if self.waiting.is_empty() && !self.ended {
            let (after, stream) = self.after.clone();
            let read = self.db.read(move |tx| tx.all(LEAVES, params![after, stream, CHUNK])).await?;
            self.waiting = read.into();
            self.ended = self.waiting.len() < CHUNK;
            if let Some(last) = self.waiting.back() {
                self.after = (last.seal, last.stream.clone());
            }
        }
        Ok(self.waiting.pop_front_if(|leaf| leaf.seal <= seal))
    }

    /// What is left belongs to no seal.
    async fn rest(&mut self, report: &mut Report) -> Result<()> {
        while let Some(leaf) = self.next_up_to(i64::MAX as u64).await? {
            let detail = format!("the database says that seal {} covers it, which does not exist", leaf.seal);
            report.find(Code::RootDiffers, &leaf.stream, leaf.place(), detail);
        }
        Ok(())
    }
}
