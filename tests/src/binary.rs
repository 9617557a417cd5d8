//! The binary under test, built by the same cargo that runs the tests.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Names another binary to be tested, an installed one for example.
const ANOTHER: &str = "COHUB_UNDER_TEST";

/// The path of a `cohub` that is as new as the sources, built at the first call; or of the one that the
/// environment names as `COHUB_UNDER_TEST`.
///
/// Cargo gives the tests of one package no way to name the binary of another, so this asks it, in the words
/// of the command of the README, which has built everything already. Asking for the binary alone would choose
/// other features and compile the network library again.
///
/// # Errors
/// If the binary cannot be built, with what cargo says.
pub fn cohub() -> Result<PathBuf, String> {
    static BINARY: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let another = || std::env::var_os(ANOTHER).map(|path| Ok(PathBuf::from(path)));
    BINARY.get_or_init(|| another().unwrap_or_else(build)).clone()
}

fn build() -> Result<PathBuf, String> {
    let output = cargo()
        .args(["test", "--release", "--workspace", "--no-run", "--message-format", "json-render-diagnostics"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo does not run: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo ended with {}", output.status));
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "cohub" && message["profile"]["test"] == false)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| "cargo names no executable called cohub".to_owned())
}

/// Cargo as a person calls it. What cargo says of this package to its tests would be news to the build scripts
/// of some libraries (ring's, and with it all that rests on it), and they would be compiled again.
fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_said_to_tests(&name.to_string_lossy())) {
        cargo.env_remove(name);
    }
    cargo
}

fn is_said_to_tests(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| name.starts_with(prefix))
        || ["CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_within_cargo_is_told_nothing_that_would_compile_libraries_again() {
        let cargo = cargo();
        let removed = |name: &str| cargo.get_envs().any(|(key, value)| key == name && value.is_none());
        for name in ["CARGO_PKG_NAME", "CARGO_PKG_VERSION_MAJOR", "CARGO_MANIFEST_DIR"] {
            assert!(std::env::var_os(name).is_some(), "cargo says {name} to tests");
            assert!(removed(name), "{name}");
        }
        for name in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_TERM_COLOR", "CARGO_ENCODED_RUSTFLAGS", "PATH"]
        {
            assert!(!is_said_to_tests(name), "{name} is the person's to say");
        }
    }
}
