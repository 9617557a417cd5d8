//! A record: signed bytes, decoded only after the signature was found good.

use std::sync::Arc;

use crate::{
    BodyError, Descriptor, Field, Hash, Id, KeyCache, List, Place, PublicKey, RecordError, SecretKey,
    Signature, Value, limits, straight,
};

/// The version of the record format that this software writes and reads.
const VERSION: u8 = 1;
const SIGNED_DOMAIN: &[u8] = b"cohub record v1\n";
const ID_DOMAIN: &str = "cohub id v1\n";
const SIGNATURE_START: usize = 32;
const HEADER_START: usize = 96;

/// An authentic record: its signature was checked, or its bytes come from a store that had checked it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    id: Id,
    author: PublicKey,
    header: Header,
    bytes: Arc<[u8]>,
}

/// What the author signed (Protocol 1.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The id of the founding record; absent in the founding record itself.
    pub network: Option<Id>,
    /// The place in the author's log, from 0.
    pub seq: u64,
    /// The id of the record before, absent at 0.
    pub prev: Option<Id>,
    /// Milliseconds since the Unix epoch by the author's clock. Shown to people, never used to order.
    pub at: u64,
    /// The kind's name.
    pub kind: String,
    /// What the record builds on: a group of ids for each term of its kind's row.
    pub cites: Vec<Vec<Id>>,
    /// The kind's own fields, a positional array.
    pub body: Value,
    /// Descriptors of attachments.
    pub attachments: Vec<Descriptor>,
}

/// A record about to be signed: a header and what is known of it.
pub type Draft = Header;

impl Record {
    /// Verifies bytes from anywhere: signature first, then strict decoding.
    ///
    /// # Errors
    /// Says what was wrong. Nothing is kept of refused bytes.
    pub fn verify(bytes: &[u8]) -> Result<Self, RecordError> {
        Self::verify_with(&mut KeyCache::default(), bytes)
    }

    /// Like [`Record::verify`], with keys parsed before.
    ///
    /// # Errors
    /// Like [`Record::verify`].
    pub fn verify_with(keys: &mut KeyCache, bytes: &[u8]) -> Result<Self, RecordError> {
        let parts = Parts::split(bytes)?;
        // Protocol 1.3: the signature is checked before anything is decoded.
        let author =
            keys.verify(parts.author, &signed_message(parts.author, parts.header), &parts.signature)?;
        Ok(Self { id: parts.id(), author, header: Header::decode(parts.header)?, bytes: bytes.into() })
    }

    /// Reads bytes that this node verified before it stored them. Their integrity is checked against
    /// `id`, which covers every byte; the signature is not checked again.
    ///
    /// # Errors
    /// [`RecordError::Encoding`] if the bytes are not those of `id`, else like [`Record::verify`].
    pub fn from_store(id: &Id, bytes: &[u8]) -> Result<Self, RecordError> {
        let parts = Parts::split(bytes)?;
        if parts.id() != *id {
            return Err(RecordError::Encoding(format!("the stored bytes are not those of {id}")));
        }
        let author = PublicKey::from_bytes(*parts.author)?;
        Ok(Self { id: *id, author, header: Header::decode(parts.header)?, bytes: bytes.into() })
    }

    /// Reads bytes that a scan of a store has just checked against `place` and `author`, so neither the
    /// hash nor the key's point is computed again.
    ///
    /// # Errors
    /// [`RecordError::Encoding`] if author or sequence number are others, else like [`Record::verify`].
    pub fn from_scan(author: PublicKey, place: Place, bytes: &[u8]) -> Result<Self, RecordError> {
        let parts = Parts::split(bytes)?;
        let header = Header::decode(parts.header)?;
        if parts.author != author.as_bytes() || header.seq != place.seq {
            return Err(RecordError::Encoding(format!("{} was stored at another record's place", place.id)));
        }
        Ok(Self { id: place.id, author, header, bytes: bytes.into() })
    }

    /// The id that bytes have if they are a record; nothing else about them is checked.
    ///
    /// # Errors
    /// [`RecordError::Size`] if no record is as short or as long.
    pub fn id_of(bytes: &[u8]) -> Result<Id, RecordError> {
        Parts::split(bytes).map(|parts| parts.id())
    }

    /// Reads bytes that a store has just checked against `id`, in the log of `author`: nothing but the
    /// header is looked at again.
    ///
    /// # Errors
    /// If the header does not decode; then the store gave other bytes than it was given.
    pub fn from_checked(id: Id, author: PublicKey, bytes: Arc<[u8]>) -> Result<Self, RecordError> {
        let header = Header::decode(Parts::split(&bytes)?.header)?;
        Ok(Self { id, author, header, bytes })
    }

    /// The id.
    #[must_use]
    pub const fn id(&self) -> Id {
        self.id
    }

    /// The key that signed.
    #[must_use]
    pub const fn author(&self) -> PublicKey {
        self.author
    }

    /// The place in the author's log.
    #[must_use]
    pub const fn place(&self) -> Place {
        Place { seq: self.header.seq, id: self.id }
    }

