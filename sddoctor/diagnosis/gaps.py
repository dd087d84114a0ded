"""What could not be seen in a Case: every denial, timeout and unreachable part, each once."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct

from sddoctor.case.case import Case
from sddoctor.case.seen import Denied, Gap, Opaque, Seen, Unreachable
from sddoctor.text.words import listed
from sddoctor.trail.trail import Trail


def of_case(case: Case) -> Iterator[Gap]:
    """Yield the gaps of AWS and of the host, and of servers that sent something else than an answer.

    That a name server is silent is a result, not a gap.
    """
    yield from _walk(case.aws)
    yield from _walk(case.place.host)
    if isinstance(case.place.dns.resolvers, (Denied, Opaque, Unreachable)):
        yield case.place.dns.resolvers.gap()
    for probe in case.place.dns.probes:
        if probe.garbled and isinstance(probe.outcome, Unreachable):
            yield probe.outcome.gap()


def of_rivals(trail: Trail) -> Gap | None:
    """Say that several namespaces of one name have the service, where nothing shows which one the client should see."""
    if not trail.rivals:
        return None
    ids = listed(v.namespace.id for v in trail.rivals)
    why = f"{ids} have the service, and nothing shows which one this host should see"
    return Gap(f"which namespace {trail.rivals[0].namespace.name} is meant", why, "--client-vpc, or --nameserver")


def _walk(value: object) -> Iterator[Gap]:
    if isinstance(value, (Denied, Opaque, Unreachable)):
        yield value.gap()
    elif isinstance(value, Seen):
        if (gap := value.gap_of_unread()) is not None:
            yield gap
        yield from _walk(value.value)
    elif isinstance(value, Struct):
        if _may_hold_facts(type(value)):
            for field in value.__struct_fields__:
                yield from _walk(getattr(value, field))
    elif isinstance(value, tuple):
        for item in value:
            yield from _walk(item)


@cache
def _may_hold_facts(kind: type[Struct]) -> bool:
    """Tell whether a fact may be in a structure, by its annotations: most of a large case is lists without any."""
    if kind.__struct_config__.tag_field == "seen":
        return True
    known = vars(sys.modules[kind.__module__])
    for base in kind.__mro__:
        for annotation in vars(base).get("__annotations__", {}).values():
            for word in re.findall(r"\w+", str(annotation)):
                inner = known.get(word)
                if word == "Fact" or (
                    isinstance(inner, type)
                    and issubclass(inner, Struct)
                    and inner is not kind
                    and _may_hold_facts(inner)
                ):
                    return True
    return False


def distinct(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Drop repetitions: two gaps with the same reason and the same remedy are one."""
    found: dict[tuple[str, str], Gap] = {}
    for gap in gaps:
        found.setdefault((gap.why, gap.needs), gap)
    return tuple(found.values())
