"""What a body of each kind holds (the CDDL of Protocol 4), field by field."""

from .fields import (array, byte_string_up_to, digest, extended, flag, key, listed, named, optional, signature,
                     signed_32, slug, some, tagged, text, unsigned, unsigned_16, unsigned_32, word)
from .pins import USUAL

ROLE = word("representative", "teller", "panelist", "officer", "node")
ROLES = listed(ROLE, 5)
OUTCOME = word("adopted", "rejected", "inquorate")
BODY = word("committee", "assembly")
SHARE = array(unsigned_32, unsigned_32)

PROFILE = named(name=text(120), slug=slug, city=text(120), country=text(2), lat=signed_32, lon=signed_32)

RULE = named(slug=slug, quorum=SHARE, quorum_counts_abstentions=flag, floor=SHARE,
             base=word("cast", "present", "roll"), approval=SHARE, at_least=flag, consent=flag,
             early_close=flag)

STAGE = named(slug=slug, title=text(120), documents=listed(slug, 32),
              reviews=listed(named(panel=slug, count=unsigned_16), 16), interview=flag,
              body=BODY, rule=slug, open_within=unsigned, wait=unsigned)

CHARTER = named(title=text(120),
                timing=named(notice=unsigned, grace=unsigned, maximum=unsigned),
                sponsorship=named(open=unsigned_16, records=unsigned),
                signing_seats=unsigned_16,
                rules=listed(RULE, 32), stages=listed(STAGE, 16),
                panels=listed(named(slug=slug, title=text(120)), 16),
                decisions=listed(named(matter=word(*USUAL), body=BODY, rule=slug), 16))

FOUNDER = named(profile=PROFILE, controller=key, recovery=digest,
                keys=listed(named(key=key, roles=ROLES, consent=signature), 64))

CHANGE = word("suspend", "reinstate", "expel", "lapse")
VOICE = named(hub=digest, voting=key)
CHAIR = named(hub=digest, voting=key, teller=key)

EFFECT = tagged(
    advance=dict(application=digest, stage=slug, open_by=unsigned),
    resolve=dict(text=text(65536)),
    appoint=dict(panel=slug, members=listed(key, 107), until=unsigned),
    amend=dict(charter=CHARTER),
    manifesto=dict(text=text(65536)),
    standing=dict(hub=digest, change=CHANGE),
    seat=dict(seats=listed(CHAIR, 31)),
    fallback=dict(seats=listed(CHAIR, 31), stands=listed(digest, 4096)),
    recover=dict(hub=digest, rotate=digest),
)

BODIES = {
    "founding": extended(dict(name=text(120), charter=CHARTER, manifesto=text(65536),
                              founders=listed(FOUNDER, 107), seats=listed(unsigned_16, 31),
                              panels=listed(named(panel=slug, members=listed(key, 107)), 16)),
                         claims=some(PROFILE, 1024)),
    "inception": named(profile=PROFILE, recovery=digest),
    "rotate": named(recovery=digest),
    "grant": named(key=key, roles=ROLES, consent=optional(signature), encryption=optional(digest)),
    "sponsor": named(controller=key, records=unsigned),
    "application": extended(dict(), claim=slug),
    "document": named(type=slug),
    "review": named(panel=slug, recommendation=word("accept", "decline", "more", "recuse"),
                    scores=listed(array(slug, unsigned_32), 32)),
    "interview": named(outcome=word("favourable", "unfavourable", "postponed")),
    "sign": named(subject=word("admission", "manifesto")),
    "profile": named(year=unsigned_16, name=text(120), city=text(120), members=unsigned_32,
                     events=unsigned_32, ventures=unsigned_32, jobs=unsigned_32),
    "motion": named(effect=EFFECT, deadline=unsigned, roll=listed(VOICE, 1024)),
    "ballot": named(choice=word("yes", "no", "abstain", "recuse", "block")),
    "closing": named(refusal=optional(word("notice", "too-long", "superseded", "withdrawn"))),
    "return": named(outcome=OUTCOME, tally=array(*[unsigned_32] * 5)),
    "handover": named(),
    "withdraw": named(),
    "erase": named(attachments=listed(digest, 64)),
    "share": named(reader=key, attachment=digest, wrapped=byte_string_up_to(1024)),
}
