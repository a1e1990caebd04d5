use hanlin_kernel::{Page, PageRequest, Result, UnitId};
use hanlin_store::{FromRow, Json, Leaving, OnConstraint, Row, Tx, params};
use jiff::Timestamp;

use crate::{
    model::{Clause, ClauseId, Provision, Refusal},
    snapshot::{Rulebook, Source, Standing},
};

/// A clause as its latest version says.
const LATEST: &str = "select c.id, c.unit, c.number, c.preset, c.version, v.text, v.policy, v.parameters, v.mode, \
                      v.valid_from, v.valid_to from rulebook_clause c \
                      join rulebook_clause_version v on v.clause = c.id and v.version = c.version";

impl FromRow for Provision {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            text: row.get::<Json<_>>("text")?.0,
            policy: row.get("policy")?,
            mode: row.get("mode")?,
            parameters: row.get::<Json<_>>("parameters")?.0,
            valid_from: row.get("valid_from")?,
            valid_to: row.get("valid_to")?,
        })
    }
}

impl FromRow for Clause {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            unit: row.get("unit")?,
            number: row.get("number")?,
            preset: row.get("preset")?,
            version: row.get("version")?,
            provision: Provision::from_row(row)?,
        })
    }
}

impl FromRow for Standing {
    fn from_row(row: &Row) -> Result<Self> {
        let source = Source {
            clause: row.get("id")?,
            unit: row.get("unit")?,
            number: row.get("number")?,
            version: row.get("version")?,
        };
        Ok(Self { source, provision: Provision::from_row(row)? })
    }
}

/// Every version that ever was or will be in force.
pub(crate) fn list_standing(tx: &mut Tx) -> Result<Vec<Standing>> {
    tx.all(
        "select c.id, c.unit, c.number, v.version, v.text, v.policy, v.parameters, v.mode, v.valid_from, v.valid_to \
         from rulebook_clause c join rulebook_clause_version v on v.clause = c.id \
         where v.valid_to is null or v.valid_to > v.valid_from order by c.id, v.version",
        &[],
    )
}

pub(crate) fn find(tx: &mut Tx, id: ClauseId) -> Result<Clause> {
    tx.one(&format!("{LATEST} where c.id = $1"), params![id])
}

/// What a clause said before, the youngest first.
pub(crate) fn list_versions(tx: &mut Tx, id: ClauseId) -> Result<Vec<Standing>> {
    tx.all(
        "select c.id, c.unit, c.number, v.version, v.text, v.policy, v.parameters, v.mode, v.valid_from, v.valid_to \
         from rulebook_clause c join rulebook_clause_version v on v.clause = c.id \
         where c.id = $1 order by v.version desc",
        params![id],
    )
}

pub(crate) fn list_of_unit(tx: &mut Tx, unit: UnitId) -> Result<Vec<Clause>> {
    tx.all(&format!("{LATEST} where c.unit = $1 order by c.id"), params![unit])
}

/// Clauses of these units, oldest first; `None`: of all units.
pub(crate) fn list(tx: &mut Tx, units: Option<&[UnitId]>, page: &PageRequest) -> Result<Page<Clause>> {
    let (after, limit) = (page.after.clone().unwrap_or_default(), page.limit());
    let seek = params![after, limit + 1];
    let mut clauses: Vec<Clause> = match units {
        None => tx.all(&format!("{LATEST} where c.id > $1 order by c.id limit $2"), seek)?,
        Some(units) => {
            let sql = format!("{LATEST} where c.id > $1 and c.unit in ({{in}}) order by c.id limit $2");
            tx.all_in(&sql, seek, units)?
        }
    };
    // Each slice of units came in order; together they are put in order here.
    clauses.sort_by_key(|clause| clause.id);
    Ok(Page::of(clauses, limit, |clause| clause.id.to_string()))
}

pub(crate) fn insert(tx: &mut Tx, clause: &Clause) -> Result<()> {
    let Clause { id, unit, number, preset, version, provision } = clause;
    tx.exec(
        "insert into rulebook_clause (id, unit, number, preset, version) values ($1, $2, $3, $4, $5)",
        params![id, unit, number, preset, version],
    )
    .on_unique("rulebook_clause_number", || Refusal::NumberTaken { number: number.clone() }.into_error())
    .on_foreign_key(|| hanlin_kernel::Error::invalid("unit", "rulebook.unit_unknown"))?;
    insert_version(tx, *id, *version, provision)?;
    touch(tx)
}

/// Writes a new version. What the earlier ones say ends when it begins.
pub(crate) fn supersede(tx: &mut Tx, clause: &Clause) -> Result<()> {
    let Clause { id, preset, version, provision, .. } = clause;
    end_versions(tx, *id, provision.valid_from)?;
    tx.exec("update rulebook_clause set version = $2, preset = $3 where id = $1", params![id, version, preset])?;
    insert_version(tx, *id, *version, provision)?;
    touch(tx)
}

fn end_versions(tx: &mut Tx, id: ClauseId, at: Timestamp) -> Result<()> {
    tx.exec(
        "update rulebook_clause_version set valid_to = case when valid_from >= $2 then valid_from else $2 end \
         where clause = $1 and (valid_to is null or valid_to > $2)",
        params![id, at],
    )?;
    Ok(())
}

fn insert_version(tx: &mut Tx, id: ClauseId, version: u64, provision: &Provision) -> Result<()> {
    let Provision { text, policy, mode, parameters, valid_from, valid_to } = provision;
    tx.exec(
        "insert into rulebook_clause_version (clause, version, text, policy, parameters, mode, valid_from, valid_to) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![id, version, Json(text), policy, Json(parameters), mode, valid_from, valid_to],
    )?;
    Ok(())
}

fn touch(tx: &mut Tx) -> Result<()> {
    tx.changed::<Rulebook>()
}

/// Takes out the clauses of the units that go, with all their versions.
pub(crate) fn forget(tx: &mut Tx, leaving: &mut Leaving) -> Result<()> {
    let clauses: Vec<ClauseId> = Leaving::find(tx, "rulebook_clause", "unit", &leaving.units)?;
    Leaving::delete(tx, "rulebook_clause_version", "clause", &clauses)?;
    Leaving::delete(tx, "rulebook_clause", "id", &clauses)?;
    leaving.note("clauses", &clauses);
    touch(tx)
}
