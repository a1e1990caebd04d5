//! What waits at a person, and giving all of it to another at once (ORG-13).

use hanlin_directory::PersonName;
use hanlin_kernel::{Actor, Error, PersonId, Result, Text};
use hanlin_store::{Json, Tx, params};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    actions,
    model::{CaseId, TaskId},
    store,
};
use crate::engine::{Intent, Words, case::TaskNo};

/// Most tasks that are listed, and handed over in one round; there are as many rounds as there is something to give.
const MOST: u32 = 500;

/// What of the workflow hangs on a person.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Held {
    /// Undecided tasks of his, oldest first; 500 at most.
    pub tasks: Vec<HeldTask>,
    /// His own cases that are not finished.
    pub running: u64,
    pub drafts: u64,
}

/// A task that waits at somebody, told to those who hand over: what it is, and nothing of its contents.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HeldTask {
    #[schema(value_type = String)]
    pub id: TaskId,
    pub case_id: CaseId,
    pub number: String,
    pub title: Text,
    pub node: Text,
    pub initiator: PersonName,
    /// Absent: its turn comes later.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
}

/// What came of handing over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct HandOverAll {
    pub handed_over: u64,
    /// What stays where it is, each with the reason.
    pub left: Vec<NotHandedOver>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct NotHandedOver {
    #[schema(value_type = String)]
    pub task: TaskId,
    pub title: Text,
    /// The code of a refusal.
    pub code: String,
}

/// Everything undecided that is a person's.
pub fn held_by(tx: &mut Tx, person: PersonId) -> Result<Held> {
    let directory = hanlin_directory::snapshot(tx)?;
    let rows = tx.rows(
        "select t.case_id, t.no, t.node_name, t.opened_at, c.number, c.title, c.initiator \
         from workflow_task t join workflow_case c on c.id = t.case_id \
         where t.person = $1 and t.closed_at is null and c.status = 'running' \
         order by t.opened_at, t.case_id, t.no limit $2",
        params![person, MOST],
    )?;
    let tasks = rows.iter().map(|row| {
        let case = row.get("case_id")?;
        Ok(HeldTask {
            id: TaskId { case, no: TaskNo(row.get("no")?) },
            case_id: case,
            number: row.get("number")?,
            title: row.get::<Json<_>>("title")?.0,
            node: row.get::<Json<_>>("node_name")?.0,
            initiator: PersonName::of(row.get("initiator")?, &directory),
            since: row.get("opened_at")?,
        })
    });
    let tasks = tasks.collect::<Result<_>>()?;
    let running = "select cast(count(*) as bigint) from workflow_case where initiator = $1 and status = 'running'";
    let drafts = "select cast(count(*) as bigint) from workflow_draft where person = $1";
    Ok(Held { tasks, running: tx.scalar(running, params![person])?, drafts: tx.scalar(drafts, params![person])? })
}

/// 交接: gives every undecided task of one person to another. What cannot be his (his own case, a step he already
/// handles) stays, with the reason. Whoever calls this has made sure that the actor may; he need not see the cases.
pub fn hand_over_all(tx: &mut Tx, actor: &Actor, from: PersonId, to: PersonId, words: &str) -> Result<HandOverAll> {
    let mut came = HandOverAll::default();
    loop {
        let before = came.handed_over;
        came.left.clear();
        hand_over_some(tx, actor, from, to, words, &mut came)?;
        // Those that stay come first again; when nothing more goes, the rest is told.
        if came.handed_over == before || came.left.len() == MOST as usize {
            return Ok(came);
        }
    }
}

fn hand_over_some(
    tx: &mut Tx,
    actor: &Actor,
    from: PersonId,
    to: PersonId,
    words: &str,
    came: &mut HandOverAll,
) -> Result<()> {
    for held in held_by(tx, from)?.tasks {
        let intent = Intent::HandOver { task: held.id.no, to, words: Words::new(words) };
        let case = store::find(tx, held.case_id)?;
        match tx.savepoint(|tx| actions::administrate(tx, actor, case, intent)) {
            Ok(_) => came.handed_over += 1,
            Err(Error::Refused(refusal)) => {
                came.left.push(NotHandedOver { task: held.id, title: held.title, code: refusal.code });
            }
            Err(other) => return Err(other),
        }
    }
    Ok(())
}
