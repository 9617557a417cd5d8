//! The login of pages that are reached from other machines: letters that this software chose, kept as a hash.
//!
//! There are 2^120 of them, so that nobody finds one by trying, however fast the answers come.

use cohub_node::Home;

use crate::WebError;
use crate::place::{directory, make as make_directory, write};

/// Letters and digits that are not mistaken for one another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
const LENGTH: usize = 24;
const GROUP: usize = 4;
const DOMAIN: &[u8] = b"cohub page login v1\n";

/// Makes the login of a home, in the place of one that there was; it is answered this once.
///
/// # Errors
/// If the file cannot be written, or there is no randomness.
pub fn make(home: &Home) -> Result<String, WebError> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| WebError::Randomness(error.to_string()))?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    let groups = letters.chunks(GROUP).map(|group| group.iter().collect::<String>());
    let login = groups.collect::<Vec<_>>().join("-");
    make_directory(&directory(home))?;
    write(&file(home), &hash(&login).to_hex())?;
    Ok(login)
}

/// Whether a home has one.
pub(crate) fn is_there(home: &Home) -> bool {
    kept(home).is_some()
}

/// The hash of the login that a home has.
pub(crate) fn kept(home: &Home) -> Option<blake3::Hash> {
    let text = std::fs::read_to_string(file(home)).ok()?;
    blake3::Hash::from_hex(text.trim()).ok()
}

/// Whether that is the login; upper case, spaces and hyphens do not matter.
pub(crate) fn opens(home: &Home, typed: &str) -> bool {
    // What is compared is a hash, and takes the same time wherever it differs.
    kept(home).is_some_and(|kept| kept == hash(typed))
}

fn hash(typed: &str) -> blake3::Hash {
    let plain: String =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    blake3::hash(&[DOMAIN, plain.as_bytes()].concat())
}

fn file(home: &Home) -> std::path::PathBuf {
    directory(home).join("login")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_opens_however_it_is_typed_and_a_new_one_ends_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        assert!(!is_there(&home) && !opens(&home, ""));
        let login = make(&home).unwrap();
        assert_eq!((login.len(), login.matches('-').count()), (29, 5));
        assert!(is_there(&home));
        for typed in [login.clone(), login.replace('-', " ").to_uppercase(), login.replace('-', "")] {
            assert!(opens(&home, &typed), "{typed}");
        }
        for typed in ["", &login[1..], &format!("{login}a")] {
            assert!(!opens(&home, typed), "{typed}");
        }
        let kept = std::fs::read_to_string(file(&home)).unwrap();
        assert!(!kept.contains(&login) && !kept.contains(&login.replace('-', "")));
        assert_eq!(std::fs::metadata(file(&home)).unwrap().permissions().mode() & 0o777, 0o600);
        let other = make(&home).unwrap();
        assert!(opens(&home, &other) && !opens(&home, &login));
    }
}
