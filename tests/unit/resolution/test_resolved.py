"""Routing of systemd-resolved."""

import pytest

from sddoctor.case.host import Resolved, ResolvedLink
from sddoctor.resolution.resolved import entries, route

NAME = "dev-api.example.internal"


def link(
    name: str | None, *servers: str, domains: str = "", default: bool | None = True, dns: bool = True
) -> ResolvedLink:
    return ResolvedLink(name, servers, tuple(domains.split()), default, ("DNS",) if dns else ())


def asked(*links: ResolvedLink, name: str = NAME, **more: object) -> list[str]:
    return [str(s) for s in route(name, Resolved(links=links, **more)).servers]  # type: ignore[arg-type]


WIFI = link("wlan0", "192.168.1.1", domains="lan")


@pytest.mark.parametrize(
    "domains", ["~example.internal", "example.internal", "~Example.Internal.", "~internal", "~internal x"]
)
def test_a_domain_beats_the_default_route(domains: str) -> None:
    assert asked(WIFI, link("tun0", "10.10.0.2", domains=domains, default=False)) == ["10.10.0.2"]


def test_longest_domain_wins() -> None:
    child = link("tun1", "10.0.0.3", domains="~dev-api.example.internal")
    parent = link("tun0", "10.10.0.2", domains="~example.internal ~.")
    assert asked(parent, child) == ["10.0.0.3"]
    assert asked(parent, child, name="a.example.com") == ["10.10.0.2"]


def test_catch_all_beats_mere_default_route() -> None:
    assert asked(link("wlan0", "192.168.1.1", domains="~. lan"), link("tun0", "10.10.0.2")) == ["192.168.1.1"]


def test_equal_domains_are_asked_together() -> None:
    found = route(
        NAME, Resolved(links=(link("a", "1.1.1.1", domains="~internal"), link("b", "2.2.2.2", domains="internal")))
    )
    assert [s.address for s in found.servers] == ["1.1.1.1", "2.2.2.2"]
    assert len(found.scopes) == 2


def test_default_routes_and_global() -> None:
    whole = link(None, "9.9.9.9", default=None, dns=False)
    assert asked(whole, WIFI, link("tun0", "10.10.0.2", default=False)) == ["192.168.1.1", "9.9.9.9"]
    assert asked(whole, WIFI, global_demoted=True) == ["192.168.1.1"]
    assert asked(whole, link("tun0", "10.10.0.2", default=False), global_demoted=True) == ["9.9.9.9"]
    assert asked(link(None, "9.9.9.9", domains="~example.internal", default=None), WIFI) == ["9.9.9.9"]


def test_links_without_dns_scope_are_unused() -> None:
    down = link("tun0", "10.10.0.2", domains="~example.internal", dns=False)
    assert asked(down, WIFI) == ["192.168.1.1"]
    assert asked(link("tun0", domains="~example.internal"), WIFI) == ["192.168.1.1"]
    assert {e.usable for e in entries(Resolved(links=(down,)))} == {False}


def test_unset_default_route() -> None:
    assert asked(link("a", "1.1.1.1", domains="~x.example", default=None)) == []
    assert asked(link("a", "1.1.1.1", domains="x.example", default=None)) == ["1.1.1.1"]
    assert asked(link("a", "1.1.1.1", default=None)) == ["1.1.1.1"]


def test_fallback_and_failure() -> None:
    assert asked(link("a", "1.1.1.1", default=False), fallback=("8.8.8.8#dns.google",)) == ["8.8.8.8"]
    failed = route(NAME, Resolved(links=(link("a", "1.1.1.1", default=False),)))
    assert failed.servers == ()
    assert "no appropriate name servers" in failed.why


@pytest.mark.parametrize(
    ("domains", "expected"),
    [
        ("~corp.local", ["10.10.0.2"]),
        ("corp.local", ["10.10.0.2"]),
        ("~local", ["10.10.0.2"]),
        ("~.", ["10.10.0.2"]),
        ("", []),
    ],
)
def test_local_names_need_a_domain(domains: str, expected: list[str]) -> None:
    tunnel = link("tun0", "10.10.0.2", domains=domains)
    assert asked(tunnel, name="dev-api.corp.local") == expected
    assert route("dev-api.corp.local", Resolved(links=(tunnel,))).kind == (
        "multicast" if not expected else "resolved-link"
    )


def test_current_server_comes_first() -> None:
    both = ResolvedLink("a", ("10.0.0.1", "fd00::1"), (), True, ("DNS",), (), "fd00::1")
    assert asked(both) == ["fd00::1", "10.0.0.1"]


def test_server_forms() -> None:
    forms = link("a", "1.1.1.1#name", "10.0.0.1:5353", "[fd00::1]:54#name", "fe80::1%2", "rubbish")
    assert asked(forms) == ["1.1.1.1", "10.0.0.1#5353", "fd00::1#54", "fe80::1%2"]


def test_entry_of_a_link_that_no_name_leads_to() -> None:
    (found,) = entries(Resolved(links=(link("tun0", "10.10.0.2", default=False),)))
    assert (found.domain, found.usable) == ("", False)
