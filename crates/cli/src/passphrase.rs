//! Where a passphrase comes from: a file, or a prompt on a terminal. Never from arguments or pipes.

use std::io::IsTerminal as _;
use std::path::Path;

use cohub_node::Passphrase;
use zeroize::Zeroizing;

use crate::exit::Error;

/// Bytes of a passphrase at the most: the longest line that anybody means to type.
const LONGEST: usize = 1_024;

/// The passphrase of a keystore that exists.
pub(crate) fn read(file: Option<&Path>, purpose: &str) -> Result<Passphrase, Error> {
    match file {
        Some(file) => from_file(file),
        None => prompt(&format!("Passphrase {purpose}: ")).map(|text| Passphrase::new(&text)),
    }
}

/// A passphrase for a new keystore: typed twice.
pub(crate) fn choose(file: Option<&Path>) -> Result<Passphrase, Error> {
    if let Some(file) = file {
        return from_file(file);
    }
    let first = prompt("A passphrase for this hub's keys: ")?;
    if first.is_empty() {
        return Err(Error::usage("an empty passphrase protects nothing; nothing was written"));
    }
    if *first != *prompt("The same passphrase again: ")? {
        return Err(Error::usage("the two passphrases differ; nothing was written"));
    }
    Ok(Passphrase::new(&first))
}

/// Words that were written down when the hub began.
pub(crate) fn recovery_words(file: Option<&Path>) -> Result<Zeroizing<String>, Error> {
    match file {
        Some(file) => line_of(file, "recovery words"),
        None if at_a_terminal() => prompt("The 24 recovery words: "),
        None => {
            Err(Error::usage("the recovery words are needed and there is no terminal: --words-file FILE"))
        }
    }
}

fn from_file(file: &Path) -> Result<Passphrase, Error> {
    line_of(file, "passphrase").map(|text| Passphrase::new(&text))
}

/// The first line of a file.
fn line_of(file: &Path, what: &str) -> Result<Zeroizing<String>, Error> {
    let text = std::fs::read_to_string(file).map(Zeroizing::new).map_err(|error| {
        Error::permission(format!("the {what} file {} cannot be read: {error}", file.display()))
    })?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() || line.len() > LONGEST {
        return Err(Error::permission(format!(
            "the {what} file {} has no first line of 1 to {LONGEST} bytes",
            file.display()
        )));
    }
    Ok(Zeroizing::new(line.to_owned()))
}

fn prompt(question: &str) -> Result<Zeroizing<String>, Error> {
    if !at_a_terminal() {
        return Err(Error::usage(
            "a passphrase is needed and there is no terminal to ask on: give --passphrase-file FILE or set \
             COHUB_PASSPHRASE_FILE",
        ));
    }
    let answer = rpassword::prompt_password(question);
    answer.map(Zeroizing::new).map_err(|error| Error::failed(format!("nothing could be read: {error}")))
}

fn at_a_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}
