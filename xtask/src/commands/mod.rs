//! One file a command.

pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod clauses;
pub(crate) mod dev;
pub(crate) mod generate;
pub(crate) mod licences;
pub(crate) mod new_module;
pub(crate) mod run;
pub(crate) mod test;
pub(crate) mod tidy;
pub(crate) mod torture;

use anyhow::Result;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    Run(run::Run),
    Build(build::Build),
    Dev(dev::Dev),
    Test(test::Test),
    Torture(torture::Torture),
    Bench(bench::Bench),
    Tidy(tidy::Tidy),
    Gen(generate::Gen),
    Clauses(clauses::Clauses),
    Licences(licences::Licences),
    NewModule(new_module::NewModule),
}

impl Command {
    pub(crate) fn run(self) -> Result<()> {
        match self {
            Command::Run(command) => command.run(),
            Command::Build(command) => command.run(),
            Command::Dev(command) => command.run(),
            Command::Test(command) => command.run(),
            Command::Bench(command) => command.run(),
            Command::Torture(command) => command.run(),
            Command::Tidy(command) => command.run(),
            Command::Gen(command) => command.run(),
            Command::Clauses(command) => command.run(),
            Command::Licences(command) => command.run(),
            Command::NewModule(command) => command.run(),
        }
    }
}
