//! A node's clock: off by some time, or right until somebody sets it.

/// What a node's clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// Ahead by so many milliseconds, or behind.
    Off(i64),
    /// Right until it shows this, and then set back by so much.
    SetBack { at_ms: u64, by_ms: u64 },
}

impl Clock {
    /// What it shows at a time.
    pub(crate) const fn local_ms(self, now_ms: u64) -> u64 {
        match self {
            Self::Off(ahead_ms) => now_ms.saturating_add_signed(ahead_ms),
            Self::SetBack { at_ms, .. } if now_ms < at_ms => now_ms,
            Self::SetBack { by_ms, .. } => now_ms.saturating_sub(by_ms),
        }
    }

    /// When it will show a time, as far as one can tell by looking at it now: whoever sleeps until then
    /// sleeps so long, whatever happens to the clock meanwhile.
    pub(crate) const fn world_ms(self, now_ms: u64, local_ms: u64) -> u64 {
        now_ms.saturating_add(local_ms.saturating_sub(self.local_ms(now_ms)))
    }
}
