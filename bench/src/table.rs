//! Tables of what was measured: medians, how far they spread, ratios, and whether a goal is met.

/// Which way a ratio should go.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    /// At most so much.
    AtMost(f64),
    /// At least so much.
    AtLeast(f64),
    /// Only told.
    None,
}

/// What was measured, and what stands beside it.
#[derive(Debug)]
struct Line {
    what: String,
    ours: Vec<f64>,
    unit: &'static str,
    beside: String,
    theirs: Vec<f64>,
    goal: Goal,
}

/// Lines with a heading.
#[derive(Debug)]
pub(crate) struct Table {
    heading: String,
    lines: Vec<Line>,
    remarks: Vec<String>,
}

impl Table {
    pub(crate) fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), lines: Vec::new(), remarks: Vec::new() }
    }

    /// Adds what was measured in turns, so that it can be compared.
    pub(crate) fn compare(
        &mut self,
        what: impl Into<String>,
        (ours, unit): (&[f64], &'static str),
        (beside, theirs): (impl Into<String>, &[f64]),
        goal: Goal,
    ) {
        let (ours, theirs) = (ours.to_vec(), theirs.to_vec());
        self.lines.push(Line { what: what.into(), ours, unit, beside: beside.into(), theirs, goal });
    }

    /// Adds what has to keep to a fixed limit.
    pub(crate) fn limit(&mut self, what: impl Into<String>, ours: &[f64], unit: &'static str, limit: f64) {
        self.compare(what, (ours, unit), ("the goal", &[limit]), Goal::AtMost(1.0));
    }

    /// Adds what is only told.
    pub(crate) fn tell(&mut self, what: impl Into<String>, ours: &[f64], unit: &'static str) {
        self.compare(what, (ours, unit), ("", &[]), Goal::None);
    }

    /// Adds a sentence below the table.
    pub(crate) fn remark(&mut self, remark: impl Into<String>) {
        self.remarks.push(remark.into());
    }

    pub(crate) fn print(&self) {
        println!("\n### {}\n", self.heading);
        println!("| what | median | spread | beside | median | spread | ratio | goal |");
        println!("| --- | ---: | ---: | --- | ---: | ---: | ---: | --- |");
        for line in &self.lines {
            let (ours, theirs) = (Spread::of(&line.ours), Spread::of(&line.theirs));
            let ratio = ours.median / theirs.median;
            let (ratio_text, their_text, their_spread) = if line.theirs.is_empty() {
                (String::new(), String::new(), String::new())
            } else {
                (format!("{ratio:.2}"), number(theirs.median, line.unit), theirs.text())
            };
            let met = |met: bool| if met { "met" } else { "**missed**" };
            let goal = match line.goal {
                Goal::AtMost(most) => format!("≤ {most}: {}", met(ratio <= most)),
                Goal::AtLeast(least) => format!("≥ {least}: {}", met(ratio >= least)),
                Goal::None => String::new(),
            };
            println!(
                "| {} | {} | {} | {} | {their_text} | {their_spread} | {ratio_text} | {goal} |",
                line.what,
                number(ours.median, line.unit),
                ours.text(),
                line.beside,
            );
        }
        println!();
        for remark in &self.remarks {
            println!("{remark}");
        }
    }
}

/// A median and how far half of the others are from each other.
struct Spread {
    median: f64,
    percent: f64,
    count: usize,
}

impl Spread {
    fn of(values: &[f64]) -> Self {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        let at = |quarter: usize| {
            values.len().checked_sub(1).and_then(|last| values.get(last * quarter / 4)).copied()
        };
        let median = at(2).unwrap_or(f64::NAN);
        let between = at(3).unwrap_or(f64::NAN) - at(1).unwrap_or(f64::NAN);
        Self { median, percent: between / median * 100.0, count: values.len() }
    }

    fn text(&self) -> String {
        if self.count < 2 { String::new() } else { format!("{:.0}% of {}", self.percent, self.count) }
    }
}

/// The median of values.
pub(crate) fn median(values: &[f64]) -> f64 {
    Spread::of(values).median
}

fn number(value: f64, unit: &str) -> String {
    let digits = match value.abs() {
        large if large >= 1_000.0 => 0,
        middle if middle >= 10.0 => 1,
        _ => 3,
    };
    format!("{value:.digits$} {unit}")
}

/// What every run begins with: what is compared with what, and on which machine.
pub(crate) fn preface() {
    let versions: Vec<String> = ["sled", "libp2p", "libp2p-gossipsub", "ed25519-dalek", "blake3", "tokio"]
        .iter()
        .map(|name| format!("{name} {}", locked_version(name)))
        .collect();
    println!("cohub {}, beside {}", env!("CARGO_PKG_VERSION"), versions.join(", "));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("{cores} cores, load before the run {}", load.split(' ').take(3).collect::<Vec<_>>().join(" "));
    println!(
        "A spread is the distance of the quartiles in percent of the median, and of how many; ratios are of \
         medians, measured in turns in this run."
    );
}

/// The version that this workspace's lock file has.
fn locked_version(name: &str) -> &'static str {
    let lock = include_str!("../Cargo.lock");
    let named = format!("name = \"{name}\"\n");
    let package = lock.split("[[package]]").find(|package| package.contains(&named));
    package
        .and_then(|package| package.split("version = \"").nth(1))
        .and_then(|rest| rest.split('"').next())
        .unwrap_or("?")
}
