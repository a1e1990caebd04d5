//! A run of many steps: each is shown with its time, all are tried, and the end says which were slow and which failed.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::sh;

/// How many of the slowest steps the end shows.
const SLOWEST: usize = 5;

pub(crate) struct Steps {
    started: Instant,
    done: Vec<Step>,
}

impl Default for Steps {
    fn default() -> Steps {
        Steps { started: Instant::now(), done: Vec::new() }
    }
}

struct Step {
    name: String,
    time: Duration,
    failure: Option<String>,
}

impl Steps {
    /// Runs one step; a failure is shown, kept, and answered with `false`, so that a later step that needs this one can
    /// be left out.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        eprintln!("\n── {name}");
        let start = Instant::now();
        let failure = work().err().map(|error| format!("{error:#}"));
        let time = start.elapsed();
        match &failure {
            None => eprintln!("── {name}: passed in {}", seconds(time)),
            Some(failure) => eprintln!("── {name}: FAILED in {}\n{failure}", seconds(time)),
        }
        self.done.push(Step { name: name.to_owned(), time, failure });
        self.done.last().is_some_and(|step| step.failure.is_none())
    }

    /// Two rows of steps at the same time, for those that leave a core idle. What the programs of the second one write is
    /// shown when each ends, so that it is not mixed up with the first's.
    pub(crate) fn beside(&mut self, first: impl FnOnce(&mut Steps), second: impl FnOnce(&mut Steps) + Send) {
        let beside = thread::scope(|scope| {
            let second = scope.spawn(|| {
                let mut steps = Steps::default();
                sh::spooled(|| second(&mut steps));
                steps.done
            });
            first(self);
            second.join()
        });
        match beside {
            Ok(done) => self.done.extend(done),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    /// A step that cannot run since what it needs failed; it counts as failed.
    pub(crate) fn not_run(&mut self, name: &str, needs: &str) {
        let failure = format!("not run: it needs \"{needs}\"");
        eprintln!("\n── {name}: {failure}");
        self.done.push(Step { name: name.to_owned(), time: Duration::ZERO, failure: Some(failure) });
    }

    /// The summary; an error when a step failed.
    pub(crate) fn finish(self) -> Result<()> {
        let total = self.started.elapsed();
        let mut slowest: Vec<&Step> = self.done.iter().collect();
        slowest.sort_by_key(|step| std::cmp::Reverse(step.time));
        println!("\nSlowest of {} steps, {} in all:", self.done.len(), seconds(total));
        for step in slowest.iter().take(SLOWEST) {
            println!("{:>9}  {}", seconds(step.time), step.name);
        }
        let failed: Vec<&Step> = self.done.iter().filter(|step| step.failure.is_some()).collect();
        if !failed.is_empty() {
            println!("\nFailed:");
        }
        for step in &failed {
            let failure = step.failure.as_deref().unwrap_or_default();
            println!("  {}: {}", step.name, failure.lines().next().unwrap_or_default());
        }
        println!("\nsteps: {} passed, {} failed", self.done.len() - failed.len(), failed.len());
        if !failed.is_empty() {
            bail!("{} of {} steps failed", failed.len(), self.done.len());
        }
        Ok(())
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
