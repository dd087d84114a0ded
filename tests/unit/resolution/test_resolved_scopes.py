"""The scopes of systemd-resolved: several servers in one, delegates, and what was not understood."""

from __future__ import annotations

import pytest

from sddoctor.case.host import HostFacts, Resolved, ResolvedLink
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.formats.host import hosts_file, nsswitch, resolv_conf, resolvectl
from sddoctor.resolution.choose import choose
from sddoctor.resolution.model import Choice
from sddoctor.resolution.resolved import entries, route

NAME = "dev-api.example.internal"
WIFI = ResolvedLink("wlan0", ("192.168.1.1",), ("lan",), True, ("DNS",))


def delegate(
    *servers: str, domains: str = "", default: bool | None = False, current: str | None = None
) -> ResolvedLink:
    return ResolvedLink(None, servers, tuple(domains.split()), default, current_server=current, delegate="vpc")


def servers_of(*links: ResolvedLink, name: str = NAME, demoted: bool = True) -> list[str]:
    return [str(s) for s in route(name, Resolved(links=links, global_demoted=demoted)).servers]


def test_a_delegate_needs_no_link_and_has_its_domain_only() -> None:
    vpc = delegate("10.10.0.2", domains="~example.internal")
    assert servers_of(WIFI, vpc) == ["10.10.0.2"]
    assert servers_of(WIFI, vpc, name="www.example.com") == ["192.168.1.1"]
    found = route(NAME, Resolved(links=(WIFI, vpc)))
    assert (found.kind, found.link, found.matched) == ("resolved-delegate", None, "~example.internal")
    assert found.why == "the longest matching domain is ~example.internal on delegate vpc"


def test_a_delegate_is_a_default_route_only_where_it_says_so() -> None:
    everything = ResolvedLink(None, ("9.9.9.9",))
    assert servers_of(WIFI, delegate("10.10.0.2", default=True)) == ["192.168.1.1", "10.10.0.2"]
    assert servers_of(WIFI, delegate("10.10.0.2", default=None)) == ["192.168.1.1"]
    assert servers_of(everything, delegate("10.10.0.2", default=True)) == ["10.10.0.2"]
    assert servers_of(everything, delegate("10.10.0.2", default=False)) == ["9.9.9.9"]


def test_the_entry_of_a_delegate_names_it() -> None:
    vpc = delegate("10.10.0.2", domains="~example.internal")
    (found,) = entries(Resolved(links=(vpc,)))
    assert (found.kind, found.delegate, found.interface, found.usable) == ("resolved-delegate", "vpc", None, True)


def test_scopes_are_kept_apart_each_with_its_current_server_first() -> None:
    everything = ResolvedLink(None, ("9.9.9.9", "10.0.0.3"), ("~example.internal",), current_server="10.0.0.3")
    found = route(NAME, Resolved(links=(everything, delegate("10.10.0.2", domains="~example.internal"))))
    assert [[str(s) for s in scope] for scope in found.scopes] == [["10.0.0.3", "9.9.9.9"], ["10.10.0.2"]]
    assert found.kind == "resolved-global"


def test_a_global_scope_without_servers_uses_the_fallback_that_is_current() -> None:
    everything = ResolvedLink(None, (), ("~example.internal",), current_server="1.1.1.1#one.one.one.one")
    found = route(NAME, Resolved(links=(everything, WIFI), fallback=("8.8.8.8", "1.1.1.1#one.one.one.one")))
    assert [str(s) for s in found.servers] == ["1.1.1.1", "8.8.8.8"]


@pytest.mark.parametrize(
    ("of_global", "of_link", "tls"),
    [
        ("DNSOverTLS=yes", "", ["10.0.0.9"]),
        ("+DNSOverTLS", "-DNSOverTLS", ["10.0.0.9"]),
        ("-DNSOverTLS", "+DNSOverTLS", ["10.10.0.2"]),
        ("DNSOverTLS=opportunistic", "DNSOverTLS=opportunistic", []),
    ],
)
def test_what_is_queried_over_tls_only(of_global: str, of_link: str, tls: list[str]) -> None:
    links = (
        ResolvedLink(None, protocols=(of_global,)),
        ResolvedLink("tun0", ("10.10.0.2",), ("~internal",), False, ("DNS",), (of_link,)),
        ResolvedLink(None, ("10.0.0.9",), ("~internal",), delegate="office"),
    )
    assert [str(s) for s in route(NAME, Resolved(links=links)).tls] == tls


STATUS = """\
Global
         Protocols: -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported
  resolv.conf mode: stub

Link 2 (wlan0)
    Current Scopes: DNS
         Protocols: +DefaultRoute -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported
Current DNS Server: 192.168.1.1
       DNS Servers: 192.168.1.1
"""


def choice_of(status: str, hosts: str = "") -> Choice | str:
    facts = HostFacts(
        "linux",
        libc="glibc",
        hosts=Seen(hosts_file.parse(hosts.encode(), "/etc/hosts", NAME), "/etc/hosts"),
        nss=nsswitch.parse(b"hosts: files dns\n"),
        resolv_conf=Seen(
            resolv_conf.parse(b"nameserver 127.0.0.53\n", "/etc/resolv.conf", "glibc"), "/etc/resolv.conf"
        ),
        resolved=resolvectl.parse_status(status),
    )
    found = choose(NAME, facts)
    if isinstance(found, Seen):
        return found.value
    assert isinstance(found, Unreachable)
    return found.why


@pytest.mark.parametrize(
    "more",
    [
        "\nTunnel vpc\n       DNS Servers: 10.10.0.2\n        DNS Domain: ~example.internal\n",
        "       VPN Servers: 10.10.0.2\n",
        "       VPN Servers: fd00:ec2::253\n",
        "       DNS Servers: 10.10.0.2 \N{HORIZONTAL ELLIPSIS}\n",
        "        DNS Domain: ~example.internal ...\n",
        "     Route Domains: ~internal\n",
        "     Default Route: maybe\n",
        "  and something else\n",
    ],
)
def test_what_is_not_understood_and_can_decide_is_a_gap(more: str) -> None:
    found = choice_of(STATUS + more)
    assert isinstance(found, str)
    assert found.startswith("part of it is not understood: ")
    assert isinstance(choice_of(STATUS + more, f"10.0.0.7 {NAME}\n"), Choice)


@pytest.mark.parametrize("more", ["", "         Hurry: yes\n", "    DNSSEC NTA: ...\n", "     Protocols: +A B\n"])
def test_what_is_not_understood_and_cannot_decide_is_none(more: str) -> None:
    found = choice_of(STATUS + more)
    assert isinstance(found, Choice)
    assert [str(s) for s in found.servers] == ["192.168.1.1"]
