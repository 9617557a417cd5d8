//! Measurements of whole nodes, each beside a bare library that does the same work in the same run.
//!
//! `cargo run --release -- up|sync|live|idle|pages|all [--short]`. Nodes are processes of this very program, which
//! then is nothing but `cohub`.

mod crowd;
mod gossip;
mod idle;
mod live;
mod node;
mod pages;
mod relay;
mod site;
mod socket;
mod sync;
mod table;
mod up;

use std::error::Error;
use std::process::ExitCode;

use node::{Role, role};

/// What a measurement may fail with: it is said and ends the run.
type Failed = Box<dyn Error + Send + Sync>;

const USAGE: &str = "cohub-bench up|sync|live|idle|pages|all [--short] [--records N] [--rounds N]";

/// How much is measured.
#[derive(Debug, Clone, Copy)]
struct Dose {
    /// Ends within about a minute, and says less.
    short: bool,
    records: Option<usize>,
    rounds: Option<usize>,
}

impl Dose {
    fn records(&self, long: usize, short: usize) -> usize {
        self.records.unwrap_or(if self.short { short } else { long })
    }

    fn rounds(&self, long: usize, short: usize) -> usize {
        self.rounds.unwrap_or(if self.short { short } else { long }).max(1)
    }
}

fn main() -> ExitCode {
    match role() {
        Some(Role::Cohub) => return cohub_cli::run(),
        Some(Role::Gossip) => return end(gossip::run()),
        Some(Role::Scan) => return end(up::scan_bare()),
        None => {}
    }
    end(measure(&std::env::args().skip(1).collect::<Vec<_>>()))
}

fn end(result: Result<(), Failed>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures one thing in a dose and answers its table.
type Measurement = fn(Dose) -> Result<table::Table, Failed>;

fn measure(arguments: &[String]) -> Result<(), Failed> {
    let mut dose = Dose { short: false, records: None, rounds: None };
    let mut what = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut number = || -> Result<usize, Failed> { Ok(rest.next().ok_or(USAGE)?.parse()?) };
        match argument.as_str() {
            "--short" => dose.short = true,
            "--records" => dose.records = Some(number()?),
            "--rounds" => dose.rounds = Some(number()?),
            name if what.is_none() => what = Some(name.to_owned()),
            _ => return Err(USAGE.into()),
        }
    }
    let what = what.ok_or(USAGE)?;
    let all: [(&str, Measurement); 5] = [
        ("up", up::run),
        ("sync", sync::run),
        ("live", live::run),
        ("idle", idle::run),
        ("pages", pages::run),
    ];
    let chosen: Vec<_> = all.into_iter().filter(|(name, _)| what == *name || what == "all").collect();
    if chosen.is_empty() {
        return Err(USAGE.into());
    }
    table::preface();
    for (_, run) in chosen {
        run(dose)?.print();
    }
    Ok(())
}
