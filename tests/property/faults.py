"""Faults that can be put into any healthy world they fit, and what must be named then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network

from tests.property.sketch import Data, Sketch

Fits = Callable[[Sketch], bool]
Inject = Callable[[Sketch], None]


@dataclass(frozen=True)
class Fault:
    """A fault. ``part`` is what it breaks: two faults of one part cannot be seen independently of each other."""

    code: str
    part: str
    fits: Fits
    inject: Inject


#: In the order in which root causes are named: what is certain first, then by the hop.
FAULTS: list[Fault] = []


def fault(code: str, part: str, fits: Fits) -> Callable[[Inject], Inject]:
    """Add a fault of that cause to the list."""

    def add(inject: Inject) -> Inject:
        FAULTS.append(Fault(code, part, fits, inject))
        return inject

    return add


def forget(sketch: Sketch) -> None:
    """Drop what a resolver or a recorded look-up would still say of the healthy world, and what is no fault by luck."""
    sketch.data.pop("vpc_dns", None)
    commands = sketch.data["host"].get("commands", {})
    sketch.data["host"]["commands"] = {k: v for k, v in commands.items() if not k.startswith("getent")}


def types(sketch: Sketch) -> set[str]:
    """Return the record types that the service publishes."""
    return {r["type"] for r in sketch.service["records"]}


def settled(sketch: Sketch) -> bool:
    """Tell whether ECS registers the tasks, every one runs, and no deployment is on its way."""
    return bool(sketch.ecs) and "task_sets" not in sketch.ecs and len(sketch.ecs.get("deployments", "1")) == 1


def plain(sketch: Sketch) -> bool:
    """Tell whether the name is the service's, in a private namespace."""
    return sketch.name.lower().rstrip(".") == sketch.full_name.lower() and sketch.namespace["type"] == "DNS_PRIVATE"


def on_host(sketch: Sketch) -> bool:
    """Tell whether an ordinary program of a host outside the VPC asks, for an address."""
    return plain(sketch) and sketch.asker == "host-vpn" and "A" in types(sketch) and not sketch.opaque


def in_a_vpc(sketch: Sketch) -> bool:
    """Tell whether the asker is in a VPC, and asks that VPC's own resolver."""
    return plain(sketch) and sketch.asker in ("in-vpc", "client-vpc") and "custom DHCP" not in sketch.notes


def keep(sketch: Sketch, tasks: list[Data]) -> None:
    """Let the service have these tasks alone, and nothing of a deployment."""
    ecs = sketch.ecs
    ecs["tasks"] = tasks
    ecs["deployments"] = [{"created_ago": 864000, **_connect(ecs)}]


def _connect(ecs: Data) -> Data:
    config = next((d["service_connect"] for d in ecs.get("deployments", ()) if "service_connect" in d), None)
    return {"service_connect": config} if config else {}


def old_tasks(sketch: Sketch, count: int = 3) -> list[Data]:
    """Return some tasks of the service that have been running for long, each as if alone."""
    found = [t for t in sketch.running() if (t.get("started_ago") or 0) > 120][:count]
    for task in found:
        task |= {"started_ago": 90000, "created_ago": 90030}
        task.pop("deployment", None)
        task.pop("task_definition", None)
    return found


def steady_at(sketch: Sketch, ago: float) -> None:
    sketch.ecs["events"] = [{"message": f"(service {sketch.ecs['name']}) has reached a steady state.", "ago": ago}]


# ecs


@fault("service-scaled-to-zero", "tasks", lambda s: settled(s) and plain(s))
def _scale_to_zero(sketch: Sketch) -> None:
    keep(sketch, [])
    sketch.ecs |= {"desired": 0}
    steady_at(sketch, 4000)


@fault("tasks-not-starting", "tasks", lambda s: settled(s) and plain(s))
def _cannot_pull(sketch: Sketch) -> None:
    stopped = [
        {
            "id": sketch.hex(32),
            "last_status": "STOPPED",
            "desired_status": "STOPPED",
            "health": "UNKNOWN",
            "created_ago": ago + 40,
            "started_ago": None,
            "stopping_ago": ago + 10,
            "stopped_ago": ago,
            "stop_code": "TaskFailedToStart",
            "stopped_reason": "CannotPullContainerError: pull image manifest has been retried 5 time(s): not found",
        }
        for ago in (160, 360)
    ]
    keep(sketch, stopped)
    name = sketch.ecs["name"]
    message = f"(service {name}) is unable to consistently start tasks successfully."
    sketch.ecs |= {"desired": 2, "events": [{"message": message, "ago": 100}]}
    sketch.ecs["deployments"][0] |= {"created_ago": 7200, "rollout_state": "IN_PROGRESS", "failed": 14}


