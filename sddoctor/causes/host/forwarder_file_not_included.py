"""The forwarder's file for this domain exists and is not read."""

from __future__ import annotations

from sddoctor.case.forwarder import NO_PROCESS, ForwarderConfig, ForwarderRule
from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.causes.host.evidence import host_evidence, resolver_evidence
from sddoctor.causes.host.forwarder_includes import have_read, restart
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.forwarders import its_configuration, own_forwarder, right_rules_aside
from sddoctor.trail.host_answers import can_resolve_zone, only_host_fails, server_answer
from sddoctor.trail.known_zone import knows_zone
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional


@cause(
    "forwarder-file-not-included",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    title="The forwarder's file for this domain exists and is not read",
    explains=("split-dns-missing",),
    platforms=("linux", "macos"),
)
def forwarder_file_not_included(trail: Trail) -> Finding | None:
    """A file has the right rule for the domain, nothing includes it, and the forwarder does not know the zone.

    dnsmasq(8), conf-dir; unbound.conf(5), include. What it answers counts: a rule that is included and not followed is
    newer than the running program.
    """
    forwarder, stub = its_configuration(trail), own_forwarder(trail)
    if forwarder is None or stub is None or not only_host_fails(trail):
        return None
    if trail.answers.was_queried(stub) and knows_zone(trail, stub):
        return None
    aside = right_rules_aside(trail, forwarder)
    if not aside:
        return _not_restarted(trail, forwarder)
    denies = knows_zone(trail, stub) is False
    known = forwarder.in_force if forwarder.doubt == NO_PROCESS else forwarder.files
    files = forwarder.files.value if denies else known.whole
    zone, rule = domain_to_route(trail), aside[0]
    path = _path(rule)
    proved = denies and forwarder.running and optional(lambda: forwarder.in_force.whole) is not None
    return Finding(
        summary=(
            f"{rule.source} sends {zone} to {listed(map(str, rule.servers))}, and {forwarder.program} on this host ({stub}) "
            f"{'does not read that file' if proved else 'does not seem to read that file'}: nothing includes it."
        ),
        detail=(
            f"{forwarder.program} reads {forwarder.path} and what that includes, with the options of its command line. "
            "It does not look into other files of its directory, nor at those that a pattern leaves out."
        ),
        evidence=(
            Evidence(rule.source, zone, tuple(str(s) for s in rule.servers)),
            Evidence(f"files of {forwarder.program} in force", "files", files or (forwarder.path,), path),
            *_answer(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(have_read(trail, forwarder, path),),
        would_tell=None if proved else command("ps", "-o", "args", "-C", forwarder.program),
    )


def _not_restarted(trail: Trail, forwarder: ForwarderConfig) -> Finding | None:
    """Return the finding where the rule is in force by the files, and the forwarder's own answer shows that it is not."""
    choice, stub = trail.host.choice, own_forwarder(trail)
    is_routed = choice.kind == "forwarder" and bool(choice.matched)
    if stub is None or not is_routed or not any(can_resolve_zone(trail, s) for s in choice.servers):
        return None
    if not trail.answers.was_queried(stub):
        what, needs = f"what {forwarder.program} at {stub} answers", f"dig @{stub.address} {trail.name}, on that host"
        raise UnseenFactError(Gap(what, "it was not queried", needs))
    if knows_zone(trail, stub) is not False:
        return None
    zone, program, servers = domain_to_route(trail), forwarder.program, listed(map(str, choice.servers))
    return Finding(
        summary=(
            f"{choice.source} sends {zone} to {servers}, and {program} on this host ({stub}) probably has not read that file "
            f"yet: it does not know {trail.name}."
        ),
        detail="What a forwarder answers counts before its files. A file that is newer than the running program is not in force.",
        evidence=(
            Evidence(choice.source, zone, servers),
            *_answer(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(
            Fix(
                f"Restart {program}",
                trail.host.platform,
                restart(trail, forwarder),
                f"{program} reads its files again.",
                f"{command('dig', f'@{stub.address}', trail.name)} prints the addresses.",
            ),
        ),
        would_tell=f"the answer of {program} after a restart",
    )


def _answer(trail: Trail) -> tuple[Evidence, ...]:
    stub = own_forwarder(trail)
    answer = server_answer(trail, stub) if stub is not None else None
    if answer is None:
        return ()
    soa = f", SOA of {answer.soa.owner or 'the root'}" if answer.soa else ""
    return (Evidence(f"dns @{stub} A", trail.name, f"{answer.rcode}{soa}", "addresses"),)


def _path(rule: ForwarderRule) -> str:
    file, _, line = rule.source.rpartition(":")
    return file if line.isdigit() else rule.source
