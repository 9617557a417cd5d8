//! Proofs that a chunk belongs to an attachment: BLAKE3's own tree, cut off at chunks of 64 KiB.
//!
//! The hash of an attachment is plain BLAKE3 over its bytes, which is a binary tree inside. A proof for a
//! chunk is the hashes beside its path to the root, from the leaf upwards, and then the chunk's bytes. With
//! them anybody who knows the attachment's hash and size recomputes the root, so a single wrong byte is
//! found in the chunk that it came with.
//!
//! A chunk of 512 MiB needs 13 hashes beside it: 416 bytes, 0.6% of the chunk.

use blake3::Hasher;
use blake3::hazmat::{HasherExt as _, Mode, merge_subtrees_non_root, merge_subtrees_root};
use cohub_record::{Hash, limits};

/// Bytes of a chunk; the last of an attachment is as long as what is left. (BLAKE3 calls a much smaller
/// unit by this name; a chunk here is a subtree of 64 of those.)
pub const CHUNK_BYTES: usize = 64 * 1024;

/// Bytes of one hash in a proof.
pub(crate) const NODE_BYTES: usize = 32;

/// The hash of a subtree that is not the root.
pub(crate) type Node = [u8; NODE_BYTES];

/// The shape of an attachment's tree, which follows from its size alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) size_bytes: u64,
}

/// A node beside the path from a leaf to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Sibling {
    level: usize,
    place: u64,
    is_left: bool,
}

impl Shape {
    /// Number of chunks; an empty attachment has one, without bytes.
    pub(crate) fn chunks(self) -> u64 {
        self.size_bytes.div_ceil(CHUNK_BYTES as u64).max(1)
    }

    /// Where a chunk begins, in bytes.
    pub(crate) fn offset(self, index: u64) -> u64 {
        index * CHUNK_BYTES as u64
    }

    /// How many bytes a chunk has.
    pub(crate) fn length(self, index: u64) -> usize {
        let left = self.size_bytes.saturating_sub(self.offset(index));
        usize::try_from(left).map_or(CHUNK_BYTES, |left| left.min(CHUNK_BYTES))
    }

    /// Nodes of each level, leaves first, without the root. A node without a neighbour to its right
    /// stands on the next level as it is.
    fn widths(self) -> impl Iterator<Item = u64> {
        std::iter::successors(Some(self.chunks()), |width| Some(width.div_ceil(2)))
            .take_while(|width| *width > 1)
    }

    /// The nodes beside the path from a chunk to the root, from the leaf upwards.
    fn siblings(self, index: u64) -> impl Iterator<Item = Sibling> {
        self.widths().enumerate().filter_map(move |(level, width)| {
            let place = index >> level;
            let sibling = place ^ 1;
            (sibling < width).then_some(Sibling { level, place: sibling, is_left: sibling < place })
        })
    }

    /// Where the nodes of a chunk's proof stand in the file of all levels, in bytes, in their order.
    pub(crate) fn proof_offsets(self, index: u64) -> Vec<u64> {
        let starts: Vec<u64> =
            self.widths().scan(0, |start, width| Some(std::mem::replace(start, *start + width))).collect();
        self.siblings(index)
            .map(|sibling| (starts[sibling.level] + sibling.place) * NODE_BYTES as u64)
            .collect()
    }

    /// The leaf of a chunk whose bytes are at hand. A lone chunk's leaf is the root itself.
    pub(crate) fn leaf(self, index: u64, chunk: &[u8]) -> Node {
        if self.chunks() == 1 {
            return *blake3::hash(chunk).as_bytes();
        }
        Hasher::new().set_input_offset(self.offset(index)).update(chunk).finalize_non_root()
    }

    /// All levels of the tree above `leaves`, one after another, and the root.
    pub(crate) fn grow(self, leaves: Vec<Node>) -> (Vec<Node>, Hash) {
        let mut nodes = Vec::with_capacity(2 * leaves.len());
        let mut level = leaves;
        while level.len() > 2 {
            let above = level.chunks(2).map(|pair| match pair {
                [left, right] => merge_subtrees_non_root(left, right, Mode::Hash),
                lone => lone[0],
            });
            let above = above.collect();
            nodes.append(&mut std::mem::replace(&mut level, above));
        }
        let root = match level.as_slice() {
            [left, right] => *merge_subtrees_root(left, right, Mode::Hash).as_bytes(),
            [lone] => return (Vec::new(), Hash::from_bytes(*lone)),
            _ => *blake3::hash(&[]).as_bytes(),
        };
        nodes.append(&mut level);
        (nodes, Hash::from_bytes(root))
    }

