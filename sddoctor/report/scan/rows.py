"""The row of a name, and its form for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from sddoctor.case.seen import Gap
from sddoctor.diagnosis.model import Diagnosis, Verdict
from sddoctor.report.json_report import report_of
from sddoctor.report.outcome import FailOn

#: Worst first.
VERDICTS: tuple[Verdict, ...] = ("broken", "degraded", "inconclusive", "healthy")


class Row(Struct, frozen=True):
    """One name of a scan.

    ``unlisted``: it stands for names that could not be listed, and ``name`` is ``*`` or ``*.NAMESPACE``. ``owner`` is whose the
    name is, ``zone`` the hosted zone that has it where no namespace has. ``unseen`` says why it could not be decided,
    and ``needs`` what is missing to see more.
    ``breaks_at`` is the first break, a station and a symptom. ``problem`` and ``undecided`` are what counts for the exit status.
    """

    account: str
    region: str
    profile: str
    role: str
    namespace: str
    name: str
    verdict: Verdict
    headline: str
    root_causes: tuple[str, ...] = ()
    needs: str = ""
    unseen: str = ""
    problem: bool = False
    undecided: bool = False
    breaks_at: str = ""
    owner: str = ""
    zone: str = ""
    unlisted: bool = False

    @property
    def place(self) -> str:
        """The account and region, as far as they are known, else the credentials that were used."""
        who = self.account or self.role or self.profile
        return "/".join(part for part in (who, self.region) if part)


class Place(Struct, frozen=True):
    """Where a name is: account, region, namespace, and the credentials that were used."""

    account: str
    region: str
    profile: str
    role: str
    namespace: str
    zone: str = ""


def row_of(line: dict[str, Any], fail_on: FailOn) -> Row:
    """Return the row of a report, as :func:`line_of` made it."""
    verdict: Verdict = line["verdict"]
    warns = any(f.get("severity") in ("error", "warning") for f in line["findings"])
    problem = verdict in ("broken", "degraded") or (fail_on == "warning" and warns)
    inconclusive = verdict == "inconclusive"
    gap = line["gaps"][0] if inconclusive and line["gaps"] else {}
    return Row(
        line["account"],
        line["region"],
        line["profile"],
        line["role"],
        line["namespace"],
        line["name"],
        verdict,
        line["headline"],
        tuple(str(code) for code in line["root_causes"]),
        str(gap.get("needs", "")),
        str(gap.get("why", "")),
        problem,
        inconclusive and not problem,
        f"{line['break']['at']} {line['break']['symptom']}" if line.get("break") else "",
        str(line.get("owner") or ""),
        str(line.get("zone") or ""),
        bool(line.get("unlisted")),
    )


def missed(place: Place, gap: Gap, at: Any) -> Diagnosis:
    """Return the diagnosis of names that could not be listed: inconclusive, and why."""
    domain = place.namespace or place.zone
    headline = f"The names of {domain or 'this account and region'} could not be listed: {gap.why}."
    name = f"*.{domain}" if domain else "*"
    return Diagnosis(name=name, at=at, verdict="inconclusive", headline=headline, gaps=(gap,))


def line_of(place: Place, diagnosis: Diagnosis, *, unlisted: bool = False) -> dict[str, Any]:
    """Return the JSON report about a name, with its account, region, credentials, and namespace or zone."""
    more = {"zone": place.zone} if place.zone else {}
    return {
        "account": place.account,
        "region": place.region,
        "profile": place.profile,
        "role": place.role,
        "namespace": place.namespace,
        **more,
        **({"unlisted": True} if unlisted else {}),
        **report_of(diagnosis),
    }


def worst_first(rows: Iterable[Row]) -> list[Row]:
    """Sort rows: the worst verdict first, then by place and name."""
    return sorted(rows, key=lambda r: (VERDICTS.index(r.verdict), r.place, r.namespace or r.zone, r.name))


def has_owners(rows: Iterable[Row]) -> bool:
    """Tell whether names of hosted zones are among the rows, so that it matters whose each name is."""
    return any(r.zone for r in rows)


def summary(rows: Sequence[Row], api_only: int) -> str:
    """Say in a sentence how many names stand how."""
    names = [r for r in rows if not r.unlisted]
    unlisted = len(rows) - len(names)
    counts = Counter(r.verdict for r in names)
    parts = [f"{counts[v]} {v}" for v in reversed(VERDICTS) if counts[v]]
    text = f"{len(names)} {'name' if len(names) == 1 else 'names'}"
    text += f": {', '.join(parts)}." if parts else "."
    if unlisted:
        text += f" In {unlisted} {'place' if unlisted == 1 else 'places'} the names could not be listed."
    if api_only:
        verb = "publishes" if api_only == 1 else "publish"
        text += f" {api_only} {'service' if api_only == 1 else 'services'} {verb} nothing by DNS (see --api-only)."
    return text
