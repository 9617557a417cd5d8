//! A person votes in the page: chooses, reads what will be signed, opens the key, and sees how far it is.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::forms::{hidden, send};
use crate::http::Door;
use crate::network::{Network, PATIENCE, until};

/// A motion of Istanbul that stays open as long as the test needs it.
fn open(network: &Network, text: &str) -> String {
    let words = ["motion", "open", "resolve", "--text", text, "--deadline", "9 minutes"];
    network.run("istanbul", &words)["record"].as_str().unwrap().to_owned()
}

fn known(door: &Door, motion: &str) -> Value {
    until(PATIENCE, || {
        let answer = door.get(&format!("/api/v1/motions/{motion}"));
        (answer.status == 200).then(|| answer.json()["motion"].clone())
    })
}

fn seat(motion: &Value, hub: &str) -> Value {
    let roll = motion["roll"].as_array().unwrap();
    roll.iter().find(|seat| seat["seat"] == hub).unwrap().clone()
}

/// Without a browser: each step, and everything that must not be signed.
pub(crate) fn a_ballot_is_shown_then_signed_then_counted(network: &Network, door: &Door) {
    let motion = open(network, "We meet in Ankara.");
    known(door, &motion);
    let (review, act) = (format!("/motions/{motion}/review"), format!("/motions/{motion}/ballot"));
    let passphrase = network.words_that_open("vienna");

    assert_eq!(send(door, &review, &[("choice", "perhaps")]).status, 400);
    assert_eq!(send(door, &review, &[("choice", "yes"), ("key", "controller")]).status, 403);
    let long = "w".repeat(4_000);
    assert_eq!(send(door, &review, &[("choice", "yes"), ("reason", &long)]).status, 400);

    let page = send(door, &review, &[("choice", "no"), ("reason", "<b>Too far</b> for most.")]);
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains("&lt;b&gt;Too far&lt;/b&gt; for most."), "{}", page.text());
    let shown = hidden(&page.text(), "shown");
    let agreed = |choice, passphrase, shown| {
        [
            ("choice", choice),
            ("reason", "<b>Too far</b> for most."),
            ("passphrase", passphrase),
            ("shown", shown),
        ]
    };
    assert_eq!(send(door, &act, &agreed("no", "a guess", &shown)).status, 403);
    // Another choice than the one that was shown, and a name that was never shown.
    assert_eq!(send(door, &act, &agreed("yes", &passphrase, &shown)).status, 409);
    assert_eq!(send(door, &act, &agreed("no", &passphrase, "00")).status, 409);
    assert_eq!(seat(&known(door, &motion), "vienna")["choice"], Value::Null, "nothing was signed");

    let done = send(door, &act, &agreed("no", &passphrase, &shown));
    assert_eq!(done.status, 303, "{}", done.text());
    let to = done.header("location").unwrap().split('#').next().unwrap().to_owned();
    until(PATIENCE, || {
        let page = door.get(&to).text();
        let there = page.contains("held by") && page.contains(">counted<") && page.contains("Your hub voted");
        there.then_some(())
    });
    assert_eq!(seat(&known(door, &motion), "vienna")["choice"], "no");

    // A tab that was opened before signs what it showed only if that is still what would be signed.
    let stale = send(door, &act, &agreed("no", &passphrase, &shown));
    assert_eq!(stale.status, 409);
    assert!(stale.text().contains("Something came in between"), "{}", stale.text());
    let shown = hidden(&stale.text(), "shown");
    assert_eq!(send(door, &act, &agreed("no", &passphrase, &shown)).status, 303);
    let superseded = until(PATIENCE, || {
        let superseded = seat(&known(door, &motion), "vienna")["superseded"].clone();
        (superseded != json!([])).then_some(superseded)
    });
    assert_eq!(superseded.as_array().unwrap().len(), 1);
}

/// By mouse and then by keyboard alone, while Amsterdam's page of the same motion is open.
pub(crate) fn a_person_votes_and_changes_it(
    browser: &mut Browser,
    network: &Network,
    own: &Door,
    other: &Door,
) {
    let motion = open(network, "We print the manifesto.");
    known(own, &motion);
    known(other, &motion);
    let passphrase = network.words_that_open("vienna");
    browser.set(1440, false);
    browser.go(&network.invitation("vienna"));
    browser.go(&format!("http://{}/motions/{motion}", own.host));
    browser.click("input[value=yes]");
    browser.click("#reason");
    browser.type_text("It is due.");
    browser.click("form .act button");
    browser.wait("document.querySelector('h1').innerText === 'What you sign'");
    browser.click("#passphrase");
    browser.type_text(&passphrase);
    browser.click("form .act button");
    browser.wait("document.querySelector('#ballot').innerText.includes('Your hub voted yes')");
    browser.wait("[...document.querySelectorAll('#ballot .steps .on')].length === 4");
    until(PATIENCE, || (seat(&known(other, &motion), "vienna")["choice"] == "yes").then_some(()));

    // Changed by keyboard alone: Tab to the choices, an arrow to the next, Tab on to the button.
    browser.see("document.querySelector('#main').focus()");
    let reach = |browser: &mut Browser, what: &str| {
        for _ in 0..80 {
            browser.press("Tab");
            if browser.see(&format!("document.activeElement.matches({})", json!(what))) == true {
                return;
            }
        }
        panic!("no Tab reaches {what}");
    };
    reach(browser, "input[name=choice]");
    browser.press("ArrowDown");
    assert_eq!(browser.see("document.activeElement.value"), "no");
    reach(browser, "form .act button");
    browser.press("Enter");
    browser.wait("document.querySelector('h1').innerText === 'What you sign'");
    browser.wait("document.activeElement.id === 'passphrase'");
    browser.type_text(&passphrase);
    browser.press("Enter");
    browser.wait("document.querySelector('#ballot')?.innerText.includes('Your hub voted no')");
    until(PATIENCE, || (seat(&known(other, &motion), "vienna")["choice"] == "no").then_some(()));
}
