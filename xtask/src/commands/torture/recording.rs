//! What a server asked of the disk and when, read from a recording of its system calls (strace). Whatever changes a file
//! of the data folder in a way that is not understood here is an error: a replay must not be quietly wrong.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use super::ledger::Instant;

/// The system calls that change files, make and remove names, and sync.
pub(crate) const CALLS: &str = "openat,open,creat,write,writev,pwrite64,pwritev,pwritev2,lseek,ftruncate,\
    truncate,fallocate,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,\
    symlinkat,mkdir,mkdirat,rmdir,copy_file_range,sendfile,ioctl,mmap";

/// A change of the data folder. Paths are absolute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// A name for a file that was not there, or (`truncate`) one that begins empty again.
    Open {
        path: PathBuf,
        create: bool,
        truncate: bool,
    },
    Write {
        path: PathBuf,
        /// Where; nothing: at the end.
        offset: Option<u64>,
        bytes: Vec<u8>,
    },
    Resize {
        path: PathBuf,
        length: u64,
    },
    /// Everything written to the file, or every name in the folder, before this began is on the disk when it ends.
    Sync {
        path: PathBuf,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Link {
        from: PathBuf,
        to: PathBuf,
    },
    Remove {
        path: PathBuf,
    },
    MakeFolder {
        path: PathBuf,
    },
}

/// A change with the time it took, as the recorder saw it: it began no later and ended no earlier than the server thinks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub began: Instant,
    pub ended: Instant,
    pub change: Change,
}

/// The calls that concern files below `folder`, out of the recordings of all threads of one process.
pub(crate) fn read(texts: &[String], folder: &Path) -> Result<Vec<Call>> {
    let mut lines = Vec::new();
    for line in texts.iter().flat_map(|text| text.lines()) {
        lines.extend(Line::parse(line).with_context(|| shortened(line))?);
    }
    lines.sort_by_key(|line| line.began);
    let mut reader = Reader { folder, positions: HashMap::new() };
    let mut calls = Vec::new();
    for line in &lines {
        if let Some(change) = reader.change(line).with_context(|| format!("{}({})", line.name, shortened(line.args)))? {
            calls.push(Call { began: line.began, ended: line.ended, change });
        }
    }
    Ok(calls)
}

fn shortened(text: &str) -> String {
    text.chars().take(300).collect()
}

/// `1795292867.154600123 name(arguments) = result <0.000012345>`
struct Line<'a> {
    began: Instant,
    ended: Instant,
    name: &'a str,
    args: &'a str,
    result: i64,
}

impl<'a> Line<'a> {
    /// None: a signal, the end of the thread, or a call that failed or never returned and so changed nothing.
    fn parse(line: &'a str) -> Result<Option<Line<'a>>> {
        let (time, rest) = line.split_once(' ').context("no time")?;
        if rest.starts_with("+++") || rest.starts_with("---") {
            return Ok(None);
        }
        let (name, rest) = rest.split_once('(').context("no call")?;
        let Some((args, end)) = rest.rsplit_once(" = ") else { return Ok(None) };
        let args = args.trim_end().strip_suffix(')').context("no end of the arguments")?;
        let result = end.split([' ', '<']).next().unwrap_or_default();
        // mmap answers with an address.
        let result = if result.starts_with("0x") { Some(0) } else { result.parse().ok() };
        let Some(result) = result.filter(|result| *result >= 0) else { return Ok(None) };
        let began = seconds(time).context("the time is not understood")?;
        let took = end.rsplit_once('<').and_then(|(_, took)| seconds(took.trim_end_matches('>')));
        let took = took.context("no time that it took")?;
        Ok(Some(Line { began, ended: began + took, name, args, result }))
    }
}

/// Exact, where a float would lose the nanoseconds.
fn seconds(text: &str) -> Option<Instant> {
    let (whole, part) = text.split_once('.')?;
    let nanoseconds = format!("{part:0<9}").get(..9)?.parse().ok()?;
    Some(Instant::new(whole.parse().ok()?, nanoseconds))
}

struct Reader<'a> {
    folder: &'a Path,
    /// Of each open descriptor, where the next plain write goes; nothing: at the end.
    positions: HashMap<u64, Option<u64>>,
}

