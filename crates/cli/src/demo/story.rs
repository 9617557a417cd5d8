//! The story: four hubs and more found a network, another one joins, and a stranger can check it.

use serde_json::Value;

use super::cast::Player;
use super::crowd::together;
use super::dossier::{Paper, papers};
use super::nodes::Typed;
use super::report;
use super::stage::Stage;
use super::voting::{PATIENCE, Said, text};
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{bytes, counted};

/// The charter of the demo: deadlines of seconds.
pub(super) const CHARTER: &str = include_str!("../../data/demo-charter.toml");
const MANIFESTO: &str = include_str!("../../data/demo-manifesto.txt");

/// What a node of the demo is set to: everything on this machine, at a brisk pace.
const SETTINGS: &str = "\
loopback_only = true
keystore_work_factor = 1
sync_interval_ms = 2000
knock_interval_ms = 500
redial_min_ms = 200
redial_max_ms = 2000
cache_mib = 16
log = \"warn\"
";

/// Tells it.
pub(super) async fn tell(stage: &mut Stage<'_>) -> Result<Answer, Error> {
    begin(stage).await?;
    found(stage).await?;
    invite(stage).await?;
    eligible(stage).await?;
    pre_candidate(stage).await?;
    candidate(stage).await?;
    let admission = initiative(stage).await?;
    sign(stage).await?;
    let nodes = agree(stage).await?;
    let proof = prove(stage, &admission).await?;
    report::answer(stage, nodes, proof).await
}

/// Keys, passphrases and settings: each hub's in its own directory.
async fn begin(stage: &mut Stage<'_>) -> Result<(), Error> {
    let hubs = stage.cast.all().count();
    stage.step(format!("{hubs} hubs begin, each with a directory, keys and recovery words of its own"));
    let players: Vec<Player> = stage.cast.all().cloned().collect();
    for player in &players {
        stage.write(
            &format!("passphrases/{}", player.slug()),
            format!("{} keeps this to itself\n", player.city.name),
        )?;
        let port = player.port;
        let listen =
            format!("listen = [\"/ip4/127.0.0.1/tcp/{port}\", \"/ip4/127.0.0.1/udp/{port}/quic-v1\"]\n");
        stage.write(&format!("{}/config.toml", player.slug()), format!("{listen}{SETTINGS}"))?;
    }
    let init = |player: &Player| {
        let name = format!("{} Hub", player.city.name);
        Typed::by(
            player,
            &[
                "init",
                "--slug",
                player.slug(),
                "--name",
                &name,
                "--city",
                &player.city.name,
                "--country",
                &player.city.country,
            ],
        )
    };
    stage.show(&players[0], &init(&players[0]));
    together(&players, |player| async move { init(player).run().await.map(drop) }).await?;
    let copy = |player: &Player| {
        Typed::by(player, &["key", "backup", "--out", &stage.path(&format!("{}.keys.json", player.slug()))])
    };
    stage.show(&players[0], &copy(&players[0]));
    let copies: Vec<_> = players.iter().map(copy).collect();
    together(&copies, |copy| async move { copy.run().await.map(drop) }).await.map(drop)
}

/// Cards, the founding record, and every founder's own first record.
async fn found(stage: &mut Stage<'_>) -> Result<(), Error> {
    let founders = stage.cast.founders.clone();
    stage.step(format!("{} put their cards together and found a network", counted(founders.len(), "hub")));
    let charter = stage.write("charter.toml", CHARTER)?;
    let manifesto = stage.write("manifesto.txt", MANIFESTO)?;
    let cards: Vec<String> =
        founders.iter().map(|founder| stage.path(&format!("{}.card.json", founder.slug()))).collect();
    let first = Typed::by(&founders[0], &["network", "card", "--out", &cards[0]]);
    stage.show(&founders[0], &first);
    let written = together(founders.iter().zip(&cards), |(founder, card)| async move {
        Typed::by(founder, &["network", "card", "--out", card]).run().await.map(drop)
    });
    written.await?;
    let network = stage.path("network.json");
    let mut words = vec![
        "network",
        "found",
        "--name",
        "Commons of Hubs",
        "--charter",
        &charter,
        "--manifesto",
        &manifesto,
        "--out",
        &network,
    ];
    let shown = [words.as_slice(), &["CARD", "…"]].concat();
    stage.show(&founders[0], &Typed::by(&founders[0], &shown));
    words.extend(cards.iter().map(String::as_str));
    let seats = stage.cast.seats().len().to_string();
    words.extend(["--seats", &seats]);
    Typed::by(&founders[0], &words).run().await?;
    stage.show(&founders[0], &Typed::by(&founders[0], &["network", "join", &network]));
    let network = network.as_str();
    let joined = together(&founders, |founder| async move {
        Typed::by(founder, &["network", "join", network]).run().await.map(drop)
    });
    joined.await?;

    stage.step(format!("{} come up and find each other", counted(founders.len(), "node")));
    stage.show(&founders[0], &Typed::by(&founders[0], &["up"]));
    stage.start(&founders).await?;
    let constituted = |answer: &Value| answer.get("constituted") == Some(&Value::Bool(true));
    let waiting = together(&founders, |founder| async move {
        Typed::by(founder, &["network", "info"]).run_until(PATIENCE, constituted).await.map(drop)
    });
    waiting.await?;
    stage.tell(&format!("The network is constituted; its committee has {seats} seats."));
    Ok(())
}

