//! `cohub interview`: conversations with an applicant.

use cohub_node::api::Referent;
use cohub_record::Scope;
use cohub_registry::{Intent, Role};
use serde_json::json;

use super::application;
use crate::arguments::Interview;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::write::{Signer, Writing, file_attachment};

pub(crate) async fn run(context: &Context, interview: Interview) -> Result<Answer, Error> {
    match interview {
        Interview::Record { application, outcome, notes, signing } => {
            let attachments = notes.map(|file| file_attachment(&file, Scope::Members)).transpose()?;
            let application = context.resolve(Referent::Application, &application).await?;
            let writing = Writing {
                name: "interview.record",
                signer: Signer::Person(Role::Panelist),
                intent: Intent::Interview { application, outcome },
                attachments: attachments.into_iter().collect(),
                signing: &signing,
            };
            writing.write(context).await
        }
        Interview::List { application } => {
            let id = context.resolve(Referent::Application, &application).await?;
            let registry = context.registry().await?;
            let page = application::interviews(&registry.part, registry.part.application(&id)?);
            let fields =
                json!({ "application": id, "interviews": registry.of_application(&id, "interviews") });
            Answer::new("interview.list", &fields, page)
        }
    }
}
