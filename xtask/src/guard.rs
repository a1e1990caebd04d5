//! Programs in the background that never outlive us, however we end.

use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result};

/// A shell that waits until we are gone, then runs a script that cleans up.
///
/// It reads a pipe whose other end only we hold: the end of that pipe means that we dropped the guard, returned an
/// error, panicked, were interrupted, or were killed. The shell has its own process group and ignores the signals that a
/// terminal sends, so Ctrl-C ends us and the shell still cleans up.
pub(crate) struct Guard {
    shell: Child,
    pipe: Option<ChildStdin>,
}

impl Guard {
    /// `script` sees `arguments` as `$1`, `$2`, …
    pub(crate) fn new(script: &str, arguments: &[&str]) -> Result<Guard> {
        let mut shell = Command::new("/bin/sh")
            .arg("-c")
            .arg(format!("trap '' INT TERM HUP QUIT PIPE\ncat >/dev/null\n{script}"))
            .arg("guard")
            .args(arguments)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start /bin/sh")?;
        let pipe = shell.stdin.take();
        Ok(Guard { shell, pipe })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.pipe.take());
        if let Err(error) = self.shell.wait() {
            eprintln!("warning: the clean-up did not end well: {error}");
        }
    }
}

/// A program in the background with all that it starts: its process group is ended with the guard, politely first.
pub(crate) struct Background {
    child: Child,
    /// Dropped to stop the group; `None` afterwards.
    guard: Option<Guard>,
}

impl Background {
    pub(crate) fn start(command: &mut Command) -> Result<Background> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child =
            command.stdin(Stdio::null()).process_group(0).spawn().with_context(|| format!("cannot start {name}"))?;
        let script = r#"
            kill -s TERM -- "-$1"
            for _ in $(seq 100); do kill -s 0 -- "-$1" || exit 0; sleep 0.1; done
            kill -s KILL -- "-$1""#;
        let guard = Guard::new(script, &[&child.id().to_string()])?;
        Ok(Background { child, guard: Some(guard) })
    }

    /// The id of the program.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the program without a warning, as a power cut would (SIGKILL).
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill().context("cannot kill a program in the background")
    }

    /// Whether it has ended by itself.
    pub(crate) fn ended(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // The group exists as long as its unreaped leader does, so the leader is reaped beside the guard's polite wait.
        std::thread::scope(|scope| {
            let guard = self.guard.take();
            scope.spawn(move || drop(guard));
            if let Err(error) = self.child.wait() {
                eprintln!("warning: a program in the background did not end well: {error}");
            }
        });
    }
}
