"""Types of the fields in headers and bodies. A type is a function from a value to what it means."""

import re
import unicodedata

from . import ed25519
from .cbor import Malformed


def integer(value):
    if not isinstance(value, int):
        raise Malformed("expected an integer")
    return value


def ranged(least, greatest):
    """An integer within a range."""
    def read(value):
        if not least <= integer(value) <= greatest:
            raise Malformed(f"{value} is outside the range")
        return value
    return read


unsigned = ranged(0, 2**63 - 1)
unsigned_16 = ranged(0, 2**16 - 1)
unsigned_32 = ranged(0, 2**32 - 1)
signed_32 = ranged(-(2**31), 2**31 - 1)


def flag(value):
    return ranged(0, 1)(value) == 1


def byte_string(length):
    """Exactly so many bytes."""
    def read(value):
        if not isinstance(value, bytes) or len(value) != length:
            raise Malformed(f"expected {length} bytes")
        return value
    return read


def byte_string_up_to(greatest):
    """1 byte to so many."""
    def read(value):
        if not isinstance(value, bytes) or not 1 <= len(value) <= greatest:
            raise Malformed(f"expected 1 to {greatest} bytes")
        return value
    return read


digest = byte_string(32)
signature = byte_string(64)


def key(value):
    if not ed25519.is_key(digest(value)):
        raise Malformed("a weak or malformed key")
    return value


def text(greatest):
    """A text of 1 to so many bytes, without control characters but tab and line feed."""
    def read(value):
        if not isinstance(value, str) or not 1 <= len(value.encode()) <= greatest:
            raise Malformed(f"expected a text of 1 to {greatest} bytes")
        if any(unicodedata.category(letter) == "Cc" and letter not in "\t\n" for letter in value):
            raise Malformed("control characters in a text")
        return value
    return read


def slug(value):
    if not isinstance(value, str) or len(value) > 48 or not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", value):
        raise Malformed("expected a slug")
    return value


def word(*words):
    """One of some fixed words."""
    def read(value):
        if not isinstance(value, str) or value not in words:
            raise Malformed(f"expected one of {', '.join(words)}")
        return value
    return read


def listed(item, greatest):
    """An array of at most so many."""
    def read(value):
        if not isinstance(value, list) or len(value) > greatest:
            raise Malformed(f"expected an array of at most {greatest}")
        return [item(each) for each in value]
    return read


def optional(item):
    """One or none: an array of one or of none."""
    def read(value):
        found = listed(item, 1)(value)
        return found[0] if found else None
    return read


def array(*items):
    """An array of fixed fields, as a list."""
    def read(value):
        if not isinstance(value, list) or len(value) != len(items):
            raise Malformed(f"expected an array of {len(items)}")
        return [item(each) for item, each in zip(items, value)]
    return read


def named(**items):
    """An array of fixed fields, by their names."""
    read_all = array(*items.values())

    def read(value):
        return dict(zip(items, read_all(value)))
    return read


def some(item, greatest):
    """An array of at least one."""
    def read(value):
        if value == []:
            raise Malformed("a list of none is left out")
        return listed(item, greatest)(value)
    return read


def extended(items, **last):
    """Fixed fields by their names, and behind them perhaps one more; None where it is left out."""
    (name, _), = last.items()

    def read(value):
        if isinstance(value, list) and len(value) > len(items):
            return named(**items, **last)(value)
        return {**named(**items)(value), name: None}
    return read


def tagged(**kinds):
    """An array that begins with a word, which says the fields behind it."""
    def read(value):
        if not isinstance(value, list) or not value or not isinstance(value[0], str) or value[0] not in kinds:
            raise Malformed(f"expected one of {', '.join(kinds)} and its fields")
        return {"kind": value[0], **named(**kinds[value[0]])(value[1:])}
    return read
