use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::Subcommand;
use hanlin_access::Access;

use crate::{config::Place, house::House};

#[derive(Subcommand)]
pub enum Admin {
    /// Let somebody in again who is locked out, a system administrator too: prints a password that works once. Whoever has
    /// the machine may do this; the trace shows it. The server must be stopped.
    Recover {
        /// The login of the account.
        login: String,
    },
}

pub async fn run(place: &Place, command: Admin) -> Result<ExitCode> {
    match command {
        Admin::Recover { login } => {
            let house = House::open(place).await?;
            let access = Access::start(&house.modules).map_err(|error| anyhow!("{error}"))?;
            let password = hanlin_access::recover(&house.db, &access, &login)
                .await
                .map_err(|error| anyhow!("{login} cannot be let in: {error}"))?;
            println!("{}", password.reveal());
            house.close().await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
