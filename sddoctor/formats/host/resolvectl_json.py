"""``resolvectl --json=short status`` of systemd-resolved, since version 259.

It is a list of configurations: the global one, one for each link, and one for each delegate.
https://github.com/systemd/systemd/blob/main/src/shared/varlink-io.systemd.Resolve.c (``DNSConfiguration``)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType

from sddoctor.case.host import Resolved, ResolvedLink
from sddoctor.formats.host.nesting import is_too_deep

T = TypeVar("T")


@dataclass(frozen=True)
class Parsed:
    """The settings, and the members that were not understood."""

    resolved: Resolved
    unread: tuple[str, ...]


class _Server(Struct, rename="camel"):
    address: tuple[int, ...] = ()
    address_string: str | None = None
    port: int | None = None
    ifindex: int | None = None

    def text(self) -> str:
        """Return the server as the text of ``resolvectl status`` has it. Raises ``ValueError`` for what is no address."""
        address = ip_address(self.address_string or bytes(self.address))
        zone = f"%{self.ifindex}" if address.version == 6 and address.is_link_local and self.ifindex else ""
        if self.port in (None, 0, 53):
            return f"{address}{zone}"
        return f"[{address}]:{self.port}{zone}" if address.version == 6 else f"{address}:{self.port}"


class _Domain(Struct, rename="camel"):
    name: str
    route_only: bool

    def text(self) -> str:
        """Return the domain as the text of ``resolvectl status`` has it."""
        return f"~{self.name}" if self.route_only else self.name


class _Scope(Struct, rename="camel"):
    protocol: str
    family: int | None = None
    dns_over_tls: str | None = msgspec.field(name="dnsOverTLS", default=None)

    def text(self) -> str:
        """Return the scope as the text of ``resolvectl status`` has it."""
        return "DNS" if self.protocol == "dns" else self.protocol


#: Each member, the label of the text for it, and the type of its value.
_MEMBERS: dict[str, tuple[str, Any]] = {
    "ifname": ("Link", str),
    "ifindex": ("Link", int),
    "delegate": ("Delegate", str),
    "defaultRoute": ("Default Route", bool),
    "currentServer": ("Current DNS Server", _Server),
    "servers": ("DNS Servers", list[Any]),
    "fallbackServers": ("Fallback DNS Servers", list[Any]),
    "searchDomains": ("DNS Domain", list[Any]),
    "negativeTrustAnchors": ("DNSSEC NTA", list[str]),
    "dnssec": ("DNSSEC setting", str),
    "dnssecSupported": ("DNSSEC supported", bool),
    "dnsOverTLS": ("DNSOverTLS setting", str),
    "llmnr": ("LLMNR setting", str),
    "mDNS": ("MulticastDNS setting", str),
    "resolvConfMode": ("resolv.conf mode", str),
    "scopes": ("Current Scopes", list[Any]),
}
_ITEMS: dict[str, Any] = {
    "servers": _Server,
    "fallbackServers": _Server,
    "searchDomains": _Domain,
    "scopes": _Scope,
}


class _Reader:
    """Reads one configuration, and keeps what it does not understand."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.unread: list[str] = []
        self._members: dict[str, Any] = {}
        for key, value in data.items():
            if value is None:
                continue
            label, type_ = _MEMBERS.get(key, (key, None))
            read = UNSET if type_ is None else self._convert(label, value, type_)
            if type_ is None:
                self._leave(label, value)
            if not isinstance(read, UnsetType):
                self._members[key] = read

    def get(self, key: str, default: T) -> T:
        """Return a member."""
        found: T = self._members.get(key, default)
        return found

    def items(self, key: str) -> tuple[Any, ...]:
        """Return what a list has that is understood."""
        label, type_ = _MEMBERS[key][0], _ITEMS[key]
        given: list[Any] = self.get(key, [])
        read = (self._convert(label, item, type_) for item in given)
        return tuple(item for item in read if item is not UNSET)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return what a list has, as the text has it."""
        return tuple(self._texts(_MEMBERS[key][0], self.items(key)))

    def current(self) -> str | None:
        """Return the current server."""
        server = self.get("currentServer", None)
        return next(self._texts("Current DNS Server", (server,) if server else ()), None)

    def _texts(self, label: str, items: tuple[Any, ...]) -> Iterator[str]:
        for item in items:
            try:
                yield item.text()
            except ValueError:
                self._leave(label, msgspec.to_builtins(item))

    def _convert(self, label: str, value: Any, type_: Any) -> Any:
        try:
            return msgspec.convert(value, type_)
        except msgspec.ValidationError:
            self._leave(label, value)
            return UNSET

    def _leave(self, label: str, value: Any) -> None:
        self.unread.append(f"{label}: {msgspec.json.encode(value).decode()}")


def parse(text: str) -> Parsed | None:
    """Read the JSON form; ``None`` for what is none, or has no configuration."""
    try:
        data = msgspec.json.decode(text, type=list[Any])
    except (msgspec.DecodeError, RecursionError):
        return None
    if is_too_deep(data):
        return None
    readers = [_Reader(item) for item in data if _is_configuration(item)]
    if not readers:
        return None
    links = tuple(map(_link, readers))
    main = next((r for r, link in zip(readers, links, strict=True) if not (link.interface or link.delegate)), None)
    resolved = Resolved(
        mode=main.get("resolvConfMode", None) if main else None,
        links=links,
        fallback=main.texts("fallbackServers") if main else (),
        negative_trust_anchors=tuple(main.get("negativeTrustAnchors", [])) if main else (),
        global_demoted=True,
        has_delegates=True,
    )
    unread = [msgspec.json.encode(item).decode() for item in data if not _is_configuration(item)]
    return Parsed(resolved, (*unread, *(part for reader in readers for part in reader.unread)))


def _is_configuration(item: Any) -> bool:
    return isinstance(item, dict) and not _MEMBERS.keys().isdisjoint(item)


def _link(reader: _Reader) -> ResolvedLink:
    scopes = reader.items("scopes")
    tls = reader.get("dnsOverTLS", next((s.dns_over_tls for s in scopes if s.protocol == "dns"), None))
    return ResolvedLink(
        interface=reader.get("ifname", None),
        delegate=reader.get("delegate", None),
        servers=reader.texts("servers"),
        domains=reader.texts("searchDomains"),
        default_route=reader.get("defaultRoute", None),
        scopes=tuple(dict.fromkeys(scope.text() for scope in scopes)),
        protocols=(f"DNSOverTLS={tls}",) if tls else (),
        current_server=reader.current(),
        index=reader.get("ifindex", None),
        dnssec=reader.get("dnssec", None),
    )
