"""The entry for this domain is right, but not in force."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.host import ResolverFile
from sddoctor.causes.commands import dig, write
from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.forwarder_fixes import append
from sddoctor.causes.host.linux_fixes import bring_into_force
from sddoctor.causes.host.split_dns_fixes import FLUSH_MACOS, resolver_file
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.formats.host import resolvectl, scutil
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.host_answers import only_host_fails
from sddoctor.trail.known_zone import host_knows_zone, tells_unasked
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.not_taken_up import file_not_listed
from sddoctor.trail.passed_by import PassedBy, passed_by, unread_file
from sddoctor.trail.trail import Trail

#: Who else writes resolv.conf: its name, the file in which that is switched off, and the content.
_WRITERS = {
    "NetworkManager": ("NetworkManager", "/etc/NetworkManager/conf.d/dns.conf", "[main]\ndns=systemd-resolved\n"),
    "wsl": ("WSL", "/etc/wsl.conf", "[network]\ngenerateResolvConf=false\n"),
}


@cause(
    "entry-not-in-force",
    hop="host",
    at=("servers",),
    symptoms=(*FAILED, "foreign"),
    title="The entry for this domain is right, but not in force",
    platforms=("linux", "macos"),
)
def entry_not_in_force(trail: Trail) -> Finding | None:
    """A local resolver routes the domain to the VPC resolver, and programs ask the servers of resolv.conf in its place.

    Linux: the file is no link to systemd-resolved's, and nsswitch.conf does not ask it. macOS: a VPN wrote the server into
    /etc/resolv.conf, which nothing there reads. systemd-resolved.service(8), resolver(5)
    """
    if not only_host_fails(trail) or host_knows_zone(trail):
        return None
    if trail.host.platform == "macos":
        return _on_macos(trail)
    unused = passed_by(trail)
    if unused is None:
        return None
    zone, asked = domain_to_route(trail), listed(map(str, trail.host.servers))
    return Finding(
        summary=f"{unused.program} on this host sends {unused.domain or zone} to {unused.server}, but programs query {asked} "
        f"for {trail.name}: {trail.host.choice.source} does not name {unused.program}.",
        detail=f"What {unused.program} is told has no effect on programs that do not ask it. Its own tools look right.",
        evidence=(
            Evidence(unused.source, f"servers for {unused.domain or 'every name'}", str(unused.server)),
            *((Evidence(f"dns @{unused.listens} A", trail.name, "the addresses"),) if unused.proved else ()),
            *_mode(trail),
            choice_evidence(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=_of_resolved(trail) if unused.program == "systemd-resolved" else _of_forwarder(trail, unused),
        would_tell=None if unused.proved else _would_tell(trail, unused),
    )


def _mode(trail: Trail) -> tuple[Evidence, ...]:
    """Return what systemd-resolved says of the file: that others write it, or that it has the servers of the links."""
    status = trail.host.facts.resolved.seen_or(None)
    if status is None or status.mode not in ("foreign", "uplink", "static"):
        return ()
    return (Evidence(resolvectl.COMMAND, "resolv.conf mode", status.mode, "stub"),)


def _would_tell(trail: Trail, unused: PassedBy) -> str:
    if unused.program == "systemd-resolved":
        return command("resolvectl", "query", trail.name)
    return dig(unused.listens, trail.name, "A")


def _of_resolved(trail: Trail) -> tuple[Fix, ...]:
    """Return how programs come to ask systemd-resolved, and how who wrote the file leaves it alone.

    NetworkManager.conf(5), https://learn.microsoft.com/windows/wsl/wsl-config
    """
    verify = f"{command('getent', 'ahosts', trail.name)} prints the addresses."
    link = bring_into_force(trail)
    conf = trail.host.facts.resolv_conf.seen_or(None)
    writer = _WRITERS.get(conf.generator or "") if conf is not None else None
    if writer is None:
        return link
    name, path, content = writer
    changes = f"Adds to {path}; it holds once {name} is started anew."
    title = f"And tell {name} to leave the file alone"
    return (*link, Fix(title, "linux", (append(path, content),), changes, verify, config=content.removesuffix("\n")))


def _of_forwarder(trail: Trail, unused: PassedBy) -> tuple[Fix, ...]:
    path = trail.host.choice.source
    return (
        write(
            f"Let programs ask {unused.program}, which has the entry, unless another program manages the file",
            path,
            f"nameserver {unused.listens.address}\n",
            f"Replaces {path}: every name is then asked of {unused.program}.",
            f"{command('getent', 'ahosts', trail.name)} prints the addresses.",
        ),
    )


def _on_macos(trail: Trail) -> Finding | None:
    if (found := file_not_listed(trail)) is not None:
        return _not_listed(trail, *found)
    right, path = unread_file(trail), trail.host.facts.resolv_conf.value.path
    if right is None:
        return None
    return Finding(
        summary=f"{path} names {right}, but macOS does not read it: programs query {listed(map(str, trail.host.servers))} "
        f"for {trail.name}.",
        detail="dig and host read that file, and look right. A VPN has to tell macOS its servers, not this file.",
        evidence=(
            Evidence(path, "nameserver", str(right)),
            choice_evidence(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(resolver_file(domain_to_route(trail), right.address, trail.name),),
        would_tell=tells_unasked(trail),
    )


def _not_listed(trail: Trail, file: ResolverFile, right: Server) -> Finding:
    """macOS reads the directory when it changes; what it made of the file is in the list, or nothing is."""
    asked = listed(map(str, trail.host.servers)) or "no server"
    return Finding(
        summary=f"{file.path} sends {file.domain} to {right}, but macOS has not taken it up: {scutil.COMMAND} does not list "
        f"it, and programs query {asked} for {trail.name}.",
        detail="The file looks right. macOS reads /etc/resolver when it changes and when the network changes; a file that it "
        "could not read then is left out until the next change.",
        evidence=(
            Evidence(file.path, "nameserver", str(right)),
            Evidence(scutil.COMMAND, f"resolver for {file.domain}", "none", str(right)),
            choice_evidence(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(
            Fix(
                "Let macOS read the file anew",
                "macos",
                (command("sudo", "chmod", "644", file.path), command("sudo", "touch", file.path), FLUSH_MACOS),
                "Changes no setting. Where it is still not listed, switch the network off and on.",
                f"{scutil.COMMAND} lists {file.domain}.",
            ),
        ),
        would_tell=scutil.COMMAND,
    )
