//! `cohub agenda`: what is due from the people whose keys lie here, and what they wait for.

use cohub_node::Client;
use cohub_node::api::{Agenda, AgendaItem, Awaited, Call, Status};
use cohub_node::keystore::Keystore;
use serde::Serialize;
use serde_json::json;

use crate::arguments::Agenda as Arguments;
use crate::context::Context;
use crate::exit::Error;
use crate::ics::{self, Entry};
use crate::notices::Notices;
use crate::output::Answer;
use crate::prose::{BOLD, CYAN, DIM, counted, harmless, styled};
use crate::table::{Cell, Table};
use crate::when::{date_and_distance, now_ms};

/// One thing that is due from somebody whose key lies here.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Due {
    /// The label of the key that owes it.
    pub(crate) who: String,
    #[serde(flatten)]
    pub(crate) item: AgendaItem,
}

pub(crate) async fn run(context: &Context, arguments: &Arguments) -> Result<Answer, Error> {
    if arguments.send {
        return send(context).await;
    }
    let mut client = context.client().await?;
    let (due, waiting) = gathered(&mut client, &context.keystore()?).await?;
    if arguments.ics {
        let status: Status = client.call(&Call::Status).await?;
        let text = calendar(&status.network.unwrap_or_default(), &due);
        return Answer::new("agenda", &json!({ "due": due, "waiting": waiting, "ics": text }), text);
    }
    let text = format!("{}{}", due_table(&due), waiting_table(&waiting));
    Answer::new("agenda", &json!({ "due": due, "waiting": waiting }), text)
}

/// Tells what is to be told now by the ways of the settings, as the node does by itself while it is up.
async fn send(context: &Context) -> Result<Answer, Error> {
    let notices = Notices::read(&context.home()?, &context.settings()?)?;
    if notices.are_none() {
        return Err(Error::usage(
            "notices go nowhere yet: `cohub config set notice_webhook URL`, or notice_smtp, notice_mail_from and notice_mail_to",
        ));
    }
    let (count, ways) = notices.look().await?;
    let text = match count {
        0 => "Nothing is to be told now.".to_owned(),
        count => format!("Told of {} by {}.", counted(count, "thing"), ways.join(" and ")),
    };
    Answer::new("agenda.sent", &json!({ "told": count, "ways": ways }), text)
}

/// What is due from everybody whose key lies here, the most urgent first, and what they wait for.
pub(crate) async fn gathered(
    client: &mut Client,
    keystore: &Keystore,
) -> Result<(Vec<Due>, Vec<Awaited>), Error> {
    let people = keystore.list()?.into_iter().filter(|info| info.encrypted);
    let (mut due, mut waiting): (Vec<Due>, Vec<Awaited>) = (Vec::new(), Vec::new());
    for info in people {
        let agenda: Agenda = client.call(&Call::Agenda { key: info.key }).await?;
        due.extend(agenda.due.into_iter().map(|item| Due { who: info.label.clone(), item }));
        // Several keys of one hub wait for the same.
        waiting.extend(agenda.waiting.into_iter().filter(|one| !waiting.contains(one)).collect::<Vec<_>>());
    }
    // What two keys of one hub see alike is owed once.
    due.sort_by(|one, other| {
        (&one.item.command, &one.item.kind).cmp(&(&other.item.command, &other.item.kind))
    });
    due.dedup_by(|one, other| one.item.kind == "teller" && one.item == other.item);
    due.sort_by_key(|one| one.item.by.unwrap_or(u64::MAX));
    Ok((due, waiting))
}

fn due_table(due: &[Due]) -> String {
    let mut table = Table::new(&["WHO", "WHAT", "ABOUT", "UNTIL", "WAITING FOR YOU", "COMMAND"]);
    for Due { who, item } in due {
        table.row([
            who.into(),
            (&item.kind).into(),
            (&item.subject).into(),
            item.by.map(date_and_distance).unwrap_or_default().into(),
            item.waits.clone().unwrap_or_default().into(),
            Cell::styled(CYAN, &item.command),
        ]);
    }
    table.or("Nothing is due from you.")
}

fn waiting_table(waiting: &[Awaited]) -> String {
    if waiting.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}\n", styled(BOLD, "You wait for"));
    for one in waiting {
        let by = one.by.map(|at| format!(", until {}", date_and_distance(at))).unwrap_or_default();
        text.push_str(&format!("  {}{}\n", harmless(&one.subject), styled(DIM, by)));
        for what in &one.waits_for {
            text.push_str(&format!("    {}\n", harmless(what)));
        }
    }
    text
}

fn calendar(network: &str, due: &[Due]) -> String {
    let ids: Vec<String> = due.iter().map(|one| one.item.id.to_string()).collect();
    let about = |(Due { who, item }, id): (&Due, &String)| {
        let waits = item.waits.as_ref().map(|whom| format!("\n{whom} waits for it.")).unwrap_or_default();
        // The command names the panel or the document too, which tells two things on one application apart.
        let what = format!("{} {}", item.kind, item.command);
        (
            [who.clone(), what, id.clone()],
            format!("{}: {}", item.kind, item.subject),
            format!("Due from {who}.{waits}\n{}", item.command),
            item.by,
        )
    };
    let parts: Vec<_> = due.iter().zip(&ids).map(about).collect();
    let entries: Vec<Entry<'_>> = parts
        .iter()
        .map(|([who, what, id], summary, description, by)| Entry {
            identity: [network, who, what, id],
            summary: summary.clone(),
            description: description.clone(),
            by: *by,
        })
        .collect();
    ics::calendar("Due from you", &entries, now_ms())
}
