"""Cases in which one kind of fact was not seen: what is said of them may be less, and never something else for certain.

``blanks(CASE)`` yields each case with the name of what is gone: a field of a kind of objects (``ServiceTasks.stopped``), or what
one server answered to one type of query.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.dns import Probe
from sddoctor.case.host import OTHER_PLATFORM
from sddoctor.case.seen import Absent, Denied, NotAttempted, Seen

#: The kinds of facts in each part of a case, by its ``id``; a part without any is not there.
_Kinds: TypeAlias = dict[int, frozenset[str]]
_OF_AWS = Denied("a fact", "service:Operation")
_OF_HOST = NotAttempted("a fact", "nobody looked", "a look")


def blanks(case: Case) -> Iterator[tuple[str, Case]]:
    """Yield the case once for each kind of fact that was seen, or seen to be absent, in it."""
    kinds: _Kinds = {}
    for kind in sorted(_kinds_in(case.aws, kinds) | _kinds_in(case.places, kinds)):
        yield kind, _without(case, kind, kinds)


def _kinds_in(value: Any, kinds: _Kinds) -> frozenset[str]:
    """Return the kinds of the facts of a value, those within facts included, and note them for all that is in it."""
    found: set[str] = set()
    if isinstance(value, Struct):
        for field in value.__struct_fields__:
            inner = getattr(value, field)
            if _is_known(inner):
                found.add(_kind(value, field))
            found |= _kinds_in(inner, kinds)
    elif isinstance(value, tuple):
        for item in value:
            found |= _kinds_in(item, kinds)
    if found:
        kinds[id(value)] = frozenset(found)
    return frozenset(found)


def _is_known(value: Any) -> bool:
    return isinstance(value, Seen | Absent) and value != OTHER_PLATFORM


def _kind(owner: Any, field: str) -> str:
    if isinstance(owner, Probe):
        return f"Probe {owner.server} {owner.type} {owner.transport}"
    return f"{type(owner).__name__}.{field}"


def _without(case: Case, kind: str, kinds: _Kinds) -> Case:
    def changed(value: Any, unseen: Any) -> Any:
        if kind not in kinds.get(id(value), ()):
            return value
        if isinstance(value, tuple):
            return tuple(changed(v, unseen) for v in value)
        parts = {f: getattr(value, f) for f in value.__struct_fields__}
        gone = {f for f, v in parts.items() if _is_known(v) and _kind(value, f) == kind}
        return replace(value, **{f: unseen if f in gone else changed(v, unseen) for f, v in parts.items()})

    return replace(case, aws=changed(case.aws, _OF_AWS), places=changed(case.places, _OF_HOST))
