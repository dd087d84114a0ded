"""What else is in a healthy account, and does not concern the name although it looks as if it did."""

from __future__ import annotations

from collections.abc import Callable

from tests.property.sketch import Sketch


def draw_surroundings(sketch: Sketch) -> None:
    """Draw each kind of neighbour, or not."""
    for draw in _KINDS:
        if sketch.chance(0.3):
            sketch.note(draw.__name__.strip("_"))
            draw(sketch)


def _others(sketch: Sketch) -> list[str]:
    """Return the VPCs that the name has nothing to do with."""
    with_zone = {sketch.vpc.id, sketch.client.id, *sketch.namespace.get("vpcs", ())}
    return [v["id"] for v in sketch.data["vpcs"] if v["id"] not in with_zone]


def _zones(sketch: Sketch) -> None:
    """Other zones: of the same name elsewhere, above, beside, below another name."""
    name = sketch.namespace["name"]
    here, others = [sketch.vpc.id, sketch.client.id], _others(sketch)
    parent = name.split(".", 1)[1]
    choices = [
        {"name": "other.test", "vpcs": here, "records": [{"name": "api.other.test", "values": ["10.9.9.9"]}]},
        {"name": parent, "vpcs": here, "records": [{"name": f"*.{parent}", "values": ["10.9.9.10"]}]},
        {"name": f"zzz.{name}", "vpcs": here},
        {"name": name.replace(".", "-") + ".test", "vpcs": here},
        {
            "name": "dev.example.com",
            "private": False,
            "records": [{"name": "www.dev.example.com", "values": ["192.0.2.9"]}],
        },
    ]
    if others:
        choices.append({"name": name, "vpcs": others[:1]})
        choices.append({"name": sketch.full_name.lower(), "vpcs": others[:1]})
    for zone in sketch.rng.sample(choices, sketch.rng.randrange(1, len(choices) + 1)):
        zone["vpcs"] = sorted(set(zone.get("vpcs", ())))
        sketch.data["zones"].append({"id": f"Z0{sketch.hex(18).upper()}", **zone})


def _rules(sketch: Sketch) -> None:
    """Rules that forward other names, that are less specific, that take the name back, or that act elsewhere."""
    name = sketch.namespace["name"]
    here, others = sorted({sketch.vpc.id, sketch.client.id}), _others(sketch)
    target = {"targets": ["10.250.0.53:53"]}
    choices = [
        {"domain": "corp.example.com", "vpcs": here, **target},
        {"domain": ".", "vpcs": here, **target},
        {"domain": name.split(".", 1)[1], "vpcs": here, **target},
        {"domain": f"zzz.{name}", "vpcs": here, **target},
        {"domain": name, "type": "SYSTEM", "vpcs": here},
        {"domain": ".", "type": "RECURSIVE", "vpcs": here, "name": "Internet Resolver"},
        {"domain": name, "vpcs": [], **target},
    ]
    if others:
        choices.append({"domain": name, "vpcs": others[:1], **target})
    for number, rule in enumerate(sketch.rng.sample(choices, sketch.rng.randrange(1, 4))):
        if rule["domain"] == "." and sketch.namespace["type"] == "DNS_PUBLIC":
            continue
        sketch.data["rules"].append({"id": f"rslvr-rr-{number}{sketch.hex(16)}", **rule})


def _firewalls(sketch: Sketch) -> None:
    """Firewall groups that block others, only watch, allow first, ask for other types, or act elsewhere."""
    name, full = sketch.namespace["name"], sketch.full_name.lower()
    here, others = sorted({sketch.vpc.id, sketch.client.id}), _others(sketch)
    choices = [
        [{"name": "malware", "priority": 1, "domains": ["evil.test", "*.evil.test"]}],
        [{"name": "watch", "priority": 1, "domains": [f"*.{name}"], "action": "ALERT"}],
        [
            {
                "name": "ours",
                "priority": 1,
                "domains": [f"*.{name}", name],
                "action": "ALLOW",
                "list_id": "rslvr-fdl-ours",
            },
            {"name": "walled", "priority": 2, "domains": ["*"], "list_id": "rslvr-fdl-all"},
        ],
        [{"name": "managed", "priority": 1, "managed": True, "list_id": "rslvr-fdl-managed"}],
        [{"name": "mail", "priority": 1, "domains": [full], "qtype": "MX", "list_id": "rslvr-fdl-mail"}],
        [{"name": "apex", "priority": 1, "domains": [name], "list_id": "rslvr-fdl-apex"}],
    ]
    number = sketch.rng.randrange(len(choices))
    group = {"id": f"rslvr-frg-{sketch.hex(16)}", "vpcs": here, "rules": choices[number]}
    sketch.data["firewall"].append(group)
    if others:
        block = {"name": "elsewhere", "priority": 1, "domains": [f"*.{name}"], "list_id": "rslvr-fdl-elsewhere"}
        sketch.data["firewall"].append({"id": f"rslvr-frg-{sketch.hex(16)}", "vpcs": others[:1], "rules": [block]})


