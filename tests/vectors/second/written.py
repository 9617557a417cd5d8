"""Ids and keys as people write them: bech32m, hexadecimal digits, and did:key."""

import re

from . import ed25519
from .cbor import Malformed

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BECH32M = 0x2BC830A3
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
ED25519_CODE = bytes([0xED, 0x01])
DID = "did:key:z"


def polymod(values):
    """The checksum's remainder (BIP 173)."""
    total = 1
    for value in values:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for place, factor in enumerate(GENERATOR):
            if top >> place & 1:
                total ^= factor
    return total


def expanded(prefix):
    """The prefix as it enters the checksum."""
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def regroup(values, width, into):
    """Numbers of so many bits as numbers of other widths, filled up with zero bits; and how many were left."""
    bits = "".join(f"{value:0{width}b}" for value in values)
    left = -len(bits) % into
    bits += "0" * left
    return [int(bits[at:at + into], 2) for at in range(0, len(bits), into)], left


def id_text(prefix, content):
    """`rec1…`, `hub1…` or `net1…`."""
    values, _ = regroup(content, 8, 5)
    checksum = polymod(expanded(prefix) + values + [0] * 6) ^ BECH32M
    values += [checksum >> 5 * place & 31 for place in range(5, -1, -1)]
    return prefix + "1" + "".join(LETTERS[value] for value in values)


def read_id(text):
    """The 32 bytes of a written id."""
    if re.fullmatch("[0-9a-fA-F]{64}", text):
        return bytes.fromhex(text)
    if text != text.lower() and text != text.upper():
        raise Malformed("capital and small letters mixed")
    prefix, _, rest = text.lower().rpartition("1")
    if prefix not in ("rec", "hub", "net") or any(letter not in LETTERS for letter in rest):
        raise Malformed("no id")
    values = [LETTERS.index(letter) for letter in rest]
    if len(values) != 58 or polymod(expanded(prefix) + values) != BECH32M:
        raise Malformed("the checksum does not hold")
    # 52 letters are 260 bits: 32 bytes and four bits more, which are zero.
    number = sum(value << 5 * place for place, value in enumerate(reversed(values[:52])))
    if number & 15:
        raise Malformed("more than 32 bytes")
    return (number >> 4).to_bytes(32, "big")


def key_text(key):
    """`did:key:z6Mk…`."""
    number, text = int.from_bytes(ED25519_CODE + key, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = BASE58[digit] + text
    return DID + text


def read_key(text):
    """The 32 bytes of a written key."""
    if not text.startswith(DID) or any(letter not in BASE58 for letter in text[len(DID):]):
        raise Malformed("no did:key")
    number = 0
    for letter in text[len(DID):]:
        number = number * 58 + BASE58.index(letter)
    content = number.to_bytes((number.bit_length() + 7) // 8, "big")
    # No code of a key begins with a zero byte, which base58 would write as leading ones.
    if content[:2] != ED25519_CODE or len(content) != 34 or not ed25519.is_key(content[2:]):
        raise Malformed("no key of Ed25519")
    return content[2:]
