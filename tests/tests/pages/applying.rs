//! A hub comes in, applies, is reviewed and voted on by pages alone; what is wrong is refused on the way.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::forms::{broken_off, hidden, send, upload};
use crate::http::{Answer, Door};
use crate::network::{Network, PATIENCE, until};

/// The hub that comes.
const HUB: &str = "graz";
/// Bytes that an attachment has at the most, and a form around it, and some more.
const TOO_MUCH: u64 = 600 << 20;

/// The application as a node knows it by now.
fn known(door: &Door, dossier: &str) -> Option<Value> {
    let answer = door.get(&format!("/api/v1{dossier}"));
    (answer.status == 200).then(|| answer.json()["application"].clone())
}

fn documents(door: &Door, dossier: &str) -> Vec<Value> {
    known(door, dossier).and_then(|known| known["documents"].as_array().cloned()).unwrap_or_default()
}

/// Files that wait for a signature.
fn waiting(network: &Network) -> usize {
    std::fs::read_dir(network.home(HUB).join("ui/uploads")).unwrap().count()
}

/// The page that an answer leads to.
fn follow(door: &Door, answer: &Answer) -> Answer {
    assert_eq!(answer.status, 303, "{}", answer.text());
    door.get(answer.header("location").unwrap())
}

/// Reads what will be signed, signs it, and answers how that ended.
fn sign(door: &Door, dossier: &str, fields: &[(&str, &str)], passphrase: &str) -> Answer {
    let page = send(door, &format!("{dossier}/review"), fields);
    assert_eq!(page.status, 200, "{fields:?}: {}", page.text());
    let shown = hidden(&page.text(), "shown");
    let agreed = [fields, &[("shown", shown.as_str()), ("passphrase", passphrase)]].concat();
    send(door, &format!("{dossier}/sign"), &agreed)
}

/// From an empty home to a prospect, by its own pages and those of who invites it.
pub(crate) fn a_hub_comes_in_by_its_pages(network: &mut Network) -> Door {
    let init = ["init", "--slug", HUB, "--name", "Graz Hub", "--city", "Graz", "--country", "AT"];
    network.begin(HUB, &[&init[..], &["--lat", "47.07", "--lon", "15.44"]].concat());
    network.start(HUB, &["up", "--ui", "--ui-listen", "127.0.0.1:0"]);
    until(PATIENCE, || network.home(HUB).join("ui/address").is_file().then_some(()));
    let graz = network.open(HUB);
    for path in ["/", "/begin", "/applications", "/invite"] {
        until(PATIENCE, || {
            let text = graz.get(path).text();
            (text.contains("no network yet") && text.contains("Join with an invite")).then_some(())
        });
    }
    let istanbul = network.open("istanbul");
    assert_eq!(send(&istanbul, "/invite", &[("days", "100000")]).status, 400);
    let page = send(&istanbul, "/invite", &[("days", "7")]).text();
    assert!(page.contains("<svg class=\"qr\"") && page.contains("href=\"cohub:cohubinvite1"), "{page}");
    let invite = page.split("cohub:").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();

    for bad in ["", "cohubinvite1", &invite[..invite.len() - 3], &invite.replace('q', "p")] {
        assert_eq!(send(&graz, "/begin/review", &[("invite", bad)]).status, 400, "{bad}");
    }
    let page = send(&graz, "/begin/review", &[("invite", &format!("cohub:{invite}"))]);
    assert_eq!(page.status, 200, "{}", page.text());
    for expected in ["What you sign", "Graz Hub", "Sign and knock"] {
        assert!(page.text().contains(expected), "{expected}");
    }
    let invite = hidden(&page.text(), "invite");
    let wrong = send(&graz, "/begin/join", &[("invite", &invite), ("passphrase", "a guess")]);
    assert_eq!(wrong.status, 403, "{}", wrong.text());
    assert!(!network.is_at_the_door(HUB), "nothing was signed");
    let passphrase = network.words_that_open(HUB);
    let joined = send(&graz, "/begin/join", &[("invite", &invite), ("passphrase", &passphrase)]);
    assert!(follow(&graz, &joined).text().contains("It knocks"));
    until(PATIENCE, || network.is_at_the_door(HUB).then_some(()));
    network.run("istanbul", &["hub", "sponsor", HUB]);
    until(PATIENCE, || graz.get("/applications").text().contains("Your hub can apply").then_some(()));
    let steps = graz.get("/begin").text();
    assert!(steps.contains("5 of 10") || steps.contains("6 of 10"), "{steps}");
    graz
}

