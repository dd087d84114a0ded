"""What the files of dnsmasq say: its rules, its filter, where it listens, and what it includes."""

from __future__ import annotations

from pathlib import Path

import pytest

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import ForwarderConfig
from sddoctor.formats.host import dnsmasq
from sddoctor.resolution.forwarder import rules_for
from tests.unit.observe_host.forwarder_files import DEBIAN, MAIN, NAME, TO_OLD, TO_VPC, only, rules, unread


def of_dnsmasq(text: str, upstream: tuple[str, ...] = ()) -> ForwarderConfig:
    return dnsmasq.of_texts([(MAIN, text)], NAME, MAIN, upstream)


def test_rules_of_dnsmasq() -> None:
    text = (
        "# server=/example.internal/1.1.1.1\n"
        "server = /example.internal/corp.example/10.10.0.2#5353@tun0  # vpn\n"
        "server=/never.example/\nlocal=/lan/\naddress=/pinned.example/10.0.0.1\n"
        'server="9.9.9.9"\nserver=/up.example/#\nserver=fd00::1\n'
        "rev-server=10.10.0.0/16,10.10.0.2\nlocal=/example.internal/\n"
    )
    assert sorted(rules(of_dnsmasq(text, ("192.168.1.1",)))) == [
        ("", ["9.9.9.9", "fd00::1", "192.168.1.1"]),
        ("10.10.in-addr.arpa", ["10.10.0.2"]),
        ("corp.example", ["10.10.0.2#5353"]),
        ("example.internal", ["10.10.0.2#5353"]),
        ("lan", []),
        ("never.example", []),
        ("pinned.example", []),
        ("up.example", ["9.9.9.9", "fd00::1", "192.168.1.1"]),
    ]
    assert rules(of_dnsmasq("no-resolv\nserver=9.9.9.9\n", ("192.168.1.1",))) == [("", ["9.9.9.9"])]


@pytest.mark.parametrize(
    "text",
    [
        "host-record=dev-api.example.internal,10.10.99.9\n",
        "cname=dev-api.example.internal,other.lan\n",
        "auth-zone=example.internal\n",
    ],
)
def test_what_dnsmasq_has_itself_comes_first(text: str) -> None:
    own = of_dnsmasq(text + TO_VPC).entries[0]
    assert (own.first, own.servers) == (True, ())


def test_rebind_filter_of_dnsmasq() -> None:
    assert not of_dnsmasq("#stop-dns-rebind\n").rebind_filter
    on = of_dnsmasq("stop-dns-rebind\nrebind-domain-ok=/corp.example/\n")
    assert on.rebind_filter
    assert not on.rebind_exempt
    assert of_dnsmasq("stop-dns-rebind\nrebind-domain-ok=/corp.example/example.internal/\n").rebind_exempt
    assert of_dnsmasq("dnssec\n").validates


@pytest.mark.parametrize(
    ("text", "here", "there"),
    [
        ("", True, True),
        ("port=0\n", False, False),
        ("port=5353\n", False, False),
        ("interface=virbr0\nexcept-interface=lo\n", False, False),
        ("interface=eth0\n", True, False),
        ("listen-address=127.0.0.1\n", True, False),
        ("listen-address=127.0.0.1,127.0.1.1\n", True, True),
        ("listen-address=192.168.122.1\n", False, False),
        ("except-interface=lo\n", False, False),
    ],
)
def test_where_dnsmasq_listens(text: str, here: bool, there: bool) -> None:
    found = of_dnsmasq(text)
    assert found.serves(Server("127.0.0.1")) is here
    assert found.serves(Server("127.0.1.1")) is (there or text.startswith("interface=eth0"))


def test_main_file_of_dnsmasq_alone(tmp_path: Path) -> None:
    """As its authors ship it, and Fedora with another line: what nothing includes is not in force."""
    found = only(
        tmp_path, {"etc/dnsmasq.conf": "#conf-dir=/etc/dnsmasq.d\nserver=192.168.1.1\nno-resolv\n", "etc/x": ""}
    )
    assert (found.program, found.path, rules(found)) == ("dnsmasq", MAIN, [("", ["192.168.1.1"])])
    assert (unread(found), found.aside, found.running) == ((), (), False)


@pytest.mark.parametrize(
    ("files", "folders"),
    [
        ({"etc/dnsmasq.conf": "conf-dir=/etc/dnsmasq.d/,*.conf\n", "etc/dnsmasq.d/README": ""}, ("/etc/dnsmasq.d",)),
        ({"etc/dnsmasq.conf": "conf-dir=/etc/dnsmasq.d,.conf\n", "etc/dnsmasq.d/a": ""}, ()),
        ({"etc/dnsmasq.conf": "conf-file=/etc/dnsmasq.d/a\n", "etc/dnsmasq.d/a": ""}, ()),
        (
            {"etc/unbound/unbound.conf": 'include: "/etc/unbound/conf.d/*.conf"\n', "etc/unbound/conf.d/README": ""},
            ("/etc/unbound/conf.d",),
        ),
    ],
)
def test_folders_of_which_every_file_is_read(tmp_path: Path, files: dict[str, str], folders: tuple[str, ...]) -> None:
    assert only(tmp_path, files).folders == folders


