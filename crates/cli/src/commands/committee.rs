//! `cohub committee`: who decides in this term.

use serde_json::{Value, json};

use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, DIM, short, styled};
use crate::table::{Cell, Table};

pub(crate) async fn show(context: &Context) -> Result<Answer, Error> {
    let registry = context.registry().await?;
    let committee = &registry.part.committee;
    let mut table = Table::new(&["SEAT", "HUB", "VOTES WITH", "TELLER"]);
    for (place, seat) in (1..).zip(&committee.seats) {
        table.row([
            format!("{place}").into(),
            Cell::styled(BOLD, &seat.slug),
            short(&seat.voting.to_string()).into(),
            short(&seat.teller.to_string()).into(),
        ]);
    }
    let handed_over = match committee.motion {
        Some(motion) => format!(
            " It was seated by {}, and {} of the tellers before it have handed over.",
            short(&motion.to_string()),
            committee.handovers
        ),
        None => String::new(),
    };
    let words = format!(
        "Term {}.{handed_over} An outcome is final once {} of {} tellers return it; {} may lie or be away without harm.",
        committee.term,
        committee.quorum,
        committee.seats.len(),
        committee.tolerated
    );
    let whole = registry.whole.get("committee").and_then(Value::as_object).cloned().unwrap_or_default();
    Answer::new("committee.show", &json!(whole), format!("{}\n{}", table.or("No seats."), styled(DIM, words)))
}
