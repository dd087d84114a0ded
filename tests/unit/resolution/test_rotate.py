"""``options rotate``: the order of servers changes for glibc, and musl, which asks all at once, does not know it."""

import pytest

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import ForwarderConfig, ForwarderRule
from sddoctor.case.host import HostFacts, HostsFile
from sddoctor.case.seen import Absent, Seen
from sddoctor.formats.host import resolv_conf
from sddoctor.resolution.choose import choose
from sddoctor.resolution.model import Choice


def choice_of(text: str, libc: str | None = "glibc", forwarders: tuple[ForwarderConfig, ...] = ()) -> Choice:
    facts = HostFacts(
        "linux",
        libc=libc,
        hosts=Seen(HostsFile("/etc/hosts"), "/etc/hosts"),
        nss=Absent("a hosts: line", "/etc/nsswitch.conf"),
        resolved=Absent("systemd-resolved", "resolvectl"),
        resolv_conf=Seen(resolv_conf.parse(text.encode(), libc=libc or "glibc"), "/etc/resolv.conf"),
        forwarders=forwarders,
    )
    return choose("api.example.internal", facts).value


TWO = "nameserver 10.10.0.2\nnameserver 192.168.1.1\n"


@pytest.mark.parametrize(
    ("text", "libc", "rotates"),
    [
        (TWO + "options rotate\n", "glibc", True),
        (TWO + "options timeout:1 rotate\n", None, True),
        (TWO + "options rotate\n", "musl", False),
        (TWO, "glibc", False),
        ("nameserver 10.10.0.2\noptions rotate\n", "glibc", False),
    ],
)
def test_who_rotates(text: str, libc: str | None, rotates: bool) -> None:
    found = choice_of(text, libc)
    assert found.rotates is rotates
    assert found.together is (libc == "musl")
    assert ("rotate" in found.why) is rotates


def test_behind_a_forwarder_nothing_rotates() -> None:
    rule = ForwarderRule("/etc/dnsmasq.conf line 1", "example.internal", (Server("10.10.0.2"),))
    dnsmasq = ForwarderConfig("dnsmasq", "/etc/dnsmasq.conf", entries=(rule,))
    found = choice_of("nameserver 127.0.0.1\nnameserver 192.168.1.1\noptions rotate\n", forwarders=(dnsmasq,))
    assert found.servers[0] == Server("10.10.0.2")
    assert not found.rotates
