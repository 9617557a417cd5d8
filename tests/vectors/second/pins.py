"""What a motion pins (Protocol 6.7): committee, charter, roll and rule; and who is shown to be a co-owner."""

from . import tally

SEATS = ("seat", "fallback")
HALF = (1, 2)
PRESETS = {"simple": (HALF, False), "two-thirds": ((2, 3), True), "three-quarters": ((3, 4), True)}
USUAL = {
    "resolve": ("committee", "simple"), "appoint": ("committee", "simple"), "lapse": ("committee", "simple"),
    "suspend": ("committee", "two-thirds"), "reinstate": ("assembly", "simple"), "seat": ("assembly", "simple"),
    "expel": ("assembly", "three-quarters"), "recover": ("assembly", "two-thirds"),
    "amend": ("assembly", "two-thirds"), "manifesto": ("assembly", "two-thirds"),
}


class Seating:
    """A committee: who votes, whose tellers count, and how many of them it takes."""

    def __init__(self, seats):
        self.seats = seats
        self.voters = [voting for _, voting, _ in seats]
        self.tellers = [teller for _, _, teller in seats]
        self.tolerated, self.needed = tally.tolerated(len(seats)), tally.needed(len(seats))


class Pins:
    """What follows from a valid motion and its past."""

    def __init__(self, network, motion):
        self.seating = counting(network, motion)
        self.charter = charter_of(network, motion, 3)
        self.body, self.rule = decides(self.charter, motion.body["effect"])
        roll = [voice["voting"] for voice in motion.body["roll"]]
        # Protocol 6.12: those on a fallback roll vote and count with one key.
        self.voters = self.seating.voters if self.body == "committee" else roll


def counting(network, motion):
    """The tellers of a motion: of the committee that it cites, of a fallback all on its roll."""
    if motion.body["effect"]["kind"] != "fallback":
        return seating_of(network, motion, 1)
    return Seating([(network.hub_of_id(voice["hub"]), voice["voting"], voice["voting"])
                    for voice in motion.body["roll"]])


def pins(network, motion):
    """What a motion pins, worked out once."""
    if motion.pins is None:
        motion.pins = Pins(network, motion)
    return motion.pins


def decided_by(network, entry, place):
    """The motion of the returns that a group begins with; None if it begins with none."""
    group = network.group(entry, place)
    return network.group(group[0], 0)[0] if group and group[0].kind == "return" else None


def seating_of(network, entry, place):
    """The committee that a group names: the founding record's, or that of a certificate; None if neither."""
    motion = decided_by(network, entry, place)
    if motion is not None:
        effect = motion.body["effect"]
        if effect["kind"] not in SEATS:
            return None
        return Seating([(network.hub_of_id(seat["hub"]), seat["voting"], seat["teller"])
                        for seat in effect["seats"]])
    return network.first if network.group(entry, place)[:1] == [network.founding] else None


def charter_of(network, entry, place):
    """The charter that a group names; None if it names none."""
    motion = decided_by(network, entry, place)
    if motion is not None:
        effect = motion.body["effect"]
        return effect["charter"] if effect["kind"] == "amend" else None
    return network.charter if network.group(entry, place)[:1] == [network.founding] else None


def decides(charter, effect):
    """Who decides what an effect asks, and by which rule; None if the charter has no such stage."""
    rules = {rule["slug"]: rule for rule in charter["rules"]}
    if effect["kind"] == "advance":
        stage = stage_of(charter, effect["stage"])
        return stage and (stage[1]["body"], rules[stage[1]["rule"]])
    matter = effect["change"] if effect["kind"] == "standing" else effect["kind"]
    matter = "seat" if matter == "fallback" else matter
    for decision in charter["decisions"]:
        if decision["matter"] == matter:
            return decision["body"], rules[decision["rule"]]
    body, preset = USUAL[matter]
    approval, at_least = PRESETS[preset]
    return body, {"slug": preset, "quorum": HALF, "quorum_counts_abstentions": True, "floor": HALF, "base": "cast",
                  "approval": approval, "at_least": at_least, "consent": False, "early_close": False}


def stage_of(charter, slug):
    """Place and content of a stage; None if the charter has none of that name."""
    stages = enumerate(charter["stages"])
    return next(((place, stage) for place, stage in stages if stage["slug"] == slug), None)


def is_admission(network, motion):
    """Whether a motion's adoption is the admission: it reaches the last stage of its charter."""
    effect = motion.body["effect"]
    last = pins(network, motion).charter["stages"][-1]["slug"]
    return effect["kind"] == "advance" and effect["stage"] == last


class Credentials:
    """What the records of a group prove about hubs, which are named by their inceptions' ids."""

    def __init__(self, network, entry, place):
        self.network, self.hubs, self.granted, self.signed = network, set(), set(), {}
        for cited in network.group(entry, place):
            if cited.kind == "inception":
                self.hubs.add(cited.id)
            elif cited.kind == "grant":
                begun = network.inception_of(network.group(cited, 0)[0])
                self.hubs.add(begun.id)
                self.granted.update((begun.id, cited.body["key"], role) for role in cited.body["roles"])
            elif cited.kind == "sign" and cited.body["subject"] == "admission":
                self.enter_signature(cited)

    def enter_signature(self, sign):
        network = self.network
        motion = decided_by(network, sign, 0)
        application = network.entries[motion.body["effect"]["application"]]
        begun = network.inception_of(network.group(application, 0)[0])
        self.hubs.add(begun.id)
        seating = seating_of(network, sign, 1)
        if seating is None:
            signer = "applicant"
        else:
            signer = next(hub for hub, voting, _ in seating.seats if voting == sign.author)
        needed, signers = self.signed.setdefault(begun.id, [0, set()])
        signers.add(signer)
        self.signed[begun.id][0] = max(needed, pins(network, motion).charter["signing_seats"])

    def is_owner(self, id):
        """Whether a hub is a founder, or both sides signed its admission."""
        if id not in self.hubs:
            return False
        if self.network.hub_of_id(id)[0] == "founder":
            return True
        needed, signers = self.signed.get(id, (0, set()))
        return "applicant" in signers and len(signers - {"applicant"}) >= needed

    def holds(self, id, key, role):
        """Whether a hub is shown to have granted a role to a key."""
        if (id, key, role) in self.granted:
            return True
        kind, place = self.network.hub_of_id(id) if id in self.hubs else (None, None)
        return kind == "founder" and any(granted["key"] == key and role in granted["roles"]
                                         for granted in self.network.founders[place]["keys"])
