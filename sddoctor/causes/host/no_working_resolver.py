"""This host has no working resolver at all."""

from __future__ import annotations

from sddoctor.case.dns import PUBLIC_NAME, Server
from sddoctor.case.seen import Absent, Gap, Unreachable, UnseenFactError
from sddoctor.causes.host.evidence import host_evidence
from sddoctor.causes.host.place_fixes import of_place
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.formats.host import scutil
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import command, write_file
from sddoctor.text.words import listed
from sddoctor.trail.forwarders import asked_for_all_names
from sddoctor.trail.host_answers import can_resolve_zone, is_amazons, may_be_of_another_vpc, only_host_fails
from sddoctor.trail.trail import Trail, optional

_RESOLV_CONF = "/etc/resolv.conf"
#: Of a query that comes back at once.
_REJECTED = ("refused", "no-route")
_STUBS = ("127.0.0.53", "127.0.0.54")
_STUB_FILE = "../run/systemd/resolve/stub-resolv.conf"


@cause(
    "no-working-resolver",
    hop="host",
    at=("servers", "stub", "program"),
    symptoms=FAILED,
    title="This host has no working resolver at all",
    explains=("split-dns-missing", "resolver-file-wrong-nameserver", "container-dns-forwarder"),
)
def no_working_resolver(trail: Trail) -> Finding | None:
    """Whom programs query for every name is not there: no reply by UDP nor TCP, for a public name neither. resolv.conf(5)

    Or there is no list of servers, and libc queries the host itself.
    """
    if trail.client_is_in_vpc or trail.client_answer.addresses:
        return None
    if isinstance(trail.host.facts.scutil, Absent) and trail.host.platform == "macos":
        return _without_configuration(trail) if only_host_fails(trail) else None
    asked = asked_for_all_names(trail)
    if not asked or _is_judged_elsewhere(trail, asked):
        return None
    if any(trail.answers.responds(s) or trail.answers.garbled(s) for s in asked):
        return None
    without_file = trail.host.platform == "linux" and isinstance(trail.host.facts.resolv_conf, Absent)
    nobody = all(_may_be_dead(trail, s) or trail.answers.was_queried(s) for s in asked)
    without_list = (without_file or _names_nobody(trail)) and nobody
    dead = all(_is_dead(trail, s) for s in asked)
    if not without_list and all(_may_be_dead(trail, s) for s in asked) and not _was_denied(trail):
        what, needs = f"whether anything answers at {asked[0]}", command("dig", f"@{asked[0].address}", PUBLIC_NAME)
        raise UnseenFactError(Gap(what, "it was not queried", needs))
    if not (without_list or dead or all(trail.answers.silent(s) for s in asked)):
        return None
    if not dead and not only_host_fails(trail):
        return None  # the name may fail everywhere
    servers = listed(map(str, asked))
    whom = f"programs query {servers}, where {'nothing answers' if dead else 'usually nothing listens'}"
    if without_list and not without_file:
        summary = f"{_RESOLV_CONF} names no server, so {whom}."
    elif without_list:
        summary = f"There is no {_RESOLV_CONF} on this host, or it is a link to nowhere, so {whom}."
    else:
        summary = f"No name resolves on this host: {whom if dead else f'programs query {servers}, which is silent'}."
    return Finding(
        summary=summary,
        detail="Every name fails, not those of this namespace alone: what this name does says nothing of split DNS or of AWS.",
        evidence=(
            Evidence(_RESOLV_CONF if trail.host.platform == "linux" else "settings", "servers of all names", servers),
            *(_reply(trail, s) for s in asked if dead),
            host_evidence(trail),
        ),
        fixes=_fixes(trail, asked, without_list=without_list),
        would_tell=None if dead else command("dig", f"@{asked[0].address}", PUBLIC_NAME),
    )


def _without_configuration(trail: Trail) -> Finding:
    """macOS says itself that it has no resolver: then it does not read /etc/resolver either."""
    says = "No DNS configuration available"
    return Finding(
        summary=f"No name resolves on this host: macOS has no DNS configuration at all ({scutil.COMMAND}: {says}).",
        detail="No network service with a name server is up. Files in /etc/resolver are not read then.",
        evidence=(Evidence(scutil.COMMAND, "resolvers", says), host_evidence(trail)),
        fixes=(
            Fix(
                "Connect this Mac to a network, and the VPN after that",
                "macos",
                ("scutil --nwi",),
                "The command shows which interfaces are up. The network, or the VPN, brings a name server.",
                f"{scutil.COMMAND} lists resolvers.",
            ),
        ),
    )


