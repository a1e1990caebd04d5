//! The inbox when much waits: all of it at one person, which is the worst that can happen to a list.

use anyhow::{Context, Result};

use super::load::{Clients, Run};
use super::processes::Processes;
use super::{Extent, start};
use crate::commands::test::Engine;
use crate::commands::torture::database::Database;
use crate::office::{EMPLOYEES, Leave, Person};
use crate::postgres::Postgres;
use crate::served::Place;

/// How often each page is read.
const READS: usize = 400;

/// Reading with so many tasks waiting.
pub(crate) struct List {
    pub tasks: u64,
    pub inbox: Run,
    pub counts: Run,
}

pub(crate) fn measure(engine: Engine, postgres: Option<&Postgres>, extent: Extent) -> Result<Vec<List>> {
    let place = Place::fresh(&format!("bench-lists-{}", engine.name()), postgres)?;
    let database = Database::of(&place)?;
    let served = start(&place)?;
    // Every row of the lists is a copy of this one.
    let model = Person::sign_in(served.port(), EMPLOYEES[0])?.submitted("model", Leave::HalfDay)?;
    drop(served);
    let mut lists = Vec::new();
    let mut filled = 1;
    for tasks in extent.tasks {
        eprintln!("{}: an inbox of {tasks}", engine.name());
        fill(&database, &model, filled, tasks)?;
        filled = tasks;
        let served = start(&place)?;
        let processes = Processes::of(served.id(), postgres.map(Postgres::id));
        let mut clients = Clients::sign_in(served.port(), 1)?;
        clients.read("/api/v1/tasks?limit=50", READS / 4, &processes).context("warming up")?;
        let inbox = clients.read("/api/v1/tasks?limit=50", READS, &processes)?;
        let counts = clients.read("/api/v1/counts", READS / 10, &processes)?;
        lists.push(List { tasks, inbox, counts });
    }
    Ok(lists)
}

/// Copies the model, with its one waiting task, until there are so many. The copies' state is left out: no list reads it.
fn fill(database: &Database, model: &str, from: u64, to: u64) -> Result<()> {
    let (numbers, id) = numbered(database, from, to);
    database.run(&format!(
        "begin; \
         insert into workflow_case (id, number, flow, flow_version, title, search, facts, status, stage, initiator, unit, \
         department, state, version, submitted_at, updated_at, finished_at) \
         select {id}, {id}, flow, flow_version, title, search, facts, status, stage, initiator, unit, department, '{{}}', \
         version, submitted_at + n.i, updated_at + n.i, finished_at from workflow_case, {numbers} n where id = '{model}'; \
         insert into workflow_task (case_id, no, person, node, node_name, purpose, waiting, opened_at) \
         select {id}, no, person, node, node_name, purpose, waiting, opened_at + n.i from workflow_task, {numbers} n \
         where case_id = '{model}'; \
         commit; analyze"
    ))
}

/// Numbers from here on to before there, as rows `n` with a column `i`, and the id that is made of one.
pub(super) fn numbered(database: &Database, from: u64, to: u64) -> (String, &'static str) {
    match database {
        Database::Sqlite(_) => (
            format!(
                "(with recursive n(i) as (select {from} union all select i + 1 from n where i < {to} - 1) select i from n)"
            ),
            "printf('%026d', n.i)",
        ),
        Database::Postgres { .. } => {
            (format!("(select i from generate_series({from}, {to} - 1) as s(i))"), "lpad(cast(n.i as text), 26, '0')")
        }
    }
}
