//! A node's directory: where everything of one hub lies, and how files in it are written.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::NodeError;

/// The directory of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    dir: PathBuf,
}

/// Longest path that a Unix socket can have on the systems that cohub runs on, with its closing zero.
const SOCKET_PATH_BYTES: usize = 104;

impl Home {
    /// The directory that is named by the flag, else by `COHUB_HOME`, else `cohub` in the user's data
    /// directory (`XDG_DATA_HOME`, or `~/.local/share`). It is made if it is not there.
    ///
    /// # Errors
    /// If there is no such place, or it cannot be made.
    pub fn locate(flag: Option<&Path>) -> Result<Self, NodeError> {
        let variable =
            |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let data =
            || variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share")));
        let named = flag.map(Path::to_owned).or_else(|| variable("COHUB_HOME"));
        let dir = named.or_else(|| data().map(|data| data.join("cohub")));
        let dir = dir.ok_or_else(|| {
            NodeError::Setting("home: name a directory with --home or COHUB_HOME".to_owned())
        })?;
        Self::at(&dir)
    }

    /// The node at this directory, which is made, readable by its owner only, if it is not there.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn at(dir: &Path) -> Result<Self, NodeError> {
        make_dir(dir)?;
        let dir = dir.canonicalize().map_err(NodeError::file("opening", dir))?;
        Ok(Self { dir })
    }

    /// The directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The settings of this node.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.dir.join("config.toml")
    }

    /// The daemon's socket. Where the directory's path is too long for a socket it lies in the system's
    /// temporary directory, named after the directory.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        let socket = self.dir.join("node.sock");
        if socket.as_os_str().len() < SOCKET_PATH_BYTES {
            return socket;
        }
        let name = blake3::hash(self.dir.as_os_str().as_encoded_bytes()).to_hex();
        std::env::temp_dir().join(format!("cohub-{}", &name[..16])).join("node.sock")
    }

    /// Records, attachments and export segments.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// Attachments on their way from a local caller into the store.
    #[must_use]
    pub fn incoming(&self) -> PathBuf {
        self.dir.join("data").join("incoming")
    }

    /// Attachments that somebody here asked to read; emptied at each start of the node.
    #[must_use]
    pub fn outgoing(&self) -> PathBuf {
        self.dir.join("data").join("outgoing")
    }

    /// Signed records that were not handed in yet.
    #[must_use]
    pub fn outbox(&self) -> PathBuf {
        self.dir.join("outbox")
    }

    /// Keys.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.dir.join("keys")
    }

    /// Public facts of the own hub.
    #[must_use]
    pub fn hub_file(&self) -> PathBuf {
        self.dir.join("hub.json")
    }

    /// The network that was joined, or that is knocked at.
    #[must_use]
    pub fn network_file(&self) -> PathBuf {
        self.dir.join("network.json")
    }

    /// What was noted under a name; none where nothing was.
    ///
    /// # Errors
    /// If the note cannot be read.
    pub fn note<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<Option<T>, NodeError> {
        read_json(&self.dir.join(format!("{name}.json")))
    }

    /// Notes something that is not lost with the process, in a file `NAME.json`.
    ///
    /// # Errors
    /// If the note cannot be written; the one before it stands then.
    pub fn set_note<T: serde::Serialize>(&self, name: &str, value: &T) -> Result<(), NodeError> {
        write_json(&self.dir.join(format!("{name}.json")), value)
    }
}

/// Makes a directory, and those above it, for its owner only.
pub(crate) fn make_dir(dir: &Path) -> Result<(), NodeError> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(NodeError::file("making", dir))
}

/// Writes a file so that after a crash it is there whole or not at all; for its owner only.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), NodeError> {
    let dir = path.parent().unwrap_or_else(|| Path::new("."));
    make_dir(dir)?;
    let part = path.with_extension(format!("part{}", std::process::id()));
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)?;
        File::open(dir)?.sync_all()
    })();
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written.map_err(NodeError::file("writing", path))
}

/// Writes over a file and removes it, durably; it may be gone already.
pub(crate) fn erase_file(path: &Path) -> Result<(), NodeError> {
    let erased = (|| {
        let mut file = OpenOptions::new().write(true).open(path)?;
        let length = usize::try_from(file.metadata()?.len()).unwrap_or_default();
        file.write_all(&vec![0; length])?;
        file.sync_all()?;
        fs::remove_file(path)?;
        File::open(path.parent().unwrap_or_else(|| Path::new(".")))?.sync_all()
    })();
    match erased {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        erased => erased.map_err(NodeError::file("erasing", path)),
    }
}

/// Reads a file that may not be there.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, NodeError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(NodeError::file("reading", path)(error)),
    }
}

/// Reads a JSON file that may not be there.
pub(crate) fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Option<T>, NodeError> {
    let Some(bytes) = read_if_there(path)? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| NodeError::content(path, &error))
}

/// Writes a JSON file whole.
pub(crate) fn write_json<T: serde::Serialize>(path: &Path, value: &T) -> Result<(), NodeError> {
    let bytes = serde_json::to_vec_pretty(value).map_err(|error| NodeError::content(path, &error))?;
    write_whole(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_home_is_its_owners_alone_and_its_socket_path_fits() {
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(&temp.path().join("a".repeat(150))).unwrap();
        assert_eq!(fs::metadata(home.dir()).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(home.socket().as_os_str().len() < SOCKET_PATH_BYTES);
        let short = Home::at(&temp.path().join("b")).unwrap();
        assert_eq!(short.socket(), short.dir().join("node.sock"));
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("x/y.json");
        write_json(&path, &vec![1, 2]).unwrap();
        write_json(&path, &vec![3]).unwrap();
        assert_eq!(read_json::<Vec<u8>>(&path).unwrap(), Some(vec![3]));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
