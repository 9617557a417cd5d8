//! The node as a service, with programs in the place of systemd's that note what they are told.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    /// A hub, and stand-ins for systemd's commands.
    fn new() -> Self {
        let desk = Self { dir: tempfile::tempdir().unwrap() };
        std::fs::write(desk.path("passphrase"), "a passphrase\n").unwrap();
        desk.program("systemctl", "echo \"$@\" >> \"$TOLD\"\n[ \"$2\" != show ] || printf 'ActiveState=failed\\nSubState=failed\\nUnitFileState=enabled\\nMainPID=0\\nNRestarts=4\\nResult=exit-code\\n'\n");
        desk.program(
            "journalctl",
            "echo \"$@\" >> \"$TOLD\"\necho '{\"__REALTIME_TIMESTAMP\":\"1700000000000000\",\"MESSAGE\":\"up vienna\"}'\n",
        );
        let init = ["init", "--slug", "vienna", "--name", "V", "--city", "Vienna", "--country", "AT"];
        assert!(desk.cohub(&init).status.success());
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn program(&self, name: &str, script: &str) {
        let file = self.path("bin").join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, format!("#!/bin/sh\n{script}")).unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap();
    }

    fn cohub(&self, words: &[&str]) -> Output {
        self.cohub_with(words, &format!("{}:/usr/bin:/bin", self.path("bin").display()))
    }

    fn cohub_with(&self, words: &[&str], search: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cohub"));
        command.args(words).stdin(std::process::Stdio::null()).current_dir(self.dir.path());
        command.env("PATH", search).env("TOLD", self.path("told"));
        command.env("COHUB_HOME", self.path("home")).env("XDG_CONFIG_HOME", self.path("config"));
        command.env("COHUB_PASSPHRASE_FILE", self.path("passphrase")).env("COHUB_KEYSTORE_WORK_FACTOR", "1");
        command.output().unwrap()
    }

    fn told(&self) -> String {
        std::fs::read_to_string(self.path("told")).unwrap_or_default()
    }

    fn unit(&self) -> PathBuf {
        self.path("config").join("systemd/user/cohub-vienna.service")
    }
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn complaint(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_service_is_installed_seen_and_taken_back() {
    let desk = Desk::new();
    let (code, said) = complaint(&desk.cohub(&["service", "--user", "stop"]));
    assert!(code == Some(3) && said.contains("service install"), "{said}");
    assert!(desk.told().is_empty(), "nothing is stopped that was not installed here");

    let printed = desk.cohub(&["service", "--user", "install", "--print"]);
    assert!(printed.status.success() && !desk.unit().exists() && desk.told().is_empty());

    let installed = desk.cohub(&["service", "--user", "install", "--ui", "--json"]);
    assert!(installed.status.success(), "{:?}", complaint(&installed));
    assert_eq!(
        (json(&installed)["manager"].as_str(), json(&installed)["replaced"].as_bool()),
        (Some("user"), Some(false))
    );
    let text = std::fs::read_to_string(desk.unit()).unwrap();
    let home = desk.path("home").canonicalize().unwrap();
    assert!(text.contains(&format!("Environment=\"COHUB_HOME={}\"\n", home.display())), "{text}");
    assert!(text.contains(" up --ui\n") && text.contains("Type=notify\n"), "{text}");
    assert_eq!(desk.told(), "--user daemon-reload\n--user enable cohub-vienna.service\n");

    let status = desk.cohub(&["service", "--user", "status", "--json"]);
    assert_eq!(status.status.code(), Some(7), "it does not answer");
    let seen = json(&status);
    assert_eq!(
        (&seen["installed"], &seen["enabled"], &seen["answers"]),
        (&true.into(), &true.into(), &false.into())
    );
    assert_eq!(
        (seen["state"].as_str(), &seen["pid"], &seen["restarts"]),
        (Some("failed"), &Value::Null, &4.into())
    );

    let logs = desk.cohub(&["service", "--user", "logs", "--lines", "7", "--json"]);
    assert_eq!(json(&logs)["lines"][0]["text"], "up vienna");
    assert!(desk.told().contains("--user --unit cohub-vienna.service --output json --no-pager --lines 7\n"));

    assert!(desk.cohub(&["service", "--user", "uninstall"]).status.success());
    assert!(!desk.unit().exists() && desk.told().contains("--user disable --now cohub-vienna.service\n"));
}

#[test]
fn what_is_not_ours_is_left_alone_and_a_machine_without_systemd_is_told_so() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.unit().parent().unwrap()).unwrap();
    std::fs::write(desk.unit(), "[Service]\nExecStart=/bin/true\n").unwrap();
    let (code, said) = complaint(&desk.cohub(&["service", "--user", "install"]));
    assert!(code == Some(1) && said.contains("left as it is"), "{said}");
    assert_eq!(std::fs::read_to_string(desk.unit()).unwrap(), "[Service]\nExecStart=/bin/true\n");

    std::fs::remove_file(desk.unit()).unwrap();
    let (code, said) =
        complaint(&desk.cohub_with(&["service", "--user", "install"], desk.dir.path().to_str().unwrap()));
    assert!(code == Some(1) && said.contains("`cohub up`"), "{said}");

    desk.program("systemctl", "echo 'Failed to connect to bus' >&2; exit 1\n");
    let (code, said) = complaint(&desk.cohub(&["service", "--user", "install"]));
    assert!(code == Some(1) && said.contains("Failed to connect to bus"), "{said}");
}

/// systemd's own judgement of the unit, where the machine has it.
#[test]
fn systemd_understands_the_unit() {
    let verifier = Path::new("/usr/bin/systemd-analyze");
    if !verifier.exists() {
        eprintln!("skipped: {} is not there", verifier.display());
        return;
    }
    let desk = Desk::new();
    assert!(desk.cohub(&["service", "--user", "install"]).status.success());
    let mut command = Command::new(verifier);
    command.args(["verify", "--man=no"]).arg(desk.unit()).env("XDG_RUNTIME_DIR", desk.dir.path());
    let verified = command.output().unwrap();
    let said = String::from_utf8_lossy(&verified.stderr).into_owned();
    let about_it: Vec<&str> = said.lines().filter(|line| line.contains("cohub-vienna")).collect();
    assert!(about_it.is_empty(), "{said}");
}
