//! A process in the background that ends with the test, whatever becomes of the test.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often something is looked at that has to become true.
pub(crate) const POLL: Duration = Duration::from_millis(50);

/// A process in the background. What it prints goes into a file.
#[derive(Debug)]
pub struct Process {
    child: Child,
    printed: PathBuf,
}

impl Process {
    /// Starts a command whose output, of both kinds and in order, goes into the file `printed`.
    ///
    /// # Errors
    /// If the file cannot be made or the command does not start.
    pub fn start(command: &mut Command, printed: PathBuf) -> io::Result<Self> {
        let file = File::create(&printed)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        Ok(Self { child: command.spawn()?, printed })
    }

    /// What it has printed so far.
    #[must_use]
    pub fn printed(&self) -> String {
        fs::read(&self.printed).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// How it ended, if it has ended.
    ///
    /// # Errors
    /// If the operating system does not say.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// Waits until it ends, and answers how; `None` if the time is over before.
    ///
    /// # Errors
    /// If the operating system does not say.
    pub fn wait(&mut self, at_most: Duration) -> io::Result<Option<ExitStatus>> {
        let end = Instant::now() + at_most;
        loop {
            match self.child.try_wait()? {
                None if Instant::now() < end => sleep(POLL),
                status => return Ok(status),
            }
        }
    }

    /// Asks it to end (SIGTERM).
    ///
    /// # Errors
    /// If the signal cannot be sent.
    pub fn terminate(&mut self) -> io::Result<()> {
        let status = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status()?;
        if status.success() { Ok(()) } else { Err(io::Error::other(format!("kill ended with {status}"))) }
    }

    /// Ends it at once (SIGKILL).
    ///
    /// # Errors
    /// If the signal cannot be sent.
    pub fn kill(&mut self) -> io::Result<()> {
        self.child.kill()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
