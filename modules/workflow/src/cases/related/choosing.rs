//! Among which cases one chooses who names one: those in which he takes part, or the person for whom he fills in. Beside
//! these the server accepts what he may query, which he finds on its own page.

use hanlin_kernel::{Actor, Error, Page, PageRequest, Result, Text};
use hanlin_store::{Json, Row, Tx};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    agency::hats,
    cases::{
        lists::{LOOKED_THROUGH, pattern_of},
        model::CaseId,
        question::Question,
    },
    flows::FlowId,
};

/// A case that he may name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct CaseToName {
    id: CaseId,
    number: String,
    title: Text,
}

pub(super) struct Sought {
    /// Words that title, number or initiator (also in pinyin) hold.
    pub q: Option<String>,
    pub id: Option<CaseId>,
    /// The case itself that names another.
    pub not: Option<CaseId>,
    pub page: PageRequest,
}

/// The latest first. A search looks through so many for a page, and goes on with the next.
pub(super) fn list(tx: &mut Tx, actor: &Actor, sought: &Sought) -> Result<Page<CaseToName>> {
    let after: Option<CaseId> = match sought.page.after.as_deref() {
        Some(after) => Some(after.parse().map_err(|_| Error::invalid("after", "workflow.cursor"))?),
        None => None,
    };
    let limit = sought.page.limit();
    let mut question = Question::default();
    let flows = hats::flows_as_agent(tx, actor)?;
    let part = his(&mut question, actor, sought, after, flows.as_deref());
    let end = match sought.q.as_deref().and_then(pattern_of) {
        Some(pattern) => {
            question.sql = format!("{part} limit 1 offset {}", LOOKED_THROUGH - 1);
            let end: Option<CaseId> = tx.scalars(&question.sql, &question.params)?.pop();
            let pattern = question.bind(pattern);
            question.sql = format!(
                "select c.id, c.number, c.title from ({part} limit {LOOKED_THROUGH}) p \
                 join workflow_case c on c.id = p.case_id where c.search like {pattern} escape '!' \
                 order by c.id desc limit {}",
                limit + 1
            );
            end
        }
        None => {
            question.sql = format!(
                "select c.id, c.number, c.title from ({part} limit {}) p join workflow_case c on c.id = p.case_id \
                 order by c.id desc",
                limit + 1
            );
            None
        }
    };
    let rows = tx.rows(&question.sql, &question.params)?;
    let rows = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let page = Page::of(rows, limit, |row: &CaseToName| row.id.to_string());
    Ok(page.or_on(end.map(|end| end.to_string())))
}

/// The cases in which he takes part, each once, the latest first; where he is an agent for some flows, those of these flows
/// and those in which he takes part himself.
fn his(
    question: &mut Question,
    actor: &Actor,
    sought: &Sought,
    after: Option<CaseId>,
    flows: Option<&[FlowId]>,
) -> String {
    let mut holds = vec![format!("a.person = {}", question.bind(actor.principal()))];
    holds.extend(sought.id.map(|id| format!("a.case_id = {}", question.bind(id))));
    holds.extend(sought.not.map(|own| format!("a.case_id <> {}", question.bind(own))));
    holds.extend(after.map(|after| format!("a.case_id < {}", question.bind(after))));
    holds.extend(flows.map(|flows| {
        let own = "select 1 from workflow_access o where o.case_id = a.case_id and o.person";
        let own = format!("exists ({own} = {})", question.bind(actor.person));
        let flows: Vec<_> = flows.iter().map(|flow| question.bind(*flow)).collect();
        if flows.is_empty() {
            return own;
        }
        let of = "select 1 from workflow_case f where f.id = a.case_id and f.flow in";
        format!("({own} or exists ({of} ({})))", flows.join(", "))
    }));
    format!("select distinct a.case_id from workflow_access a where {} order by a.case_id desc", holds.join(" and "))
}

fn read(row: &Row) -> Result<CaseToName> {
    Ok(CaseToName { id: row.get("id")?, number: row.get("number")?, title: row.get::<Json<_>>("title")?.0 })
}
