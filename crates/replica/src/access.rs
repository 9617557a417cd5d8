//! Protocol 8.4: who may ask what. One table, read for every request.

use cohub_record::{PublicKey, Scope};
use cohub_registry::{Access, AttachmentRef};

use crate::wire::RequestKind;

/// Whether a node may make a request of this kind. Strangers may only knock.
pub(crate) const fn may_ask(kind: RequestKind, access: Access) -> bool {
    use RequestKind::{Chunk, Compare, Descend, Holds, Knock, Latest, Logs, Tips};
    match (kind, access) {
        (Knock, _) => true,
        (_, Access::Stranger) => false,
        // Records go to every node granted by a replicated hub, prospects' included.
        (
            Compare | Descend | Tips | Logs | Holds | Latest,
            Access::Prospect { .. } | Access::Member { .. },
        ) => true,
        // As far as the attachment's scope goes: `may_read`.
        (Chunk, Access::Prospect { .. } | Access::Member { .. }) => true,
    }
}

/// Whether a node may have the bytes of an attachment: public ones every node that may ask at all, others
/// co-owners (sealed ones as ciphertext), the hub that attached them, and those that sealed ones were shared with.
pub(crate) fn may_read(attachment: &AttachmentRef, access: Access) -> bool {
    let own = |hub: PublicKey| attachment.hub == Some(hub);
    match (attachment.scope, access) {
        (_, Access::Stranger) => false,
        (_, Access::Member { .. }) | (Scope::Public, Access::Prospect { .. }) => true,
        (Scope::Members, Access::Prospect { hub }) => own(hub),
        (Scope::Sealed, Access::Prospect { hub }) => own(hub) || attachment.readers.contains(&hub),
    }
}

#[cfg(test)]
mod tests {
    use cohub_record::{Descriptor, Hash, Id, SecretKey};

    use super::*;

    fn key(seed: u8) -> PublicKey {
        SecretKey::from_seed(&[seed; 32]).public()
    }

    #[test]
    fn every_request_of_a_stranger_a_prospect_and_a_member() {
        let hub = key(1);
        // Kind, then whether a stranger, a prospect, a member may.
        let table = [
            (RequestKind::Compare, [false, true, true]),
            (RequestKind::Descend, [false, true, true]),
            (RequestKind::Tips, [false, true, true]),
            (RequestKind::Logs, [false, true, true]),
            (RequestKind::Holds, [false, true, true]),
            (RequestKind::Latest, [false, true, true]),
            (RequestKind::Chunk, [false, true, true]),
            (RequestKind::Knock, [true, true, true]),
        ];
        assert_eq!(table.map(|(kind, _)| kind), RequestKind::ALL);
        for (kind, expected) in table {
            let who = [Access::Stranger, Access::Prospect { hub }, Access::Member { hub }];
            assert_eq!(who.map(|access| may_ask(kind, access)), expected, "{kind}");
        }
    }

    #[test]
    fn every_scope_for_a_stranger_prospects_and_a_member() {
        let own = key(1);
        // Scope, then whether a stranger, another prospect, one that reads it, the attaching one, a member may.
        let table = [
            (Scope::Public, [false, true, true, true, true]),
            (Scope::Members, [false, false, false, true, true]),
            (Scope::Sealed, [false, false, true, true, true]),
        ];
        assert_eq!(table.map(|(scope, _)| scope), Scope::ALL);
        for (scope, expected) in table {
            let hash = Hash::from_bytes([2; 32]);
            let descriptor = Descriptor { hash, size_bytes: 9, scope, sealed_to: None };
            let record = Id::from_bytes([3; 32]);
            let readers = vec![key(6)];
            let attachment =
                AttachmentRef { record, author: own, hub: Some(own), scope, readers, descriptor };
            let who = [
                Access::Stranger,
                Access::Prospect { hub: key(7) },
                Access::Prospect { hub: key(6) },
                Access::Prospect { hub: own },
                Access::Member { hub: key(8) },
            ];
            assert_eq!(who.map(|access| may_read(&attachment, access)), expected, "{scope}");
        }
    }
}
