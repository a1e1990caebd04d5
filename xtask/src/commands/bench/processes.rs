//! What processes cost, as the kernel counts it, and what machine this is.

use std::fs;

use anyhow::{Context, Result};

/// The kernel counts time in hundredths of a second for everybody (USER_HZ).
const TICKS_PER_SECOND: f64 = 100.0;

/// A server process and the database processes that work for it.
pub(crate) struct Processes {
    server: u32,
    /// The first process of PostgreSQL; all others are its children.
    postmaster: Option<u32>,
}

impl Processes {
    pub(crate) fn of(server: u32, postmaster: Option<u32>) -> Processes {
        Processes { server, postmaster }
    }

    /// Seconds of processor time that all of them have used, with those of their children that have ended.
    pub(crate) fn cpu(&self) -> Result<f64> {
        let mut ticks = stat(self.server)?.ticks;
        if let Some(postmaster) = self.postmaster {
            ticks += stat(postmaster)?.with_ended_children;
            for child in children(postmaster)? {
                // One may end while we look.
                ticks += stat(child).map_or(0, |stat| stat.ticks);
            }
        }
        Ok(ticks as f64 / TICKS_PER_SECOND)
    }

    /// Bytes of the server in memory, now.
    pub(crate) fn resident(&self) -> Result<u64> {
        memory(self.server, "VmRSS:")
    }

    /// The most bytes that the server ever had in memory.
    pub(crate) fn most_resident(&self) -> Result<u64> {
        memory(self.server, "VmHWM:")
    }
}

struct Stat {
    parent: u32,
    ticks: u64,
    with_ended_children: u64,
}

fn stat(process: u32) -> Result<Stat> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).context("the process is gone")?;
    // The name may hold blanks and brackets: everything after the last bracket is numbers.
    let (_, fields) = text.rsplit_once(") ").context("the kernel's line is not understood")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let number = |index: usize| -> Result<u64> { Ok(fields.get(index).context("a short line")?.parse()?) };
    let ticks = number(11)? + number(12)?;
    Ok(Stat { parent: number(1)? as u32, ticks, with_ended_children: ticks + number(13)? + number(14)? })
}

fn children(parent: u32) -> Result<Vec<u32>> {
    let processes = fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    Ok(processes.filter(|process| stat(*process).is_ok_and(|stat| stat.parent == parent)).collect())
}

fn memory(process: u32, name: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)).context("the kernel tells no memory")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes * 1024)
}

/// Cores, memory and how busy the machine was, in one sentence.
pub(crate) fn machine() -> Result<String> {
    let cores = std::thread::available_parallelism()?;
    let total = fs::read_to_string("/proc/meminfo")?;
    let total = total.lines().find_map(|line| line.strip_prefix("MemTotal:")).context("no total of memory")?;
    let kilobytes: u64 = total.trim().trim_end_matches(" kB").parse()?;
    Ok(format!("{cores} cores, {} GiB of memory", (kilobytes as f64 / 1024.0 / 1024.0).round()))
}

/// How many processes wanted to run, on average of the last minute.
pub(crate) fn load() -> Result<f64> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split(' ').next().context("no load")?.parse()?)
}
