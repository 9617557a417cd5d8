#!/usr/bin/env python3
"""Checks the golden vectors beside this file, or one certificate file, with a second implementation.

    python3 verify.py                  checks every vector
    python3 verify.py FILE [NETWORK]   verifies a certificate, of that network if one is named
    … | python3 verify.py --drawn      checks certificates by lot, one case a line, and says how many of each

It needs Python 3.9 and nothing else. It ends with 0 if everything holds and with 1 otherwise.
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from second import cbor, certificate, charter, ed25519, record, tally, written  # noqa: E402
from second.blake3 import blake3  # noqa: E402

HERE = Path(__file__).resolve().parent


class Drift(Exception):
    """A vector that this implementation does not agree with."""


def check(holds, case):
    """Fails with the case unless it holds."""
    if not holds:
        shown = case.get("name") or case.get("why") or json.dumps(case, ensure_ascii=False)[:200]
        raise Drift(shown)


def hexed(content):
    """Hexadecimal digits, or None for nothing."""
    return content and content.hex()


def refuses(read, content, *faults):
    """Whether reading fails with one of the faults that it may fail with."""
    try:
        read(content)
    except faults:
        return True
    return False


def value_of(shown):
    """A value from its form in JSON."""
    if isinstance(shown, list):
        return [value_of(item) for item in shown]
    if shown is None:
        return None
    kind, content = next(iter(shown.items()))
    return {"integer": int, "bytes": bytes.fromhex, "text": str}[kind](content)


def counting(length):
    """The bytes 0, 1, … 250, 0, 1, …"""
    return (bytes(range(251)) * (length // 251 + 1))[:length]


def encoding(vectors):
    for case in vectors["cases"]:
        value, encoded = value_of(case["value"]), bytes.fromhex(case["hex"])
        check(cbor.encode(value) == encoded and cbor.decode(encoded) == value, case)


def refused_encodings(vectors):
    for case in vectors["cases"]:
        check(refuses(cbor.decode, bytes.fromhex(case["hex"]), cbor.Malformed), case)


def records(vectors):
    for case in vectors["cases"]:
        content, seed = bytes.fromhex(case["record_hex"]), bytes.fromhex(case["seed"])
        found, header = record.Record(content), case["header"]
        check(ed25519.public_key(seed).hex() == case["author"] == found.author.hex(), case)
        signed = record.signed_bytes(found.author, found.header)
        check(signed.hex() == case["signed_hex"] and found.header.hex() == case["header_hex"], case)
        check(ed25519.sign(seed, signed).hex() == case["signature"] == found.signature.hex(), case)
        check(found.id.hex() == case["id"], case)
        check((hexed(found.network), found.seq, hexed(found.prev), found.at, found.kind)
              == tuple(header[name] for name in ("network", "seq", "prev", "at", "kind")), case)
        check([[cited.hex() for cited in group] for group in found.cites] == header["cites"], case)
        check(found.body == value_of(header["body"]), case)
        shown = [{"hash": digest.hex(), "size_bytes": size, "scope": scope, "sealed_to": hexed(recipient)}
                 for digest, size, scope, recipient in found.attachments]
        check(shown == header["attachments"], case)
    for case in vectors["refused"]:
        try:
            record.Record(bytes.fromhex(case["record_hex"]))
            check(False, case)
        except record.Refused as refused:
            check(refused.step == case["step"], case)
    for case in vectors["consents"]:
        network = case["network"] and bytes.fromhex(case["network"])
        controller, key = bytes.fromhex(case["controller"]), bytes.fromhex(case["key"])
        message = charter.consent_message(network, controller, key, case["roles"])
        check(message.hex() == case["message"], case)
        check(ed25519.verify(key, message, bytes.fromhex(case["consent"])), case)
    for case in vectors["recoveries"]:
        check(charter.recovery_hash(bytes.fromhex(case["key"])).hex() == case["recovery"], case)


def signatures(vectors):
    for case in vectors["cases"]:
        key, message, signature = (bytes.fromhex(case[name]) for name in ("key", "message", "signature"))
        check(ed25519.is_key(key) == case["key_accepted"], case)
        check(ed25519.verify(key, message, signature) == case["accepted"], case)


def ids(vectors):
    for case in vectors["ids"]:
        content = bytes.fromhex(case["bytes"])
        for form, prefix in (("record", "rec"), ("hub", "hub"), ("network", "net")):
            check(written.id_text(prefix, content) == case[form], case)
            check(written.read_id(case[form]) == content, case)
    for case in vectors["keys"]:
        key = bytes.fromhex(case["key"])
        check(written.key_text(key) == case["text"] and written.read_key(case["text"]) == key, case)
    for name, read in (("refused_ids", written.read_id), ("refused_keys", written.read_key)):
        for case in vectors[name]:
            check(refuses(read, case["text"], cbor.Malformed), case)


def attachments(vectors):
    for case in vectors["blake3"]:
        check(blake3(counting(case["length"])).hex() == case["blake3"], case)
    for case in vectors["cases"]:
        salt = bytes.fromhex(case["salt"])
        preamble = record.attachment_preamble(salt, case["name"], case["media_type"])
        content = preamble + counting(case["content_length"])
        check(preamble.hex() == case["preamble"] and len(content) == case["size_bytes"], case)
        check(blake3(content).hex() == case["hash"], case)
        check((len(content) <= record.TRAVELLING_BYTES) == case["travels"], case)
        check(record.split_attachment(content)[1:3] == (case["name"], case["media_type"]), case)
    for case in vectors["refused"]:
        check(refuses(record.split_attachment, bytes.fromhex(case["hex"]), cbor.Malformed), case)


def tallies(vectors):
    for case in vectors["cases"]:
        found = tally.decide(vectors["rules"][case["rule"]], case["roll"], case["votes"])
        for name in ("outcome", "base"):
            check(found[name] == case[name], case)
        for name in ("floor", "quorum", "approval"):
            check(list(found[name]) == case[name], case)


def support(vectors):
    for case in vectors["cases"]:
        log = case["log"]

        def path(place):
            found = []
            while place is not None:
                found.append(place)
                place = log[place]["prev"]
            return found

        ballots = {place for place, each in enumerate(log) if each["ballot"]}
        check(tally.counted_ballot(case["heads"], ballots, path, case["f"]) == case["counted"], case)


def certificates(vectors):
    contents = {}
    for case in vectors["valid"]:
        contents[case["name"]] = bytes.fromhex(case["hex"])
        check(verdict(case) is None, case)
    for case in vectors["untrue"]:
        check(verdict(case) is not None, case)
    for case in vectors["changed"]:
        content = contents[case["of"]]
        if "at" in case:
            at, inserted = case["at"], bytes.fromhex(case["insert"])
            content = content[:at] + inserted + content[at + case["remove"]:]
        pin = case.get("pin")
        check(fault_of(content, pin and bytes.fromhex(pin)) == case["fault"], case)


def verdict(case):
    """The word for a certificate's fault, None if it has none; checked in all that the case says."""
    try:
        found = certificate.verify(bytes.fromhex(case["hex"]))
    except certificate.Fault as fault:
        check((fault.word, fault.rule) == (case["fault"], case.get("rule")), case)
        return fault.word
    for name, expected in found.items():
        check(case["fault"] is None and case[name] == expected, case)
    return None


