"""Orders findings: what is a root cause, what follows from it, what only contributes."""

from __future__ import annotations

from sddoctor.causes.model import HOPS, Cause, Finding, Kind
from sddoctor.diagnosis.model import RankedFinding, Role, Verdict
from sddoctor.diagnosis.precedence import LEADING, Pair, root_of

_KINDS = ("fault", "transient", "risk", "note")
_CERTAINTIES = ("certain", "likely", "hint")
_ROLES: tuple[Role, ...] = ("root-cause", "consequence", "contributing", "advice")


def rank(found: list[Pair], verdict: Verdict, symptom: frozenset[str] = frozenset()) -> tuple[RankedFinding, ...]:
    """Give every finding its role, and order them: root causes first, the most decisive one at the head.

    ``symptom``: the addresses that are wrong in the answer, where nothing else is wrong.
    """
    if verdict in ("healthy", "inconclusive"):
        role: Role = "advice" if verdict == "healthy" else "contributing"
        return _ordered([_ranked(c, f, role) for c, f in found])
    acting = [(c, f) for c, f in found if f.acts and _kind(c, f) in ("fault", "transient")]
    roots = {c.code: root_of((c, f), acting) for c, f in acting}
    sure = _certainties(found, roots)
    heads = _heads(acting, roots, sure, symptom)
    return _ordered([_ranked(c, f, *_role(c, f, roots, heads)) for c, f in found], sure)


def _certainties(found: list[Pair], roots: dict[str, str | None]) -> dict[str, int]:
    """Return how sure it is that each fault is one: as sure as the surest that it explains.

    A hint why something certainly fails says as surely as that which hop is at fault.
    """
    sure = {c.code: _CERTAINTIES.index(_certainty(c, f)) for c, f in found}
    for cause, finding in found:
        root = roots.get(cause.code) if _kind(cause, finding) == "fault" else None
        if root is not None:
            sure[root] = min(sure[root], sure[cause.code])
    return sure


def _heads(acting: list[Pair], roots: dict[str, str | None], sure: dict[str, int], symptom: frozenset[str]) -> set[str]:
    """Return the codes that nothing else explains: faults, and transients of symptoms that no fault explains."""
    heads = [(c, f) for c, f in acting if roots[c.code] is None]
    faults = [(c, f) for c, f in heads if _kind(c, f) == "fault"]
    surer = [(c, f) for c, f in faults if sure[c.code] < _CERTAINTIES.index("hint")]
    faults = surer or faults
    transients = [(c, f) for c, f in heads if _kind(c, f) == "transient" and not _is_context(f, faults, symptom)]
    return {c.code for c, _ in (*faults, *transients)}


def _is_context(finding: Finding, faults: list[Pair], symptom: frozenset[str]) -> bool:
    """Tell whether a transient explains nothing beside faults: they explain it, or it is about nothing that is wrong."""
    moving = set(finding.addresses)
    if any(not f.addresses or moving & set(f.addresses) for _, f in faults):
        return True
    return bool(faults and moving and symptom) and not moving & symptom


def _role(cause: Cause, finding: Finding, roots: dict[str, str | None], heads: set[str]) -> tuple[Role, str | None]:
    if cause.code in heads:
        return "root-cause", None
    if _kind(cause, finding) == "fault" and (root := roots.get(cause.code)):
        return "consequence", root
    if _kind(cause, finding) == "note" or not finding.acts:
        return "advice", None
    return "contributing", None


def _kind(cause: Cause, finding: Finding) -> Kind:
    return finding.kind or cause.kind


def _certainty(cause: Cause, finding: Finding) -> str:
    return finding.certainty or cause.certainty


def _ranked(cause: Cause, finding: Finding, role: Role, of: str | None = None) -> RankedFinding:
    return RankedFinding(
        code=cause.code,
        hop=cause.hop,
        kind=_kind(cause, finding),
        severity=finding.severity or cause.severity,
        certainty=finding.certainty or cause.certainty,
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
    return tuple(
        sorted(
            findings,
            key=lambda f: (
                _ROLES.index(f.role),
                _KINDS.index(f.kind),
                sure[f.code],
                HOPS.index(f.hop),
                f.code not in LEADING,
            ),
        )
    )
