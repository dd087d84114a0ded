"""Upgrades of cases that earlier versions saved."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.dns import WHY_NOT, Probe
from sddoctor.case.seen import NoAnswer, Unreachable

_OLD_PLACE = re.compile(rb'"in_(?:aws|container)":\s*true')


def rewritten(data: bytes) -> bytes:
    """Return the JSON of a case with marks in place of the two flags that earlier versions saved of a host.

    Raises what msgspec raises for text that is no JSON.
    """
    if not _OLD_PLACE.search(data):
        return data
    seen = msgspec.json.decode(data)
    # A file holds one case, several, or the first case of a watch.
    many = seen.get("cases") if isinstance(seen, dict) else None
    cases = [seen, seen.get("first"), *(many if isinstance(many, list) else ())] if isinstance(seen, dict) else []
    for host in (h for case in cases for h in _hosts(case)):
        flags = [m for flag, m in (("in_aws", "aws"), ("in_container", "container")) if host.get(flag) is True]
        source = "a case of an earlier version"
        host["marks"] = [{"of": m, "source": source, "observed": "it said so", "forwards": False} for m in flags]
    return msgspec.json.encode(seen)


def _hosts(case: Any) -> list[dict[str, Any]]:
    """Return the hosts of a case as far as it has the form of one: whether it has is checked afterwards."""
    places = case.get("places") if isinstance(case, dict) else None
    hosts = [p.get("host") for p in places or () if isinstance(p, dict)] if isinstance(places, list) else []
    values = [h.get("value") for h in hosts if isinstance(h, dict)]
    return [v for v in values if isinstance(v, dict) and not v.get("marks")]


def upgraded(case: Case) -> Case:
    """Return the case with the kind of each missing answer, which earlier versions saved in words only."""
    places = tuple(
        structs.replace(p, dns=structs.replace(p.dns, probes=tuple(_with_kind(probe) for probe in p.dns.probes)))
        for p in case.places
    )
    return structs.replace(case, places=places)


def _with_kind(probe: Probe) -> Probe:
    outcome = probe.outcome
    if not isinstance(outcome, Unreachable) or outcome.kind is not None:
        return probe
    return structs.replace(probe, outcome=structs.replace(outcome, kind=_kind(outcome.why)))


def _kind(why: str) -> NoAnswer | None:
    return next((kind for kind, words in WHY_NOT.items() if why.startswith(words)), None)
