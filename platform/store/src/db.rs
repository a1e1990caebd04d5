use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::Arc,
};

use hanlin_kernel::{Error, Result};

use crate::{
    engine::{
        gates::Gates,
        postgres::Postgres,
        sqlite::{Sqlite, panic_text},
    },
    error::StoreError,
    live::Live,
    settings::Settings,
    tx::{Context, Tx},
};

/// Where the data are.
#[derive(Clone, Debug, PartialEq)]
pub enum Location {
    /// The embedded engine: a file, made if it is not there.
    Sqlite(PathBuf),
    /// `postgres://user@host/database` and the most connections this node may hold.
    Postgres { url: String, connections: usize },
}

/// The database. Cheap to clone; every clone is the same one.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    gates: Gates,
    settings: Arc<Settings>,
}

enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens, without migrating. Must be called inside a Tokio runtime of several threads.
    pub async fn open(location: &Location, settings: Settings) -> Result<Self> {
        let settings = Arc::new(settings);
        let (engine, gates) = match location {
            Location::Sqlite(path) => {
                (Engine::Sqlite(Sqlite::open(path, settings.clone())?), Gates::of_readers(settings.bounds))
            }
            Location::Postgres { url, connections } => {
                let postgres = Postgres::open(url, settings.clone()).await?;
                (Engine::Postgres(postgres), Gates::sharing(*connections, settings.bounds))
            }
        };
        Ok(Self(Arc::new(Inner { engine, gates, settings })))
    }

    /// A unit of work of the system itself: serializable, run again on conflict, traced, answered after the commit.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        self.write_as(Context::default(), work).await
    }

    /// A unit of work on somebody's account.
    pub async fn write_as<T, F>(&self, context: Context, mut work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        match &self.0.engine {
            Engine::Postgres(postgres) => {
                let place = self.0.gates.write(context.background).await?;
                postgres.write(context, holding(place, work)).await
            }
            Engine::Sqlite(sqlite) => {
                let boxed = Box::new(move |tx: &mut Tx| work(tx).map(|value| Box::new(value) as Box<dyn Any + Send>));
                let answer = sqlite.submit(context, boxed)?.await;
                let value = answer.map_err(|_| Error::Busy("store.closed"))??;
                Ok(*value.downcast().expect("the unit's own type comes back"))
            }
        }
    }

    /// A snapshot that cannot record.
    pub async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx) -> Result<T> + Send + 'static,
    {
        let _place = self.0.gates.read().await?;
        self.look(work)
    }

    /// A snapshot for whoever comes to change something, before he does: to find out who he is. When a thousand come at
    /// once, those who only read do not stand in line behind them.
    pub async fn admit<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx) -> Result<T> + Send + 'static,
    {
        let _places = self.0.gates.admit().await?;
        self.look(work)
    }

    /// On the thread that asks, which may block meanwhile: to hand a question on to another one and its answer back, each
    /// time waiting for a processor, takes longer than most answers.
    fn look<T>(&self, work: impl FnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let looked = tokio::task::block_in_place(|| {
            catch_unwind(AssertUnwindSafe(|| match &self.0.engine {
                Engine::Postgres(postgres) => postgres.read(Context::default(), work),
                Engine::Sqlite(sqlite) => sqlite.read(Context::default(), work),
            }))
        });
        looked.unwrap_or_else(|panic| Err(StoreError::Panicked(panic_text(&*panic)).into()))
    }

    /// Does work that writes to see what comes of it: nothing of it is kept, recorded or told, and whoever writes meanwhile
    /// does not wait for it. On PostgreSQL it is a transaction that is rolled back: who changes the same rows waits.
    pub async fn rehearse<T, F>(&self, context: Context, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx) -> Result<T> + Send + 'static,
    {
        let place = self.0.gates.read().await?;
        let mut work = holding(place, work);
        match &self.0.engine {
            Engine::Postgres(postgres) => postgres.rehearse(context, work).await,
            Engine::Sqlite(_) => {
                let inner = self.0.clone();
                let trying = tokio::task::spawn_blocking(move || match &inner.engine {
                    Engine::Sqlite(sqlite) => sqlite.rehearse(context, |tx| work(tx)),
                    Engine::Postgres(_) => unreachable!("the engine does not change"),
                });
                trying.await.map_err(|error| StoreError::Panicked(error.to_string()))?
            }
        }
    }

    pub fn live(&self) -> &Live {
        &self.0.settings.live
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub fn now(&self) -> jiff::Timestamp {
        self.0.settings.clock.now()
    }

    /// So many who change something at once are worth while; more of them only wait for each other, in the way of those
    /// who read.
    pub fn writers_at_once(&self) -> usize {
        self.0.gates.at_once
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.0.engine, Engine::Sqlite(_))
    }

    /// Ends the engine after what waits is done. Blocks; later units are refused.
    pub fn close(&self) {
        self.0.gates.close();
        match &self.0.engine {
            Engine::Sqlite(sqlite) => sqlite.close(),
            Engine::Postgres(postgres) => postgres.close(),
        }
    }
}

/// The place in a gate goes with the work: it is free when the work is over, also where whoever asked has gone away.
fn holding<P, T>(place: P, mut work: impl FnMut(&mut Tx) -> Result<T>) -> impl FnMut(&mut Tx) -> Result<T> {
    move |tx| {
        let _held = &place;
        work(tx)
    }
}
