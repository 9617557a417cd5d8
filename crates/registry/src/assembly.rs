//! Who votes in the assembly now, and with which key: drawn up by who opens a motion, and checked by tellers
//! who get it (Protocol 6.1, 6.4).

use cohub_record::{Id, PublicKey};

use crate::founding::Role;
use crate::identity::Hub;
use crate::seating::Voter;
use crate::{Outcome, Registry};

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
        self.holder_among(hub, role, |_| true)
    }

    /// The teller's key by whose grant a hub accepts a seat, and the grant (Protocol 6.1): the last that no
    /// committee has counted with.
    pub(crate) fn nominee(&self, hub: Hub) -> Option<(PublicKey, Option<Id>)> {
        self.holder_among(hub, Role::Teller, |key| !self.has_counted(key))
    }

    /// Whether a teller's key is or was in office: it serves one seating only (Protocol 6.1).
    #[must_use]
    pub fn has_counted(&self, teller: &PublicKey) -> bool {
        let adopted = self
            .state
            .motions
            .values()
            .filter(|motion| motion.certified().any(|one| one == Outcome::Adopted));
        let seatings = adopted.filter_map(|motion| motion.facts.seats.as_ref());
        seatings.chain([&self.state.first]).any(|seating| seating.teller_of(teller).is_some())
    }

    fn holder_among(
        &self,
        hub: Hub,
        role: Role,
        fits: impl Fn(&PublicKey) -> bool,
    ) -> Option<(PublicKey, Option<Id>)> {
        let keys = self.known().keys_of(hub);
        let holding = keys.into_iter().filter(|(key, granted)| granted.roles.contains(&role) && fits(key));
        let latest = holding.max_by_key(|(key, granted)| {
            let grant = granted.grant.map(|(_, entry)| (self.rotations(entry), entry.seq));
            (grant, std::cmp::Reverse(*key))
        });
        latest.map(|(key, granted)| (key, granted.grant.map(|(_, entry)| entry.id)))
    }
}
