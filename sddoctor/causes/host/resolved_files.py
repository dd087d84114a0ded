"""Files of systemd-resolved as fixes: what they say holds for the whole host, and for good."""

from __future__ import annotations

from sddoctor.causes.model import Fix
from sddoctor.text.shell import command, write_file
from sddoctor.trail.trail import Trail


def has_delegates(trail: Trail) -> bool:
    """Tell whether this host's systemd-resolved is known to have DNS delegates: version 258 or later."""
    status = trail.host.facts.resolved.seen_or(None)
    return status is not None and status.has_delegates


def delegate(trail: Trail, title: str, name: str, text: str) -> Fix:
    """Return the file of a DNS delegate, which ties servers to domains without a link. systemd.dns-delegate(5)"""
    return written(trail, title, f"/etc/systemd/dns-delegate.d/{name}.dns-delegate", f"[Delegate]\n{text}")


def zone_delegate(trail: Trail, zone: str, server: str) -> Fix:
    """Return the delegate that sends one domain to one server."""
    title = f"With a DNS delegate of systemd-resolved for {zone}, whichever links are up"
    return delegate(trail, title, zone, f"DNS={server}\nDomains=~{zone}\n")


def global_server(trail: Trail, zone: str, server: str) -> Fix:
    """Return the drop-in for the global setting. Its lists add up over all files, so those of others are cleared.

    Several servers there would be taken for equals. resolved.conf(5), https://github.com/systemd/systemd/issues/20119
    """
    status = trail.host.facts.resolved.seen_or(None)
    own = [k for k in (status.links if status is not None else ()) if k.interface is None and k.delegate is None]
    others = [s for scope in own for s in scope.servers if s != server]
    clear = "DNS=\n" if others else ""
    title = (
        f"With systemd-resolved, in place of its global servers {', '.join(others)}"
        if others
        else "With systemd-resolved"
    )
    path = f"/etc/systemd/resolved.conf.d/{'99-' if others else ''}{zone}.conf"
    fix = written(trail, title, path, f"[Resolve]\n{clear}DNS={server}\nDomains=~{zone}\n")
    more = f"Sends {zone} to {server} alone; names that no link has a domain for may be asked there as well."
    return Fix(
        fix.title, fix.where, fix.commands, f"{fix.changes} {more}", fix.verified_by, file=path, content=fix.content
    )


def written(trail: Trail, title: str, path: str, content: str) -> Fix:
    """Return the fix that writes a file, into a directory that need not exist, and lets it be read."""
    make = command("sudo", "mkdir", "-p", path.rpartition("/")[0])
    commands = (make, write_file(path, content), "sudo systemctl restart systemd-resolved")
    changes = f"Writes {path} and restarts systemd-resolved."
    verify = f"{command('resolvectl', 'query', trail.name)} prints the addresses."
    return Fix(title, "linux", commands, changes, verify, file=path, content=content)
