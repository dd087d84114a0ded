"""Which formats a host uses, and where the files of one belong: into the folder that its program reads there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from sddoctor.cli import params, streams

if TYPE_CHECKING:
    from sddoctor.case.forwarder import ForwarderConfig
    from sddoctor.observe.host.source import HostSource
    from sddoctor.splitdns.format import Format

#: How each program is told to read the folder that is usual.
_INCLUDES = {
    "dnsmasq": "conf-dir=/etc/dnsmasq.d/,*.conf",
    "unbound": 'include-toplevel: "/etc/unbound/unbound.conf.d/*.conf"',
}
_RESOLVED = "/run/systemd/resolve"


def formats_of(name: str | None, root: Path | None, namespace: str) -> tuple[Format, ...]:
    """Return the format that was named, or those that the host uses, the best one first, each with its place there."""
    from sddoctor.observe.host.source import HostRootError, RunningHost, open_root
    from sddoctor.splitdns.formats import BY_NAME, FORMATS

    try:
        host: HostSource = RunningHost() if root is None else open_root(root)
    except HostRootError as error:
        raise params.usage_error(str(error)) from error
    formats = tuple(BY_NAME[n] for n in ([name] if name else _usual(host, namespace)))
    form = formats[0]
    if form.directory is None:
        by_file = ", ".join(f.name for f in FORMATS if f.directory is not None)
        raise params.usage_error(
            f"{form.title} is not set up by a file on this host ({by_file} are): print it with 'resolver generate'."
        )
    if root is None and form.platform != host.platform:
        raise params.usage_error(f"{form.title} is not for this host, which is {host.platform}.")
    return tuple(placed(f, _configuration(host, f.name, namespace)) for f in formats)


def placed(form: Format, seen: ForwarderConfig | None) -> Format:
    """Return the format of a forwarder with the last folder that it was seen to read. An earlier one may be within a clause."""
    if seen is None or not seen.folders or form.directory in seen.folders:
        return form
    by_manager = seen.path.startswith("/etc/NetworkManager/")
    after = (*form.after[:-1], ("systemctl", "restart", "NetworkManager")) if by_manager else form.after
    return structs.replace(form, directory=seen.folders[-1], main=seen.path, after=after)


def require_read(form: Format, root: Path | None, namespace: str) -> None:
    """Refuse to write a file that the program would not read."""
    from sddoctor.observe.host.source import RunningHost, open_root

    host: HostSource = RunningHost() if root is None else open_root(root)
    seen = _configuration(host, form.name, namespace)
    if seen is None or seen.folders or seen.doubt:
        return
    raise params.usage_error(
        f"{form.title} on this host reads no folder, so the file would have no effect: add the line {_INCLUDES[form.name]} to "
        f"{seen.path} first, or what 'resolver generate' prints."
    )


def _configuration(host: HostSource, program: str, namespace: str) -> ForwarderConfig | None:
    """Return the configuration of a forwarder, where it has files, and they are wholly understood."""
    if program not in _INCLUDES or host.platform != "linux":
        return None
    from sddoctor.case.seen import Seen
    from sddoctor.observe.host import forwarders

    found = next((f for f in forwarders.read(host, namespace) if f.program == program), None)
    files = found.files if found is not None else None
    return found if isinstance(files, Seen) and files.value and not files.unread else None


def _usual(host: HostSource, namespace: str) -> tuple[str, ...]:
    from sddoctor.case.seen import Seen

    if host.platform != "linux":
        return ("macos",) if host.platform == "macos" else ("windows-nrpt",)
    if isinstance(host.list(_RESOLVED), Seen):
        names = _of_systemd(host)
        streams.tell(f"Format: {names[0]}, by {_RESOLVED}.")
        return names
    directories = {"dnsmasq": "/etc/dnsmasq.d", "unbound": "/etc/unbound/unbound.conf.d"}
    for name, directory in directories.items():
        seen = _configuration(host, name, namespace)
        if seen is not None or isinstance(host.list(directory), Seen):
            streams.tell(f"Format: {name}, by {directory if seen is None else seen.path}.")
            return (name,)
    raise params.usage_error("This host shows neither systemd-resolved nor dnsmasq nor unbound: give a --format.")


def _of_systemd(host: HostSource) -> tuple[str, ...]:
    """Prefer a delegate, which needs no link, where systemd reads it: ``systemd 258 (258.2-1)`` is the first line."""
    from sddoctor.splitdns.resolved import DELEGATE, DELEGATES_SINCE, RESOLVED

    found = re.match(r"systemd ([0-9]{1,5})", host.run(("resolvectl", "--version")).seen_or(""))
    has_delegates = found is not None and int(found[1]) >= DELEGATES_SINCE
    return (DELEGATE.name, RESOLVED.name) if has_delegates else (RESOLVED.name, DELEGATE.name)
