//! Configuration: flags before environment before file before defaults; one table of all of it stands in
//! `docs/admin/configuration.md`, and a test holds the two together.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use clap::Args;
use hanlin_store::Bounds;
use serde::Deserialize;

/// Where the data are. Every command takes these.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Place {
    /// Configuration file (TOML) with the same names as the flags. Default: hanlin.toml in the data folder, if there is one.
    #[arg(long, env = "HANLIN_CONFIG", global = true)]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Data folder: database, blobs, key and log of the trace. Default: ./data
    #[arg(long, env = "HANLIN_DATA", global = true)]
    pub data: Option<PathBuf>,
    /// PostgreSQL URL (postgres://user@host/name); without it the database is a file in the data folder.
    #[arg(long, env = "HANLIN_DATABASE", global = true)]
    pub database: Option<String>,
    /// Most connections to PostgreSQL that this node holds. Default: 16
    #[arg(long, env = "HANLIN_DATABASE_CONNECTIONS", global = true)]
    pub database_connections: Option<usize>,
    /// Most units of work that write to PostgreSQL at once. Unless told, half of the connections, at most two for each processor.
    #[arg(long, env = "HANLIN_DATABASE_WRITERS", global = true)]
    pub database_writers: Option<NonZeroUsize>,
    /// Most that read at once. Unless told, the rest of the connections; with SQLite four for each processor, at least 16.
    #[arg(long, env = "HANLIN_DATABASE_READERS", global = true)]
    pub database_readers: Option<NonZeroUsize>,
    /// Most units of background work on PostgreSQL at once. Unless told, an eighth of the connections.
    #[arg(long, env = "HANLIN_DATABASE_BACKGROUND", global = true)]
    pub database_background: Option<NonZeroUsize>,
    /// Key file of the trace. Default: trace.key in the data folder; better on another disk.
    #[arg(long, env = "HANLIN_TRACE_KEY", global = true)]
    pub trace_key: Option<PathBuf>,
    /// Log of seals. Default: seals.log in the data folder; better on another machine.
    #[arg(long, env = "HANLIN_SEAL_LOG", global = true)]
    pub seal_log: Option<PathBuf>,
}

/// How the server serves.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Serving {
    /// Address to listen on. Default: 127.0.0.1:8080
    #[arg(long, env = "HANLIN_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The address people use, for example https://oa.example.org: for links, cookies and the check of origins.
    #[arg(long, env = "HANLIN_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Certificate chain (PEM), to speak HTTPS without a proxy.
    #[arg(long, env = "HANLIN_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) of the certificate.
    #[arg(long, env = "HANLIN_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Addresses of proxies whose X-Forwarded-For is believed. May be given several times.
    #[arg(long, env = "HANLIN_TRUSTED_PROXY", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpAddr>,
    /// Address of the metrics listener (/metrics), for example 127.0.0.1:9464. Default: none
    #[arg(long, env = "HANLIN_METRICS")]
    pub metrics: Option<SocketAddr>,
    /// Flows may ask systems at private addresses and on this machine, also without HTTPS.
    #[arg(long, env = "HANLIN_WEBHOOK_INTERNAL")]
    pub webhook_internal: bool,
    /// Load the sample organisation into an empty database.
    #[arg(long, env = "HANLIN_SAMPLE")]
    #[serde(skip)]
    pub sample: bool,
    /// Serve sample accounts to the network, not only to this machine. Their passwords are public.
    #[arg(long, env = "HANLIN_SAMPLE_OPEN")]
    #[serde(skip)]
    pub sample_open: bool,
    /// Log as text or json. Default: text
    #[arg(long, env = "HANLIN_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
    /// What to log: error, warn, info, debug, or by module (info,hanlin_store=debug). Default: info
    #[arg(long, env = "HANLIN_LOG")]
    pub log: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, clap::ValueEnum, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// The file: the same names, in one table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    database_connections: Option<usize>,
    database_writers: Option<NonZeroUsize>,
    database_readers: Option<NonZeroUsize>,
    database_background: Option<NonZeroUsize>,
    trace_key: Option<PathBuf>,
    seal_log: Option<PathBuf>,
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    trusted_proxy: Vec<IpAddr>,
    metrics: Option<SocketAddr>,
    webhook_internal: bool,
    log_format: Option<LogFormat>,
    log: Option<String>,
}

