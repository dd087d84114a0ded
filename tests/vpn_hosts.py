"""The hosts with VPN clients in ``data/cases/vpn``: what a check with ``--root`` sees on them while all of AWS is sound.

A file holds what a host prints, after what people reported, and what must be said about it. What any such host has besides
(loopback, hosts file, look-ups that fail, the route to the VPC resolver) is made here.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import msgspec
import pytest
from msgspec import Struct

from sddoctor.case.case import Case
from sddoctor.observe.dns.network import MappedNetwork
from tests import yaml_files
from tests.near_cases import world_of
from tests.world_cases import ROOT, observed_in

FOLDER = Path(__file__).parent / "data" / "cases" / "vpn"
#: The names that the hosts look up, each with the range of its VPC.
NAMES = {"10.64.0.0/16": "payments.fin.internal", "172.20.0.0/16": "search-api.staging.acme.internal"}
_MAC_ROUTE = """   route to: {to}
destination: {network}
       mask: 255.255.0.0
  interface: {interface}
      flags: <UP,DONE,STATIC,PRCLONING>
"""
_WINDOWS_ROUTE = """
IPAddress         : {source}
InterfaceIndex    : 9
InterfaceAlias    : {interface}

DestinationPrefix  : {network}
InterfaceAlias     : {interface}
InterfaceIndex     : 9
NextHop            : {gateway}
"""
_NOT_FOUND = "Resolve-DnsName : {name} : DNS name does not exist\n    + FullyQualifiedErrorId : DNS_ERROR_RCODE_NAME_ERROR,Microsoft.DnsClient.Commands.ResolveDnsName\n"
_LOOPBACK = {
    "ip -brief address": "lo               UNKNOWN        127.0.0.1/8 ::1/128 \n",
    "ifconfig": "lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> mtu 16384\n\tinet 127.0.0.1 netmask 0xff000000\n\tinet6 ::1 prefixlen 128\n",
    "ipconfig /all": "\nWindows IP Configuration\n\n   Host Name . . . . . . . . . . . . : LAPTOP-7F3K\n",
}


class Expected(Struct, frozen=True, forbid_unknown_fields=True):
    """What must be said. ``clients`` are the VPN clients that are connected, ``others`` those that only are there.

    ``cause`` are acceptable first root causes, ``says`` and ``fix`` patterns of the report and of its fixes.
    """

    clients: tuple[str, ...]
    others: tuple[str, ...] = ()
    cause: tuple[str | None, ...] = ()
    certain: bool = False
    says: tuple[str, ...] = ()
    says_not: tuple[str, ...] = ()
    fix: tuple[str, ...] = ()
    fix_not: tuple[str, ...] = ()


class Host(Struct, frozen=True, forbid_unknown_fields=True):
    """A host as it is written down. ``leads`` is the interface by which packets to the VPC resolver leave."""

    about: str
    source: str
    platform: str
    expect: Expected
    leads: str
    version: str = ""
    vpc: str = "10.64.0.0/16"
    files: dict[str, str] = {}
    commands: dict[str, str] = {}


def names() -> list[str]:
    """Return the names of the hosts."""
    return sorted(p.stem for p in FOLDER.glob("*.yaml"))


@cache
def host_of(name: str) -> Host:
    """Return a host as it is written down."""
    return msgspec.convert(yaml_files.read(FOLDER / f"{name}.yaml"), Host)


def _files(host: Host) -> dict[str, str]:
    name, resolver = NAMES[host.vpc], host.vpc.replace(".0.0/16", ".0.2")
    looks = {
        "linux": {f"getent ahosts {n}": "" for n in (name, f"{name}.")},
        "macos": {f"dscacheutil -q host -a name {n}": "" for n in (name, f"{name}.")},
        "windows": {f"Resolve-DnsName {n}": _NOT_FOUND.format(name=n) for n in (name, f"{name}.")},
    }[host.platform]
    commands = {**looks, **_route(host, resolver), **host.commands}
    for line, head in _LOOPBACK.items():
        if line in commands:
            commands[line] = head + commands[line]
    files = {f"commands/{line.replace(' ', '_').replace('/', '_')}": text for line, text in commands.items()}
    etc = {"etc/hosts": "127.0.0.1 localhost\n", "etc/nsswitch.conf": "hosts: files dns\n"}
    of_windows = {
        "Windows/System32/drivers/etc/hosts": "# none\n",
        "commands/Get-DnsClientNrptRule": "",
        "commands/Get-DnsClientNrptPolicy_-Effective": "",
    }
    own = {"linux": etc, "macos": {"etc/hosts": etc["etc/hosts"]}, "windows": of_windows}[host.platform]
    described = json.dumps({"platform": host.platform, "version": host.version})
    return {"os-release.json": described, **own, **files, **host.files}


def _route(host: Host, resolver: str) -> dict[str, str]:
    interface, _, gateway = host.leads.partition(" via ")
    if host.platform == "macos":
        network = "default" if gateway else host.vpc.partition("/")[0]
        text = _MAC_ROUTE.format(to=resolver, network=network, interface=interface)
        return {f"route -n get {resolver}": text + (f"    gateway: {gateway}\n" if gateway else "")}
    if host.platform == "windows":
        network, hop = ("0.0.0.0/0", gateway) if gateway else (host.vpc, "0.0.0.0")
        text = _WINDOWS_ROUTE.format(source="10.250.9.14", interface=interface, network=network, gateway=hop)
        return {f"Find-NetRoute -RemoteIPAddress {resolver}": text}
    table = f"default via {gateway} dev {interface}\n" if gateway else f"{host.vpc} dev {interface} scope link\n"
    via = f"via {gateway} " if gateway else ""
    return {"ip route": table, f"ip route get {resolver}": f"{resolver} {via}dev {interface} uid 1000\n    cache\n"}


@cache
def root_of(name: str) -> Path:
    """Return the directory of a host, which is written where it is missing."""
    files = _files(host_of(name))
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:12]
    root = ROOT / ".world-cases" / "vpn-hosts" / f"{name}-{digest}"
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@cache
def case_of(name: str) -> Case:
    """Return what a check of the host's name observes."""
    host = host_of(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MappedNetwork, "has_host", lambda _network, root: root is None)
        world = world_of(f"vpn {name}", NAMES[host.vpc], host.vpc, root_of(name))
        return observed_in(f"near-case-vpn-{name}", world).case
