"""A network as it follows from records: who stands where, what each record says, and its verdict (Protocol 3)."""

from .bodies import BODIES
from .cbor import Malformed
from .charter import Void, judge_founding
from .record import is_possible_descriptor
from .pins import Seating

VALID, VOID = "valid", "void"


class Refusal(Exception):
    """A record that has no place in the network's logs, or that founds none."""


def key_of(founder, role):
    """A founder's one key with a role."""
    return next(granted["key"] for granted in founder["keys"] if role in granted["roles"])


class Entry:
    """A held record with what its body means, and its verdict once it has one."""

    def __init__(self, record):
        self.record, self.id, self.author, self.kind = record, record.id, record.author, record.kind
        self.verdict, self.why, self.pins = None, None, None
        try:
            self.body = BODIES[record.kind](record.body) if record.kind in BODIES else None
        except Malformed as fault:
            self.body, self.why = None, fault

    def is_valid(self, kind):
        """Whether it is a valid record of this kind."""
        return self.verdict == VALID and self.kind == kind


class Network:
    """The records that are held, each with a verdict that reads nothing but its past."""

    def __init__(self, founding):
        self.founding = Entry(founding)
        if founding.kind != "founding" or self.founding.body is None:
            raise Refusal("no founding record")
        try:
            judge_founding(founding, self.founding.body)
        except Void as void:
            raise Refusal(void) from None
        self.id, self.founding.verdict = founding.id, VALID
        self.entries = {founding.id: self.founding}
        self.founders = self.founding.body["founders"]
        self.charter = self.founding.body["charter"]
        self.manifesto = self.founding.body["manifesto"]
        seated = [self.founders[place] for place in self.founding.body["seats"]]
        self.first = Seating([(("founder", place), key_of(founder, "representative"), key_of(founder, "teller"))
                              for place, founder in zip(self.founding.body["seats"], seated)])

    def hold(self, record):
        """Holds a record that continues a held log or begins one."""
        if (record.network or record.id) != self.id:
            raise Refusal("of another network")
        if record.prev is not None:
            before = self.entries.get(record.prev)
            if before is None:
                raise Refusal("the record before it is not held")
            if before.author != record.author or before.record.seq + 1 != record.seq:
                raise Refusal("it does not continue the record before it")
        self.entries.setdefault(record.id, Entry(record))

    def missing(self):
        """Ids that are cited and not held."""
        return sorted({cited for entry in self.entries.values() for group in entry.record.cites
                       for cited in group if cited not in self.entries})

    def judge_all(self, judge):
        """Gives a verdict to each record whose past is decided, until none is left that can have one."""
        waiting = [entry for entry in self.entries.values() if entry.verdict is None]
        while True:
            later = []
            for entry in waiting:
                past = [entry.record.prev] if entry.record.prev else []
                past += [cited for group in entry.record.cites for cited in group]
                decided = all(i in self.entries and self.entries[i].verdict for i in past)
                if entry.kind in BODIES and decided:
                    self.settle(entry, judge)
                else:
                    later.append(entry)
            if len(later) == len(waiting):
                return
            waiting = later

    def settle(self, entry, judge):
        """Gives the verdict: first what holds for every kind, then the rules of this one."""
        try:
            if entry.body is None:
                raise Void(0, f"the body is malformed: {entry.why}")
            if not all(map(is_possible_descriptor, entry.record.attachments)):
                raise Void(0, "an impossible descriptor")
            cited = [i for group in entry.record.cites for i in group]
            # What a void record attached can be erased like anything else.
            if any(self.entries[i].verdict == VOID for i in cited[entry.kind == "erase":]):
                raise Void(0, "cites a void record")
            if any(below.is_valid("handover") for below in self.log_below(entry)):
                raise Void(0, "its author has handed over")
            judge(self, entry)
            entry.verdict = VALID
        except Void as void:
            entry.verdict, entry.why = VOID, void

    def group(self, entry, place):
        """The records of one group of cites."""
        return [self.entries[cited] for cited in entry.record.cites[place]]

    def log_below(self, entry):
        """The records that an entry continues, latest first; itself not among them."""
        found = []
        while entry.record.prev is not None:
            entry = self.entries[entry.record.prev]
            found.append(entry)
        return found

    def path(self, id):
        """The ids of a record and all that it continues, itself first."""
        entry = self.entries[id]
        return [id] + [below.id for below in self.log_below(entry)]

    def forks(self):
        """For each author and place with two records or more the two least ids, by author and place."""
        places = {}
        for entry in self.entries.values():
            places.setdefault((entry.author, entry.record.seq), []).append(entry.id)
        return [sorted(ids)[:2] for _, ids in sorted(places.items()) if len(ids) > 1]

    # Hubs and keys.

    def founder_of(self, key):
        """The place of the founder that has granted a key in the founding record, and the key's roles."""
        for place, founder in enumerate(self.founders):
            for granted in founder["keys"]:
                if granted["key"] == key:
                    return place, granted["roles"]
        return None

    def founder_controlled_by(self, key):
        """The place of the founder whose controller the key is."""
        places = (place for place, founder in enumerate(self.founders) if founder["controller"] == key)
        return next(places, None)

    def inception_of(self, entry):
        """The inception of the hub that an inception or rotate speaks for; None for other kinds."""
        while entry.kind == "rotate":
            entry = self.group(entry, 0)[0]
        return entry if entry.kind == "inception" else None

    def hub_of(self, entry):
        """What names the hub that an inception or rotate speaks for."""
        inception = self.inception_of(entry)
        if inception is None:
            return None
        place = self.founder_controlled_by(inception.author)
        return ("later", inception.id) if place is None else ("founder", place)

    def hub_of_id(self, id):
        """The hub of an inception by its id."""
        return self.hub_of(self.entries[id])

    def granted(self, grant, key):
        """The hub for which a grant, or the founding record, gives a key roles; and the roles."""
        if grant.kind == "founding":
            found = self.founder_of(key)
            return found and (("founder", found[0]), found[1])
        if grant.kind != "grant" or grant.body["key"] != key:
            return None
        return self.hub_of(self.group(grant, 0)[0]), grant.body["roles"]

    def is_panelist(self, key, panel=None):
        """Whether a key sits on a panel of the first term."""
        return any(key in seats["members"] for seats in self.founding.body["panels"]
                   if panel in (None, seats["panel"]))
