//! What the demo came to: for scripts in JSON, for people in a table and commands to try next.

use serde::Serialize;
use serde_json::Value;

use super::cast::Player;
use super::nodes::Typed;
use super::stage::{Stage, Step};
use super::voting::text;
use crate::commands::registry_page;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, CYAN, GREEN, styled};
use crate::seen;
use crate::table::{Cell, Table};

/// What one node holds at the end.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Agreed {
    pub(super) hub: String,
    home: std::path::PathBuf,
    pub(super) head: String,
    records: u64,
}

/// The decision as it was proved.
#[derive(Debug)]
pub(super) struct Proof {
    pub(super) certificate: String,
    pub(super) network: String,
    pub(super) verified: Value,
}

#[derive(Debug, Serialize)]
struct Applicant<'a> {
    slug: &'a str,
    status: String,
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    network: &'a str,
    dir: &'a std::path::Path,
    seats: usize,
    nodes: &'a [Agreed],
    applicant: Applicant<'a>,
    certificate: &'a str,
    certificate_valid: bool,
    steps: Vec<Step>,
    /// Where the nodes' pages are; none where the nodes end with the story.
    pages: &'a [Pages],
}

/// The pages of one node.
#[derive(Debug, Clone, Serialize)]
struct Pages {
    hub: String,
    /// With a code that opens them once.
    address: String,
    /// Where it shows the registry to everybody.
    public: Option<String>,
}

/// Nodes whose pages are named; the others' are a command away.
const PAGES_NAMED: usize = 5;

impl Agreed {
    /// Asks a node for its registry's head and the number of its records.
    pub(super) async fn ask(player: &Player) -> Result<Self, Error> {
        let status = Typed::by(player, &["status"]).run().await?;
        Ok(Self {
            hub: player.slug().to_owned(),
            home: player.home.clone(),
            head: text(&status, "head")?,
            records: status.get("records").and_then(Value::as_u64).unwrap_or_default(),
        })
    }
}

/// A hub's status in a registry.
pub(super) fn status_of(registry: &Value, slug: &str) -> Option<String> {
    let hubs = registry.get("hubs")?.as_array()?;
    let hub = hubs.iter().find(|hub| hub.get("slug").and_then(Value::as_str) == Some(slug))?;
    hub.get("status").and_then(Value::as_str).map(str::to_owned)
}

/// The answer of the whole demo.
pub(super) async fn answer(stage: &mut Stage<'_>, nodes: Vec<Agreed>, proof: Proof) -> Result<Answer, Error> {
    let steps = stage.steps();
    let first = stage.cast.founder(0).clone();
    let whole = Typed::by(&first, &["registry", "show"]).run().await?;
    let status = status_of(&whole, stage.cast.applicant.slug()).unwrap_or_default();
    let valid = proof.verified.get("valid") == Some(&Value::Bool(true));
    let pages = pages(stage).await?;
    let fields = Report {
        network: &proof.network,
        dir: stage.dir(),
        seats: stage.cast.seats().len(),
        nodes: &nodes,
        applicant: Applicant { slug: stage.cast.applicant.slug(), status },
        certificate: &proof.certificate,
        certificate_valid: valid,
        steps,
        pages: &pages,
    };
    let total: u64 = fields.steps.iter().map(|step| step.ms).sum();
    let registry = seen::Registry::read(whole)?.part;
    let text = format!(
        "\n{}\n\n{}\n{}{}\n{} in {}.{} s. Everything lies in {}.",
        registry_page(&registry),
        places(stage),
        commands(stage, &first),
        looking(&pages),
        styled(GREEN, "Told"),
        total / 1_000,
        total % 1_000 / 100,
        stage.dir().display(),
    );
    Answer::new("demo", &fields, text)
}

/// Where each node is.
fn places(stage: &Stage<'_>) -> String {
    let mut table = Table::new(&["NODE", "DIRECTORY", "SOCKET"]);
    for player in stage.cast.all() {
        let socket = cohub_node::Home::at(&player.home).map(|home| home.socket().display().to_string());
        table.row([
            Cell::styled(BOLD, player.slug()),
            player.home.display().to_string().into(),
            socket.unwrap_or_default().into(),
        ]);
    }
    table.or("")
}

/// One-time addresses of the first nodes' pages.
async fn pages(stage: &Stage<'_>) -> Result<Vec<Pages>, Error> {
    let mut pages = Vec::new();
    for player in stage.cast.all().take(if stage.has_pages() { PAGES_NAMED } else { 0 }) {
        let answer = Typed::by(player, &["ui", "--print"]).run().await?;
        let home = cohub_node::Home::at(&player.home)?;
        let public = cohub_web::public_address(&home);
        pages.push(Pages { hub: player.slug().to_owned(), address: text(&answer, "address")?, public });
    }
    Ok(pages)
}

/// Where to look at the network in a browser.
fn looking(pages: &[Pages]) -> String {
    if pages.is_empty() {
        return String::new();
    }
    let lines = pages.iter().map(|one| format!("  {:<12} {}\n", one.hub, styled(CYAN, &one.address)));
    let title = styled(BOLD, "Look at it in a browser");
    let public = pages
        .iter()
        .find_map(|one| one.public.as_deref())
        .map(|address| format!("As anybody would who is shown it: {}\n", styled(CYAN, address)));
    format!(
        "\n{title}, as each hub sees it. An address opens once, within an hour:\n{}{}",
        lines.collect::<String>(),
        public.unwrap_or_default(),
    )
}

/// Three commands to try next.
fn commands(stage: &Stage<'_>, player: &Player) -> String {
    let home = player.home.display();
    let applicant = stage.cast.applicant.slug();
    let lines = [
        format!("cohub --home {home} hub show {applicant}"),
        format!("cohub --home {home} motion show {applicant}"),
        format!(
            "cohub --home {home} --passphrase-file {} hub profile --year 2026 --members 180 --events 52 --ventures 9 --jobs 31",
            player.passphrase.display()
        ),
    ];
    let lines: String = lines.iter().map(|line| format!("  {}\n", styled(CYAN, line))).collect();
    format!("{}\n{lines}", styled(BOLD, "Try next"))
}
