//! As many people again come in by a file, while others read and write: how long it takes, and what the others notice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Value, json};

use super::organisation::{Reader, SEARCHES};
use crate::office;

/// How long the others are watched before.
const BEFORE: Duration = Duration::from_secs(10);
/// Each of the others asks so often, and waits from when it was due.
const EACH: Duration = Duration::from_millis(50);
/// Longer than this nothing is waited for.
const PATIENCE: Duration = Duration::from_secs(300);
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗";
const GIVEN: &str = "安宁静远明清和平文思雨晨晓佳欣怡然若云舒航宇泽睿博涵嘉诚毅朗";

/// An import of so many rows.
pub(crate) struct Import {
    pub rows: usize,
    /// The file was read, planned, and shown.
    pub shown: Duration,
    /// From the order to the end of the job.
    pub carried_out: Duration,
    pub before: Others,
    pub during: Others,
}

/// What others waited, sorted: who reads pages, and who saves a draft as he types.
pub(crate) struct Others {
    pub reads: Vec<Duration>,
    pub writes: Vec<Duration>,
}

pub(crate) fn measure(port: u16, administrator: &str, rows: usize) -> Result<Import> {
    let mut author = Reader::sign_in(port, administrator)?;
    author.client.wait(PATIENCE);
    let file = file(&author.page("/api/v1/organisation/export?csv=people&locale=zh-CN")?, rows)?;
    let work = || Work::begin(port, administrator);
    let watched = work()?;
    thread::sleep(BEFORE);
    let before = watched.end()?;
    let watched = work()?;
    let (shown, carried_out) = carry_out(&mut author, &file, rows)?;
    let during = watched.end()?;
    Ok(Import { rows, shown, carried_out, before, during })
}

fn carry_out(author: &mut Reader, file: &str, rows: usize) -> Result<(Duration, Duration)> {
    let sent = Instant::now();
    let import = author.client.upload("/api/v1/imports?name=people.csv", "import", file)?.json()?;
    let shown = sent.elapsed();
    let counts = &import["counts"];
    ensure!(counts["wrong"] == 0 && counts["new"] == rows, "the file was not taken as it was meant: {counts}");
    let path = format!("/api/v1/imports/{}", office::text(&import, "/id")?);
    let ordered = Instant::now();
    author.client.post(&format!("{path}/application"), "application", &json!({}))?.json()?;
    loop {
        let job: Value = serde_json::from_str(&author.page(&format!("{path}/job"))?)?;
        match job["state"].as_str() {
            Some("queued" | "running") => {}
            Some("done") => return Ok((shown, ordered.elapsed())),
            _ => return Err(anyhow!("the import did not come to a good end: {job}")),
        }
        ensure!(ordered.elapsed() < PATIENCE, "the import did not end: {job}");
        thread::sleep(Duration::from_millis(100));
    }
}

/// A file of people who are not there yet, placed where others are.
fn file(export: &str, rows: usize) -> Result<String> {
    let mut lines = export.trim_start_matches('\u{feff}').lines();
    let headings: Vec<&str> = lines.next().context("the export is empty")?.split(',').collect();
    let column = |heading: &str| headings.iter().position(|known| *known == heading).context("a heading is missing");
    let (name, number, mobile) = (column("姓名")?, column("工号")?, column("手机")?);
    let (email, phone, main, head) = (column("邮箱")?, column("办公电话")?, column("主岗")?, column("负责人")?);
    // What is in quotation marks would have to be read as a spreadsheet reads it.
    let models: Vec<Vec<&str>> =
        lines.filter(|line| !line.contains('"')).map(|line| line.split(',').collect()).collect();
    let models: Vec<_> = models.iter().filter(|model| model.len() == headings.len() && model[main] == "是").collect();
    ensure!(!models.is_empty(), "nobody is there whose place a newcomer could share");
    let mut file = headings.join(",") + "\r\n";
    for n in 0..rows {
        let mut cells: Vec<String> = models[n % models.len()].iter().map(|cell| (*cell).to_owned()).collect();
        cells[name] = name_of(n);
        cells[number] = format!("J{n:06}");
        cells[mobile] = format!("131{n:08}");
        [email, phone, head].into_iter().for_each(|column| cells[column].clear());
        file += &cells.join(",");
        file += "\r\n";
    }
    Ok(file)
}

