//! `cargo xtask sim`: lets simulated worlds run, as many as one likes, and says what came of them.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use cohub_sim::{Counts, Options, Report, Switch};

use crate::{Findings, fault};

/// The rules that can be switched off.
const RULES: [(&str, Switch); 6] = [
    ("finality", Switch::Finality),
    ("support", Switch::Support),
    ("lock", Switch::Lock),
    ("inherited-lock", Switch::InheritedLock),
    ("unlocking", Switch::Unlocking),
    ("last-record", Switch::LastRecord),
];

/// What was asked for.
struct Wanted {
    first: u64,
    seeds: u64,
    jobs: u64,
    trace: bool,
    options: Options,
}

pub(crate) fn run(words: &[&str]) -> Findings {
    let wanted = Wanted::parse(words)?;
    if wanted.trace {
        let told: Box<dyn FnMut(&str)> = Box::new(|line| println!("{line}"));
        let report = cohub_sim::run_telling(wanted.first, wanted.options, Some(told));
        return summary(&wanted, &[report], 0);
    }
    let begun = Instant::now();
    let next = AtomicU64::new(0);
    let reports = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..wanted.jobs {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= wanted.seeds {
                        return;
                    }
                    let report = cohub_sim::run(wanted.first + number, wanted.options);
                    reports.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(report);
                }
            });
        }
    });
    let mut reports = reports.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    reports.sort_by_key(|report| report.seed);
    summary(&wanted, &reports, begun.elapsed().as_millis())
}

impl Wanted {
    fn parse(words: &[&str]) -> Result<Self, Vec<String>> {
        let mut wanted = Self { first: 1, seeds: 200, jobs: 1, trace: false, options: Options::default() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if *word == "--trace" {
                wanted.trace = true;
                continue;
            }
            if *word == "--without" {
                let rule = words.next().and_then(|name| RULES.iter().find(|(rule, _)| rule == name));
                let Some((_, rule)) = rule else {
                    let names = RULES.map(|(name, _)| name).join(", ");
                    return fault(format!("--without takes one of {names}"));
                };
                wanted.options.switched_off = Some(*rule);
                continue;
            }
            if *word == "--contested" {
                wanted.options.contested = true;
                continue;
            }
            if *word == "--abandoned" {
                wanted.options.abandoned = true;
                continue;
            }
            let number = words.next().and_then(|number| number.parse::<u64>().ok());
            let Some(number) = number else { return fault(format!("{word} takes a number")) };
            match *word {
                "--seeds" => wanted.seeds = number,
                "--first" => wanted.first = number,
                "--jobs" => wanted.jobs = number.max(1),
                "--seed" => (wanted.first, wanted.seeds) = (number, 1),
                "--nodes" => wanted.options.founders = usize::try_from(number).unwrap_or(usize::MAX),
                other => return fault(format!("{other} is no option of sim")),
            }
        }
        if wanted.options.founders > 31 {
            return fault("--nodes is at most 31: so many seats a committee may have");
        }
        Ok(wanted)
    }

    /// The command that shows one world again.
    fn replay(&self, seed: u64) -> String {
        let nodes = match self.options.founders {
            0 => String::new(),
            founders => format!(" --nodes {founders}"),
        };
        let without = RULES.iter().find(|(_, rule)| Some(*rule) == self.options.switched_off);
        let without = without.map(|(name, _)| format!(" --without {name}")).unwrap_or_default();
        let contested = if self.options.contested { " --contested" } else { "" };
        let abandoned = if self.options.abandoned { " --abandoned" } else { "" };
        format!("cargo xtask sim --seed {seed}{nodes}{without}{contested}{abandoned} --trace")
    }
}

fn summary(wanted: &Wanted, reports: &[Report], took_ms: u128) -> Findings {
    let mut counts = Counts::default();
    let (mut faults, mut blames) = (Vec::new(), BTreeMap::<&str, u64>::new());
    for report in reports {
        counts.add(&report.counts);
        report.blames.iter().for_each(|(why, count)| *blames.entry(why).or_default() += count);
        for violation in &report.violations {
            faults.push(format!("seed {}: {violation}", report.seed));
        }
        if !report.violations.is_empty() {
            faults.push(format!("    {}", wanted.replay(report.seed)));
        }
    }
    let rows = [
        ("seeds", counts.seeds.to_string()),
        ("motions", counts.motions.to_string()),
        ("final", counts.finals.to_string()),
        ("undisputed", counts.undisputed.to_string()),
        ("undisputed and final", counts.undisputed_finals.to_string()),
        ("certificates verified", counts.proofs.to_string()),
        ("hubs admitted", counts.admitted.to_string()),
        (
            "committees succeeded",
            format!(
                "{} ({} handovers, {} by a fallback)",
                counts.successions, counts.handovers, counts.fallbacks
            ),
        ),
        ("decided by later ones", counts.later_finals.to_string()),
        ("charters amended", format!("{} ({} decided by them)", counts.amendments, counts.amended_finals)),
        (
            "controllers replaced",
            format!(
                "{} ({} with a rival, {} decided by vote)",
                counts.rotations, counts.stolen, counts.recoveries
            ),
        ),
        ("forks", counts.forks.to_string()),
        ("refusals", counts.refusals.to_string()),
        ("restarts", counts.restarts.to_string()),
        ("partitions", format!("{} ({} over a deadline)", counts.cuts, counts.cuts_across_deadlines)),
        ("messages lost", counts.drops.to_string()),
        ("messages repeated", counts.repeats.to_string()),
        ("messages coded", counts.coded.to_string()),
        ("full disks", counts.full_disks.to_string()),
        ("failed writes", counts.faults.to_string()),
        ("records written", counts.written.to_string()),
        ("refused to people", counts.refused_to_people.to_string()),
        ("inputs", counts.inputs.to_string()),
        ("simulated hours", (counts.simulated_ms / 3_600_000).to_string()),
        ("took", format!("{took_ms} ms")),
    ];
    for (name, value) in rows {
        println!("{name:<22}{value}");
    }
    for (why, count) in blames {
        println!("honest nodes blamed each other {count} times: {why}");
    }
    // Where a rule is weakened, or too many tellers are gone, other things happen.
    if wanted.options.switched_off.is_none() && !wanted.options.contested && !wanted.options.abandoned {
        faults.extend(counts.shortfalls());
    }
    if faults.is_empty() { Ok("no world broke a promise".to_owned()) } else { Err(faults) }
}
