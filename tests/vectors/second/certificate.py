"""Certificate files (Protocol 8): verified from their bytes alone."""

from . import cbor
from .bodies import OUTCOME
from .cbor import Malformed
from .fields import array, digest, listed, word
from .motions import counted
from .network import VOID, Network, Refusal
from .pins import pins
from .record import Record, Refused
from .rules import judge

LABEL = "cohub certificate v1"


class Fault(Exception):
    """Why a file is no valid certificate: a word for it, more of them, and the rule that a void record breaks."""

    def __init__(self, word, why, rule=None):
        super().__init__(f"{word}: {why}")
        self.word, self.rule = word, rule


def void(entry):
    """The fault of resting on a void record."""
    return Fault("void", entry.why, f"{entry.kind} {entry.why.clause}")


def raw(value):
    """The bytes of a record, not yet believed."""
    if not isinstance(value, bytes):
        raise Malformed("expected a record")
    return value


FILE = array(word(LABEL), digest, OUTCOME, listed(raw, 2**64))


def verify(content, pinned=None):
    """What a certificate file proves. The checks are made in this order, and the first fault is told."""
    try:
        _, motion, outcome, contents = FILE(cbor.decode(content))
    except Malformed as fault:
        raise Fault("file", fault) from None
    records = authentic(contents)
    network = replay(records, pinned)
    entry = network.entries.get(motion)
    if entry is None:
        raise Fault("motion", "the motion is not among the records")
    if entry.verdict == VOID:
        raise void(entry)
    if entry.kind != "motion":
        raise Fault("motion", "the record named as the motion is none")
    check_outcome(network, records, entry, outcome)
    return told(network, entry, outcome)


def authentic(contents):
    """The records, each authentic, in order of their ids and each once."""
    records = []
    for content in contents:
        try:
            record = Record(content)
        except Refused as refused:
            raise Fault("record", refused) from None
        if records and records[-1].id >= record.id:
            raise Fault("order", record.id.hex())
        records.append(record)
    return records


def replay(records, pinned):
    """The network of these records alone, with a verdict on each of them."""
    founding = next((record for record in records if record.network is None), None)
    if founding is None:
        raise Fault("founding", "no founding record")
    if pinned is not None and founding.id != pinned:
        raise Fault("network", "another network")
    try:
        network = Network(founding)
    except Refusal as refusal:
        raise Fault("founding", refusal) from None
    try:
        for record in sorted(records, key=Record.place):
            network.hold(record)
    except Refusal as refusal:
        raise Fault("loose", refusal) from None
    if network.missing():
        raise Fault("missing", network.missing()[0].hex())
    network.judge_all(judge)
    unknown = [entry for entry in network.entries.values() if entry.verdict is None]
    if unknown:
        raise Fault("unknown", unknown[0].kind)
    return network


def check_outcome(network, records, motion, outcome):
    """Whether q tellers returned the stated outcome, and nothing stands here that they did not build on."""
    built_on = {id for record in records for group in (*record.cites, [record.prev]) for id in group}
    ends = [network.entries[record.id] for record in records if record.id not in built_on]
    tellers = {}
    for returned in returns_on(network, motion):
        tellers.setdefault(returned.body["outcome"], set()).add(returned.author)
    final = [word for word, keys in tellers.items() if len(keys) >= pins(network, motion).seating.needed]
    if len(final) != 1:
        for end in ends:
            if end.verdict == VOID:
                raise void(end)
        raise Fault("disputed", "two outcomes") if final else Fault("provisional", "too few returns")
    if final[0] != outcome:
        raise Fault("outcome", f"the tellers returned {final[0]}")
    # The file is what q returns of distinct tellers descend from, and nothing more.
    fitting = {returned.id for returned in returns_on(network, motion) if returned.body["outcome"] == outcome}
    authors = [end.author for end in ends]
    if any(end.id not in fitting for end in ends) or len(set(authors)) != len(authors) \
            or len(authors) > pins(network, motion).seating.needed:
        raise Fault("needless", "a record on which the decision does not rest")


def returns_on(network, motion):
    """The valid returns on a motion."""
    return [entry for entry in network.entries.values()
            if entry.is_valid("return") and network.group(entry, 0)[0] is motion]


def told(network, motion, outcome):
    """What a valid file says: tally, counted ballots, who returned what, and forks."""
    first = {}
    for returned in sorted(returns_on(network, motion), key=lambda entry: entry.record.place()):
        first.setdefault(returned.author, returned)
    tallies = [tuple(returned.body["tally"]) for returned in first.values() if returned.body["outcome"] == outcome]
    # Protocol 6.6: shown is the tally that most tellers returned, of equals the least.
    shown = min(tallies, key=lambda tally: (-tallies.count(tally), tally))
    chosen = min((returned for returned in returns_on(network, motion)
                  if returned.body["outcome"] == outcome and tuple(returned.body["tally"]) == shown),
                 key=lambda entry: entry.id)
    ballots = counted(network, motion, network.group(chosen, 1))
    return {
        "network": network.id.hex(),
        "network_name": network.founding.body["name"],
        "motion": motion.id.hex(),
        "outcome": outcome,
        "tally": list(shown),
        "counted": [ballots[voter].hex() if voter in ballots else None for voter in pins(network, motion).voters],
        "returned": [first[teller].body["outcome"] if teller in first else None for teller in pins(network, motion).seating.tellers],
        "forks": [[id.hex() for id in pair] for pair in network.forks()],
        "records": len(network.entries),
    }
