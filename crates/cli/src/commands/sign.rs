//! `cohub sign`: the manifesto for a hub, or an admission for the new hub or a seat.

use cohub_node::api::Referent;
use cohub_node::identity;
use cohub_registry::{Intent, Role};

use crate::arguments::Sign;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::write::{Signer, Writing};

pub(crate) async fn run(context: &Context, sign: Sign) -> Result<Answer, Error> {
    let (signer, intent) = match sign.what.as_str() {
        "manifesto" => (Signer::Controller, Intent::SignManifesto),
        admission => {
            let application = context.resolve(Referent::Application, admission).await?;
            (side(context, &application).await?, Intent::SignAdmission { application })
        }
    };
    Writing { name: "sign", signer, intent, attachments: Vec::new(), signing: &sign.signing }
        .write(context)
        .await
}

/// The new hub signs with its controller, a seat with its representative.
async fn side(context: &Context, application: &cohub_record::Id) -> Result<Signer, Error> {
    let own = identity::own_hub(&context.home()?)?.controller;
    let registry = context.registry().await?.part;
    let applicant = registry.application(application)?.hub.as_deref();
    let is_applicant = registry.hub_controlled_by(&own).is_some_and(|hub| hub.id.as_deref() == applicant);
    Ok(if is_applicant { Signer::Controller } else { Signer::Person(Role::Representative) })
}
