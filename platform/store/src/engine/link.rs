//! A connection to PostgreSQL that is driven by the thread that uses it, and the free ones.
//!
//! A unit of work runs on one thread from its beginning to its end. Where another one sends its statements and hears the
//! answers, as a task of the server's runtime would, each statement wakes two threads: on a busy machine that took more
//! processor time than everything else the server does for an approval on PostgreSQL.

use std::{
    collections::HashMap,
    future::poll_fn,
    pin::{Pin, pin},
    sync::{Mutex, PoisonError},
    task,
};

use hanlin_kernel::{Error, Result};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, Config, NoTls, Statement};

/// More statements than these are not kept prepared: they are those of filters that somebody put together.
const PREPARED: usize = 1024;

type Driver = Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>> + Send>>;

/// One connection. Used from threads that may block, never from a task.
pub(super) struct Link {
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
    client: Client,
    /// What sends and hears; `None` when the connection is over.
    driver: Option<Driver>,
    prepared: HashMap<String, Statement>,
}

impl Link {
    fn connect(config: &Config) -> Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(Error::internal)?;
        let (client, connection) = runtime.block_on(config.connect(NoTls)).map_err(|error| {
            tracing::error!(%error, "no connection to the database");
            Error::Busy("store.unreachable")
        })?;
        Ok(Self { runtime: Some(runtime), client, driver: Some(Box::pin(connection)), prepared: HashMap::new() })
    }

    /// Does something with the connection and waits for it.
    pub fn run<T>(&mut self, work: impl AsyncFnOnce(&Client) -> T) -> T {
        let Self { runtime, client, driver, .. } = self;
        let mut work = pin!(work(client));
        running(runtime).block_on(poll_fn(|context| {
            drive(driver, context);
            work.as_mut().poll(context)
        }))
    }

    /// Sends statements whose answer nobody needs, without waiting for it. An error among them ends what they were in.
    pub fn send_off(&mut self, sql: &str) {
        let Self { runtime, client, driver, .. } = self;
        let mut sent = pin!(client.batch_execute(sql));
        running(runtime).block_on(poll_fn(|context| {
            let _answer_not_awaited = sent.as_mut().poll(context);
            drive(driver, context);
            task::Poll::Ready(())
        }));
    }

    pub fn prepare(&mut self, sql: &str) -> Result<Statement, tokio_postgres::Error> {
        if let Some(prepared) = self.prepared.get(sql) {
            return Ok(prepared.clone());
        }
        let statement = self.run(async |client| client.prepare(sql).await)?;
        if self.prepared.len() >= PREPARED {
            self.prepared.clear();
        }
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Whether the other side still holds it, by what has been heard until now.
    fn is_open(&mut self) -> bool {
        self.run(async |_| tokio::task::yield_now().await);
        self.driver.is_some() && !self.client.is_closed()
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // A store may be closed by a task; the plain drop of a runtime must not happen there.
        self.driver = None;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn running(runtime: &Option<Runtime>) -> &Runtime {
    runtime.as_ref().expect("a link has its runtime until it is dropped")
}

fn drive(driver: &mut Option<Driver>, context: &mut task::Context<'_>) {
    let Some(task::Poll::Ready(end)) = driver.as_mut().map(|driver| driver.as_mut().poll(context)) else { return };
    if let Err(error) = end {
        tracing::warn!(%error, "a connection to the database broke");
    }
    *driver = None;
}

/// The connections that nobody uses now. How many there are at most is for the gates to say.
pub(super) struct Links {
    config: Config,
    /// `None` when the store is closed.
    free: Mutex<Option<Vec<Link>>>,
}

impl Links {
    pub fn new(config: Config) -> Self {
        Self { config, free: Mutex::new(Some(Vec::new())) }
    }

    pub fn take(&self) -> Result<Link> {
        loop {
            let free = self.lock().as_mut().ok_or(Error::Busy("store.closed"))?.pop();
            let Some(mut link) = free else { return Link::connect(&self.config) };
            if link.is_open() {
                return Ok(link);
            }
        }
    }

    /// Takes one back that is in no transaction.
    pub fn give(&self, link: Link) {
        if let Some(free) = self.lock().as_mut() {
            free.push(link);
        }
    }

    pub fn close(&self) {
        self.lock().take();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Vec<Link>>> {
        // A panic between taking and giving leaves the list whole.
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
