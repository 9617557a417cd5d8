"""Whether a founding record can found a network (Protocol 5, `founding`)."""

from . import cbor, ed25519
from .blake3 import blake3

LONGEST_MS = 100 * 365 * 86_400_000
SPONSORED_RECORDS = 4096
PROSPECT_RECORDS = 3


class Void(Exception):
    """A rule that a record breaks: the clause of its kind's row, and why."""

    def __init__(self, clause, why):
        super().__init__(f"clause {clause}: {why}")
        self.clause = clause


def require(clause, holds, why):
    """Breaks the clause unless it holds."""
    if not holds:
        raise Void(clause, why)


def distinct(items):
    """Whether nothing stands twice."""
    items = list(items)
    return len(set(items)) == len(items)


def judge_charter(charter):
    """Clause 2: every vote can be held, every stage can be reached."""
    timing, sponsorship = charter["timing"], charter["sponsorship"]
    require(2, timing["notice"] > 0 and timing["grace"] > 0, "no notice or no grace")
    require(2, timing["maximum"] >= timing["notice"], "no deadline is allowed")
    stages = charter["stages"]
    durations = [*timing.values()] + [stage[name] for stage in stages for name in ("open_within", "wait")]
    require(2, max(durations) <= LONGEST_MS, "a time beyond 100 years")
    documents = {document for stage in stages for document in stage["documents"]}
    require(2, sponsorship["open"] > 0, "nobody may be sponsored")
    require(2, PROSPECT_RECORDS + len(documents) <= sponsorship["records"] <= SPONSORED_RECORDS,
            "a prospect's records are too few or too many")
    require(2, charter["signing_seats"] > 0, "nobody signs an admission")
    for name in ("rules", "stages", "panels"):
        require(2, distinct(each["slug"] for each in charter[name]), f"a name among the {name} stands twice")
    for rule in charter["rules"]:
        judge_rule(rule)
    require(2, stages, "there is no stage")
    rules = {rule["slug"] for rule in charter["rules"]}
    panels = {panel["slug"] for panel in charter["panels"]}
    for stage in stages:
        asked = [review["panel"] for review in stage["reviews"]]
        require(2, distinct(stage["documents"]) and distinct(asked), "a stage asks for something twice")
        require(2, panels.issuperset(asked), "a stage asks a panel that is not there")
        require(2, all(review["count"] > 0 for review in stage["reviews"]), "a stage asks for no review")
        require(2, stage["rule"] in rules, "a stage has a rule that is not there")
    decisions = charter["decisions"]
    require(2, distinct(decision["matter"] for decision in decisions), "a matter stands twice")
    for decision in decisions:
        require(2, decision["rule"] in rules, "a decision has a rule that is not there")
        require(2, decision["body"] == "assembly" or decision["matter"] not in ("seat", "amend", "manifesto"),
                "a matter that is the assembly's")


def judge_rule(rule):
    """A share is no more than all, and what approves is neither nothing nor more than all."""
    for name in ("quorum", "floor", "approval"):
        numerator, denominator = rule[name]
        require(2, denominator > 0 and numerator <= denominator, f"an impossible {name}")
    numerator, denominator = rule["approval"]
    possible = numerator > 0 if rule["at_least"] else numerator < denominator
    require(2, possible, "an impossible approval")


def judge_founding(record, body):
    """The rules of `founding`."""
    require(0, not record.cites, "cites something")
    require(1, record.seq == 0 and record.network is None, "not at the beginning")
    judge_charter(body["charter"])
    founders, seats, panels = body["founders"], body["seats"], body["panels"]
    require(3, founders and distinct(founder["profile"]["slug"] for founder in founders), "slugs are not distinct")
    keys = [founder["controller"] for founder in founders] + [record.author]
    keys += [granted["key"] for founder in founders for granted in founder["keys"]]
    require(3, distinct(keys), "keys are not distinct")
    for founder in founders:
        judge_founder(founder)
    require(6, seats and distinct(seats) and max(seats) < len(founders), "seats are not distinct founders")
    require(6, body["charter"]["signing_seats"] <= len(seats), "more seats must sign than there are")
    named = [panel["panel"] for panel in panels]
    known = {panel["slug"] for panel in body["charter"]["panels"]}
    require(7, distinct(named) and known.issuperset(named), "panels are not the charter's")
    panelists = {granted["key"] for founder in founders for granted in founder["keys"]
                 if "panelist" in granted["roles"]}
    for panel in panels:
        require(7, distinct(panel["members"]) and panelists.issuperset(panel["members"]),
                "a panel's members are not distinct panelists")
    claims = body["claims"] or []
    for claim in claims:
        judge_profile_facts(8, claim)
    slugs = [profile["slug"] for profile in claims + [founder["profile"] for founder in founders]]
    require(8, distinct(slugs), "a claim is a founder's, or stands twice")


def judge_founder(founder):
    """Clauses 4 and 5: its facts, its keys and their consents."""
    judge_profile_facts(4, founder["profile"])
    for role in ("representative", "teller"):
        require(4, sum(role in granted["roles"] for granted in founder["keys"]) == 1, f"not exactly one {role}")
    for granted in founder["keys"]:
        judge_roles(4, granted["roles"])
        require(4, granted["roles"], "a key without a role")
        require(5, consented(None, founder["controller"], granted), "a key did not consent")


def judge_profile_facts(clause, profile):
    """What the types of the fields do not say: the country's letters, and coordinates on Earth."""
    country = profile["country"]
    require(clause, len(country) == 2 and country.isascii() and country.isupper() and country.isalpha(),
            "no country")
    require(clause, abs(profile["lat"]) <= 9_000_000 and abs(profile["lon"]) <= 18_000_000, "not on Earth")


def judge_roles(clause, roles):
    """Each role once; the key of a teller or node has no other."""
    require(clause, distinct(roles), "a role stands twice")
    require(clause, len(roles) == 1 or not {"teller", "node"} & set(roles), "roles that do not go together")


def consented(network, controller, granted):
    """Whether a key signed that it takes its roles (Protocol 4)."""
    return ed25519.verify(granted["key"], consent_message(network, controller, granted["key"], granted["roles"]),
                          granted["consent"])


def consent_message(network, controller, key, roles):
    """What a key signs to take roles."""
    return b"cohub consent v1\n" + (network or bytes(32)) + controller + key + cbor.encode(roles)


def recovery_hash(key):
    """The commitment to a key that may rotate."""
    return blake3(b"cohub recovery v1\n" + key)
