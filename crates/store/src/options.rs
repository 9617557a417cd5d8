//! What a person may set about a store.

use std::time::Duration;

/// How a store is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Bytes of pages that sled may keep in memory; 16 to 64 MiB are sensible.
    pub cache_bytes: u64,
    /// How long opening may take before the store counts as damaged.
    pub start_limit: Duration,
    /// How long a scan may find nothing new before the store counts as damaged.
    pub stall_limit: Duration,
    /// Free bytes of the disk that the store leaves alone: sled must never meet a full disk half-way.
    pub reserve_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cache_bytes: 32 * 1024 * 1024,
            start_limit: Duration::from_secs(120),
            stall_limit: Duration::from_secs(20),
            reserve_bytes: 16 * 1024 * 1024,
        }
    }
}
