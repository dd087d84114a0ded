"""systemd-resolved demands TLS of every server: no name resolves, and the setting is the reason."""

from __future__ import annotations

from msgspec.structs import replace

from sddoctor.case.case import Case
from sddoctor.case.seen import Unreachable
from tests.changed_cases import host, said

WORLD = "dns-over-tls-enforced"


def no_reply(case: Case) -> Case:
    """The stub answers nothing at all, as where its servers of all names have no TLS either."""
    lost = Unreachable("an answer", "no reply", "a server", kind="silence")
    probes = tuple(
        replace(p, outcome=lost) if p.server.address.startswith("127.") else p for p in case.place.dns.probes
    )
    return replace(case, places=(replace(case.place, dns=replace(case.place.dns, probes=probes)), *case.places[1:]))


def without_tls(case: Case) -> Case:
    status = case.place.host.value.resolved.value
    plain = [tuple(x.replace("+DNSOverTLS", "-DNSOverTLS") for x in link.protocols) for link in status.links]
    links = tuple(replace(link, protocols=p) for link, p in zip(status.links, plain, strict=True))
    return host(resolved=replace(status, links=links))(case)


def test_what_demands_tls_is_not_a_host_without_a_resolver() -> None:
    assert said(WORLD, WORLD, no_reply) is not None
    assert said("no-working-resolver", WORLD, no_reply) is None
    assert said("no-working-resolver", WORLD, no_reply, without_tls) is not None
