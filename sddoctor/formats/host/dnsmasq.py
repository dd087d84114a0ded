"""How a dnsmasq on this host resolves a name (https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html)."""

from __future__ import annotations

from collections.abc import Iterable

from sddoctor.case.dns import Server
from sddoctor.case.host import ForwarderConfig, ForwarderRule
from sddoctor.case.name import fold_name
from sddoctor.formats.host.addresses import server_at
from sddoctor.formats.host.names import covers

_MOST_ENTRIES = 500


class _Settings:
    def __init__(self) -> None:
        self.entries: list[ForwarderRule] = []
        self.standard: list[Server] = []
        self.as_standard: list[tuple[str, str]] = []
        self.flags: set[str] = set()
        self.rebind_ok: list[str] = []


def parse(files: Iterable[tuple[str, str]], name: str, path: str, upstream: tuple[str, ...] = ()) -> ForwarderConfig:
    """Read configuration files (path and text). ``upstream`` are the servers of its resolv-file."""
    settings = _Settings()
    for file, text in files:
        for number, raw in enumerate(text.splitlines(), 1):
            line = _without_comment(raw)
            key, _, value = (part.strip() for part in line.partition("="))
            if key:
                _setting(key, value.strip('"'), f"{file}:{number}", settings)
    standard = list(settings.standard)
    if "no-resolv" not in settings.flags:
        standard += [Server(address) for address in upstream if Server(address) not in standard]
    entries = settings.entries + [
        ForwarderRule(where, domain, tuple(standard)) for domain, where in settings.as_standard
    ]
    if standard:
        entries.append(ForwarderRule(path, "", tuple(standard)))
    return ForwarderConfig(
        "dnsmasq",
        path,
        rebind_filter="stop-dns-rebind" in settings.flags,
        rebind_exempt=any(covers(domain, name) for domain in settings.rebind_ok),
        entries=tuple(entries[:_MOST_ENTRIES]),
        validates="dnssec" in settings.flags,
    )


def resolv_file(files: Iterable[tuple[str, str]]) -> str:
    """Return the file with the standard servers of dnsmasq."""
    found = "/etc/resolv.conf"
    for _, text in files:
        for raw in text.splitlines():
            key, _, value = (part.strip() for part in _without_comment(raw).partition("="))
            if key == "resolv-file" and value:
                found = value
    return found


def _without_comment(line: str) -> str:
    if line.lstrip().startswith("#"):
        return ""
    for mark in (" #", "\t#"):
        line = line.split(mark, 1)[0]
    return line


def _setting(key: str, value: str, where: str, settings: _Settings) -> None:
    if key in ("server", "local", "address"):
        _server(key, value, where, settings)
    elif key == "rebind-domain-ok":
        settings.rebind_ok += [part for part in value.split("/") if part]
    elif key in ("stop-dns-rebind", "no-resolv", "dnssec"):
        settings.flags.add(key)


def _server(key: str, value: str, where: str, settings: _Settings) -> None:
    if not value.startswith("/"):
        server = _address(value)
        if server and key == "server":
            settings.standard.append(server)
        return
    *domains, target = value[1:].split("/")
    for domain in filter(None, domains):
        bare = fold_name(domain.removeprefix("*").removeprefix("."))
        if target == "#" and key != "address":
            settings.as_standard.append((bare, where))
            continue
        server = _address(target) if key != "address" else None
        if target and server is None and key != "address":
            continue
        # Without a target, and for address=, dnsmasq answers itself.
        settings.entries.append(ForwarderRule(where, bare, (server,) if server else ()))


def _address(text: str) -> Server | None:
    """Read ``10.10.0.2#5353@tun0``."""
    word, _, port = text.partition("@")[0].partition("#")
    return server_at(word, port)
