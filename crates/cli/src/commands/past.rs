//! `cohub registry at`: the registry as it was, and what "as of" means.

use cohub_node::api::{Call, Referent};
use cohub_registry::AsOf;

use super::registry::page;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{DIM, styled, wrapped};
use crate::seen::Registry;
use crate::when::{date, read_past};

/// Columns of a paragraph.
const WIDTH: usize = 100;

/// The registry of some time, and how one says which.
pub(crate) struct Then {
    /// The registry.
    pub(crate) registry: Registry,
    /// Of when, in words.
    pub(crate) words: String,
    /// What "as of" means here.
    meaning: &'static str,
}

/// The registry as it is, where nothing is said; else as of a date or a motion.
pub(crate) async fn read(context: &Context, text: Option<&str>) -> Result<Then, Error> {
    let Some(text) = text.filter(|text| *text != "now") else {
        let registry = context.registry().await?;
        return Ok(Then { registry, words: "now".to_owned(), meaning: "what this node holds" });
    };
    let (as_of, words, meaning) = match read_past(text) {
        Some(at) => (
            AsOf::Date(at),
            date(at),
            "decisions whose date, the lower median of the tellers' returns that prove them, is not later, with all \
             that they rest on; other records by their authors' clocks. Of what this node holds now; records that \
             come later may be dated earlier",
        ),
        None => {
            let motion = context.resolve(Referent::Motion, text).await?;
            (
                AsOf::Motion(motion),
                format!("the decision on {motion}"),
                "what the certificate of the motion holds: what who decided it had built on, and nothing else",
            )
        }
    };
    let registry = Registry::read(context.ask(Call::RegistryAt { as_of }).await?)?;
    Ok(Then { registry, words, meaning })
}

/// The registry as it was.
pub(crate) async fn at(context: &Context, text: &str) -> Result<Answer, Error> {
    let Then { registry, words, meaning } = read(context, Some(text)).await?;
    let mut note = styled(DIM, format!("As of {words}:"));
    for line in wrapped(meaning, WIDTH) {
        note.push_str(&format!("\n{}", styled(DIM, format!("  {line}"))));
    }
    let text = format!("{}\n{note}", page(&registry.part));
    Answer::new("registry.at", &registry.whole, text)
}
