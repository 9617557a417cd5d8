"""The rules of each kind (Protocol 5), clause by clause. Each reads a record and what it builds on."""

from .charter import Void, consented, distinct, judge_profile_facts, judge_roles, recovery_hash, require
from .motions import (admits, application_of, certificate_of, judge_ballot, judge_closing, judge_handover,
                      judge_motion, judge_return)
from .pins import decided_by, seating_of


def judge(network, entry):
    """Judges a record of a known kind whose cites are all valid."""
    RULES[entry.kind](network, entry)


def groups(entry, count):
    """Every kind has as many groups of cites as its row has terms."""
    require(0, len(entry.record.cites) == count, f"expected {count} groups of cites")


def only(network, entry, place, clause):
    """The one record of a group."""
    found = network.group(entry, place)
    require(clause, len(found) == 1, f"group {place} cites exactly one record")
    return found[0]


def at_most_one(network, entry, place, clause):
    """The record of a group, or None."""
    found = network.group(entry, place)
    require(clause, len(found) <= 1, f"group {place} cites at most one record")
    return found[0] if found else None


def controller(network, entry, place, clause):
    """The author's own inception or rotate."""
    found = only(network, entry, place, clause)
    own = found.kind in ("inception", "rotate") and found.author == entry.author
    require(clause, own, "not the author's own inception or rotate")
    return found


def granted(network, entry, place, clause, *roles):
    """The hub for which the cited grant gives the author one of the roles."""
    found = network.granted(only(network, entry, place, clause), entry.author)
    require(clause, found and set(found[1]) & set(roles), f"no {' or '.join(roles)} by the cited grant")
    return found[0]


def judge_second_founding(network, entry):
    raise Void(1, "a network has one founding record")


def judge_inception(network, entry):
    groups(entry, 1)
    require(1, entry.record.seq == 0, "not at seq 0")
    require(2, only(network, entry, 0, 2) is network.founding, "does not cite the founding record")
    judge_profile_facts(3, entry.body["profile"])
    place = network.founder_controlled_by(entry.author)
    if place is not None:
        founder = network.founders[place]
        same = all(founder[name] == entry.body[name] for name in ("profile", "recovery"))
        require(3, same, "not what the founding record says of it")
    require(4, network.founder_of(entry.author) is None, "another key of the founding record")


def judge_rotate(network, entry):
    groups(entry, 2)
    require(1, entry.record.seq == 0, "not at seq 0")
    before = only(network, entry, 0, 2)
    require(2, before.kind in ("inception", "rotate"), "cites neither inception nor rotate")
    require(2, only(network, entry, 1, 2).author == before.author, "the last record is of another log")
    require(3, recovery_hash(entry.author) == before.body["recovery"], "not the key committed to")


def judge_grant(network, entry):
    groups(entry, 2)
    own = controller(network, entry, 0, 1)
    body = entry.body
    require(2, body["key"] != entry.author, "a controller grants itself nothing")
    judge_roles(2, body["roles"])
    last = at_most_one(network, entry, 1, 4)
    if not body["roles"]:
        require(4, body["consent"] is None, "a revocation carries no consent")
        require(4, gave_before(network, entry, own, body["key"]), "the hub granted this key nothing")
        require(4, last is None or last.author == body["key"], "the last record is of another key")
        return
    require(4, last is None, "only a revocation names a last record")
    require(3, body["consent"] and consented(network.id, entry.author, body), "the key did not consent")


def gave_before(network, entry, own, key):
    """Whether the hub granted something to a key in the past of this record: in the founding record, in
    the author's log, or in what counts of the logs of the controllers before it."""
    hub = network.hub_of(own)
    if hub[0] == "founder" and any(granted["key"] == key for granted in network.founders[hub[1]]["keys"]):
        return True
    past = network.log_below(entry)
    while own.kind == "rotate":
        before, last = network.group(own, 0)[0], network.group(own, 1)[0]
        past += [last, *network.log_below(last)]
        own = before
    return any(below.is_valid("grant") and below.body["key"] == key
               and network.hub_of(network.group(below, 0)[0]) == hub for below in past)


def judge_sponsor(network, entry):
    groups(entry, 2)
    hub = granted(network, entry, 0, 1, "representative")
    if network.founding in network.group(entry, 1)[:1]:
        only(network, entry, 1, 2)
        require(2, hub[0] == "founder", "its hub is no founder")
    else:
        require(2, admits(network, certificate_of(network, entry, 1, 2)) == hub, "not the admission of its hub")
    require(3, 1 <= entry.body["records"] <= 4096, "grants 1 to 4,096 records")


