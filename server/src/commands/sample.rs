//! `hanlin sample`: organisations that do not exist. The sample group is loaded beside a real organisation and removed
//! again; a generated one fills an empty installation and stays.

use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};
use clap::Subcommand;
use hanlin_access::{Access, Secret};
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
    /// Load the sample group beside the organisation of an installation: people, departments, flows and rules of its own,
    /// and an account for everybody (`linxiao.sample`). The server must be stopped; while it runs, use its page.
    Load {
        /// With which all of its accounts sign in; asked for in this variable rather than written where others see it.
        #[arg(long, env = "HANLIN_SAMPLE_PASSWORD", hide_env_values = true)]
        password: String,
    },
    /// Remove the sample group with all that was done in it. The trace keeps its entries. The server must be stopped.
    Remove,
}

fn size(text: &str) -> Result<usize, String> {
    let (least, most) = (generator::SIZES.start(), generator::SIZES.end());
    let people: usize = text.parse().map_err(|_| format!("say a number from {least} to {most}"))?;
    let fits = generator::SIZES.contains(&people);
    if fits { Ok(people) } else { Err(format!("an organisation has {least} to {most} people")) }
}

pub async fn run(place: &Place, command: Sample) -> Result<ExitCode> {
    let house = House::open(place).await?;
    match command {
        Sample::Generate { people, seed } => generate(house, people, seed).await,
        Sample::Load { password } => load(house, Secret::new(password)).await,
        Sample::Remove => remove(house).await,
    }
}

/// The sample group beside what is there.
async fn load(house: House, password: Secret) -> Result<ExitCode> {
    let access = Access::start(&house.modules).map_err(|error| anyhow!("{error}"))?;
    let sample = hanlin_sample::Sample::of(&house.modules, load_rules);
    let asked = password.clone();
    let loaded = async {
        house.db.read(move |tx| hanlin_access::check_sample_password(tx, &asked)).await?;
        let hash = access.hashing().hash(password).await?;
        house.db.write_as(Context::default().alone(), move |tx| hanlin_sample::load(tx, &sample, &hash)).await
    };
    let loaded = loaded.await;
    house.close().await?;
    let loaded = loaded
        .map_err(|error| anyhow!("the sample group was not loaded, and nothing was changed: {}", said(&error)))?;
    println!("Loaded the sample group: {} people, {} accounts. Sign in as:", loaded.people, loaded.accounts);
    for login in loaded.logins {
        println!("  {:<24} {}", login.login, login.name);
    }
    Ok(ExitCode::SUCCESS)
}

async fn remove(house: House) -> Result<ExitCode> {
    let sample = hanlin_sample::Sample::of(&house.modules, load_rules);
    let removed = house.db.write_as(Context::default().alone(), move |tx| hanlin_sample::remove(tx, &sample)).await;
    house.close().await?;
    match removed {
        Ok(removed) => {
            let counts: Vec<String> =
                removed.counts.iter().filter(|(_, n)| **n > 0).map(|(what, n)| format!("{n} {what}")).collect();
            println!("Removed the sample group: {}.", counts.join(", "));
            println!("The trace keeps its entries, marked as those of the sample.");
            Ok(ExitCode::SUCCESS)
        }
        Err(hanlin_kernel::Error::NotFound) => bail!("there is no sample group in this installation"),
        Err(error) => bail!("the sample group was not removed, and nothing was changed: {}", said(&error)),
    }
}

/// The sentence of an error, as the server would say it.
fn said(error: &hanlin_kernel::Error) -> String {
    use hanlin_kernel::{Error, Locale};
    let Ok(words) = hanlin_api::Words::of(crate::modules::modules().iter().map(|module| module.words)) else {
        return error.to_string();
    };
    match error {
        Error::Refused(refusal) => words.say(Locale::En, &refusal.code, &refusal.args),
        Error::Invalid(faults) => {
            let sentences: Vec<String> =
                faults.iter().map(|fault| words.say(Locale::En, &fault.code, &fault.args)).collect();
            sentences.join(" ")
        }
        error => error.to_string(),
    }
}

async fn generate(house: House, people: usize, seed: u64) -> Result<ExitCode> {
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