def _profile(sketch: Sketch) -> None:
    """A Profile of the VPC that brings an unrelated zone."""
    zone = f"Z0{sketch.hex(18).upper()}"
    sketch.data["zones"].append({"id": zone, "name": "shared.test", "vpcs": []})
    profile = {"id": f"rp-{sketch.hex(15)}", "zones": [zone]}
    sketch.data["profiles"].append(profile)
    for vpc in sketch.data["vpcs"]:
        if vpc["id"] in (sketch.vpc.id, sketch.client.id):
            vpc["profiles"] = [*vpc.get("profiles", ()), profile["id"]]


def _http_twin(sketch: Sketch) -> None:
    """An HTTP namespace of the same name, perhaps with a service of the same name: App Mesh and Service Connect do so."""
    services = [{"id": f"srv-{sketch.hex(16)}", "name": sketch.service["name"], "records": [], "health": "none"}]
    sketch.data["namespaces"].append(
        {
            "id": f"ns-{sketch.hex(16)}",
            "name": sketch.namespace["name"],
            "type": "HTTP",
            "http_name": f"{sketch.namespace['name']}-{sketch.hex(7)}",
            "services": services if sketch.chance(0.5) else [],
        }
    )


def _dns_twin(sketch: Sketch) -> None:
    """A namespace of the same name for another VPC, as a second stage has it, with the same service in it."""
    others = _others(sketch)
    if not others or sketch.namespace["type"] != "DNS_PRIVATE":
        return
    other = sketch.rng.choice(others)
    for zone in sketch.data["zones"]:  # one of the very name would take it away from the twin
        if zone["name"] == sketch.full_name.lower():
            zone["vpcs"] = [v for v in zone["vpcs"] if v != other]
    service_id = f"srv-{sketch.hex(16)}"
    base = next(v for v in sketch.data["vpcs"] if v["id"] == other)["cidr"].rsplit(".", 1)[0]
    sketch.data["namespaces"].append(
        {
            "id": f"ns-{sketch.hex(16)}",
            "name": sketch.namespace["name"],
            "zone": f"Z0{sketch.hex(18).upper()}",
            "vpcs": [other],
            "http_name": f"{sketch.namespace['name']}-{sketch.hex(7)}",
            "services": [{"id": service_id, "name": sketch.service["name"]}],
        }
    )
    sketch.data["task_definitions"].append({"family": "twin", "containers": [{"name": "app", "port": 8080}]})
    sketch.data["clusters"].append(
        {
            "name": "twin-stage",
            "services": [
                {
                    "name": sketch.ecs.get("name", "api"),
                    "task_definition": "twin",
                    "registries": [{"service": service_id}],
                    "tasks": [{"id": sketch.hex(32), "address": f"{base}.{n}"} for n in (40, 41)],
                }
            ],
        }
    )


def _services(sketch: Sketch) -> None:
    """Other ECS services in the same and in another cluster: some sound, some ill, one of a resembling name."""
    sketch.data["task_definitions"].append({"family": "worker", "containers": [{"name": "worker"}]})
    worker = {"name": "worker", "task_definition": "worker", "tasks": [{"id": sketch.hex(32), "address": "10.254.0.9"}]}
    idle = {"name": f"{sketch.service['name'].strip('_.')[:20]}-old", "task_definition": "worker", "desired": 0}
    ill = {
        "name": "batch",
        "task_definition": "worker",
        "desired": 2,
        "deployments": [{"created_ago": 9000, "rollout_state": "IN_PROGRESS", "failed": 9}],
        "events": [{"message": "(service batch) is unable to consistently start tasks successfully.", "ago": 90}],
    }
    neighbours = [worker, idle, ill]
    sketch.rng.shuffle(neighbours)
    if sketch.cluster:
        sketch.cluster["services"] = sketch.rng.sample([*sketch.cluster["services"], worker], 2)
        neighbours.remove(worker)
    sketch.data["clusters"].append({"name": "others", "services": neighbours})
    for number in range(sketch.rng.choice((0, 0, 3, 12))):
        sketch.data["clusters"].append({"name": f"empty-{number}"})


