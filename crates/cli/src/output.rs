//! The one place that prints: an answer as text or as JSON on stdout, everything else on stderr.

use std::io::Write as _;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::exit::{Error, Exit};

/// What a command found out or did.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Fields for scripts.
    fields: Map<String, Value>,
    /// Text for people; empty for nothing.
    text: String,
    /// How the command ends.
    exit: Exit,
}

impl Answer {
    /// An answer of a named, versioned schema. `fields` has to serialize to an object.
    pub(crate) fn new(name: &str, fields: &impl Serialize, text: impl Into<String>) -> Result<Self, Error> {
        let value = serde_json::to_value(fields)
            .map_err(|error| Error::failed(format!("the answer cannot be written as JSON: {error}")))?;
        let Value::Object(found) = value else {
            return Err(Error::failed("the answer is no object, so it has no JSON form"));
        };
        let mut fields = Map::new();
        fields.insert("schema".to_owned(), Value::String(format!("cohub.{name}.v1")));
        fields.extend(found);
        Ok(Self { fields, text: text.into(), exit: Exit::Done })
    }

    /// An answer that was printed line by line already.
    pub(crate) fn printed() -> Self {
        Self { fields: Map::new(), text: String::new(), exit: Exit::Done }
    }

    /// The same answer, with more fields for scripts; `fields` has to be an object.
    pub(crate) fn with(mut self, fields: &Value) -> Self {
        self.fields.extend(fields.as_object().cloned().unwrap_or_default());
        self
    }

    /// The same answer, with one more line for people.
    pub(crate) fn saying(mut self, line: &str) -> Self {
        self.text = format!("{}\n{line}", self.text);
        self
    }

    /// The same answer, with another exit code.
    pub(crate) fn ending(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }
}

/// Prints an answer before its command ends.
pub(crate) fn show(context: &Context, answer: Answer) -> Result<(), Error> {
    print(&if context.json() { pretty(&Value::Object(answer.fields)) } else { answer.text })
}

/// Prints how a command ended, and returns its exit code.
pub(crate) fn end(context: &Context, ended: Result<Answer, Error>) -> Exit {
    match ended {
        Ok(answer) => {
            let exit = answer.exit;
            let printed = if answer.fields.is_empty() { Ok(()) } else { show(context, answer) };
            printed.map_or_else(|error| complain(context, &error), |()| exit)
        }
        Err(error) => complain(context, &error),
    }
}

/// Prints one line of a stream: compact JSON, or text.
pub(crate) fn line(context: &Context, name: &str, fields: &impl Serialize, text: &str) -> Result<(), Error> {
    let answer = Answer::new(name, fields, text)?;
    print(&if context.json() { Value::Object(answer.fields).to_string() } else { answer.text })
}

/// Prints bytes as they are: scripts, files.
pub(crate) fn print(text: &str) -> Result<(), Error> {
    if text.is_empty() {
        return Ok(());
    }
    let mut stdout = anstream::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    let written = write!(stdout, "{text}{end}").and_then(|()| stdout.flush());
    match written {
        // Who closes the pipe has read enough: `cohub registry show | head`.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| Error::failed(format!("stdout cannot be written: {error}"))),
    }
}

/// A line on stderr. Where not even that can be written there is nobody left to tell.
pub(crate) fn aside(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

fn complain(context: &Context, error: &Error) -> Exit {
    if context.json() {
        let fields = json!({
            "schema": "cohub.error.v1",
            "kind": error.exit.word(),
            "exit": error.exit as u8,
            "message": error.message,
        });
        aside(&fields.to_string());
    } else {
        aside(&format!("{}error:{} {}", crate::prose::RED, crate::prose::PLAIN, error.message));
    }
    error.exit
}
