"""Something between this host and the resolver answers in its place."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.seen import Seen
from sddoctor.causes.commands import read_only
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.stations.model import FAILED
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.answers import denier
from sddoctor.trail.trail import Trail

#: An address of a documentation range, where no server can be. RFC 5737
_NOBODY = "192.0.2.1"


@cause(
    "dns-intercepted",
    hop="network",
    at=("vpc-answer", "path", "servers"),
    symptoms=(*FAILED, "foreign", "now-and-then"),
    title="Something on the way answers in the resolver's place",
    # While something answers in its place, no answer is evidence about a resolver.
    explains=("resolver-of-another-vpc",),
)
def dns_intercepted(trail: Trail) -> Finding | None:
    """An address where no server can be answers, or UDP and TCP return answers of different zones, twice. RFC 5737

    Caches of the resolver can differ from one query to the next as well, so the latter is likely only.
    """
    for probe in trail.answers.probes_for(Server(_NOBODY)):
        if isinstance(probe.outcome, Seen):
            reply = listed(probe.outcome.value.addresses) or probe.outcome.value.rcode
            return _intercepted(
                f"Something on the way catches DNS questions: {_NOBODY}, where no server can be, answered {reply}.",
                (Evidence(f"dns @{_NOBODY} A", trail.name, reply, "no answer"),),
            )
    for server in (r.server for r in trail.answers.resolvers):
        by_udp, by_tcp = (_words(trail, server, t) for t in ("udp", "tcp"))
        if min(len(by_udp), len(by_tcp)) < 2 or len({*by_udp}) > 1 or len({*by_tcp}) > 1 or by_udp[0] == by_tcp[0]:
            continue
        if "the zone" not in (by_udp[0], by_tcp[0]):
            continue
        return _intercepted(
            f"Something on the way probably answers in the place of {server}: UDP brings the word of {by_udp[0]}, TCP that of {by_tcp[0]}.",
            (
                Evidence(f"dns @{server} A by UDP, {len(by_udp)} times", trail.name, f"the word of {by_udp[0]}"),
                Evidence(f"dns @{server} A by TCP, {len(by_tcp)} times", trail.name, f"the word of {by_tcp[0]}"),
            ),
            would_tell=command("dig", f"@{_NOBODY}", trail.name),
        )
    return None


def _words(trail: Trail, server: Server, transport: str) -> list[str]:
    """Return whose each answer of the server is: the zone's, or others'."""
    found = []
    for probe in trail.answers.probes_for(server, rdtype="A", transport=transport):
        answer = probe.outcome.seen_or(None)
        if answer is not None and not answer.truncated:
            found.append(
                "the zone" if answer.addresses or denier(answer, trail.zone.behind(answer)) == "zone" else "others"
            )
    return found


def _intercepted(summary: str, evidence: tuple[Evidence, ...], *, would_tell: str | None = None) -> Finding:
    return Finding(
        summary=summary,
        detail=(
            "A router, provider, security agent or VPN filter answers questions on port 53 itself, whichever server they "
            "are addressed to. A direct question to the VPC resolver is then not direct, and its answer proves nothing."
        ),
        evidence=evidence,
        fixes=(
            read_only("Find the filter and exclude the namespace", "systemextensionsctl list", "macos"),
            Fix("Carry the questions inside the tunnel, or use an inbound endpoint", "vpn"),
        ),
        would_tell=would_tell,
    )