def _loose_tasks(sketch: Sketch) -> None:
    """Tasks outside any service, one of the very family."""
    family = sketch.ecs.get("task_definition", "one-off")
    task = {
        "id": sketch.hex(32),
        "address": sketch.vpc.address(),
        "task_definition": family,
        "group": f"family:{family}",
    }
    if sketch.cluster and sketch.mode == "awsvpc":
        sketch.cluster["tasks"] = [{**task, "started_by": "deployer"}]


def _neighbour_names(sketch: Sketch) -> None:
    """Other Cloud Map services of the namespace, of names that resemble."""
    stem = sketch.service["name"].strip("_.") or "x"
    for name in sketch.rng.sample((f"{stem}-v2", stem[:-1] or "y", f"x-{stem}", "db", "cache"), 3):
        if name.lower() == sketch.service["name"].lower():
            continue
        sketch.namespace["services"].append({"id": f"srv-{sketch.hex(16)}", "name": name, "health": "none"})


def _service_connect(sketch: Sketch) -> None:
    """Service Connect beside service discovery: an endpoint of its own name, registered for the API alone."""
    if not sketch.ecs or sketch.ecs.get("controller", "ECS") != "ECS":
        return
    discovery = f"{sketch.service['name'].strip('_.').replace('.', '-')}-sc"
    config = {
        "enabled": True,
        "namespace": sketch.namespace["name"],
        "services": [{"portName": "http", "discoveryName": discovery, "clientAliases": [{"port": 80}]}],
    }
    for deployment in sketch.ecs.setdefault("deployments", [{"created_ago": 86400}]):
        deployment["service_connect"] = config
    instance = {
        "id": sketch.hex(32),
        "ipv4": sketch.vpc.address(),
        "port": 8080,
        "attributes": {"DeploymentId": "1000000000000000001", "AvailabilityZone": "a"},
    }
    sketch.namespace["services"].append(
        {
            "id": f"srv-{sketch.hex(16)}",
            "name": discovery,
            "type": "HTTP",
            "records": [],
            "health": "none",
            "description": "Managed by arn:aws:ecs:eu-central-1:111122223333:service/prod/api",
            "tags": {"AmazonECSManaged": "true"},
            "instances": [instance],
        }
    )


def _endpoints(sketch: Sketch) -> None:
    """Resolver endpoints in both directions."""
    vpc = sketch.vpc
    sketch.data["endpoints"] += [
        {"id": f"rslvr-in-{sketch.hex(17)}", "vpc": vpc.id, "direction": "INBOUND", "addresses": _pair(sketch)},
        {"id": f"rslvr-out-{sketch.hex(17)}", "vpc": vpc.id, "direction": "OUTBOUND", "addresses": _pair(sketch)},
    ]


def _pair(sketch: Sketch) -> list[str]:
    return [sketch.vpc.address(primary=True) for _ in range(2)]


def _client_vpn(sketch: Sketch) -> None:
    """An AWS Client VPN endpoint with routes and authorizations for the whole VPC."""
    ranges = sorted({c for v in (sketch.vpc, sketch.client) for c in (v.cidr, *v.secondary)})
    sketch.data["client_vpns"].append(
        {
            "id": f"cvpn-endpoint-0{sketch.hex(16)}",
            "vpc": sketch.vpc.id,
            "dns_servers": [sketch.vpc.resolver] if sketch.chance(0.7) else [],
            "routes": ranges,
            "authorized": ranges,
        }
    )


_KINDS: tuple[Callable[[Sketch], None], ...] = (
    _zones,
    _rules,
    _firewalls,
    _profile,
    _http_twin,
    _dns_twin,
    _services,
    _loose_tasks,
    _neighbour_names,
    _service_connect,
    _endpoints,
    _client_vpn,
)
