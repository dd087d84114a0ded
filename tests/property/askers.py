"""Who asks in a healthy world, and by which way the question gets to somebody who knows the zone."""

from __future__ import annotations

from tests.property.sketch import Data, Sketch

HOME = "192.168.1.1"
_EC2 = {"/sys/devices/virtual/dmi/id/sys_vendor": "Amazon EC2\n"}


def draw_asker(sketch: Sketch) -> None:
    """Draw the host and the arguments."""
    rng = sketch.rng
    if sketch.namespace["type"] == "DNS_PUBLIC":
        draw = _public
    else:
        draw = rng.choice((_mac_file, _mac_file, _linux_vpn, _default_vpn, _forwarder, _in_vpc, _in_vpc, _client_vpc))
    sketch.note(draw.__name__.strip("_"))
    sketch.data.setdefault("servers", [{"address": HOME}])
    sketch.data["args"] = []
    draw(sketch)
    _ipv6(sketch)
    _spelling(sketch)
    if sketch.ecs and sketch.chance(0.15):
        sketch.data["args"] += ["--cluster", sketch.cluster["name"], "--service", sketch.ecs["name"]]


def _laptop(sketch: Sketch, platform: str, servers: list[str]) -> Data:
    rng = sketch.rng
    mac = platform == "macos"
    host = {
        "platform": platform,
        "version": rng.choice(("13.6", "14.5", "15.1")) if mac else "12",
        "vpn": "up",
        "nameservers": servers,
        "resolver_files": None,
        "interfaces": [{"name": "en0" if mac else "wlp0s20f3", "address": f"192.168.1.{rng.randrange(10, 250)}"}],
    }
    if rng.random() < 0.3:
        host["search"] = [rng.choice(("fritz.box", "corp.example.com", sketch.namespace["name"]))]
    sketch.data["host"] = host
    return host


def _knowing(sketch: Sketch) -> str:
    """Return a server in the VPC that knows the zone: its resolver, or an inbound endpoint."""
    inbound = [e for e in sketch.data.get("endpoints", ()) if e["vpc"] == sketch.vpc.id and e["direction"] == "INBOUND"]
    if inbound and sketch.chance(0.5):
        sketch.note("by endpoint")
        return str(sketch.rng.choice(inbound[0]["addresses"]))
    return sketch.vpc.resolver


def _mac_file(sketch: Sketch) -> None:
    """A Mac with a file in /etc/resolver, for the namespace or a parent of it."""
    sketch.asker = "host-vpn"
    host = _laptop(sketch, "macos", [HOME])
    domain = sketch.namespace["name"]
    if domain.count(".") > 1 and sketch.chance(0.3):
        domain = domain.split(".", 1)[1]
    lines = [f"nameserver {_knowing(sketch)}"]
    if sketch.chance(0.2):
        lines.insert(0, "# split DNS for the VPN")
    if sketch.chance(0.2):
        lines.append("timeout 5")
    host["resolver_files"] = {domain: "\n".join(lines) + "\n"}
    if sketch.chance(0.3):
        host["resolver_files"]["other.test"] = "nameserver 192.168.1.53\n"


def _linux_vpn(sketch: Sketch) -> None:
    """A Debian host whose resolv.conf names the VPC's resolver."""
    sketch.asker = "host-vpn"
    servers = [_knowing(sketch)]
    if sketch.chance(0.3):
        servers.append(HOME)
    _laptop(sketch, "linux", servers)


def _default_vpn(sketch: Sketch) -> None:
    """A Mac whose VPN replaces the default resolver."""
    sketch.asker = "host-vpn"
    _laptop(sketch, "macos", [_knowing(sketch)])


def _forwarder(sketch: Sketch) -> None:
    """A host whose home router sends the namespace on."""
    sketch.asker = "host-forwarder"
    sketch.data["servers"] = [{"address": HOME, "forwards": {sketch.namespace["name"]: sketch.vpc.resolver}}]
    _laptop(sketch, sketch.rng.choice(("macos", "linux")), [HOME])


def _public(sketch: Sketch) -> None:
    """A host anywhere, and a public name."""
    sketch.asker = "host-public"
    host = _laptop(sketch, sketch.rng.choice(("macos", "linux")), [HOME])
    host["vpn"] = sketch.rng.choice(("none", "up"))