    /// The signed header.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The signature.
    #[must_use]
    pub fn signature(&self) -> Signature {
        let mut signature = [0; 64];
        signature.copy_from_slice(&self.bytes[SIGNATURE_START..HEADER_START]);
        Signature::from_bytes(signature)
    }

    /// The bytes as received.
    #[must_use]
    pub const fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// Checks that this record continues `prev`.
    ///
    /// # Errors
    /// [`RecordError::Link`] if its author, sequence number or link differ.
    pub fn continues(&self, prev: &Self) -> Result<(), RecordError> {
        let linked = self.header.prev == Some(prev.id)
            && self.author == prev.author
            && prev.header.seq.checked_add(1) == Some(self.header.seq);
        if linked { Ok(()) } else { Err(RecordError::Link(prev.id)) }
    }
}

impl Header {
    /// Signs the header and returns the record.
    ///
    /// # Errors
    /// If the header breaks a limit; nothing was signed then.
    pub fn sign(self, secret: &SecretKey) -> Result<Record, RecordError> {
        let header = self.encode();
        let decoded = Self::decode(&header)?;
        let author = secret.public();
        let signature = secret.sign(&signed_message(author.as_bytes(), &header));
        let bytes = [author.as_bytes().as_slice(), signature.as_bytes(), &header].concat();
        if bytes.len() > limits::RECORD_BYTES {
            return Err(RecordError::Size(bytes.len()));
        }
        let id = Parts::split(&bytes)?.id();
        Ok(Record { id, author, header: decoded, bytes: bytes.into() })
    }

    /// The canonical bytes of the header, those that are signed behind the domain and the author.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let id_or_null = |id: &Option<Id>| id.as_ref().map_or(Value::Null, Field::to_value);
        let group = |ids: &Vec<Id>| Value::Array(ids.iter().map(Field::to_value).collect());
        Value::Array(vec![
            Value::Integer(i64::from(VERSION)),
            id_or_null(&self.network),
            self.seq.to_value(),
            id_or_null(&self.prev),
            self.at.to_value(),
            Value::Text(self.kind.clone()),
            Value::Array(self.cites.iter().map(group).collect()),
            self.body.clone(),
            Value::Array(self.attachments.iter().map(Field::to_value).collect()),
        ])
        .encode()
    }

    /// Decodes a header strictly.
    ///
    /// # Errors
    /// [`RecordError::Encoding`], [`RecordError::Version`] or [`RecordError::Header`].
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        match straight::header(bytes, VERSION).filter(|header| header.check().is_ok()) {
            Some(header) => Ok(header),
            None => Self::decode_strictly(bytes),
        }
    }

    /// The way that decides: what it refuses is refused, for the reason that it gives.
    pub(crate) fn decode_strictly(bytes: &[u8]) -> Result<Self, RecordError> {
        let Value::Array(mut fields) = Value::decode(bytes)? else {
            return Err(BodyError::new("a header is an array").into());
        };
        match fields.first() {
            Some(Value::Integer(version)) if *version == i64::from(VERSION) => {}
            Some(Value::Integer(version)) => return Err(RecordError::Version(*version)),
            _ => return Err(BodyError::new("expected an integer").inside("version").into()),
        }
        let [_, network, seq, prev, at, kind, cites, body, attachments] = fields.as_mut_slice() else {
            return Err(BodyError::new(format!("a header has 9 fields, this has {}", fields.len())).into());
        };
        let header = Self {
            network: id_or_null(network).map_err(|e| e.inside("network"))?,
            seq: Field::from_value(seq).map_err(|e| e.inside("seq"))?,
            prev: id_or_null(prev).map_err(|e| e.inside("prev"))?,
            at: Field::from_value(at).map_err(|e| e.inside("at"))?,
            kind: kind_name(kind).map_err(|e| e.inside("kind"))?,
            cites: cite_groups(cites).map_err(|e| e.inside("cites"))?,
            body: std::mem::replace(body, Value::Null),
            attachments: List::<Descriptor, { limits::ATTACHMENTS }>::from_value(attachments)
                .map_err(|e| e.inside("attachments"))?
                .to_vec(),
        };
        header.check()?;
        Ok(header)
    }

    pub(crate) fn check(&self) -> Result<(), BodyError> {
        if (self.seq == 0) != self.prev.is_none() {
            return Err(BodyError::new("absent at 0 and only there").inside("prev"));
        }
        match &self.body {
            Value::Array(fields) if !holds_null(fields) => Ok(()),
            Value::Array(_) => Err(BodyError::new("null stands in no body").inside("body")),
            other => Err(BodyError::new(format!("expected an array, found {}", other.name())).inside("body")),
        }
    }

    /// Every cited id, group by group.
    pub fn cited(&self) -> impl Iterator<Item = &Id> {
        self.cites.iter().flatten()
    }
}

fn holds_null(fields: &[Value]) -> bool {
    fields.iter().any(|field| match field {
        Value::Null => true,
        Value::Array(inner) => holds_null(inner),
        _ => false,
    })
}

