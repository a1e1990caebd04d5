use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, anyhow};
use clap::Subcommand;
use hanlin_store::{Db, Settings};
use hanlin_trace::{Keys, SealLog, Verifier};

use crate::{
    config::Place,
    house::{self, House},
};

#[derive(Subcommand)]
pub enum Audit {
    /// Hold the database against the key and the log of seals; exit status 1 when anything was found. Reads only, also
    /// while a server runs.
    Verify {
        /// Verify with the public key alone (as an outside auditor has it) instead of the key file.
        #[arg(long)]
        public_key: Option<String>,
        /// Print the report as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check a downloaded backup of a cancelled case: text, seal and attachments; exit status 1 when it does not hold. With
    /// the key file of the installation also who sealed it.
    VerifyBackup {
        /// The package, as it was downloaded.
        file: PathBuf,
    },
    /// Print the public key, to be kept by an auditor.
    PublicKey,
    /// After a restore: seal a signed record that says so, which every later verification shows.
    RecordRestore {
        /// Which backup was restored, and why.
        note: String,
    },
    /// After the log of seals was lost: write it anew from the database, with a signed record that says so.
    RebuildLog {
        /// What happened to the log.
        note: String,
    },
}

pub async fn run(place: &Place, command: Audit) -> Result<ExitCode> {
    let places = place.trace_places();
    match command {
        Audit::PublicKey => {
            println!("{}", keys(&places.key)?.public_key());
            Ok(ExitCode::SUCCESS)
        }
        Audit::VerifyBackup { file } => Ok(verify_backup(&places.key, &file)),
        Audit::RecordRestore { note } => {
            let house = House::open(place).await?;
            let seal = house.sealer.record_restore(&note).await.map_err(|error| anyhow!("{error}"))?;
            println!("recorded in seal {}", seal.number);
            house.close().await?;
            Ok(ExitCode::SUCCESS)
        }
        Audit::RebuildLog { note } => {
            let house = House::open(place).await?;
            house.sealer.rebuild_log(&note).await.map_err(|error| anyhow!("{error}"))?;
            println!("written anew: {}", places.log.display());
            house.close().await?;
            Ok(ExitCode::SUCCESS)
        }
        Audit::Verify { public_key, json } => {
            let verifier = match public_key {
                Some(text) => Verifier::public(&text).ok_or_else(|| anyhow!("`{text}` is not a public key"))?,
                None => keys(&places.key)?.verifier(),
            };
            let location = house::location(place);
            if let hanlin_store::Location::Sqlite(path) = &location
                && !path.exists()
            {
                anyhow::bail!("there is no database {}: name the data folder with --data", path.display());
            }
            let db = Db::open(&location, Settings::default()).await.map_err(|error| anyhow!("{error}"))?;
            let report = hanlin_trace::verify(&db, &SealLog::at(places.log), &verifier)
                .await
                .map_err(|error| anyhow!("the trace could not be read: {error}"))?;
            if json {
                println!("{}", serde_json::to_string_pretty(&report)?);
            } else {
                print!("{report}");
            }
            tokio::task::spawn_blocking(move || db.close()).await?;
            Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

fn verify_backup(key: &Path, file: &Path) -> ExitCode {
    if !file.is_file() {
        println!("{}: there is no such file", file.display());
        return ExitCode::FAILURE;
    }
    let verifier = keys(key).ok().map(|keys| keys.verifier());
    match hanlin_workflow::check_archive(file, verifier.as_ref()) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            println!("{}: {fault}", file.display());
            ExitCode::FAILURE
        }
    }
}

fn keys(path: &Path) -> Result<Keys> {
    let keys = Keys::load(path).with_context(|| format!("the key {}", path.display()))?;
    keys.ok_or_else(|| anyhow!("there is no key {}: name it with --trace-key", path.display()))
}
