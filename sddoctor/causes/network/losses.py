"""Answers that get lost: now and then, or when they are large."""

from __future__ import annotations

from sddoctor.case.dns import Probe, Server
from sddoctor.case.seen import Seen
from sddoctor.causes.commands import read_only
from sddoctor.causes.host.forwarder_fixes import add
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import command
from sddoctor.text.words import count, listed
from sddoctor.trail.forwarders import its_configuration
from sddoctor.trail.trail import Trail, optional

#: A single lost packet is no pattern: this many queries, and this share of them lost, make one.
_QUESTIONS, _SHARE = 20, 0.1


def _servers(trail: Trail) -> list[Server]:
    return [r.server for r in trail.answers.resolvers]


def _udp(trail: Trail, server: Server) -> list[Probe]:
    return [p for p in trail.answers.probes_for(server, rdtype="A", transport="udp") if p.plain]


@cause(
    "resolver-drops-queries",
    hop="network",
    at=("path",),
    symptoms=("now-and-then",),
    severity="warning",
    ceiling="likely",
    title="The resolver leaves some questions unanswered",
)
def resolver_drops_queries(trail: Trail) -> Finding | None:
    """Of twenty or more equal queries at least one in ten had no reply, and others had the right answer.

    1024 packets a second for each interface: https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    for server in _servers(trail):
        probes = [p for p in _udp(trail, server) if p.edns == 1232]
        lost = [p for p in probes if p.lost]
        answered = [p for p in probes if isinstance(p.outcome, Seen) and p.outcome.value.answers]
        if len(probes) < _QUESTIONS or not answered or len(lost) < _SHARE * len(probes):
            continue
        return Finding(
            summary=f"{server} left {len(lost)} of {count(len(probes), 'equal question')} unanswered, so {trail.name} resolves only now and then.",
            detail=(
                "A lossy link looks like this. So does the limit of 1024 packets a second from one network interface to the VPC "
                "resolver, where the excess is dropped without a trace."
            ),
            evidence=(
                Evidence(
                    f"dns @{server} A by UDP", trail.name, f"{len(lost)} of {len(probes)} without reply", "all answered"
                ),
            ),
            fixes=(
                Fix("Put a cache in front on the host, so that fewer questions are sent", "linux"),
                _limit(trail, server),
                Fix("Back off after NXDOMAIN, and keep connections open", "app"),
            ),
        )
    return None


def _limit(trail: Trail, server: Server) -> Fix:
    """Return how an instance shows whether the limit is hit: this one, or the one that passes the queries on.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-network-performance-ena.html
    """
    route = optional(lambda: trail.host.route(server.address))
    if trail.host.surroundings.has("ec2") and route is not None and route.interface:
        shown = f"{command('ethtool', '-S', route.interface)} | grep linklocal_allowance_exceeded"
        return read_only("See whether the limit is hit (with ethtool)", shown, "linux")
    return Fix(
        "On the EC2 instance that the queries leave by, if there is one (a VPN server), see whether the limit is hit; INTERFACE is "
        "its interface",
        "linux",
        config="ethtool -S INTERFACE | grep linklocal_allowance_exceeded",
    )


@cause(
    "large-answers-lost",
    hop="network",
    at=("path", "servers"),
    symptoms=("silence",),
    title="Large answers get lost on the way (MTU or EDNS)",
)
def large_answers_lost(trail: Trail) -> Finding | None:
    """Queries with a large EDNS size go unanswered; those with a small one or none, and by TCP, do not.

    RFC 6891, section 6.2.3; RFC 9715
    """
    for server in _servers(trail):
        udp = _udp(trail, server)
        large = [p for p in udp if p.edns is not None and p.edns >= 1232]
        small = [p for p in udp if p.edns is None or p.edns <= 512]
        tcp = list(trail.answers.probes_for(server, rdtype="A", transport="tcp"))
        if not large or not all(p.lost for p in large):
            continue
        if not any(isinstance(p.outcome, Seen) for p in small) or not any(isinstance(p.outcome, Seen) for p in tcp):
            continue
        sizes = listed(sorted({str(p.edns) for p in large}))
        return Finding(
            summary=f"Answers of {server} to questions with EDNS get lost on the way; small ones and TCP get through.",
            detail=(
                "An answer above the tunnel's packet size is fragmented and dropped, or a device on the way drops EDNS. Nothing "
                "tells the client to try TCP, so it waits for nothing. It begins when the service grows."
            ),
            evidence=(
                Evidence(f"dns @{server} A by UDP, EDNS size {sizes}", trail.name, "no answer", "an answer"),
                Evidence(f"dns @{server} A by UDP, EDNS size 512 or none", trail.name, "an answer"),
                Evidence(f"dns @{server} A by TCP", trail.name, "an answer"),
            ),
            fixes=(
                _offer_less(trail, max((p.edns or 0 for p in small if isinstance(p.outcome, Seen)), default=0)),
                Fix("Set the tunnel's MTU, and clamp MSS to what the path carries", "vpn", config="mssfix 1300"),
            ),
        )
    return None


def _offer_less(trail: Trail, passed: int) -> Fix:
    """Return how the local forwarder offers a size that got through; 512 is the least. RFC 6891, section 6.2.3

    unbound.conf(5) edns-buffer-size, dnsmasq(8) edns-packet-max
    """
    size = max(512, passed)
    title = f"Let the local resolver offer {size} bytes, which get through"
    texts = {"unbound": f"server:\n    edns-buffer-size: {size}\n", "dnsmasq": f"edns-packet-max={size}\n"}
    own = optional(lambda: its_configuration(trail))
    if own is not None and own.program in texts:
        return add(trail, own, "edns-size", texts[own.program], title)
    return Fix(f"{title} (unbound shown)", "linux", config=texts["unbound"].removesuffix("\n"))
