"""What could not be seen: every denial, silence and closed door of a Case, each said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import fields

from sddoctor.case.case import Case
from sddoctor.case.seen import Denied, Gap, Opaque, Unreachable


def of_case(case: Case) -> Iterator[Gap]:
    """Yield the gaps of AWS and of the host. That a name server did not answer is a result, not a gap."""
    yield from _walk(case.aws)
    yield from _walk(case.place.host)
    if isinstance(case.place.dns.resolvers, (Denied, Opaque, Unreachable)):
        yield case.place.dns.resolvers.gap()


def _walk(value: object) -> Iterator[Gap]:
    if isinstance(value, (Denied, Opaque, Unreachable)):
        yield value.gap()
    elif isinstance(value, Struct):
        for field in fields(value):
            yield from _walk(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _walk(item)


def distinct(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Drop repetitions: two gaps with the same reason and the same remedy are one."""
    found: dict[tuple[str, str], Gap] = {}
    for gap in gaps:
        found.setdefault((gap.why, gap.needs), gap)
    return tuple(found.values())
