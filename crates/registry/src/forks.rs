//! Forks: places where one key signed two records.

use cohub_record::{Id, PublicKey};

use crate::Registry;

/// Two records with one author and sequence number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fork {
    /// Who signed both.
    pub author: PublicKey,
    /// Where.
    pub seq: u64,
    /// The two least ids there.
    pub ids: [Id; 2],
}

impl Registry {
    /// Every fork, in order of author and place.
    #[must_use]
    pub fn forks(&self) -> Vec<Fork> {
        let logs = self.graph.logs().filter(|(_, log)| log.is_forked());
        logs.flat_map(|(author, log)| {
            log.forks().filter_map(|seq| {
                let mut ids = log.at(seq);
                Some(Fork { author: *author, seq, ids: [ids.next()?, ids.next()?] })
            })
        })
        .collect()
    }
}