/// Istanbul invites Ankara, and vouches for it.
async fn invite(stage: &mut Stage<'_>) -> Result<(), Error> {
    let (sponsor, applicant) = (sponsor(stage), stage.cast.applicant.clone());
    stage.step(format!("{} invites {}, and vouches for it", sponsor.city.name, applicant.city.name));
    let typed = Typed::by(&sponsor, &["network", "invite"]);
    stage.show(&sponsor, &typed);
    let invite = text(&typed.run().await?, "invite")?;
    let short: String = invite.chars().take(24).chain(['…']).collect();
    stage.show(&applicant, &Typed::by(&applicant, &["network", "join", &short]));
    Typed::by(&applicant, &["network", "join", &invite]).run().await?;
    stage.start(std::slice::from_ref(&applicant)).await?;
    let at_the_door = |answer: &Value| {
        let door = answer.get("door").and_then(Value::as_array);
        door.is_some_and(|door| {
            door.iter().any(|one| one.get("slug").and_then(Value::as_str) == Some("ankara"))
        })
    };
    Typed::by(&sponsor, &["hub", "list"]).run_until(PATIENCE, at_the_door).await?;
    let typed = Typed::by(&sponsor, &["hub", "sponsor", applicant.slug()]);
    stage.show(&sponsor, &typed);
    typed.run().await?;
    let known = |answer: &Value| answer.get("hub_status").and_then(Value::as_str) == Some("prospect");
    Typed::by(&applicant, &["status"]).run_until(PATIENCE, known).await?;
    stage.tell(&format!("{} is a prospect: everybody keeps its records now.", applicant.city.name));
    Ok(())
}

/// The first vote runs to its deadline; one member changes its mind before.
async fn eligible(stage: &mut Stage<'_>) -> Result<(), Error> {
    let (sponsor, applicant) = (sponsor(stage), stage.cast.applicant.clone());
    let seats = stage.cast.seats().to_vec();
    stage.step(format!("{} applies; the committee hears of it and votes", applicant.city.name));
    let typed = Typed::by(&applicant, &["application", "open"]);
    stage.show(&applicant, &typed);
    typed.run().await?;
    Typed::by(&sponsor, &["application", "show", applicant.slug()]).run_once_found(PATIENCE).await?;
    let deadline = format!("{} s", 8 + seats.len());
    let motion = stage.open(&sponsor, Some(&deadline)).await?;
    let doubter = &seats[1];
    let no = Said::because("no", "We have not met them yet.");
    stage.show(
        doubter,
        &Typed::by(doubter, &["vote", &motion.id, "no", "--reason", "We have not met them yet."]),
    );
    stage.vote(doubter, &motion, no).await?;
    stage.tell(&format!("{} thinks again: its later ballot counts.", doubter.city.name));
    stage.all_yes(&seats, &motion).await?;
    stage.tell("The vote runs to its deadline; then every teller closes and returns its count.");
    stage.adopted(&seats[0], &motion).await
}

async fn pre_candidate(stage: &mut Stage<'_>) -> Result<(), Error> {
    let (sponsor, seats) = (sponsor(stage), stage.cast.seats().to_vec());
    stage.step("A first report, read by the community panel");
    hand_in(stage, &["preliminary-report"]).await?;
    review(stage, &seats[1], "community", "accept").await?;
    let motion = stage.open(&sponsor, None).await?;
    stage.all_yes(&seats, &motion).await?;
    stage.adopted(&seats[0], &motion).await
}

