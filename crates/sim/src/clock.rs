//! A node's clock: off by some time, or standing still.

/// What a node's clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// Ahead by so many milliseconds, or behind.
    Off(i64),
    /// Stands still.
    Frozen(u64),
}

impl Clock {
    /// What it shows at a time.
    pub(crate) const fn local_ms(self, now_ms: u64) -> u64 {
        match self {
            Self::Off(ahead_ms) => now_ms.saturating_add_signed(ahead_ms),
            Self::Frozen(at_ms) => at_ms,
        }
    }

    /// When it shows a time: never, if it stands still and shows an earlier one.
    pub(crate) const fn world_ms(self, local_ms: u64) -> u64 {
        match self {
            Self::Off(ahead_ms) => match ahead_ms.checked_neg() {
                Some(behind_ms) => local_ms.saturating_add_signed(behind_ms),
                None => u64::MAX,
            },
            Self::Frozen(at_ms) if local_ms <= at_ms => 0,
            Self::Frozen(_) => u64::MAX,
        }
    }
}
