//! Time that never goes back. What merely waits (a request for its answer, a round of sync, a peer that is
//! shunned) waits by it, so that a clock that is set back by a day does not stop a node for a day.

/// How far the clock was set back since the node was opened, all times together.
#[derive(Debug, Default)]
pub(crate) struct Steady {
    clock_ms: u64,
    back_ms: u64,
}

impl Steady {
    /// The steady time when the clock shows this.
    pub(crate) const fn at(&mut self, clock_ms: u64) -> u64 {
        self.back_ms = self.back_ms.saturating_add(self.clock_ms.saturating_sub(clock_ms));
        self.clock_ms = clock_ms;
        clock_ms.saturating_add(self.back_ms)
    }

    /// What the clock will show at a steady time.
    pub(crate) const fn clock_ms(&self, steady_ms: u64) -> u64 {
        steady_ms.saturating_sub(self.back_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_back_loses_no_time() {
        let mut steady = Steady::default();
        assert_eq!(steady.at(1_000), 1_000);
        assert_eq!(steady.at(1_500), 1_500);
        assert_eq!(steady.at(200), 1_500);
        assert_eq!(steady.at(300), 1_600);
        assert_eq!(steady.at(100), 1_600);
        assert_eq!(steady.at(2_000), 3_500, "set right again: waiting ends early, once");
        assert_eq!(steady.clock_ms(3_600), 2_100);
    }
}
