"""One transport to the resolver works and the other does not."""

from __future__ import annotations

from sddoctor.case.dns import Answer, Probe, Server
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.trail import Trail, optional


@cause(
    "udp-53-blocked",
    hop="network",
    at=("path", "servers"),
    symptoms=("silence",),
    title="UDP 53 to the resolver is blocked, TCP 53 is not",
)
def udp_53_blocked(trail: Trail) -> Finding | None:
    """Several UDP queries, one of them without EDNS, get no answer, and TCP does. RFC 7766, section 5"""
    for server in _servers(trail):
        udp, tcp = _by_transport(trail, server)
        lost = [p for p in udp if p.lost]
        if len(lost) < 2 or len(lost) != len(udp) or not any(p.edns is None for p in lost) or not _answers(tcp):
            continue
        return Finding(
            summary=f"UDP 53 to the VPC resolver {server} is blocked on the way; TCP 53 gets through.",
            detail="Ordinary look-ups use UDP and time out, while a test by TCP works and misleads.",
            evidence=(
                Evidence(f"dns @{server} A by UDP", trail.name, f"{len(lost)} questions, no answer", "an answer"),
                Evidence(f"dns @{server} A by TCP", trail.name, listed(_answers(tcp)[0].addresses) or "an answer"),
            ),
            fixes=(
                Fix(
                    f"Allow UDP 53 to {server} in the firewall and in the VPN's access rules",
                    "vpn",
                    verified_by=f"dig @{server.address} {trail.name} answers without +tcp.",
                ),
            ),
        )
    return None


@cause(
    "tcp-53-blocked",
    hop="network",
    at=("path", "servers", "program"),
    symptoms=("silence", "SERVFAIL"),
    severity="warning",
    title="TCP 53 to the resolver is blocked",
)
def tcp_53_blocked(trail: Trail) -> Finding | None:
    """UDP is answered and TCP is not; an error when the UDP answer is truncated or programs use TCP only, else a risk. RFC 7766, section 5

    Certain when TCP was refused, or lost more than once; one query without an answer may be a lost packet.
    """
    for server in _servers(trail):
        udp, tcp = _by_transport(trail, server)
        answers = _answers(udp)
        if not answers or not tcp or not all(p.lost for p in tcp):
            continue
        truncated = any(a.truncated for a in answers)
        needed = truncated or _programs_use_tcp(trail)
        says = "truncated" if truncated else listed(answers[0].addresses) or answers[0].rcode
        return Finding(
            summary=f"TCP 53 to the VPC resolver {server} is blocked on the way; "
            + (
                "answers that do not fit into UDP are lost."
                if truncated
                else "programs on this host use nothing else (use-vc)."
                if needed
                else "small answers still get through by UDP."
            ),
            detail="An answer that does not fit into a UDP packet is marked truncated and asked again by TCP.",
            evidence=(
                Evidence(f"dns @{server} A by UDP", trail.name, says),
                Evidence(f"dns @{server} A by TCP", trail.name, _why(tcp[0]), "an answer"),
            ),
            fixes=(
                Fix(
                    f"Allow TCP 53 to {server} in the firewall and in the VPN's access rules",
                    "vpn",
                    verified_by=f"dig +tcp @{server.address} {trail.name} answers.",
                ),
            ),
            severity="error" if needed else "warning",
            kind=None if needed else "risk",
            would_tell=None
            if len(tcp) > 1 or _was_refused(tcp[0])
            else command("dig", "+tcp", f"@{server.address}", trail.name),
        )
    return None


def _programs_use_tcp(trail: Trail) -> bool:
    """Tell whether resolv.conf makes programs ask by TCP only. resolv.conf(5)"""
    conf = optional(lambda: trail.host.facts.resolv_conf.value)
    return conf is not None and "use-vc" in conf.options and trail.host.choice.kind in ("resolv.conf", "forwarder")


def _servers(trail: Trail) -> list[Server]:
    return [r.server for r in trail.answers.resolvers]


def _by_transport(trail: Trail, server: Server) -> tuple[list[Probe], list[Probe]]:
    probes = [p for p in trail.answers.probes_for(server, rdtype="A") if p.plain]
    return [p for p in probes if p.transport == "udp"], [p for p in probes if p.transport == "tcp"]


def _answers(probes: list[Probe]) -> list[Answer]:
    return [p.outcome.value for p in probes if isinstance(p.outcome, Seen)]


def _was_refused(probe: Probe) -> bool:
    return isinstance(probe.outcome, Unreachable) and probe.outcome.kind == "refused"


def _why(probe: Probe) -> str:
    return probe.outcome.why if isinstance(probe.outcome, Unreachable) else "no answer"
