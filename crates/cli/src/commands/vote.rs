//! `cohub vote`: one ballot.

use cohub_node::api::Referent;
use cohub_registry::{Intent, Role};

use crate::arguments::Vote;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::write::{Signer, Writing, text_attachment};

pub(crate) async fn run(context: &Context, vote: Vote) -> Result<Answer, Error> {
    let motion = context.resolve(Referent::Motion, &vote.motion).await?;
    let reason = vote.reason.map(|reason| text_attachment("reason.txt", &reason)).transpose()?;
    let writing = Writing {
        name: "vote",
        signer: Signer::Person(Role::Representative),
        intent: Intent::Ballot { motion, choice: vote.choice },
        attachments: reason.into_iter().collect(),
        signing: &vote.signing,
    };
    writing.write(context).await
}
