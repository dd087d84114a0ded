"""Leaving out of a case what has nothing to do with its name: other services, namespaces, zones, clusters.

Some lists hold everything of an account, because a likeness or a count in them may matter. What goes into a file that
is handed on needs only those entries that something else mentions: the rest of the case, or what is to be said of it.
VPCs stay, with their ranges: without them no address of another place can be put anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, structs

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import CloudMapService, Namespace
from sddoctor.case.ecs import EcsService, Task
from sddoctor.case.name import fold_name
from sddoctor.case.route53 import ZoneSummary
from sddoctor.case.seen import Fact, Seen
from sddoctor.case.vpc import ClientVpn, InboundEndpoint, IngressRule, NetworkInterface

T = TypeVar("T")
#: Leaves out of one list of the case what the predicate does not keep.
Filter = Callable[[Case, Callable[[object], bool]], Case]


def without_unrelated(case: Case, said: str, says_the_same: Callable[[Case], bool]) -> Case:
    """Return the case without what neither the rest of it nor ``said`` mentions.

    ``said`` is the report of the case, and ``says_the_same`` tells whether another case gives the same report: where
    it would not, the list stays as it is.
    """
    bare = _every(case, lambda _: False)
    words = frozenset(_WORDS.findall(said + msgspec.json.encode(bare).decode()))

    def keeps(item: object) -> bool:
        return not words.isdisjoint(_known_as(item)) or _is_of_name(item, case.name)

    whole = _every(case, keeps)
    if whole == case or says_the_same(whole):
        return whole
    for filtered in _FILTERS:
        fewer = filtered(case, keeps)
        if fewer != case and says_the_same(fewer):
            case = fewer
    return case


_WORDS = re.compile(r"[A-Za-z0-9_.:/-]*[A-Za-z0-9_]")


def _known_as(item: object) -> tuple[str, ...]:
    """Return the texts that mention an entry."""
    match item:
        case str():
            return item, item.rsplit("/", 1)[-1]
        case Namespace() | CloudMapService():
            return item.id, item.arn
        case EcsService():
            return item.arn, *(r.service_id for r in item.all_registries)
        case Task():
            return item.arn, item.id, *item.addresses
        case ZoneSummary():
            return (item.id,)
        case InboundEndpoint():
            return item.id, *item.addresses
        case IngressRule():
            return (item.group_id,)
        case ClientVpn():
            return item.id, *((item.vpc_id,) if item.vpc_id else ())
        case NetworkInterface():
            return (item.address,)
    raise TypeError(type(item).__name__)


def _is_of_name(item: object, name: str) -> bool:
    """Tell a namespace or zone that could hold the name."""
    if not isinstance(item, (Namespace, ZoneSummary)):
        return False
    zone = fold_name(item.name)
    return name == zone or name.endswith("." + zone)


def _fewer(fact: Fact[tuple[T, ...]], keeps: Callable[[object], bool]) -> Fact[tuple[T, ...]]:
    if not isinstance(fact, Seen):
        return fact
    return structs.replace(fact, value=tuple(item for item in fact.value if keeps(item)))


def _of(*path: str) -> Filter:
    """Return the filter of the fact at that path; a step into a tuple goes into each of its entries."""

    def filtered(case: Case, keeps: Callable[[object], bool]) -> Case:
        fewer = _at(case, path, keeps)
        assert isinstance(fewer, Case)  # noqa: S101 - the way begins at a case
        return fewer

    return filtered


def _at(value: Any, path: tuple[str, ...], keeps: Callable[[object], bool]) -> Any:
    if not path:
        return _fewer(value, keeps)
    if isinstance(value, tuple):
        return tuple(_at(item, path, keeps) for item in value)
    assert isinstance(value, Struct)  # noqa: S101 - the paths below are of structures
    return structs.replace(value, **{path[0]: _at(getattr(value, path[0]), path[1:], keeps)})


def _without_empty(case: Case, _keeps: Callable[[object], bool]) -> Case:
    """Leave out looks at a namespace or a cluster of which nothing is left."""
    cloudmap, ecs = case.aws.cloudmap, case.aws.ecs
    cloudmap = structs.replace(
        cloudmap, elsewhere=tuple(e for e in cloudmap.elsewhere if e.services.seen_or(None) != ())
    )
    ecs = structs.replace(ecs, walks=tuple(w for w in ecs.walks if w.services.seen_or(None) != ()))
    return structs.replace(case, aws=structs.replace(case.aws, cloudmap=cloudmap, ecs=ecs))


_FILTERS: tuple[Filter, ...] = (
    _of("aws", "cloudmap", "views", "services"),
    _of("aws", "cloudmap", "elsewhere", "services"),
    _of("aws", "ecs", "walks", "services"),
    _without_empty,
    _of("aws", "cloudmap", "namespaces"),
    _of("aws", "ecs", "clusters"),
    _of("aws", "ecs", "loose_tasks"),
    _of("aws", "vpc", "looks", "zones"),
    _of("aws", "vpc", "looks", "profile_zones"),
    _of("aws", "vpc", "endpoints"),
    _of("aws", "vpc", "security_groups"),
    _of("aws", "vpc", "client_vpns"),
    _of("aws", "vpc", "interfaces"),
)


def _every(case: Case, keeps: Callable[[object], bool]) -> Case:
    for filtered in _FILTERS:
        case = filtered(case, keeps)
    return case
