//! What a person sees in a real browser: every page narrow and wide, light and dark, from left and from right,
//! and what happens elsewhere while the page is open.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::http::Door;
use crate::network::{Network, PATIENCE, until};
use crate::{reading, tools};

/// Widths of a small phone, a tablet and a desk.
const WIDTHS: [u32; 3] = [320, 768, 1440];
/// How soon a page shows what another node wrote.
const SOON: Duration = Duration::from_secs(2);

/// What does not fit: elements that end outside of the window, without a part of the page that scrolls.
const OVERFLOW: &str = "(() => {
    const wide = document.documentElement.clientWidth;
    const scrolls = (it) => it && it !== document.documentElement
        && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(it).overflowX) || scrolls(it.parentElement));
    const out = [...document.querySelectorAll('main *, nav *')].filter((it) => {
        const box = it.getBoundingClientRect();
        return box.width > 1 && box.right > 0 && box.left < wide && (box.right > wide + 1 || box.left < -1)
            && !scrolls(it.parentElement);
    });
    const told = out.slice(0, 3).map((it) => `${it.tagName}.${it.className.baseVal ?? it.className} ${it.textContent.slice(0, 40)}`);
    return { page: document.documentElement.scrollWidth - wide, told };
})()";

/// Text whose contrast to what is behind it is less than 4.5, or 3 where it is large.
const CONTRAST: &str = "(() => {
    const parse = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
    const behind = (it) => {
        for (let at = it; at; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    const faint = [];
    for (const it of document.querySelectorAll('body *')) {
        if (it.closest('svg') || ![...it.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
        const box = it.getBoundingClientRect();
        if (box.width < 1 || box.right < 0) continue;
        const style = getComputedStyle(it);
        const [one, other] = [light(parse(style.color)), light(behind(it))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        const large = parseFloat(style.fontSize) >= 24;
        if (ratio < (large ? 3 : 4.5)) faint.push(`${it.tagName}.${it.className} ${ratio.toFixed(2)} ${it.textContent.trim().slice(0, 30)}`);
    }
    return faint.slice(0, 5);
})()";

/// What a person with a keyboard or a reader of the page aloud lacks.
const NAMELESS: &str = "(() => {
    const lacks = [];
    const ids = [...document.querySelectorAll('[id]')].map((it) => it.id);
    for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) lacks.push(`the id ${id} twice`);
    for (const it of document.querySelectorAll('a[href], button')) {
        if (!(it.textContent.trim() || it.getAttribute('aria-label'))) lacks.push(`a nameless ${it.outerHTML.slice(0, 80)}`);
    }
    for (const it of document.querySelectorAll('input:not([type=hidden]), textarea, select')) {
        if (!it.labels.length && !it.getAttribute('aria-label')) lacks.push(`a field without a label: ${it.name}`);
    }
    for (const it of document.querySelectorAll('svg')) {
        if (!it.getAttribute('aria-label') && !it.getAttribute('aria-hidden')) lacks.push('a picture without words');
    }
    for (const it of document.querySelectorAll('table')) {
        const heads = it.querySelectorAll('th');
        if (!heads.length) lacks.push(`a table without heads: ${it.textContent.slice(0, 40)}`);
    }
    const levels = [...document.querySelectorAll('h1, h2, h3')].map((it) => Number(it.tagName[1]));
    if (levels.filter((level) => level === 1).length !== 1) lacks.push('not one first heading');
    levels.forEach((level, place) => { if (place && level > levels[place - 1] + 1) lacks.push('a heading that skips a level'); });
    if (document.querySelectorAll('main').length !== 1) lacks.push('not one main part');
    if (!document.documentElement.lang) lacks.push('no language');
    return lacks.slice(0, 5);
})()";

/// Where pictures lie for whoever wants to look: below `target/`.
pub(crate) fn pictures() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target")).join("pages")
}

