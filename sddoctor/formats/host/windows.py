"""The output of PowerShell about interfaces, addresses and routes of Windows.

https://learn.microsoft.com/en-us/powershell/module/dnsclient/get-dnsclientserveraddress
https://learn.microsoft.com/en-us/powershell/module/nettcpip/
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, ip_address

from sddoctor.case.host import InterfaceAddress, InterfaceServers
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Fact, Seen
from sddoctor.case.windows_host import InterfaceMetric
from sddoctor.formats.host import powershell
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.routes import TableEntry, read_network

SERVERS_COMMAND = "Get-DnsClientServerAddress"
SUFFIXES_COMMAND = "Get-DnsClient"
METRICS_COMMAND = "Get-NetIPInterface"
ADDRESSES_COMMAND = "Get-NetIPAddress"
HOSTS_PATH = "/Windows/System32/drivers/etc/hosts"

_INDEX, _ALIAS = "InterfaceIndex", "InterfaceAlias"
#: How what was not read begins where it is only what an interface is called.
OF_NAMES = (_INDEX, _ALIAS)
#: The error of Windows for a destination without a route. https://learn.microsoft.com/windows/win32/debug/system-error-codes
_NO_ROUTE = re.compile(
    r"System Error (?:1231|1232)\b|unreachable|not found|no matching|cannot be reached", re.IGNORECASE
)


def parse_server_addresses(text: str) -> Fact[tuple[InterfaceServers, ...]]:
    """Read ``Get-DnsClientServerAddress``; interfaces without servers are left out.

    The site-local placeholders of Windows (fec0:0:0:ffff::1 to ::3) are no servers.
    """
    wanted = powershell.Wanted(SERVERS_COMMAND, ("ServerAddresses",), OF_NAMES, lists=("ServerAddresses",))
    found = powershell.objects(wanted, text)
    if not isinstance(found, Seen):
        return found
    if not found.value:
        return powershell.failure(SERVERS_COMMAND, text, "it has no interface, and every Windows has one")
    merged: dict[str, list[str]] = {}
    index: dict[str, int | None] = {}
    unread = list(found.unread)
    for record in found.value:
        alias, words = powershell.first(record, _ALIAS, _INDEX), powershell.words(record, "ServerAddresses")
        unread += [f"ServerAddresses of {alias}: {w}" for w in words if not read_full_address(w)]
        addresses = [a for a in map(read_full_address, words) if a and not a.startswith("fec0:")]
        if addresses:
            merged.setdefault(alias, []).extend(addresses)
            index.setdefault(alias, powershell.number(record, _INDEX))
    servers = (InterfaceServers(alias, tuple(addresses), index[alias]) for alias, addresses in merged.items())
    return Seen(tuple(servers), SERVERS_COMMAND, None, tuple(unread))


def parse_suffixes(text: str) -> Fact[tuple[str, ...]]:
    """Read ``Get-DnsClient``: the domains that complete short names, those of each interface once.

    https://learn.microsoft.com/en-us/powershell/module/dnsclient/get-dnsclient
    """
    marks = ("ConnectionSpecificSuffix", "ConnectionSpecificSuffixSearchList")
    wanted = powershell.Wanted(SUFFIXES_COMMAND, marks[:1], (_ALIAS,), (_INDEX, *marks[1:]), marks[1:])
    found = powershell.objects(wanted, text)
    if not isinstance(found, Seen):
        return found
    if not found.value:
        return powershell.failure(SUFFIXES_COMMAND, text, "it has no interface, and every Windows has one")
    domains = (fold_name(word) for r in found.value for mark in marks for word in powershell.words(r, mark))
    return Seen(tuple(dict.fromkeys(filter(None, domains))), SUFFIXES_COMMAND, None, found.unread)


def parse_interface_metrics(text: str) -> Fact[tuple[InterfaceMetric, ...]]:
    """Read ``Get-NetIPInterface``."""
    marks = ("InterfaceMetric",)
    wanted = powershell.Wanted(METRICS_COMMAND, marks, (*OF_NAMES, "AddressFamily", "ConnectionState"))
    found = powershell.objects(wanted, text)
    if not isinstance(found, Seen):
        return found
    if not found.value:
        return powershell.failure(METRICS_COMMAND, text, "it has no interface, and every Windows has one")
    metrics, unread = [], list(found.unread)
    for record in found.value:
        alias, metric = powershell.first(record, _ALIAS), powershell.number(record, *marks)
        version, index = powershell.family(record), powershell.number(record, _INDEX)
        if metric is None or version is None or (index is None and not alias):
            unread.append(f"the metric of {alias or 'an interface'}")
            continue
        state = powershell.first(record, "ConnectionState")
        connected = {"Connected": True, "1": True, "Disconnected": False, "0": False}.get(state)
        metrics.append(InterfaceMetric(alias, version, metric, index, connected))
    return Seen(tuple(metrics), METRICS_COMMAND, None, tuple(unread))


def parse_addresses(text: str) -> Fact[tuple[InterfaceAddress, ...]]:
    """Read ``Get-NetIPAddress``. Every Windows has addresses, so none at all are not understood."""
    wanted = powershell.Wanted(ADDRESSES_COMMAND, ("IPAddress",), (_ALIAS, "PrefixLength"), (_INDEX,))
    found = powershell.objects(wanted, text)
    if not isinstance(found, Seen):
        return found
    addresses, unread = [], list(found.unread)
    for record in found.value:
        address = read_full_address(powershell.first(record, "IPAddress").partition("%")[0])
        length, alias = powershell.number(record, "PrefixLength"), powershell.first(record, _ALIAS, _INDEX)
        if address is None:
            unread.append(f"an address of {alias or 'an interface'}")
            continue
        addresses.append(InterfaceAddress(alias, address, _whole_prefix(address) if length is None else length))
    if not addresses:
        return powershell.failure(ADDRESSES_COMMAND, text, "it has no address")
    return Seen(tuple(addresses), ADDRESSES_COMMAND, None, tuple(unread))


def _whole_prefix(address: str) -> int:
    return 64 if ":" in address else 32


def parse_find_netroute(text: str) -> tuple[TableEntry, str | None] | None:
    """Read ``Find-NetRoute -RemoteIPAddress A``: the route, and the source address; ``None``: not understood."""
    shown = powershell.Wanted("Find-NetRoute", ("IPAddress", "DestinationPrefix"), (), (_ALIAS, "NextHop"))
    found = powershell.objects(shown, text)
    records = found.value if isinstance(found, Seen) and not found.unread else ()
    source = next((a for r in records if (a := read_full_address(powershell.first(r, "IPAddress")))), None)
    for record in records:
        network = read_network(powershell.first(record, "DestinationPrefix"))
        gateway = read_full_address(powershell.first(record, "NextHop"))
        alias = powershell.first(record, _ALIAS)
        if network is not None and gateway is not None and alias:
            via = gateway if int(ip_address(gateway.partition("%")[0])) else None
            return TableEntry(network, alias, via, source), source
    if _NO_ROUTE.search(text):
        return TableEntry(IPv4Network("0.0.0.0/0"), refuses=True), None
    return None
