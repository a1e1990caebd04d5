//! The project's own commands: `cargo xtask run` serves the sample organisation from a fresh clone, `cargo xtask test`
//! runs every test there is. Each command is one file under `commands/`; what several share stands beside this file.
//! Imports nothing of ours and little of others, so that it builds in seconds when nothing else does.

mod chance;
mod commands;
mod guard;
mod hash;
mod http;
mod live;
mod npm;
mod office;
mod postgres;
mod root;
mod served;
mod sh;
mod sources;
mod steps;
mod tidy;
mod tiers;
mod tools;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::Parser;

/// Builds, serves, tests and looks after Hanlin.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    match Xtask::parse().command.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
