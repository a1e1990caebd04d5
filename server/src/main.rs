//! The binary: commands and their flags. Thirty lines a command; the work is in the library.

use std::{
    cell::Cell,
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use anyhow::Result;
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

/// How often the threads were asked to give back what is free.
static ASKED: AtomicU64 = AtomicU64::new(0);

/// Gives what is free back to the machine, soon after the start and from then on twice a minute. The allocator does it by
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
            ASKED.fetch_add(1, Ordering::Relaxed);
            give_back_own();
            pause = Duration::from_secs(30);
        }
    });
    if let Err(error) = idle {
        eprintln!("hanlin: memory is not given back when idle: {error}");
    }
}

/// Each thread has a heap that only it may tidy up: it does so when it was asked to, before it goes to sleep.
fn give_back_when_asked() {
    thread_local!(static DONE: Cell<u64> = const { Cell::new(0) });
    let asked = ASKED.load(Ordering::Relaxed);
    if DONE.replace(asked) != asked {
        give_back_own();
    }
}

fn give_back_own() {
    // SAFETY: it may be called by any thread at any time, and touches only what is free.
    #[allow(unsafe_code)]
    unsafe {
        libmimalloc_sys::mi_collect(true);
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
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().on_thread_park(give_back_when_asked).build();
    let runtime = runtime.expect("the operating system gives threads");
    let done = runtime.block_on(async {
        match command {
            Command::Serve(mut serving) => {
                place.complete(Some(&mut serving))?;
                commands::logging(&serving);
                give_back_memory();
                on_a_worker(async move { serve::serve(&place, &serving).await }).await
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
                on_a_worker(async move { commands::bench::serve(&place, &serving).await }).await
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

/// The main thread sleeps until the server ends: what the start takes would stay free in its heap, and be of no use.
async fn on_a_worker(served: impl Future<Output = Result<()>> + Send + 'static) -> Result<ExitCode> {
    tokio::spawn(served).await?.map(|()| ExitCode::SUCCESS)
}
