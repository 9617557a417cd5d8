//! `cohub init`: a hub's keys, and the words that can replace them.

use cohub_node::identity;
use cohub_registry::Profile;
use serde_json::json;

use crate::arguments::Init;
use crate::cities;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, YELLOW, styled};
use crate::table::pairs;

pub(crate) fn run(context: &Context, init: Init) -> Result<Answer, Error> {
    let home = context.home()?;
    if let Ok(hub) = identity::own_hub(&home) {
        let slug = hub.profile.slug.to_string();
        return Err(cohub_node::NodeError::HubExists { home: home.dir().to_owned(), slug }.into());
    }
    let (lat, lon) = coordinates(&init)?;
    let profile =
        Profile { name: init.name, slug: init.slug, city: init.city, country: init.country, lat, lon };
    let passphrase = context.new_passphrase()?;
    let work_factor = context.settings()?.keystore_work_factor;
    let made = identity::init(&home, profile, &passphrase, work_factor)?;
    let profile = &made.hub.profile;
    let fields = json!({
        "home": home.dir(),
        "hub": profile,
        "controller": made.hub.controller,
        "representative": made.representative,
        "teller": made.teller,
        "node": made.node,
        "recovery_words": made.recovery_words.as_str(),
    });
    let text = format!(
        "{} {}\n{}\n{}\n{}\nNext: found a network or join one, `cohub network --help`.",
        styled(BOLD, profile.name.as_str()),
        format_args!("begins in {}.", home.dir().display()),
        pairs(&[
            ("controller", made.hub.controller.to_string()),
            ("representative", made.representative.to_string()),
            ("teller", made.teller.to_string()),
            ("node", made.node.to_string()),
        ]),
        styled(
            YELLOW,
            "Write these 24 words on paper. They are shown once and stored nowhere; whoever has them can\n\
             become the hub's controller, and without them a lost controller key is lost for good.",
        ),
        numbered(&made.recovery_words),
    );
    Answer::new("init", &fields, text)
}

fn coordinates(init: &Init) -> Result<(i32, i32), Error> {
    if let (Some(lat), Some(lon)) = (init.lat, init.lon) {
        return Ok((lat, lon));
    }
    let city = cities::find(init.city.as_str(), init.country.as_str()).ok_or_else(|| {
        let (city, country) = (&init.city, &init.country);
        Error::usage(format!(
            "the coordinates of {city} ({country}) are not known here: give --lat and --lon"
        ))
    })?;
    Ok((city.lat, city.lon))
}

/// Words in rows of six with their numbers.
fn numbered(words: &str) -> String {
    let words: Vec<String> =
        (1..).zip(words.split(' ')).map(|(number, word)| format!("{number:>4} {word:<9}")).collect();
    words.chunks(6).map(|row| format!("{}\n", row.concat().trim_end())).collect()
}