def _in_vpc(sketch: Sketch) -> None:
    """An instance or a task in a VPC that the zone is associated with, by whichever address of the resolver."""
    sketch.asker = "in-vpc"
    client = sketch.client
    servers = [sketch.rng.choice((client.resolver, client.resolver, "169.254.169.253"))]
    vpc = next(v for v in sketch.data["vpcs"] if v["id"] == client.id)
    if sketch.chance(0.2):
        own = client.address(primary=True)
        vpc["dhcp"] = {"id": f"dopt-0{sketch.hex(16)}", "servers": [own], "domain": "corp.example.com"}
        sketch.data["servers"].append({"address": own, "forwards": {sketch.namespace["name"]: client.resolver}})
        servers = [own]
        sketch.note("custom DHCP")
    sketch.data["host"] = {
        "platform": "linux",
        "version": "12",
        "vpn": "none",
        "in_vpc": client.id,
        "nameservers": servers,
        "search": [f"{sketch.data['region']}.compute.internal"],
        "interfaces": [{"name": "ens5", "address": client.address(), "prefix": 24}],
        "files": dict(_EC2) if sketch.chance(0.8) else {},
    }
    if sketch.chance(0.3) or (client is not sketch.vpc and not sketch.data["host"]["files"]):
        sketch.data["args"] += ["--client-vpc", client.id]


def _client_vpc(sketch: Sketch) -> None:
    """A laptop on the VPN, asking on behalf of clients in a VPC."""
    sketch.asker = "client-vpc"
    _laptop(sketch, sketch.rng.choice(("macos", "linux")), [HOME])
    sketch.data["args"] += ["--client-vpc", sketch.client.id]


def _ipv6(sketch: Sketch) -> None:
    """Give a host IPv6 when the name publishes nothing else and the host itself is the asker.

    One without it may not even ask for such addresses of a name that has both (RFC 6724, AI_ADDRCONFIG of getaddrinfo).
    """
    _without_ipv6(sketch)
    if {r["type"] for r in sketch.service["records"]} != {"AAAA"} or sketch.asker == "client-vpc":
        return
    host = sketch.data["host"]
    if host["platform"] == "macos":
        host["commands"] = {
            "ifconfig": "lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384\n\tinet 127.0.0.1 netmask 0xff000000\n"
            "en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500\n"
            f"\tinet {host['interfaces'][0]['address']} netmask 0xffffff00 broadcast 192.168.1.255\n"
            "\tinet6 2001:db8:1:2::23 prefixlen 64 autoconf secured\n\tstatus: active\n"
            "utun4: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1420\n"
            "\tinet 10.99.0.10 --> 10.99.0.10 netmask 0xfffffc00\n"
            "\tinet6 2406:da14:1:ffff::10 prefixlen 64\n"
        }
        return
    address = host["interfaces"][0]["address"]
    name = host["interfaces"][0]["name"]
    host["commands"] = {
        "ip -brief address": "lo               UNKNOWN        127.0.0.1/8 ::1/128 \n"
        f"{name:<17}UP             {address}/24 2406:da14:1:2::23/64 fe80::1/64 \n"
        + ("tun0             UNKNOWN        10.99.0.10/22 2406:da14:1:ffff::10/64 \n" if host["vpn"] == "up" else "")
    }


def _without_ipv6(sketch: Sketch) -> None:
    types = {r["type"] for r in sketch.service["records"]}
    addresses = [t["address"] for t in sketch.running() if "address" in t] if sketch.ecs else []
    settled = len(addresses) == sketch.ecs.get("desired") == len(list(sketch.running())) <= 8 if sketch.ecs else False
    linux = sketch.data["host"]["platform"] == "linux" and sketch.asker != "client-vpc"
    if types != {"A", "AAAA"} or not settled or not linux or not sketch.chance(0.5):
        return
    count = 1 if sketch.service["routing"] == "WEIGHTED" else len(addresses)
    name = sketch.full_name.lower()
    output = "".join(f"{a:<15} STREAM {name}\n" for a in addresses[:count])
    sketch.data["host"]["commands"] = {f"getent ahosts {n}": output for n in (name, f"{name}.")}
    sketch.note("no IPv6")


def _spelling(sketch: Sketch) -> None:
    """Ask as people write: in other letters, with the final dot, for the name of one SRV target."""
    name = sketch.full_name
    srv = [r["type"] for r in sketch.service["records"]] == ["SRV"]
    if srv and not sketch.service["name"].startswith("_"):
        task = sketch.rng.choice([t for t in sketch.running() if (t.get("started_ago") or 0) > 120])
        name = f"{task['id']}.{name}"
        sketch.note("SRV target")
    if sketch.chance(0.15):
        name = sketch.rng.choice((name.upper(), name.title(), f"{name}."))
    sketch.data["name"] = name
