"""What the files of unbound, named and CoreDNS say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import ForwarderConfig
from sddoctor.formats.host import unbound
from tests.unit.observe_host.forwarder_files import NAME, ZONE, only, rules, unread

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
forward-zone: name: "." forward-addr: 9.9.9.9
remote-control:
    control-enable: no
"""


def of_unbound(text: str, name: str = NAME) -> ForwarderConfig:
    return unbound.of_texts([("/etc/unbound/unbound.conf", text)], name, "/etc/unbound/unbound.conf")


def test_rules_of_unbound() -> None:
    found = of_unbound(UNBOUND)
    assert rules(found) == [("example.internal", ["10.10.0.2", "10.10.1.2#5353"]), ("", ["9.9.9.9"])]
    assert (found.rebind_filter, found.rebind_exempt, found.validates, found.insecure) == (True, True, True, False)
    permissive = of_unbound(UNBOUND + "server:\n  val-permissive-mode: yes\n", "a.corp.example")
    assert (permissive.validates, permissive.insecure, permissive.rebind_exempt) == (False, True, False)


@pytest.mark.parametrize(
    ("text", "decides"),
    [
        ("", ("", [], False)),
        ('server:\n local-zone: "internal." static\n', ("internal", [], True)),
        ('server:\n local-zone: "internal." transparent\n', ("", [], False)),
        ('server:\n local-data: "dev-api.example.internal. A 10.10.99.9"\n', (NAME, [], True)),
        ('auth-zone:\n name: "example.internal"\n', ("example.internal", [], True)),
        ('stub-zone:\n name: "example.internal"\n stub-addr: 10.10.0.2\n', ("example.internal", ["10.10.0.2"], False)),
        (ZONE.format("10.10.0.2") + "  forward-tls-upstream: yes\n", ("example.internal", ["10.10.0.2#853"], False)),
        ('forward-zone:\n name: "example.internal"\n forward-host: ns.example\n', ("example.internal", [], False)),
    ],
)
def test_what_decides_in_unbound(text: str, decides: tuple[str, list[str], bool]) -> None:
    rule = of_unbound(text).entries[0]
    assert (rule.domain, [str(s) for s in rule.servers], rule.first) == decides
    assert bool(rule.unknown) is (not rule.servers and not rule.first)


@pytest.mark.parametrize(("line", "tls"), [("forward-tls-upstream: yes", True), ("forward-first: yes", False)])
def test_unbound_over_tls(line: str, tls: bool) -> None:
    text = f'forward-zone:\n  name: "example.internal"\n  forward-addr: 10.10.0.2\n  {line}\n'
    rule = unbound.of_texts([("x", text)], NAME, "x").entries[0]
    assert (rule.tls, rule.servers) == (tls, (Server("10.10.0.2", 853 if tls else 53),))


def test_includes_of_unbound(tmp_path: Path) -> None:
    """An ordinary include goes on in the clause; one at the top begins anew; relative ones begin in its directory."""
    files = {
        "etc/unbound/unbound.conf": (
            'server:\n\tdirectory: "/etc/unbound"\n\tinclude: /etc/unbound/local.d/*.conf\n'
            'include-toplevel: "/etc/unbound/conf.d/*.conf"\ninclude: "relative.conf"\n'
        ),
        "etc/unbound/local.d/private.conf": "private-address: 10.0.0.0/8\n",
        "etc/unbound/conf.d/50-vpc.conf": ZONE.format("10.10.0.2"),
        "etc/unbound/conf.d/60-old": ZONE.format("10.10.8.10"),
        "etc/unbound/relative.conf": 'forward-zone:\n  name: "."\n  forward-addr: 9.9.9.9\n',
    }
    found = only(tmp_path, files)
    assert rules(found) == [("example.internal", ["10.10.0.2"]), ("", ["9.9.9.9"])]
    assert (found.rebind_filter, unread(found)) == (True, ())
    assert [r.source for r in found.aside] == ["/etc/unbound/conf.d/60-old:1"]


def test_named_and_its_includes(tmp_path: Path) -> None:
    options = 'options {\n  directory "/var/cache/bind";\n  // forwarders { 1.1.1.1; };\n  forwarders port 5353 { 9.9.9.9; };\n};\n'
    zone = 'zone "example.internal" { type forward; forward only;\n  forwarders { 10.10.0.2; 10.10.1.2 port 54; }; /* vpc */ };\n'
    files = {
        "etc/bind/named.conf": 'include "/etc/bind/named.conf.options";\ninclude "/etc/bind/named.conf.local";\n',
        "etc/bind/named.conf.options": options,
        "etc/bind/named.conf.local": 'zone "lan" { type primary; file "/etc/bind/db.lan"; };\n' + zone,
    }
    found = only(tmp_path, files)
    assert (found.program, unread(found)) == ("named", ())
    assert rules(found) == [
        ("lan", []),
        ("example.internal", ["10.10.0.2", "10.10.1.2#54"]),
        ("", ["9.9.9.9#5353"]),
    ]


def test_views_of_named_are_not_understood(tmp_path: Path) -> None:
    found = only(tmp_path, {"etc/named.conf": 'view "a" { match-clients { any; }; };\noptions { };\n'})
    assert unread(found) == ("/etc/named.conf:1 view a",)
    assert [(r.domain, bool(r.unknown)) for r in found.entries] == [("", True)]


def test_corefile(tmp_path: Path) -> None:
    corefile = (
        "(common) {\n    errors\n}\n"
        "example.internal:53 {\n    cache 10\n    forward . 10.10.0.2 10.10.1.2:54 {\n        prefer_udp\n    }\n}\n"
        ". {\n    bind 127.0.0.1\n    forward . /etc/resolv.conf\n}\nother.internal {\n    template IN A\n    forward . 10.0.0.9\n}\n"
    )
    found = only(tmp_path, {"etc/coredns/Corefile": corefile})
    assert [(r.domain, [str(s) for s in r.servers], bool(r.unknown)) for r in found.entries] == [
        ("example.internal", ["10.10.0.2", "10.10.1.2#54"], False),
        ("", [], True),
        ("other.internal", [], True),
    ]


def test_a_block_of_coredns_answers_at_its_own_port(tmp_path: Path) -> None:
    corefile = "internal:53 {\n    forward . 10.9.9.9\n}\nexample.internal:5353 {\n    forward . 10.10.0.2\n}\n"
    found = only(tmp_path, {"etc/coredns/Corefile": corefile})
    assert (found.port, rules(found)) == (53, [("internal", ["10.9.9.9"])])


def test_another_root_of_named_is_not_followed(tmp_path: Path) -> None:
    found = only(
        tmp_path, {"proc/7/cmdline": "/usr/sbin/named\0-t\0/var/named/chroot\0", "etc/named.conf": "options { };"}
    )
    assert unread(found) == ("its root is /var/named/chroot",)