/// A node loses its power in the middle of this vote.
async fn candidate(stage: &mut Stage<'_>) -> Result<(), Error> {
    let (sponsor, seats) = (sponsor(stage), stage.cast.seats().to_vec());
    stage.step("A study and a projection, an interview, and a power cut in the middle of the vote");
    hand_in(stage, &["feasibility-study", "financial-projection"]).await?;
    review(stage, &seats[0], "finance", "accept").await?;
    let applicant = stage.cast.applicant.slug();
    let typed = Typed::by(&seats[2], &["interview", "record", applicant, "--outcome", "favourable"]);
    stage.show(&seats[2], &typed);
    typed.run().await?;
    ready(stage, &sponsor).await?;
    let motion = stage.open(&sponsor, None).await?;
    stage.power_cut(&seats[1], &motion).await?;
    stage.adopted(&seats[1], &motion).await
}

/// The last stage: its adoption is the admission.
async fn initiative(stage: &mut Stage<'_>) -> Result<String, Error> {
    let (sponsor, seats) = (sponsor(stage), stage.cast.seats().to_vec());
    stage.step("Plans for people, place and future, read by all panels; the vote on the admission");
    hand_in(stage, &["community-strategy", "space-design", "future-plan"]).await?;
    review(stage, &seats[0], "finance", "accept").await?;
    review(stage, &seats[1], "community", "accept").await?;
    review(stage, &seats[2], "space", "accept").await?;
    ready(stage, &sponsor).await?;
    let motion = stage.open(&sponsor, None).await?;
    stage.all_yes(&seats, &motion).await?;
    stage.adopted(&seats[0], &motion).await?;
    Ok(motion.id)
}

/// The applicant hands in papers of its dossier.
async fn hand_in(stage: &Stage<'_>, types: &[&str]) -> Result<(), Error> {
    let applicant = &stage.cast.applicant;
    for paper in papers().iter().filter(|paper| types.contains(&paper.document_type)) {
        let file = stage.write(&format!("dossier/{}", paper.file), &paper.content)?;
        let typed = Typed::by(applicant, &["document", "add", &file, "--type", paper.document_type]);
        stage.show(applicant, &typed);
        typed.run().await?;
    }
    Ok(())
}

/// A panelist's node fetches every document, which is compared with what was handed in; then the review.
async fn review(stage: &Stage<'_>, reviewer: &Player, panel: &str, recommend: &str) -> Result<(), Error> {
    let applicant = stage.cast.applicant.slug();
    let expected = handed_in_so_far(stage).await?;
    let complete = |answer: &Value| documents(answer).len() >= expected;
    let list = Typed::by(reviewer, &["document", "list", applicant]).run_until(PATIENCE, complete).await?;
    let (mut read, mut size) = (0, 0);
    for document in documents(&list) {
        let (id, document_type) = (text(document, "id")?, text(document, "type")?);
        let paper = papers().into_iter().find(|paper| paper.document_type == document_type);
        let paper = paper.ok_or_else(|| Error::failed(format!("nobody handed in a {document_type}")))?;
        size += fetch(stage, reviewer, panel, &id, &paper).await?;
        read += 1;
    }
    let (read, size) = (counted(read, "document"), bytes(size));
    stage.tell(&format!("{} fetched and verified {read}, {size}.", reviewer.city.name));
    let words = ["review", "add", applicant, "--panel", panel, "--recommend", recommend];
    let typed = Typed::by(reviewer, &words);
    stage.show(reviewer, &typed);
    typed.run().await.map(drop)
}

/// How many documents the applicant's own node holds.
async fn handed_in_so_far(stage: &Stage<'_>) -> Result<usize, Error> {
    let own = Typed::by(&stage.cast.applicant, &["document", "list"]).run().await?;
    Ok(documents(&own).len())
}

fn documents(answer: &Value) -> Vec<&Value> {
    answer.get("documents").and_then(Value::as_array).into_iter().flatten().collect()
}

