//! Looking after a home whose daemon does not run: checking it, rebuilding its store, vouching for a move.

use std::path::{Path, PathBuf};

use cohub_store::{CheckReport, Options, Rebuilt, SledStore, attachments_dir, check, rebuild, segments_dir};

use crate::{Home, NodeError};

/// Reads everything that a home holds and compares it with its hashes.
///
/// # Errors
/// If the daemon runs, or the system refuses.
pub fn store_check(home: &Home) -> Result<CheckReport, NodeError> {
    Ok(check(&home.data(), Options::default())?)
}

/// Copies the export segments of a home: everything that another machine needs to rebuild its records.
///
/// # Errors
/// If the target holds something already, or the system refuses.
pub fn store_export(home: &Home, target: &Path) -> Result<u64, NodeError> {
    let source = segments_dir(&home.data());
    if target.exists() && std::fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(NodeError::Other(format!("{} is not empty; nothing was written", target.display())));
    }
    std::fs::create_dir_all(target).map_err(NodeError::file("making", target))?;
    let mut copied = 0;
    for entry in std::fs::read_dir(&source).map_err(NodeError::file("reading", &source))?.flatten() {
        std::fs::copy(entry.path(), target.join(entry.file_name()))
            .map_err(NodeError::file("copying", &entry.path()))?;
        copied += 1;
    }
    Ok(copied)
}

/// Makes a new data directory from the export segments of a home and puts it in the place of the old one,
/// which is kept beside it. The new store is suspected until its keys are rotated or vouched for.
///
/// # Errors
/// If the daemon runs, or the segments cannot be read; the old directory stays in its place then.
pub fn store_rebuild(home: &Home) -> Result<(Rebuilt, PathBuf), NodeError> {
    let (data, fresh) = (home.data(), home.dir().join("data.new"));
    if std::os::unix::net::UnixStream::connect(home.socket()).is_ok() {
        return Err(NodeError::Running("stop it before its store is rebuilt".to_owned()));
    }
    let rebuilt = rebuild(&segments_dir(&data), &fresh, Options::default())?;
    for (from, to) in
        [(segments_dir(&data), segments_dir(&fresh)), (attachments_dir(&data), attachments_dir(&fresh))]
    {
        if from.exists() {
            copy_dir(&from, &to)?;
        }
    }
    let old = home.dir().join(format!("data.old-{}", crate::clock::now_ms()));
    std::fs::rename(&data, &old).map_err(NodeError::file("moving", &data))?;
    std::fs::rename(&fresh, &data).map_err(NodeError::file("moving", &fresh))?;
    Ok((rebuilt, old))
}

fn copy_dir(from: &Path, to: &Path) -> Result<(), NodeError> {
    std::fs::create_dir_all(to).map_err(NodeError::file("making", to))?;
    for entry in std::fs::read_dir(from).map_err(NodeError::file("reading", from))?.flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_dir(&source, &target)?;
        } else {
            std::fs::copy(&source, &target).map_err(NodeError::file("copying", &source))?;
        }
    }
    Ok(())
}

/// Says that this directory is the only one that writes with its keys, as after a move to another disk.
///
/// # Errors
/// If the daemon runs, or the store cannot be written.
pub fn vouch_for_move(home: &Home) -> Result<Option<String>, NodeError> {
    let opened = SledStore::open(&home.data(), Options::default())?;
    let suspicion = opened.suspicion.map(|suspicion| suspicion.to_string());
    opened.store.acknowledge()?;
    Ok(suspicion)
}
