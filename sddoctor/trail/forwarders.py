"""The forwarder on this host that programs query: its configuration, and what its own answers show of that."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import ForwarderConfig, ForwarderRule
from sddoctor.case.name import is_below
from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.formats.host.resolv_conf import NO_SERVER
from sddoctor.resolution.model import dns_servers
from sddoctor.trail.host_answers import can_resolve_zone
from sddoctor.trail.trail import Trail

#: Docker's forwarder has no rules of its own. https://docs.docker.com/engine/network/#dns-services
_DOCKER = Server("127.0.0.11")


def own_forwarder(trail: Trail) -> Server | None:
    """Return the address of this host at which a forwarder is queried, ``None`` where programs query other servers.

    Where systemd-resolved stands before it, its own stub is not meant.
    """
    choice = trail.host.choice
    stub = choice.stub if choice.stub_is != "systemd-resolved" else None
    return stub or next((s for s in choice.servers[:1] if is_loopback(s.address)), None)


def asked_for_all_names(trail: Trail) -> tuple[Server, ...]:
    """Return the servers that programs query for every name: those of resolv.conf on Linux, else those of the default.

    None where an entry for a domain decides, whose servers are queried for that domain alone.
    """
    facts = trail.host.facts
    if facts.platform == "linux":
        conf = facts.resolv_conf.or_none()
        return dns_servers(conf.effective if conf is not None else NO_SERVER)
    return () if trail.host.choice.matched.lstrip("~.*") else trail.host.servers


def its_configuration(trail: Trail) -> ForwarderConfig | None:
    """Return the configuration of the forwarder that programs query, if one that was seen can listen there."""
    server = own_forwarder(trail)
    found = [f for f in trail.host.facts.forwarders if server is not None and f.serves(server)]
    return found[0] if len(found) == 1 else None


def right_rules_aside(trail: Trail, forwarder: ForwarderConfig) -> tuple[ForwarderRule, ...]:
    """Return the rules that would send the name to the VPC, in files that the forwarder does not include.

    None where a rule in force has a domain of the name: then that one decides.
    """
    if any(r.domain and is_below(trail.name, r.domain) for r in forwarder.entries):
        return ()
    return tuple(r for r in forwarder.aside if any(can_resolve_zone(trail, s) for s in r.servers))


def require_known_upstream(trail: Trail) -> None:
    """Raise where to whom the forwarder sends the name is not known, and it was not queried either: its answer counts."""
    choice, stub = trail.host.choice, own_forwarder(trail)
    if any(trail.answers.was_queried(s) for s in choice.servers[:1]):
        return
    if choice.unknown is not None:
        raise UnseenFactError(choice.unknown)
    if stub is not None and choice.stub is None and stub != _DOCKER and its_configuration(trail) is None:
        what, needs = (
            f"the rules of what listens at {stub}",
            f"the configuration of that program, or an answer of {stub}",
        )
        raise UnseenFactError(Gap(what, "no configuration that was seen is of a forwarder there", needs))
