//! Embeds the built web client: every file of `web/dist`, plain and compressed, as one table.

use std::{
    env,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let dist = root.join("../web/dist");
    // Held by `cargo xtask` for as long as it makes the client, beside which the crates may be compiled already.
    let _made =
        File::open(root.join("../web/.making")).inspect(|making| making.lock_shared().expect("a file can be locked"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo:rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    if dist.is_dir() {
        collect(&dist, &dist, &mut files);
    }
    files.sort();
    let mut table = String::from("pub static ASSETS: &[hanlin_api::Asset] = &[\n");
    for (index, (path, file)) in files.iter().enumerate() {
        println!("cargo:rerun-if-changed={}", file.display());
        table.push_str(&entry(index, path, file, &out));
    }
    table.push_str("];\n");
    fs::write(out.join("assets.rs"), table).expect("the build folder can be written");
    presets(&root.join("../presets"), &out);
}

/// The flow packages that ship: `(path, text)`, in order.
fn presets(folder: &Path, out: &Path) {
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    if folder.is_dir() {
        collect(folder, folder, &mut files);
    }
    files.retain(|(path, _)| path.ends_with(".flow.yaml"));
    files.sort();
    let mut table = String::from("pub static PRESETS: &[(&str, &str)] = &[\n");
    for (path, file) in files {
        println!("cargo:rerun-if-changed={}", file.display());
        table.push_str(&format!("    ({:?}, include_str!({:?})),\n", &path[1..], file.display().to_string()));
    }
    table.push_str("];\n");
    fs::write(out.join("presets.rs"), table).expect("the build folder can be written");
}

fn collect(base: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) {
    for file in fs::read_dir(folder).expect("web/dist can be read") {
        let path = file.expect("web/dist can be read").path();
        if path.is_dir() {
            collect(base, &path, files);
        } else if path.extension().is_none_or(|ending| ending != "map") {
            let name = path.strip_prefix(base).expect("it lies below").to_string_lossy().replace('\\', "/");
            files.push((format!("/{name}"), path));
        }
    }
}

fn entry(index: usize, path: &str, file: &Path, out: &Path) -> String {
    let plain = fs::read(file).expect("web/dist can be read");
    let etag: String = Sha256::digest(&plain).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    let compressible = !matches!(path.rsplit('.').next(), Some("png" | "jpg" | "webp" | "woff2" | "ico"));
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let smaller = |bytes: Vec<u8>, ending: &str| -> String {
        if !compressible || bytes.len() >= plain.len() {
            return "None".to_owned();
        }
        let name = out.join(format!("{index}.{ending}"));
        fs::write(&name, bytes).expect("the build folder can be written");
        format!("Some(include_bytes!({:?}))", name.display().to_string())
    };
    let brotli = smaller(brotli(&plain, if release { 11 } else { 5 }), "br");
    let gzip = smaller(gzip(&plain), "gz");
    format!(
        "    hanlin_api::Asset {{ path: {path:?}, media_type: {:?}, etag: {:?}, plain: include_bytes!({:?}), brotli: {brotli}, gzip: {gzip} }},\n",
        media_type(path),
        format!("\"{etag}\""),
        file.display().to_string(),
    )
}

fn brotli(plain: &[u8], quality: u32) -> Vec<u8> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, quality, 22);
    writer.write_all(plain).expect("memory takes it");
    writer.into_inner()
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(plain).expect("memory takes it");
    writer.finish().expect("memory takes it")
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
