//! Bad input: each a clear error that names what was wrong, with its exit code, and nothing changed.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("passphrase"), "a passphrase\n").unwrap();
        Self { dir }
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    fn cohub(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cohub"));
        command.args(words).env("COHUB_HOME", self.path().join("home"));
        command.env("COHUB_PASSPHRASE_FILE", self.path().join("passphrase"));
        command.env("COHUB_KEYSTORE_WORK_FACTOR", "1").stdin(Stdio::null()).output().unwrap()
    }

    /// Runs a command that has to be refused so.
    fn refused(&self, words: &[&str], exit: i32, needle: &str) {
        let output = self.cohub(words);
        let said =
            String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(exit), "{words:?}: {said}");
        assert!(said.contains(needle), "{words:?}: {said}");
    }

    fn done(&self, words: &[&str]) -> String {
        let output = self.cohub(words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

const INIT: [&str; 9] = ["init", "--slug", "x", "--name", "X", "--city", "Vienna", "--country", "AT"];

#[test]
fn a_charter_with_impossible_rules_is_refused_fault_by_fault() {
    let desk = Desk::new();
    let template = include_str!("../../../config/charter.toml");
    let good = desk.write("good.toml", template);
    assert!(desk.done(&["charter", "check", &good]).contains("This charter can work."));
    let wrong = template
        .replace("notice = \"7 days\"", "notice = \"90 days\"")
        .replace("rule = \"simple\"", "rule = \"simpel\"");
    let wrong = desk.write("wrong.toml", wrong);
    desk.refused(&["charter", "check", &wrong], 5, "timing.maximum");
    desk.refused(&["charter", "check", &wrong], 5, "no rule \"simpel\"");
    desk.refused(&["charter", "check", &desk.write("no.toml", "title = ")], 5, "line 1");
    desk.refused(&["charter", "check", "nowhere.toml"], 3, "nowhere.toml");
}

#[test]
fn a_home_holds_one_hub_and_a_wrong_passphrase_opens_nothing() {
    let desk = Desk::new();
    let made = desk.done(&INIT);
    assert_eq!(made.matches(" 24 ").count(), 2, "24 numbered words, and a sentence about them: {made}");
    desk.refused(&INIT, 5, "holds the hub x already");
    let keys: Vec<_> = std::fs::read_dir(desk.path().join("home/keys")).unwrap().flatten().collect();
    desk.write("passphrase", "another\n");
    desk.refused(&["network", "card"], 4, "wrong passphrase");
    assert_eq!(std::fs::read_dir(desk.path().join("home/keys")).unwrap().count(), keys.len());
    desk.write("passphrase", "\n");
    desk.refused(&["network", "card"], 4, "no first line");
}

#[test]
fn arguments_are_refused_with_what_to_write_instead() {
    let desk = Desk::new();
    let city = ["init", "--slug", "x", "--name", "X", "--city", "Nowhere", "--country", "AT"];
    desk.refused(&city, 2, "--lat and --lon");
    desk.refused(
        &["init", "--slug", "Vienna!", "--name", "X", "--city", "Vienna", "--country", "AT"],
        2,
        "no slug",
    );
    desk.refused(
        &["init", "--slug", "x", "--name", "X", "--city", "Vienna", "--country", "Austria"],
        2,
        "capital",
    );
    desk.refused(&["vote", "rec1abcdef", "maybe"], 2, "yes, no, abstain, recuse, block");
    desk.refused(&["record", "list", "--author", "bob"], 2, "did:key");
    desk.refused(&["config", "set", "cache_mib", "lots"], 2, "cache_mib");
    desk.refused(&["config", "set", "cache", "1"], 2, "no such setting");
    desk.refused(&["demo", "--hubs", "4"], 2, "5..=107");
    desk.done(&INIT);
    desk.refused(&["up", "--set", "cache_mib"], 2, "KEY=VALUE");
    desk.refused(&["up", "--listen", "here"], 2, "here");
}

#[test]
fn files_that_are_not_what_they_should_be_are_named() {
    let desk = Desk::new();
    let junk = desk.write("junk", [7; 300]);
    desk.refused(&["certificate", "verify", &junk], 8, "not a certificate file: at byte 0");
    desk.refused(&["certificate", "verify", &junk, "--network", "net1x"], 2, "net1");
    desk.refused(&["record", "verify", &junk], 8, "junk");
    desk.refused(&["record", "verify", "nowhere"], 3, "nowhere");
    desk.done(&INIT);
    desk.refused(&["network", "join", &junk], 2, "junk");
    desk.refused(&["network", "join", "cohubinvite1damaged"], 1, "whole and unchanged");
    desk.refused(&["document", "add", "nowhere.pdf", "--type", "future-plan"], 3, "nowhere.pdf");
}

#[test]
fn a_second_node_in_a_directory_and_a_port_in_use_are_refused() {
    let desk = Desk::new();
    desk.done(&INIT);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("/ip4/127.0.0.1/tcp/{}", taken.local_addr().unwrap().port());
    desk.refused(&["up", "--listen", &address], 1, &address);
    let mut first = Command::new(env!("CARGO_BIN_EXE_cohub"));
    first.args(["up", "--attached", "--listen", "/ip4/127.0.0.1/tcp/0", "--json"]);
    first
        .env("COHUB_HOME", desk.path().join("home"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut first = first.spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(first.stdout.take().unwrap()), &mut line)
        .unwrap();
    assert!(line.contains("cohub.up.v1"), "{line}");
    desk.refused(&["up", "--listen", "/ip4/127.0.0.1/tcp/0"], 1, "in use by process");
    desk.refused(&["store", "check"], 1, "in use by process");
    desk.refused(&["registry", "show"], 3, "network");
    drop(first.stdin.take());
    assert!(first.wait().unwrap().success(), "a node ends well when its standard input closes");
}
