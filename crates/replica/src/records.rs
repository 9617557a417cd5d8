//! What the replica may ask of a store while it handles an input: reading, nothing else.

use std::sync::Arc;

use cohub_record::{Hash, Place, PublicKey};

/// A synchronous view of the records that are durable. The replica writes only by its outputs.
pub trait Records {
    /// The bytes of one record, checked against its id.
    ///
    /// # Errors
    /// [`ReadError`] if the store cannot answer or what it holds is damaged; `Ok(None)` if it holds none.
    fn read(&self, author: &PublicKey, place: Place) -> Result<Option<Arc<[u8]>>, ReadError>;

    /// The bytes of an attachment of at most 4 KiB, to travel with its record. A view without files has
    /// none; whoever wants the attachment asks for it by its hash then.
    ///
    /// # Errors
    /// Like [`Records::read`].
    fn attachment(&self, hash: &Hash) -> Result<Option<Arc<[u8]>>, ReadError> {
        let _ = hash;
        Ok(None)
    }
}

/// Why a held record could not be read. The store was not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The bytes there are not those of the id.
    #[error("a stored record is damaged and has to be fetched again: {0}")]
    Damaged(String),
    /// The store gives no answer.
    #[error("the store cannot be read: {0}")]
    Unavailable(String),
}