@pytest.mark.parametrize(
    ("main", "files", "used"),
    [
        ("conf-dir=/etc/dnsmasq.zones/,*.conf", {"a.conf": TO_VPC, "a.conf.orig": TO_OLD}, "10.10.0.2"),
        ("conf-dir=/etc/dnsmasq.zones,.orig", {"a.conf.orig": TO_OLD, "b": TO_VPC}, "10.10.0.2"),
        ("conf-dir=/etc/dnsmasq.zones", {"a~": TO_OLD, ".a": TO_OLD, "#a#": TO_OLD, "#b": TO_VPC}, "10.10.0.2"),
        ("conf-file=/etc/dnsmasq.zones/a", {"a": TO_VPC, "b": TO_OLD}, "10.10.0.2"),
        ("servers-file=/etc/dnsmasq.zones/a", {"a": TO_VPC, "b": TO_OLD}, "10.10.0.2"),
        ("conf-file=/etc/dnsmasq.zones/a", {"a": "conf-dir=/etc/more\n"}, "10.10.0.2"),
    ],
)
def test_includes_of_dnsmasq(tmp_path: Path, main: str, files: dict[str, str], used: str) -> None:
    inside = {f"etc/dnsmasq.zones/{name}": text for name, text in files.items()}
    found = only(tmp_path, {"etc/dnsmasq.conf": f"{main}\nno-resolv\n", "etc/more/c": TO_VPC, **inside})
    assert rules(found) == [("example.internal", [used])]
    assert unread(found) == ()


def test_what_cannot_be_followed_is_a_gap(tmp_path: Path) -> None:
    found = only(
        tmp_path, {"etc/dnsmasq.conf": "conf-file=/etc/gone.conf\nconf-script=/bin/x\nunheard-of=1\nno-resolv\n"}
    )
    assert unread(found) == (
        "/etc/dnsmasq.conf:1 conf-file=/etc/gone.conf: /etc/gone.conf: it is not there",
        "/etc/dnsmasq.conf:2 conf-script=/bin/x",
        "/etc/dnsmasq.conf:3 unheard-of=1",
    )


@pytest.mark.parametrize(
    ("more", "used"),
    [
        ({}, True),
        ({"etc/default/dnsmasq": "CONFIG_DIR=/etc/dnsmasq.d,.dpkg-dist,.dpkg-old,.dpkg-new\n"}, True),
        ({"etc/default/dnsmasq": "#CONFIG_DIR=/etc/dnsmasq.d\n"}, False),
        ({"etc/default/dnsmasq": 'DNSMASQ_OPTS="--conf-dir=/etc/dnsmasq.d,*.conf"\n'}, True),
        ({"etc/default/dnsmasq": 'DNSMASQ_OPTS="--conf-file=/etc/dnsmasq.alt"\n', "etc/dnsmasq.alt": TO_OLD}, False),
    ],
)
def test_debian_starts_it_with_its_directory(tmp_path: Path, more: dict[str, str], used: bool) -> None:
    files = {"etc/dnsmasq.conf": "no-resolv\nserver=192.168.1.1\n", "etc/dnsmasq.d/vpc.conf": TO_VPC}
    found = only(tmp_path, {**DEBIAN, **files, **more})
    assert (("example.internal", ["10.10.0.2"]) in rules(found)) is used
    assert unread(found) == ()


@pytest.mark.parametrize(
    ("system", "main", "used"),
    [
        ("debian", "#conf-dir=/etc/dnsmasq.d\n", "10.10.8.10"),
        ("debian", "conf-dir=/etc/dnsmasq.d,*.conf\n", "10.10.0.2"),
        ("arch", "conf-dir=/etc/dnsmasq.d,*.conf\n", "10.10.0.2"),
        ("alpine", "#conf-dir=/etc/dnsmasq.d\n", ""),
    ],
)
def test_a_main_file_that_names_the_folder_has_the_last_word(tmp_path: Path, system: str, main: str, used: str) -> None:
    files = {"etc/os-release": f"ID={system}\n", "etc/dnsmasq.conf": f"no-resolv\n{main}"}
    longer = TO_OLD.replace("example", "dev-api.example")
    found = only(tmp_path, {**files, "etc/dnsmasq.d/a.conf": TO_VPC, "etc/dnsmasq.d/b": longer})
    best = rules_for(NAME, found.entries)
    assert ([str(s) for r in best for s in r.servers], found.doubt) == ([used] if used else [], "")
