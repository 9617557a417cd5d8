//! What this node remembers about the addresses of one peer.

use crate::{address::Address, event::AddressStatus};

/// Addresses kept of one peer that the application gave.
const CONFIGURED_MAX: usize = 32;
/// Addresses kept of one peer that the network told.
const LEARNED_MAX: usize = 8;

/// The addresses of one peer: first those the application gave, then those the network told, newest last.
/// Both are bounded, so no peer can fill it, and what the network tells displaces nothing configured.
#[derive(Debug, Default)]
pub(crate) struct AddressBook {
    configured: Vec<AddressStatus>,
    learned: Vec<AddressStatus>,
}

impl AddressBook {
    pub(crate) fn configure(&mut self, address: &Address) {
        let address = address.without_peer();
        self.learned.retain(|status| status.address != address);
        remember(&mut self.configured, address, CONFIGURED_MAX);
    }

    pub(crate) fn learn(&mut self, address: &Address) {
        let address = address.without_peer();
        if self.configured.iter().all(|status| status.address != address) {
            remember(&mut self.learned, address, LEARNED_MAX);
        }
    }

    pub(crate) fn failed(&mut self, address: &Address, why: &str) {
        self.note(address, Some(why));
    }

    pub(crate) fn succeeded(&mut self, address: &Address) {
        self.note(address, None);
    }

    pub(crate) fn all(&self) -> Vec<Address> {
        self.configured.iter().chain(&self.learned).map(|status| status.address.clone()).collect()
    }

    pub(crate) fn status(&self) -> Vec<AddressStatus> {
        self.configured.iter().chain(&self.learned).cloned().collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.configured.is_empty() && self.learned.is_empty()
    }

    fn note(&mut self, address: &Address, error: Option<&str>) {
        let address = address.without_peer();
        let all = self.configured.iter_mut().chain(&mut self.learned);
        for status in all.filter(|status| status.address == address) {
            status.last_error = error.map(str::to_owned);
        }
    }
}

fn remember(list: &mut Vec<AddressStatus>, address: Address, max: usize) {
    if list.iter().any(|status| status.address == address) {
        return;
    }
    if list.len() >= max {
        list.remove(0);
    }
    list.push(AddressStatus { address, last_error: None });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        text.parse().unwrap()
    }

    #[test]
    fn the_network_cannot_displace_what_was_configured() {
        let mut book = AddressBook::default();
        let configured = address("/ip4/10.0.0.1/tcp/1");
        book.configure(&configured);
        for port in 0..100 {
            book.learn(&address(&format!("/ip4/10.0.0.2/tcp/{port}")));
        }
        book.learn(&configured);
        let all = book.all();
        assert_eq!(all.len(), 1 + LEARNED_MAX);
        assert_eq!(all[0], configured);
        assert_eq!(all.last(), Some(&address("/ip4/10.0.0.2/tcp/99")));
    }
}
