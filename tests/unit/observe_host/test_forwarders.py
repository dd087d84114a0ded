"""dnsmasq and unbound on the host: what their configuration does with the name."""

from pathlib import Path

from sddoctor.case.host import ForwarderConfig
from sddoctor.formats.host import dnsmasq, unbound
from sddoctor.observe.host import forwarders
from sddoctor.observe.host.source import open_root

NAME = "dev-api.example.internal"


def read_dnsmasq(text: str, upstream: tuple[str, ...] = ()) -> ForwarderConfig:
    return dnsmasq.parse([("/etc/dnsmasq.conf", text)], NAME, "/etc/dnsmasq.conf", upstream)


def rules(found: ForwarderConfig) -> list[tuple[str, list[str]]]:
    return [(e.domain, [str(s) for s in e.servers]) for e in found.entries]


def test_dnsmasq_servers() -> None:
    text = (
        "# server=/example.internal/1.1.1.1\n"
        "server = /example.internal/corp.example/10.10.0.2#5353@tun0  # vpn\n"
        "server=/never.example/\nlocal=/lan/\naddress=/pinned.example/10.0.0.1\n"
        "server=9.9.9.9\nserver=/up.example/#\nserver=fd00::1\nserver=bad\n"
    )
    assert rules(read_dnsmasq(text, ("192.168.1.1",))) == [
        ("example.internal", ["10.10.0.2#5353"]),
        ("corp.example", ["10.10.0.2#5353"]),
        ("never.example", []),
        ("lan", []),
        ("pinned.example", []),
        ("up.example", ["9.9.9.9", "fd00::1", "192.168.1.1"]),
        ("", ["9.9.9.9", "fd00::1", "192.168.1.1"]),
    ]
    assert rules(read_dnsmasq("no-resolv\nserver=9.9.9.9\n", ("192.168.1.1",))) == [("", ["9.9.9.9"])]


def test_dnsmasq_rebind_filter() -> None:
    assert not read_dnsmasq("#stop-dns-rebind\n").rebind_filter
    on = read_dnsmasq("stop-dns-rebind\nrebind-domain-ok=/corp.example/\n")
    assert on.rebind_filter
    assert not on.rebind_exempt
    assert read_dnsmasq("stop-dns-rebind\nrebind-domain-ok=/corp.example/example.internal/\n").rebind_exempt
    assert read_dnsmasq("dnssec\n").validates


UNBOUND = """
server:
    private-address: 10.0.0.0/8   # comment
    private-domain: "example.internal"
    domain-insecure: "corp.example."
    auto-trust-anchor-file: "/var/lib/unbound/root.key"
    local-zone: "blocked.example." static
    local-zone: "10.in-addr.arpa." nodefault
forward-zone:
    name: "example.internal"
    forward-addr: 10.10.0.2
    forward-addr: 10.10.1.2@5353#name
forward-zone:
    name: "."
    forward-addr: 9.9.9.9
remote-control:
    name: "not a zone"
"""


def test_unbound() -> None:
    found = unbound.parse([("/etc/unbound/unbound.conf", UNBOUND)], NAME, "/etc/unbound/unbound.conf")
    assert rules(found) == [
        ("blocked.example", []),
        ("example.internal", ["10.10.0.2", "10.10.1.2#5353"]),
        ("", ["9.9.9.9"]),
    ]
    assert found.rebind_filter
    assert found.rebind_exempt
    assert found.validates
    assert not found.insecure
    permissive = unbound.parse([("x", UNBOUND + "server:\n  val-permissive-mode: yes\n")], "a.corp.example", "x")
    assert (permissive.validates, permissive.insecure, permissive.rebind_exempt) == (False, True, False)


def test_files_of_a_host(tmp_path: Path) -> None:
    for path, text in {
        "etc/dnsmasq.conf": "stop-dns-rebind\n",
        "etc/dnsmasq.d/vpc.conf": "server=/example.internal/10.10.0.2\n",
        "etc/dnsmasq.d/vpc.conf~": "server=/example.internal/10.10.0.9\n",
        "etc/dnsmasq.d/.hidden": "server=/example.internal/10.10.0.8\n",
        "etc/resolv.conf": "nameserver 127.0.0.1\nnameserver 192.168.1.1\n",
        "etc/unbound/unbound.conf.d/x.conf": "forward-zone:\n name: example.internal\n forward-addr: 10.10.0.2\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    first, second = forwarders.read(open_root(tmp_path), NAME)
    assert (first.program, first.path, first.rebind_filter) == ("dnsmasq", "/etc/dnsmasq.conf", True)
    assert rules(first) == [("example.internal", ["10.10.0.2"]), ("", ["192.168.1.1"])]
    assert first.entries[0].source == "/etc/dnsmasq.d/vpc.conf:1"
    assert (second.program, rules(second)) == ("unbound", [("example.internal", ["10.10.0.2"])])


def test_no_forwarder(tmp_path: Path) -> None:
    assert forwarders.read(open_root(tmp_path), NAME) == ()
