"""Records (Protocol 1) and attachments (Protocol 2): from bytes to what they say, signature first."""

from . import cbor, ed25519
from .blake3 import blake3
from .cbor import Malformed
from .fields import array, digest, integer, listed, optional, text, unsigned, word

RECORD_BYTES = 256 * 1024
CITES = 4096
CITE_GROUPS = 8
ATTACHMENTS = 64
KIND_BYTES = 24
TRAVELLING_BYTES = 4 * 1024
ATTACHMENT_BYTES = 512 * 1024 * 1024


class Refused(Exception):
    """Bytes that are no record; `step` says which check found it."""

    def __init__(self, step, why):
        super().__init__(f"{step}: {why}")
        self.step = step


class Record:
    """An authentic record."""

    def __init__(self, content):
        if not 97 <= len(content) <= RECORD_BYTES:
            raise Refused("size", f"{len(content)} bytes")
        self.author, self.signature, self.header = content[:32], content[32:96], content[96:]
        if not ed25519.verify(self.author, signed_bytes(self.author, self.header), self.signature):
            raise Refused("signature", "the signature is not the author's")
        try:
            fields = cbor.decode(self.header)
        except Malformed as fault:
            raise Refused("encoding", fault) from None
        self.read(fields)
        self.id = record_id(content)

    def read(self, fields):
        """Takes the fields of the header."""
        if isinstance(fields, list) and fields and isinstance(fields[0], int) and fields[0] != 1:
            raise Refused("version", f"version {fields[0]}")
        try:
            (_, self.network, self.seq, self.prev, self.at, self.kind, self.cites, self.body,
             self.attachments) = array(integer, id_or_null, unsigned, id_or_null, unsigned, kind, groups,
                                       body, listed(descriptor, ATTACHMENTS))(fields)
            if (self.seq == 0) != (self.prev is None):
                raise Malformed("the predecessor is absent at 0 and only there")
        except Malformed as fault:
            raise Refused("header", fault) from None

    def place(self):
        """The place in the author's log; rivals of a fork stand in order of their ids."""
        return self.seq, self.id


def signed_bytes(author, header):
    """What the author signs."""
    return b"cohub record v1\n" + author + header


def record_id(content):
    """The id of a record's bytes."""
    return blake3(b"cohub id v1\n" + content)


def id_or_null(value):
    return None if value is None else digest(value)


def kind(value):
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= KIND_BYTES:
        raise Malformed("no name of a kind")
    return value


def groups(value):
    found = listed(listed(digest, CITES), CITE_GROUPS)(value)
    if sum(map(len, found)) > CITES:
        raise Malformed("too many cites")
    return found


def body(value):
    if not isinstance(value, list) or holds_null(value):
        raise Malformed("a body is an array without null")
    return value


def holds_null(value):
    return value is None or isinstance(value, list) and any(map(holds_null, value))


def descriptor(value):
    """Hash, size, scope and recipient of an attachment."""
    return array(digest, unsigned, word("public", "members", "sealed"), optional(digest))(value)


def is_possible_descriptor(found):
    """Whether size and recipient fit together; a record with others is void."""
    _, size, scope, recipient = found
    return size <= ATTACHMENT_BYTES and (scope == "sealed") == (recipient is not None)


def attachment_preamble(salt, name, media_type):
    """What stands before an attachment's content."""
    return salt + cbor.encode([name, media_type])


def split_attachment(content):
    """Salt, name, media type and content."""
    if len(content) < 32:
        raise Malformed("an attachment begins with a salt")
    label, end = cbor.read(content, 32, 1)
    return content[:32], *array(text(255), text(127))(label), content[end:]
