"""The forwarders on a host: which configuration is in force, and what it does with the name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import NO_PROCESS, ForwarderConfig
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.formats.host import dnsmasq, unbound
from sddoctor.observe.host import forwarders, processes
from sddoctor.observe.host.source import open_root
from sddoctor.resolution.forwarder import rules_for

NAME = "dev-api.example.internal"
MAIN = "/etc/dnsmasq.conf"
TO_VPC, TO_OLD = "server=/example.internal/10.10.0.2\n", "server=/example.internal/10.10.8.10\n"
ZONE = 'forward-zone:\n  name: "example.internal"\n  forward-addr: {}\n'
DEBIAN = {"etc/os-release": "ID=debian\nVERSION_ID=12\n"}


def rules(found: ForwarderConfig) -> list[tuple[str, list[str]]]:
    return [(e.domain, [str(s) for s in e.servers]) for e in found.entries]


def read(root: Path, files: dict[str, str]) -> tuple[ForwarderConfig, ...]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return forwarders.read(open_root(root), NAME)


def only(root: Path, files: dict[str, str]) -> ForwarderConfig:
    (found,) = read(root, files)
    return found


def unread(found: ForwarderConfig) -> tuple[str, ...]:
    assert isinstance(found.files, Seen)
    return found.files.unread


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


def test_main_file_of_dnsmasq_alone(tmp_path: Path) -> None:
    """As its authors ship it, and Fedora with another line: what nothing includes is not in force."""
    found = only(
        tmp_path, {"etc/dnsmasq.conf": "#conf-dir=/etc/dnsmasq.d\nserver=192.168.1.1\nno-resolv\n", "etc/x": ""}
    )
    assert (found.program, found.path, rules(found)) == ("dnsmasq", MAIN, [("", ["192.168.1.1"])])
    assert (unread(found), found.aside, found.running) == ((), (), False)


def test_a_file_beside_is_named_and_not_used(tmp_path: Path) -> None:
    files = {"etc/dnsmasq.conf": "no-resolv\nserver=192.168.1.1\n", "etc/dnsmasq.d/vpc.conf": TO_VPC}
    found = only(tmp_path, {**files, "proc/71/cmdline": "/usr/sbin/dnsmasq\0-k\0"})
    assert rules(found) == [("", ["192.168.1.1"])]
    assert [(r.source, r.domain) for r in found.aside] == [("/etc/dnsmasq.d/vpc.conf:1", "example.internal")]
    assert (unread(found), found.running) == ((), True)


def test_how_it_was_started_is_not_known(tmp_path: Path) -> None:
    found = only(tmp_path, {"etc/dnsmasq.conf": "no-resolv\nserver=192.168.1.1\n", "etc/dnsmasq.d/vpc.conf": TO_VPC})
    assert "/etc/dnsmasq.d" in found.doubt
    assert isinstance(found.in_force, Unreachable)


def test_processes_are_seen_and_none_is_the_forwarder(tmp_path: Path) -> None:
    found = only(tmp_path, {"etc/unbound/unbound.conf": ZONE.format("10.10.0.2"), "proc/7/cmdline": "/usr/bin/bash\0"})
    assert (rules(found)[0][0], found.running, found.doubt) == (
        "example.internal",
        False,
        NO_PROCESS,
    )


def test_a_helper_with_the_same_command_line_is_no_second_forwarder(tmp_path: Path) -> None:
    words = "/usr/sbin/dnsmasq\0-R\0-S\0/example.internal/10.10.0.2\0"
    found = only(tmp_path, {"proc/7/cmdline": words, "proc/8/cmdline": words})
    assert rules(found) == [("example.internal", ["10.10.0.2"])]


def test_too_many_processes_are_not_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_MOST_PROCESSES", 2)
    files = {f"proc/{n}/cmdline": "/usr/sbin/dnsmasq\0-R\0" for n in (1, 2, 3)}
    assert read(tmp_path, {**files, "etc/unbound/unbound.conf": ZONE.format("10.10.0.2")})[0].program == "unbound"


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("unbound\0-d\0-c\0/srv/own.conf\0", "/srv/own.conf"),
        ("unbound\0-c/srv/own.conf\0-d\0", "/srv/own.conf"),
        ("unbound\0-d\0", "/etc/unbound/unbound.conf"),
    ],
)
def test_the_command_line_names_the_main_file(tmp_path: Path, words: str, path: str) -> None:
    (tmp_path / "etc/unbound").mkdir(parents=True)
    (tmp_path / "etc/unbound/unbound.conf").write_text(ZONE.format("10.10.8.10"))
    found = only(tmp_path, {"proc/7/cmdline": words, "srv/own.conf": ZONE.format("10.10.0.2")})
    assert found.path == path


def test_another_root_of_named_is_not_followed(tmp_path: Path) -> None:
    found = only(
        tmp_path, {"proc/7/cmdline": "/usr/sbin/named\0-t\0/var/named/chroot\0", "etc/named.conf": "options { };"}
    )
    assert unread(found) == ("its root is /var/named/chroot",)


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


def test_a_drop_in_of_the_unit_replaces_the_command(tmp_path: Path) -> None:
    unit = "[Service]\nEnvironmentFile=-/etc/sysconfig/dnsmasq\nExecStart=/usr/sbin/dnsmasq -k $MORE\n"
    drop = "[Service]\nExecStart=\nExecStart=/usr/sbin/dnsmasq -k --conf-file=/etc/own.conf $MORE\n"
    files = {
        "usr/lib/systemd/system/dnsmasq.service": unit,
        "etc/systemd/system/dnsmasq.service.d/own.conf": drop,
        "etc/sysconfig/dnsmasq": 'MORE="-7 /etc/vpc.d"\n',
        "etc/dnsmasq.conf": "server=/example.internal/10.10.8.10\nno-resolv\n",
        "etc/own.conf": "no-resolv\nserver=192.168.1.1\n",
        "etc/vpc.d/a": TO_VPC,
    }
    found = only(tmp_path, files)
    assert (found.path, rules(found)) == ("/etc/own.conf", [("example.internal", ["10.10.0.2"]), ("", ["192.168.1.1"])])


def test_the_process_decides_and_not_the_files(tmp_path: Path) -> None:
    files = {
        "etc/dnsmasq.conf": TO_OLD,
        "srv/main.conf": f"no-resolv\n{TO_VPC}",
        "proc/812/cmdline": "dnsmasq\0-C\0/srv/main.conf\0-p53\0",
        "proc/9/cmdline": "",
        "etc/unbound/unbound.conf": ZONE.format("10.10.8.10"),
    }
    found = only(tmp_path, {**DEBIAN, **files})
    assert (found.path, rules(found), found.port) == ("/srv/main.conf", [("example.internal", ["10.10.0.2"])], 53)


def test_a_process_of_another_network_is_passed_over(tmp_path: Path) -> None:
    head = "  sl  local_address rem_address st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode ref pointer drops\n"
    line = "  1: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 {} 2 0 0\n"
    files = {
        "proc/self/net/udp": head + line.format(4711),
        "proc/20/cmdline": "/usr/sbin/dnsmasq\0--server=10.0.0.1\0--no-resolv\0",
        "proc/20/net/udp": head + line.format(4712),
        "proc/21/cmdline": "/usr/sbin/dnsmasq\0-S\0/example.internal/10.10.0.2\0-R\0",
        "proc/21/net/udp": head + line.format(4711),
    }
    assert rules(only(tmp_path, files)) == [("example.internal", ["10.10.0.2"])]


def test_networkmanager_has_the_servers_and_not_the_files(tmp_path: Path) -> None:
    words = (
        "/usr/sbin/dnsmasq", "--no-resolv", "--keep-in-foreground", "--no-hosts", "--bind-interfaces",
        "--pid-file=/run/NetworkManager/dnsmasq.pid", "--listen-address=127.0.0.1", "--cache-size=400",
        "--clear-on-reload", "--conf-file=/dev/null", "--proxy-dnssec",
        "--enable-dbus=org.freedesktop.NetworkManager.dnsmasq", "--conf-dir=/etc/NetworkManager/dnsmasq.d",
    )  # fmt: skip
    files = {
        "proc/5/cmdline": "\0".join(words),
        "etc/NetworkManager/dnsmasq.d/vpc.conf": TO_VPC,
        "etc/dnsmasq.d/a": TO_OLD,
    }
    found = only(tmp_path, files)
    assert unread(found) == ()
    assert [(r.domain, [str(s) for s in r.servers], bool(r.unknown)) for r in found.entries] == [
        ("example.internal", ["10.10.0.2"], False),
        ("", [], True),
    ]


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


def test_openwrt_has_its_settings_elsewhere(tmp_path: Path) -> None:
    files = {"etc/dnsmasq.conf": "# nothing\n", "etc/config/dhcp": "config dnsmasq\n"}
    assert "/etc/config/dhcp" in only(tmp_path, files).doubt


MANAGERS = {"etc/NetworkManager/dnsmasq.d/vpc.conf": TO_VPC}


@pytest.mark.parametrize(
    "files",
    [
        {"etc/NetworkManager/NetworkManager.conf": "[main]\nplugins=keyfile\ndns = dnsmasq\n"},
        {
            "etc/NetworkManager/NetworkManager.conf": "[main]\ndns=default\n[logging]\n",
            "etc/NetworkManager/conf.d/9.conf": "[main]\ndns=dnsmasq\n[x]\ndns=none\n",
        },
        {"usr/lib/NetworkManager/conf.d/dns.conf": "[main]\ndns=dnsmasq\n"},
    ],
)
def test_networkmanager_is_set_to_start_a_dnsmasq(tmp_path: Path, files: dict[str, str]) -> None:
    """It reads its own folder, and neither the main file nor the folder of another dnsmasq."""
    found = only(tmp_path, {**MANAGERS, **files, "etc/dnsmasq.conf": TO_OLD, "etc/dnsmasq.d/a.conf": TO_OLD})
    assert [(r.source, [str(s) for s in r.servers], bool(r.unknown)) for r in found.entries] == [
        ("/etc/NetworkManager/dnsmasq.d/vpc.conf:1", ["10.10.0.2"], False),
        ("the command line of dnsmasq", [], True),
    ]
    assert (found.folders, found.listens) == (("/etc/NetworkManager/dnsmasq.d",), ("127.0.0.1",))


@pytest.mark.parametrize(("listed", "known"), [("10.10.0.2", True), ("10.10.0.2\nnameserver 192.168.1.1", False)])
def test_the_servers_of_networkmanager_stand_in_a_file(tmp_path: Path, listed: str, known: bool) -> None:
    files = {
        "etc/NetworkManager/conf.d/dns.conf": "[main]\ndns=dnsmasq\n",
        "run/NetworkManager/no-stub-resolv.conf": f"nameserver {listed}\n",
    }
    (rule,) = only(tmp_path, files).entries
    assert (not rule.unknown, [str(s) for s in rule.servers]) == (known, ["10.10.0.2"] if known else [])


def test_networkmanager_starts_none(tmp_path: Path) -> None:
    assert read(tmp_path, {"etc/NetworkManager/conf.d/dns.conf": "[main]\ndns=default\n"}) == ()


@pytest.mark.parametrize("running", [False, True])
def test_pihole_reads_its_own_file(tmp_path: Path, running: bool) -> None:
    files = {
        "etc/pihole/pihole.toml": "[dns]\n",
        "etc/pihole/dnsmasq.conf": "no-resolv\nserver=9.9.9.9\n",
        "etc/dnsmasq.conf": "conf-dir=/etc/dnsmasq.d,*.conf\n",
        "etc/dnsmasq.d/vpc.conf": TO_VPC,
    }
    found = only(tmp_path, {**files, **({"proc/9/cmdline": "/usr/bin/pihole-FTL\0-f\0"} if running else {})})
    assert (found.path, rules(found), found.running) == ("/etc/pihole/dnsmasq.conf", [("", ["9.9.9.9"])], running)
    assert [r.source for r in found.aside] == ["/etc/dnsmasq.d/vpc.conf:1"]


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


PLIST = """<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>ProgramArguments</key><array><string>/opt/homebrew/opt/dnsmasq/sbin/dnsmasq</string>
<string>-C</string><string>/opt/homebrew/etc/dnsmasq.conf</string>{}</array></dict></plist>"""
FOLDER = "<string>-7</string><string>/opt/homebrew/etc/dnsmasq.d,*.conf</string>"


@pytest.mark.parametrize(
    ("more", "used", "doubted"),
    [
        ({}, False, True),
        ({"Library/LaunchDaemons/homebrew.mxcl.dnsmasq.plist": PLIST.format(FOLDER)}, True, False),
        ({"Library/LaunchDaemons/homebrew.mxcl.dnsmasq.plist": PLIST.format("")}, False, False),
        ({"Library/LaunchDaemons/homebrew.mxcl.dnsmasq.plist": "bplist00 cut"}, False, True),
    ],
)
def test_homebrew(tmp_path: Path, more: dict[str, str], used: bool, doubted: bool) -> None:
    files = {
        "os-release.json": '{"platform": "macos", "version": "15"}',
        "opt/homebrew/etc/dnsmasq.conf": "#conf-dir=/opt/homebrew/etc/dnsmasq.d/,*.conf\nno-resolv\nserver=1.1.1.1\n",
        "opt/homebrew/etc/dnsmasq.d/vpc.conf": TO_VPC,
    }
    found = only(tmp_path, {**files, **more})
    assert (("example.internal", ["10.10.0.2"]) in rules(found), bool(found.doubt)) == (used, doubted)
    assert (found.aside == ()) is used


@pytest.mark.parametrize(("line", "tls"), [("forward-tls-upstream: yes", True), ("forward-first: yes", False)])
def test_unbound_over_tls(line: str, tls: bool) -> None:
    text = f'forward-zone:\n  name: "example.internal"\n  forward-addr: 10.10.0.2\n  {line}\n'
    rule = unbound.of_texts([("x", text)], NAME, "x").entries[0]
    assert (rule.tls, rule.servers) == (tls, (Server("10.10.0.2", 853 if tls else 53),))


def test_no_forwarder(tmp_path: Path) -> None:
    assert read(tmp_path, {}) == ()