def judge_application(network, entry):
    groups(entry, 2)
    own = controller(network, entry, 0, 1)
    sponsor = only(network, entry, 1, 2)
    first = network.inception_of(own)
    named = sponsor.kind == "sponsor" and first is not None and sponsor.body["controller"] == first.author
    require(2, named, "the sponsor names another controller")
    claim = entry.body["claim"]
    if claim is not None:
        claims = network.founding.body["claims"] or []
        require(3, any(each["slug"] == claim for each in claims), "the founding record has no such claim")
        require(3, first.body["profile"]["slug"] == claim, "another hub's claim")


def judge_document(network, entry):
    groups(entry, 2)
    cited = network.group(entry, 0)
    require(1, cited and cited[0].kind == "application", "does not cite its application")
    application, applicant = cited[0], cited[0].author
    if len(cited) > 1:
        require(1, len(cited) == 2 and cited[1].kind == "rotate", "cites something beside a rotate")
        own = network.hub_of(network.group(application, 0)[0])
        require(1, network.hub_of(cited[1]) == own, "the rotate is another hub's")
        applicant = cited[1].author
    require(1, entry.author == applicant, "its author is not the applicant")
    require(2, len(entry.record.attachments) == 1, "not exactly one attachment")
    before = at_most_one(network, entry, 1, 3)
    if before is not None:
        same = before.kind == "document" and before.body["type"] == entry.body["type"]
        require(3, same and application_of(network, before) is application, "supersedes something else")


def judge_review(network, entry):
    groups(entry, 5)
    granted(network, entry, 0, 1, "panelist")
    panel = entry.body["panel"]
    appointed = appointment(network, entry, 2)
    if appointed is None:
        seated = network.is_panelist(entry.author, panel)
    else:
        seated = appointed["kind"] == "appoint" and appointed["panel"] == panel \
            and entry.author in appointed["members"]
    require(2, seated, "its author does not sit on the panel")
    application = dossier(network, entry, 3)
    for summed in network.group(entry, 4):
        same = summed.kind == "review" and summed.body["panel"] == panel
        require(4, same and application_of(network, summed) is application, "sums up something else")


def judge_interview(network, entry):
    groups(entry, 4)
    granted(network, entry, 0, 1, "panelist", "representative")
    appointed = appointment(network, entry, 1)
    if appointed is None:
        seated = network.is_panelist(entry.author) or has_seat(network, entry)
    elif appointed["kind"] == "appoint":
        seated = entry.author in appointed["members"]
    else:
        seated = appointed["kind"] == "seat" and has_seat(network, entry)
    require(1, seated, "its author sits neither on a panel nor on the committee")
    dossier(network, entry, 2)


def appointment(network, entry, clause):
    """The effect by which an author sits where it says; None where that is the founding record."""
    if decided_by(network, entry, 1) is not None:
        return certificate_of(network, entry, 1, clause).body["effect"]
    require(clause, only(network, entry, 1, clause) is network.founding, "cites no appointment or seating")
    return None


def has_seat(network, entry):
    """Whether the author votes for a seat of the committee that it cites."""
    seating = seating_of(network, entry, 1)
    return seating is not None and entry.author in seating.voters


def dossier(network, entry, clause):
    """The application of a review or interview, whose documents are of that application."""
    application = only(network, entry, 2, clause)
    require(clause, application.kind == "application", "cites no application")
    for document in network.group(entry, 3):
        own = document.kind == "document" and application_of(network, document) is application
        require(clause, own, "cites a document of another application")
    return application


def judge_sign(network, entry):
    groups(entry, 2)
    if entry.body["subject"] == "manifesto":
        if decided_by(network, entry, 0) is not None:
            motion = certificate_of(network, entry, 0, 1)
            require(1, motion.body["effect"]["kind"] == "manifesto", "the certificate of no manifesto")
        else:
            require(1, only(network, entry, 0, 1) is network.founding, "does not cite a manifesto")
        controller(network, entry, 1, 2)
        return
    admitted = admits(network, certificate_of(network, entry, 0, 1))
    require(1, admitted is not None, "does not cite the certificate of an admission")
    if decided_by(network, entry, 1) is not None:
        seats = certificate_of(network, entry, 1, 2).body["effect"]["kind"] == "seat"
        require(2, seats and has_seat(network, entry), "its author has no seat")
        return
    standing = only(network, entry, 1, 2)
    if standing is network.founding:
        require(2, has_seat(network, entry), "its author has no seat")
        return
    controller(network, entry, 1, 2)
    require(2, network.hub_of(standing) == admitted, "its author controls another hub")


