//! Commands of the project: `cargo xtask NAME`.
//!
//! A command answers with a line that says what it found in order, or with every fault it found.

mod crate_graph;
mod minima;
mod sim;
mod vectors;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What a command says when all is well, or one line for each fault.
type Findings = Result<String, Vec<String>>;

/// Reports a single fault.
fn fault<T>(text: impl Into<String>) -> Result<T, Vec<String>> {
    Err(vec![text.into()])
}

/// The directory that holds the workspace.
fn workspace_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Reads a file of the workspace, named from its root.
fn read(name: &str) -> Result<String, Vec<String>> {
    let path = workspace_root().join(name);
    std::fs::read_to_string(&path).or_else(|error| fault(format!("cannot read {name}: {error}")))
}

const USAGE: &str = "usage: cargo xtask COMMAND

  crate-graph   checks every crate's dependencies against the tables of docs/ARCHITECTURE.md
  minima        checks Cargo.lock against the least versions that deny.toml allows
  sim           lets simulated worlds run: --seeds N [--first S] [--nodes N] [--jobs J], or --seed S [--trace]
  vectors       writes the golden vectors into tests/vectors;
                with --drawn COUNT SEED: certificates drawn by lot, for tests/vectors/verify.py --drawn
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let found = match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["crate-graph"] => crate_graph::check(),
        ["minima"] => minima::check(),
        ["sim", words @ ..] => sim::run(words),
        ["vectors", options @ ..] => vectors::run(options),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match found {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(faults) => {
            for fault in faults {
                eprintln!("{fault}");
            }
            ExitCode::FAILURE
        }
    }
}
