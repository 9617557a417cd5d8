"""What motions beside those on stages have to show (Protocol 5, `motion` 8 to 14)."""

from .charter import Void, distinct, judge_charter, require
from .pins import Credentials, decided_by, seating_of

AFTER = {None: ("suspend", "expel", "lapse"), "reinstate": ("suspend", "expel", "lapse"),
         "suspend": ("reinstate", "expel"), "expel": ("reinstate",), "lapse": ("reinstate",)}


def judge_roll(network, entry, body):
    """Clause 8: the assembly's roll names co-owners and their representatives, each once."""
    roll = entry.body["roll"]
    if body == "committee":
        require(8, not roll and not entry.record.cites[6], "the committee's roll is its seats")
        return
    shown = Credentials(network, entry, 6)
    for voice in roll:
        require(8, shown.is_owner(voice["hub"]), "a hub on the roll is not shown to be a co-owner")
        require(8, shown.holds(voice["hub"], voice["voting"], "representative"), "a key that is no representative")
    require(8, distinct(network.hub_of_id(voice["hub"]) for voice in roll), "a hub twice on the roll")
    require(8, distinct(voice["voting"] for voice in roll), "a key twice on the roll")
    require(8, roll, "nobody is on the roll")


def judge_resolve(network, entry, effect, charter, after):
    require(9, after is None, "a resolution stands on nothing")
    attaching = all(each.record.attachments for each in network.group(entry, 5))
    require(9, attaching, "the evidence holds a record without attachments to erase")


def judge_appoint(network, entry, effect, charter, after):
    require(10, effect["panel"] in [panel["slug"] for panel in charter["panels"]], "no such panel")
    members = effect["members"]
    require(10, members and distinct(members), "nobody, or a member twice")
    for member in members:
        granted = [network.granted(grant, member) for grant in network.group(entry, 5)]
        require(10, any(found and "panelist" in found[1] for found in granted), "a member is no panelist")


def judge_amend(network, entry, effect, charter, after):
    require(11, after is decided_by(network, entry, 3), "not on the charter that it runs under")
    require(11, not entry.record.cites[5], "an amendment has no evidence")
    try:
        judge_charter(effect["charter"])
    except Void as void:
        raise Void(11, void) from None


def judge_manifesto(network, entry, effect, charter, after):
    require(11, not entry.record.cites[5], "a manifesto has no evidence")


def judge_standing(network, entry, effect, charter, after):
    require(12, Credentials(network, entry, 5).is_owner(effect["hub"]), "not shown to be a co-owner")
    before = after.body["effect"]["change"] if after else None
    require(12, effect["change"] in AFTER[before], "does not follow from the hub's standing")


def judge_seat(network, entry, effect, charter, after):
    require(13, after is decided_by(network, entry, 1), "not on the seating that it cites")
    shown, seats = Credentials(network, entry, 5), effect["seats"]
    roll = [voice["hub"] for voice in entry.body["roll"]]
    told = {teller for seating in seatings(network, entry) for teller in seating.tellers}
    for seat in seats:
        require(13, seat["hub"] in roll and seat["hub"] in shown.hubs, "a seat's hub is not on the roll")
        granted = shown.holds(seat["hub"], seat["voting"], "representative")
        granted = granted and shown.holds(seat["hub"], seat["teller"], "teller")
        require(13, granted and seat["teller"] not in told, "a seat's keys are not granted, or served before")
    require(13, distinct(network.hub_of_id(seat["hub"]) for seat in seats), "a hub has two seats")
    require(13, distinct(key for seat in seats for key in (seat["voting"], seat["teller"])), "a key has two seats")
    require(13, seats and len(seats) >= charter["signing_seats"], "fewer seats than sign an admission")


def seatings(network, entry):
    """The committee that a motion cites, and those before it."""
    while entry is not None:
        yield seating_of(network, entry, 1)
        entry = decided_by(network, entry, 1)


def judge_recover(network, entry, effect, charter, after):
    evidence = network.group(entry, 5)
    named = len(evidence) == 1 and evidence[0].kind == "rotate" and evidence[0].id == effect["rotate"]
    require(14, named, "the evidence is not the rotation that is to stand")
    require(14, network.inception_of(evidence[0]).id == effect["hub"], "the rotation is another hub's")


RULES = {"resolve": judge_resolve, "appoint": judge_appoint, "amend": judge_amend, "manifesto": judge_manifesto,
         "standing": judge_standing, "seat": judge_seat, "fallback": judge_seat, "recover": judge_recover}
