"""``resolvectl status`` and ``resolvectl query`` of systemd-resolved.

Three layouts of ``status`` are read: one value per line (systemd 237 to 246), a ``Protocols`` line and several
values per line (247 and later), and the same with a ``Default Route`` line (257 and later).
https://www.freedesktop.org/software/systemd/man/latest/resolvectl.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sddoctor.case.host import LookupResult, Resolved, ResolvedLink
from sddoctor.case.seen import Absent, Fact, Seen, Unreachable
from sddoctor.formats.host.addresses import read_full_address, read_server

COMMAND = "resolvectl status"

_HEAD = re.compile(r"(?:Global|Link\s+([0-9]+)\s+\((.*)\))")
_FIELD = re.compile(r"\s*([A-Za-z][A-Za-z0-9. /]*?):(?:\s+(.*))?$")
_LABELS = frozenset(
    {
        "Current Scopes",
        "Protocols",
        "resolv.conf mode",
        "Current DNS Server",
        "DNS Servers",
        "DNS Server",
        "Fallback DNS Servers",
        "Fallback DNS Server",
        "DNS Domain",
        "DNS Domains",
        "Default Route",
        "DefaultRoute setting",
        "LLMNR setting",
        "MulticastDNS setting",
        "DNSOverTLS setting",
        "DNSSEC setting",
        "DNSSEC supported",
        "DNSSEC NTA",
    }
)


@dataclass
class _Block:
    index: int | None
    interface: str | None
    fields: dict[str, list[str]] = field(default_factory=dict)

    def words(self, *labels: str) -> tuple[str, ...]:
        return tuple(word for label in labels for value in self.fields.get(label, []) for word in value.split())

    def text(self, label: str) -> str | None:
        return " ".join(self.fields.get(label, [])).strip() or None


def parse_status(text: str) -> Fact[Resolved]:
    """Read ``resolvectl status``. ``Absent`` when systemd-resolved does not run."""
    blocks: list[_Block] = []
    label: str | None = None
    for line in text.splitlines():
        head = _HEAD.fullmatch(line.strip())
        if head and not line[:1].isspace():
            index = head.group(1)
            blocks.append(_Block(int(index[:9]) if index else None, head.group(2)))
            label = None
        elif blocks and line.strip():
            found = _FIELD.match(line)
            if found and found.group(1) in _LABELS:
                label = found.group(1)
                blocks[-1].fields.setdefault(label, []).append(found.group(2) or "")
            elif label and line[:1].isspace():
                # A long list continues, aligned with its first value.
                blocks[-1].fields[label].append(line.strip())
            else:
                label = None
    if not blocks:
        return _no_blocks(text)
    global_block = next((block for block in blocks if block.interface is None), None)
    return Seen(
        Resolved(
            mode=global_block.text("resolv.conf mode") if global_block else None,
            links=tuple(_link(block) for block in blocks),
            fallback=global_block.words("Fallback DNS Servers", "Fallback DNS Server") if global_block else (),
            negative_trust_anchors=global_block.words("DNSSEC NTA") if global_block else (),
            global_demoted=any("Default Route" in block.fields for block in blocks),
        ),
        COMMAND,
    )


def _no_blocks(text: str) -> Fact[Resolved]:
    complaint = text.lower()
    marks = ("not found", "could not be found", "not provided", "not activatable", "no such file", "not been booted")
    if any(mark in complaint for mark in (*marks, "host is down", "connection refused", "inactive")):
        return Absent("systemd-resolved", COMMAND)
    return Unreachable(COMMAND, "its output is not understood", "the unchanged output of resolvectl status")


def _link(block: _Block) -> ResolvedLink:
    protocols = block.words("Protocols")
    dnssec = next((p.partition("=")[2].split("/")[0] for p in protocols if p.startswith("DNSSEC=")), None)
    return ResolvedLink(
        interface=block.interface,
        servers=block.words("DNS Servers", "DNS Server"),
        domains=block.words("DNS Domain", "DNS Domains"),
        default_route=_default_route(block, protocols),
        scopes=tuple(word for word in block.words("Current Scopes") if word.lower() != "none"),
        protocols=protocols,
        current_server=(block.words("Current DNS Server") or (None,))[0],
        index=block.index,
        dnssec=dnssec or block.text("DNSSEC setting"),
    )


def _default_route(block: _Block, protocols: tuple[str, ...]) -> bool | None:
    for label in ("Default Route", "DefaultRoute setting"):
        value = block.text(label)
        if value in ("yes", "no"):
            return value == "yes"
    if "+DefaultRoute" in protocols:
        return True
    return False if "-DefaultRoute" in protocols else None


def server_address(text: str) -> str | None:
    """Return the address in ``10.10.0.2``, ``1.1.1.1#name`` or ``fe80::1%2``."""
    server = read_server(text)
    return server.address if server else None


_ERRORS = (
    ("no appropriate name servers", "no-servers"),
    ("dnssec validation failed", "dnssec"),
    ("query timed out", "timeout"),
    ("all attempts to contact name servers", "timeout"),
    ("does not have any rr of the requested type", "no-data"),
    ("not found", "nxdomain"),
    ("nxdomain", "nxdomain"),
    ("refused", "refused"),
    ("server returned error", "server-error"),
    ("servfail", "server-error"),
)


@dataclass(frozen=True)
class Query:
    """The output of ``resolvectl query``. ``state`` is ``ok``, or one of the kinds of failure in this module."""

    state: str
    addresses: tuple[str, ...] = ()
    link: str | None = None
    source: str | None = None

    def result(self) -> LookupResult:
        """Return the result as that of a lookup."""
        reasons = {"nxdomain": "not found", "no-data": "not found", "ok": None}
        return LookupResult(self.addresses, reasons.get(self.state, self.state.replace("-", " ")))


def parse_query(text: str) -> Query:
    """Read ``resolvectl query NAME``.

    Error texts: https://github.com/systemd/systemd/blob/main/src/resolve/resolved-bus.c
    """
    addresses: list[str] = []
    link = source = None
    for line in text.splitlines():
        if line.startswith("--"):
            found = re.match(r"-- Data from:\s*(.*)", line)
            source = found.group(1).strip() if found else source
            continue
        value, _, mark = line.partition("-- link:")
        words = value.split()
        address = read_full_address(words[-1]) if words else None
        if address:
            addresses.append(address)
            link = link or mark.strip() or None
    if addresses:
        return Query("ok", tuple(dict.fromkeys(addresses)), link, source)
    lower = text.lower()
    return Query(next((state for mark, state in _ERRORS if mark in lower), "unknown"))