async fn fetch(
    stage: &Stage<'_>,
    reviewer: &Player,
    panel: &str,
    id: &str,
    paper: &Paper,
) -> Result<u64, Error> {
    let out = stage.path(&format!("reading/{}/{panel}/{}", reviewer.slug(), paper.file));
    let parent = std::path::Path::new(&out).parent().map_or(Ok(()), std::fs::create_dir_all);
    parent.map_err(|error| Error::failed(format!("{out} cannot be written: {error}")))?;
    let _ = std::fs::remove_file(&out);
    Typed::by(reviewer, &["document", "get", id, "--out", &out, "--wait", "60 s"]).run().await?;
    let read =
        std::fs::read(&out).map_err(|error| Error::failed(format!("{out} cannot be read: {error}")))?;
    if read != paper.content {
        return Err(Error::failed(format!("{out} is not what was handed in")));
    }
    Ok(read.len() as u64)
}

/// Waits until a node knows that nothing is missing for the next stage.
async fn ready(stage: &Stage<'_>, player: &Player) -> Result<(), Error> {
    let nothing_missing = |answer: &Value| {
        let missing = answer.pointer("/application/next/missing").and_then(Value::as_array);
        missing.is_some_and(Vec::is_empty)
    };
    let typed = Typed::by(player, &["application", "show", stage.cast.applicant.slug()]);
    typed.run_until(PATIENCE, nothing_missing).await.map(drop)
}

/// Both sides sign the admission.
async fn sign(stage: &mut Stage<'_>) -> Result<(), Error> {
    let applicant = stage.cast.applicant.clone();
    stage.step("Both sides sign the admission");
    let mut sides = stage.cast.seats().get(..2).unwrap_or_default().to_vec();
    sides.push(applicant.clone());
    for side in &sides {
        let typed = Typed::by(side, &["sign", applicant.slug()]);
        stage.show(side, &typed);
        let admitted =
            |answer: &Value| answer.pointer("/application/signatures").is_some_and(|s| !s.is_null());
        Typed::by(side, &["application", "show", applicant.slug()]).run_until(PATIENCE, admitted).await?;
        typed.run().await?;
    }
    Ok(())
}

/// Every node shows the same registry, with the applicant as a co-owner.
async fn agree(stage: &mut Stage<'_>) -> Result<Vec<report::Agreed>, Error> {
    let applicant = stage.cast.applicant.slug().to_owned();
    stage.step("Every node shows the same registry");
    let co_owner = |answer: &Value| report::status_of(answer, &applicant).as_deref() == Some("co-owner");
    let players: Vec<Player> = stage.cast.all().cloned().collect();
    let waiting = together(&players, |player| async {
        Typed::by(player, &["registry", "show"]).run_until(PATIENCE, co_owner).await.map(drop)
    });
    waiting.await?;
    let end = std::time::Instant::now() + PATIENCE;
    loop {
        let seen = together(&players, |player| async move { report::Agreed::ask(player).await }).await?;
        let equal = seen.iter().all(|one| one.head == seen[0].head);
        if equal {
            stage.tell(&format!("{}: head {}", counted(seen.len(), "node"), seen[0].head));
            return Ok(seen);
        }
        if std::time::Instant::now() > end {
            let heads: Vec<String> = seen.iter().map(|one| format!("  {} {}", one.hub, one.head)).collect();
            return Err(Error::failed(format!("the nodes' registries differ:\n{}", heads.join("\n"))));
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

/// The decision in a file, verified by somebody who has no node.
async fn prove(stage: &mut Stage<'_>, admission: &str) -> Result<report::Proof, Error> {
    let applicant = stage.cast.applicant.clone();
    stage.step("The decision in one file, verified without a node");
    let path = stage.path("admission-of-ankara.certificate");
    let typed = Typed::by(&applicant, &["certificate", "export", admission, "--out", &path]);
    stage.show(&applicant, &typed);
    typed.run().await?;
    let network = text(&Typed::by(&applicant, &["network", "info"]).run().await?, "network")?;
    let typed = Typed::by_anybody(&["certificate", "verify", &path, "--network", &network]);
    stage.show_anybody(&typed);
    let verified = typed.run().await?;
    stage.tell_paragraph(&text(&verified, "explanation")?);
    Ok(report::Proof { certificate: path, network, verified })
}

/// Who sponsors the applicant: the last of the four first founders, as the crow flies the nearest.
fn sponsor(stage: &Stage<'_>) -> Player {
    stage.cast.founder(3).clone()
}
