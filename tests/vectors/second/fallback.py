"""The way out of a deadlock and the generation that it begins (Protocol 6.12)."""

from .charter import distinct, require
from .pins import SEATS, Credentials, decided_by, pins


def is_fallback(motion):
    """Whether a motion seats a committee without the one in office."""
    return motion.body["effect"]["kind"] == "fallback"


def generation_of(network, motion):
    """The fallback that began the generation in which a motion is decided; None in the first."""
    seated_by = decided_by(network, motion, 1)
    while seated_by is not None and not is_fallback(seated_by):
        seated_by = decided_by(network, seated_by, 1)
    return seated_by


def named(network, generation):
    """What names a generation: a fallback that was opened twice begins one."""
    from .motions import version_of
    return generation and version_of(network, generation)


def is_of_one_generation(network, one, other):
    """Whether two motions are decided in the same generation."""
    return named(network, generation_of(network, one)) == named(network, generation_of(network, other))


def keeps(network, entry, decision):
    """Whether a decision counts in the generation of a motion: it is of that one, began it, or is listed."""
    from .motions import version_of
    begun = generation_of(network, entry)
    version = version_of(network, decision)
    listed = begun is not None and version in (version_of(network, begun), *begun.body["effect"]["stands"])
    return listed or is_of_one_generation(network, entry, decision)


def judge_fallback(network, entry, seated_by):
    """Clauses 15 to 17: who decides it, that nobody was seated before, and what stands."""
    if seated_by is None:
        wanted = {("founder", place) for place in range(len(network.founders))}
    else:
        wanted = {network.hub_of_id(voice["hub"]) for voice in seated_by.body["roll"]}
    shown, roll = Credentials(network, entry, 6), entry.body["roll"]
    for voice in roll:
        on = voice["hub"] in shown.hubs and network.hub_of_id(voice["hub"]) in wanted
        require(15, on, "a hub is not on the fallback roll, or not shown")
        require(15, shown.holds(voice["hub"], voice["voting"], "representative"), "a key that is no representative")
    hubs = [network.hub_of_id(voice["hub"]) for voice in roll]
    require(15, distinct(hubs) and distinct(voice["voting"] for voice in roll), "a hub or key twice on the roll")
    require(15, set(hubs) == wanted, "a hub of the fallback roll is missing")
    require(16, not has_successor(network, entry, seated_by), "its committee was succeeded before")
    require(17, distinct(entry.body["effect"]["stands"]), "lists a version twice")


def has_successor(network, entry, seated_by):
    """Whether q returns that seat a committee after the cited one stand in the past of a motion."""
    from .motions import base_of, version_of
    base = seated_by and version_of(network, seated_by)
    tellers = {}
    for returned in past_of(network, entry):
        if returned.is_valid("return") and returned.body["outcome"] == "adopted":
            motion = network.group(returned, 0)[0]
            if motion.body["effect"]["kind"] in SEATS and base_of(network, motion) == base:
                tellers.setdefault(motion.id, (motion, set()))[1].add(returned.author)
    return any(len(authors) >= pins(network, motion).seating.needed for motion, authors in tellers.values())


def past_of(network, entry):
    """All that an entry builds on; itself not among it."""
    waiting, seen = [entry], set()
    while waiting:
        one = waiting.pop()
        ids = {cited for group in one.record.cites for cited in group} | {one.record.prev} - {None}
        fresh = ids - {None} - seen
        seen |= fresh
        waiting += [network.entries[id] for id in fresh]
    return [network.entries[id] for id in seen]
