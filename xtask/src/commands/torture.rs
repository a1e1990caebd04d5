//! `cargo xtask torture`: kills the server while people work, and holds it to what it had said.

pub(crate) mod consistency;
pub(crate) mod database;
pub(crate) mod disk;
mod durability;
pub(crate) mod ledger;
pub(crate) mod recording;
mod siege;

use anyhow::{Result, bail};

use super::build::{self, Profile};
use super::test::Engine;
use crate::chance::Chance;
use crate::tools;

/// Kill the server at random moments under work, and prove that it kept its word.
#[derive(clap::Args)]
pub(crate) struct Torture {
    /// How often the server is killed, on each database.
    #[arg(long, default_value_t = 20)]
    kills: u32,
    /// Only on this database.
    #[arg(long)]
    engine: Option<Engine>,
    /// Repeats the choices of an earlier run.
    #[arg(long)]
    seed: Option<u64>,
    /// Only this part.
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Take the binary as it was built before.
    #[arg(long)]
    as_built: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The server is killed; the machine stays.
    Kills,
    /// The machine loses its power: what was not synced is gone.
    Power,
}

impl Torture {
    pub(crate) fn run(self) -> Result<()> {
        tools::need(&[tools::CC])?;
        if !self.as_built {
            build::server(Profile::Dev)?;
        }
        let mut chance = Chance::new(self.seed.unwrap_or_else(|| {
            let seed = Chance::fresh_seed();
            eprintln!("seed {seed}");
            seed
        }));
        for engine in Engine::ALL.into_iter().filter(|engine| self.engine.is_none_or(|only| only == *engine)) {
            if self.only != Some(Part::Power) {
                kills(engine, self.kills, &mut chance)?;
            }
            // A PostgreSQL syncs by itself; what we sync ourselves lies in the data folder.
            if self.only != Some(Part::Kills) && engine == Engine::Sqlite {
                power(&mut chance)?;
            }
        }
        Ok(())
    }
}

/// Kills the server under work, so often, and prints what came of it.
pub(crate) fn kills(engine: Engine, kills: u32, chance: &mut Chance) -> Result<()> {
    tools::need(&[tools::SQLITE, tools::POSTGRES])?;
    let figures = siege::besiege(engine, kills, chance)?;
    println!("\ntorture on {}: passed\n{figures}", engine.name());
    Ok(())
}

/// Drops what was not synced at moments at which something was acknowledged. Then shows that this finds a server that
/// does not sync.
pub(crate) fn power(chance: &mut Chance) -> Result<()> {
    tools::need(&[tools::SQLITE, tools::STRACE])?;
    let figures = durability::survives(durability::Synchronous::Full, chance)?;
    println!("\ndurability of sqlite: passed\n{figures}");
    match durability::survives(durability::Synchronous::Off, chance) {
        Err(error) => println!("\na server that does not sync is found out:\n  {error:#}"),
        Ok(figures) => bail!("a server that does not sync was not found out:\n{figures}"),
    }
    Ok(())
}
