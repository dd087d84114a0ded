"""The output of PowerShell and ipconfig of Windows about interfaces and routes.

https://learn.microsoft.com/en-us/powershell/module/dnsclient/get-dnsclientserveraddress
https://learn.microsoft.com/en-us/powershell/module/nettcpip/find-netroute
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, ip_address

from sddoctor.case.host import InterfaceAddress, InterfaceServers
from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.formats.host.addresses import read_full_address, read_ipv4
from sddoctor.formats.host.routes import TableEntry, read_network

SERVERS_COMMAND = "Get-DnsClientServerAddress"
HOSTS_PATH = "/Windows/System32/drivers/etc/hosts"

_ROW = re.compile(r"(\S.*?)\s+([0-9]+)\s+(IPv4|IPv6)\s+\{([^}]*)\}?\s*")


def list_records(text: str) -> tuple[dict[str, str], ...]:
    """Read the objects of PowerShell's list format: ``Key : value`` lines, an empty line between objects.

    A long value continues in lines that begin with blanks.
    """
    records: list[dict[str, str]] = []
    current: dict[str, str] = {}
    key = ""
    for line in text.replace("\ufeff", "").splitlines():
        if not line.strip():
            if current:
                records.append(current)
            current, key = {}, ""
            continue
        found = re.match(r"(\S[^:]*?)\s*:(?:\s(.*)|)$", line)
        if found:
            key = found.group(1)
            current[key] = (found.group(2) or "").strip()
        elif key and line[:1].isspace():
            current[key] = f"{current[key]} {line.strip()}".strip()
    if current:
        records.append(current)
    return tuple(records)


def values(text: str) -> tuple[str, ...]:
    """Read ``{a, b}``, ``a`` or nothing."""
    return tuple(part for part in re.split(r"[,\s]+", text.strip().strip("{}")) if part)


def parse_server_addresses(text: str) -> Fact[tuple[InterfaceServers, ...]]:
    """Read the table or the list of ``Get-DnsClientServerAddress``; interfaces without servers are left out.

    The site-local placeholders of Windows (fec0:0:0:ffff::1 to ::3) are no servers.
    """
    rows: list[tuple[str, str]] = []
    for line in text.splitlines():
        found = _ROW.fullmatch(line)
        if found:
            rows.append((found.group(1), found.group(4)))
    listed = (r for r in list_records(text) if "InterfaceAlias" in r and "ServerAddresses" in r)
    rows += [(record["InterfaceAlias"], record["ServerAddresses"]) for record in listed]
    if not rows and text.strip():
        return Unreachable(
            SERVERS_COMMAND, "its output is not understood", f"the unchanged output of {SERVERS_COMMAND}"
        )
    merged: dict[str, list[str]] = {}
    for interface, held in rows:
        addresses = [a for a in map(read_full_address, values(held)) if a and not a.startswith("fec0:")]
        if addresses:
            merged.setdefault(interface, []).extend(addresses)
    return Seen(tuple(InterfaceServers(name, tuple(found)) for name, found in merged.items()), SERVERS_COMMAND)


def parse_find_netroute(text: str) -> tuple[TableEntry, str | None] | None:
    """Read ``Find-NetRoute -RemoteIPAddress A``: the route, and the source address; ``None``: not understood."""
    records = list_records(text)
    source = next((r["IPAddress"] for r in records if read_full_address(r.get("IPAddress", ""))), None)
    for record in records:
        network = read_network(record.get("DestinationPrefix", ""))
        if network is not None:
            gateway = read_full_address(record.get("NextHop", ""))
            via = gateway if gateway and int(ip_address(gateway.partition("%")[0])) else None
            return TableEntry(network, record.get("InterfaceAlias"), via, source), source
    if re.search(r"unreachable|not found|no matching", text, re.IGNORECASE):
        return TableEntry(IPv4Network("0.0.0.0/0"), refuses=True), None
    return None


def parse_ipconfig(text: str) -> tuple[InterfaceAddress, ...]:
    """Read the addresses of ``ipconfig /all`` (English); a prefix length that is not printed counts as 64."""
    found: list[InterfaceAddress] = []
    interface = ""
    for line in text.splitlines():
        head = re.match(r"\S.*? adapter (.+?):?\s*$", line)
        if head:
            interface = head.group(1)
            continue
        key, mark, value = line.partition(" : ")
        key = key.replace(".", "").strip()
        if not mark or not interface:
            continue
        if key == "Subnet Mask" and found:
            mask = read_ipv4(value.strip())
            if mask:
                length = bin(int(ip_address(mask))).count("1")
                found[-1] = InterfaceAddress(found[-1].interface, found[-1].address, length)
        elif "Address" in key and ("IPv4" in key or "IPv6" in key):
            address = read_full_address(value.partition("(")[0].strip().partition("%")[0])
            if address:
                found.append(InterfaceAddress(interface, address, 64 if ":" in address else 32))
    return tuple(found)
