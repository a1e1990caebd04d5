//! Looks into the databases past the server, with the tools that come with them.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::served::Place;
use crate::{sh, tools};

pub(crate) enum Database {
    Sqlite(PathBuf),
    Postgres { psql: PathBuf, url: String },
}

impl Database {
    pub(crate) fn of(place: &Place) -> Result<Database> {
        Ok(match place.database() {
            None => Database::Sqlite(place.data().join("hanlin.db")),
            Some(url) => {
                let programs = tools::postgres_programs().context("PostgreSQL's programs are not found")?;
                Database::Postgres { psql: programs.join("psql"), url: url.to_owned() }
            }
        })
    }

    /// The rows of a query as JSON objects. Booleans differ between the engines: ask for numbers.
    pub(crate) fn rows(&self, sql: &str) -> Result<Vec<Value>> {
        let text = match self {
            Database::Sqlite(file) => {
                sh::output(sh::command("sqlite3").args(["-cmd", ".timeout 10000", "-json"]).arg(file).arg(sql))?
            }
            Database::Postgres { psql, url } => {
                let json = format!("select coalesce(json_agg(rows), '[]') from ({sql}) rows");
                sh::output(sh::command(psql).args(["-qAt", "-v", "ON_ERROR_STOP=1", url, "-c", &json]))?
            }
        };
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        serde_json::from_str(&text).context("the database's tool wrote no JSON")
    }

    /// Runs statements.
    pub(crate) fn run(&self, sql: &str) -> Result<()> {
        let mut command = match self {
            Database::Sqlite(file) => {
                let mut command = sh::command("sqlite3");
                command.args(["-bail", "-cmd", ".timeout 10000"]).arg(file).arg(sql);
                command
            }
            Database::Postgres { psql, url } => {
                let mut command = sh::command(psql);
                command.args(["-q", "-v", "ON_ERROR_STOP=1", url, "-c", sql]);
                command
            }
        };
        sh::output(&mut command).map(drop)
    }

    /// The only number that a query gives.
    pub(crate) fn count(&self, table_and_condition: &str) -> Result<u64> {
        let rows = self.rows(&format!("select count(*) as n from {table_and_condition}"))?;
        rows.first().and_then(|row| row["n"].as_u64()).context("no count")
    }
}
