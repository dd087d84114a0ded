"""Filling what one observation did not see from another one that did."""

from __future__ import annotations

from typing import TypeVar, cast

from msgspec import Struct, structs

from sddoctor.case.cloudmap import NamespaceView
from sddoctor.case.ecs import EcsFacts
from sddoctor.case.seen import Absent, Denied, NotAttempted, Opaque, Seen, Unreachable, is_unseen

T = TypeVar("T")


def fill(base: T, other: T) -> T:
    """Return ``base`` with every fact that it lacks taken from ``other``, if that saw it.

    What ``base`` saw stays, and so does what it knows to be absent: nothing seen is ever replaced. Facts about single
    resources (a cluster, a VPC) that only ``other`` observed are added.
    """
    return cast("T", _fill(base, other, complete=False))


def _fill(base: object, other: object, *, complete: bool) -> object:
    if isinstance(base, (Denied, Unreachable, Opaque, NotAttempted)):
        return other if isinstance(other, (Seen, Absent)) else base
    if isinstance(base, tuple) and isinstance(other, tuple):
        return _fill_list(base, other, complete=complete)
    if not isinstance(base, Struct) or type(base) is not type(other):
        return base
    complete = complete or isinstance(base, Seen)
    changed = {f: _fill(getattr(base, f), getattr(other, f), complete=complete) for f in base.__struct_fields__}
    if (
        isinstance(base, EcsFacts)
        and isinstance(other, EcsFacts)
        and isinstance(other.services, Seen)
        and is_unseen(base.services)
        and is_unseen(base.clusters)
    ):
        changed["clusters"] = other.clusters  # whoever found the service did not need to list the clusters
    return structs.replace(base, **changed)


def _fill_list(base: tuple[object, ...], other: tuple[object, ...], *, complete: bool) -> tuple[object, ...]:
    """Fill the entries that both have. ``complete``: the list is the value of a fact, so no entries are added."""
    others = {key: item for item in other if (key := _key(item)) is not None}
    own = {_key(item) for item in base}
    if len(own) < len(base) or len(others) < len(other):
        return base
    filled = [_fill(item, others.get(_key(item)), complete=complete) for item in base]
    more = [] if complete else [item for key, item in others.items() if key not in own]
    return (*filled, *more)


def _key(item: object) -> object:
    """Return what identifies an entry: the id of what was observed is the first field of nearly every structure."""
    if isinstance(item, NamespaceView):
        return item.namespace.id
    return getattr(item, item.__struct_fields__[0]) if isinstance(item, Struct) else None
