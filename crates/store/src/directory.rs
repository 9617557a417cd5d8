//! Directories whose names survive a power loss.

use std::fs::{self, File};
use std::path::Path;

use crate::StoreError;

/// Makes a directory and those above it where they are missing, and syncs their names.
pub(crate) fn create_directory(dir: &Path) -> Result<(), StoreError> {
    if dir.is_dir() {
        return Ok(());
    }
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        create_directory(parent)?;
    }
    match fs::create_dir(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(StoreError::io("create", dir, e)),
        _ => sync_directory(parent.unwrap_or(Path::new("."))),
    }
}

/// Syncs the names in a directory.
pub(crate) fn sync_directory(dir: &Path) -> Result<(), StoreError> {
    File::open(dir).and_then(|opened| opened.sync_all()).map_err(|e| StoreError::io("sync", dir, e))
}

/// The names in a directory, in order.
pub(crate) fn names(dir: &Path) -> Result<Vec<String>, StoreError> {
    let failed = |e| StoreError::io("list", dir, e);
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        names.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}
