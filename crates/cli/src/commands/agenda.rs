//! `cohub agenda`: what is due from the people whose keys lie here.

use cohub_node::api::{Agenda, AgendaItem, Call};
use serde::Serialize;
use serde_json::json;

use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::CYAN;
use crate::table::{Cell, Table};
use crate::when::date_and_distance;

#[derive(Debug, Serialize)]
struct Due {
    /// The label of the key that owes it.
    who: String,
    #[serde(flatten)]
    item: AgendaItem,
}

pub(crate) async fn run(context: &Context) -> Result<Answer, Error> {
    let mut client = context.client().await?;
    let people = context.keystore()?.list()?.into_iter().filter(|info| info.encrypted);
    let mut due = Vec::new();
    for info in people {
        let agenda: Agenda = client.call(&Call::Agenda { key: info.key }).await?;
        due.extend(agenda.due.into_iter().map(|item| Due { who: info.label.clone(), item }));
    }
    due.sort_by_key(|one| one.item.by.unwrap_or(u64::MAX));
    let mut table = Table::new(&["WHO", "WHAT", "ABOUT", "UNTIL", "COMMAND"]);
    for one in &due {
        let until = one.item.by.map(date_and_distance).unwrap_or_default();
        let command = Cell::styled(CYAN, &one.item.command);
        table.row([
            (&one.who).into(),
            (&one.item.kind).into(),
            (&one.item.subject).into(),
            until.into(),
            command,
        ]);
    }
    let text = table.or("Nothing is due from you.");
    Answer::new("agenda", &json!({ "due": due }), text)
}
