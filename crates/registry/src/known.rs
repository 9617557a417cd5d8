//! All that is held, in one hand: what everything shown is derived from.

use cohub_record::PublicKey;

use crate::founding::Founding;
use crate::graph::Graph;
use crate::identity::Hub;
use crate::state::State;

/// The held records and what they add up to.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) state: &'a State,
    pub(crate) founding: &'a Founding,
}

impl Known<'_> {
    /// A hub's first controller: it names the hub even before its inception is held.
    pub(crate) fn first_controller(self, hub: Hub) -> Option<PublicKey> {
        match hub {
            Hub::Founder(place) => {
                self.founding.founders.get(usize::from(place)).map(|founder| founder.controller)
            }
            Hub::Later(index) => self.graph.get(index).map(|entry| entry.author),
        }
    }
}
