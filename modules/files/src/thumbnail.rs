//! Small pictures, made outside units of work, within bounds that a hostile picture cannot pass.

use std::{io::BufReader, path::Path};

use hanlin_kernel::{Error, Result};
use image::{ImageReader, Limits};
use tempfile::NamedTempFile;

use crate::blobs::{Blobs, disk};

/// Pixels of the longer side.
const SIDE: u32 = 320;
/// A picture may be no larger than this, whatever it says of itself.
const LARGEST_SIDE: u32 = 20_000;
const LARGEST_MEMORY: u64 = 256 * 1024 * 1024;

pub(crate) fn is_possible(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/bmp")
}

/// The file of the small picture, made if it is not there. Not a picture, or too large a one: 404.
pub(crate) fn of(blobs: &Blobs, sha256: &str) -> Result<std::fs::File> {
    let path = blobs.thumbnail(sha256);
    if !path.exists() {
        make(blobs, sha256, &path)?;
    }
    std::fs::File::open(path).map_err(disk)
}

fn make(blobs: &Blobs, sha256: &str, path: &Path) -> Result<()> {
    let mut reader = ImageReader::new(BufReader::new(blobs.read(sha256)?)).with_guessed_format().map_err(disk)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    limits.max_alloc = Some(LARGEST_MEMORY);
    reader.limits(limits);
    let picture = reader.decode().map_err(|error| {
        tracing::info!(sha256, %error, "no small picture of this one");
        Error::NotFound
    })?;
    let mut file = NamedTempFile::new_in(blobs.incoming()).map_err(disk)?;
    picture
        .thumbnail(SIDE, SIDE)
        .write_to(&mut std::io::BufWriter::new(file.as_file_mut()), image::ImageFormat::Png)
        .map_err(Error::internal)?;
    // It can be made again, so it need not be synced.
    file.persist(path).map(drop).map_err(|error| disk(error.error))
}
