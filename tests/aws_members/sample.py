"""Responses that have every member that botocore's model knows, and note which of them are taken out.

A path is that of a member in the response: ``services[].deployments[].status``; ``{}`` is the value of a map.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import botocore.session

#: How often the values are drawn anew: readers take out some members only beside certain values of others.
ROUNDS = 16
_NUMBERS = {"integer": 7, "long": 7, "float": 7.0, "double": 7.0}
#: Values of texts, by the name of the member, for readers that parse them. One of several is drawn in each round.
_TEXTS: dict[str, tuple[str, ...]] = {
    "CidrBlock": ("10.0.0.0/16",),
    "Ipv6CidrBlock": ("fd00::/56",),
    "ResourceArn": (
        "arn:aws:route53:::hostedzone/Z1",
        "arn:aws:route53resolver:eu-west-1:111122223333:resolver-rule/rslvr-rr-1",
        "arn:aws:route53resolver:eu-west-1:111122223333:firewall-rule-group/rslvr-frg-1",
    ),
    "ResourceProperties": ('{"priority": 102}',),
    "NamespaceId": ("x",),
    "IpProtocol": ("udp", "-1"),
    "NextToken": ("",),
    "nextToken": ("",),
    "Key": ("Name", "AmazonECSManaged"),
    "type": ("ElasticNetworkInterface",),
    "NextDNSName": ("z.", "zz."),
    "NextMarker": ("",),
    "Marker": ("",),
    "DNSName": ("web-1234.eu-west-1.elb.amazonaws.com",),
    "Address": ("db.abc.eu-west-1.rds.amazonaws.com",),
    "Endpoint": ("db.cluster-abc.eu-west-1.rds.amazonaws.com", "db.proxy-abc.eu-west-1.rds.amazonaws.com"),
    "reason": ("MISSING",),
}
#: Members that stand for another one: every second round is without them.
_INSTEAD = ("Ip", "HealthCheckCustomConfig", "OwningAccount", "GroupId")
#: Members of which a structure has one at most: each round has another one.
_ONE_OF = (
    "MultiValueAnswer", "Weight", "Failover", "Region", "GeoLocation", "GeoProximityLocation", "CidrRoutingConfig",
    "AZAffinity",
)  # fmt: skip


class Noted(dict[str, Any]):
    """A structure of a response. What is taken out of it is noted in ``taken`` by its path."""

    def __init__(self, members: dict[str, Any], path: str, taken: set[str]) -> None:
        super().__init__(members)
        self._path = path
        self._taken = taken

    def _note(self, key: str) -> None:
        if key in self:
            self._taken.add(f"{self._path}.{key}".removeprefix("."))

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._note(key)
        return super().get(key, default)


def response(service: str, operation: str, number: int, taken: set[str]) -> Noted:
    """Return the response of an operation in round ``number``."""
    shape = output_shape(service, operation)
    return Noted(_members(shape, "", number, taken, ()), "", taken)


@cache
def _session() -> Any:
    return botocore.session.get_session()


@cache
def output_shape(service: str, operation: str) -> Any:
    """Return the shape of an operation's response."""
    return _session().get_service_model(service).operation_model(operation).output_shape


@cache
def operation_of(service: str, method: str) -> str:
    """Return the operation of a client's method."""
    from botocore import xform_name

    names = _session().get_service_model(service).operation_names
    return next(n for n in names if xform_name(n) == method)


def operation_paths(action: str) -> dict[str, Any]:
    """Return the shape of each member of a response (``ecs:DescribeTasks``), by its path."""
    service, operation = action.split(":")
    service = {"elasticloadbalancing": "elbv2"}.get(service, service)  # as clients are called
    return dict(_paths(output_shape(service, operation), "", ()))


def _paths(shape: Any, path: str, above: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if shape.name in above:
        return
    above = (*above, shape.name)
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            inner = f"{path}.{name}".removeprefix(".")
            yield inner, member
            yield from _paths(member, inner, above)
    elif shape.type_name == "list":
        yield from _paths(shape.member, f"{path}[]", above)
    elif shape.type_name == "map":
        yield from _paths(shape.value, f"{path}{{}}", above)


def _members(shape: Any, path: str, number: int, taken: set[str], above: tuple[str, ...]) -> dict[str, Any]:
    if shape.name in above:
        return {}
    above = (*above, shape.name)
    drawn = number, taken, above
    kept = _ONE_OF[number % len(_ONE_OF)]
    names = [n for n in shape.members if number % 4 < 2 or n not in _INSTEAD or path == "SecurityGroups[]"]
    chosen = [n for n in names if "[]" not in path or n not in _ONE_OF or n == kept]
    return {n: _value(shape.members[n], n, f"{path}.{n}".removeprefix("."), drawn) for n in chosen}


def _value(shape: Any, name: str, path: str, drawn: tuple[int, set[str], tuple[str, ...]]) -> Any:
    number, taken, above = drawn
    kind = shape.type_name
    if kind == "structure":
        return Noted(_members(shape, path, number, taken, above), path, taken)
    if kind == "list":
        return [_value(shape.member, name, f"{path}[]", drawn)]
    if kind == "map":
        return {"x": _value(shape.value, name, f"{path}{{}}", drawn)}
    if kind == "boolean":
        return number % 2 == 0 or name == "MultiValueAnswer"
    if kind == "timestamp":
        return datetime(2026, 1, 2, tzinfo=UTC)
    if kind in _NUMBERS:
        return _NUMBERS[kind]
    texts = tuple(getattr(shape, "enum", ())) or _TEXTS.get(name) or ("x",)
    return texts[number % len(texts)]
