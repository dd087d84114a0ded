"""A rule by which the forwarder on this host answers the name itself, in place of sending it to a server."""

from __future__ import annotations

from sddoctor.causes.host.evidence import answer_in_words, host_evidence, resolver_evidence
from sddoctor.causes.host.forwarder_includes import restart
from sddoctor.causes.model import Evidence, Finding, Fix
from sddoctor.resolution.model import Entry
from sddoctor.text.shell import command
from sddoctor.trail.forwarders import its_configuration
from sddoctor.trail.host_answers import can_resolve_zone, only_host_fails
from sddoctor.trail.known_zone import knows_zone
from sddoctor.trail.trail import Trail


def kept_by_forwarder(trail: Trail, *, beside_a_right_rule: bool) -> Finding | None:
    """Return what such a rule does, where a right one stands beside it or where none does.

    dnsmasq(8), ``local`` and ``address``; unbound.conf(5), ``local-zone``; a zone of a BIND's own.
    """
    choice, config = trail.host.choice, its_configuration(trail)
    if choice.kind != "forwarder" or choice.stub is None or choice.servers or config is None or not choice.matched:
        return None
    if bool(_right(trail)) is not beside_a_right_rule or not only_host_fails(trail):
        return None
    if choice.matched != trail.name and knows_zone(trail, choice.stub):
        return None
    source = next((r.source for r in config.entries if r.domain == choice.matched and not r.servers), choice.source)
    asked = trail.answers.was_queried(choice.stub)
    right = [Evidence(e.source, e.domain, tuple(map(str, e.servers))) for e in _right(trail)[:1]]
    passed_by = f", and the right rule in {right[0].source} is not used" if right else ""
    said = answer_in_words(trail, choice.stub) if asked else ""
    return Finding(
        summary=f"{config.program} on this host answers {choice.matched} itself ({source}): it forwards {trail.name} to no server{passed_by}.",
        detail="A rule by which a forwarder answers a domain from its own data decides before, or in place of, one that forwards it.",
        evidence=(
            Evidence(source, choice.matched, "answered by itself", str(trail.answers.vpc_server)),
            *right,
            *((Evidence(f"dns @{choice.stub} A", trail.name, said, "addresses"),) if asked else ()),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(
            Fix(
                f"Take {source} out of the configuration of {config.program}"
                + ("" if right else f", forward {choice.matched} to {trail.answers.vpc_server}")
                + ", then restart it",
                trail.host.platform,
                restart(trail, config),
                f"{config.program} forwards the domain again.",
                f"{command('dig', f'@{choice.stub.address}', trail.name)} prints the addresses.",
            ),
        ),
        would_tell=None if asked else command("dig", f"@{choice.stub.address}", trail.name),
    )


def _right(trail: Trail) -> list[Entry]:
    """Return the rules in force that would lead to the VPC resolver."""
    return [e for e in trail.host.domain_entries if any(can_resolve_zone(trail, s) for s in e.servers)]