@fault(
    "health-check-failing",
    "tasks",
    lambda s: settled(s) and plain(s) and s.service["health"] == "custom" and _app_check(s) is not None,
)
def _fail_the_check(sketch: Sketch) -> None:
    """The application answers nobody: its port refuses the check and everybody else."""
    tasks = old_tasks(sketch)
    for number, task in enumerate(tasks):
        task |= {"health": "UNHEALTHY", "started_ago": 900 + 60 * number, "listens": []}
    keep(sketch, tasks)
    sketch.ecs |= {"desired": len(tasks), "events": []}


def _app_check(sketch: Sketch) -> Data | None:
    definition = next(d for d in sketch.data["task_definitions"] if d["family"] == sketch.ecs["task_definition"])
    app = next(c for c in definition["containers"] if c["name"] == "app")
    return app if "health_check" in app else None


# cloudmap


@fault("service-not-attached", "tasks", lambda s: settled(s) and plain(s) and _is_named_alike(s))
def _detach(sketch: Sketch) -> None:
    tasks = old_tasks(sketch)
    keep(sketch, tasks)
    sketch.ecs |= {"registries": [], "desired": len(tasks)}


def _is_named_alike(sketch: Sketch) -> bool:
    return sketch.service["name"] in sketch.ecs["name"]


@fault("registry-recreated", "tasks", lambda s: settled(s) and plain(s))
def _recreate(sketch: Sketch) -> None:
    tasks = old_tasks(sketch)
    for task in tasks:
        task["registered"] = False
    keep(sketch, tasks)
    sketch.service["created_ago"] = 3600
    sketch.ecs["desired"] = len(tasks)


@fault("stale-instance", "entry", lambda s: settled(s) and plain(s) and types(s) <= {"A", "SRV"} and _shows_all(s))
def _leave_an_entry(sketch: Sketch) -> None:
    instance: Data = {
        "id": sketch.hex(32),
        "ipv4": sketch.vpc.address(),
        "cluster": sketch.cluster["name"],
        "ecs_service": sketch.ecs["name"],
    }
    if types(sketch) == {"SRV"}:
        instance["port"] = 8080
    sketch.service["instances"] = [instance]


def _shows_all(sketch: Sketch) -> bool:
    """Tell whether one answer shows every instance, so that a further one is surely seen by everybody."""
    return sketch.service["routing"] == "MULTIVALUE" and len(sketch.ecs["tasks"]) < 8


@fault("service-not-found", "name", lambda s: plain(s) and not (s.opaque and s.asker.startswith("host")))
def _mistype_the_service(sketch: Sketch) -> None:
    label = sketch.service["name"]
    typo = label.replace("o", "0", 1) if "o" in label else f"{label}q"
    sketch.data["name"] = f"{typo}.{sketch.namespace['name']}"


@fault("namespace-not-found", "name", lambda s: plain(s) and s.asker == "client-vpc")
def _mistype_the_namespace(sketch: Sketch) -> None:
    name = sketch.namespace["name"]
    head, _, rest = name.partition(".")
    sketch.data["name"] = f"{sketch.service['name']}.{head[:-1]}x.{rest}" if rest.count(".") else sketch.name
    if sketch.data["name"] == sketch.name or not rest.count("."):
        sketch.data["name"] = f"{sketch.service['name']}.{head[1:]}{head[0]}.{rest}"
    _no_parent_zones(sketch)


# route53


@fault(
    "srv-only", "asking", lambda s: plain(s) and s.asker != "host-forwarder" and types(s) == {"SRV"} and not s.opaque
)
def _ask_for_an_address(sketch: Sketch) -> None:
    sketch.service["name"] = "orders"
    sketch.data["name"] = sketch.full_name


@fault("record-missing", "tasks", lambda s: settled(s) and plain(s) and types(s) <= {"A", "SRV"})
def _lose_the_records(sketch: Sketch) -> None:
    tasks = old_tasks(sketch)
    for task in tasks:
        task["record"] = False
    keep(sketch, tasks)
    sketch.ecs["desired"] = len(tasks)


