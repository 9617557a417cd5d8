//! Stories: pages of prose whose commands are executed, and whose output must be as it is written.
//!
//! `tests/stories/README.md` says how to write one.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::world::Shown;
use crate::{Names, Pattern, World};

/// How long to wait before a command is tried again whose output is to become as expected.
const PAUSE: Duration = Duration::from_millis(200);

/// A page and what it says to do.
#[derive(Debug)]
pub struct Story {
    name: String,
    steps: Vec<Step>,
}

/// Why a story did not go as it is told, with place, command and difference.
#[derive(Debug, PartialEq, Eq)]
pub struct StoryError(pub String);

impl std::fmt::Display for StoryError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Step {
    /// Counted from 1.
    line: usize,
    action: Action,
}

#[derive(Debug, PartialEq, Eq)]
enum Action {
    Write { name: String, text: String },
    Run { hub: Option<String>, command: String, expected: Pattern, status: i32, within: Duration },
    Start { hub: String, command: String, expected: Pattern },
    End { hub: String, at_once: bool },
}

impl Story {
    /// Reads a story from a file.
    ///
    /// # Errors
    /// If it cannot be read, or a block of it cannot be understood.
    pub fn read(path: &Path) -> Result<Self, StoryError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).map_err(|error| StoryError(format!("{name}: {error}")))?;
        Self::parse(&name, &text)
    }

    /// Reads a story from its text.
    ///
    /// # Errors
    /// If a block cannot be understood.
    pub fn parse(name: &str, text: &str) -> Result<Self, StoryError> {
        let mut steps = Vec::new();
        let mut lines = text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            let Some(info) = line.strip_prefix("```") else { continue };
            let block: Vec<(usize, &str)> = lines.by_ref().take_while(|(_, line)| *line != "```").collect();
            let wrong = |why: String| StoryError(format!("{name}:{}: {why}", at + 1));
            steps.extend(read_block(at, info, &block).map_err(wrong)?);
        }
        if steps.is_empty() {
            return Err(StoryError(format!("{name}: nothing happens in it")));
        }
        Ok(Self { name: name.to_owned(), steps })
    }

    /// Lets the story happen.
    ///
    /// # Errors
    /// At the first command that does not show what is written.
    pub fn play(&self, world: &mut World) -> Result<(), StoryError> {
        let mut names = Names::new();
        for step in &self.steps {
            names = step.action.perform(world, names).map_err(|why| {
                StoryError(format!("{}:{}: {why}\n{}", self.name, step.line, world.last_words()))
            })?;
        }
        Ok(())
    }
}

/// The steps of one fenced block: a file, or commands with their output; other blocks are for readers only.
fn read_block(at: usize, info: &str, block: &[(usize, &str)]) -> Result<Vec<Step>, String> {
    let mut words = info.split_whitespace();
    let language = words.next().unwrap_or_default();
    let (mut hub, mut within, mut file) = (None, Duration::ZERO, None);
    for word in words {
        match word.split_once('=') {
            Some(("hub", name)) => hub = Some(name.to_owned()),
            Some(("file", name)) => file = Some(name.to_owned()),
            Some(("within", time)) => {
                let seconds = time.strip_suffix('s').and_then(|number| number.parse().ok());
                within = Duration::from_secs(seconds.ok_or_else(|| format!("{time} is no time like 20s"))?);
            }
            _ => return Err(format!("{word} is not understood; a block takes hub=, within= and file=")),
        }
    }
    if let Some(name) = file {
        let text = block.iter().map(|(_, line)| format!("{line}\n")).collect();
        return Ok(vec![Step { line: at + 1, action: Action::Write { name, text } }]);
    }
    if language != "cohub" {
        return Ok(Vec::new());
    }
    read_commands(hub.as_deref(), within, block)
}

fn read_commands(hub: Option<&str>, within: Duration, block: &[(usize, &str)]) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut rest = block.iter().peekable();
    while let Some((at, line)) = rest.next() {
        let mut command =
            line.strip_prefix("$ ").ok_or_else(|| format!("output without a command: {line}"))?.to_owned();
        while command.ends_with('\\') {
            let (_, more) = rest.next().ok_or("a command breaks off")?;
            command = format!("{command}\n{more}");
        }
        let mut expected = Vec::new();
        while let Some((_, line)) = rest.next_if(|(_, line)| !line.starts_with("$ ")) {
            expected.push(*line);
        }
        while expected.last().is_some_and(|line| line.is_empty()) {
            expected.pop();
        }
        steps.push(Step { line: at + 1, action: read_command(hub, command, expected, within)? });
    }
    Ok(steps)
}

fn read_command(
    hub: Option<&str>,
    command: String,
    mut expected: Vec<&str>,
    within: Duration,
) -> Result<Action, String> {
    let of_hub = || hub.map(str::to_owned).ok_or_else(|| format!("`{command}` needs a block with hub="));
    if let "kill %1" | "kill -9 %1" = command.as_str() {
        return Ok(Action::End { hub: of_hub()?, at_once: command.contains("-9") });
    }
    if let Some(line) = command.strip_suffix(" &") {
        let expected = Pattern::parse(expected).open_ended();
        return Ok(Action::Start { hub: of_hub()?, command: line.to_owned(), expected });
    }
    let status = match expected.last().and_then(|line| line.strip_prefix("(exit ")?.strip_suffix(')')) {
        None => 0,
        Some(number) => {
            expected.pop();
            number.parse().map_err(|_| format!("{number} is no exit code"))?
        }
    };
    let hub = hub.map(str::to_owned);
    Ok(Action::Run { hub, command, expected: Pattern::parse(expected), status, within })
}

impl Action {
    fn perform(&self, world: &mut World, names: Names) -> Result<Names, String> {
        match self {
            Self::Write { name, text } => {
                world.write(name, text).map_err(|error| format!("cannot write {name}: {error}"))?;
                Ok(names)
            }
            Self::End { hub, at_once } => world.end(hub, *at_once).map(|()| names),
            Self::Start { hub, command, expected } => {
                world.start(hub, command, expected, &names).map_err(|why| format!("$ {command} &\n  {why}"))
            }
            Self::Run { hub, command, expected, status, within } => {
                let end = Instant::now() + *within;
                loop {
                    let shown = world
                        .run(hub.as_deref(), command, &names)
                        .map_err(|why| format!("$ {command}\n  {why}"))?;
                    match as_expected(&shown, expected, *status, &names) {
                        Err(_) if Instant::now() < end => std::thread::sleep(PAUSE),
                        found => return found.map_err(|why| format!("$ {command}\n{why}")),
                    }
                }
            }
        }
    }
}

fn as_expected(shown: &Shown, expected: &Pattern, status: i32, names: &Names) -> Result<Names, String> {
    let found = expected.matches(&shown.text, names);
    match found {
        Some(names) if shown.status == status => Ok(names),
        _ => {
            let mut text = expected.difference(&shown.text, names);
            if shown.status != status {
                text += &format!("    exit code {}, expected {status}\n", shown.status);
            }
            Err(text)
        }
    }
}

#[cfg(test)]
mod tests;
