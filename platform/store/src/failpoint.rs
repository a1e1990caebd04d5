//! Places where a test can make the store fail as machines do. In release builds they are nothing.

/// Ends the process at once, as a power cut would, when `HANLIN_FAILPOINT=<name>:<n>` and this is the n-th time here.
#[cfg(debug_assertions)]
pub(crate) fn hit(name: &str) {
    use std::sync::{
        OnceLock,
        atomic::{AtomicI64, Ordering},
    };
    static LEFT: OnceLock<Option<(String, AtomicI64)>> = OnceLock::new();
    let armed = LEFT.get_or_init(|| {
        let setting = std::env::var("HANLIN_FAILPOINT").ok()?;
        let (name, times) = setting.split_once(':')?;
        Some((name.to_owned(), AtomicI64::new(times.parse().ok()?)))
    });
    if let Some((armed, left)) = armed
        && armed == name
        && left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        eprintln!("failpoint {name}: the process ends here");
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
pub(crate) fn hit(_name: &str) {}

/// `full`: a commit has reached the disk when it is acknowledged. A test may weaken it in a debug build, to show that
/// the durability tests notice.
pub(crate) fn sqlite_synchronous() -> &'static str {
    #[cfg(debug_assertions)]
    if std::env::var("HANLIN_UNSAFE_SYNCHRONOUS").as_deref() == Ok("off") {
        tracing::warn!("synchronous is off: acknowledged writes can be lost");
        return "off";
    }
    "full"
}
