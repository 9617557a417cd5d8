//! `cargo xtask crate-graph`: no crate has a dependency that the tables of `docs/ARCHITECTURE.md` do not have.
//!
//! The tables are read from that page itself, so that what people read and what is checked cannot differ.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::{Findings, fault, read, workspace_root};

pub(crate) fn check() -> Findings {
    let tables = Tables::parse(&read("docs/ARCHITECTURE.md")?)?;
    let members = members(&metadata()?)?;
    compare(&tables, &members)
}

/// What a crate may depend on, of the project's own crates.
#[derive(Debug, PartialEq, Eq)]
enum Allowed {
    Anything,
    Only(BTreeSet<String>),
}

/// The two tables: which of our crates a crate may name, and who may name an outside library.
#[derive(Debug)]
struct Tables {
    ours: BTreeMap<String, Allowed>,
    outside: BTreeMap<String, BTreeSet<String>>,
}

/// A crate of the workspace, as its manifest says it.
#[derive(Debug, Clone)]
struct Member {
    name: String,
    /// Our own crates that it names, for whatever purpose: a build or a test can hide an edge too.
    ours: BTreeSet<String>,
    outside: BTreeSet<String>,
    inherits_lints: bool,
}

fn compare(tables: &Tables, members: &[Member]) -> Findings {
    let mut faults = Vec::new();
    for member in members {
        let name = &member.name;
        match tables.ours.get(name) {
            None => faults.push(format!("{name}: has no row in the crate table of docs/ARCHITECTURE.md")),
            Some(Allowed::Anything) => {}
            Some(Allowed::Only(allowed)) => faults.extend(member.ours.difference(allowed).map(|edge| {
                format!("{name}: depends on {edge}; docs/ARCHITECTURE.md does not have that edge")
            })),
        }
        for library in &member.outside {
            let by = tables.outside.iter().find(|(named, _)| is_of(library, named));
            if by.is_some_and(|(_, by)| !by.contains(name)) {
                faults
                    .push(format!("{name}: names {library}; docs/ARCHITECTURE.md keeps it to other crates"));
            }
        }
        if !member.inherits_lints {
            faults.push(format!("{name}: does not inherit the workspace's lints ([lints] workspace = true)"));
        }
    }
    for row in tables.ours.keys().filter(|row| !members.iter().any(|member| member.name == **row)) {
        faults.push(format!("{row}: stands in docs/ARCHITECTURE.md, but the workspace has no such crate"));
    }
    let edges: usize = members.iter().map(|member| member.ours.len()).sum();
    match faults.is_empty() {
        true => Ok(format!("{} crates and {edges} edges are as docs/ARCHITECTURE.md says", members.len())),
        false => Err(faults),
    }
}

/// Whether a library is the named one or a part of it that is published by itself (`libp2p-gossipsub`).
fn is_of(library: &str, named: &str) -> bool {
    library.strip_prefix(named).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

impl Tables {
    /// Reads the tables under their headings `| crate |` and `| library |`. Names stand in backticks.
    fn parse(page: &str) -> Result<Self, Vec<String>> {
        let mut ours = BTreeMap::new();
        for (names, rest) in rows(page, "crate")? {
            for name in names {
                let allowed = match rest.as_str() {
                    "anything" => Allowed::Anything,
                    rest => Allowed::Only(in_backticks(rest)),
                };
                if ours.insert(name.clone(), allowed).is_some() {
                    return fault(format!("docs/ARCHITECTURE.md has two rows for the crate {name}"));
                }
            }
        }
        let outside = rows(page, "library")?
            .into_iter()
            .flat_map(|(names, rest)| names.into_iter().map(move |name| (name, in_backticks(&rest))))
            .collect();
        Ok(Self { ours, outside })
    }
}

/// The rows of the table whose first column has this heading: the names in the first column, the second as it is.
fn rows(page: &str, heading: &str) -> Result<Vec<(BTreeSet<String>, String)>, Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let rows: Vec<_> = page
        .lines()
        .skip_while(|line| !line.starts_with('|') || cells(line).first().is_none_or(|cell| cell != heading))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| {
            let cells = cells(line);
            Some((in_backticks(cells.first()?), cells.get(1)?.clone()))
        })
        .collect();
    match rows.is_empty() {
        true => fault(format!("docs/ARCHITECTURE.md has no table whose first column is `{heading}`")),
        false => Ok(rows),
    }
}

fn in_backticks(text: &str) -> BTreeSet<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What cargo says of the workspace's own crates.
fn metadata() -> Result<serde_json::Value, Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let said = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(workspace_root())
        .output()
        .or_else(|error| fault(format!("cannot run cargo metadata: {error}")))?;
    if !said.status.success() {
        return fault(format!("cargo metadata failed: {}", String::from_utf8_lossy(&said.stderr)));
    }
    serde_json::from_slice(&said.stdout)
        .or_else(|error| fault(format!("cargo metadata is not JSON: {error}")))
}

