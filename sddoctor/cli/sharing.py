"""What of a case goes into a file that is shared."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import msgspec

from sddoctor.bundle.plausible import why_not
from sddoctor.bundle.related import without_unrelated
from sddoctor.bundle.secrets import without_secrets
from sddoctor.case.case import Case
from sddoctor.diagnosis.diagnose import diagnose

_TRIES = 5


class NotAnonymousError(Exception):
    """No anonymous case was found that has the same diagnosis; the message is one sentence."""


def redacted(case: Case) -> Case:
    """Return the case without secrets and without what is unrelated; its diagnosis is the same."""
    case = without_secrets(case)
    diagnosis = diagnose(case)
    shown = msgspec.json.encode(diagnosis).decode()
    return without_unrelated(case, shown, lambda fewer: diagnose(fewer) == diagnosis)


def anonymous(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the cases with other names, ids and addresses, all alike, and the same diagnosis.

    They are random, and checked: what keeps an original value or changes the diagnosis is made again. Raises
    :class:`NotAnonymousError` when that does not help.
    """
    from sddoctor.bundle.anonymous.anonymise import anonymise, leaks

    wanted = [gist(case) for case in cases]
    for _ in range(_TRIES):
        made = anonymise(cases, secrets.token_bytes(32))
        readable = not any(why_not(case) for case in made.cases)
        if readable and not leaks(made) and [gist(case) for case in made.cases] == wanted:
            return made.cases
    raise NotAnonymousError(
        "Nothing was saved: no anonymous names were found with which the diagnosis stays the same; "
        "without --anonymise it can be saved."
    )


def gist(case: Case) -> object:
    """Return what has to stay the same of the diagnosis: everything but names, addresses and sentences."""
    seen = diagnose(case)
    findings = [(f.code, f.role, f.severity, f.certainty) for f in seen.findings]
    hops = [(h.hop, h.status, len(h.addresses), len(h.expected)) for h in seen.hops]
    return seen.verdict, seen.root_causes, findings, hops, len(seen.gaps)
