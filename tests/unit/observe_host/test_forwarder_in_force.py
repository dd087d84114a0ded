"""Which forwarder on a host is in force, and with which of its files: by processes, units, and who starts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sddoctor.case.forwarder import NO_PROCESS
from sddoctor.case.seen import Unreachable
from sddoctor.observe.host import processes
from tests.unit.observe_host.forwarder_files import DEBIAN, TO_OLD, TO_VPC, ZONE, only, read, rules, unread


def test_no_forwarder(tmp_path: Path) -> None:
    assert read(tmp_path, {}) == ()


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


def test_openwrt_has_its_settings_elsewhere(tmp_path: Path) -> None:
    files = {"etc/dnsmasq.conf": "# nothing\n", "etc/config/dhcp": "config dnsmasq\n"}
    assert "/etc/config/dhcp" in only(tmp_path, files).doubt


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
