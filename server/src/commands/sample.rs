//! `hanlin sample`: fills an empty installation with an organisation that does not exist.

use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};
use clap::Subcommand;
use hanlin_access::Access;
use hanlin_directory::generator;
use hanlin_store::Context;

use super::first_day::load_rules;
use crate::{config::Place, house::House};

#[derive(Subcommand)]
pub enum Sample {
    /// Generate an organisation of any size into an empty installation, with an account for everybody and the flows that
    /// ship. The same seed gives the same organisation. The server must be stopped.
    Generate {
        /// How many are in service: 20 to 50000.
        #[arg(long, default_value_t = 1_000, value_parser = size)]
        people: usize,
        /// Another seed gives another organisation.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

fn size(text: &str) -> Result<usize, String> {
    let (least, most) = (generator::SIZES.start(), generator::SIZES.end());
    let people: usize = text.parse().map_err(|_| format!("say a number from {least} to {most}"))?;
    let fits = generator::SIZES.contains(&people);
    if fits { Ok(people) } else { Err(format!("an organisation has {least} to {most} people")) }
}

pub async fn run(place: &Place, command: Sample) -> Result<ExitCode> {
    let Sample::Generate { people, seed } = command;
    let house = House::open(place).await?;
    let access = Access::start(&house.modules).map_err(|error| anyhow!("{error}"))?;
    let hash = hanlin_access::sample_hash(&access).await.map_err(|error| anyhow!("{error}"))?;
    let rows = generator::generate(seed, people);
    let (units, all) = (rows.units.len(), rows.people.len());
    let filled = house
        .db
        .write_as(Context::default().alone(), move |tx| {
            let group = generator::load_generated(tx, seed, &rows)?;
            let administrator = hanlin_access::load_generated(tx, &hash)?;
            load_rules(tx, group)?;
            Ok(administrator)
        })
        .await;
    house.close().await?;
    match filled {
        Ok(administrator) => {
            println!(
                "Generated with seed {seed}: {people} people in service, {all} with those who left or are to come, {units} units."
            );
            println!("Administrator: {administrator}. Password of all accounts: {}", hanlin_access::SAMPLE_PASSWORD);
            Ok(ExitCode::SUCCESS)
        }
        Err(hanlin_kernel::Error::Refused(_)) => bail!(
            "there is an organisation already, and it was not touched: a generated one goes only into an empty \
             installation. Name an empty folder with --data, or an empty database with --database"
        ),
        Err(error) => Err(anyhow!("{error}")),
    }
}
