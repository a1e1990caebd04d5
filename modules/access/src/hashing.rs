//! Argon2id, outside units of work, on two threads: a flood of sign-ins waits here or is turned away, and the rest of
//! the server goes on working.

use std::{
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use hanlin_kernel::{Error, Result};
use tokio::sync::oneshot;

use crate::secret::Secret;

/// Each hash takes 19 MiB and some 20 ms (RFC 9106 by OWASP's first choice of parameters).
const THREADS: usize = 2;
/// So many may wait: a few seconds of work.
const WAITING: usize = 64;

type Work = Box<dyn FnOnce() + Send>;

/// The two threads.
pub struct Hashing {
    queue: SyncSender<Work>,
    /// Compared with when there is no account, so that the answer takes as long as if there were one.
    nobody: Arc<str>,
}

impl Hashing {
    /// Starts the threads; they end with the last handle.
    pub fn start() -> Result<Self> {
        let (queue, work) = sync_channel::<Work>(WAITING);
        let work = Arc::new(Mutex::new(work));
        for number in 1..=THREADS {
            let work = work.clone();
            thread::Builder::new()
                .name(format!("passwords-{number}"))
                .spawn(move || run(&work))
                .map_err(Error::internal)?;
        }
        Ok(Self { queue, nobody: hash_now(&crate::secret::token()?)?.into() })
    }

    /// The Argon2id hash of a password, in PHC form, with a salt of its own.
    pub async fn hash(&self, password: Secret) -> Result<String> {
        self.on_thread(move || hash_now(&password)).await?
    }

    /// Is this the password of that hash? Without a hash: no, after as much work.
    pub async fn verify(&self, hash: Option<String>, password: Secret) -> Result<bool> {
        let nobody = self.nobody.clone();
        self.on_thread(move || match hash {
            Some(hash) => verify_now(&hash, &password),
            None => verify_now(&nobody, &password).map(|_| false),
        })
        .await?
    }

    /// Is it the password of any of these hashes?
    pub async fn is_any(&self, hashes: Vec<String>, password: Secret) -> Result<bool> {
        self.on_thread(move || {
            for hash in &hashes {
                if verify_now(hash, &password)? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await?
    }

    async fn on_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (done, answer) = oneshot::channel();
        let work = Box::new(move || {
            // Whoever asked may have gone.
            let _gone = done.send(work());
        });
        self.queue.try_send(work).map_err(|_| Error::Busy("access.busy"))?;
        answer.await.map_err(|_| Error::internal("hashing a password panicked"))
    }
}

fn run(work: &Mutex<Receiver<Work>>) {
    loop {
        let next = work.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok(next) = next else { return };
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(next)).is_err() {
            tracing::error!("hashing a password panicked");
        }
    }
}

fn hash_now(password: &Secret) -> Result<String> {
    let hash = Argon2::default().hash_password(password.reveal().as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| Error::internal(error.to_string()))
}

fn verify_now(hash: &str, password: &Secret) -> Result<bool> {
    let hash = PasswordHash::new(hash).map_err(|error| Error::internal(format!("a stored hash: {error}")))?;
    match Argon2::default().verify_password(password.reveal().as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(Error::internal(error.to_string())),
    }
}
