"""The strict encoding of values (Protocol 1.2): integers, bytes, text, arrays and null, each in one way only."""

DEPTH = 12

INTEGER, NEGATIVE, BYTES, TEXT, ARRAY = 0, 1, 2, 3, 4
NULL = 0xF6


class Malformed(Exception):
    """Bytes that are no value, or a value that is not what its place asks for."""


def decode(encoded):
    """The value of bytes that are its encoding."""
    value, end = read(encoded, 0, DEPTH)
    if end != len(encoded):
        raise Malformed(f"{len(encoded) - end} bytes follow the end")
    return value


def read(encoded, at, depth):
    """The value that begins at a place, and the place behind it."""
    if at >= len(encoded):
        raise Malformed("the bytes end too early")
    if encoded[at] == NULL:
        return None, at + 1
    major, number, at = read_head(encoded, at)
    if major == INTEGER or major == NEGATIVE:
        if number >= 1 << 63:
            raise Malformed("an integer beyond 64 bits with sign")
        return (number if major == INTEGER else -1 - number), at
    if major == BYTES or major == TEXT:
        content = encoded[at:at + number]
        if len(content) != number:
            raise Malformed("the bytes end too early")
        if major == BYTES:
            return content, at + number
        try:
            return content.decode("utf-8"), at + number
        except UnicodeDecodeError:
            raise Malformed("text that is not UTF-8") from None
    if major != ARRAY:
        raise Malformed("a type that values do not have")
    if depth == 0:
        raise Malformed("arrays nested too deep")
    items = []
    for _ in range(number):
        item, at = read(encoded, at, depth - 1)
        items.append(item)
    return items, at


def read_head(encoded, at):
    """Type and number of an item; the number stands in as few bytes as it takes."""
    major, short = encoded[at] >> 5, encoded[at] & 0x1F
    if short < 24:
        return major, short, at + 1
    if short > 27:
        raise Malformed("a length that is not stated")
    width = 1 << short - 24
    digits = encoded[at + 1:at + 1 + width]
    if len(digits) != width:
        raise Malformed("the bytes end too early")
    number = int.from_bytes(digits, "big")
    least = 24 if width == 1 else 1 << 4 * width
    if number < least:
        raise Malformed("a number in more bytes than it takes")
    return major, number, at + 1 + width


def encode(value):
    """The encoding of a value."""
    if value is None:
        return bytes([NULL])
    if isinstance(value, int):
        return head(INTEGER, value) if value >= 0 else head(NEGATIVE, -1 - value)
    if isinstance(value, bytes):
        return head(BYTES, len(value)) + value
    if isinstance(value, str):
        content = value.encode("utf-8")
        return head(TEXT, len(content)) + content
    return head(ARRAY, len(value)) + b"".join(encode(item) for item in value)


def head(major, number):
    """Type and number in as few bytes as they take."""
    if number < 24:
        return bytes([major << 5 | number])
    power = next(power for power in range(4) if number < 1 << (8 << power))
    return bytes([major << 5 | 24 + power]) + number.to_bytes(1 << power, "big")
