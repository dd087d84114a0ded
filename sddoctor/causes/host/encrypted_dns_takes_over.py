"""An encrypted-DNS setting bypasses the entry for this domain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sddoctor.case.seen import Gap, UnseenFactError
from sddoctor.causes.host.evidence import choice_evidence, host_evidence
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.formats.host import system_extensions
from sddoctor.stations.model import DENIED
from sddoctor.text.shell import command
from sddoctor.text.words import in_order
from sddoctor.trail.entry_names import at_start, choice_name
from sddoctor.trail.host_answers import agrees_with_vpc_resolver
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional

#: Where resolvers designate encrypted ones (RFC 9462), and the first macOS that was seen to send every query to such a one.
_DESIGNATION, _FIRST_VERSION = "_dns.resolver.arpa", 26


@cause(
    "encrypted-dns-takes-over",
    hop="host",
    at=("program",),
    symptoms=DENIED,
    ceiling="likely",
    title="An encrypted-DNS setting bypasses the entry for this domain",
)
def encrypted_dns_takes_over(trail: Trail) -> Finding | None:
    """The Mac's entry leads to a server that answers rightly, and programs are told that the name does not exist.

    And something is there that can take their queries: a DNS proxy extension, or a network that designates an encrypted resolver.
    https://github.com/tailscale/tailscale/issues/20890 https://www.rfc-editor.org/rfc/rfc9462 https://www.rfc-editor.org/rfc/rfc9463
    """
    if trail.host.platform != "macos" or trail.queries_srv or trail.client_answer.addresses or not trail.host.servers:
        return None
    server = trail.host.servers[0]
    answer = trail.answer_of(server, "A")
    if not answer.addresses or not agrees_with_vpc_resolver(trail, answer):
        return None
    signs = tuple(_signs(trail))
    if not signs:
        raise UnseenFactError(
            Gap(
                "whether encrypted DNS takes the queries of programs",
                "a user's commands show neither profiles nor what the network designates by DHCP",
                _would_tell(trail),
            )
        )
    zone = domain_to_route(trail)
    return Finding(
        summary=(
            f"{at_start(choice_name(trail))} sends {zone} to {server}, which answers rightly, and programs are told that "
            f"{trail.name} does not exist: encrypted DNS probably takes their queries ({signs[0].subject})."
        ),
        detail=(
            "Where the network designates an encrypted resolver, or a profile or a DNS proxy sets one, macOS may send every query "
            "there, those for the domains of a VPN or of /etc/resolver too; scutil --dns shows nothing of it, and dig goes past it. "
            "A remembered answer looks the same until the cache is flushed (os-cache-stale)."
        ),
        evidence=(
            *signs,
            Evidence(f"dns @{server} A", trail.name, in_order(answer.addresses)),
            choice_evidence(trail),
            host_evidence(trail),
        ),
        fixes=_fixes(trail, zone),
        would_tell=_would_tell(trail),
    )


def _signs(trail: Trail) -> Iterator[Evidence]:
    """Yield what can take the queries of programs on this Mac."""
    for extension in optional(lambda: trail.host.facts.network_extensions.value) or ():
        if extension.active and extension.named_for_dns:
            yield Evidence(system_extensions.COMMAND, f"{extension.name} ({extension.bundle})", "activated enabled")
    if not _designation_is_followed(trail.host.facts.version):
        return
    for probe in trail.answers.probes:
        said = probe.outcome.seen_or(None) if probe.name == _DESIGNATION and probe.type == "SVCB" else None
        records = tuple(r.data for r in said.answers if r.type == "SVCB") if said is not None else ()
        if records:
            subject = f"the network's resolver {probe.server} designates one"
            yield Evidence(f"dns @{probe.server} SVCB {_DESIGNATION}", subject, records)


def _designation_is_followed(version: str) -> bool:
    major = re.match(r"[0-9]+", version)
    return major is not None and int(major.group()) >= _FIRST_VERSION


def _would_tell(trail: Trail) -> str:
    look = command("dscacheutil", "-q", "host", "-a", "name", trail.name)
    return f"{look}, after a flush, and again on another network or with the extension off"


def _fixes(trail: Trail, zone: str) -> tuple[Fix, ...]:
    verify = (
        f"{command('dscacheutil', '-q', 'host', '-a', 'name', trail.name)} prints the addresses on the same network."
    )
    return (
        Fix(
            "Find what installs it",
            "macos",
            (system_extensions.COMMAND, "sudo profiles list"),
            "Nothing: it only reads.",
        ),
        Fix(
            f"Except {zone} in that filter or profile; on a network that designates a resolver set its DNS servers by hand, or "
            "leave it",
            "macos",
            verified_by=verify,
        ),
        Fix("Or let the VPN take all DNS while it is connected", "vpn", verified_by=verify),
    )
