//! What a node holds: the registry, and the tree over its logs, kept in step.

use std::collections::BTreeSet;

use cohub_record::{PublicKey, Record};
use cohub_registry::{Decoded, Inserted, Refused, Registry};

use crate::tree::Tree;

/// The registry and its tree.
#[derive(Debug)]
pub(crate) struct Ledger {
    registry: Registry,
    tree: Tree,
    /// Authors whose logs changed since the tree was last asked.
    stale: BTreeSet<PublicKey>,
}

impl Ledger {
    pub(crate) fn found(founding: &Record) -> Result<Self, Refused> {
        let registry = Registry::found(founding)?;
        Ok(Self { registry, tree: Tree::default(), stale: BTreeSet::from([founding.author()]) })
    }

    /// See [`Registry::switch_off`].
    #[cfg(feature = "weaken")]
    pub(crate) fn switch_off(&mut self, rule: Option<cohub_registry::Switch>) {
        self.registry.switch_off(rule);
    }

    pub(crate) const fn registry(&self) -> &Registry {
        &self.registry
    }

    pub(crate) fn insert(&mut self, decoded: &Decoded) -> Result<Inserted, Refused> {
        let inserted = self.registry.insert_decoded(decoded)?;
        self.stale.insert(decoded.record().author());
        Ok(inserted)
    }

    /// The tree, brought up to date.
    pub(crate) fn tree(&mut self) -> &mut Tree {
        for author in std::mem::take(&mut self.stale) {
            let tips = self.registry.log(&author).map(cohub_record::Log::tips).unwrap_or_default();
            self.tree.set(&author, &tips);
        }
        &mut self.tree
    }

    /// Puts another registry in the place of this one; the logs of `changed` differ.
    pub(crate) fn replace(&mut self, registry: Registry, changed: impl IntoIterator<Item = PublicKey>) {
        self.registry = registry;
        self.stale.extend(changed);
    }
}
