//! `cohub committee`: who decides in this term, and who would in the next.

use cohub_node::api::{Call, Nominee};
use cohub_node::identity;
use cohub_registry::{Intent, Role, Roles};
use serde_json::{Value, json};

use crate::arguments::{Committee, Signing};
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, DIM, short, styled};
use crate::table::{Cell, Table};
use crate::write::{Signer, Writing};

pub(crate) async fn run(context: &Context, committee: Committee) -> Result<Answer, Error> {
    match committee {
        Committee::Show => show(context).await,
        Committee::Accept { signing } => accept(context, &signing).await,
    }
}

/// The hub grants a teller's key that no committee has counted with. Where it did before there is nothing to sign.
async fn accept(context: &Context, signing: &Signing) -> Result<Answer, Error> {
    let controller = identity::own_hub(&context.home()?)?.controller;
    let nominee: Nominee = context.ask(Call::Nominate { controller }).await?;
    let registry = context.registry().await?.part;
    let teller = Role::Teller.as_str();
    let granted = registry.hub_controlled_by(&controller).and_then(|hub| {
        let mut keys = hub.keys.iter();
        keys.find(|key| key.key == nominee.key && key.roles.iter().any(|role| role == teller))
    });
    if let Some(granted) = granted {
        let text = format!(
            "{}\nYour hub granted this teller's key before and no committee has counted with it: nothing was signed.",
            styled(BOLD, nominee.key.to_string())
        );
        let fields = json!({ "teller": nominee.key, "record": granted.grant, "signed": false });
        return Answer::new("committee.accept", &fields, text);
    }
    let roles = Roles::new(vec![Role::Teller]).map_err(|error| Error::failed(error.to_string()))?;
    let intent = Intent::Grant { key: nominee.key, roles, consent: nominee.consent, encryption: None };
    let signer = Signer::Controller;
    let writing = Writing { name: "committee.accept", signer, intent, attachments: Vec::new(), signing };
    let fields = json!({ "teller": nominee.key, "signed": true });
    Ok(writing.write(context).await?.with(&fields))
}

async fn show(context: &Context) -> Result<Answer, Error> {
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
        Some(motion) if committee.fallback => format!(
            " It was seated by the fallback {}: nothing was handed over, and what that lists stands.",
            short(&motion.to_string())
        ),
        Some(motion) => format!(
            " It was seated by {}, and {} of the tellers before it have handed over.",
            short(&motion.to_string()),
            committee.handovers
        ),
        None => String::new(),
    };
    let generation = match committee.generation {
        1 => String::new(),
        number => format!(", generation {number}"),
    };
    let words = format!(
        "Term {}{generation}.{handed_over} An outcome is final once {} of {} tellers return it; {} may lie or be away without harm.",
        committee.term,
        committee.quorum,
        committee.seats.len(),
        committee.tolerated
    );
    let whole = registry.whole.get("committee").and_then(Value::as_object).cloned().unwrap_or_default();
    Answer::new("committee.show", &json!(whole), format!("{}\n{}", table.or("No seats."), styled(DIM, words)))
}
