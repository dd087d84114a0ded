"""Every recorded output and file is understood exactly as the index beside it says."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sddoctor.case.host import HostFacts
from sddoctor.case.seen import Absent, Fact, Seen, Unreachable
from sddoctor.formats.host import (
    interfaces_linux,
    ip_json,
    lookup_output,
    nrpt,
    resolv_conf,
    resolvectl,
    resolvectl_query,
    resolver_file,
    routes_linux,
    routes_macos,
    scutil,
)
from sddoctor.formats.host.names import covers
from sddoctor.formats.host.routes import TableEntry
from sddoctor.resolution import resolved
from sddoctor.resolution.choose import choose
from tests import yaml_files

DATA = Path(__file__).parents[2] / "data" / "captures"
CAPTURES: list[dict[str, Any]] = yaml_files.read(DATA / "index.yaml")["captures"]


def of_kind(kind: str) -> Any:
    found = [c for c in CAPTURES if c["kind"] == kind]
    return pytest.mark.parametrize("capture", [pytest.param(c, id=c["file"]) for c in found])


def read(capture: dict[str, Any]) -> bytes:
    return (DATA / capture["file"]).read_bytes()


def test_every_capture_is_tested() -> None:
    tested = {"scutil", "dscacheutil", "resolv.conf", "resolvectl", "windows", "etc-resolver", "addresses", "routes"}
    assert {c["kind"] for c in CAPTURES} == tested
    listed = {c["file"] for c in CAPTURES}
    assert listed == {str(p.relative_to(DATA)) for p in DATA.glob("*/**/*") if p.is_file()}


def scutil_view(r: Any) -> dict[str, Any]:
    values = {
        "n": r.number,
        "domain": r.domain,
        "search": list(r.search),
        "nameservers": list(r.nameservers),
        "port": r.port,
        "order": r.order,
        "if_index": r.if_index,
        "interface": r.interface,
        "flags": list(r.flags),
        "reach": list(r.reach),
    }
    return {k: v for k, v in values.items() if v not in (None, [])}


@of_kind("scutil")
def test_scutil(capture: dict[str, Any]) -> None:
    expect = capture["expect"]
    found = scutil.parse(read(capture).decode())
    if expect.get("state") == "no-configuration":
        assert isinstance(found, Absent)
        return
    assert isinstance(found, Seen)
    default = [r for r in found.value if r.section == "default"]
    scoped = [r for r in found.value if r.section == "scoped"]
    assert len(default) == expect["default_section_count"]
    assert len(scoped) == expect["scoped_section_count"]
    assert [scutil_view(r) for r in default if "mdns" not in r.options] == expect["resolvers_without_mdns"]
    assert [scutil_view(r) for r in scoped] == expect.get("scoped", [])
    assert list(found.unread) == expect.get("unread", [])
    for name, servers in expect.get("route_for", {}).items():
        choice = choose(name, HostFacts("macos", scutil=found))
        asks = (
            " ".join(f"{a.address}#{a.port}" for a in choice.value.servers) if isinstance(choice, Seen) else "unknown"
        )
        assert asks == servers, name


@of_kind("dscacheutil")
def test_dscacheutil(capture: dict[str, Any]) -> None:
    found = lookup_output.parse_dscacheutil(read(capture).decode()).value
    assert list(found.addresses) == capture["expect"]["addresses"]
    assert found.error == (None if found.addresses else "not found")


@of_kind("resolv.conf")
def test_resolv_conf(capture: dict[str, Any]) -> None:
    expect = capture["expect"]
    found = resolv_conf.parse(read(capture), "/etc/resolv.conf", "glibc")
    assert list(found.listed) == expect["nameservers"]
    assert list(found.effective) == expect.get("effective_glibc", expect["nameservers"])
    assert list(found.search) == expect.get("search_raw", expect.get("search", []))
    assert list(found.options) == expect.get("options", [])
    assert found.crlf == expect.get("crlf", False)
    assert found.generator == expect.get("generator")
    servers = [
        {"addr": s.removeprefix("host(").removesuffix(")"), "from_host": s.startswith("host(")}
        for s in found.forwards_to
    ]
    assert servers == expect.get("docker_ext_servers", [])
    assert list(resolv_conf.unread(found)) == expect.get("unread", [])
    musl = resolv_conf.parse(read(capture), "/etc/resolv.conf", "musl")
    if "nameservers_musl" in expect:
        assert list(musl.listed) == expect["nameservers_musl"]
    if "search_musl" in expect:
        assert list(musl.search) == expect["search_musl"]
    if found.crlf:
        assert [line.line for line in found.ignored] == [2]


@of_kind("etc-resolver")
def test_etc_resolver(capture: dict[str, Any]) -> None:
    expect = capture["expect"]
    found = resolver_file.parse(read(capture), capture["path"].rsplit("/", 1)[0] + "/" + Path(capture["file"]).name)
    assert found.created == expect["resolver_created"]
    if not found.created:
        assert not found.servers
        return
    assert found.domain == expect["domain"]
    assert [s.address for s in found.servers] == expect["nameservers"]
    assert {s.port for s in found.servers} <= {expect.get("port", 53)}
    assert found.port == expect.get("port")
    assert [p for p in found.address_ports if p is not None] == expect.get("nameserver_ports", [])
    assert bool(found.misread) == ("nameserver_ports" in expect)
    assert list(found.search) == expect.get("search", [])
    assert found.search_order == expect.get("search_order")
    assert found.timeout == expect.get("timeout")


def link_view(link: Any, expect: dict[str, Any]) -> dict[str, Any]:
    values = {
        "ifindex": link.index,
        "interface": link.interface,
        "dns_servers": list(link.servers),
        "domains": list(link.domains),
        "default_route": link.default_route,
        "scopes": list(link.scopes),
        "current": link.current_server,
        "dnssec": link.dnssec,
    }
    return {key: values[key] for key in expect}


@of_kind("resolvectl")
def test_resolvectl(capture: dict[str, Any]) -> None:
    expect, text = capture["expect"], read(capture).decode()
    if capture["command"].startswith("resolvectl query"):
        query = resolvectl_query.parse_query(text)
        assert list(query.addresses) == expect["addresses"]
        assert query.state == expect.get("state", "ok")
        assert query.link == expect.get("link")
        assert query.source == expect.get("source")
        return
    found = resolvectl.parse_status(text).value
    whole, *links = found.links
    assert whole.interface is None
    assert [link_view(link, e) for link, e in zip(links, expect["links"], strict=True)] == expect["links"]
    for key, value in expect.get("global", {}).items():
        if key == "dnssec_nta_contains":
            assert set(value) <= set(found.negative_trust_anchors)
        elif key == "fallback_dns_servers_count":
            assert len(found.fallback) == value
        else:
            shown = {
                "dns_servers": list(whole.servers),
                "domains": list(whole.domains),
                "resolv_conf_mode": found.mode,
                "fallback_dns_servers": list(found.fallback),
            }
            assert shown[key] == value
    for name, interface in expect.get("route_for", {}).items():
        assert resolved.route(name, found).link == interface


@of_kind("windows")
def test_nrpt(capture: dict[str, Any]) -> None:
    rules = nrpt.parse(read(capture).decode()).value
    shown = [
        {
            "namespace": namespace,
            "nameservers": list(rule.servers),
            "matches_suffix": nrpt.matches(namespace, "x." + namespace.strip(".")),
        }
        for rule in rules
        for namespace in rule.namespaces
    ]
    assert shown == capture["expect"]["rules"]


def test_labels_are_whole() -> None:
    assert covers("example.internal", "dev-api.Example.internal.")
    assert not covers("dev.example.internal", "dev-api.example.internal")
    assert not covers("ample.internal", "example.internal")


ADDRESSES = {
    "ip -brief address": interfaces_linux.parse_addresses,
    "ip -j address": ip_json.parse_addresses,
    "ifconfig": routes_macos.parse_addresses,
}
ROUTES: dict[str, Callable[[str], Fact[Any]]] = {
    "ip route": routes_linux.parse_table,
    "ip -6 route": partial(routes_linux.parse_table, version=6),
    "ip -j route": partial(ip_json.parse_table, version=4),
    "ip route get 10.10.0.2": routes_linux.parse_get,
}


@of_kind("addresses")
def test_addresses(capture: dict[str, Any]) -> None:
    found, expect = ADDRESSES[capture["command"]](read(capture).decode()), capture["expect"]
    assert isinstance(found, Unreachable) == expect.get("not_understood", False)
    if isinstance(found, Seen):
        assert [f"{a.interface} {a.address}/{a.prefix}" for a in found.value] == expect["addresses"]
        assert found.unread == ()


@of_kind("routes")
def test_routes(capture: dict[str, Any]) -> None:
    found, expect = ROUTES[capture["command"]](read(capture).decode()), capture["expect"]
    assert isinstance(found, Unreachable) == expect.get("not_understood", False)
    if isinstance(found, Seen):
        rows = found.value if isinstance(found.value, tuple) else (found.value,)
        assert [_shown(row) for row in rows] == expect["routes"]
        assert found.unread == ()


def _shown(row: TableEntry) -> str:
    via = f" via {row.gateway}" if row.gateway else ""
    return f"{row.network}{via}" + (" refused" if row.refuses else f" dev {row.interface}")
