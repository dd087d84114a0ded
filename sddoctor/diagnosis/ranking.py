"""Orders findings: what is a root cause, what follows from it, what only contributes."""

from __future__ import annotations

from sddoctor.causes.model import HOPS, Finding
from sddoctor.diagnosis.model import RankedFinding, Role, Verdict
from sddoctor.diagnosis.precedence import LEADING, Found, root_of

_KINDS = ("fault", "transient", "risk", "note")
_CERTAINTIES = ("certain", "likely", "hint")
_ROLES: tuple[Role, ...] = ("root-cause", "consequence", "contributing", "advice")


def rank(found: list[Found], verdict: Verdict, symptom: frozenset[str] = frozenset()) -> tuple[RankedFinding, ...]:
    """Give every finding its role, and order them: root causes first, the most decisive one at the head.

    ``symptom``: the addresses that are wrong in the answer, where nothing else is wrong.
    """
    if verdict in ("healthy", "inconclusive"):
        role: Role = "advice" if verdict == "healthy" else "contributing"
        return _ordered([_ranked(f, role) for f in found])
    acting = [f for f in found if f.acts and f.kind in ("fault", "transient")]
    roots = {f.code: root_of(f, acting) for f in acting}
    sure = _certainties(found, roots)
    heads = _heads(acting, roots, sure, symptom)
    return _ordered([_ranked(f, *_role(f, roots, heads)) for f in found], sure)


def _certainties(found: list[Found], roots: dict[str, str | None]) -> dict[str, int]:
    """Return the certainty of each fault, by its code: as certain as the most certain fault that it explains.

    A hint why something certainly fails says as surely as that which hop is at fault.
    """
    sure = {f.code: _CERTAINTIES.index(f.certainty) for f in found}
    for one in found:
        root = roots.get(one.code) if one.kind == "fault" else None
        if root is not None:
            sure[root] = min(sure[root], sure[one.code])
    return sure


def _heads(
    acting: list[Found], roots: dict[str, str | None], sure: dict[str, int], symptom: frozenset[str]
) -> set[str]:
    """Return the codes that nothing else explains: faults, and transients of symptoms that no fault explains."""
    heads = [f for f in acting if roots[f.code] is None]
    faults = [f for f in heads if f.kind == "fault"]
    faults = [
        f for f in faults if sure[f.code] < _CERTAINTIES.index("hint") and not _is_proved_otherwise(f, faults, sure)
    ]
    transients = [f for f in heads if f.kind == "transient" and not _is_context(f.finding, faults, symptom)]
    return {f.code for f in (*faults, *transients)}


def _is_proved_otherwise(fault: Found, faults: list[Found], sure: dict[str, int]) -> bool:
    """Tell whether it only fits, and every break that it could explain has a proved cause."""
    proved = [f.breaks for f in faults if sure[f.code] == 0]
    return sure[fault.code] > 0 and bool(fault.breaks) and fault.breaks <= frozenset().union(*proved)


def _is_context(transient: Finding, faults: list[Found], symptom: frozenset[str]) -> bool:
    """Tell whether a transient explains nothing beside faults: they explain it, or it is about nothing that is wrong."""
    moving = set(transient.addresses)
    if any(not f.finding.addresses or moving & set(f.finding.addresses) for f in faults):
        return True
    return bool(faults and moving and symptom) and not moving & symptom


def _role(found: Found, roots: dict[str, str | None], heads: set[str]) -> tuple[Role, str | None]:
    if found.code in heads:
        return "root-cause", None
    if found.kind == "fault" and (root := roots.get(found.code)):
        return "consequence", root
    return ("advice" if found.kind == "note" or not found.acts else "contributing"), None


def _ranked(found: Found, role: Role, of: str | None = None) -> RankedFinding:
    cause, finding = found.cause, found.finding
    return RankedFinding(
        code=cause.code,
        hop=cause.hop,
        kind=found.kind,
        severity=found.severity,
        certainty=found.certainty,
        role=role,
        title=cause.title,
        summary=finding.summary,
        detail=finding.detail,
        evidence=finding.evidence,
        fixes=finding.fixes,
        addresses=finding.addresses,
        wait_seconds=finding.wait_seconds,
        of=of,
    )


def _ordered(findings: list[RankedFinding], sure: dict[str, int] | None = None) -> tuple[RankedFinding, ...]:
    sure = sure or {f.code: _CERTAINTIES.index(f.certainty) for f in findings}

    def key(finding: RankedFinding) -> tuple[int, int, int, int, bool]:
        role, kind = _ROLES.index(finding.role), _KINDS.index(finding.kind)
        return role, kind, sure[finding.code], HOPS.index(finding.hop), finding.code not in LEADING

    return tuple(sorted(findings, key=key))
