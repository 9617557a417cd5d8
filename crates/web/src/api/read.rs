//! What is answered from the picture of the registry.

use serde_json::{Value, json};

use super::problem::Problem;
use super::{Ask, Asked};
use crate::places::continent;
use crate::respond;
use crate::snapshot::Picture;

pub(super) fn status(ask: &Ask) -> Result<Value, Problem> {
    let snapshot = &ask.snapshot;
    Ok(json!({ "answers": snapshot.down.is_none(), "why": snapshot.down, "status": snapshot.status }))
}

/// The whole, written once for each picture.
pub(super) fn registry(ask: Ask) -> Asked {
    Box::pin(async move {
        let picture = ask.picture()?;
        let written = || ask.with_as_of(picture.whole.clone()).to_string().into();
        let body = ask.snapshot.answer.get_or_init(written).clone();
        Ok(respond::tagged(&ask.headers, &ask.snapshot.tag, "application/json", body))
    })
}

pub(super) fn hubs(ask: &Ask, picture: &Picture) -> Result<Value, Problem> {
    let fits = |hub: &Value| {
        is(hub, "status", ask.asked("status"))
            && is(hub, "country", ask.asked("country"))
            && ask.asked("continent").is_none_or(|wanted| continent(text(hub, "country")) == wanted)
    };
    let name = |hub: &Value| match text(hub, "id") {
        "" => text(hub, "slug").to_owned(),
        id => id.to_owned(),
    };
    let (hubs, next) = page(ask, list(picture, "hubs").iter(), fits, name)?;
    Ok(json!({ "hubs": hubs, "next": next }))
}

pub(super) fn hub(ask: &Ask, picture: &Picture) -> Result<Value, Problem> {
    let wanted = ask.named("hub");
    let found = picture.view.hub(wanted);
    let found =
        found.ok_or_else(|| Problem::not_found(format!("{wanted:?} is no hub that this node knows")))?;
    let whole = list(picture, "hubs").iter().find(|hub| {
        text(hub, "slug") == found.slug && hub.get("id").and_then(Value::as_str) == found.id.as_deref()
    });
    let of_hub =
        |item: &&Value| found.id.is_some() && item.get("hub").and_then(Value::as_str) == found.id.as_deref();
    let sponsored = picture.view.hubs.iter().filter(|hub| hub.sponsor.is_some() && hub.sponsor == found.id);
    Ok(json!({
        "hub": whole,
        "reports": list(picture, "reports").iter().filter(of_hub).collect::<Vec<_>>(),
        "applications": list(picture, "applications").iter().filter(of_hub).collect::<Vec<_>>(),
        "sponsored": sponsored.map(crate::seen::Hub::key).collect::<Vec<_>>(),
    }))
}

pub(super) fn applications(ask: &Ask, picture: &Picture) -> Result<Value, Problem> {
    let fits = |one: &Value| is(one, "stage", ask.asked("stage")) && is(one, "status", ask.asked("status"));
    let (applications, next) = page(ask, list(picture, "applications").iter(), fits, id)?;
    Ok(json!({ "applications": applications, "next": next }))
}

pub(super) fn application(ask: &Ask, picture: &Picture) -> Result<Value, Problem> {
    Ok(json!({ "application": find(ask, picture, "applications", "application")? }))
}

pub(super) fn motions(ask: &Ask, picture: &Picture) -> Result<Value, Problem> {
    let hub = ask.asked("hub").map(|name| picture.view.hub(name).map_or(name, crate::seen::Hub::key));
    let fits = |one: &Value| is(one, "state", ask.asked("state")) && is(one, "hub", hub);
    let (motions, next) = page(ask, list(picture, "motions").iter().rev(), fits, id)?;
    Ok(json!({ "motions": motions, "next": next }))
}

pub(super) fn motion(ask: &Ask, picture: &Picture) -> Result<Value, Problem> {
    Ok(json!({ "motion": find(ask, picture, "motions", "motion")? }))
}

pub(super) fn committee(_: &Ask, picture: &Picture) -> Result<Value, Problem> {
    Ok(json!({ "committee": picture.whole.get("committee") }))
}

pub(super) fn charter(_: &Ask, picture: &Picture) -> Result<Value, Problem> {
    Ok(json!({ "charter": picture.whole.get("charter") }))
}

pub(super) fn evidence(_: &Ask, picture: &Picture) -> Result<Value, Problem> {
    Ok(json!({ "evidence": list(picture, "evidence"), "disputes": list(picture, "disputes") }))
}

pub(super) fn peers(ask: &Ask) -> Result<Value, Problem> {
    let snapshot = &ask.snapshot;
    match &snapshot.status {
        Some(status) => Ok(json!({ "peers": status.peers })),
        None => Err(Problem::not_running(snapshot.down.clone().unwrap_or_default())),
    }
}

pub(super) fn agenda(ask: &Ask) -> Result<Value, Problem> {
    Ok(json!({ "due": *ask.snapshot.due, "waiting": *ask.snapshot.waiting }))
}

fn list<'a>(picture: &'a Picture, name: &str) -> &'a [Value] {
    picture.whole.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(item: &'a Value, field: &str) -> &'a str {
    item.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn id(item: &Value) -> String {
    text(item, "id").to_owned()
}

/// Whether a field is as wanted, if anything is.
fn is(item: &Value, field: &str, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| text(item, field) == wanted)
}

/// The item that an address names.
fn find<'a>(ask: &Ask, picture: &'a Picture, name: &str, parameter: &str) -> Result<&'a Value, Problem> {
    let wanted = ask.named(parameter);
    let found = list(picture, name).iter().find(|item| text(item, "id") == wanted);
    found.ok_or_else(|| Problem::not_found(format!("{wanted:?} is no {parameter} that this node knows")))
}

/// A page of what fits, behind the item that the cursor names, and the cursor of the next.
fn page<'a>(
    ask: &Ask,
    mut items: impl Iterator<Item = &'a Value>,
    fits: impl Fn(&Value) -> bool,
    name: impl Fn(&Value) -> String,
) -> Result<(Vec<&'a Value>, Option<String>), Problem> {
    if let Some(cursor) = ask.asked("cursor")
        && !items.any(|item| name(item) == cursor)
    {
        let why = format!("the cursor {cursor:?} is not of this list; begin anew");
        return Err(Problem::bad_request(why));
    }
    let mut fitting = items.filter(|item| fits(item));
    let page: Vec<&Value> = fitting.by_ref().take(ask.limit()).collect();
    let next = fitting.next().and_then(|_| page.last()).map(|last| name(last));
    Ok((page, next))
}
