//! Clients that ask as fast as they are answered, or at a fixed rate, each on connections of its own.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::json;

use super::processes::Processes;
use crate::chance::Chance;
use crate::http::Answer;
use crate::office::{self, EMPLOYEES, HR_MANAGER, Leave, Person, SUPERVISOR};

/// What one run of one load came to.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub done: usize,
    pub seconds: f64,
    /// Sorted.
    pub times: Vec<Duration>,
    /// Processor time of server and database together, in seconds.
    pub cpu: f64,
}

impl Run {
    /// Nothing was done yet.
    pub(crate) fn none() -> Run {
        Run { done: 0, seconds: 0.0, times: vec![], cpu: 0.0 }
    }

    /// Together with another one, as if they were one.
    pub(crate) fn add(&mut self, other: Run) {
        self.done += other.done;
        self.seconds += other.seconds;
        self.cpu += other.cpu;
        self.times.extend(other.times);
        self.times.sort();
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.done as f64 / self.seconds
    }

    /// Milliseconds of processor time for each.
    pub(crate) fn cpu_each(&self) -> f64 {
        self.cpu * 1000.0 / self.done as f64
    }

    /// Milliseconds within which so many of a hundred were answered.
    pub(crate) fn percentile(&self, percent: usize) -> f64 {
        let index = (self.times.len() * percent / 100).min(self.times.len().saturating_sub(1));
        self.times.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
    }
}

/// One after the other, or so many a second in all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// The next request goes when the last was answered. Where the server hesitates, fewer requests meet it: p99 is
    /// that of a client who waits.
    Closed,
    /// Requests go when they are due, and count from then on, also those that had to wait for an answer before them.
    PerSecond(f64),
}

/// People on connections of their own: one employee, supervisor and HR manager for each client.
pub(crate) struct Clients {
    clients: Vec<Client>,
    /// Sets the keys of these clients apart from those of others, and of their runs from one another.
    mark: u64,
    n_runs: usize,
}

struct Client {
    employee: Person,
    supervisor: Person,
    hr_manager: Person,
}

/// Whose rows are written: those of the product under its rules, or the same ones bare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Product,
    Bare,
}

impl Clients {
    pub(crate) fn sign_in(port: u16, count: usize) -> Result<Clients> {
        let employees = [Person::sign_in(port, EMPLOYEES[0])?, Person::sign_in(port, EMPLOYEES[1])?];
        let (supervisor, hr_manager) = (Person::sign_in(port, SUPERVISOR)?, Person::sign_in(port, HR_MANAGER)?);
        let client = |n: usize| Client {
            employee: employees[n % 2].again(port),
            supervisor: supervisor.again(port),
            hr_manager: hr_manager.again(port),
        };
        Ok(Clients { clients: (0..count).map(client).collect(), mark: Chance::fresh_seed(), n_runs: 0 })
    }

    /// Submits leaves of half a day for so long; the run and the cases.
    pub(crate) fn submit(&mut self, route: Route, time: Duration, processes: &Processes) -> Result<(Run, Vec<String>)> {
        self.n_runs += 1;
        let run = format!("{}-{}", self.mark, self.n_runs);
        let (run, cases) = measure(&mut self.clients, processes, |n_client, client, begin| {
            let mut cases = Vec::new();
            let mut times = Vec::new();
            while begin.elapsed() < time {
                let key = format!("s{run}-{n_client}-{}", cases.len());
                let sent = Instant::now();
                let answer = match route {
                    Route::Product => client.employee.submit(&key, Leave::HalfDay)?,
                    Route::Bare => {
                        let body = client.employee.leave_request(Leave::HalfDay);
                        client.employee.client.post("/api/v1/bench/leaves", &key, &body)?
                    }
                };
                times.push(sent.elapsed());
                cases.push(office::text(&answer.json()?, "/id")?);
            }
            Ok((times, cases))
        })?;
        Ok((run, cases.into_iter().flatten().collect()))
    }

    /// Gives each of these cases its two approvals, until all have them or the time is over.
    pub(crate) fn approve(
        &mut self,
        route: Route,
        pace: Pace,
        cases: &[String],
        most: Duration,
        processes: &Processes,
    ) -> Result<Run> {
        let count = self.clients.len();
        let (run, _) = measure(&mut self.clients, processes, |n_client, client, begin| {
            let mut times = Vec::new();
            for (n_case, case) in cases.iter().skip(n_client).step_by(count).enumerate() {
                for step in [1, 2] {
                    let due = pace.due(begin, (n_case * 2 + step - 1) * count + n_client);
                    if begin.elapsed() > most {
                        return Ok((times, ()));
                    }
                    let answer = client.approve(route, case, step)?;
                    times.push(due.elapsed());
                    ensure!(answer.status == 200, "an approval was answered {}: {}", answer.status, answer.body);
                }
            }
            Ok((times, ()))
        })?;
        Ok(run)
    }

    /// Asks for the first page of the inbox of the supervisor, so often.
    pub(crate) fn read(&mut self, path: &str, times: usize, processes: &Processes) -> Result<Run> {
        let (run, _) = measure(&mut self.clients, processes, |_, client, _| {
            let mut took = Vec::with_capacity(times);
            for _ in 0..times {
                let sent = Instant::now();
                let answer = client.supervisor.client.get(path)?;
                took.push(sent.elapsed());
                ensure!(answer.status == 200, "{path} was answered {}: {}", answer.status, answer.body);
            }
            Ok((took, ()))
        })?;
        Ok(run)
    }
}

impl Client {
    fn approve(&mut self, route: Route, case: &str, step: usize) -> Result<Answer> {
        let person = if step == 1 { &mut self.supervisor } else { &mut self.hr_manager };
        let key = format!("a-{case}-{step}");
        Ok(match route {
            Route::Product => person.approve(&key, &format!("{case}.{step}"))?,
            Route::Bare => {
                let body = json!({ "leave": case, "step": step, "text": "同意。" });
                person.client.post("/api/v1/bench/approval", &key, &body)?
            }
        })
    }
}

impl Pace {
    /// Waits until the n-th request of all clients is due; when it was.
    fn due(self, begin: Instant, n_request: usize) -> Instant {
        match self {
            Pace::Closed => Instant::now(),
            Pace::PerSecond(rate) => {
                let due = begin + Duration::from_secs_f64(n_request as f64 / rate);
                thread::sleep(due.saturating_duration_since(Instant::now()));
                due
            }
        }
    }
}

/// Lets all clients begin at once, and counts what they and the processes did until the last has ended.
fn measure<T: Send>(
    clients: &mut [Client],
    processes: &Processes,
    work: impl Fn(usize, &mut Client, Instant) -> Result<(Vec<Duration>, T)> + Sync,
) -> Result<(Run, Vec<T>)> {
    let start = Barrier::new(clients.len() + 1);
    thread::scope(|scope| {
        let mut threads = Vec::new();
        for (n_client, client) in clients.iter_mut().enumerate() {
            let (start, work) = (&start, &work);
            threads.push(scope.spawn(move || {
                start.wait();
                work(n_client, client, Instant::now())
            }));
        }
        let before = processes.cpu();
        start.wait();
        let begin = Instant::now();
        let (mut times, mut others) = (Vec::new(), Vec::new());
        for thread in threads {
            let (took, other) = thread.join().map_err(|_| anyhow!("a client panicked"))??;
            times.extend(took);
            others.push(other);
        }
        let seconds = begin.elapsed().as_secs_f64();
        let cpu = processes.cpu()? - before.context("no processor time")?;
        times.sort();
        Ok((Run { done: times.len(), seconds, times, cpu }, others))
    })
}
