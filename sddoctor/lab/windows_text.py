"""The output of PowerShell and ipconfig on the host of a world that runs Windows.

The layouts are those of Windows 11: lists for rules and routes, tables for servers and metrics.
"""

from __future__ import annotations

from ipaddress import ip_network

from sddoctor.lab.dns.rules import TTL
from sddoctor.lab.parts.host import Host
from sddoctor.lab.routes import Route, interfaces
from sddoctor.lab.world import World

HOSTS = "/Windows/System32/drivers/etc/hosts"
HOSTS_TEXT = "# Copyright (c) 1993-2009 Microsoft Corp.\n#\n# localhost name resolution is handled within DNS itself.\n"
_INDEX = 9
#: What Resolve-DnsName prints, and the id of the error.
_ERRORS = {
    "NAME_ERROR": ("DNS name does not exist", "DNS_ERROR_RCODE_NAME_ERROR"),
    "SERVFAIL": ("DNS server failure", "RCODE_SERVER_FAILURE"),
    "UNSECURE": ("Unsecured DNS packet", "DNS_ERROR_UNSECURE_PACKET"),
}


def nrpt_rules(host: Host) -> str:
    """Return ``Get-DnsClientNrptRule``."""
    demand = {"DnsSecEnabled": str(host.nrpt_dnssec), "DnsSecValidationRequired": "True" if host.nrpt_dnssec else ""}
    rules = (
        {"Name": f"{{6D1C2F0A-7B0E-4D55-9A54-{number:012X}}}", "Version": "2", "Namespace": f"{{{namespace}}}"}
        | {"NameServers": server, **demand, "NameEncoding": "Disable", "DisplayName": "", "Comment": ""}
        for number, (namespace, server) in enumerate(host.nrpt.items(), 1)
    )
    return "".join(map(_listed, rules))


def nrpt_policy(host: Host) -> str:
    """Return ``Get-DnsClientNrptPolicy -Effective``."""
    demand = {"DnsSecValidationRequired": str(host.nrpt_dnssec), "NameEncoding": "Utf8WithoutMapping"}
    rules = (
        {"Namespace": namespace, "QueryPolicy": "", "NameServers": server} | demand
        for namespace, server in host.nrpt.items()
    )
    return "".join(map(_listed, rules))


def server_addresses(world: World) -> str:
    """Return ``Get-DnsClientServerAddress``."""
    own = {interface.name: servers for interface, servers in world.host.adapters}
    rows = [("InterfaceAlias", "Interface", "Address", "ServerAddresses"), ("", "Index", "Family", "")]
    rows.append(("--------------", "---------", "-------", "---------------"))
    for number, interface in enumerate(interfaces(world), _INDEX):
        rows.append((interface.name, str(number), "IPv4", f"{{{', '.join(own.get(interface.name, ()))}}}"))
    return "\n" + "".join(f"{r[0]:<28} {r[1]:>9} {r[2]:<7} {r[3]}\n" for r in rows)


def suffixes(world: World) -> str:
    """Return ``Get-DnsClient``: the first search domain of the host is that of its first interface."""
    rows = [("InterfaceAlias", "Interface", "ConnectionSpecificSuffix", "ConnectionSpecificSuffixSearchList")]
    rows += [("", "Index", "", ""), ("--------------", "---------", "------------------------", "-" * 34)]
    for number, interface in enumerate(interfaces(world), _INDEX):
        own = "" if interface.tunnel else (world.host.search or ("",))[0]
        rows.append((interface.name, str(number), own, "{}"))
    return "\n" + "".join(f"{r[0]:<28} {r[1]:>9} {r[2]:<24} {r[3]}\n" for r in rows)


def interface_metrics(world: World) -> str:
    """Return the rows of ``Get-NetIPInterface`` for IPv4."""
    heads = ("ifIndex", "InterfaceAlias", "AddressFamily", "NlMtu(Bytes)", "InterfaceMetric", "Dhcp", "ConnectionState")
    rows = [(*heads, "PolicyStore"), tuple("-" * len(head) for head in (*heads, "PolicyStore"))]
    for number, i in enumerate(interfaces(world), _INDEX):
        rows.append((str(number), i.name, "IPv4", "1500", str(i.metric), "Enabled", "Connected", "ActiveStore"))
    return "\n" + "".join(
        f"{r[0]:<7} {r[1]:<31} {r[2]:<13} {r[3]:>12} {r[4]:>15} {r[5]:<8} {r[6]:<15} {r[7]}\n" for r in rows
    )


def ipconfig(world: World) -> str:
    """Return ``ipconfig /all``."""
    text = "\nWindows IP Configuration\n\n   Host Name . . . . . . . . . . . . : LAPTOP-7F3K\n"
    for interface in interfaces(world):
        kind = "Unknown adapter" if interface.tunnel else "Ethernet adapter"
        mask = ip_network(f"{interface.address}/{interface.prefix}", strict=False).netmask
        text += f"\n{kind} {interface.name}:\n\n   DHCP Enabled. . . . . . . . . . . : No\n"
        text += f"   IPv4 Address. . . . . . . . . . . : {interface.address}(Preferred) \n"
        text += f"   Subnet Mask . . . . . . . . . . . : {mask}\n"
    return text


def find_netroute(route: Route) -> str:
    """Return ``Find-NetRoute -RemoteIPAddress ADDRESS``."""
    source = {"IPAddress": route.source, "InterfaceIndex": str(_INDEX), "InterfaceAlias": route.interface}
    found = {"DestinationPrefix": route.network, "InterfaceAlias": route.interface, "InterfaceIndex": str(_INDEX)}
    return _listed(source) + _listed(found | {"NextHop": route.gateway or "0.0.0.0", "State": "Alive"})


def resolve_dnsname(name: str, addresses: tuple[str, ...], error: str = "") -> str:
    """Return ``Resolve-DnsName NAME``, or what it prints of a name that does not exist, or in place of that."""
    if not addresses:
        error = error or "NAME_ERROR"
        line = f"    + FullyQualifiedErrorId : {_ERRORS[error][1]},Microsoft.DnsClient.Commands.ResolveDnsName\n"
        return f"Resolve-DnsName : {name} : {_ERRORS[error][0]}\n{line}"
    rows = ["Name                                           Type   TTL   Section    IPAddress"]
    rows.append("----                                           ----   ---   -------    ---------")
    kinds = (("AAAA" if ":" in a else "A", a) for a in addresses)
    rows += [f"{name.rstrip('.'):<46} {kind:<6} {TTL:<5} Answer     {address}" for kind, address in kinds]
    return "\n" + "".join(f"{row}\n" for row in rows)


def _listed(record: dict[str, str]) -> str:
    width = max(map(len, record))
    return "\n" + "".join(f"{key:<{width}} : {value}\n" for key, value in record.items())
