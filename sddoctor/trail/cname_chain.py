"""The names that CNAME records lead a name to, as records and answers show them."""

from __future__ import annotations

from sddoctor.case.name import fold_name
from sddoctor.trail.trail import Trail, optional

#: Resolvers follow so many at most, and then give up.
_MOST = 16


def cname_chain(trail: Trail) -> tuple[str, ...]:
    """Return the name, and the names that follow it by CNAME. An alias of Route 53 is no step: it is answered with addresses."""
    steps = {s.name: s.target for s in trail.case.aws.alias if s.kind == "CNAME"}
    for record in optional(lambda: trail.cloudmap.records) or ():
        if record.type == "CNAME" and len(record.values) == 1:
            steps.setdefault(record.name, record.values[0])
    answer = optional(lambda: trail.answers.vpc(trail.rdtype))
    for rr in answer.answers if answer is not None else ():
        if rr.type == "CNAME":
            steps.setdefault(fold_name(rr.owner), fold_name(rr.data))
    names = [trail.name]
    while names[-1] in steps and len(names) <= _MOST:
        names.append(steps[names[-1]])
    return tuple(names)
