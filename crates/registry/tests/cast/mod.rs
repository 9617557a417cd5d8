//! A cast for tests: hubs with all their keys, a network that takes what they write, pages of every kind
//! that cite the right things, and scenes that play a motion or a newcomer's whole way.
//!
//! Keys follow from names, so the same play gives the same bytes.

#![allow(dead_code, unused_imports, reason = "each test binary plays a part of it")]

mod assembly;
mod crowd;
mod network;
mod pages;
mod scenes;
mod tangle;

pub(crate) use assembly::{appointment, resolution};
pub(crate) use crowd::{counted_motion, crowd};
pub(crate) use network::{
    AMSTERDAM, Desk, ISTANBUL, Network, Page, SAO_PAULO, VIENNA, Who, controller, founding, founding_record,
    key, next_controller, node, profile, representative, secret, spare, teller,
};
pub(crate) use pages::{attachment, consent, file};
pub(crate) use scenes::Newcomer;
pub(crate) use tangle::{Dice, is_tangled, tangle};

use cohub_record::Slug;
use cohub_registry::Charter;

/// The charter of the example network.
pub(crate) const EXAMPLE: &str = include_str!("../../../../config/charter.toml");

/// A charter with three stages, each with another rule, and everything that a stage can ask for.
pub(crate) const SMALL: &str = r#"
title = "Small"
signing_seats = 2

[timing]
notice = "1 second"
grace = "1 second"
maximum = "1 day"

[sponsorship]
open = 2
records = 100

[panels]
finance = "Finance"
space = "Space"

[[stages]]
slug = "eligible"
title = "Eligible"
rule = "simple"

[[stages]]
slug = "candidate"
title = "Candidate"
documents = ["plan", "budget"]
reviews = { finance = 2, space = 1 }
interview = true
rule = "consent"

[[stages]]
slug = "initiative"
title = "Initiative"
rule = "two-thirds"
"#;

/// The charter that a text says.
pub(crate) fn charter(text: &str) -> Charter {
    Charter::from_toml(text).unwrap_or_else(|error| panic!("{error}"))
}

/// A slug, from a text that is one.
pub(crate) fn slug(text: &str) -> Slug {
    text.parse().expect("a slug")
}
