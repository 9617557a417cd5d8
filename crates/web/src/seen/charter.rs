//! What the pages read of a charter, and who sits on its panels.

use cohub_registry::Conflict;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Charter {
    pub(crate) version: u32,
    pub(crate) record: String,
    pub(crate) text: CharterText,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct CharterText {
    pub(crate) title: String,
    pub(crate) timing: Timing,
    pub(crate) sponsorship: Sponsorship,
    pub(crate) signing_seats: usize,
    pub(crate) rules: Vec<Rule>,
    pub(crate) stages: Vec<Stage>,
    pub(crate) panels: Vec<Panel>,
    #[serde(default)]
    pub(crate) conflicts: Vec<Conflict>,
    #[serde(default)]
    pub(crate) blind: Vec<Blind>,
    /// Who decides what is no stage, where that differs from what is usual.
    #[serde(default)]
    pub(crate) decisions: Vec<Decides>,
}

/// A stage whose reviews are sealed until all are in, or so much time has gone.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Blind {
    pub(crate) stage: String,
    pub(crate) within_ms: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Decides {
    pub(crate) matter: String,
    pub(crate) body: String,
    pub(crate) rule: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Timing {
    pub(crate) notice_ms: u64,
    pub(crate) grace_ms: u64,
    pub(crate) maximum_ms: u64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct Sponsorship {
    pub(crate) open: usize,
    pub(crate) records: usize,
}

/// A counting rule. The registry's own [`cohub_registry::Rule`] counts; this is what a page shows of it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Rule {
    pub(crate) slug: String,
    pub(crate) quorum: String,
    pub(crate) quorum_counts_abstentions: bool,
    pub(crate) floor: String,
    pub(crate) base: String,
    pub(crate) approval: String,
    pub(crate) at_least: bool,
    pub(crate) consent: bool,
    pub(crate) early_close: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Stage {
    pub(crate) slug: String,
    pub(crate) title: String,
    pub(crate) documents: Vec<String>,
    pub(crate) reviews: Vec<RequiredReview>,
    pub(crate) interview: bool,
    pub(crate) body: String,
    pub(crate) rule: String,
    pub(crate) open_within_ms: u64,
    pub(crate) wait_ms: u64,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RequiredReview {
    pub(crate) panel: String,
    pub(crate) count: usize,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Panel {
    pub(crate) slug: String,
    pub(crate) title: String,
}

/// Who sits on a panel.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct PanelSeats {
    pub(crate) panel: String,
    pub(crate) members: Vec<Panelist>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Panelist {
    pub(crate) key: String,
    pub(crate) hub: Option<String>,
}
