"""What must be said about a case that was given to us, in the case's own terms: several root causes may be acceptable.

A case is *judged* where a cause that can explain it exists. It is *located* where a parser or a cause is still to be
written: then the verdict is right, no root cause is certain that would be wrong, and the break is where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from msgspec import Struct

from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report import text
from sddoctor.report.style import Style


class Terms(Struct, frozen=True, forbid_unknown_fields=True, rename={"breaks": "break"}):
    """What a case asks for. ``first_root_cause_one_of``: ``null`` among them: none is acceptable; ``[]``: there is none.

    ``or_a_new_code_that_says`` is a cause that had no code when the case was written; whoever adds it adds its code.
    ``break`` are patterns of ``STATION SYMPTOM``, one of which the first break has; ``[]``: nothing breaks. ``says`` and
    ``says_not`` are patterns of the text report, case ignored. ``all_of`` must all be found. ``watch`` is the exit status
    of a watch, and ``scan`` the verdict of a scan with ``scan_args``. ``like`` names a case whose terms hold besides.
    """

    finding: str = ""
    like: str | None = None
    first_root_cause_one_of: tuple[str | None, ...] = ()
    or_a_new_code_that_says: str | None = None
    must_not: tuple[str, ...] = ()
    verdict_one_of: tuple[str, ...] = ("broken",)
    breaks: str | tuple[str, ...] | None = None
    says: tuple[str, ...] = ()
    says_not: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    never_certain: tuple[str, ...] = ()
    hop_not_ok: str | None = None
    no_root_cause_but_the_first: bool = False
    watch: int | None = None
    scan: str | None = None
    scan_args: tuple[str, ...] = ()


def expected_to_fail(names: Iterable[str], reasons: Mapping[str, str]) -> list[Any]:
    """Return the names as parameters of a test that must fail for those with a reason."""
    return [
        pytest.param(n, marks=pytest.mark.xfail(strict=True, reason=reasons[n])) if n in reasons else n for n in names
    ]


def shown(diagnosis: Diagnosis) -> str:
    """Return the text report on one line."""
    return " ".join(text.render([diagnosis], Style(width=200)).split())


def complaints(terms: Terms, diagnosis: Diagnosis, *, located: bool = False) -> list[str]:
    """Return what is wrong with a diagnosis, one sentence each."""
    found = [*_of_causes(terms, diagnosis, located), *_of_breaks(terms, diagnosis)]
    return found if located else [*found, *_of_words(terms, diagnosis)]


def _of_causes(terms: Terms, diagnosis: Diagnosis, located: bool) -> Iterator[str]:
    if diagnosis.verdict not in terms.verdict_one_of:
        yield f"the verdict is {diagnosis.verdict}, not {' or '.join(terms.verdict_one_of)}"
    roots = diagnosis.root_causes
    for code in sorted({*roots} & {*terms.must_not}):
        yield f"{code} is a root cause"
    certain = {f.code for f in diagnosis.findings if f.role == "root-cause" and f.certainty == "certain"}
    for code in sorted(certain & {*terms.never_certain}):
        yield f"{code} is said to be certain"
    accepted = terms.first_root_cause_one_of
    if located:
        for code in sorted(certain - {c for c in accepted if c}):
            yield f"{code} is said to be certain, where only the place is known"
        return
    first = roots[0] if roots else None
    if first not in (accepted or (None,)):
        yield f"the first root cause is {first or 'none'}, not {' or '.join(c or 'none' for c in accepted) or 'none'}"
    if terms.no_root_cause_but_the_first and len(roots) > 1:
        yield f"{', '.join(roots[1:])} are root causes as well"
    for code in sorted({*terms.all_of} - {f.code for f in diagnosis.findings}):
        yield f"{code} is not found"


def _of_breaks(terms: Terms, diagnosis: Diagnosis) -> Iterator[str]:
    """Compare the first break: where stations before it were not observed, it may be at any of those."""
    if terms.breaks is None:
        return
    accepted = (terms.breaks,) if isinstance(terms.breaks, str) else terms.breaks
    first = diagnosis.breaks[0] if diagnosis.breaks else None
    places = [f"{s} {first.symptom}" for s in first.stations] if first else []
    if bool(places) != bool(accepted) or (places and not any(re.fullmatch(a, p) for a in accepted for p in places)):
        yield f"it breaks at {' or '.join(places) or 'no station'}, not at {' or '.join(accepted) or 'any'}"


def _of_words(terms: Terms, diagnosis: Diagnosis) -> Iterator[str]:
    said = shown(diagnosis)
    for pattern in terms.says:
        if not re.search(pattern, said, re.IGNORECASE):
            yield f"it does not say {pattern!r}"
    for pattern in terms.says_not:
        if re.search(pattern, said, re.IGNORECASE):
            yield f"it says {pattern!r}"
    for hop in diagnosis.hops:
        if hop.hop == terms.hop_not_ok and hop.status in ("ok", "not-applicable", "unknown"):
            yield f"the hop {hop.hop} is {hop.status}"
