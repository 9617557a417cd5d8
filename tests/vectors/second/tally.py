"""Counting: a rule applied to votes (Protocol 6.2), and the ballot of a voter that counts (Protocol 6.5)."""

CHOICES = ("yes", "no", "abstain", "recuse", "block")


def at_least(share, count):
    """The least whole number that is this share of a count, or more."""
    numerator, denominator = share
    return -(-numerator * count // denominator)


def more_than(share, count):
    """The least whole number that is more than this share of a count."""
    numerator, denominator = share
    return numerator * count // denominator + 1


def decide(rule, roll, votes):
    """The outcome of votes, and each requirement as (need, have)."""
    yes, no, abstain, recuse, block = votes
    cast = yes + no + block
    remaining = max(roll - recuse, 0)
    base = {"cast": cast, "present": cast + abstain, "roll": remaining}[rule["base"]]
    taking_part = cast + abstain if rule["quorum_counts_abstentions"] else cast

    floor = at_least(rule["floor"], roll), remaining
    quorum = at_least(rule["quorum"], remaining), taking_part
    approval = (at_least if rule["at_least"] else more_than)(rule["approval"], base), yes

    def met(requirement):
        need, have = requirement
        return have >= need

    if not met(floor) or base == 0 or not met(quorum):
        outcome = "inquorate"
    elif rule["consent"] and block > 0 or not met(approval):
        outcome = "rejected"
    else:
        outcome = "adopted"
    return {"outcome": outcome, "floor": floor, "quorum": quorum, "approval": approval, "base": base}


def counted_ballot(heads, ballots, path, f):
    """The ballot of one voter that counts, or None.

    `heads` holds the ballot that each closing names, `ballots` all ballots of the motion in the voter's
    log, and `path(record)` lists a record and all that it continues, itself first.
    """
    supported = [ballot for ballot in ballots if sum(ballot in path(head) for head in heads) > f]
    leaves = [ballot for ballot in supported
              if not any(other != ballot and ballot in path(other) for other in supported)]
    if not leaves:
        return None
    return next((ballot for ballot in path(leaves[0])
                 if ballot in ballots and all(ballot in path(leaf) for leaf in leaves)), None)


def tolerated(tellers):
    """f: tellers that may lie."""
    return (tellers - 1) // 3


def needed(tellers):
    """q: tellers that make an outcome final."""
    return tellers if tellers in (2, 3) else tellers - tolerated(tellers)
