"""What a forwarder on this host does is not seen: its rules, its answer, or whether it runs at all."""

from __future__ import annotations

import pytest

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import NO_PROCESS, ForwarderConfig, ForwarderRule
from sddoctor.case.seen import UnseenFactError
from sddoctor.formats.host import resolv_conf
from tests.changed_cases import Change, fails, host, said, without_probes

STUB = "127.0.0.1"
WORLD, NOT_READ = "no-working-resolver-lookalike", "forwarder-file-not-included"
RIGHT = ForwarderRule("/etc/dnsmasq.d/vpc.conf:1", "example.internal", (Server("10.10.0.2"),))
OTHERS = ForwarderRule("/etc/dnsmasq.conf:1", "", (Server("192.168.1.1"),))


#: Nobody queried a server of this host.
UNASKED = without_probes(lambda probe: probe.server.address.startswith("127."))


def forwards(*rules: ForwarderRule, aside: tuple[ForwarderRule, ...] = (), doubt: str = "") -> Change:
    """A dnsmasq is set up there with these rules."""
    config = ForwarderConfig("dnsmasq", "/etc/dnsmasq.conf", entries=rules, aside=aside, doubt=doubt)
    return host(forwarders=(config,))


def test_rules_that_nobody_saw_are_not_taken_for_none() -> None:
    assert said("split-dns-missing", WORLD) is not None
    with pytest.raises(UnseenFactError, match=r"the rules of what listens at 127.0.0.1"):
        said("split-dns-missing", WORLD, UNASKED)
    assert said("split-dns-missing", WORLD, UNASKED, forwards(OTHERS)) is not None


def test_a_right_rule_that_may_not_be_in_force_yet() -> None:
    found = said(NOT_READ, WORLD, forwards(RIGHT, OTHERS))
    assert found is not None
    assert "has not read that file yet" in found.summary
    with pytest.raises(UnseenFactError, match=r"what dnsmasq at 127.0.0.1 answers"):
        said(NOT_READ, WORLD, UNASKED, forwards(RIGHT, OTHERS))


def test_how_it_was_started_is_not_known() -> None:
    """Read and not taken up, or not read: it is the same cause."""
    doubted = forwards(OTHERS, aside=(RIGHT,), doubt="whether it is started with /etc/dnsmasq.d is not known")
    found = said(NOT_READ, WORLD, UNASKED, doubted)
    assert found is not None
    assert found.would_tell is not None
    with pytest.raises(UnseenFactError):
        said(NOT_READ, WORLD, UNASKED, forwards(OTHERS, aside=(RIGHT,), doubt=NO_PROCESS))


@pytest.mark.parametrize(
    "change", [fails("temporary failure", by="getaddrinfo"), fails("not found", by="getent ahosts")]
)
def test_whether_anybody_listens_was_not_seen(change: Change) -> None:
    with pytest.raises(UnseenFactError, match=r"whether anything answers at 127.0.0.1"):
        said("no-working-resolver", WORLD, UNASKED, change)
    with pytest.raises(UnseenFactError, match=r"whether anything answers at 127.0.0.1"):
        said("no-working-resolver", WORLD, UNASKED, change, forwards(OTHERS, doubt=NO_PROCESS))
    assert said("no-working-resolver", WORLD, UNASKED, change, forwards(OTHERS)) is None


def test_a_program_that_was_told_that_there_is_no_such_name_was_answered() -> None:
    assert said("no-working-resolver", WORLD, UNASKED, fails("not found", by="getaddrinfo")) is None


def test_an_empty_list_sends_programs_to_this_host() -> None:
    """Only lines that were meant as servers make the file a malformed one, and a forwarder may be there on purpose."""
    empty = host(resolv_conf=resolv_conf.parse(b"# nothing\n"))
    found = said("no-working-resolver", WORLD, UNASKED, empty, fails("temporary failure", by="getaddrinfo"))
    assert found is not None
    assert found.would_tell == "dig @127.0.0.1 one.one.one.one"
    on_purpose = (UNASKED, empty, fails("temporary failure", by="getaddrinfo"), forwards(OTHERS))
    assert said("no-working-resolver", WORLD, *on_purpose) is None
    malformed = host(resolv_conf=resolv_conf.parse(b"nameservers 10.10.0.2\n"))
    assert said("no-working-resolver", WORLD, UNASKED, malformed, fails("temporary failure", by="getaddrinfo")) is None
