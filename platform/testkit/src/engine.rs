use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use hanlin_kernel::Id;
use hanlin_store::{Db, Location, Migration, Settings};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// A database of one test, migrated, gone with it. Made by copying a template that is migrated once.
pub struct TestDatabase {
    pub location: Location,
    _folder: Option<TempDir>,
    dropped: Option<(String, String)>,
}

/// `sqlite` or `postgres`, from `HANLIN_TEST_ENGINE`.
pub fn engine_name() -> &'static str {
    match std::env::var("HANLIN_TEST_ENGINE").as_deref() {
        Ok("postgres") => "postgres",
        Ok("sqlite") | Err(_) => "sqlite",
        Ok(other) => panic!("HANLIN_TEST_ENGINE is `{other}`: it must be sqlite or postgres"),
    }
}

impl TestDatabase {
    /// On the engine that the environment names.
    pub async fn new(migrations: &[Migration]) -> Self {
        if engine_name() == "postgres" { Self::postgres(migrations).await } else { Self::sqlite(migrations).await }
    }

    pub async fn sqlite(migrations: &[Migration]) -> Self {
        let template = std::env::temp_dir().join(format!("hanlin-template-{}.db", digest(migrations)));
        let folder = tempfile::tempdir().unwrap();
        if !template.exists() {
            let own = folder.path().join("template.db");
            let db = Db::open(&Location::Sqlite(own.clone()), Settings::default()).await.unwrap();
            db.migrate(migrations).await.unwrap();
            db.close();
            // Tests that race here make the same file: the last one stays.
            fs::rename(own, &template).unwrap();
        }
        let path: PathBuf = folder.path().join("hanlin.db");
        fs::copy(&template, &path).unwrap();
        Self { location: Location::Sqlite(path), _folder: Some(folder), dropped: None }
    }

    pub async fn postgres(migrations: &[Migration]) -> Self {
        let server = std::env::var("HANLIN_TEST_POSTGRES")
            .expect("HANLIN_TEST_POSTGRES names the server; `cargo xtask test` starts one");
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let template = format!("hanlin_template_{}", digest(migrations));
        let name = format!("hanlin_test_{}_{}", Id::<()>::new(), NUMBER.fetch_add(1, Ordering::Relaxed));
        make_template(&server, &template, migrations).await;
        let client = connect(&server).await;
        client.batch_execute(&format!("create database {name} template {template}")).await.unwrap();
        let url = with_database(&server, &name);
        Self { location: Location::Postgres { url, connections: 8 }, _folder: None, dropped: Some((server, name)) }
    }

    pub async fn open(&self, settings: Settings) -> Db {
        Db::open(&self.location, settings).await.unwrap()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Some((server, name)) = self.dropped.take() else { return };
        let drop_it = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let client = connect(&server).await;
                // Left behind, it goes with the temporary server.
                let _left = client.batch_execute(&format!("drop database if exists {name} with (force)")).await;
            });
        };
        let _gone = std::thread::spawn(drop_it).join();
    }
}

async fn make_template(server: &str, template: &str, migrations: &[Migration]) {
    let client = connect(server).await;
    client.batch_execute("select pg_advisory_lock(4712)").await.unwrap();
    let exists = client.query_opt("select 1 from pg_database where datname = $1", &[&template]).await.unwrap();
    if exists.is_none() {
        let making = format!("{template}_making");
        client.batch_execute(&format!("drop database if exists {making} with (force)")).await.unwrap();
        let create = format!("create database {making} template template0 encoding 'UTF8' locale 'C.UTF-8'");
        client.batch_execute(&create).await.unwrap();
        let location = Location::Postgres { url: with_database(server, &making), connections: 2 };
        let db = Db::open(&location, Settings::default()).await.unwrap();
        db.migrate(migrations).await.unwrap();
        db.close();
        let ended = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1";
        client.execute(ended, &[&making]).await.unwrap();
        for _ in 0..100 {
            if client.batch_execute(&format!("alter database {making} rename to {template}")).await.is_ok() {
                break;
            }
            client.execute(ended, &[&making]).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
    client.batch_execute("select pg_advisory_unlock(4712)").await.unwrap();
}

async fn connect(server: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls)
        .await
        .unwrap_or_else(|error| panic!("the test server {server} does not answer: {error}"));
    tokio::spawn(connection);
    client
}

/// The same server, another database: `postgres://user@host:port/database?options`.
fn with_database(server: &str, name: &str) -> String {
    let (base, options) = server.split_once('?').map_or((server, String::new()), |(b, o)| (b, format!("?{o}")));
    let (host, _) = base.rsplit_once('/').expect("the URL names a database");
    format!("{host}/{name}{options}")
}

fn digest(migrations: &[Migration]) -> String {
    let mut digest = Sha256::new();
    for step in hanlin_store::MIGRATIONS.iter().chain(migrations) {
        for part in [step.module, step.name, step.sqlite, step.postgres] {
            digest.update(part);
            digest.update([0]);
        }
    }
    digest.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}