fn id_or_null(value: &Value) -> Result<Option<Id>, BodyError> {
    match value {
        Value::Null => Ok(None),
        other => Id::from_value(other).map(Some),
    }
}

fn kind_name(value: &Value) -> Result<String, BodyError> {
    match value {
        Value::Text(kind) if (1..=limits::KIND_BYTES).contains(&kind.len()) => Ok(kind.clone()),
        _ => Err(BodyError::new(format!("expected a text of 1 to {} bytes", limits::KIND_BYTES))),
    }
}

fn cite_groups(value: &Value) -> Result<Vec<Vec<Id>>, BodyError> {
    let groups = List::<List<Id, { limits::CITES }>, { limits::CITE_GROUPS }>::from_value(value)?;
    let total: usize = groups.iter().map(|group| group.len()).sum();
    if total > limits::CITES {
        return Err(BodyError::new(format!("at most {} ids in all, these are {total}", limits::CITES)));
    }
    Ok(groups.iter().map(|group| group.to_vec()).collect())
}

/// The three parts of a record's bytes.
struct Parts<'a> {
    author: &'a [u8; 32],
    signature: Signature,
    header: &'a [u8],
}

impl<'a> Parts<'a> {
    fn split(bytes: &'a [u8]) -> Result<Self, RecordError> {
        let refused = || RecordError::Size(bytes.len());
        if bytes.len() > limits::RECORD_BYTES {
            return Err(refused());
        }
        let (author, rest) = bytes.split_first_chunk::<32>().ok_or_else(refused)?;
        let (signature, header) = rest.split_first_chunk::<64>().ok_or_else(refused)?;
        if header.is_empty() {
            return Err(refused());
        }
        Ok(Self { author, signature: Signature::from_bytes(*signature), header })
    }

    fn id(&self) -> Id {
        let hash = Hash::of(ID_DOMAIN, &[self.author, self.signature.as_bytes(), self.header]);
        Id::from_bytes(*hash.as_bytes())
    }
}

fn signed_message(author: &[u8; 32], header: &[u8]) -> Vec<u8> {
    [SIGNED_DOMAIN, author, header].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Header {
        Header {
            network: Some(Id::from_bytes([1; 32])),
            seq: 0,
            prev: None,
            at: 1_764_000_000_000,
            kind: "ballot".to_owned(),
            cites: vec![vec![Id::from_bytes([2; 32])]],
            body: Value::Array(vec![Value::Text("yes".to_owned())]),
            attachments: Vec::new(),
        }
    }

    #[test]
    fn a_signed_record_verifies_and_keeps_its_bytes() {
        let record = draft().sign(&SecretKey::from_seed(&[9; 32])).unwrap();
        let again = Record::verify(record.bytes()).unwrap();
        assert_eq!(again, record);
        assert_eq!(Record::from_store(&record.id(), record.bytes()).unwrap(), record);
        let checked = Record::from_checked(record.id(), record.author(), Arc::clone(record.bytes()));
        assert_eq!(checked.unwrap(), record);
        assert_eq!(Record::id_of(record.bytes()), Ok(record.id()));
        let (author, place) = (record.author(), record.place());
        assert_eq!(Record::from_scan(author, place, record.bytes()).unwrap(), record);
        let elsewhere = Place { seq: 1, ..place };
        assert!(Record::from_scan(author, elsewhere, record.bytes()).is_err());
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let record = draft().sign(&SecretKey::from_seed(&[9; 32])).unwrap();
        for bit in 0..record.bytes().len() * 8 {
            let mut bytes = record.bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(Record::verify(&bytes).is_err(), "bit {bit}");
            assert!(Record::from_store(&record.id(), &bytes).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn malformed_headers_are_not_signed() {
        let secret = SecretKey::from_seed(&[9; 32]);
        let id = Id::from_bytes([3; 32]);
        let table: Vec<(&str, Header)> = vec![
            ("prev at 0", Header { prev: Some(id), ..draft() }),
            ("no prev at 1", Header { seq: 1, ..draft() }),
            ("a body that is no array", Header { body: Value::Integer(1), ..draft() }),
            (
                "null in a body",
                Header { body: Value::Array(vec![Value::Array(vec![Value::Null])]), ..draft() },
            ),
            ("a kind without a name", Header { kind: String::new(), ..draft() }),
            ("a long kind", Header { kind: "k".repeat(25), ..draft() }),
            ("too many cites", Header { cites: vec![vec![id; 2048], vec![id; 2049]], ..draft() }),
            ("too many groups", Header { cites: vec![Vec::new(); 9], ..draft() }),
            ("too large", Header { body: Value::Array(vec![Value::Bytes(vec![0; 256 * 1024])]), ..draft() }),
        ];
        for (name, header) in table {
            assert!(header.sign(&secret).is_err(), "{name}");
        }
        assert!(Header { cites: vec![vec![id; 2048], vec![id; 2048]], ..draft() }.sign(&secret).is_ok());
    }
}
