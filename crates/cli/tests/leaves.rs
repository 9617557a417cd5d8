//! Every command of the tree speaks JSON with a schema, whether it can do what is asked or not.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Words of every command that has none below it.
fn leaves(command: &clap::Command, words: &[String], found: &mut Vec<Vec<String>>) {
    let inner: Vec<_> = command.get_subcommands().filter(|inner| inner.get_name() != "help").collect();
    if inner.is_empty() {
        found.push(words.to_vec());
    }
    for inner in inner {
        leaves(inner, &[words, &[inner.get_name().to_owned()]].concat(), found);
    }
}

fn all_leaves() -> Vec<Vec<String>> {
    let mut found = Vec::new();
    leaves(&cohub_cli::command(), &[], &mut found);
    found
}

/// What a leaf has to be given, so that it does more than explain itself.
fn arguments(leaf: &str, dir: &Path) -> Vec<String> {
    let path = |name: &str| dir.join(name).display().to_string();
    let words: Vec<&str> = match leaf {
        "init" => {
            return ["--slug", "x", "--name", "X", "--city", "Vienna", "--country", "AT"]
                .map(str::to_owned)
                .into();
        }
        "network found" => {
            vec!["--name", "N", "--charter", "none", "--manifesto", "none", "--register", "none", "card"]
        }
        "token create" => vec!["--label", "x", "--scope", "read"],
        "token revoke" => vec!["x"],
        "document share" => vec!["x", "y"],
        "network join" => vec!["none"],
        "registry at" | "registry diff" => vec!["3 days"],
        "hub report" => {
            vec!["2026", "--members", "1", "--events", "1", "--ventures", "1", "--jobs", "1"]
        }
        "hub profile" => {
            vec!["--year", "2026", "--members", "1", "--events", "1", "--ventures", "1", "--jobs", "1"]
        }
        "hub show"
        | "hub sponsor"
        | "hub credential"
        | "person show"
        | "person revoke"
        | "application show"
        | "review list"
        | "review show"
        | "interview list"
        | "sign"
        | "motion show"
        | "motion watch"
        | "motion count"
        | "minutes"
        | "motion open advance"
        | "motion open seat"
        | "motion withdraw"
        | "application withdraw"
        | "document get"
        | "document erase"
        | "record show"
        | "peer show"
        | "peer block"
        | "evidence show" => vec!["vienna"],
        "motion open resolve" => vec!["--text", "We go on."],
        "motion open amend" | "motion open manifesto" => return vec![path("passphrase")],
        "motion open appoint" => {
            vec!["space", "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"]
        }
        "motion open standing" => vec!["suspend", "vienna"],
        "motion open recover" => vec!["vienna", "rec1aaaaaaaa"],
        "person add" => vec!["anna", "--role", "panelist"],
        "document add" => return vec![path("passphrase"), "--type".to_owned(), "future-plan".to_owned()],
        "review add" => vec!["vienna", "--panel", "space", "--recommend", "accept"],
        "review open" => vec!["rec1aaaaaaaa"],
        "key restore" => vec!["none"],
        "interview record" => vec!["vienna", "--outcome", "favourable"],
        "vote" => vec!["rec1aaaaaaaa", "yes"],
        "charter simulate" => vec!["--hubs", "107"],
        "charter check" | "certificate verify" | "record verify" | "record import" => vec!["none"],
        "certificate export" | "record export" => {
            return vec!["rec1aaaaaaaa".to_owned(), "--out".to_owned(), path("file")];
        }
        "ui" => vec!["--listen", "0.0.0.0:80"],
        "key backup" | "store export" => return vec!["--out".to_owned(), path("out")],
        "peer add" => vec!["/ip4/127.0.0.1/tcp/1"],
        "config get" => vec!["cache_mib"],
        "config set" => vec!["cache_mib", "64"],
        "completion" => vec!["bash"],
        _ => Vec::new(),
    };
    words.into_iter().map(str::to_owned).collect()
}

fn cohub(dir: &Path, words: &[String]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cohub"));
    command
        .args(words)
        .env("COHUB_HOME", dir.join("home"))
        .env("COHUB_PASSPHRASE_FILE", dir.join("passphrase"));
    command.env("COHUB_KEYSTORE_WORK_FACTOR", "1").stdin(std::process::Stdio::null()).current_dir(dir);
    command.output().unwrap()
}

fn desk() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("passphrase"), "a passphrase\n").unwrap();
    dir
}

/// `demo` and `up` do not end by themselves; stories run them.
fn ends_by_itself(leaf: &str) -> bool {
    !matches!(leaf, "demo" | "up")
}

#[test]
fn every_leaf_answers_in_json_with_a_schema() {
    let mut seen = 0;
    for words in all_leaves() {
        let leaf = words.join(" ");
        if !ends_by_itself(&leaf) {
            continue;
        }
        let dir = desk();
        let words = [words, arguments(&leaf, dir.path()), vec!["--json".to_owned()]].concat();
        let output = cohub(dir.path(), &words);
        let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let code = output.status.code().unwrap();
        let (text, schema) = match code {
            0 => (said[0].as_str(), "cohub."),
            _ => (said[1].lines().last().unwrap_or_default(), "cohub.error.v1"),
        };
        let text = if said[0].is_empty() { text } else { said[0].as_str() };
        let answer: Value = serde_json::from_str(text)
            .unwrap_or_else(|error| panic!("{leaf} ({code}): {error}\nout: {}\nerr: {}", said[0], said[1]));
        let found = answer["schema"].as_str().unwrap_or_default();
        assert!(found.starts_with("cohub.") && found.ends_with(".v1"), "{leaf}: {found}");
        if said[0].is_empty() {
            assert_eq!(found, schema, "{leaf}");
            assert_eq!(answer["exit"], code, "{leaf}");
            assert!(answer["message"].as_str().is_some_and(|message| message.len() > 10), "{leaf}: {answer}");
        }
        seen += 1;
    }
    assert!(seen > 60, "{seen} leaves");
}

#[test]
fn without_a_node_a_command_says_how_to_start_it() {
    let dir = desk();
    let output = cohub(dir.path(), &["status".to_owned()]);
    assert_eq!(output.status.code(), Some(7));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("cohub up"), "{said}");
}

#[test]
fn without_a_terminal_nothing_prompts() {
    let dir = desk();
    let words = ["init", "--slug", "x", "--name", "X", "--city", "Vienna", "--country", "AT"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_cohub"));
    command.args(words).env("COHUB_HOME", dir.path().join("home")).stdin(std::process::Stdio::null());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("--passphrase-file"), "{said}");
    assert!(!dir.path().join("home/keys").exists(), "nothing is written before there is a passphrase");
}

#[test]
fn every_leaf_has_a_page_and_an_explanation() {
    let dir = desk();
    let out = dir.path().join("man").display().to_string();
    assert!(cohub(dir.path(), &["man".to_owned(), "--out".to_owned(), out.clone()]).status.success());
    for words in all_leaves() {
        let page = Path::new(&out).join(format!("cohub-{}.1", words.join("-")));
        let text =
            std::fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
        assert!(text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"), "{}", page.display());
    }
}