fn members(metadata: &serde_json::Value) -> Result<Vec<Member>, Vec<String>> {
    let Some(packages) = metadata["packages"].as_array() else {
        return fault("cargo metadata lists no packages");
    };
    packages.iter().map(member).collect()
}

fn member(package: &serde_json::Value) -> Result<Member, Vec<String>> {
    let (Some(name), Some(manifest)) = (package["name"].as_str(), package["manifest_path"].as_str()) else {
        return fault("cargo metadata has a package without name or manifest");
    };
    let text = std::fs::read_to_string(manifest)
        .or_else(|error| fault(format!("cannot read {manifest}: {error}")))?;
    let mut member = Member {
        name: short(name).to_owned(),
        ours: BTreeSet::new(),
        outside: BTreeSet::new(),
        inherits_lints: inherits_lints(&text),
    };
    for dependency in package["dependencies"].as_array().into_iter().flatten() {
        let Some(name) = dependency["name"].as_str() else { continue };
        match dependency["path"].is_string() {
            true => member.ours.insert(short(name).to_owned()),
            false => member.outside.insert(name.to_owned()),
        };
    }
    Ok(member)
}

/// A crate's name as the tables have it.
fn short(name: &str) -> &str {
    name.strip_prefix("cohub-").unwrap_or(name)
}

fn inherits_lints(manifest: &str) -> bool {
    let manifest: Option<toml::Table> = manifest.parse().ok();
    manifest.and_then(|manifest| manifest.get("lints")?.get("workspace")?.as_bool()).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# Somewhere

| place | what |
| --- | --- |
| `elsewhere` | not this table |

| crate | may depend on |
| --- | --- |
| `record` | nothing of ours |
| `store` | `record` |
| `tests`, `xtask` | anything |

| library | named by |
| --- | --- |
| `sled` | `store` |
";

    fn member(name: &str, ours: &[&str], outside: &[&str]) -> Member {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Member { name: name.to_owned(), ours: set(ours), outside: set(outside), inherits_lints: true }
    }

    /// A workspace that is as the page says.
    fn good() -> Vec<Member> {
        vec![
            member("record", &[], &["blake3"]),
            member("store", &["record"], &["sled"]),
            member("tests", &["record", "store"], &[]),
            member("xtask", &["tests"], &[]),
        ]
    }

    fn faults(members: &[Member]) -> Vec<String> {
        compare(&Tables::parse(PAGE).unwrap(), members).err().unwrap_or_default()
    }

    #[test]
    fn a_workspace_as_the_page_says_passes() {
        assert_eq!(faults(&good()), Vec::<String>::new());
    }

    #[test]
    fn an_edge_that_the_page_does_not_have_fails() {
        let mut members = good();
        members[0].ours.insert("store".to_owned());
        let faults = faults(&members);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("record: depends on store"), "{faults:?}");
    }

    #[test]
    fn an_outside_library_in_the_wrong_crate_fails() {
        for library in ["sled", "sled-overlay"] {
            let mut members = good();
            members[0].outside.insert(library.to_owned());
            assert_eq!(faults(&members).len(), 1, "{library}");
        }
        let mut members = good();
        members[0].outside.insert("sledge".to_owned());
        assert!(faults(&members).is_empty());
    }

    #[test]
    fn a_crate_that_skips_the_lints_fails() {
        let mut members = good();
        members[3].inherits_lints = false;
        assert_eq!(faults(&members).len(), 1);
        assert!(inherits_lints("[lints]\nworkspace = true\n"));
        assert!(!inherits_lints("[lints]\nworkspace = false\n"));
        assert!(!inherits_lints("[lints.rust]\nunsafe_code = \"forbid\"\n"));
        assert!(!inherits_lints("[package]\nname = \"x\"\n"));
    }

    #[test]
    fn a_crate_without_a_row_and_a_row_without_a_crate_fail() {
        let mut members = good();
        members.push(member("stray", &[], &[]));
        assert_eq!(faults(&members).len(), 1);
        assert_eq!(faults(&good()[1..]).len(), 1);
    }

    #[test]
    fn a_page_without_its_tables_fails() {
        assert!(Tables::parse("# Nothing\n").is_err());
        assert!(Tables::parse(&PAGE.replace("| library |", "| lib |")).is_err());
        assert!(Tables::parse(&PAGE.replace("| `store` |", "| `record` |")).is_err());
    }

    #[test]
    fn cargo_s_words_become_members() {
        let manifest = workspace_root().join("xtask/Cargo.toml");
        let metadata = serde_json::json!({ "packages": [{
            "name": "cohub-store", "manifest_path": manifest,
            "dependencies": [
                { "name": "cohub-record", "kind": null, "path": "/somewhere" },
                { "name": "tokio", "kind": "dev" },
            ],
        }]});
        let members = members(&metadata).unwrap();
        assert_eq!(members[0].name, "store");
        assert!(members[0].ours.contains("record") && members[0].outside.contains("tokio"));
        assert!(members[0].inherits_lints);
    }

    #[test]
    fn the_workspace_is_as_its_page_says() {
        check().unwrap();
    }
}