def _is_judged_elsewhere(trail: Trail, asked: tuple[Server, ...]) -> bool:
    """Tell whether the way to a right server is what is missing, Amazon's address is, or a line of the list cannot be read.

    systemd-resolved that demands TLS of its servers leaves every query without a reply where they have none.
    """
    conf = trail.host.facts.resolv_conf.seen_or(None)
    misread = conf is not None and not conf.listed and trail.host.platform == "linux" and not _names_nobody(trail)
    of_vpc = any(is_amazons(s) or optional(lambda s=s: can_resolve_zone(trail, s)) for s in asked)  # type: ignore[misc]
    if any(may_be_of_another_vpc(trail, s) for s in asked):
        trail.vpc.facts.vpcs.value  # noqa: B018 - raises: it may be a VPC's, to which the way is missing
    choice = trail.host.decided.seen_or(None)
    kept = choice is not None and (choice.kind in ("nss", "multicast", "hosts-file") or bool(choice.tls))
    return misread or of_vpc or kept


def _was_denied(trail: Trail) -> bool:
    """Tell whether a program was told that the name does not exist: somebody answered it. getent says that of any failure."""
    answer = trail.client_answer
    return answer.error == "not found" and not answer.source.startswith("getent")


def _names_nobody(trail: Trail) -> bool:
    """Tell whether resolv.conf has no line with a server, nor one that cannot be read as that."""
    conf = trail.host.facts.resolv_conf.seen_or(None)
    if conf is None or trail.host.platform != "linux":
        return False
    return not conf.listed and not any("nameserver" in line.text.lower() for line in conf.ignored)


def _is_dead(trail: Trail, server: Server) -> bool:
    """Tell whether the server replies to no name: nobody listens there, or a public name gets no reply either."""
    if _refuses(trail, server):
        return True
    public = trail.answers.probes_for(server, name=PUBLIC_NAME)
    return trail.answers.silent(server) and any(p.lost for p in public)


def _refuses(trail: Trail, server: Server) -> bool:
    """Tell whether each query comes back at once: no program listens, or there is no way. RFC 1122, section 4.1.3.1"""
    sent = list(trail.answers.probes_for(server))
    return bool(sent) and all(getattr(p.outcome, "kind", None) in _REJECTED for p in sent)


def _reply(trail: Trail, server: Server) -> Evidence:
    said = "no answer, by UDP nor TCP"
    if _refuses(trail, server):
        said = next(o.why for p in trail.answers.probes_for(server) if isinstance(o := p.outcome, Unreachable))
    return Evidence(f"dns @{server} A", trail.name, said)


def _may_be_dead(trail: Trail, server: Server) -> bool:
    """Tell whether nothing shows that a program listens at an address of this host: it was not queried, nor seen to run."""
    if not is_loopback(server.address) or trail.answers.was_queried(server):
        return False
    if server.address in _STUBS:
        return trail.host.facts.resolved.seen_or(None) is None
    return not any(f.serves(server) and (f.running or not f.doubt) for f in trail.host.facts.forwarders)


def _fixes(trail: Trail, asked: tuple[Server, ...], *, without_list: bool) -> tuple[Fix, ...]:
    """Return how programs get a server again: the program that should answer here, or another server."""
    if trail.host.platform != "linux":
        return ()
    verify = f"{command('getent', 'ahosts', PUBLIC_NAME)} prints addresses, of {trail.name} too."
    programs = dict.fromkeys(f.program for f in trail.host.facts.forwarders if any(f.serves(s) for s in asked))
    if any(s.address in _STUBS for s in asked):
        programs = {"systemd-resolved": None}
    fixes = [
        Fix(
            f"Start {program}, which should answer there",
            "linux",
            (command("sudo", "systemctl", "enable", "--now", program),),
            f"Starts {program} now and with the host.",
            verify,
        )
        for program in programs
        if all(is_loopback(s.address) for s in asked)
    ]
    if optional(lambda: trail.host.facts.resolved.value) is not None and without_list:
        paste = command("sudo", "ln", "-sf", _STUB_FILE, _RESOLV_CONF)
        fixes.append(
            Fix("Link the file of systemd-resolved again", "linux", (paste,), f"Replaces {_RESOLV_CONF}.", verify)
        )
    server = optional(lambda: trail.answers.vpc_server.address if trail.answers.vpc_addresses else None)
    if server is not None and trail.host.surroundings.is_inside:
        fixes += of_place(trail, server)
    elif server is not None and "systemd-resolved" not in programs:
        content = f"nameserver {server}\n"
        fixes.append(
            Fix(
                "Name a server, unless another program manages the file: then start that program, or link its file again",
                "linux",
                # What is written through a link to nowhere is lost.
                (f"{command('sudo', 'rm', '-f', _RESOLV_CONF)} && {write_file(_RESOLV_CONF, content)}",),
                f"Takes the link away, if there is one, and writes {_RESOLV_CONF}: every name is then asked of {server}.",
                verify,
            )
        )
    return tuple(fixes)