/// It applies and hands documents in; what is broken, too large or of another kind leaves nothing behind.
pub(crate) fn it_applies_and_hands_in(network: &Network, graz: &Door) -> String {
    let passphrase = network.words_that_open(HUB);
    let applied = sign(graz, "/applications/new", &[], &passphrase);
    assert_eq!(applied.status, 303, "{}", applied.text());
    let dossier = until(PATIENCE, || {
        let page = graz.get("/api/v1/registry").json();
        let hub = page["hubs"].as_array()?.iter().find(|hub| hub["slug"] == HUB)?["id"].clone();
        let found = page["applications"].as_array()?.iter().find(|one| one["hub"] == hub)?["id"].clone();
        Some(format!("/applications/{}", found.as_str()?))
    });
    let to = format!("{dossier}/upload");
    let about = [("document_type", "preliminary-report"), ("scope", "members")];
    for (name, content, expected) in [
        ("report.exe", "MZ", 415),
        ("report.html", "<script>alert(1)</script>", 415),
        ("report.pdf", "no PDF at all", 415),
        ("report.pdf", "", 400),
        ("", "", 400),
    ] {
        assert_eq!(upload(graz, &to, &about, name, content).status, expected, "{name} {content}");
    }
    assert_eq!(broken_off(graz, &to, Some(TOO_MUCH)), Some(413));
    broken_off(graz, &to, None);
    until(PATIENCE, || (waiting(network) == 0).then_some(()));

    // Of a kind that is none, for readers that are none: the file waits, and nothing can be signed of it.
    let odd =
        upload(graz, &to, &[("document_type", "Not A Slug"), ("scope", "members")], "report.pdf", "%PDF-1");
    assert_eq!(follow(graz, &odd).status, 400);
    let odd =
        upload(graz, &to, &[("document_type", "preliminary-report"), ("scope", "sealed")], "r.pdf", "%PDF-1");
    assert_eq!(follow(graz, &odd).status, 400);

    // The same page in two tabs: the second signs nothing, since the file was handed in.
    let first = upload(graz, &to, &about, "../first <b>report.pdf", "%PDF-1.7 first");
    let page = follow(graz, &first).text();
    assert!(page.contains("first &lt;b&gt;report.pdf") && page.contains("What you sign"), "{page}");
    let agreed = |page: &str, passphrase: &str| {
        let (id, shown) = (hidden(page, "upload"), hidden(page, "shown"));
        let fields = [
            ("act", "document"),
            ("upload", &id),
            ("shown", &shown),
            ("passphrase", passphrase),
            ("document_type", "preliminary-report"),
            ("scope", "members"),
        ];
        send(graz, &format!("{dossier}/sign"), &fields)
    };
    assert_eq!(agreed(&page, "a guess").status, 403);
    assert_eq!(documents(graz, &dossier), Vec::<Value>::new(), "nothing was signed");
    let other = follow(graz, &upload(graz, &to, &about, "other.pdf", "%PDF-1.7 other")).text();
    let done = agreed(&page, &passphrase);
    assert_eq!(agreed(&page, &passphrase).status, 410);
    until(PATIENCE, || {
        let page = follow(graz, &done).text();
        (page.contains("You signed: document") && page.contains("held by") && page.contains(">counted<"))
            .then_some(())
    });

    // Another file of the same kind in another tab: it would say more than was shown there.
    let stale = agreed(&other, &passphrase);
    assert_eq!(stale.status, 409, "{}", stale.text());
    assert!(stale.text().contains("Something came in between"), "{}", stale.text());
    assert_eq!(agreed(&stale.text(), &passphrase).status, 303);
    until(PATIENCE, || {
        let documents = documents(graz, &dossier);
        let current = documents.iter().filter(|one| one["current"] == true).count();
        (documents.len() == 2 && current == 1).then_some(())
    });
    dossier
}

