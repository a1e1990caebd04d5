//! What the commands share, and the small ones.

pub mod admin;
pub mod audit;
pub mod bench;
mod first_day;
pub mod flow;
mod flow_index;
pub mod metrics;
pub mod organisation;
pub mod sample;

pub use first_day::{FirstDay, first_day, load_rules};

use anyhow::Result;
use tracing_subscriber::EnvFilter;

use crate::{
    config::{LogFormat, Serving},
    modules,
};

/// Structured logs on standard error; standard output is for people.
pub fn logging(serving: &Serving) {
    let filter = EnvFilter::new(serving.log.as_deref().unwrap_or("info"));
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    match serving.log_format.unwrap_or_default() {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}

/// The OpenAPI document, from the code.
pub fn openapi() -> Result<()> {
    println!("{}", document()?);
    Ok(())
}

/// The same as text, as it stands in the golden file.
pub fn document() -> Result<String> {
    Ok(serde_json::to_string_pretty(&hanlin_api::openapi(&modules::modules()))?)
}
