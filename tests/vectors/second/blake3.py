"""BLAKE3 in its plain mode, with 32 bytes of output."""

CHUNK_BYTES = 1024
BLOCK_BYTES = 64
MASK = 0xFFFFFFFF

CHUNK_START, CHUNK_END, PARENT, ROOT = 1, 2, 4, 8

IV = (
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
    0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
)
PERMUTATION = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)

# The four columns and the four diagonals of the state.
LANES = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)


def schedule():
    """Which words of the block each of the seven rounds mixes in, in order."""
    order = tuple(range(16))
    for _ in range(7):
        yield order
        order = tuple(order[place] for place in PERMUTATION)


ROUNDS = tuple(schedule())


def compress(chaining, block, counter, length, flags):
    """The chaining value that follows from one block of at most 64 bytes."""
    words = words_of(block)
    state = [*chaining, *IV[:4], counter & MASK, counter >> 32 & MASK, length, flags]
    for order in ROUNDS:
        for lane, (a, b, c, d) in enumerate(LANES):
            x, y = words[order[2 * lane]], words[order[2 * lane + 1]]
            state[a] = (state[a] + state[b] + x) & MASK
            state[d] = rotate(state[d] ^ state[a], 16)
            state[c] = (state[c] + state[d]) & MASK
            state[b] = rotate(state[b] ^ state[c], 12)
            state[a] = (state[a] + state[b] + y) & MASK
            state[d] = rotate(state[d] ^ state[a], 8)
            state[c] = (state[c] + state[d]) & MASK
            state[b] = rotate(state[b] ^ state[c], 7)
    return tuple(state[place] ^ state[place + 8] for place in range(8))


def words_of(block):
    """The sixteen words of a block that is filled up with zeros."""
    full = block.ljust(BLOCK_BYTES, b"\0")
    return [int.from_bytes(full[at:at + 4], "little") for at in range(0, BLOCK_BYTES, 4)]


def rotate(word, bits):
    """A word of 32 bits, turned to the right."""
    return (word >> bits | word << 32 - bits) & MASK


def chunk(content, counter, root):
    """The chaining value of a chunk of at most 1024 bytes."""
    blocks = [content[at:at + BLOCK_BYTES] for at in range(0, len(content), BLOCK_BYTES)] or [b""]
    value = IV
    for place, block in enumerate(blocks):
        last = place == len(blocks) - 1
        flags = (CHUNK_START if place == 0 else 0) | (CHUNK_END | root if last else 0)
        value = compress(value, block, counter, len(block), flags)
    return value


def subtree(content, counter, root):
    """The chaining value of a tree of chunks whose first has the number `counter`."""
    if len(content) <= CHUNK_BYTES:
        return chunk(content, counter, root)
    # The left side holds as many chunks as the greatest power of two that leaves something for the right.
    chunks = (len(content) - 1) // CHUNK_BYTES
    left = 1 << chunks.bit_length() - 1
    one = subtree(content[:left * CHUNK_BYTES], counter, 0)
    other = subtree(content[left * CHUNK_BYTES:], counter + left, 0)
    block = b"".join(word.to_bytes(4, "little") for word in one + other)
    return compress(IV, block, 0, BLOCK_BYTES, PARENT | root)


def blake3(content):
    """The 32 bytes of the hash."""
    return b"".join(word.to_bytes(4, "little") for word in subtree(content, 0, ROOT))
