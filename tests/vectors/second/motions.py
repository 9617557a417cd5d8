"""Motions and what follows them: ballots, closings, returns, certificates (Protocol 5 and 6)."""

from . import cbor
from .blake3 import blake3
from .asked import RULES as ASKED, judge_roll
from .fallback import is_fallback, is_of_one_generation, judge_fallback, keeps
from .charter import Void, distinct, require
from .pins import SEATS, charter_of, decided_by, decides, is_admission, pins, stage_of
from .tally import CHOICES, counted_ballot, decide

DOSSIER_GROUP = {"document": 0, "review": 2, "interview": 2}


def application_of(network, entry):
    """The application that a document, review or interview belongs to."""
    group = DOSSIER_GROUP.get(entry.kind)
    found = [] if group is None or group >= len(entry.record.cites) else network.group(entry, group)
    return found[0] if found else None


# Certificates: q returns of one motion.

def returned_by_quorums(network, entry, place, clause, outcomes):
    """The ids of the motions of a group that is, for each of them, exactly q tellers' returns with such an outcome."""
    tellers = {}
    for returned in network.group(entry, place):
        require(clause, returned.kind == "return", "a certificate is made of returns")
        require(clause, returned.body["outcome"] in outcomes, "a return with another outcome")
        tellers.setdefault(motion_of(network, returned).id, []).append(returned.author)
    for authors in tellers.values():
        require(clause, distinct(authors), "a teller returned twice")
    for motion, authors in tellers.items():
        needed = pins(network, network.entries[motion]).seating.needed
        require(clause, len(authors) == needed, f"a certificate is {needed} returns")
    return set(tellers)


def motion_of(network, entry):
    """The motion of a valid ballot, closing or return."""
    return network.group(entry, 0)[0]


def certificate_of(network, entry, place, clause):
    """The motion that a group of returns shows to be adopted."""
    motions = returned_by_quorums(network, entry, place, clause, ("adopted",))
    require(clause, len(motions) == 1, "a certificate is of one motion")
    return network.entries[motions.pop()]


def admits(network, motion):
    """The hub that an adopted motion admits; None if it does not reach the last stage."""
    if not is_admission(network, motion):
        return None
    application = network.entries[motion.body["effect"]["application"]]
    return network.hub_of(network.group(application, 0)[0])


# Versions of a slot.

def slot_of(motion):
    """What a motion would change (Protocol 6.1)."""
    effect = motion.body["effect"]
    return {
        "advance": lambda: ["application", effect["application"]],
        "resolve": lambda: ["resolution", blake3(b"cohub resolution v1\n" + effect["text"].encode())],
        "appoint": lambda: ["panel", effect["panel"]],
        "amend": lambda: ["charter"],
        "manifesto": lambda: ["manifesto"],
        "standing": lambda: ["hub", effect["hub"]],
        "seat": lambda: ["committee"],
        "fallback": lambda: ["generation"],
        "recover": lambda: ["keys", effect["hub"]],
    }[effect["kind"]]()


def version_of(network, motion):
    """The version that a motion gives its slot (Protocol 6.1)."""
    content = cbor.encode(slot_of(motion)) + (base_of(network, motion) or bytes(32))
    return blake3(b"cohub version v1\n" + content + cbor.encode(motion.record.body[0]))


def base_of(network, motion):
    """The version that a motion replaces; None for the first."""
    before = decided_by(network, motion, 4)
    return before and version_of(network, before)


def are_contenders(network, one, other):
    """Whether two motions ask for versions of one slot and base."""
    return slot_of(one) == slot_of(other) and base_of(network, one) == base_of(network, other)


def are_rivals(network, one, other):
    """Whether two motions ask for different versions of one slot and base."""
    same = are_contenders(network, one, other) and is_of_one_generation(network, one, other)
    return same and version_of(network, one) != version_of(network, other)


# The rules of the kinds.

def judge_motion(network, entry):
    require(0, len(entry.record.cites) == 7, "expected 7 groups of cites")
    grant = network.group(entry, 0)
    found = network.granted(grant[0], entry.author) if len(grant) == 1 else None
    require(1, found and "representative" in found[1], "its author is no representative by the cited grant")
    seated_by = judge_seating(network, entry)
    judge_handovers(network, entry, seated_by)
    charter = judge_cited_charter(network, entry)
    effect = entry.body["effect"]
    decided = decides(charter, effect)
    require(6, decided, "the charter has no such stage")
    after = None
    if entry.record.cites[4]:
        after = certificate_of(network, entry, 4, 5)
        seats = effect["kind"] in SEATS and after.body["effect"]["kind"] in SEATS
        require(5, seats or slot_of(after) == slot_of(entry), "the base is a decision about something else")
        require(5, keeps(network, entry, after), "the base fell with the generation before")
    if is_fallback(entry):
        judge_fallback(network, entry, seated_by)
    else:
        judge_roll(network, entry, decided[0])
    if effect["kind"] != "advance":
        ASKED[effect["kind"]](network, entry, effect, charter, after)
        return
    wanted = stage_of(charter, effect["stage"])
    judge_stage(charter, effect, after, wanted[0], claim_of(network, entry))
    judge_evidence(network, entry, effect, wanted[1])