pub(crate) fn every_page_fits_and_can_be_read(browser: &mut Browser, network: &Network, door: &Door) {
    browser.go(&network.invitation("vienna"));
    let mut faults = Vec::new();
    for path in one_of_each(door) {
        for dark in [false, true] {
            browser.set(WIDTHS[0], dark);
            browser.go(&format!("http://{}{path}", door.host));
            for width in WIDTHS {
                browser.set(width, dark);
                for direction in ["ltr", "rtl"] {
                    browser.see(&format!("document.documentElement.dir = '{direction}'"));
                    let at =
                        format!("{path} at {width}, {}, {direction}", if dark { "dark" } else { "light" });
                    let over = browser.see(OVERFLOW);
                    if over["page"].as_i64() != Some(0) || over["told"] != json!([]) {
                        faults.push(format!("{at} does not fit: {over}"));
                    }
                    if std::env::var_os("COHUB_PICTURES").is_some() {
                        let name = path.split('/').map(|part| part.chars().take(14).collect::<String>());
                        let name = name.collect::<Vec<_>>().join("_").replace(['?', '&', '='], "-");
                        let kind = if dark { "dark" } else { "light" };
                        browser.picture(&pictures().join(format!("{name}-{width}-{kind}-{direction}.png")));
                    }
                }
                browser.see("document.documentElement.dir = 'ltr'");
            }
            let at = format!("{path}, {}", if dark { "dark" } else { "light" });
            for (what, expression) in [("is too faint", CONTRAST), ("lacks", NAMELESS)] {
                let found = browser.see(expression);
                if found != json!([]) {
                    faults.push(format!("{at} {what}: {found}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// The rules of WCAG 2.2 AA that axe can check, on every page.
pub(crate) fn axe_finds_nothing(browser: &mut Browser, door: &Door) {
    let Some(axe) = axe() else {
        return cohub_tests::skip(
            "axe-core cannot be had: pip is missing, or the package index is not reached",
        );
    };
    let mut faults = Vec::new();
    for (at, path) in one_of_each(door).into_iter().enumerate() {
        // Every other one dark: contrast is what differs, and that is looked at on every page in both.
        browser.set(WIDTHS[2], at.is_multiple_of(2));
        browser.go(&format!("http://{}{path}", door.host));
        browser.see(&format!("{axe}; true"));
        let run =
            "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((found) =>
            found.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 120)}`))";
        let found = browser.see(run);
        if found != json!([]) {
            faults.push(format!("{path}: {found}"));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// The script of axe-core, from a package that carries it; fetched once into the directory of builds.
fn axe() -> Option<String> {
    let place = tools::package("axe", "axe-playwright-python==0.1.8", &["--no-deps"])?;
    std::fs::read_to_string(place.join("axe_playwright_python/axe.min.js")).ok()
}

/// Every page, and of pages that there are many of the first and the last.
fn one_of_each(door: &Door) -> Vec<String> {
    let all = reading::addresses(door);
    let place = |path: &str| path.split('/').nth(1).unwrap_or_default().to_owned();
    let named = |path: &&String| path.matches('/').count() == 2 && !path.starts_with("/reference");
    let kept = all.iter().enumerate().filter(|(at, path)| {
        let beside =
            |other: Option<&String>| other.is_some_and(|other| place(other) == place(path) && named(&other));
        !named(path) || !beside(at.checked_sub(1).and_then(|at| all.get(at))) || !beside(all.get(at + 1))
    });
    kept.map(|(_, path)| path.clone()).collect()
}

/// A page that is open in a browser shows what another node wrote, without a reload; also what was written
/// before the page could listen.
pub(crate) fn what_another_node_writes_appears(browser: &mut Browser, network: &Network, door: &Door) {
    browser.set(1440, false);
    let hub = door.json("/api/v1/hubs/amsterdam")["hub"]["id"].as_str().unwrap().to_owned();
    browser.go(&format!("http://{}/hubs/{hub}", door.host));
    browser.see("window.untouched = true");
    report(network, "2023", "4321");
    let took = browser.wait("document.body.innerText.includes('4\u{202f}321')");
    assert_eq!(browser.see("window.untouched"), Value::Bool(true), "the page was loaded anew");
    assert!(took <= SOON, "it took {took:?}");
    println!(
        "a report of Amsterdam stood on an open page of Vienna {} ms after the command ended",
        took.as_millis()
    );
    browser.keep_from(&["*/api/v1/events*"]);
    browser.go(&format!("http://{}/hubs/{hub}", door.host));
    report(network, "2024", "5432");
    until(PATIENCE, || door.get(&format!("/hubs/{hub}")).text().contains("5\u{202f}432").then_some(()));
    browser.keep_from(&[]);
    browser.wait("document.body.innerText.includes('5\u{202f}432')");
}

/// Amsterdam reports of a year.
fn report(network: &Network, year: &str, members: &str) {
    let counted = ["--members", members, "--events", "1", "--ventures", "1", "--jobs", "1"];
    network.run("amsterdam", &[&["hub", "profile", "--year", year], &counted[..]].concat());
}