fn name_of(n: usize) -> String {
    let letter = |from: &str, n: usize| from.chars().nth(n % from.chars().count());
    let letters = [letter(SURNAMES, n), letter(GIVEN, n / 20), letter(GIVEN, n / 600 + n)];
    letters.into_iter().flatten().collect()
}

/// Two people at work.
struct Work {
    stop: Arc<AtomicBool>,
    reads: JoinHandle<Result<Vec<Duration>>>,
    writes: JoinHandle<Result<Vec<Duration>>>,
}

impl Work {
    fn begin(port: u16, login: &str) -> Result<Work> {
        let stop = Arc::new(AtomicBool::new(false));
        let (mut reader, mut writer) = (Reader::sign_in(port, login)?, Reader::sign_in(port, login)?);
        let flows: Value = serde_json::from_str(&writer.page("/api/v1/flows")?)?;
        let flow = office::text(&flows, "/items/0/id")?;
        let mark = format!("{:?}", Instant::now());
        let typed = |n: usize| json!({ "values": { "reason": format!("第{n}稿") } });
        let mut draft = typed(0);
        draft["flow"] = flow.into();
        let draft = writer.client.post("/api/v1/drafts", &mark, &draft)?.json()?;
        let path = format!("/api/v1/drafts/{}", office::text(&draft, "/id")?);
        let mut version = draft["version"].as_u64().context("a draft without a version")?;
        let reads = at_work(stop.clone(), move |n| {
            let path = match n % 3 {
                0 => "/api/v1/places".to_owned(),
                1 => "/api/v1/people".to_owned(),
                _ => format!("/api/v1/people?q={}", SEARCHES[n / 3 % SEARCHES.len()]),
            };
            reader.page(&path).map(drop)
        });
        let writes = at_work(stop.clone(), move |n| {
            let saved = writer.client.put(&path, &format!("{mark}-{n}"), version, &typed(n))?.json()?;
            version = saved["version"].as_u64().context("a draft without a version")?;
            Ok(())
        });
        Ok(Work { stop, reads, writes })
    }

    fn end(self) -> Result<Others> {
        self.stop.store(true, Ordering::Relaxed);
        let waited = |work: JoinHandle<Result<Vec<Duration>>>| -> Result<Vec<Duration>> {
            let mut waited = work.join().map_err(|_| anyhow!("somebody at work panicked"))??;
            waited.sort();
            Ok(waited)
        };
        Ok(Others { reads: waited(self.reads)?, writes: waited(self.writes)? })
    }
}

/// Asks whenever it is due until told to stop: how long each took from when it was due.
fn at_work(
    stop: Arc<AtomicBool>,
    mut ask: impl FnMut(usize) -> Result<()> + Send + 'static,
) -> JoinHandle<Result<Vec<Duration>>> {
    thread::spawn(move || {
        let (begin, mut waited) = (Instant::now(), Vec::new());
        while !stop.load(Ordering::Relaxed) {
            let due = begin + EACH * waited.len() as u32;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            ask(waited.len())?;
            waited.push(due.elapsed());
        }
        Ok(waited)
    })
}

impl Others {
    /// Milliseconds within which so many of a hundred were answered: of the reads and of the writes.
    pub(crate) fn percentile(&self, percent: usize) -> [f64; 2] {
        [&self.reads, &self.writes].map(|waited| {
            let index = (waited.len() * percent / 100).min(waited.len().saturating_sub(1));
            waited.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
        })
    }
}
