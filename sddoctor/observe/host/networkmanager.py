"""The dnsmasq that NetworkManager starts for itself. NetworkManager.conf(5), ``dns=dnsmasq``"""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.observe.host.config_files import text_of
from sddoctor.observe.host.source import HostSource

#: Where its own servers stand while programs are sent to a local one.
SERVERS = "/run/NetworkManager/no-stub-resolv.conf"
#: As NetworkManager 1.46 starts it.
COMMAND_LINE = (
    "dnsmasq",
    "--no-resolv",
    "--no-hosts",
    "--bind-interfaces",
    "--listen-address=127.0.0.1",
    "--conf-file=/dev/null",
    "--enable-dbus=org.freedesktop.NetworkManager.dnsmasq",
    "--conf-dir=/etc/NetworkManager/dnsmasq.d",
)
_MAIN = "/etc/NetworkManager/NetworkManager.conf"
#: Directories of further files, those that count most last.
_BEFORE = ("/usr/lib/NetworkManager/conf.d", "/run/NetworkManager/conf.d")
_AFTER = "/etc/NetworkManager/conf.d"


def starts_dnsmasq(source: HostSource) -> bool:
    """Tell whether its configuration says that it starts a dnsmasq: the last ``dns`` of ``[main]`` counts."""
    said = [value for text in _texts(source) for value in _values(text)]
    return said[-1:] == ["dnsmasq"]


def _texts(source: HostSource) -> Iterator[str]:
    paths = [f"{d}/{n}" for d in _BEFORE for n in _names(source, d)]
    paths += [_MAIN, *(f"{_AFTER}/{n}" for n in _names(source, _AFTER))]
    for path in paths:
        text = text_of(source.read(path))
        if text is not None:
            yield text


def _names(source: HostSource, directory: str) -> list[str]:
    return [n for n in source.list(directory).seen_or(()) if n.endswith(".conf")]


def _values(text: str) -> Iterator[str]:
    """Yield what ``dns`` is set to in the section ``[main]``."""
    section = ""
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        key, _, value = (part.strip() for part in line.partition("="))
        if section == "main" and key == "dns":
            yield value
