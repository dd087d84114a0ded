"""A hand-made name, sound at every station, and what a test lets come out of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.dns import EDNS_SIZE, Answer, DnsFacts, Probe, Role, Rr, Server, VpcResolver, unanswered
from sddoctor.case.host import HostFacts, InterfaceAddress, Lookup, LookupResult, ResolvConf, Resolved, ResolvedLink
from sddoctor.case.seen import Absent, Seen
from sddoctor.case.vpc import ClientVpc
from sddoctor.stations.breaks import Path, follow
from sddoctor.trail.trail import Trail
from tests.unit.causes.ecs import ecs_case
from tests.unit.causes.ecs.ecs_case import NAME, task

ZONE = "example.internal"
ONE, TWO = "10.10.1.1", "10.10.1.2"
VPC, HOME, SECOND, STUB = Server("10.10.0.2"), Server("192.168.1.1"), Server("192.168.1.2"), Server("127.0.0.53")
TASKS = (task(1), task(2))

#: What one server says, each time or query by query; ``None`` is silence.
Said: TypeAlias = Answer | list[Answer | None] | None
#: What programs get: addresses, or an error; or each of several look-ups.
Got: TypeAlias = tuple[str, ...] | str | list[tuple[str, ...] | str]


def a(*addresses: str) -> Answer:
    """An answer with these addresses."""
    return Answer("NOERROR", answers=tuple(Rr(NAME, "AAAA" if ":" in x else "A", 10, x) for x in addresses))


def soa(owner: str = ZONE, primary: str = "ns-1536.awsdns-00.co.uk") -> Rr:
    """The SOA of a zone. RFC 1035, section 3.3.13"""
    return Rr(owner, "SOA", 15, f"{primary} awsdns-hostmaster.amazon.com 1 7200 900 1209600 86400")


def denial(rcode: str = "NXDOMAIN", *authority: Rr) -> Answer:
    """A denial; without a record of authority it does not say whose it is."""
    return Answer(rcode, authority=authority)


SOUND = a(ONE, TWO)


def path_case(
    tasks: tuple[Any, ...] = TASKS,
    *,
    vpc: Said = SOUND,
    servers: Mapping[Server, Said] | None = None,
    stub: Said | bool = False,
    gets: Got = (ONE, TWO),
    families: tuple[str, ...] = ("192.168.1.20/24",),
    more: tuple[Probe, ...] = (),
    **of_aws: Any,
) -> Case:
    """Build the case. ``servers`` are those of resolv.conf (default: the VPC resolver), or behind the ``stub``."""
    found = ecs_case.case(tasks, **of_aws)
    asked = servers if servers is not None else {VPC: vpc}
    probes = [*_probes(VPC, "vpc", vpc), *more]
    for server, said in asked.items():
        probes += _probes(server, "host", said) if server != VPC else ()
    listed = tuple(s.address for s in asked)
    host = HostFacts(
        "linux",
        libc="glibc",
        nss=Absent("nsswitch.conf", "/etc/nsswitch.conf"),
        hosts=Absent("the hosts file", "/etc/hosts"),
        resolv_conf=Seen(ResolvConf("/etc/resolv.conf", listed, listed), "/etc/resolv.conf"),
        resolved=Absent("systemd-resolved", "resolvectl"),
        lookups=tuple(_lookups(gets)),
        addresses=Seen(tuple(_interface(f) for f in families), "ip address"),
    )
    if stub is not False:
        probes += _probes(STUB, "host", stub)  # type: ignore[arg-type]
        own = (STUB.address,)
        link = ResolvedLink("wlan0", listed, default_route=True, scopes=("DNS",))
        host = replace(
            host,
            resolv_conf=Seen(ResolvConf("/etc/resolv.conf", own, own), "/etc/resolv.conf"),
            resolved=Seen(Resolved(links=(link,)), "resolvectl status"),
        )
    resolvers = Seen((VpcResolver(VPC, "vpc-1", "vpc+2"),), "ec2:DescribeVpcs")
    place = replace(found.place, host=Seen(host, "this host"), dns=DnsFacts(resolvers, tuple(probes)))
    return replace(found, places=(place,))


def for_client_vpc(case: Case) -> Case:
    """The same, asked for a client in the VPC."""
    vpc = replace(case.aws.vpc, client=Seen(ClientVpc("vpc-1", "option"), "--client-vpc"))
    return replace(case, asked=replace(case.asked, client_vpc="vpc-1"), aws=replace(case.aws, vpc=vpc))


def asked_for_soa(server: Server, said: Answer, role: Role = "host") -> Probe:
    """An explicit query for the zone's SOA."""
    return Probe(server, role, ZONE, "SOA", "udp", Seen(said, "dns"), edns=EDNS_SIZE)


def with_soa(*records: Rr) -> Answer:
    """The answer to such a query."""
    return Answer("NOERROR", ("AA",), answers=records)


def unseen_view(case: Case, **facts: Any) -> Case:
    """Replace facts of the namespace."""
    (view,) = case.aws.cloudmap.views
    cloudmap = replace(case.aws.cloudmap, views=(replace(view, **facts),))
    return replace(case, aws=replace(case.aws, cloudmap=cloudmap))


def path_of(case: Case) -> Path:
    return follow(Trail(case))


def breaks_of(case: Case) -> list[str]:
    """Return the breaks as ``station symptom``, with the addresses concerned where there are some."""
    return [" ".join([b.at, b.symptom, *sorted(b.addresses)]) for b in path_of(case).breaks]


def _probes(server: Server, role: Role, said: Said) -> Iterator[Probe]:
    each = said if isinstance(said, list) else [said]
    for answer in each:
        outcome = unanswered("an answer", server, "no answer", "silence") if answer is None else Seen(answer, "dns")
        yield Probe(server, role, NAME, "A", "udp", outcome, edns=EDNS_SIZE)
    if all(answer is None for answer in each):
        yield Probe(server, role, NAME, "A", "tcp", unanswered("an answer", server, "no answer", "silence"))


def _lookups(gets: Got) -> Iterator[Lookup]:
    each = gets if isinstance(gets, list) else [gets]
    for number, got in enumerate(each):
        result = LookupResult(got) if isinstance(got, tuple) else LookupResult(error=got)
        yield Lookup(NAME, False, Seen(result, "getaddrinfo"))
        if number == 0:
            yield Lookup(NAME, True, Seen(result, "getaddrinfo"))


def _interface(text: str) -> InterfaceAddress:
    address, prefix = text.split("/")
    return InterfaceAddress("wlan0", address, int(prefix))
