"""``ipconfig /all`` of Windows, in any language: labels are translated, layout and order are not.

A heading without indent opens an adapter and ends in a colon; an empty line follows it, and one ends the adapter. An address
of the adapter has its state behind it in parentheses, and its label names ``IPv4`` or ``IPv6``, which no language translates.
The mask follows the IPv4 address in the next line. The label of the servers names ``DNS``, as does that of suffixes; further
servers follow in lines of their own. A value that is too long goes on without any indent.
https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/ipconfig
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple

from sddoctor.case.host import InterfaceAddress, InterfaceServers
from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.formats.host.addresses import read_full_address
from sddoctor.formats.host.console import own_output
from sddoctor.formats.host.unread import has_address

COMMAND = "ipconfig /all"

#: A label, dots up to the colon, a value. A label may have a colon itself, or leave no room for dots.
_LINE = re.compile(r"\s+(\S.*?)(?:\s*\.)[\s.]*:(?:\s+(.*?))?\s*|\s+(\S.*?)\s?:(?:\s+(.*?))?\s*")
#: A further server or suffix of the line before.
_CONTINUED = re.compile(r"\s{20,}(\S+)\s*")
#: Nothing but a zone and the state may follow: what is cut has another address.
_ADDRESS = re.compile(r"([0-9A-Fa-f:.]+)(?:%\w+)?\s*(?:\(.*)?")
_STATE = re.compile(r"\(\w[^()]*\)\s*$")
#: What stands before the name of an adapter, or after it: English, German, Dutch, Hungarian; French, Spanish, Portuguese,
#: Italian, Polish, Czech, Russian; Turkish; Japanese, Chinese, Korean.
_HEADING = re.compile(
    r".*?\badapter (?P<a>.+)|.*?-?Adapter (?P<b>.+)|Tunneladapter (?P<c>.+)"
    r"|(?:Carte|Adaptador|Scheda|Karta|Nieznana karta|Adaptér|Neznámý adaptér|Адаптер|Неизвестный адаптер|Туннельный адаптер)"
    r"(?: (?:réseau sans fil|de LAN inalámbrica|de Rede sem Fio|de LAN [Ss]em [Ff]ios|LAN wireless|bezprzewodowej sieci LAN"
    r"|bezdrátové sítě LAN|sítě Ethernet|беспроводной локальной сети|inconnue|desconocido|[Dd]esconhecido|sconosciuta|PPP"
    r"|(?:de )?(?:Ethernet|Tunnel|túnel|Túnel|tunelowa)))? (?P<d>.+)"
    r"|.*?ba\u011fda\u015ft\u0131r\u0131c\u0131s\u0131 (?P<f>.+)|.*?(?:アダプター|适配器|適配器|介面卡|網路卡|어댑터) ?(?P<e>.+)"
)


def parse(text: str) -> Fact[tuple[InterfaceAddress, ...]]:
    """Read the addresses; a prefix length that is not printed counts as 64, or 32. Without any address it says nothing."""
    reader = _read(text)
    if not reader.found:
        return _nothing("the addresses of this host", "address")
    return Seen(tuple(reader.found), COMMAND, None, (*reader.unread, *reader.unread_addresses))


def parse_servers(text: str) -> Fact[tuple[InterfaceServers, ...]]:
    """Read the DNS servers of the adapters that have any; without any at all it says nothing: ``ipconfig`` alone prints none.

    The site-local placeholders of Windows (fec0:0:0:ffff::1 to ::3) are no servers. Adapters that are not connected show none.
    """
    reader = _read(text)
    if not reader.servers:
        return _nothing("the DNS servers of this host", "DNS server")
    found = {i: tuple(a for a in servers if not a.startswith("fec0:")) for i, servers in reader.servers.items()}
    unread = (*reader.unread, *reader.unread_servers)
    return Seen(tuple(InterfaceServers(i, a) for i, a in found.items() if a), COMMAND, None, unread)


def _nothing(what: str, kind: str) -> Unreachable:
    return Unreachable(what, f"no {kind} is recognised in {COMMAND}", f"the unchanged output of {COMMAND}")


def _read(text: str) -> _Reader:
    text, around = own_output(COMMAND, text)
    reader = _Reader()
    reader.unread += around
    for line in text.splitlines():
        reader.read(line)
    reader.end()
    return reader


class _Reader:
    """Reads line by line, and keeps what is not understood: of all, of the addresses alone, or of the servers."""

    def __init__(self) -> None:
        self.found: list[InterfaceAddress] = []
        self.servers: dict[str, list[str]] = {}
        self.unread: list[str] = []
        self.unread_addresses: list[str] = []
        self.unread_servers: list[str] = []
        self._interface, self._has_lines, self._has_title = "", False, False
        self._without_mask: str | None = None
        self._goes_on: list[str] | None = None
        self._is_of_use = False

    def read(self, line: str) -> None:
        """Read the next line."""
        if not line.strip():
            if self._has_lines:
                self.end()
        elif line[:1].isspace():
            self._has_lines = True
            self._read_field(line)
        elif self._has_lines and not line.rstrip().endswith(":"):
            # Of a description, say, the rest is of no use.
            self.unread += [line.strip()] if self._is_of_use or has_address(line) else []
        else:
            self.end()
            self._read_heading(line.strip())

    def end(self) -> None:
        """End the adapter."""
        self._miss_mask()
        self._interface, self._has_lines, self._goes_on = "", False, None

    def _read_heading(self, line: str) -> None:
        if line.endswith(":"):
            heading = line.rstrip(":").rstrip("\ufffd \xa0")
            self._interface = _name(heading)
            if self._interface == heading:
                self.unread_addresses.append(f"the name of the adapter in {heading}")
        elif self._has_title:
            self.unread.append(line)
        self._has_title = True

    def _read_field(self, line: str) -> None:
        if more := _CONTINUED.fullmatch(line):
            if self._goes_on is not None:
                self._add_server(more.group(1), self._goes_on, line)
            return
        self._goes_on = None
        match = _LINE.fullmatch(line)
        if match is None:
            self.unread.append(line.strip())
            return
        label, value = match.group(1) or match.group(3), match.group(2) or match.group(4) or ""
        if self._without_mask is not None and (length := _mask_length(value)) is not None:
            last = self.found.pop()
            self.found.append(InterfaceAddress(last.interface, last.address, length))
            self._without_mask = None
            return
        self._miss_mask()
        address = _address_in(value)
        self._is_of_use = any(word in label.upper() for word in ("IPV4", "IPV6", "DNS"))
        is_own = ("IPv6" in label and "DHCP" not in label) or "IPv4" in label
        if address is not None and (is_own or _STATE.search(value)) and self._interface:
            self.found.append(InterfaceAddress(self._interface, address, 64 if ":" in address else 32))
            self._without_mask = None if ":" in address else line.strip()
        elif value and (is_own or (address is not None and _STATE.search(value))):
            self.unread_addresses.append(line.strip())
        elif "DNS" in label.upper() and value:
            self._read_servers(value, line)

    def _read_servers(self, value: str, line: str) -> None:
        """Read the servers of the adapter; suffixes stand before its addresses, or in lines of their own."""
        after_addresses = any(a.interface == self._interface for a in self.found)
        is_address = _ADDRESS.fullmatch(value) is not None
        if not self._interface:
            self.unread_servers += [line.strip()] if is_address else []
        if not self._interface or not (after_addresses or is_address):
            return
        self._goes_on = self.servers.setdefault(self._interface, [])
        self._add_server(value, self._goes_on, line)

    def _add_server(self, word: str, servers: list[str], line: str) -> None:
        address = read_full_address(word)
        if address is None:
            self.unread_servers.append(line.strip())
        else:
            servers.append(address)

    def _miss_mask(self) -> None:
        if self._without_mask is not None:
            self.unread_addresses.append(f"the mask of {self._without_mask}")
        self._without_mask = None


class Adapter(NamedTuple):
    """An adapter: its heading and its name in it, its own addresses that others can reach, and all other values."""

    heading: str
    name: str
    addresses: tuple[str, ...]
    values: tuple[str, ...]


def adapters(text: str) -> tuple[Adapter, ...]:
    """Return the adapters in their order."""
    found: list[Adapter] = []
    for line in own_output(COMMAND, text)[0].splitlines():
        if line.strip() and not line[:1].isspace():
            heading = line.strip().rstrip(":").rstrip("\ufffd \xa0")
            found.append(Adapter(heading, _name(heading), (), ()))
        elif found and (match := _LINE.fullmatch(line)) is not None:
            label, value = match.group(1) or match.group(3), match.group(2) or match.group(4) or ""
            address = _address_in(value)
            last = found[-1]
            if address is None:
                found[-1] = last._replace(values=(*last.values, value))
            elif ("IPv4" in label or _STATE.search(value)) and not ip_address(address).is_link_local:
                found[-1] = last._replace(addresses=(*last.addresses, address))
    return tuple(found)


def _address_in(value: str) -> str | None:
    shown = _ADDRESS.fullmatch(value)
    return read_full_address(shown.group(1)) if shown else None


def _name(heading: str) -> str:
    """Return the name of the adapter in a heading, or all of the heading in a language that is not known."""
    match = _HEADING.fullmatch(heading)
    return next((n for n in match.groups() if n), heading) if match else heading


def _mask_length(value: str) -> int | None:
    address = read_full_address(value)
    if address is None or ":" in address:
        return None
    bits = f"{int(ip_address(address)):032b}"
    return None if "01" in bits else bits.count("1")