impl Reader<'_> {
    fn change(&mut self, line: &Line<'_>) -> Result<Option<Change>> {
        let args = Args(line.args);
        Ok(match line.name {
            "openat" | "open" | "creat" => self.open(line)?,
            "lseek" => {
                self.positions.insert(args.descriptor()?, Some(line.result as u64));
                None
            }
            "write" => match self.ours(args.file()?) {
                None => None,
                Some(path) => {
                    let position = self.positions.entry(args.descriptor()?).or_insert(Some(0));
                    let offset = *position;
                    *position = offset.map(|offset| offset + line.result as u64);
                    Some(written(path, offset, &args, line)?)
                }
            },
            "pwrite64" => match self.ours(args.file()?) {
                None => None,
                Some(path) => {
                    let offset = line.args.rsplit(", ").next().and_then(|offset| offset.parse().ok());
                    Some(written(path, Some(offset.context("no offset")?), &args, line)?)
                }
            },
            "ftruncate" => match self.ours(args.file()?) {
                None => None,
                Some(path) => {
                    let length = line.args.rsplit(", ").next().and_then(|length| length.parse().ok());
                    Some(Change::Resize { path, length: length.context("no length")? })
                }
            },
            "fsync" | "fdatasync" => self.ours(args.file()?).map(|path| Change::Sync { path }),
            "rename" | "renameat" | "renameat2" => {
                let (from, to) = args.two_paths()?;
                self.ours(Some(to.clone())).map(|_| Change::Rename { from, to })
            }
            "link" | "linkat" => {
                let (from, to) = args.two_paths()?;
                self.ours(Some(to.clone())).map(|_| Change::Link { from, to })
            }
            "unlink" | "unlinkat" | "rmdir" => self.ours(Some(args.path()?)).map(|path| Change::Remove { path }),
            "mkdir" | "mkdirat" => self.ours(Some(args.path()?)).map(|path| Change::MakeFolder { path }),
            "mmap" => {
                // What is written through shared memory is seen by nobody: only the index of the log may be.
                let shared = line.args.contains("MAP_SHARED") && line.args.contains("PROT_WRITE");
                let path = args.mapped_file().and_then(|path| self.ours(Some(path)));
                ensure!(path.is_none() || !shared, "a file is written through shared memory");
                None
            }
            "ioctl" | "sync_file_range" => None,
            other => {
                ensure!(args.file().ok().flatten().and_then(|path| self.ours(Some(path))).is_none(), "{other}");
                None
            }
        })
    }

    fn open(&mut self, line: &Line<'_>) -> Result<Option<Change>> {
        // The result names the file: `= 7</folder/file>`; it was cut off with the number, so the argument is read.
        let path = Args(line.args).path()?;
        let has = |flag: &str| line.args.contains(flag);
        let (create, truncate) = (has("O_CREAT") || line.name == "creat", has("O_TRUNC") || line.name == "creat");
        self.positions.insert(line.result as u64, if has("O_APPEND") { None } else { Some(0) });
        ensure!(!has("O_TMPFILE") || self.ours(Some(path.clone())).is_none(), "a file without a name");
        Ok(self.ours(Some(path)).filter(|_| create || truncate).map(|path| Change::Open { path, create, truncate }))
    }

    /// The path, if it is below the folder. The index of the log is written anew after a crash and counts for nothing.
    fn ours(&self, path: Option<PathBuf>) -> Option<PathBuf> {
        path.filter(|path| path.starts_with(self.folder) && !path.to_string_lossy().ends_with("-shm"))
    }
}