def fault_of(content, pinned=None):
    """The word for what is wrong with a certificate file; None if nothing is."""
    try:
        certificate.verify(content, pinned)
    except certificate.Fault as fault:
        return fault.word
    return None


FILES = {
    "encoding.json": encoding,
    "refused-encodings.json": refused_encodings,
    "records.json": records,
    "ed25519.json": signatures,
    "ids.json": ids,
    "attachments.json": attachments,
    "tallies.json": tallies,
    "support.json": support,
    "certificates.json": certificates,
}


def check_all():
    """Checks every file of vectors; a file that no check knows is a fault too."""
    faults = [f"{path.name}: no check knows this file" for path in HERE.glob("*.json") if path.name not in FILES]
    for name, check_file in FILES.items():
        vectors = json.loads((HERE / name).read_text(encoding="utf-8"))
        try:
            check_file(vectors)
            cases = sum(len(cases) for cases in vectors.values() if isinstance(cases, list))
            print(f"{name}: {cases} hold")
        except (Drift, certificate.Fault, record.Refused, cbor.Malformed) as fault:
            faults.append(f"{name}: {fault}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def check_drawn(lines):
    """Checks certificates that were drawn by lot; tells all on which the implementations disagree."""
    verdicts, faults = {}, []
    for line in lines:
        case = json.loads(line)
        try:
            word = verdict(case) or case["outcome"]
            verdicts[word] = verdicts.get(word, 0) + 1
        except Drift as drift:
            faults.append(str(drift))
    print(f"{sum(verdicts.values())} agree:", ", ".join(f"{word} {count}" for word, count in sorted(verdicts.items())))
    for fault in faults:
        print(f"disagree: {fault}", file=sys.stderr)
    return 1 if faults or not verdicts else 0


def check_certificate(path, network=None):
    """Verifies one certificate file and prints what it proves."""
    try:
        found = certificate.verify(Path(path).read_bytes(), network and written.read_id(network))
    except certificate.Fault as fault:
        print(f"not valid, {fault}", file=sys.stderr)
        return 1
    print(f"valid for {written.id_text('net', bytes.fromhex(found['network']))}")
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--drawn"]:
        sys.exit(check_drawn(sys.stdin))
    sys.exit(check_certificate(*sys.argv[1:3]) if sys.argv[1:] else check_all())
