//! `cohub doctor`: what a host can put right, checked one by one.

use cohub_node::api::{Call, Status};
use cohub_node::{Client, Home, backup, clock, identity, maintenance, network};
use serde::Serialize;
use serde_json::json;

use crate::arguments::Doctor;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{DIM, GREEN, RED, counted, harmless, styled};
use crate::when::roughly;

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    found: String,
    fix: Option<String>,
}

pub(crate) async fn run(context: &Context, doctor: &Doctor) -> Result<Answer, Error> {
    let home = context.home()?;
    if doctor.moved {
        return moved(&home);
    }
    let mut checks = vec![
        permissions(&home),
        settings(context),
        hub(&home),
        keys(context),
        backup(&home),
        membership(&home),
    ];
    match Client::connect(&home).await {
        Ok(mut client) => checks.extend(node(&client.call(&Call::Status).await?)),
        Err(failure) => checks.push(Check::bad("node", failure.message, "start it: `cohub up`")),
    }
    let healthy = checks.iter().all(|check| check.ok);
    let text: String = checks.iter().map(Check::line).collect();
    let answer = Answer::new("doctor", &json!({ "healthy": healthy, "checks": checks }), text)?;
    Ok(answer.ending(if healthy { Exit::Done } else { Exit::Failed }))
}

/// Takes the host's word that no other copy of the directory signs.
fn moved(home: &Home) -> Result<Answer, Error> {
    let suspicion = maintenance::vouch_for_move(home)?;
    let text = suspicion.as_ref().map_or_else(
        || "Nothing was suspicious about this directory.".to_owned(),
        |suspicion| format!("Taken on your word that this is the only copy: {}", harmless(suspicion)),
    );
    Answer::new("doctor.moved", &json!({ "suspicion": suspicion }), text)
}

impl Check {
    fn good(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, ok: true, found: found.into(), fix: None }
    }

    fn bad(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name, ok: false, found: found.into(), fix: Some(fix.into()) }
    }

    fn line(&self) -> String {
        let mark = if self.ok { styled(GREEN, "✔") } else { styled(RED, "✘") };
        let fix = self.fix.as_ref().map(|fix| format!("\n    {}", styled(DIM, format!("→ {fix}"))));
        format!("{mark} {}: {}{}\n", self.name, harmless(&self.found), fix.unwrap_or_default())
    }
}

fn permissions(home: &Home) -> Check {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = home.dir().display();
    match std::fs::metadata(home.dir()).map(|data| data.permissions().mode() & 0o077) {
        Ok(0) => Check::good("directory", format!("{dir}, its owner's alone")),
        Ok(_) => Check::bad("directory", format!("others can look into {dir}"), format!("chmod 700 {dir}")),
        Err(error) => Check::bad("directory", format!("{dir}: {error}"), "choose another with --home"),
    }
}

fn settings(context: &Context) -> Check {
    match context.settings() {
        Ok(_) => Check::good("settings", "all can be read"),
        Err(error) => Check::bad("settings", error.message, "`cohub config set`, or edit the file"),
    }
}

fn hub(home: &Home) -> Check {
    match identity::own_hub(home) {
        Ok(hub) => Check::good("hub", hub.profile.slug.to_string()),
        Err(error) => Check::bad("hub", error.to_string(), "begin one: `cohub init`"),
    }
}

fn keys(context: &Context) -> Check {
    let keys = context.keystore().and_then(|keystore| Ok((keystore.list()?, keystore.lost()?)));
    let fix = "put them back from a copy: `cohub key restore FILE`; without one the recovery words take over: \
               `cohub key rotate`";
    match keys {
        Ok((_, lost)) if !lost.is_empty() => {
            Check::bad("keys", format!("the secrets of {} are not here", lost.join(", ")), fix)
        }
        Ok((keys, _)) if !keys.is_empty() => {
            let labels: Vec<String> = keys.into_iter().map(|info| info.label).collect();
            Check::good("keys", labels.join(", "))
        }
        Ok(_) => Check::bad("keys", "none in this directory", "begin a hub: `cohub init`"),
        Err(error) => Check::bad("keys", error.message, fix),
    }
}

/// Copies of people's keys.
fn backup(home: &Home) -> Check {
    let fix = "keep a copy of them elsewhere: `cohub key backup --out FILE`";
    match (backup::missing(home), backup::last(home)) {
        (Ok(missing), Ok(Some(last))) if missing.is_empty() => {
            let ago = clock::now_ms().saturating_sub(last.at);
            Check::good("backup", format!("of {}, {} ago", counted(last.keys.len(), "key"), roughly(ago)))
        }
        (Ok(missing), Ok(None)) if missing.is_empty() => Check::good("backup", "there are no keys to copy"),
        (Ok(missing), Ok(_)) => {
            Check::bad("backup", format!("no copy was made of {}", missing.join(", ")), fix)
        }
        (Err(error), _) | (_, Err(error)) => Check::bad("backup", error.to_string(), fix),
    }
}

fn membership(home: &Home) -> Check {
    let fix = "`cohub network join FILE|INVITE`";
    match network::membership(home) {
        Ok(Some(network::Membership::Founding(file))) => Check::good("network", file.name),
        Ok(Some(network::Membership::Invite { .. })) => Check::good("network", "joined by an invite"),
        Ok(None) => Check::bad("network", "this node is in none", fix),
        Err(error) => Check::bad("network", error.to_string(), fix),
    }
}

fn node(status: &Status) -> Vec<Check> {
    let mut checks = vec![Check::good("node", format!("up, version {}", status.version))];
    let connected = status.peers.iter().filter(|peer| peer.connected).count();
    let errors = status.peers.iter().flat_map(|peer| &peer.addresses).filter_map(|address| {
        address.last_error.as_ref().map(|error| format!("{}: {error}", address.address))
    });
    checks.push(match (connected, status.peers.len()) {
        (0, 0) => Check::bad("peers", "none is known", "`cohub peer add ADDRESS`, or join a network"),
        (0, _) => Check::bad(
            "peers",
            format!("none is connected; {}", errors.collect::<Vec<_>>().join("; ")),
            "is this machine online, and are the ports of the others open?",
        ),
        (some, all) => Check::good("peers", format!("{some} of {all} connected")),
    });
    // Each warning says itself what to do.
    let warning = |found: &String| Check { name: "warning", ok: false, found: found.clone(), fix: None };
    checks.extend(status.warnings.iter().map(warning));
    checks
}
