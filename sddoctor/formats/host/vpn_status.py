"""What VPN clients and the system print about themselves: DNS policies, connected services, running programs.

https://github.com/tailscale/tailscale/blob/main/cmd/tailscale/cli/dns-status.go
https://github.com/netbirdio/netbird/blob/main/client/status/status.go
https://keith.github.io/xcode-man-pages/scutil.8.html
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from msgspec import structs

from sddoctor.case.address import contains
from sddoctor.case.dns import Server
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.case.vpn_client import PolicyRoute, VpnMark, VpnPolicy
from sddoctor.formats.host import ipconfig, powershell, vpn_marks
from sddoctor.formats.host.addresses import read_server

TAILSCALE_COMMAND = "tailscale dns status"
NETBIRD_COMMAND = "netbird status -d"
SERVICES_COMMAND = "scutil --nc list"
PROGRAMS_COMMAND = "ps -axo comm"
#: Other forms in which people record it; the first is also what a small ``ps`` knows.
OTHER_PROGRAMS_COMMANDS = ("ps", "ps aux", "ps -ef", "ps ax", "ps -e", "ps -A")
ADAPTERS_COMMAND = "Get-NetAdapter"

#: RFC 1918
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
_NAMESERVERS = re.compile(
    r"\[(?P<servers>[^]]*)\] for \[(?P<domains>[^]]*)\] is (?:Available\b.*|(?P<not>Unavailable)(?:, reason: (?P<why>.*)|\b.*))"
)
_SERVICE = re.compile(r'\*?\s*\((?P<state>[A-Za-z ]+)\)\s.*"(?P<name>.*)"\s*\[(?P<kind>[^]]*)\]')


def parse_tailscale(text: str) -> Fact[VpnPolicy]:
    """Read ``tailscale dns status``. Servers that speak DNS over HTTPS only count as none."""
    routes: list[PolicyRoute] = []
    unread: list[str] = []
    section, sets_dns = "", True
    seen = False
    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            continue
        if not raw.startswith((" ", "\t")):
            section = line
            seen = seen or line.startswith("Split DNS Routes:")
            sets_dns = sets_dns and not line.startswith("Tailscale DNS: disabled")
        elif line.startswith("- "):
            _tailscale_item(section, line.removeprefix("- "), routes, unread)
        elif section.startswith(("Split DNS Routes:", "Resolvers")) and not line.startswith("("):
            unread.append(raw)
    if not seen:
        return Unreachable(
            TAILSCALE_COMMAND, "its output is not understood", f"the unchanged output of {TAILSCALE_COMMAND}"
        )
    return Seen(VpnPolicy(vpn_marks.TAILSCALE, tuple(routes), sets_dns), TAILSCALE_COMMAND, unread=tuple(unread))


def _tailscale_item(section: str, item: str, routes: list[PolicyRoute], unread: list[str]) -> None:
    target = re.sub(r"\s*\(bootstrap:.*\)", "", item)
    if section.startswith("Resolvers"):
        routes.append(PolicyRoute("", _server(target)))
    elif section.startswith("Split DNS Routes:"):
        domain, arrow, server = target.partition("->")
        if arrow:
            routes.append(PolicyRoute(fold_name(domain.strip()), _server(server)))
        else:
            unread.append(item)


def parse_netbird(text: str) -> Fact[VpnPolicy]:
    """Read the name servers of ``netbird status -d``; the domain ``.`` stands for all names."""
    routes: list[PolicyRoute] = []
    unread: list[str] = []
    inside = seen = False
    row: int | None = None
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("Nameservers:"):
            inside, rest = True, line.removeprefix("Nameservers:").strip()
            seen = seen or not re.search(r"[0-9]+/[0-9]+ Available", rest)  # without -d only how many there are
        elif inside and line.startswith("["):
            found = _NAMESERVERS.fullmatch(line)
            if found is None:
                unread.append(raw)
                continue
            servers = tuple(s for part in found["servers"].split(",") for s in _server(part))
            domains = [d.strip() for d in found["domains"].split(",")]
            why = (found["why"] or "no reason given") if found["not"] else ""
            row = len(routes) if found["not"] else None
            routes += [PolicyRoute("" if d == "." else fold_name(d), servers, why) for d in domains if d]
        elif inside and line.startswith("* ") and row is not None:
            why = line.removeprefix("* ")
            routes[row:] = [structs.replace(r, unavailable=why) for r in routes[row:]]
        elif inside and re.match(r"[A-Z][A-Za-z ]*:", line):
            inside = False
    if not seen:
        return Unreachable(
            NETBIRD_COMMAND, "its output is not understood", f"the unchanged output of {NETBIRD_COMMAND}"
        )
    return Seen(VpnPolicy(vpn_marks.NETBIRD, tuple(routes)), NETBIRD_COMMAND, unread=tuple(unread))


def _server(text: str) -> tuple[Server, ...]:
    """Read an address with or without a port; anything else (DNS over HTTPS, a name) is no plain server."""
    server = read_server(text)
    return (server,) if server is not None else ()


def parse_services(text: str) -> tuple[VpnMark, ...]:
    """Read the VPN services of ``scutil --nc list`` that are connected; one of an unknown program has no product."""
    return tuple(_connected(text))


def _connected(text: str) -> Iterator[VpnMark]:
    for line in text.splitlines():
        found = _SERVICE.fullmatch(line.strip())
        if found is not None and found["state"] == "Connected" and found["kind"].startswith(("VPN", "IPSec", "PPP")):
            product = vpn_marks.of_bundle(found["kind"].removeprefix("VPN:"))
            seen = f"{found['name']} [{found['kind']}] is connected"
            yield VpnMark(product, SERVICES_COMMAND, seen, connected=True)


def parse_adapters(text: str) -> tuple[VpnMark, ...]:
    """Read the adapters of ``Get-NetAdapter`` whose description, or name, is a VPN client's.

    One that is up may still have no address: then its client is not connected.
    https://learn.microsoft.com/en-us/powershell/module/netadapter/get-netadapter
    """
    wanted = powershell.Wanted(ADAPTERS_COMMAND, ("InterfaceDescription",), ("Name", "Status"))
    found: list[VpnMark] = []
    for record in powershell.objects(wanted, text).seen_or(()):
        name, description = powershell.first(record, "Name"), powershell.first(record, "InterfaceDescription")
        product = vpn_marks.of_adapter(description) or vpn_marks.of_adapter(name)
        if product is not None and name:
            status = powershell.first(record, "Status")
            state = "" if status == "Up" else f", {status}" if status else ", of unknown state"
            found.append(
                VpnMark(product, ADAPTERS_COMMAND, f"{name}: {description}{state}", name, session=status == "Up")
            )
    return tuple(found)


def parse_ipconfig(text: str) -> tuple[VpnMark, ...]:
    """Read the adapters of ``ipconfig /all`` that are a VPN client's, and the VPNs of Windows itself, in any language.

    Those are PPP adapters with a private address; a line to the internet has a public one.
    """
    found: list[VpnMark] = []
    for adapter in ipconfig.adapters(text):
        product = next((p for v in (*adapter.values, adapter.name) if (p := vpn_marks.of_adapter(v))), None)
        described = next((v for v in adapter.values if vpn_marks.of_adapter(v)), adapter.heading)
        if product is not None:
            found.append(VpnMark(product, ipconfig.COMMAND, f"{adapter.name}: {described}", adapter.name))
        elif re.search(r"\bPPP\b", adapter.heading) and any(contains(r, a) for r in PRIVATE for a in adapter.addresses):
            found.append(VpnMark(None, ipconfig.COMMAND, adapter.heading, adapter.name))
    return tuple(found)


def parse_programs(text: str, source: str = PROGRAMS_COMMAND) -> tuple[VpnMark, ...]:
    """Read the programs of VPN clients in a list of running programs, of whichever form of ``ps``; all others are left out.

    A list of several columns has a heading, and the command line last.
    """
    lines = text.splitlines()
    columns = len(lines[0].split()) if lines else 1
    names = dict.fromkeys(
        name
        for line in lines[1 if columns > 1 else 0 :]
        for name in (_programs(line, columns) if columns > 1 else (line.strip(),))
    )
    return tuple(
        VpnMark(product, source, f"{name} runs", session=vpn_marks.is_session(name))
        for name in names
        if (product := vpn_marks.of_program(name))
    )


def _programs(line: str, columns: int) -> tuple[str, ...]:
    """Return what of a command line may be its program: a path may have blanks, a bare name ends at the first one."""
    parts = line.split(None, columns - 1)
    if len(parts) < columns:
        return ()
    words = parts[-1].split(" ")
    if not words[0].startswith("/"):
        return (words[0],)
    candidates = (" ".join(words[:n]) for n in range(1, len(words) + 1))
    return tuple(itertools.islice((c for c in candidates if vpn_marks.of_program(c)), 1))