def judge_seating(network, entry):
    """Clause 2: the first committee and all founders, or the certificate of another. Answers its motion."""
    seating = network.group(entry, 1)
    if seating and seating[0].kind == "return":
        motion = certificate_of(network, entry, 1, 2)
        require(2, motion.body["effect"]["kind"] in SEATS, "the certificate seats no committee")
        return motion
    require(2, seating and seating[0] is network.founding, "the seating begins with the founding record")
    founders = [network.founder_controlled_by(inception.author) for inception in seating[1:]]
    inceptions = all(inception.kind == "inception" for inception in seating[1:])
    whole = inceptions and None not in founders and sorted(founders) == list(range(len(network.founders)))
    require(2, whole, "the seating is not every founder's inception once")
    return None


def judge_handovers(network, entry, seated_by):
    """Clause 3: of q tellers of the committee before, each once."""
    handovers = network.group(entry, 2)
    if seated_by is None or is_fallback(seated_by) or is_fallback(entry):
        require(3, not handovers, "handovers where there are none")
        return
    fit = all(each.kind == "handover" and decided_by(network, each, 0) is seated_by for each in handovers)
    require(3, fit and distinct(each.author for each in handovers), "something else than handovers, or one twice")
    require(3, len(handovers) == pins(network, seated_by).seating.needed, "too few handovers, or too many")


def judge_cited_charter(network, entry):
    """Clause 4: the founding record or the certificate of an amendment."""
    cited = network.group(entry, 3)
    if cited and cited[0].kind == "return":
        amended = certificate_of(network, entry, 3, 4)
        require(4, keeps(network, entry, amended), "the charter fell with the generation before")
    else:
        require(4, len(cited) == 1, "cites not exactly one charter")
    charter = charter_of(network, entry, 3)
    require(4, charter, "the charter is neither the founding record's nor an adopted one")
    return charter


def claim_of(network, entry):
    """The claim that the application takes up with which the evidence begins; None for a hub that is new."""
    evidence = network.group(entry, 5)
    return evidence[0].body["claim"] if evidence and evidence[0].kind == "application" else None


def judge_stage(charter, effect, after, wanted, claim):
    """Clause 6: the stage follows the one that was reached, or extends it with another date; a claim asks for the last."""
    if after is None:
        first = 0 if claim is None else len(charter["stages"]) - 1
        require(6, wanted == first, "not the stage that has no base")
        return
    before = after.body["effect"]
    reached = stage_of(charter, before["stage"])
    reached = reached and reached[0]
    extension = reached == wanted and before["open_by"] != effect["open_by"]
    require(6, extension or reached is not None and reached + 1 == wanted, "its stage is not the next")


def judge_evidence(network, entry, effect, stage):
    """Clause 7: the application, and of its dossier at least what the stage asks for."""
    evidence = network.group(entry, 5)
    own = evidence and evidence[0].kind == "application" and evidence[0].id == effect["application"]
    require(7, own, "the evidence does not begin with the application")
    application, dossier = evidence[0], evidence[1:]
    belongs = all(application_of(network, each) is application for each in dossier)
    require(7, belongs and distinct(each.id for each in dossier), "evidence of something else, or twice")
    if application.body["claim"] is not None:
        return
    types = {each.body["type"] for each in dossier if each.kind == "document"}
    require(7, types.issuperset(stage["documents"]), "a document is missing")
    for asked in stage["reviews"]:
        reviews = [each for each in dossier if each.kind == "review" and each.body["panel"] == asked["panel"]]
        # Of several reviews of one panelist the latest counts: the highest seq, then, of rivals, the least id.
        reviews.sort(key=lambda each: each.id, reverse=True)
        reviews.sort(key=lambda each: each.record.seq)
        latest = {each.author: each.body["recommendation"] for each in reviews}
        said = sum(recommendation in ("accept", "decline") for recommendation in latest.values())
        require(7, said >= asked["count"], "a review is missing")
    held = any(each.kind == "interview" and each.body["outcome"] != "postponed" for each in dossier)
    require(7, held or not stage["interview"], "the interview is missing")


