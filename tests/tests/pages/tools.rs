//! Tools of others, over what a node serves: a fuzzer that is driven by the API's own document, and Prometheus' checker.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Output, Stdio};

use crate::http::Door;
use crate::looking::pictures;
use crate::network::Network;

/// What the fuzzer holds against an answer. Events are left out: their stream has no end.
const CHECKS: &str =
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// A fuzzer makes calls out of the document, good and bad ones: none breaks the node, and every answer is as the
/// document says. The token lets in whatever no person has to sign.
pub(crate) fn a_fuzzer_finds_nothing(network: &Network, door: &Door) {
    let Some(place) = package("schemathesis", "schemathesis==4.32.5", &[]) else {
        return cohub_tests::skip(
            "schemathesis cannot be had: pip is missing, or the package index is not reached",
        );
    };
    let words = ["token", "create", "--label", "fuzzer", "--scope", "operate"];
    let token = network.run("vienna", &words)["token"].as_str().unwrap().to_owned();
    let document = network.directory().join("openapi.json");
    std::fs::write(&document, door.get("/api/v1/openapi.json").body).unwrap();
    let output = Command::new("python3")
        .env("PYTHONPATH", &place)
        .current_dir(network.directory())
        .arg(place.join("bin/st"))
        .arg("run")
        .arg(&document)
        .args(["--url", &format!("http://{}", door.host)])
        .args(["-H", &format!("Authorization: Bearer {token}")])
        .args(["--exclude-path", "/api/v1/events", "--max-examples", "20", "--checks", CHECKS])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", told(&output));
    network.run("vienna", &["status"]);
}

/// Prometheus' own checker reads the alerts, and what the node tells of itself.
pub(crate) fn prometheus_takes_the_metrics(door: &Door) {
    let Ok(version) = Command::new("promtool").arg("--version").output() else {
        return cohub_tests::skip("there is no promtool to check with");
    };
    assert!(version.status.success(), "{}", told(&version));
    let alerts = concat!(env!("CARGO_MANIFEST_DIR"), "/../config/alerts.yml");
    let output = Command::new("promtool").args(["check", "rules", alerts]).output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
    let metrics = door.get("/metrics");
    let mut checker = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    checker.stdin.take().unwrap().write_all(&metrics.body).unwrap();
    let output = checker.wait_with_output().unwrap();
    assert!(output.status.success(), "{}\n{}", told(&output), metrics.text());
}

fn told(output: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A package of Python, fetched once into the directory of builds; none where it cannot be had.
pub(crate) fn package(name: &str, package: &str, more: &[&str]) -> Option<PathBuf> {
    let place = pictures().with_file_name(name);
    if !place.is_dir() {
        // Aside first: what was fetched by halves is not taken for whole.
        let part = pictures().with_file_name(format!("{name}.part"));
        let pip = ["-m", "pip", "install", "--quiet", "--root-user-action=ignore", "--target"];
        let ran = Command::new("python3").args(pip).arg(&part).args(more).arg(package).status();
        ran.ok().filter(ExitStatus::success)?;
        std::fs::rename(&part, &place).ok()?;
    }
    Some(place)
}
