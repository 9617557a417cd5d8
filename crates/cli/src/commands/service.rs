//! `cohub service`: the node as a service of this machine, under systemd.

mod unit;

use std::path::Path;
use std::process::Stdio;

use cohub_node::{Client, Home, identity};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use self::unit::{Manager, Unit};
use crate::arguments::{Service, Servicing};
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::{self, Answer};
use crate::prose::harmless;
use crate::table::pairs;
use crate::when::{date, rfc3339};

pub(crate) async fn run(context: &Context, service: Service) -> Result<Answer, Error> {
    let home = context.home()?;
    let hub = identity::own_hub(&home)?;
    let unit = Unit::of(
        if service.user { Manager::User } else { Manager::of_this_user()? },
        hub.profile.slug.as_str(),
        &home,
    )?;
    match service.what {
        Servicing::Install { ui, print } => {
            let program = std::env::current_exe()
                .map_err(|error| Error::failed(format!("this program cannot tell where it lies: {error}")))?;
            let text = unit.text(&program, ui)?;
            if print {
                return Answer::new("service.unit", &json!({ "unit_file": unit.file, "unit": text }), text);
            }
            install(&unit, &text).await
        }
        Servicing::Uninstall => uninstall(&unit).await,
        Servicing::Start => {
            must_be_installed(&unit)?;
            // It returns when the node has said that it answers.
            systemctl(&unit, &["start", &unit.name]).await?;
            let status = Client::connect(&home).await?.call(&cohub_node::api::Call::Status).await?;
            let status: cohub_node::api::Status = status;
            let text = format!("{} runs: {} records, `cohub status` says more", unit.name, status.records);
            Answer::new("service.start", &json!({ "service": unit.name, "status": status }), text)
        }
        Servicing::Stop => {
            must_be_installed(&unit)?;
            systemctl(&unit, &["stop", &unit.name]).await?;
            let text = format!("{} has stopped; what it acknowledged is on the disk", unit.name);
            Answer::new("service.stop", &json!({ "service": unit.name }), text)
        }
        Servicing::Status => status(&unit, &home).await,
        Servicing::Logs { lines, follow } => logs(context, &unit, lines, follow).await,
    }
}

/// Writes the unit and has the machine start it at each boot; it is not started yet.
async fn install(unit: &Unit, text: &str) -> Result<Answer, Error> {
    let replaced = unit.is_installed()?;
    write(&unit.file, text)
        .map_err(|error| Error::failed(format!("{} cannot be written: {error}", unit.file.display())))?;
    systemctl(unit, &["daemon-reload"]).await?;
    systemctl(unit, &["enable", &unit.name]).await?;
    let fields = json!({
        "service": unit.name, "unit_file": unit.file, "manager": unit.manager.word(), "replaced": replaced,
    });
    let when = match unit.manager {
        Manager::System => "the machine starts it at each boot".to_owned(),
        Manager::User => {
            "it starts when you log in; `loginctl enable-linger` has it start at boot".to_owned()
        }
    };
    let text = format!("{} is installed; {when}. Now: `cohub service start`", unit.file.display());
    Answer::new("service.install", &fields, text)
}

async fn uninstall(unit: &Unit) -> Result<Answer, Error> {
    must_be_installed(unit)?;
    systemctl(unit, &["disable", "--now", &unit.name]).await?;
    std::fs::remove_file(&unit.file)
        .map_err(|error| Error::failed(format!("{} cannot be removed: {error}", unit.file.display())))?;
    systemctl(unit, &["daemon-reload"]).await?;
    let text = format!("{} is gone, and the node has stopped; its home is as it was", unit.name);
    Answer::new("service.uninstall", &json!({ "service": unit.name, "unit_file": unit.file }), text)
}

/// How systemd sees it, and whether the node answers. Ends with 7 where it does not run.
async fn status(unit: &Unit, home: &Home) -> Result<Answer, Error> {
    let installed = unit.is_installed()?;
    let asked = ["ActiveState", "SubState", "UnitFileState", "MainPID", "NRestarts", "Result"];
    let shown = systemctl(unit, &["show", &unit.name, "--property", &asked.join(",")]).await?;
    let property = |name: &str| {
        let value = shown.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or_default().to_owned()
    };
    let [state, sub_state, unit_file_state, pid, restarts, result] = asked.map(property);
    let answers = Client::connect(home).await.is_ok();
    let fields = json!({
        "service": unit.name, "unit_file": unit.file, "manager": unit.manager.word(), "installed": installed,
        "enabled": unit_file_state == "enabled", "state": state, "sub_state": sub_state,
        "pid": pid.parse::<u32>().ok().filter(|pid| *pid > 0), "restarts": restarts.parse::<u32>().ok(),
        "result": result, "answers": answers,
    });
    let installed = match (installed, unit_file_state == "enabled") {
        (false, _) => "no; `cohub service install`",
        (true, true) => "yes, and started by itself",
        (true, false) => "yes, but not started by itself; `cohub service install` again",
    };
    let state =
        if state == "failed" { format!("{state} ({result}); see `cohub service logs`") } else { state };
    let text = pairs(&[
        ("service", unit.name.clone()),
        ("installed", installed.to_owned()),
        ("state", format!("{} ({})", harmless(&state), harmless(&sub_state))),
        ("answers", if answers { "yes" } else { "no" }.to_owned()),
    ]);
    Ok(Answer::new("service.status", &fields, text)?.ending(if answers {
        Exit::Done
    } else {
        Exit::NotRunning
    }))
}

