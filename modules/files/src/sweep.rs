//! Takes away what nothing needs: uploads that were never used, bytes that no row names.

use std::time::{Duration, SystemTime};

use hanlin_kernel::Result;
use hanlin_store::{Context, Db};

use crate::{blobs::Blobs, store};

/// How long an upload may wait to be used, and bytes to be named.
pub const GRACE: Duration = Duration::from_secs(24 * 3600);

/// What a sweep took away.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Swept {
    pub files: u64,
    pub blobs: u64,
    pub unfinished: u64,
}

/// Sweeps once. Bytes are moved aside first and looked at again, so that an upload of equal content that comes in
/// between loses nothing.
pub async fn sweep(db: &Db, blobs: &Blobs, grace: Duration) -> Result<Swept> {
    let wait = jiff::SignedDuration::try_from(grace).map_err(hanlin_kernel::Error::internal)?;
    let files = db
        .write_as(Context::default().background(), move |tx| {
            let before = tx.now() - wait;
            store::delete_unattached(tx, before)
        })
        .await?;
    let old = SystemTime::now() - grace;
    let mut removed = 0;
    for slice in blobs.older_than(old)?.chunks(500) {
        let named = named(db, slice).await?;
        let condemned: Vec<String> = slice.iter().filter(|digest| !named.contains(digest)).cloned().collect();
        for digest in &condemned {
            blobs.move_aside(digest)?;
        }
        let named = self::named(db, &condemned).await?;
        for digest in &condemned {
            if named.contains(digest) {
                blobs.bring_back(digest)?;
            } else {
                blobs.remove_aside(digest)?;
                removed += 1;
            }
        }
    }
    Ok(Swept { files, blobs: removed, unfinished: blobs.clear_incoming(old)? })
}

/// Sweeps every hour, for ever.
pub async fn run(db: Db, blobs: Blobs) {
    loop {
        tokio::time::sleep(Duration::from_secs(3600)).await;
        match sweep(&db, &blobs, GRACE).await {
            Ok(swept) => tracing::info!(?swept, "files swept"),
            Err(hanlin_kernel::Error::Busy("store.closed")) => return,
            Err(error) => tracing::error!(%error, "files could not be swept"),
        }
    }
}

async fn named(db: &Db, digests: &[String]) -> Result<Vec<String>> {
    let digests = digests.to_vec();
    db.read(move |tx| store::named(tx, &digests)).await
}