def on_motion(network, entry, count, keys):
    """The motion that a ballot, closing or return cites, by an author who is among the `keys` of what it pins."""
    require(0, len(entry.record.cites) == count, f"expected {count} groups of cites")
    cited = network.group(entry, 0)
    require(1, len(cited) == 1 and cited[0].kind == "motion", "does not cite exactly one motion")
    require(1, entry.author in keys(pins(network, cited[0])), "its author has no part in this motion")
    return cited[0]


def judge_ballot(network, entry):
    motion = on_motion(network, entry, 1, lambda pinned: pinned.voters)
    allowed = entry.body["choice"] != "block" or pins(network, motion).rule["consent"]
    require(2, allowed, "the rule knows no block")


def judge_closing(network, entry):
    motion = on_motion(network, entry, 2, lambda pinned: pinned.seating.tellers)
    heads = network.group(entry, 1)
    require(2, all(is_on(network, head, "ballot", motion) for head in heads), "a head is no ballot of this motion")
    require(2, distinct(head.author for head in heads), "two heads of one seat")
    require(3, entry.body["refusal"] is None or not heads, "a refusal has no heads")
    require(4, not written_before(network, entry, motion), "closed or refused before")


def is_on(network, entry, kind, motion):
    """Whether an entry is a valid record of a kind on a motion."""
    return entry.is_valid(kind) and motion_of(network, entry) is motion


def written_before(network, entry, motion):
    """Whether a record of the same kind on the same motion stands in the author's own chain."""
    return any(is_on(network, below, entry.kind, motion) for below in network.log_below(entry))


def judge_return(network, entry):
    motion = on_motion(network, entry, 3, lambda pinned: pinned.seating.tellers)
    closings = network.group(entry, 1)
    for closing in closings:
        counts = is_on(network, closing, "closing", motion) and closing.body["refusal"] is None
        require(2, counts, "cites something that is no closing of this motion")
    require(2, distinct(closing.author for closing in closings), "two closings of one teller")
    pinned = pins(network, motion)
    require(2, len(closings) >= pinned.seating.needed, f"cites fewer than {pinned.seating.needed} closings")
    votes = votes_of(network, counted(network, motion, closings))
    require(3, votes == entry.body["tally"], "its tally is not that of the closings")
    outcome = decide(pinned.rule, len(pinned.voters), votes)["outcome"]
    require(3, outcome == entry.body["outcome"], "its outcome is not that of the rule")
    require(4, not written_before(network, entry, motion), "returned before")
    judge_lock(network, entry, motion)


def judge_lock(network, entry, motion):
    """Clause 5: one teller does not help two versions of one slot and base."""
    unlocked = returned_by_quorums(network, entry, 2, 5, ("rejected", "inquorate"))
    if entry.body["outcome"] != "adopted":
        return
    for other in adopted_below(network, entry):
        if are_rivals(network, motion, other) and other.id not in unlocked:
            raise Void(5, "returned adopted for another version of the same slot and base")
    for other in handed_over(network, motion):
        if are_rivals(network, motion, other) and other.id not in unlocked:
            raise Void(5, "another version of the same slot and base was handed over as adopted")


def adopted_below(network, entry):
    """The motions that the author of an entry returned as adopted before it."""
    return [motion_of(network, below) for below in network.log_below(entry)
            if below.is_valid("return") and below.body["outcome"] == "adopted"]


def handed_over(network, motion):
    """Protocol 6.8: what handovers in the past of a motion hold as adopted for its slot and base; of the terms
    before, those of the latest that holds anything."""
    term = motion
    while term is not None and not is_fallback(term):
        found = [other for handover in network.group(term, 2) for other in adopted_below(network, handover)
                 if are_contenders(network, motion, other)]
        if found:
            return found
        term = decided_by(network, term, 1)
    return []


def counted(network, motion, closings):
    """The ballot that counts for each seat that has one, by the voter's key (Protocol 6.5)."""
    found = {}
    for voter in pins(network, motion).voters:
        heads = [head for closing in closings for head in closing.record.cites[1]
                 if network.entries[head].author == voter]
        ballots = {id for head in heads for id in network.path(head)
                   if is_on(network, network.entries[id], "ballot", motion)}
        ballot = counted_ballot(heads, ballots, network.path, pins(network, motion).seating.tolerated)
        if ballot is not None:
            found[voter] = ballot
    return found


def votes_of(network, ballots):
    """How many chose what."""
    choices = [network.entries[ballot].body["choice"] for ballot in ballots.values()]
    return [choices.count(choice) for choice in CHOICES]


def judge_handover(network, entry):
    require(0, len(entry.record.cites) == 1, "expected 1 group of cites")
    motion = certificate_of(network, entry, 0, 1)
    require(1, motion.body["effect"]["kind"] == "seat", "cites the certificate of no committee")
    require(2, entry.author in pins(network, motion).seating.tellers, "its author is no outgoing teller")
