//! `cohub up`: the node in the foreground.

use std::collections::BTreeMap;
use std::io::Read as _;

use cohub_node::api::{Call, Done, Status};
use cohub_node::{Client, Home, Settings, daemon};
use cohub_web::{Public, Server};
use serde_json::json;
use tracing_subscriber::EnvFilter;

use crate::arguments::Up;
use crate::context::Context;
use crate::exit::Error;
use crate::notices::Notices;
use crate::output::{self, Answer};
use crate::prose::{BOLD, CYAN, GREEN, styled};

pub(crate) async fn run(context: &Context, up: Up) -> Result<Answer, Error> {
    let home = context.home()?;
    let attached = up.attached;
    let listen = up.ui.then(|| up.ui_listen.clone());
    let settings = Settings::load(&home, &flags(up)?)?;
    let pages = match listen {
        Some(listen) => Some(Server::open(&home, &listen, &settings).await?),
        None => None,
    };
    log(&settings)?;
    let public = match settings.public_listen.as_str() {
        "" => None,
        listen => Some(Public::open(&home, listen).await?),
    };
    let notices = Notices::read(&home, &settings)?;
    let invitation = pages.as_ref().map(Server::invitation).transpose()?;
    let shown = public.as_ref().map(|public| public.address().to_owned());
    let node = daemon::run(home.clone(), settings, |status| {
        announce(context, &home, status, invitation.as_deref(), shown.as_deref());
    });
    let mut node = std::pin::pin!(node);
    tokio::select! {
        ended = &mut node => ended?,
        ended = serve(pages) => ended?,
        ended = show(public) => ended?,
        () = notices.tell() => {}
        () = stdin_closes(), if attached => {
            let (stopped, ended) = tokio::join!(stop(&home), node);
            ended?;
            stopped?;
        }
    }
    Answer::new("up.ended", &json!({ "home": home.dir() }), "")
}

/// Serves the pages, where there are any; without them it waits for ever.
async fn serve(pages: Option<Server>) -> Result<(), Error> {
    match pages {
        Some(pages) => Ok(pages.serve().await?),
        None => std::future::pending().await,
    }
}

/// The same for the public listener.
async fn show(public: Option<Public>) -> Result<(), Error> {
    match public {
        Some(public) => Ok(public.serve().await?),
        None => std::future::pending().await,
    }
}

/// One line once the node answers: what programs that start nodes wait for.
fn announce(context: &Context, home: &Home, status: &Status, pages: Option<&str>, public: Option<&str>) {
    let fields = json!({
        "home": home.dir(), "socket": home.socket(), "status": status, "pages": pages, "public": public,
    });
    let listening = status.addresses.join("\n  ");
    let told = |address| format!("\n  {}", styled(CYAN, address));
    let pages = pages.map(told).unwrap_or_default();
    let public = public.map(|address| format!("{} for everybody", told(address))).unwrap_or_default();
    let text = format!(
        "{} {}\n  {listening}\n  {} {}{pages}{public}",
        styled(GREEN, "up"),
        styled(BOLD, status.hub.as_deref().unwrap_or("without a network")),
        home.socket().display(),
        "(interrupt to end it)",
    );
    crate::ready::tell_manager();
    // A node whose stdout is closed still serves its hub.
    let _ = output::line(context, "up", &fields, &text);
}

fn flags(up: Up) -> Result<toml::Table, Error> {
    let mut values = BTreeMap::new();
    let list =
        |values: Vec<String>| toml::Value::Array(values.into_iter().map(toml::Value::String).collect());
    if !up.listen.is_empty() {
        values.insert("listen".to_owned(), list(up.listen));
    }
    if !up.peer.is_empty() {
        values.insert("peers".to_owned(), list(up.peer));
    }
    if up.loopback_only {
        values.insert("loopback_only".to_owned(), toml::Value::Boolean(true));
    }
    if let Some(listen) = up.public_listen {
        values.insert("public_listen".to_owned(), toml::Value::String(listen));
    }
    if let Some(log) = up.log {
        values.insert("log".to_owned(), toml::Value::String(log));
    }
    for setting in up.settings {
        let (key, value) = setting.split_once('=').ok_or_else(|| {
            Error::usage(format!("--set {setting:?}: expected KEY=VALUE, as in cache_mib=64"))
        })?;
        let parsed =
            format!("value = {value}").parse::<toml::Table>().ok().and_then(|mut t| t.remove("value"));
        values.insert(key.to_owned(), parsed.unwrap_or_else(|| toml::Value::String(value.to_owned())));
    }
    Ok(cohub_node::settings::flags(values))
}

fn log(settings: &Settings) -> Result<(), Error> {
    let filter = EnvFilter::try_new(&settings.log).map_err(|error| {
        Error::usage(format!("the setting log = {:?} is no filter: {error}", settings.log))
    })?;
    let ansi = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(ansi);
    subscriber.try_init().map_err(|error| Error::failed(format!("the log cannot begin: {error}")))
}

async fn stop(home: &Home) -> Result<(), Error> {
    let _: Done = Client::connect(home).await?.call(&Call::Stop).await?;
    Ok(())
}

/// Ends when whoever started this process closes its standard input, or dies.
async fn stdin_closes() {
    let (closed, heard) = tokio::sync::oneshot::channel::<()>();
    // A thread of its own, since a read of standard input cannot be given up.
    std::thread::spawn(move || {
        let mut nothing = [0; 64];
        while std::io::stdin().read(&mut nothing).is_ok_and(|read| read > 0) {}
        drop(closed);
    });
    let _ = heard.await;
}
