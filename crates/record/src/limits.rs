//! Protocol 1.4: every limit of a record, in one place.

/// Bytes of a whole record: author, signature and header.
pub const RECORD_BYTES: usize = 256 * 1024;
/// Ids in all groups of a record's cites together.
pub const CITES: usize = 4_096;
/// Groups of cites: one for each term of a kind's row, the longest has six.
pub const CITE_GROUPS: usize = 8;
/// Descriptors of attachments in one record.
pub const ATTACHMENTS: usize = 64;
/// Nesting of arrays in a header, counted from the header itself.
pub const DEPTH: usize = 12;
/// Bytes of a kind's name.
pub const KIND_BYTES: usize = 24;
/// Bytes of an attachment that travels with its record (Protocol 2.3).
pub const TRAVELLING_BYTES: u64 = 4 * 1024;
/// Bytes of one attachment.
pub const ATTACHMENT_BYTES: u64 = 512 * 1024 * 1024;
