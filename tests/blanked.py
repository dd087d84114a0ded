"""Cases in which one kind of fact was not seen: what is said of them may be less, and never something else for certain.

``blanks(CASE)`` yields each case with the name of what is gone: a field of a kind of objects (``ServiceTasks.stopped``), or what
one server answered to one type of query.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.dns import Probe
from sddoctor.case.host import OTHER_PLATFORM
from sddoctor.case.seen import Absent, Denied, NotAttempted, Seen

_OF_AWS = Denied("a fact", "service:Operation")
_OF_HOST = NotAttempted("a fact", "nobody looked", "a look")


def blanks(case: Case) -> Iterator[tuple[str, Case]]:
    """Yield the case once for each kind of fact that was seen, or seen to be absent, in it."""
    for kind in sorted({k for k, _ in _facts(case)}):
        yield kind, _without(case, kind)


def _facts(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every fact of a value with its kind, those within facts included."""
    if isinstance(value, Struct):
        for field in value.__struct_fields__:
            inner = getattr(value, field)
            if _is_known(inner):
                yield _kind(value, field), inner
            yield from _facts(inner)
    elif isinstance(value, tuple):
        for item in value:
            yield from _facts(item)


def _is_known(value: Any) -> bool:
    return isinstance(value, Seen | Absent) and value != OTHER_PLATFORM


def _kind(owner: Any, field: str) -> str:
    if isinstance(owner, Probe):
        return f"Probe {owner.server} {owner.type} {owner.transport}"
    return f"{type(owner).__name__}.{field}"


def _without(case: Case, kind: str) -> Case:
    def changed(value: Any, unseen: Any) -> Any:
        if isinstance(value, Struct):
            parts = {f: getattr(value, f) for f in value.__struct_fields__}
            new = {
                f: unseen if _is_known(v) and _kind(value, f) == kind else changed(v, unseen) for f, v in parts.items()
            }
            differing = {f: v for f, v in new.items() if v is not parts[f]}
            return replace(value, **differing) if differing else value
        if isinstance(value, tuple):
            items = tuple(changed(v, unseen) for v in value)
            return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
        return value

    return replace(case, aws=changed(case.aws, _OF_AWS), places=changed(case.places, _OF_HOST))
