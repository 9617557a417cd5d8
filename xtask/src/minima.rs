//! `cargo xtask minima`: no crate in `Cargo.lock` is older than the release that closed a known hole.
//!
//! The bounds stand in `deny.toml`, as bans of everything below them, so that `cargo deny` reads the same ones.

use crate::{Findings, fault, read};

pub(crate) fn check() -> Findings {
    below_minima(&read("deny.toml")?, &read("Cargo.lock")?)
}

/// The least version of a crate that may be used.
#[derive(Debug, PartialEq, Eq)]
struct Minimum {
    name: String,
    version: Version,
}

/// A release number; a pre-release counts as older than the release it leads to.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    numbers: [u64; 3],
    released: bool,
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let (text, _build) = text.split_once('+').unwrap_or((text, ""));
        let (numbers, released) = match text.split_once('-') {
            Some((numbers, _)) => (numbers, false),
            None => (text, true),
        };
        let mut parts = numbers.split('.').map(|part| part.parse().ok());
        let numbers = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(Self { numbers, released })
    }
}

/// Compares every locked crate with the bounds; a bound on a crate that is not locked is a fault too, for it
/// would never be missed if its name were wrong.
fn below_minima(deny: &str, lock: &str) -> Findings {
    let minima = minima(deny)?;
    let locked = locked(lock)?;
    let mut faults = Vec::new();
    for minimum in &minima {
        let mut found = false;
        for (name, version) in locked.iter().filter(|(name, _)| *name == minimum.name) {
            found = true;
            if Version::parse(version).is_none_or(|locked| locked < minimum.version) {
                faults.push(format!("{name} {version} in Cargo.lock is older than deny.toml allows"));
            }
        }
        if !found {
            faults.push(format!("deny.toml bounds {}, which Cargo.lock does not have", minimum.name));
        }
    }
    match faults.is_empty() {
        true => Ok(format!("{} least versions hold in {} locked crates", minima.len(), locked.len())),
        false => Err(faults),
    }
}

/// The bans of `deny.toml` that have the form `NAME:<VERSION`.
fn minima(deny: &str) -> Result<Vec<Minimum>, Vec<String>> {
    let bans: toml::Table =
        deny.parse().or_else(|error| fault(format!("deny.toml is not valid TOML: {error}")))?;
    let Some(denied) = bans.get("bans").and_then(|bans| bans.get("deny")).and_then(toml::Value::as_array)
    else {
        return fault("deny.toml has no [bans] deny list");
    };
    let mut minima = Vec::new();
    for entry in denied.iter().filter_map(|entry| entry.get("crate")).filter_map(toml::Value::as_str) {
        let Some((name, version)) = entry.split_once(":<") else { continue };
        let Some(version) = Version::parse(version) else {
            return fault(format!("deny.toml: {entry:?} does not end in a version of three numbers"));
        };
        minima.push(Minimum { name: name.to_owned(), version });
    }
    match minima.is_empty() {
        true => fault("deny.toml bounds no crate from below"),
        false => Ok(minima),
    }
}

/// Name and version of every crate in the lock file.
fn locked(lock: &str) -> Result<Vec<(String, String)>, Vec<String>> {
    let lock: toml::Table =
        lock.parse().or_else(|error| fault(format!("Cargo.lock is not valid TOML: {error}")))?;
    let Some(packages) = lock.get("package").and_then(toml::Value::as_array) else {
        return fault("Cargo.lock lists no packages");
    };
    let text = |package: &toml::Value, key: &str| package.get(key)?.as_str().map(str::to_owned);
    Ok(packages
        .iter()
        .filter_map(|package| Some((text(package, "name")?, text(package, "version")?)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(version: &str) -> String {
        format!("[[package]]\nname = \"yamux\"\nversion = \"{version}\"\n")
    }

    const DENY: &str = "[bans]\ndeny = [{ crate = \"yamux:<0.13.10\", reason = \"a hole\" }]\n";

    #[test]
    fn the_bound_itself_and_newer_pass() {
        for version in ["0.13.10", "0.13.11", "0.14.0", "1.0.0", "0.13.10+build"] {
            assert!(below_minima(DENY, &lock(version)).is_ok(), "{version}");
        }
    }

    #[test]
    fn anything_below_the_bound_fails() {
        for version in ["0.13.9", "0.12.99", "0.13.10-rc.1", "0.13", "unreadable"] {
            assert!(below_minima(DENY, &lock(version)).is_err(), "{version}");
        }
    }

    #[test]
    fn one_old_copy_among_newer_ones_fails() {
        let both = lock("0.14.0") + &lock("0.12.1");
        let faults = below_minima(DENY, &both).unwrap_err();
        assert_eq!(faults, ["yamux 0.12.1 in Cargo.lock is older than deny.toml allows"]);
    }

    #[test]
    fn a_bound_on_a_crate_that_is_not_locked_fails() {
        assert!(below_minima(&DENY.replace("yamux", "yamuks"), &lock("0.14.0")).is_err());
    }

    #[test]
    fn a_list_without_bounds_fails() {
        assert!(below_minima("[bans]\ndeny = []\n", &lock("0.14.0")).is_err());
        assert!(below_minima("", &lock("0.14.0")).is_err());
        assert!(below_minima(&DENY.replace("0.13.10", "0.13"), &lock("0.14.0")).is_err());
    }

    #[test]
    fn the_workspace_keeps_its_bounds() {
        check().unwrap();
    }
}