/// A panelist reads and reviews in Vienna's pages; a seat opens the vote in them.
pub(crate) fn the_others_review_and_open_the_vote(
    network: &Network,
    graz: &Door,
    vienna: &Door,
    dossier: &str,
) {
    let passphrase = network.words_that_open("vienna");
    until(PATIENCE, || (documents(vienna, dossier).len() == 2).then_some(()));
    let page = vienna.get(dossier).text();
    for expected in ["id=\"review\"", "id=\"interview\"", "id=\"advance\""] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    assert!(!page.contains("id=\"hand-in\""), "a document is for its hub to hand in");
    let act = |fields: &[(&str, &str)]| send(vienna, &format!("{dossier}/review"), fields).status;
    let review = [("act", "review"), ("panel", "community"), ("recommendation", "accept")];
    assert_eq!(act(&[review[0], review[1], ("recommendation", "perhaps")]), 400);
    let refused = |fields: &[(&str, &str)]| sign(vienna, dossier, fields, &passphrase).status;
    assert_eq!(refused(&[review[0], review[2], ("panel", "gardening")]), 409);
    assert_eq!(act(&[&review[..], &[("criterion0", "market"), ("points0", "many")]].concat()), 400);
    assert_eq!(act(&[&review[..], &[("key", "controller")]].concat()), 403);
    assert_eq!(
        act(&[("act", "document"), ("document_type", "preliminary-report"), ("scope", "members")]),
        410
    );
    let early = act(&[("act", "admission")]);
    assert!(early == 409 || refused(&[("act", "admission")]) == 409, "{early}");
    assert_eq!(act(&[("act", "anything")]), 400);
    // No hub reviews itself, whatever keys it has.
    let own = send(graz, &format!("{dossier}/review"), &review).status;
    let own =
        if own == 200 { sign(graz, dossier, &review, &network.words_that_open(HUB)).status } else { own };
    assert!([403, 409].contains(&own), "{own}");

    let marks = [("criterion0", "market"), ("points0", "4"), ("text", "Rooms, people, and a plan for both.")];
    let done = sign(vienna, dossier, &[&review[..], &marks].concat(), &passphrase);
    assert_eq!(done.status, 303, "{}", done.text());
    until(PATIENCE, || {
        let reviews = known(graz, dossier)?["reviews"].clone();
        (reviews[0]["recommendation"] == "accept" && reviews[0]["scores"][0]["points"] == 4).then_some(())
    });
    let spoke = sign(vienna, dossier, &[("act", "interview"), ("outcome", "favourable")], &passphrase);
    assert_eq!(spoke.status, 303, "{}", spoke.text());

    let page = vienna.get(dossier).text();
    let form = page.split("id=\"advance\"").nth(1).unwrap();
    let deadline = form.split("<option value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let vote = [("act", "advance"), ("deadline", deadline), ("open_by", &hidden(form, "open_by"))];
    let opened = sign(vienna, dossier, &vote, &passphrase);
    assert_eq!(opened.status, 303, "{}", opened.text());
    until(PATIENCE, || (known(graz, dossier)?["motions"] != json!([])).then_some(()));
}

/// In a browser: a file that is no document is told so, another is dragged in, sent, read, signed and counted.
pub(crate) fn a_founder_drags_a_document_in(
    browser: &mut Browser,
    network: &Network,
    graz: &Door,
    dossier: &str,
) {
    browser.set(1440, false);
    browser.go(&network.invitation(HUB));
    browser.go(&format!("http://{}{dossier}", graz.host));
    browser.wait("document.querySelector('#hand-in form')");
    let drop = |browser: &mut Browser, name: &str, content: &str| {
        let script = format!(
            "(() => {{ const data = new DataTransfer(); data.items.add(new File([{}], {}));
             document.querySelector('#hand-in form').dispatchEvent(new DragEvent('drop',
             {{ dataTransfer: data, bubbles: true, cancelable: true }})); }})()",
            json!(content),
            json!(name)
        );
        browser.see(&script);
        browser
            .wait(&format!("document.querySelector('[data-told]').textContent.startsWith({})", json!(name)));
        browser.see("document.querySelector('#hand-in button').click()");
    };
    drop(browser, "plan.exe", "MZ");
    browser.wait("document.querySelector('[data-told]').textContent.includes('of a kind that is not taken')");
    browser.wait("!document.querySelector('#hand-in button').disabled");
    let before = documents(graz, dossier).len();
    drop(browser, "plan.pdf", "%PDF-1.7 a plan");
    browser.wait("document.querySelector('h1').innerText === 'What you sign'");
    browser.wait("document.querySelector('main').innerText.includes('plan.pdf')");
    browser.picture(&crate::looking::pictures().join("what-a-founder-signs.png"));
    browser.wait("document.activeElement.id === 'passphrase'");
    browser.type_text(&network.words_that_open(HUB));
    browser.press("Enter");
    browser.wait("[...document.querySelectorAll('#written .steps .on')].length === 4");
    browser.picture(&crate::looking::pictures().join("a-founder-s-dossier.png"));
    until(PATIENCE, || (documents(graz, dossier).len() == before + 1).then_some(()));
}