    /// Checks a proof against the root, and returns the chunk's leaf and bytes.
    pub(crate) fn verify<'a>(
        self,
        root: &Hash,
        index: u64,
        proof: &'a [u8],
    ) -> Result<(Node, &'a [u8]), &'static str> {
        if index >= self.chunks() {
            return Err("the attachment has no such chunk");
        }
        let siblings: Vec<Sibling> = self.siblings(index).collect();
        let (nodes, chunk) =
            proof.split_at_checked(siblings.len() * NODE_BYTES).ok_or("the proof is too short")?;
        if chunk.len() != self.length(index) {
            return Err("the chunk has another length");
        }
        let leaf = self.leaf(index, chunk);
        let mut node = leaf;
        let (nodes, _) = nodes.as_chunks::<NODE_BYTES>();
        for (number, (sibling, other)) in siblings.iter().zip(nodes).enumerate() {
            let (left, right) = if sibling.is_left { (other, &node) } else { (&node, other) };
            node = if number + 1 == siblings.len() {
                *merge_subtrees_root(left, right, Mode::Hash).as_bytes()
            } else {
                merge_subtrees_non_root(left, right, Mode::Hash)
            };
        }
        if node == *root.as_bytes() {
            Ok((leaf, chunk))
        } else {
            Err("it does not lead to the attachment's hash")
        }
    }
}

/// Leaves of an attachment that is read from its beginning.
#[derive(Debug, Clone, Default)]
pub(crate) struct Leaves {
    nodes: Vec<Node>,
    size_bytes: u64,
    /// The first chunk's root, in case that no other follows.
    lone: Option<Node>,
}

impl Leaves {
    /// More bytes than one chunk, so that a leaf is not taken for the root.
    const MANY: Shape = Shape { size_bytes: limits::ATTACHMENT_BYTES };

    /// Takes the next chunk.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        if self.nodes.is_empty() {
            self.lone = Some(*blake3::hash(chunk).as_bytes());
        }
        self.nodes.push(Self::MANY.leaf(self.nodes.len() as u64, chunk));
        self.size_bytes += chunk.len() as u64;
    }

    /// Whether a chunk is the one that was read at its place.
    pub(crate) fn is(&self, index: u64, chunk: &[u8]) -> bool {
        let leaf = usize::try_from(index).ok().and_then(|index| self.nodes.get(index));
        leaf == Some(&Self::MANY.leaf(index, chunk))
    }

    /// Bytes read so far.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Chunks read so far.
    pub(crate) fn chunks(&self) -> u64 {
        self.nodes.len() as u64
    }

    /// All levels of the tree above the leaves, as [`Shape::grow`] gives them, and the root.
    pub(crate) fn grow(self) -> (Vec<Node>, Hash) {
        let shape = Shape { size_bytes: self.size_bytes };
        match self.lone {
            Some(lone) if self.nodes.len() == 1 => shape.grow(vec![lone]),
            _ => shape.grow(self.nodes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(size: usize) -> Vec<u8> {
        (0..size).map(|n| (n * 31 % 251).to_le_bytes()[0]).collect()
    }

    fn proofs(bytes: &[u8]) -> (Shape, Hash, Vec<Vec<u8>>) {
        let shape = Shape { size_bytes: bytes.len() as u64 };
        let chunk = |index: u64| {
            let start = usize::try_from(shape.offset(index)).unwrap();
            &bytes[start..start + shape.length(index)]
        };
        let leaves = (0..shape.chunks()).map(|index| shape.leaf(index, chunk(index))).collect();
        let (nodes, root) = shape.grow(leaves);
        let nodes = nodes.concat();
        let node = |offset: u64| &nodes[usize::try_from(offset).unwrap()..][..NODE_BYTES];
        let proof = |index| {
            let beside: Vec<u8> = shape.proof_offsets(index).into_iter().flat_map(node).copied().collect();
            [beside.as_slice(), chunk(index)].concat()
        };
        (shape, root, (0..shape.chunks()).map(proof).collect())
    }

    #[test]
    fn the_tree_is_blake3s_own_at_every_shape() {
        for chunks in 0..=17 {
            for extra in [0, 1, 1023, 1024, 1025, CHUNK_BYTES - 1] {
                let bytes = bytes(chunks * CHUNK_BYTES + extra);
                let (shape, root, proofs) = proofs(&bytes);
                assert_eq!(root.as_bytes(), blake3::hash(&bytes).as_bytes(), "{} bytes", bytes.len());
                for (index, proof) in (0..).zip(&proofs) {
                    assert!(
                        shape.verify(&root, index, proof).is_ok(),
                        "chunk {index} of {} bytes",
                        bytes.len()
                    );
                }
            }
        }
    }

    #[test]
    fn a_changed_bit_another_place_or_another_size_is_refused() {
        let bytes = bytes(4 * CHUNK_BYTES + 700);
        let (shape, root, proofs) = proofs(&bytes);
        for (index, proof) in (0..).zip(&proofs) {
            for bit in (0..proof.len() * 8).step_by(977).chain([proof.len() * 8 - 1]) {
                let mut forged = proof.clone();
                forged[bit / 8] ^= 1 << (bit % 8);
                assert!(shape.verify(&root, index, &forged).is_err(), "bit {bit} of chunk {index}");
            }
            for other in (0..6).filter(|other| *other != index) {
                assert!(shape.verify(&root, other, proof).is_err(), "chunk {index} as {other}");
            }
            let larger = Shape { size_bytes: shape.size_bytes + 1 };
            assert!(index != 4 || larger.verify(&root, index, proof).is_err());
            assert!(shape.verify(&root, index, &proof[..proof.len() - 1]).is_err());
            assert!(shape.verify(&root, index, &[]).is_err());
        }
    }
}