fn written(path: PathBuf, offset: Option<u64>, args: &Args<'_>, line: &Line<'_>) -> Result<Change> {
    let mut bytes = args.bytes()?;
    ensure!(bytes.len() as i64 >= line.result, "the recording cut the bytes off");
    bytes.truncate(line.result as usize);
    Ok(Change::Write { path, offset, bytes })
}

/// The arguments of a call, as `strace -y -xx` shows them: descriptors with their files, all texts as hexadecimal bytes.
struct Args<'a>(&'a str);

impl Args<'_> {
    /// The number that the arguments begin with.
    fn descriptor(&self) -> Result<u64> {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        self.0[..end].parse().context("no descriptor")
    }

    /// The file behind the descriptor that the arguments begin with; none: a socket, a pipe, a file without a name.
    fn file(&self) -> Result<Option<PathBuf>> {
        let Some((_, rest)) = self.0.split_once('<') else { return Ok(None) };
        let (name, _) = rest.split_once('>').context("no end of the file's name")?;
        if !name.starts_with("\\x2f") || rest.contains(">(deleted)") {
            return Ok(None);
        }
        text(&unhex(name)?).map(PathBuf::from).map(Some)
    }

    /// The file that is mapped, whose descriptor stands in the middle.
    fn mapped_file(&self) -> Option<PathBuf> {
        let (_, rest) = self.0.split_once('<')?;
        let name = unhex(rest.split_once('>')?.0).ok()?;
        text(&name).ok().map(PathBuf::from)
    }

    /// The first text: a path, if it is not absolute one below the folder of the descriptor before it.
    fn path(&self) -> Result<PathBuf> {
        let (before, _) = self.0.split_once('"').context("no path")?;
        self.resolve(before, &self.texts()?[0])
    }

    fn two_paths(&self) -> Result<(PathBuf, PathBuf)> {
        let texts = self.texts()?;
        ensure!(texts.len() == 2, "not two paths");
        let parts: Vec<&str> = self.0.split('"').collect();
        Ok((self.resolve(parts[0], &texts[0])?, self.resolve(parts[2], &texts[1])?))
    }

    fn resolve(&self, before: &str, name: &[u8]) -> Result<PathBuf> {
        let name = PathBuf::from(text(name)?);
        if name.is_absolute() {
            return Ok(name);
        }
        let base =
            before.split_once('<').and_then(|(_, rest)| rest.split_once('>')).context("a path without a base")?;
        Ok(Path::new(&text(&unhex(base.0)?)?).join(name))
    }

    fn bytes(&self) -> Result<Vec<u8>> {
        let mut texts = self.texts()?;
        ensure!(texts.len() == 1, "not one text");
        ensure!(!self.0.contains("\"..."), "the recording cut the bytes off");
        Ok(texts.remove(0))
    }

    /// Everything between quotation marks. There is none inside them, since all bytes are hexadecimal.
    fn texts(&self) -> Result<Vec<Vec<u8>>> {
        let texts: Vec<Vec<u8>> = self.0.split('"').skip(1).step_by(2).map(unhex).collect::<Result<_>>()?;
        ensure!(!texts.is_empty(), "no text");
        Ok(texts)
    }
}

/// `\x2f\x74` as bytes.
fn unhex(text: &str) -> Result<Vec<u8>> {
    let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    let mut bytes = Vec::with_capacity(text.len() / 4);
    for escape in text.as_bytes().chunks(4) {
        match escape {
            [b'\\', b'x', high, low] => {
                let (high, low) = (digit(*high).context("no digit")?, digit(*low).context("no digit")?);
                bytes.push(high << 4 | low);
            }
            _ => bail!("not hexadecimal"),
        }
    }
    Ok(bytes)
}

fn text(bytes: &[u8]) -> Result<String> {
    String::from_utf8(bytes.to_vec()).context("a name is not UTF-8")
}
