use hanlin_kernel::{Error, Result};

use crate::{db::Db, params, tx::Tx};

/// One step of a module's schema, forward only, embedded in the binary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Migration {
    pub module: &'static str,
    /// `0001_documents`: numbers are unique and rising within a module.
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

/// `migrations!("documents"; "0001_documents", "0002_recall")` embeds `../migrations/<name>.sql`;
/// `"0002_guard" differs` embeds `<name>.sqlite.sql` and `<name>.postgres.sql`.
#[macro_export]
macro_rules! migrations {
    ($module:literal; $($name:literal $($differs:ident)?),* $(,)?) => {
        &[$($crate::migrations!(@one $module, $name $(, $differs)?)),*] as &'static [$crate::Migration]
    };
    (@one $module:literal, $name:literal) => {
        $crate::Migration {
            module: $module,
            name: $name,
            sqlite: include_str!(concat!("../migrations/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/", $name, ".sql")),
        }
    };
    (@one $module:literal, $name:literal, differs) => {
        $crate::Migration {
            module: $module,
            name: $name,
            sqlite: include_str!(concat!("../migrations/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!("../migrations/", $name, ".postgres.sql")),
        }
    };
}

/// The store's own tables come first.
pub const MIGRATIONS: &[Migration] = migrations!("store"; "0001_store", "0002_revision");

struct Applied {
    module: String,
    name: String,
}
crate::from_row!(Applied { module, name });

impl Db {
    /// Brings the schema up to this binary, each step whole or not at all. Refuses a schema that is newer.
    pub async fn migrate(&self, steps: &[Migration]) -> Result<()> {
        let steps: Vec<Migration> = MIGRATIONS.iter().chain(steps).copied().collect();
        let context = crate::Context::default().keys(&[crate::Key::named("store/migrate")]);
        let wanted = steps.clone();
        let applied = self
            .write_as(context.clone(), move |tx| {
                tx.connection.batch(
                    "create table if not exists store_migration (module text not null, name text not null, \
                     applied_at bigint not null, primary key (module, name))",
                )?;
                let applied: Vec<Applied> = tx.all("select module, name from store_migration", &[])?;
                refuse_newer(&wanted, &applied)?;
                Ok(applied.into_iter().map(|step| (step.module, step.name)).collect::<Vec<_>>())
            })
            .await?;
        for step in steps {
            if applied.iter().any(|(module, name)| module == step.module && name == step.name) {
                continue;
            }
            self.write_as(context.clone(), move |tx| apply(tx, step)).await?;
            tracing::info!(module = step.module, step = step.name, "schema step applied");
        }
        Ok(())
    }
}

fn apply(tx: &mut Tx, step: Migration) -> Result<()> {
    let done = "select name from store_migration where module = $1 and name = $2";
    if tx.maybe_scalar::<String>(done, params![step.module, step.name])?.is_some() {
        return Ok(());
    }
    let sql = if tx.is_sqlite() { step.sqlite } else { step.postgres };
    tx.connection
        .batch(sql)
        .map_err(|error| Error::internal(format!("schema step {} of {} failed: {error}", step.name, step.module)))?;
    let now = tx.now();
    tx.exec(
        "insert into store_migration (module, name, applied_at) values ($1, $2, $3)",
        params![step.module, step.name, now],
    )?;
    Ok(())
}

fn refuse_newer(wanted: &[Migration], applied: &[Applied]) -> Result<()> {
    let unknown =
        applied.iter().find(|step| !wanted.iter().any(|known| known.module == step.module && known.name == step.name));
    match unknown {
        None => Ok(()),
        Some(step) => Err(Error::internal(format!(
            "the data were written by a newer version of Hanlin (schema step {} of {}); \
             start that version, or restore a backup made before the upgrade",
            step.name, step.module
        ))),
    }
}

/// Every table of the schema with its columns and indexes, as one text in a fixed order: a golden file.
pub fn describe(tx: &mut Tx) -> Result<String> {
    let sql = if tx.is_sqlite() {
        "select m.name as table_name, p.name as column_name, lower(p.type) as kind, (p.\"notnull\" = 1 or p.pk > 0) as required \
         from sqlite_schema m, pragma_table_info(m.name) p where m.type = 'table' and m.name not like 'sqlite_%' \
         order by m.name, p.name"
    } else {
        "select cast(table_name as text) as table_name, cast(column_name as text) as column_name, \
         cast(data_type as text) as kind, (is_nullable = 'NO') as required \
         from information_schema.columns where table_schema = current_schema() order by 1, 2"
    };
    let mut text = String::new();
    let mut table = String::new();
    for row in tx.rows(sql, &[])? {
        let name: String = row.get("table_name")?;
        if name != table {
            text.push_str(&format!("\n{name}\n"));
            table = name;
        }
        let required = if row.get("required")? { " not null" } else { "" };
        let (column, kind): (String, String) = (row.get("column_name")?, row.get("kind")?);
        text.push_str(&format!("  {column} {kind}{required}\n"));
    }
    text.push_str("\nindexes\n");
    let sql = if tx.is_sqlite() {
        "select name from sqlite_schema where type = 'index' and name not like 'sqlite_%' order by name"
    } else {
        "select cast(indexname as text) from pg_indexes where schemaname = current_schema() \
         and indexname not like '%_pkey' order by 1"
    };
    for name in tx.scalars::<String>(sql, &[])? {
        text.push_str(&format!("  {name}\n"));
    }
    Ok(text)
}