impl Place {
    /// Fills in from the file what neither flags nor environment say.
    pub fn complete(&mut self, serving: Option<&mut Serving>) -> Result<()> {
        let path = match &self.config {
            Some(path) => path.clone(),
            None => self.data().join("hanlin.toml"),
        };
        if !path.exists() {
            if self.config.is_some() {
                bail!("there is no configuration file {}", path.display());
            }
            return Ok(());
        }
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let file: File = toml::from_str(&text).with_context(|| format!("{} is not understood", path.display()))?;
        self.fill(&file);
        if let Some(serving) = serving {
            serving.fill(file);
        }
        Ok(())
    }

    fn fill(&mut self, file: &File) {
        or(&mut self.data, &file.data);
        or(&mut self.database, &file.database);
        or(&mut self.database_connections, &file.database_connections);
        or(&mut self.database_writers, &file.database_writers);
        or(&mut self.database_readers, &file.database_readers);
        or(&mut self.database_background, &file.database_background);
        or(&mut self.trace_key, &file.trace_key);
        or(&mut self.seal_log, &file.seal_log);
    }

    pub fn data(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| PathBuf::from("data"))
    }

    pub fn connections(&self) -> usize {
        self.database_connections.unwrap_or(16)
    }

    pub fn bounds(&self) -> Bounds {
        Bounds { writers: self.database_writers, readers: self.database_readers, background: self.database_background }
    }

    /// What does not go together, said before anything is opened.
    pub fn check(&self) -> Result<()> {
        let (connections, bounds) = (self.connections(), self.bounds());
        if self.database.is_none() {
            if bounds.writers.or(bounds.background).is_some() {
                bail!("--database-writers and --database-background are about PostgreSQL: SQLite has one writer");
            }
            if !bounds.fit_readers() {
                bail!("--database-readers is 10000 at most");
            }
        } else if connections < 4 {
            bail!("--database-connections is at least 4; it is {connections}");
        } else if !bounds.fit(connections) {
            bail!(
                "--database-writers, --database-readers and --database-background together are no more than \
                 --database-connections ({connections}), with one left for each that is not named; 10000 at most"
            );
        }
        Ok(())
    }

    pub fn trace_places(&self) -> hanlin_trace::Places {
        let usual = hanlin_trace::Places::in_folder(&self.data());
        hanlin_trace::Places {
            key: self.trace_key.clone().unwrap_or(usual.key),
            log: self.seal_log.clone().unwrap_or(usual.log),
        }
    }
}

impl Serving {
    fn fill(&mut self, file: File) {
        or(&mut self.listen, &file.listen);
        or(&mut self.public_url, &file.public_url);
        or(&mut self.tls_cert, &file.tls_cert);
        or(&mut self.tls_key, &file.tls_key);
        or(&mut self.metrics, &file.metrics);
        self.webhook_internal |= file.webhook_internal;
        or(&mut self.log_format, &file.log_format);
        or(&mut self.log, &file.log);
        if self.trusted_proxy.is_empty() {
            self.trusted_proxy = file.trusted_proxy;
        }
    }

    pub fn listen(&self) -> SocketAddr {
        self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)))
    }

    /// What does not go together, said before anything is opened.
    pub fn check(&self) -> Result<()> {
        if let Some(url) = &self.public_url {
            let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            if host.is_none_or(|host| host.is_empty() || host.contains('/')) {
                bail!("--public-url is scheme and host only, for example https://oa.example.org; it is `{url}`");
            }
        }
        for path in [&self.tls_cert, &self.tls_key].into_iter().flatten() {
            readable(path)?;
        }
        Ok(())
    }

    /// The address to print, of a server that listens there. With port 0 the system chose one.
    pub fn url(&self, address: SocketAddr) -> String {
        let scheme = if self.tls_cert.is_some() { "https" } else { "http" };
        self.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"))
    }
}

fn readable(path: &Path) -> Result<()> {
    std::fs::File::open(path).map(drop).with_context(|| format!("cannot read {}", path.display()))
}

fn or<T: Clone>(own: &mut Option<T>, other: &Option<T>) {
    if own.is_none() {
        own.clone_from(other);
    }
}
