//! What a peer may ask in a time: a bucket of tokens, refilled as time passes.

use cohub_registry::Access;

use crate::wire::RequestKind;

/// One peer's bucket, in thousandths of a token, so that slow refills are exact.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    thousandths: u64,
    at_ms: u64,
}

/// Tokens that a request costs, in the measure of a page: what it makes this node read and send.
const fn cost(kind: RequestKind) -> u64 {
    match kind {
        RequestKind::Compare | RequestKind::Latest => 1,
        RequestKind::Holds | RequestKind::Descend => 2,
        RequestKind::Tips | RequestKind::Logs | RequestKind::Chunk => 4,
        RequestKind::Knock => 1_000,
    }
}

/// Tokens a second, and at most in the bucket. A co-owner may stream 1,000 pages of 64 KiB a second, a
/// prospect a tenth of that; a stranger may knock four times, then once in ten seconds.
const fn rate(access: Access) -> (u64, u64) {
    match access {
        Access::Member { .. } => (4_000, 8_000),
        Access::Prospect { .. } => (400, 4_000),
        Access::Stranger => (100, 4_000),
    }
}

impl Budget {
    /// A full bucket.
    pub(crate) const fn new(now_ms: u64) -> Self {
        Self { thousandths: u64::MAX, at_ms: now_ms }
    }

    /// Takes what a request costs, or answers in how many milliseconds there will be enough.
    pub(crate) fn spend(&mut self, kind: RequestKind, access: Access, now_ms: u64) -> Result<(), u64> {
        let (tokens_per_second, most) = rate(access);
        // Tokens a second are thousandths of a token a millisecond.
        let passed = now_ms.saturating_sub(self.at_ms);
        let refilled = self.thousandths.saturating_add(passed.saturating_mul(tokens_per_second));
        self.thousandths = refilled.min(most * 1_000);
        self.at_ms = self.at_ms.max(now_ms);
        let cost = cost(kind) * 1_000;
        match self.thousandths.checked_sub(cost) {
            Some(left) => {
                self.thousandths = left;
                Ok(())
            }
            None => Err((cost - self.thousandths).div_ceil(tokens_per_second)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_knocks_four_times_then_once_in_ten_seconds() {
        let mut budget = Budget::new(5_000);
        let mut knock = |now_ms| budget.spend(RequestKind::Knock, Access::Stranger, now_ms);
        for _ in 0..4 {
            assert_eq!(knock(5_000), Ok(()));
        }
        assert_eq!(knock(5_000), Err(10_000));
        assert_eq!(knock(14_999), Err(1));
        assert_eq!(knock(15_000), Ok(()));
        // A clock that is set back gives nothing away and takes nothing.
        assert_eq!(knock(1_000), Err(10_000));
    }
}
