//! Looks at every state of larger models than the tests have time for.

use std::process::ExitCode;
use std::time::Instant;

use cohub_model::Network;
use stateright::{Checker as _, Model as _};

/// Motions by version and term.
const MODELS: [&str; 3] = ["A1 B1", "A1 B2", "A1 B1 B2"];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let models = if asked.is_empty() { MODELS.map(str::to_owned).to_vec() } else { asked };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut whole = true;
    for motions in models {
        let begun = Instant::now();
        let found = Network::of(&motions).checker().threads(threads).spawn_bfs().join();
        let model = found.model();
        let broken = stateright::Model::properties(model).into_iter().filter(|property| {
            let discovered = found.discovery(property.name).is_some();
            match property.expectation {
                stateright::Expectation::Sometimes => !discovered,
                _ => discovered,
            }
        });
        let broken: Vec<_> = broken.map(|property| property.name).collect();
        let (states, took) = (found.unique_state_count(), begun.elapsed().as_secs_f32());
        println!(
            "{motions}: {states} states in {took:.1} s; {}",
            if broken.is_empty() { "all kept" } else { "BROKEN" }
        );
        broken.iter().for_each(|name| println!("  {name}"));
        whole &= broken.is_empty();
    }
    if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
