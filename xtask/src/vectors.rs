//! Writes the golden vectors: JSON files in `tests/vectors` by which a program in another language can
//! check that it reads, signs, names, counts and verifies as this one does.
//!
//! Every key, salt and date in them is fixed, so the same code writes the same bytes; a test fails when the
//! files and the code have drifted apart.

mod attachments;
mod certificates;
mod changed;
mod drawn;
mod ed25519;
mod encoding;
mod fallen;
mod ids;
mod later;
mod network;
mod records;
mod rivals;
mod sealed;
mod support;
mod tallies;
mod unlawful;
mod untrue;

use serde_json::{Value as Json, json};

use crate::{Findings, fault, workspace_root};

/// Where the files stand, from the workspace's root.
const DIRECTORY: &str = "tests/vectors";

/// Why vectors could not be made.
type Failure = Box<dyn std::error::Error>;

/// One file of vectors.
struct VectorFile {
    name: &'static str,
    /// What is in it, in a sentence.
    about: &'static str,
    /// Its lists of cases, in order.
    lists: Vec<(&'static str, Vec<Json>)>,
}

/// Writes all files; or answers with certificates drawn by lot, one a line, for `verify.py --drawn`.
pub(crate) fn run(options: &[&str]) -> Findings {
    match options {
        [] => write(),
        ["--drawn", count, seed] => match (count.parse(), seed.parse()) {
            (Ok(count), Ok(seed)) => draw(count, seed).or_else(|error| fault(error.to_string())),
            _ => fault("COUNT and SEED are whole numbers"),
        },
        _ => fault("usage: cargo xtask vectors [--drawn COUNT SEED]"),
    }
}

fn draw(count: u64, seed: u64) -> Result<String, Failure> {
    let lines = drawn::lines(count, seed).map(|case| case.map(|case| case.to_string()));
    Ok(lines.collect::<Result<Vec<String>, _>>()?.join("\n"))
}

fn write() -> Findings {
    let files = generate().or_else(|error| fault(format!("no vectors were made: {error}")))?;
    let mut cases = 0;
    for file in &files {
        let name = format!("{DIRECTORY}/{}", file.name);
        std::fs::write(workspace_root().join(&name), file.text())
            .or_else(|error| fault(format!("cannot write {name}: {error}")))?;
        cases += file.cases();
    }
    Ok(format!("{cases} vectors stand in {} files of {DIRECTORY}", files.len()))
}

fn generate() -> Result<Vec<VectorFile>, Failure> {
    Ok(vec![
        encoding::values(),
        encoding::refused(),
        records::file()?,
        ed25519::file()?,
        ids::file()?,
        attachments::file()?,
        tallies::file()?,
        support::file()?,
        certificates::file()?,
    ])
}

impl VectorFile {
    /// The JSON text, a case a line, so that a change shows as the lines of its cases.
    fn text(&self) -> String {
        let list = |(name, cases): &(&str, Vec<Json>)| {
            let lines: Vec<String> = cases.iter().map(|case| format!("    {case}")).collect();
            format!("  {}: [\n{}\n  ]", json!(name), lines.join(",\n"))
        };
        let lists: Vec<String> = self.lists.iter().map(list).collect();
        format!("{{\n  \"about\": {},\n{}\n}}\n", json!(self.about), lists.join(",\n"))
    }

    fn cases(&self) -> usize {
        self.lists.iter().map(|(_, cases)| cases.len()).sum()
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_the_vectors_again_changes_none_of_them() {
        for file in generate().unwrap() {
            let name = format!("{DIRECTORY}/{}", file.name);
            let written = std::fs::read_to_string(workspace_root().join(&name)).unwrap_or_default();
            assert!(
                written == file.text(),
                "{name} has drifted: run `cargo xtask vectors` and look at the difference"
            );
        }
    }
}