def judge_profile(network, entry):
    groups(entry, 1)
    controller(network, entry, 0, 1)
    require(2, 1900 <= entry.body["year"] <= 9999, "a year from 1900 to 9999")


def judge_withdraw(network, entry):
    groups(entry, 3)
    subject = only(network, entry, 0, 1)
    standing = at_most_one(network, entry, 1, 2)
    require(1, subject.kind in ("application", "motion", "inception", "rotate"), "nothing that can be withdrawn")
    if subject.kind == "application" and standing is not None:
        hub = network.hub_of(network.group(subject, 0)[0])
        require(2, standing.kind == "rotate" and network.hub_of(standing) == hub, "another hub's rotate")
        require(2, entry.author == standing.author, "its author is not the applicant")
    else:
        require(2, entry.author == subject.author and standing is None, "not its author's own")
    last = network.group(entry, 2)
    if subject.kind in ("application", "motion"):
        require(3, not last, "only an exit ends logs")
        return
    for ended in last:
        own = ended.author != entry.author and gave_before(network, entry, subject, ended.author)
        require(3, own, "ends the log of a key that the hub never granted")


def judge_erase(network, entry):
    groups(entry, 2)
    subject = only(network, entry, 0, 1)
    named, described = entry.body["attachments"], {descriptor[0] for descriptor in subject.record.attachments}
    require(1, named and distinct(named) and described.issuperset(named), "erases what the record does not attach")
    standing = network.group(entry, 1)
    if not standing:
        require(2, entry.author == subject.author, "its author did not attach it")
    elif standing[0].kind == "return":
        motion = certificate_of(network, entry, 1, 3)
        about = motion.body["effect"]["kind"] == "resolve" and subject.id in motion.record.cites[5]
        require(3, about, "the decision is not about the record")
        require(3, entry.author in seating_of(network, motion, 1).voters, "its author has no seat")
    else:
        own = controller(network, entry, 1, 2)
        controllers = {own.author}
        before = own
        while before.kind == "rotate":
            before = network.group(before, 0)[0]
            controllers.add(before.author)
        by_hub = subject.author in controllers or gave_before(network, entry, own, subject.author)
        require(2, by_hub, "another hub attached it")


def judge_share(network, entry):
    groups(entry, 4)
    subject, body = only(network, entry, 0, 1), entry.body
    sealed = any(descriptor[0] == body["attachment"] and descriptor[2] == "sealed"
                 for descriptor in subject.record.attachments)
    require(1, sealed, "no such sealed attachment")
    given = network.granted(only(network, entry, 1, 2), body["reader"])
    require(2, given and set(given[1]) - {"teller", "node"}, "the grant makes the reader nobody who reads")
    by = at_most_one(network, entry, 2, 3)
    if by is None:
        require(3, entry.author == subject.author, "its author did not attach it")
    else:
        own = by.kind == "share" and network.group(by, 0) == [subject] and \
            (by.body["reader"], by.body["attachment"]) == (entry.author, body["attachment"])
        require(3, own, "its author is no reader by the cited share")
    application = application_of(network, subject)
    for said in network.group(entry, 3):
        about = application is not None and spoken_of(network, said) is application
        require(4, about and said.author == body["reader"], "not what the reader said of it")
        recused = said.body["recommendation" if said.kind == "review" else "choice"] == "recuse"
        require(4, not recused, "the reader recused")


def spoken_of(network, said):
    """The application that a review or a ballot is about."""
    if said.kind == "review":
        return application_of(network, said)
    if said.kind != "ballot":
        return None
    effect = network.group(said, 0)[0].body["effect"]
    return network.entries.get(effect["application"]) if effect["kind"] == "advance" else None


RULES = {
    "founding": judge_second_founding,
    "inception": judge_inception,
    "rotate": judge_rotate,
    "grant": judge_grant,
    "sponsor": judge_sponsor,
    "application": judge_application,
    "document": judge_document,
    "review": judge_review,
    "interview": judge_interview,
    "sign": judge_sign,
    "profile": judge_profile,
    "motion": judge_motion,
    "ballot": judge_ballot,
    "closing": judge_closing,
    "return": judge_return,
    "handover": judge_handover,
    "withdraw": judge_withdraw,
    "erase": judge_erase,
    "share": judge_share,
}
