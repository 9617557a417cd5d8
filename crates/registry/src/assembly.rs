//! Who votes in the assembly now, and with which key: drawn up by who opens a motion, and checked by tellers
//! who get it (Protocol 6.1, 6.4).

use cohub_record::{Id, PublicKey};

use crate::Registry;
use crate::founding::Role;
use crate::identity::Hub;
use crate::seating::Voter;

impl Registry {
    /// The vote of each co-owner in good standing, and the grant of its key; none where the founding record
    /// grants. A hub that has made nobody its representative has nobody to vote for it.
    pub(crate) fn assembly(&self) -> Vec<(Voter, Option<Id>)> {
        let voter = |hub| {
            let (voting, grant) = self.holder(hub, Role::Representative)?;
            Some((Voter { hub, voting }, grant))
        };
        self.known().in_good_standing().into_iter().filter_map(voter).collect()
    }

    /// The key that a hub gave a role last, and the grant; none where the founding record grants.
    pub(crate) fn holder(&self, hub: Hub, role: Role) -> Option<(PublicKey, Option<Id>)> {
        let keys = self.known().keys_of(hub);
        let holding = keys.into_iter().filter(|(_, granted)| granted.roles.contains(&role));
        let latest = holding.max_by_key(|(key, granted)| {
            let grant = granted.grant.map(|(_, entry)| (self.rotations(entry), entry.seq));
            (grant, std::cmp::Reverse(*key))
        });
        latest.map(|(key, granted)| (key, granted.grant.map(|(_, entry)| entry.id)))
    }
}
