//! `cohub completion` and `cohub man`: what a packager installs beside the binary.

use std::path::Path;

use serde_json::json;

use crate::arguments::{Completion, Man};
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::counted;

pub(crate) fn completion(completion: &Completion) -> Result<Answer, Error> {
    let mut script = Vec::new();
    clap_complete::generate(completion.shell, &mut crate::command(), "cohub", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    let fields = json!({ "shell": completion.shell.to_string(), "script": script });
    Answer::new("completion", &fields, script)
}

pub(crate) fn pages(man: Man) -> Result<Answer, Error> {
    let mut command = crate::command();
    command.build();
    let mut pages = Vec::new();
    render(&command, "cohub", &mut pages)?;
    let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    let Some(out) = man.out else {
        let first = pages.first().map(|(_, text)| text.clone()).unwrap_or_default();
        return Answer::new("man", &json!({ "pages": names, "first": first }), first);
    };
    for (name, text) in &pages {
        write(&out, name, text)?;
    }
    let text = format!("{} in {}.", counted(pages.len(), "page"), out.display());
    Answer::new("man", &json!({ "pages": names, "path": out }), text)
}

/// A command's page, then those of the commands in it.
fn render(command: &clap::Command, name: &str, pages: &mut Vec<(String, String)>) -> Result<(), Error> {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(command.clone().name(name.to_owned())).render(&mut page);
    rendered.map_err(|error| Error::failed(format!("the page of {name} cannot be made: {error}")))?;
    pages.push((format!("{name}.1"), String::from_utf8_lossy(&page).into_owned()));
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        render(inner, &format!("{name}-{}", inner.get_name()), pages)?;
    }
    Ok(())
}

fn write(dir: &Path, name: &str, text: &str) -> Result<(), Error> {
    let written = std::fs::create_dir_all(dir).and_then(|()| std::fs::write(dir.join(name), text));
    written.map_err(|error| Error::failed(format!("{} cannot be written: {error}", dir.join(name).display())))
}
