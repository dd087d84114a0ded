"""Output that ends within a line, or lacks what a block always has, is not whole; nor is a lookup in unknown words."""

import pytest

from sddoctor.case.seen import Seen, Unreachable
from sddoctor.formats.host import resolve_dnsname, resolvectl, scutil
from sddoctor.formats.host.lookup_output import parse_dscacheutil, parse_getent

STATUS = """Global
         Protocols: -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported
  resolv.conf mode: stub

Link 2 (eth0)
    Current Scopes: DNS
         Protocols: +DefaultRoute -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported
       DNS Servers: 192.168.1.1 2606:4700:4700::1111
        DNS Domain: lan
"""
RESOLVERS = """DNS configuration

resolver #1
  nameserver[0] : 192.168.1.1
  nameserver[1] : 2606:4700:4700::1111
  flags    : Request A records
  reach    : 0x00000002 (Reachable)
"""


def decisive(text: str) -> list[str]:
    found = resolvectl.parse_status(text)
    return list(filter(resolvectl.may_decide, found.unread)) if isinstance(found, Seen) else [str(found)]


def test_a_status_that_ends_within_a_line_may_lack_what_decides() -> None:
    assert decisive(STATUS) == []
    assert all(decisive(STATUS[:n]) for n in range(1, len(STATUS)) if STATUS[n - 1] != "\n")


def test_a_link_with_a_scope_for_dns_has_servers() -> None:
    without = STATUS.replace("       DNS Servers: 192.168.1.1 2606:4700:4700::1111\n", "")
    assert decisive(without)
    assert decisive(without.replace("Current Scopes: DNS", "Current Scopes: none")) == []


@pytest.mark.parametrize("line", ["Prötocols: -DéfaultRoute -LLMNR", "Protocols: -DefaultRoutë +LLMNR"])
def test_settings_that_are_not_understood_may_hold_the_default_route(line: str) -> None:
    assert decisive(STATUS.replace("Protocols: +DefaultRoute -LLMNR", line))


def test_resolvers_that_end_within_a_line_may_lack_others() -> None:
    assert scutil.parse(RESOLVERS).unread == ()  # type: ignore[union-attr]
    for n in range(len("DNS configuration\n") + 1, len(RESOLVERS)):
        if RESOLVERS[n - 1] != "\n":
            found = scutil.parse(RESOLVERS[:n])
            assert isinstance(found, Unreachable) or found.unread, RESOLVERS[:n]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "Resolve-DnsName : api.example.internal : DNS-nimeä ei ole olemassa.\nSijainnissa rivi:1 merkki:1\n",
        "Resolve-DnsName: api.example.internal : Имя DNS не существует.\n",
    ],
)
def test_an_error_of_another_language_is_a_failure(text: str) -> None:
    found = resolve_dnsname.parse(text)
    assert isinstance(found, Seen)
    assert found.value.error == resolve_dnsname.UNKNOWN_FAILURE


def test_what_is_not_understood_of_a_lookup_is_an_answer_that_is_none() -> None:
    for read, text in ((parse_getent, "bash: getent: command not found\n"), (parse_dscacheutil, "name: x.y\nip_addr")):
        found = read(text)
        assert isinstance(found, Unreachable)
        assert found.kind == "malformed"


@pytest.mark.parametrize("blank", ["\n", ""])
def test_a_link_whose_header_is_missing_is_not_part_of_the_block_before(blank: str) -> None:
    text = STATUS.replace("\nLink 2 (eth0)\n", blank)
    found = resolvectl.parse_status(text)
    assert isinstance(found, Seen)
    assert decisive(text)
    assert not any(link.servers for link in found.value.links)


def test_a_delegate_with_fields_of_a_later_version_is_whole() -> None:
    delegate = (
        "\nDelegate prod\n    Current Scopes: DNS\nCurrent DNS Server: 10.10.0.2\n       DNS Servers: 10.10.0.2\n"
        "        DNS Domain: ~example.internal\n     Firewall Mark: 42\n     Default Route: no\n"
    )
    assert decisive(STATUS + delegate) == []
    found = resolvectl.parse_status(STATUS + delegate)
    assert isinstance(found, Seen)
    assert found.value.links[-1].domains == ("~example.internal",)
