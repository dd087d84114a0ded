"""Healthy names that no Cloud Map service has: a record by hand, an alias of anything, a forwarded name, one of AWS's own.

Each is grafted into the healthy world of a seed, whose asker reaches the VPC resolver for everything below the namespace.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.property.sketch import Data, Sketch
from tests.property.worlds import healthy

_AWS_ZONE = "Z215JYRZR1TBD5"


def owned(seed: int) -> Sketch:
    """Draw the world of a seed, with a name in it that somebody else owns."""
    sketch = healthy(seed)
    while sketch.namespace["type"] != "DNS_PRIVATE" or sketch.opaque:
        seed += 10_000
        sketch = healthy(seed)
    _forget_what_is_of_the_service(sketch)
    draw = sketch.rng.choice(_OWNERS)
    sketch.note(draw.__name__.strip("_"))
    draw(sketch)
    return sketch


def _forget_what_is_of_the_service(sketch: Sketch) -> None:
    """Another name is asked for: what was drawn for the first is no matter of it."""
    args = sketch.data["args"]
    for option in ("--cluster", "--service"):
        if option in args:
            del args[args.index(option) : args.index(option) + 2]
    sketch.data.pop("vpc_dns", None)
    sketch.data["host"].pop("search", None)


def _ask(sketch: Sketch, name: str) -> None:
    sketch.data["name"] = name


def _zone(sketch: Sketch, records: list[Data], **more: Any) -> str:
    """Add a hosted zone below the namespace, which both VPCs see, and return its name."""
    name = f"{sketch.rng.choice(('corp', 'hand', 'x-y'))}.{sketch.namespace['name']}"
    vpcs = list(dict.fromkeys((sketch.vpc.id, sketch.client.id)))
    zone = {"id": f"Z0{sketch.hex(18).upper()}", "name": name, "vpcs": vpcs, **more}
    zone["records"] = [{**r, "name": f"{r['name']}.{name}"} for r in records]
    sketch.data["zones"].append(zone)
    return name


def _machines(sketch: Sketch, count: int) -> list[str]:
    addresses = [sketch.vpc.address() for _ in range(count)]
    sketch.data.setdefault("machines", []).extend({"address": a} for a in addresses)
    return addresses


def _by_hand(sketch: Sketch) -> None:
    values = _machines(sketch, sketch.rng.choice((1, 1, 2, 3)))
    label = sketch.rng.choice(("db", "nas.rack-1", "_x.db"))
    _ask(sketch, f"{label}.{_zone(sketch, [{'name': label, 'ttl': 60, 'values': values}])}")


def _by_policy(sketch: Sketch) -> None:
    """Several record sets of one name, of which an answer shows some."""
    values = _machines(sketch, sketch.rng.choice((2, 3)))
    policy: Callable[[int], Data] = sketch.rng.choice(
        (
            lambda _: {"multivalue": True},
            lambda n: {"weight": n + 1},
            lambda n: {"failover": ("PRIMARY", "SECONDARY", "SECONDARY")[n]},
        )
    )
    values = values[:2]
    records = [
        {"name": "db", "ttl": 60, "values": [v], "set_identifier": f"set-{n}", **policy(n)}
        for n, v in enumerate(values)
    ]
    _ask(sketch, f"db.{_zone(sketch, records)}")


def _wildcard(sketch: Sketch) -> None:
    _ask(sketch, f"anything.{_zone(sketch, [{'name': '*', 'ttl': 60, 'values': _machines(sketch, 1)}])}")


def _alias_chain(sketch: Sketch) -> None:
    """CNAMEs, one after the other, that end at an address."""
    zone = _zone(sketch, [{"name": "end", "ttl": 60, "values": _machines(sketch, 1)}])
    records, labels = sketch.data["zones"][-1]["records"], ["end"]
    for number in range(sketch.rng.randrange(1, 4)):
        label = f"step-{number}"
        records.append({"name": f"{label}.{zone}", "type": "CNAME", "ttl": 60, "values": [f"{labels[-1]}.{zone}"]})
        labels.append(label)
    _ask(sketch, f"{labels[-1]}.{zone}")


def _alias_of_the_service(sketch: Sketch) -> None:
    """A CNAME for the discovery name, where that has addresses."""
    if sketch.service["records"][0]["type"] == "SRV" or not sketch.ecs:
        _by_hand(sketch)
        return
    target = sketch.full_name
    _ask(sketch, f"shop.{_zone(sketch, [{'name': 'shop', 'type': 'CNAME', 'ttl': 60, 'values': [target]}])}")


def _let_out(sketch: Sketch) -> None:
    """A firewall that lets only the namespace through would block what lies outside, and a rule for all names forward it."""
    sketch.data["firewall"] = sketch.data["rules"] = []


def _alias_of_a_load_balancer(sketch: Sketch) -> None:
    _let_out(sketch)
    rng, region = sketch.rng, sketch.data["region"]
    kind = rng.choice(("application", "network"))
    targets = [{"id": sketch.vpc.address(), "port": 80, "state": "healthy"} for _ in range(2)]
    if rng.random() < 0.3:
        targets.append({"id": sketch.vpc.address(), "port": 80, "state": "unhealthy", "reason": "Target.Timeout"})
    number = "1203948576" if kind == "application" else "0f1e2d3c4b5a6978"
    groups = [{"name": "edge-web", "type": "ip", "port": 80, "targets": targets}]
    balancer = {
        "name": "edge",
        "id": number,
        "type": kind,
        "scheme": "internal",
        "vpc": sketch.vpc.id,
        "groups": groups,
    }
    sketch.data["load_balancers"] = [{**balancer, "addresses": [sketch.vpc.address() for _ in range(2)]}]
    middle = f"{region}.elb" if kind == "application" else f"elb.{region}"
    prefix = "internal-" if kind == "application" else ""
    target = f"{prefix}edge-{number}.{middle}.amazonaws.com"
    record: Data = {"name": "edge", "alias": {"name": target, "zone": _AWS_ZONE}}
    if rng.random() < 0.4:
        record = {"name": "edge", "type": "CNAME", "ttl": 60, "values": [target]}
    zone = _zone(sketch, [record])
    _ask(sketch, f"edge.{zone}")


def _alias_of_a_database(sketch: Sketch) -> None:
    _let_out(sketch)
    region, status = sketch.data["region"], sketch.rng.choice(("available", "available", "backing-up", "modifying"))
    instance = {"id": "ledger-1", "address": sketch.vpc.address(), "status": status}
    cluster = {"id": "ledger", "writer": "ledger-1", "readers": [], "status": status}
    sketch.data["databases"] = {"suffix": "cq7xexample1", "instances": [instance], "clusters": [cluster]}
    part = sketch.rng.choice(("ledger-1.cq7xexample1", "ledger.cluster-cq7xexample1", "ledger.cluster-ro-cq7xexample1"))
    target = f"{part}.{region}.rds.amazonaws.com"
    _ask(sketch, f"db.{_zone(sketch, [{'name': 'db', 'type': 'CNAME', 'ttl': 60, 'values': [target]}])}")


_OWNERS = (
    _by_hand,
    _by_policy,
    _wildcard,
    _alias_chain,
    _alias_of_the_service,
    _alias_of_a_load_balancer,
    _alias_of_a_database,
)