/// The node's log from the journal, oldest first.
async fn logs(context: &Context, unit: &Unit, lines: u32, follow: bool) -> Result<Answer, Error> {
    let mut command = Command::new("journalctl");
    command.args(unit.manager.flag()).args(["--unit", &unit.name, "--output", "json", "--no-pager"]);
    command.args(["--lines", &lines.to_string()]).args(follow.then_some("--follow"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| no_systemd("journalctl", &error))?;
    let unreadable = |error| Error::failed(format!("what journalctl says cannot be read: {error}"));
    let mut said = child.stdout.take().map(|stdout| BufReader::new(stdout).lines());
    let mut seen = Vec::new();
    while let Some(lines) = &mut said
        && let Some(line) = lines.next_line().await.map_err(unreadable)?
    {
        let Some((fields, text)) = entry(&line) else { continue };
        if follow {
            output::line(context, "service.logs.line", &fields, &text)?;
        } else {
            seen.push((fields, text));
        }
    }
    let ended = child.wait_with_output().await.map_err(unreadable)?;
    if !ended.status.success() {
        return Err(complained("journalctl", &ended.stderr));
    }
    if follow {
        return Ok(Answer::printed());
    }
    let (fields, texts): (Vec<Value>, Vec<String>) = seen.into_iter().unzip();
    let text = if texts.is_empty() { "The journal has nothing of it.".to_owned() } else { texts.join("\n") };
    Answer::new("service.logs", &json!({ "service": unit.name, "lines": fields }), text)
}

/// One entry of the journal: when, and what was said.
fn entry(line: &str) -> Option<(Value, String)> {
    let entry: Value = serde_json::from_str(line).ok()?;
    let at_ms = entry["__REALTIME_TIMESTAMP"].as_str()?.parse::<u64>().ok()? / 1_000;
    // Text that is not UTF-8 comes as a list of bytes.
    let text = match &entry["MESSAGE"] {
        Value::Array(bytes) => {
            let bytes =
                bytes.iter().filter_map(|byte| byte.as_u64().and_then(|byte| u8::try_from(byte).ok()));
            String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned()
        }
        message => message.as_str()?.to_owned(),
    };
    let text = harmless(&text);
    let fields = json!({ "at": rfc3339(at_ms), "text": text });
    Some((fields, format!("{}  {text}", date(at_ms))))
}

fn must_be_installed(unit: &Unit) -> Result<(), Error> {
    if unit.is_installed()? {
        return Ok(());
    }
    Err(Error::not_found(format!("{} is not installed; `cohub service install`", unit.name)))
}

/// Has systemd do something, and answers what it said.
async fn systemctl(unit: &Unit, words: &[&str]) -> Result<String, Error> {
    let mut command = Command::new("systemctl");
    command.args(unit.manager.flag()).args(words).stdin(Stdio::null()).kill_on_drop(true);
    let ended = command.output().await.map_err(|error| no_systemd("systemctl", &error))?;
    if !ended.status.success() {
        return Err(complained(&format!("systemctl {}", words.join(" ")), &ended.stderr));
    }
    Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
}

fn no_systemd(program: &str, error: &std::io::Error) -> Error {
    Error::failed(format!(
        "{program} cannot be run: {error}. This command speaks to systemd; where there is none, have what starts \
         programs on this machine run `cohub up` with COHUB_HOME set"
    ))
}

fn complained(what: &str, stderr: &[u8]) -> Error {
    Error::failed(format!("`{what}` failed: {}", harmless(String::from_utf8_lossy(stderr).trim())))
}

/// Writes a unit so that it is there whole or not at all; everybody may read it.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    if let Some(directory) = file.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let part = file.with_extension("part");
    let written = std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, file));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

    use super::*;

    #[test]
    fn an_entry_of_the_journal_is_read_also_where_it_is_no_text() {
        let (fields, text) =
            entry(r#"{"__REALTIME_TIMESTAMP":"1700000000123456","MESSAGE":"up vienna\u001b[2J"}"#).unwrap();
        assert_eq!(fields["at"], "2023-11-14T22:13:20Z");
        assert!(text.ends_with("up vienna\u{fffd}[2J"), "{text:?}");
        let (fields, _) = entry(r#"{"__REALTIME_TIMESTAMP":"1","MESSAGE":[104,105,255]}"#).unwrap();
        assert_eq!(fields["text"], "hi\u{fffd}");
        assert!(entry("-- No entries --").is_none());
    }
}
