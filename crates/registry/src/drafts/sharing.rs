//! Drafts of shares.

use cohub_record::{Field as _, Hash, Id, PublicKey};

use super::{Drafted, cannot};
use crate::duties::Contents;
use crate::founding::Role;
use crate::sharing::{Share, Wrapped};
use crate::{Kind, Registry};

impl Registry {
    /// Lets a key read. Who recuses gets no later versions (Protocol 2.2).
    pub(super) fn draft_share(
        &self,
        author: &PublicKey,
        (record, attachment): (&Id, &Hash),
        reader: PublicKey,
        wrapped: &Wrapped,
    ) -> Drafted<Contents> {
        let found = self.graph.index(record).and_then(|index| Some((index, self.graph.get(index)?)));
        let Some((index, entry)) = found else {
            return cannot(format!("{record} is no record that this node holds"));
        };
        if self.erased(attachment).is_some() {
            return cannot(format!("what {record} attached is erased: there is nothing to read any more"));
        }
        if self.is_recused(index, &reader) {
            return cannot(format!(
                "rule share 4: {reader} recused itself from this application, and gets no later versions"
            ));
        }
        let mut people = [Role::Representative, Role::Panelist, Role::Officer]
            .map(|role| self.grant_for(&reader, role))
            .into_iter();
        let Some((_, grant)) = people.find_map(Result::ok) else {
            return cannot(format!(
                "{reader} is nobody's representative, panelist or officer: it cannot read"
            ));
        };
        let readers = || self.readers(index, attachment);
        let by = if entry.author == *author {
            None
        } else {
            match readers().into_iter().find(|one| one.key == *author) {
                Some(own) => Some(own.share),
                None => return cannot("rule share 3: the key neither attached it nor reads it"),
            }
        };
        if readers().iter().any(|one| one.key == reader) {
            return cannot(format!("{reader} reads it already"));
        }
        let said = self.last_words(index, &reader).into_iter().map(|said| said.id).collect();
        let body = Share { reader, attachment: *attachment, wrapped: wrapped.clone() }.to_value();
        let cites = vec![vec![*record], vec![grant], by.into_iter().collect(), said];
        Ok(Contents { kind: Kind::Share, cites, body })
    }
}
