"""The local DNS forwarders that are configured on this host: dnsmasq and unbound."""

from __future__ import annotations

from sddoctor.case.host import ForwarderConfig
from sddoctor.case.seen import Seen
from sddoctor.formats.host import dnsmasq, resolv_conf, unbound
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.observe.host.source import HostSource

_PREFIXES = {"linux": ("",), "macos": ("/opt/homebrew", "/usr/local"), "windows": ()}
_MOST_FILES = 200


def read(source: HostSource, name: str) -> tuple[ForwarderConfig, ...]:
    """Return the forwarders that are configured; whether the host queries one is not decided here."""
    found: list[ForwarderConfig] = []
    for prefix in _PREFIXES[source.platform]:
        files = _files(source, f"{prefix}/etc/dnsmasq.conf", f"{prefix}/etc/dnsmasq.d")
        if files:
            upstream = _upstream(source, dnsmasq.resolv_file(files))
            found.append(dnsmasq.parse(files, name, files[0][0], upstream))
        files = (
            _files(source, "/etc/NetworkManager/dnsmasq.conf", "/etc/NetworkManager/dnsmasq.d") if not prefix else []
        )
        if files:
            # NetworkManager sends its own dnsmasq the servers over D-Bus; they are in no file.
            found.append(dnsmasq.parse(files, name, files[0][0]))
        files = _files(source, f"{prefix}/etc/unbound/unbound.conf", f"{prefix}/etc/unbound/unbound.conf.d")
        if files:
            found.append(unbound.parse(files, name, files[0][0]))
    return tuple(found)


def _files(source: HostSource, main: str, directory: str) -> list[tuple[str, str]]:
    names = (source.list(directory).seen_or(()))[:_MOST_FILES]
    skipped = ("~", ".bak", ".dpkg-dist", ".dpkg-old", ".dpkg-new")
    paths = [f"{directory}/{n}" for n in names if not n.endswith(skipped) and not n.startswith((".", "#"))]
    contents = ((path, source.read(path)) for path in (main, *paths))
    return [(path, fact.value.decode("utf-8", "replace")) for path, fact in contents if isinstance(fact, Seen)]


def _upstream(source: HostSource, path: str) -> tuple[str, ...]:
    fact = source.read(path)
    if not isinstance(fact, Seen):
        return ()
    return tuple(a for a in resolv_conf.parse(fact.value, path).listed if not is_loopback(a))
