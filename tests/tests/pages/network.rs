//! A network that was founded, admitted a hub and stays up: what `cohub demo` leaves, with a question open.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use cohub_tests::Process;
use serde_json::Value;

use crate::http::Door;

/// How long the demo may take on a machine that does other things as well.
const STORY: Duration = Duration::from_secs(300);
/// How long anything else may take that has to become true.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);
const POLL: Duration = Duration::from_millis(20);

/// The network, as long as it is up.
pub(crate) struct Network {
    directory: tempfile::TempDir,
    demo: Process,
    /// Other processes that end with it.
    others: Vec<Process>,
}

impl Network {
    /// Tells the demo's story and leaves its nodes up.
    pub(crate) fn told() -> Self {
        let directory = tempfile::Builder::new().prefix("cohub-pages-").tempdir().unwrap();
        let homes = directory.path().join("demo");
        let mut command = cohub();
        command.args(["demo", "--json", "--dir"]).arg(&homes);
        let demo = Process::start(&mut command, directory.path().join("demo.txt")).unwrap();
        let mut network = Self { directory, demo, others: Vec::new() };
        until(STORY, || {
            let ended = network.demo.ended().unwrap();
            assert!(ended.is_none(), "the demo ended:\n{}", network.demo.printed());
            network.demo.printed().contains("The nodes stay up").then_some(())
        });
        network
    }

    /// A hub's home.
    pub(crate) fn home(&self, hub: &str) -> PathBuf {
        self.directory.path().join("demo").join(hub)
    }

    /// Runs a command as a hub's people; its answer.
    pub(crate) fn run(&self, hub: &str, words: &[&str]) -> Value {
        let output = self.command(hub).args(words).arg("--json").output().unwrap();
        let (out, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{hub}: {words:?}: {}\n{out}{said}", output.status);
        serde_json::from_str(out.lines().last().unwrap_or_default())
            .or_else(|_| serde_json::from_str(&out))
            .unwrap_or_else(|error| panic!("{hub}: {words:?}: {error}\n{out}"))
    }

    /// Runs a command that has to fail; its exit code and what it says.
    pub(crate) fn fails(&self, hub: &str, words: &[&str]) -> (i32, String) {
        let output = self.command(hub).args(words).output().unwrap();
        assert!(!output.status.success(), "{hub}: {words:?} did not fail");
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// Begins another hub with these words, at the door of Istanbul, and starts its node.
    pub(crate) fn newcomer(&mut self, hub: &str, init: &[&str]) {
        self.begin(hub, init);
        let invite = self.run("istanbul", &["network", "invite"])["invite"].as_str().unwrap().to_owned();
        self.run(hub, &["network", "join", &invite]);
        self.start(hub, &["up"]);
        until(PATIENCE, || self.is_at_the_door(hub).then_some(()));
    }

    /// Begins another hub with these words, in a home like those of the demo.
    pub(crate) fn begin(&self, hub: &str, init: &[&str]) {
        let home = self.home(hub);
        std::fs::create_dir_all(&home).unwrap();
        std::fs::write(self.passphrase(hub), "a newcomer's passphrase\n").unwrap();
        let settings = std::fs::read_to_string(self.home("vienna").join("config.toml")).unwrap();
        let settings = settings.lines().filter(|line| !line.starts_with("listen"));
        let settings: Vec<&str> = settings.chain(["listen = [\"/ip4/127.0.0.1/tcp/0\"]"]).collect();
        std::fs::write(home.join("config.toml"), settings.join("\n")).unwrap();
        self.run(hub, init);
    }

    /// Starts a command of a hub that goes on in the background.
    pub(crate) fn start(&mut self, hub: &str, words: &[&str]) {
        let mut command = self.command(hub);
        command.args(words);
        self.others.push(Process::start(&mut command, self.home(hub).join("printed.txt")).unwrap());
    }

    /// Whether Istanbul sees a hub at its door.
    pub(crate) fn is_at_the_door(&self, hub: &str) -> bool {
        let listed = self.run("istanbul", &["hub", "list"]);
        listed["door"].as_array().into_iter().flatten().any(|newcomer| newcomer["slug"] == hub)
    }

    /// Goes into a hub's pages, which its node serves.
    pub(crate) fn open(&self, hub: &str) -> Door {
        Door::enter(&self.invitation(hub))
    }

    /// A new one-time address of a hub's pages.
    pub(crate) fn invitation(&self, hub: &str) -> String {
        let answer = self.run(hub, &["ui", "--print"]);
        answer["address"].as_str().unwrap().to_owned()
    }

    /// Where a hub shows the registry to the world: `127.0.0.1:PORT`.
    pub(crate) fn public(&self, hub: &str) -> String {
        let address = std::fs::read_to_string(self.home(hub).join("ui/public")).unwrap();
        address.strip_prefix("http://").unwrap().to_owned()
    }

    fn command(&self, hub: &str) -> Command {
        let mut command = cohub();
        command.env("COHUB_HOME", self.home(hub)).env("COHUB_PASSPHRASE_FILE", self.passphrase(hub));
        command
    }

    /// The passphrase of a hub's keys.
    pub(crate) fn words_that_open(&self, hub: &str) -> String {
        std::fs::read_to_string(self.passphrase(hub)).unwrap().trim_end().to_owned()
    }

    fn passphrase(&self, hub: &str) -> PathBuf {
        self.directory.path().join("demo/passphrases").join(hub)
    }

    /// What lies in the directory that all share.
    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }
}

fn cohub() -> Command {
    let mut command = Command::new(cohub_tests::cohub().unwrap());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("COHUB_")) {
        command.env_remove(name);
    }
    command
}

/// Asks again until there is an answer.
pub(crate) fn until<T>(patience: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + patience;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < end, "it did not come true within {patience:?}");
        std::thread::sleep(POLL);
    }
}

impl Drop for Network {
    /// Ends the demo as an interrupt does, so that it ends its nodes.
    fn drop(&mut self) {
        let _ = self.demo.terminate();
        let _ = self.demo.wait(PATIENCE);
    }
}