@fault("zone-not-associated", "zone", lambda s: in_a_vpc(s) and s.client is not s.vpc and _is_told(s))
def _dissociate(sketch: Sketch) -> None:
    sketch.namespace["vpcs"] = [v for v in sketch.namespace["vpcs"] if v != sketch.client.id]
    for profile in sketch.data["profiles"]:
        profile["zones"] = [z for z in profile.get("zones", ()) if z != sketch.namespace["zone"]]
    _no_parent_zones(sketch)


def _is_told(sketch: Sketch) -> bool:
    return "--client-vpc" in sketch.data["args"] or bool(sketch.data["host"].get("files"))


def _no_parent_zones(sketch: Sketch) -> None:
    """Take away what would answer in place of the zone: zones, rules and firewalls above it are another fault then."""
    parents = [z for z in sketch.data["zones"] if sketch.namespace["name"].endswith(f".{z['name']}")]
    sketch.data["zones"] = [z for z in sketch.data["zones"] if z not in parents]
    sketch.data["rules"] = [r for r in sketch.data["rules"] if r["domain"] == "corp.example.com"]


@fault("hosted-zone-missing", "zone", lambda s: in_a_vpc(s) and not s.opaque and "dns_twin" not in s.notes)
def _delete_the_zone(sketch: Sketch) -> None:
    sketch.namespace["zone_deleted"] = True
    for profile in sketch.data["profiles"]:
        profile["zones"] = [z for z in profile.get("zones", ()) if z != sketch.namespace["zone"]]
    _no_parent_zones(sketch)


@fault("zone-shadowed", "zone", lambda s: in_a_vpc(s) and not s.opaque)
def _shadow(sketch: Sketch) -> None:
    zone = {"id": f"Z0{sketch.hex(18).upper()}", "name": sketch.full_name.lower(), "vpcs": [sketch.client.id]}
    sketch.data["zones"].append(zone)


# vpc-dns


@fault("dns-support-off", "vpc", in_a_vpc)
def _switch_dns_off(sketch: Sketch) -> None:
    vpc = next(v for v in sketch.data["vpcs"] if v["id"] == sketch.client.id)
    vpc |= {"dns_support": False, "dns_hostnames": False}


@fault("resolver-rule-overrides", "vpc", lambda s: in_a_vpc(s) and not s.opaque)
def _forward_elsewhere(sketch: Sketch) -> None:
    sketch.data["rules"] = [r for r in sketch.data["rules"] if r["domain"] != sketch.namespace["name"]]
    rule = {
        "id": f"rslvr-rr-{sketch.hex(17)}",
        "domain": sketch.namespace["name"],
        "targets": ["10.251.0.53:53"],
        "vpcs": [sketch.client.id],
        "name": "to-data-centre",
    }
    sketch.data["rules"].append(rule)
    sketch.data["servers"].append({"address": "10.251.0.53"})


@fault("dns-firewall-blocks", "vpc", in_a_vpc)
def _block(sketch: Sketch) -> None:
    sketch.data["firewall"] = []
    rule = {"name": "walled", "priority": 1, "domains": ["*"], "list_id": "rslvr-fdl-wall"}
    sketch.data["firewall"].append({"id": f"rslvr-frg-{sketch.hex(16)}", "vpcs": [sketch.client.id], "rules": [rule]})


# network


@fault("no-route-to-resolver", "path", lambda s: on_host(s) and not _shares_a_network(s))
def _hang_up(sketch: Sketch) -> None:
    sketch.data["host"]["vpn"] = "down"


def _shares_a_network(sketch: Sketch) -> bool:
    home = IPv4Network("192.168.1.0/24")
    return any(IPv4Network(v["cidr"]).overlaps(home) for v in sketch.data["vpcs"])


# host


@fault("split-dns-missing", "host", lambda s: on_host(s) and s.data["host"]["platform"] == "macos" and _has_file(s))
def _remove_the_file(sketch: Sketch) -> None:
    files = sketch.data["host"]["resolver_files"]
    sketch.data["host"]["resolver_files"] = {k: v for k, v in files.items() if k == "other.test"}
    sketch.data["client_vpns"] = []


