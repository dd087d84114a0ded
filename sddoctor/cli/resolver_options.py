"""What the resolver commands have in common: a domain, a format, and the servers that can resolve it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from sddoctor.case.dns import Server
from sddoctor.cli import flags, params, streams
from sddoctor.cli.status import ExitStatus

if TYPE_CHECKING:
    from sddoctor.case.vpc import InboundEndpoint, Vpc
    from sddoctor.observe.aws.zone_resolvers import ZoneResolvers
    from sddoctor.splitdns.format import Format
    from sddoctor.splitdns.model import SplitDns

#: Seconds for reading AWS, and for the query that shows which resolver answers this host.
_AWS_SECONDS, _QUERY_SECONDS = 15.0, 2.0
FORMATS = (
    "macos", "systemd-resolved", "systemd-dns-delegate", "networkmanager", "dnsmasq", "unbound", "bind", "coredns",
    "windows-nrpt", "openvpn", "wireguard", "client-vpn", "tailscale", "netbird", "nebula",
)  # fmt: skip
#: Those that are files of a host.
INSTALLED = ("macos", "systemd-resolved", "systemd-dns-delegate", "dnsmasq", "unbound")


class ConfigurationOptions(Struct, frozen=True):
    """Which configuration is wanted, from the command line."""

    domain: str
    nameserver: tuple[Server, ...]
    reverse: bool
    cidr: tuple[str, ...]
    vpc: str | None
    interface: str | None
    region: str | None
    profile: str | None


#: The options of :class:`ConfigurationOptions`.
configuration_options = flags.together(
    flags.nameserver("A server that can resolve the domain; AWS is then not asked."),
    click.option("--reverse", is_flag=True, help="Also the reverse zones of the VPC's ranges, or of --cidr."),
    click.option("--cidr", metavar="CIDR", multiple=True, help="An IPv4 range whose reverse zones go the same way."),
    click.option(
        "--vpc", metavar="VPC", callback=params.vpc, help="Which of several VPCs that can resolve the domain."
    ),
    click.option("--interface", metavar="NAME", help="systemd-resolved: the tunnel's interface; default: tun0."),
    flags.region,
    flags.profile,
)


def warn(form: Format, domain: str) -> None:
    """Tell what the user should know before relying on the configuration."""
    for sentence in form.warnings(domain):
        streams.tell(f"Warning: {sentence}")


def configuration(wanted: ConfigurationOptions) -> SplitDns:
    """Return the configuration, from the command line or with the help of AWS."""
    from sddoctor.splitdns.model import LINK, SplitDnsError, checked_domain, make, reverse_zones

    try:
        domain = checked_domain(wanted.domain)
        if not wanted.domain.isascii():
            streams.tell(f"{wanted.domain} is {domain} in DNS.")
        servers, ranges = wanted.nameserver, wanted.cidr
        if not servers:
            found = _from_aws(domain, wanted)
            if found.zone != domain:
                streams.tell(f"{domain} is in the private zone {found.zone}: the configuration is for that zone.")
            domain, servers = found.zone, _servers(found)
            ranges = ranges or (_ranges(found.vpc) if wanted.reverse else ())
        elif wanted.reverse and not ranges:
            raise params.usage_error(
                "With --nameserver nothing is known of a VPC: give the ranges for --reverse with --cidr."
            )
        zones = tuple(zone for cidr in ranges for zone in reverse_zones(cidr))
        return make(domain, servers, zones, wanted.interface or LINK)
    except SplitDnsError as error:
        raise params.usage_error(str(error)) from error


def _from_aws(domain: str, wanted: ConfigurationOptions) -> ZoneResolvers:
    from sddoctor.cli import aws_settings
    from sddoctor.observe.aws import zone_resolvers
    from sddoctor.observe.budget import Budget

    aws_settings.check(wanted.profile, wanted.region)
    try:
        return zone_resolvers.find(domain, wanted.region, wanted.profile, wanted.vpc, Budget(_AWS_SECONDS))
    except zone_resolvers.NoResolverError as error:
        raise params.usage_error(str(error)) from error
    except zone_resolvers.NotSeenError as error:
        needs = f" It needs {error.gap.needs}; or give the server with --nameserver." if error.gap.needs else ""
        streams.tell(f"Error: {error}{needs}")
        raise click.exceptions.Exit(ExitStatus.UNDECIDED) from error


def _ranges(vpc: Vpc) -> tuple[str, ...]:
    return tuple(c for c in vpc.cidrs or (vpc.cidr,) if ":" not in c)


def _servers(found: ZoneResolvers) -> tuple[Server, ...]:
    """Prefer VPC+2. Inbound endpoints are for hosts that it does not answer."""
    for gap in found.unseen:
        streams.tell(f"Not seen: {gap.what} ({gap.why}).")
    plus_two = Server(found.vpc.resolver)
    label = f"{found.vpc.id} ({found.vpc.name})" if found.vpc.name else found.vpc.id
    note = f"{plus_two} is the resolver of {label}"
    if found.others:
        note += f"; {', '.join(v.id for v in found.others)} would do too (--vpc)"
    if not found.endpoints:
        streams.tell(f"{note}.")
        return (plus_two,)
    endpoints = tuple(Server(a) for e in _of_vpc(found) for a in e.addresses)
    if not _serves(found.zone, (plus_two,)) and _serves(found.zone, endpoints):
        streams.tell(f"{plus_two}, the resolver of {label}, does not answer this host; its inbound endpoints do.")
        return endpoints[:2]
    addresses = ", ".join(str(s) for s in endpoints)
    streams.tell(f"{note}. For hosts that it does not serve there are inbound endpoints: {addresses} (--nameserver).")
    return (plus_two,)


def _of_vpc(found: ZoneResolvers) -> tuple[InboundEndpoint, ...]:
    own = tuple(e for e in found.endpoints if e.vpc_id == found.vpc.id)
    return own or found.endpoints


def _serves(zone: str, servers: tuple[Server, ...]) -> bool:
    """Tell whether one of the servers returns the zone's SOA."""
    from functools import partial

    from sddoctor.observe.dns.network import network_of_environment
    from sddoctor.observe.dns.query import Query, send_query
    from sddoctor.observe.work import run_all

    network = network_of_environment()
    queries = [partial(send_query, Query(s, zone, "SOA"), network, _QUERY_SECONDS) for s in servers]
    answers = [probe.outcome.peek() for probe in run_all(queries)]
    return any(a is not None and any(r.type == "SOA" and r.owner == zone for r in a.answers) for a in answers)
