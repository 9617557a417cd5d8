//! `cohub review`: what panelists think of an application.

use cohub_node::api::Referent;
use cohub_record::{Id, List, Scope};
use cohub_registry::{Intent, Recommendation, Role};
use serde_json::{Value, json};

use super::application;
use super::blind::{self, Said};
use crate::arguments::Review;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, counted, styled};
use crate::table::pairs;
use crate::when::date;
use crate::write::{Signer, Writing, file_attachment};

pub(crate) async fn run(context: &Context, review: Review) -> Result<Answer, Error> {
    match review {
        Review::Add { application, panel, recommend, scores, text, signing } => {
            let application = context.resolve(Referent::Application, &application).await?;
            let scores = List::new(scores).map_err(|error| Error::usage(format!("--score: {error}")))?;
            let decides = matches!(recommend, Recommendation::Accept | Recommendation::Decline);
            if decides && is_blind(context, &application).await? {
                let said = Said { panel, recommendation: recommend, scores, text };
                return blind::seal(context, application, said, &signing).await;
            }
            let attachments = text.map(|file| file_attachment(&file, Scope::Members)).transpose()?;
            let intent = Intent::Review { application, panel, recommendation: recommend, scores };
            let writing = Writing {
                name: "review.add",
                signer: Signer::Person(Role::Panelist),
                intent,
                attachments: attachments.into_iter().collect(),
                signing: &signing,
            };
            writing.write(context).await
        }
        Review::Open { review, signing } => blind::open(context, &review, &signing).await,
        Review::List { application } => list(context, &application).await,
        Review::Show { review } => show(context, &review).await,
    }
}

/// Whether the reviews that an application's next stage asks for are blind.
async fn is_blind(context: &Context, id: &Id) -> Result<bool, Error> {
    let registry = context.registry().await?.part;
    Ok(registry.application(id)?.next.as_ref().is_some_and(|next| next.blind_ms.is_some()))
}

async fn list(context: &Context, text: &str) -> Result<Answer, Error> {
    let id = context.resolve(Referent::Application, text).await?;
    let registry = context.registry().await?;
    let page = application::reviews(&registry.part, registry.part.application(&id)?);
    let fields = json!({ "application": id, "reviews": registry.of_application(&id, "reviews") });
    Answer::new("review.list", &fields, page)
}

async fn show(context: &Context, text: &str) -> Result<Answer, Error> {
    let id = context.resolve(Referent::Record, text).await?;
    let registry = context.registry().await?;
    let found = registry.part.applications.iter().find_map(|application| {
        application.reviews.iter().find(|review| review.id == id).map(|review| (application, review))
    });
    let (application, review) = found.ok_or_else(|| Error::not_found(format!("{id} is no review")))?;
    let reviews = registry.of_application(&application.id, "reviews");
    let whole = reviews.as_array().and_then(|all| {
        all.iter().find(|one| one.get("id").and_then(Value::as_str) == Some(&id.to_string()))
    });
    let marks: Vec<String> =
        review.scores.iter().map(|score| format!("{} {}", score.criterion, score.points)).collect();
    let opens = review.opens.map_or_else(String::new, |sealed| sealed.to_string());
    let page = pairs(&[
        ("review", id.to_string()),
        ("opens", opens),
        ("application", registry.part.slug(application.hub.as_deref())),
        ("panel", review.panel.clone()),
        ("by", registry.part.slug(review.hub.as_deref())),
        ("recommends", styled(BOLD, &review.recommendation)),
        (
            "counts",
            match review.conflict {
                Some(conflict) => format!("no, for a conflict of interest: its author {}", conflict.words()),
                None if review.recommendation != "sealed" => "yes".to_owned(),
                None if review.opens_from.is_none() => "by the review that opened it".to_owned(),
                None => "once its author has opened it".to_owned(),
            },
        ),
        ("marks", marks.join(", ")),
        ("read", counted(review.documents.len(), "document")),
        ("date", date(review.at)),
    ]);
    Answer::new("review.show", &json!({ "application": application.id, "review": whole }), page)
}
