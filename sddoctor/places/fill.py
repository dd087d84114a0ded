"""Filling what one look did not see with what another one saw."""

from __future__ import annotations

from typing import TypeVar, cast

from msgspec import Struct, structs

from sddoctor.case.cloudmap import NamespaceView
from sddoctor.case.ecs import EcsFacts
from sddoctor.case.seen import Absent, Denied, NotAttempted, Opaque, Seen, Unreachable, is_unseen

T = TypeVar("T")


def fill(mine: T, other: T) -> T:
    """Return ``mine`` with every fact that it lacks taken from ``other``, if that saw it.

    What ``mine`` saw stays, and so does what it knows to be absent: nothing seen is ever replaced. Looks at single
    things (a cluster, a VPC) that only ``other`` made are added.
    """
    return cast("T", _fill(mine, other, whole=False))


def _fill(mine: object, other: object, *, whole: bool) -> object:
    if isinstance(mine, (Denied, Unreachable, Opaque, NotAttempted)):
        return other if isinstance(other, (Seen, Absent)) else mine
    if isinstance(mine, tuple) and isinstance(other, tuple):
        return _fill_list(mine, other, whole=whole)
    if not isinstance(mine, Struct) or type(mine) is not type(other):
        return mine
    whole = whole or isinstance(mine, Seen)
    changed = {f: _fill(getattr(mine, f), getattr(other, f), whole=whole) for f in mine.__struct_fields__}
    if (
        isinstance(mine, EcsFacts)
        and isinstance(other, EcsFacts)
        and isinstance(other.services, Seen)
        and is_unseen(mine.services)
        and is_unseen(mine.clusters)
    ):
        changed["clusters"] = other.clusters  # who found the service did not need to look through the clusters
    return structs.replace(mine, **changed)


def _fill_list(mine: tuple[object, ...], other: tuple[object, ...], *, whole: bool) -> tuple[object, ...]:
    """Fill the entries that both have. ``whole``: the list is a fact and so complete, and gets no further ones."""
    theirs = {key: item for item in other if (key := _key(item)) is not None}
    own = {_key(item) for item in mine}
    if len(own) < len(mine) or len(theirs) < len(other):
        return mine
    filled = [_fill(item, theirs.get(_key(item)), whole=whole) for item in mine]
    more = [] if whole else [item for key, item in theirs.items() if key not in own]
    return (*filled, *more)


def _key(item: object) -> object:
    """Return what identifies an entry: the first field of every look is the id of what was looked at."""
    if isinstance(item, NamespaceView):
        return item.namespace.id
    return getattr(item, item.__struct_fields__[0]) if isinstance(item, Struct) else None
