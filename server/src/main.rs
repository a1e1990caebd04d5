//! The binary: commands and their flags. Thirty lines a command; the work is in the library.

use std::{process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use hanlin_server::{
    commands,
    config::{Place, Serving},
    serve,
};

/// Many threads take and give back small pieces all the time; glibc's allocator keeps twice as much of them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What nobody needed for so many milliseconds goes back to the machine; by itself the allocator keeps it for a second, and
/// what was freed last before all is quiet, for good. The number of the option is the one of `mimalloc.h`.
const PURGE_DELAY: (libmimalloc_sys::mi_option_t, std::ffi::c_long) = (15, 10);

/// Gives what is free back to the machine, soon after the start and from then on once a minute. The allocator does it by
/// itself only while it has something to do: a server that idles would keep what its start or the last rush took.
fn give_back_memory() {
    // SAFETY: it sets a number that the allocator reads.
    #[allow(unsafe_code)]
    unsafe {
        libmimalloc_sys::mi_option_set(PURGE_DELAY.0, PURGE_DELAY.1);
    }
    let idle = std::thread::Builder::new().name("memory".into()).spawn(|| {
        let mut pause = Duration::from_secs(3);
        loop {
            std::thread::sleep(pause);
            // SAFETY: it may be called by any thread at any time, and touches only what is free.
            #[allow(unsafe_code)]
            unsafe {
                libmimalloc_sys::mi_collect(true);
            }
            pause = Duration::from_mins(1);
        }
    });
    if let Err(error) = idle {
        eprintln!("hanlin: memory is not given back when idle: {error}");
    }
}

/// 翰林 Hanlin: an office platform that keeps the organisation's own rulebook.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API and the web client.
    Serve(Box<Serving>),
    /// Flow packages: check, test, import, export.
    Flow {
        #[command(subcommand)]
        command: commands::flow::Flow,
    },
    /// The trace: is it as it was written?
    Audit {
        #[command(subcommand)]
        command: commands::audit::Audit,
    },
    /// What only whoever has the machine may do.
    Admin {
        #[command(subcommand)]
        command: commands::admin::Admin,
    },
    /// Organisations that do not exist, for trying things out.
    Sample {
        #[command(subcommand)]
        command: commands::sample::Sample,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// For measuring: the server with bare routes beside its own.
    #[command(hide = true)]
    BenchServer(Box<Serving>),
    /// For measuring: the engine without the server.
    #[command(hide = true)]
    BenchStore(commands::bench::Store),
    /// For measuring: questions to the organisation in memory.
    #[command(hide = true)]
    BenchOrganisation(commands::organisation::Questions),
}

fn main() -> ExitCode {
    let Cli { mut place, command } = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("the operating system gives threads");
    let done = runtime.block_on(async {
        match command {
            Command::Serve(mut serving) => {
                place.complete(Some(&mut serving))?;
                commands::logging(&serving);
                give_back_memory();
                serve::serve(&place, &serving).await.map(|()| ExitCode::SUCCESS)
            }
            Command::Flow { command } => {
                place.complete(None)?;
                commands::flow::run(&place, command).await
            }
            Command::Audit { command } => {
                place.complete(None)?;
                commands::audit::run(&place, command).await
            }
            Command::BenchServer(mut serving) => {
                place.complete(Some(&mut serving))?;
                commands::logging(&serving);
                give_back_memory();
                commands::bench::serve(&place, &serving).await.map(|()| ExitCode::SUCCESS)
            }
            Command::BenchStore(store) => {
                place.complete(None)?;
                commands::bench::store(&place, &store).await.map(|()| ExitCode::SUCCESS)
            }
            Command::BenchOrganisation(questions) => {
                place.complete(None)?;
                commands::organisation::run(&place, &questions).await.map(|()| ExitCode::SUCCESS)
            }
            Command::Sample { command } => {
                place.complete(None)?;
                commands::sample::run(&place, command).await
            }
            Command::Admin { command } => {
                place.complete(None)?;
                commands::admin::run(&place, command).await
            }
            Command::Openapi => commands::openapi().map(|()| ExitCode::SUCCESS),
        }
    });
    done.unwrap_or_else(|error| {
        eprintln!("hanlin: {error:#}");
        ExitCode::FAILURE
    })
}
