#!/usr/bin/env python3
"""Verifies a credential with the cryptosuite eddsa-jcs-2022, issued by a did:key, with a second implementation.

    python3 credential.py FILE …

It needs Python 3.9 and nothing else. It prints the issuer of each and ends with 0, or says what does not hold and ends
with 1. It reads what stands in vc-di-eddsa 3.3.2, and JSON in the form of RFC 8785 as far as there are no numbers.
"""

import hashlib
import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from second import ed25519  # noqa: E402

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
OPTIONS = {"@context", "type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}


class Wrong(Exception):
    """What does not hold."""


def need(holds, what):
    if not holds:
        raise Wrong(what)


def base58(text):
    """The bytes behind `z`: multibase, base58-btc."""
    need(text[:1] == "z", "no multibase of base58-btc")
    number = 0
    for letter in text[1:]:
        need(letter in ALPHABET, "a letter that base58 does not have")
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def canonical(value):
    if isinstance(value, dict):
        fields = sorted(value.items(), key=lambda field: field[0].encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(one) for name, one in fields) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    need(value is None or isinstance(value, (str, bool)), "a number")
    return json.dumps(value, ensure_ascii=False)


def hashed(value):
    return hashlib.sha256(canonical(value).encode()).digest()


def verify(document):
    """The issuer's key, or Wrong."""
    proof = document.pop("proof", None)
    need(isinstance(proof, dict) and set(proof) == OPTIONS, "no single proof with the fields of one")
    need(proof["type"] == "DataIntegrityProof", "another type of proof")
    need(proof["cryptosuite"] == "eddsa-jcs-2022", "another cryptosuite")
    need(proof["proofPurpose"] == "assertionMethod", "another purpose")
    need(document["@context"] == proof["@context"], "another context in the proof")
    need(document["@context"][0] == "https://www.w3.org/ns/credentials/v2", "no credential of the data model 2.0")
    need("VerifiableCredential" in document["type"], "no credential")
    did, _, fragment = proof["verificationMethod"].partition("#")
    need(did == "did:key:" + fragment, "no method of a did:key")
    key = base58(fragment)
    need(key[:2] == b"\xed\x01" and len(key) == 34, "no Ed25519 key")
    signature = base58(proof.pop("proofValue"))
    need(len(signature) == 64, "no Ed25519 signature")
    need(ed25519.verify(key[2:], hashed(proof) + hashed(document), signature), "the signature does not hold")
    return did, document


def main(paths):
    for path in paths:
        try:
            did, document = verify(json.loads(Path(path).read_text(encoding="utf-8")))
            issuer = document["issuer"]
            named = issuer["id"] if isinstance(issuer, dict) else issuer
            print(f"{path}: signed by {did}, issued by {named}")
        except (Wrong, KeyError, ValueError) as why:
            print(f"{path}: {why!r}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
