"""``ipconfig /all`` of Windows, in any language: labels are translated, layout and order are not.

A heading without indent opens an adapter and ends in a colon. An address is the value of a label that names ``IPv4`` or
``IPv6``, which no language translates, and the mask follows the IPv4 address in the next line.
https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/ipconfig
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from sddoctor.case.host import InterfaceAddress
from sddoctor.case.seen import Fact, Seen, Unreachable
from sddoctor.formats.host.addresses import read_full_address

COMMAND = "ipconfig /all"

#: A label, dots up to the colon, a value. A label may have a colon itself, or leave no room for dots.
_LINE = re.compile(r"\s+(\S.*?)(?:\s*\.)[\s.]*:(?:\s+(.*?))?\s*|\s+(\S.*?)\s?:(?:\s+(.*?))?\s*")
_ADDRESS = re.compile(r"[0-9A-Fa-f:.]*")
#: What stands before the name of an adapter, or after it: English, German, Dutch; French, Spanish, Portuguese, Italian,
#: Russian; Japanese, Chinese, Korean.
_HEADING = re.compile(
    r".*?\badapter (?P<a>.+)|.*?-?Adapter (?P<b>.+)|Tunneladapter (?P<c>.+)"
    r"|(?:Carte|Adaptador|Scheda|Адаптер|Неизвестный адаптер|Туннельный адаптер)(?: (?:réseau sans fil|de LAN inalámbrica|de Rede sem Fio|LAN wireless"
    r"|беспроводной локальной сети|inconnue|desconocido|desconhecido|sconosciuta|PPP"
    r"|(?:de )?(?:Ethernet|Tunnel|túnel|Túnel)))? (?P<d>.+)"
    r"|.*?(?:アダプター|适配器|適配器|介面卡|어댑터) ?(?P<e>.+)"
)


def parse(text: str) -> Fact[tuple[InterfaceAddress, ...]]:
    """Read the addresses; a prefix length that is not printed counts as 64, or 32. Without any address it says nothing."""
    found: list[InterfaceAddress] = []
    unread: list[str] = []
    interface, last_is_ipv4 = "", False
    for line in text.replace("\ufeff", "").splitlines():
        if line.strip() and not line[:1].isspace():
            interface, last_is_ipv4 = _name(line), False
            continue
        match = _LINE.fullmatch(line)
        if match is None or not interface:
            continue
        label, value = match.group(1) or match.group(3), match.group(2) or match.group(4) or ""
        length = _mask_length(value) if last_is_ipv4 else None
        if length is not None:
            found[-1] = InterfaceAddress(interface, found[-1].address, length)
        version = 6 if "IPv6" in label and "DHCP" not in label else 4 if "IPv4" in label else None
        last_is_ipv4 = False
        if version is None or not value:
            continue
        address = read_full_address(_ADDRESS.match(value).group())  # type: ignore[union-attr]
        if address is None or (":" in address) != (version == 6):
            unread.append(line.strip())
            continue
        found.append(InterfaceAddress(interface, address, 64 if version == 6 else 32))
        last_is_ipv4 = version == 4
    if not found:
        return Unreachable(
            "the addresses of this host", f"no address is recognised in {COMMAND}", f"the unchanged output of {COMMAND}"
        )
    return Seen(tuple(found), COMMAND, None, tuple(unread))


def _name(line: str) -> str:
    """Return the name of the adapter of a heading, or all of the heading in a language that is not known; ``""``: it is none."""
    heading = line.strip()
    if not heading.endswith(":"):
        return ""
    heading = heading.rstrip(":").rstrip()
    match = _HEADING.fullmatch(heading)
    return next((n for n in match.groups() if n), heading) if match else heading


def _mask_length(value: str) -> int | None:
    address = read_full_address(value)
    if address is None or ":" in address:
        return None
    bits = f"{int(ip_address(address)):032b}"
    return None if "01" in bits else bits.count("1")
