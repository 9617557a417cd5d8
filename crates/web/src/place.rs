//! The pages' own directory in a node's home: who serves them, where, and with which secret for codes.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use cohub_node::{Home, hex};

use crate::WebError;
use crate::codes::Mint;
use crate::words::now_ms;

/// The directory, held by the one process that serves the pages.
#[derive(Debug)]
pub(crate) struct Place {
    dir: PathBuf,
    /// Locked while it is open.
    _lock: File,
}

/// The address with a new code of the pages that another process serves for a home; none if none does.
///
/// # Errors
/// If the files cannot be read.
pub fn running(home: &Home) -> Result<Option<String>, WebError> {
    let dir = directory(home);
    if Place::take(home)?.is_some() {
        return Ok(None);
    }
    let read = |name: &str| {
        let path = dir.join(name);
        std::fs::read_to_string(&path).map_err(WebError::file(&path))
    };
    let (address, secret) = (read("address")?, read("secret")?);
    let secret = hex::decode(secret.trim()).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let Some(secret) = secret else { return Ok(None) };
    invitation(address.trim(), &Mint::new(secret)).map(Some)
}

/// An address with a code.
pub(crate) fn invitation(address: &str, mint: &Mint) -> Result<String, WebError> {
    Ok(format!("{address}/enter?code={}", mint.code(now_ms() / 1_000)?))
}

pub(crate) fn directory(home: &Home) -> PathBuf {
    home.dir().join("ui")
}

/// Says where the public listener is.
pub(crate) fn tell_public(home: &Home, address: &str) -> Result<(), WebError> {
    let dir = directory(home);
    make(&dir)?;
    write(&dir.join("public"), address)
}

/// Where the public listener of a home was when it began last; none where it never did.
#[must_use]
pub fn public_address(home: &Home) -> Option<String> {
    std::fs::read_to_string(directory(home).join("public")).ok()
}

impl Place {
    /// Takes the directory; none if another process has it.
    pub(crate) fn take(home: &Home) -> Result<Option<Self>, WebError> {
        let dir = directory(home);
        make(&dir)?;
        let path = dir.join("lock");
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        let lock = lock.map_err(WebError::file(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { dir, _lock: lock })),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(WebError::file(&path)(error)),
        }
    }

    /// Says where the pages are, and makes a new secret for codes.
    pub(crate) fn announce(&self, address: &str) -> Result<Mint, WebError> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| WebError::Randomness(error.to_string()))?;
        write(&self.dir.join("secret"), &hex::encode(&secret))?;
        write(&self.dir.join("address"), address)?;
        Ok(Mint::new(secret))
    }
}

/// Makes the directory, for its owner only, if it is not there.
pub(crate) fn make(dir: &Path) -> Result<(), WebError> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(WebError::file(dir))
}

/// Writes a file for its owner only, whole or not at all.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), WebError> {
    let part = path.with_extension("part");
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        file.write_all(text.as_bytes())?;
        std::fs::rename(&part, path)
    })();
    written.map_err(WebError::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Codes;

    #[test]
    fn one_process_serves_and_another_makes_codes_for_it() {
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        assert_eq!(running(&home).unwrap(), None);
        let place = Place::take(&home).unwrap().unwrap();
        let codes = Codes::new(place.announce("http://127.0.0.1:7").unwrap());
        let url = running(&home).unwrap().unwrap();
        let code = url.strip_prefix("http://127.0.0.1:7/enter?code=").unwrap();
        assert_eq!(codes.take(code, now_ms() / 1_000), Ok(()));
        drop(place);
        assert_eq!(running(&home).unwrap(), None);
    }

    #[test]
    fn the_secret_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        Place::take(&home).unwrap().unwrap().announce("http://127.0.0.1:7").unwrap();
        let mode = std::fs::metadata(temp.path().join("ui/secret")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
