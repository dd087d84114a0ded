"""Removes from a case what is unrelated to its name: other services, namespaces, zones, clusters.

Some lists hold everything in an account, because similar names or counts in them may matter. A file that is passed on
needs only the entries that the rest of the case or its report mentions. VPCs stay, with their ranges: without them the
addresses of other places could not be assigned to one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, structs

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import CloudMapService, Namespace
from sddoctor.case.ecs import EcsService, Task
from sddoctor.case.name import fold_name, is_below
from sddoctor.case.route53 import ZoneSummary
from sddoctor.case.seen import Fact, Seen
from sddoctor.case.vpc import ClientVpn, InboundEndpoint, IngressRule, NetworkInterface

T = TypeVar("T")
#: Removes from one list of the case the entries that the predicate does not keep.
Filter = Callable[[Case, Callable[[object], bool]], Case]


def without_unrelated(case: Case, report: str, has_same_report: Callable[[Case], bool]) -> Case:
    """Return the case without the entries that neither the rest of it nor its ``report`` mentions.

    ``has_same_report`` tells whether another case gives the same report: where it would not, the list stays as it is.
    """
    bare = _filtered(case, lambda _: False)
    words = frozenset(_WORDS.findall(report + msgspec.json.encode(bare).decode()))

    def keeps(item: object) -> bool:
        return not words.isdisjoint(_known_as(item)) or _is_of_name(item, case.name)

    fewest = _filtered(case, keeps)
    if fewest == case or has_same_report(fewest):
        return fewest
    for filtered in _FILTERS:
        fewer = filtered(case, keeps)
        if fewer != case and has_same_report(fewer):
            case = fewer
    return case


_WORDS = re.compile(r"[A-Za-z0-9_.:/-]*[A-Za-z0-9_]")


def _known_as(item: object) -> tuple[str, ...]:
    """Return the texts by which an entry is mentioned."""
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
            return item.address, *(map(str, ip_network(item.prefix)) if item.prefix else ())
    raise TypeError(type(item).__name__)


def _is_of_name(item: object, name: str) -> bool:
    """Tell whether the item is a namespace or zone that could have the name."""
    if not isinstance(item, (Namespace, ZoneSummary)):
        return False
    return is_below(name, fold_name(item.name))


def _fewer(fact: Fact[tuple[T, ...]], keeps: Callable[[object], bool]) -> Fact[tuple[T, ...]]:
    if not isinstance(fact, Seen):
        return fact
    return structs.replace(fact, value=tuple(item for item in fact.value if keeps(item)))


def _of(*path: str) -> Filter:
    """Return the filter of the fact at that path; a step into a tuple goes into each of its entries."""

    def filtered(case: Case, keeps: Callable[[object], bool]) -> Case:
        fewer = _at(case, path, keeps)
        assert isinstance(fewer, Case)  # noqa: S101 - the path starts at a case
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
    """Remove namespaces and clusters whose services were all removed."""
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
    _of("aws", "ecs", "ended"),
    _of("aws", "vpc", "looks", "zones"),
    _of("aws", "vpc", "looks", "profile_zones"),
    _of("aws", "vpc", "endpoints"),
    _of("aws", "vpc", "security_groups"),
    _of("aws", "vpc", "client_vpns"),
    _of("aws", "vpc", "interfaces"),
)


def _filtered(case: Case, keeps: Callable[[object], bool]) -> Case:
    for filtered in _FILTERS:
        case = filtered(case, keeps)
    return case