def _has_file(sketch: Sketch) -> bool:
    return bool(sketch.data["host"].get("resolver_files"))


@fault("resolver-file-wrong-nameserver", "host", lambda s: on_host(s) and _has_file(s))
def _name_another_server(sketch: Sketch) -> None:
    """The file names base plus two of a subnet, where nobody is."""
    network = IPv4Network(sketch.vpc.cidr)
    wrong = str(network.network_address + network.num_addresses // 2 + 2)
    domain = next(d for d in sketch.data["host"]["resolver_files"] if d != "other.test")
    sketch.data["host"]["resolver_files"][domain] = f"nameserver {wrong}\n"
    sketch.data["client_vpns"] = []


@fault("hosts-file-override", "host", on_host)
def _pin(sketch: Sketch) -> None:
    sketch.data["host"]["hosts"] = {sketch.full_name.lower(): sketch.vpc.address()}


@fault(
    "rebind-protection",
    "host",
    lambda s: plain(s) and s.asker == "host-forwarder" and types(s) == {"A"} and not s.opaque and not s.vpc.secondary,
)
def _filter(sketch: Sketch) -> None:
    sketch.data["servers"][0]["rebind_filter"] = sketch.rng.choice(("empty", "refused"))


#: Faults of the only resolver that an asker in a VPC has.
IN_THE_VPC = {"zone-not-associated", "dns-support-off", "resolver-rule-overrides", "dns-firewall-blocks"}

#: Pairs of causes, or of parts, of which the first keeps the second from existing or from being seen, and why.
HIDDEN: tuple[tuple[set[str], set[str], str], ...] = (
    ({"name"}, {"tasks", "entry", "zone", "asking"}, "another name is asked for"),
    ({"name"}, {"rebind-protection", "hosts-file-override"}, "these concern the right name alone"),
    ({"name"}, {"resolver-rule-overrides"}, "no zone has the name that the rule could take away"),
    ({"namespace-not-found"}, {"vpc"}, "nothing is left to judge"),
    ({"tasks"}, {"entry"}, "nothing tells the dead entry from the rest"),
    ({"entry"}, {"srv-only", "zone-shadowed"}, "nobody is given the dead address, so it does not act"),
    ({"entry"}, {"hosted-zone-missing"}, "no record has the dead address"),
    (
        {"entry"},
        {"no-route-to-resolver"},
        "the asker reaches no server that gives the dead address, so it does not act",
    ),
    ({"entry"}, IN_THE_VPC, "the asker's resolver gives no address at all, so the dead one does not act"),
    (
        {"zone-not-associated"},
        {"dns-firewall-blocks"},
        "the firewall's answer says nothing of the zone, so its association only fits",
    ),
    ({"zone-not-associated"}, {"resolver-rule-overrides"}, "the rule would win over the zone, associated or not"),
    ({"tasks"}, {"rebind-protection"}, "there is no private address to remove"),
    ({"tasks"}, {"srv-only"}, "there is no SRV record that shows it"),
    ({"srv-only"}, {"hosted-zone-missing", *IN_THE_VPC}, "nobody answers with an SRV record that shows it"),
    ({"zone-shadowed"}, {"srv-only"}, "the zone that answers has no SRV record that shows it"),
    ({"zone-shadowed"}, {"vpc"}, "the other zone is asked before a rule, and not asked at all behind a block"),
    ({"hosted-zone-missing", "record-missing"}, {"resolver-rule-overrides"}, "there is nothing to take away"),
    ({"no-route-to-resolver"}, {"resolver-file-wrong-nameserver"}, "neither server can be reached"),
)


def hides(one: Fault, other: Fault) -> bool:
    """Tell whether two faults cannot both be seen."""
    a, b = {one.code, one.part}, {other.code, other.part}
    hidden = any((a & first and b & second) or (b & first and a & second) for first, second, _ in HIDDEN)
    return one.part == other.part or hidden


#: The second only follows from the first: nobody would look for it before the first is mended, or it would be gone then.
FOLLOWS = {
    ("hosted-zone-missing", "record-missing"),
    ("no-route-to-resolver", "split-dns-missing"),
}


def follows(fault: Fault, other: Fault) -> bool:
    """Tell whether a fault is no root cause beside the other one."""
    return (other.code, fault.code) in FOLLOWS
