"""A directory in place of a host is read without ever leaving it."""

import os
from pathlib import Path

import pytest

from sddoctor.case.seen import Absent, NotAttempted, Seen, Unreachable
from sddoctor.observe.host.source import HostRootError, open_root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("outside")
    inside = tmp_path / "root"
    (inside / "etc").mkdir(parents=True)
    (inside / "commands").mkdir()
    return inside


def test_files_lists_and_commands(root: Path) -> None:
    (root / "etc/hosts").write_bytes(b"127.0.0.1 localhost\r\n")
    (root / "commands/ip_route_get_10.10.0.2").write_text("recorded")
    (root / "commands/ipconfig__all").write_text("")
    host = open_root(root)
    assert host.read("/etc/hosts") == Seen(b"127.0.0.1 localhost\r\n", "/etc/hosts")
    assert host.list("/etc").value == ("hosts",)
    assert host.run(("ip", "route", "get", "10.10.0.2")).value == "recorded"
    assert host.run(("ipconfig", "/all")).value == ""
    assert isinstance(host.read("/etc/resolv.conf"), Absent)
    missing = host.run(("scutil", "--dns"))
    assert isinstance(missing, NotAttempted)
    assert "commands/scutil_--dns" in missing.needs


@pytest.mark.parametrize("target", ["../../secret", "/../../../secret", "../../../../../../secret"])
def test_links_never_lead_out(root: Path, target: str) -> None:
    (root / "etc/hosts").symlink_to(target)
    assert isinstance(open_root(root).read("/etc/hosts"), Absent)


def test_absolute_links_stay_inside(root: Path) -> None:
    (root / "run").mkdir()
    (root / "run/stub").write_text("nameserver 127.0.0.53\n")
    (root / "etc/resolv.conf").symlink_to("/run/stub")
    (root / "etc/linked").symlink_to("../run")
    (root / "etc/passwd").symlink_to("/etc/passwd")
    host = open_root(root)
    assert host.read("/etc/resolv.conf").value == b"nameserver 127.0.0.53\n"
    assert host.list("/etc/linked").value == ("stub",)
    assert isinstance(host.read("/etc/passwd"), Unreachable)
    assert isinstance(host.read("/etc/../../secret"), Absent)


def test_pipes_and_devices_are_not_opened(root: Path) -> None:
    os.mkfifo(root / "etc/hosts")
    found = open_root(root).read("/etc/hosts")
    assert isinstance(found, Unreachable)
    assert "regular file" in found.why


def test_large_files_are_cut(root: Path) -> None:
    (root / "etc/hosts").write_bytes(b"x" * ((8 << 20) + 1))
    found = open_root(root).read("/etc/hosts")
    assert isinstance(found, Seen)
    assert (len(found.value), found.unread) == (8 << 20, ("what follows its first 8388608 bytes",))
    (root / "etc/hosts").write_bytes(b"x" * (8 << 20))
    assert open_root(root).read("/etc/hosts").whole


@pytest.mark.parametrize(
    ("files", "platform", "version"),
    [
        ({"os-release.json": '{"platform": "macos", "version": "14.5"}'}, "macos", "14.5"),
        ({"os-release.json": '\ufeff{"platform": "windows"}'}, "windows", ""),
        ({"Windows/System32/x": ""}, "windows", ""),
        ({"commands/Get-DnsClientNrptRule": ""}, "windows", ""),
        ({"etc/resolver/x": ""}, "macos", ""),
        ({"commands/scutil_--dns": "", "commands/sw_vers": "ProductVersion:\t\t13.6\n"}, "macos", "13.6"),
        ({"etc/os-release": 'VERSION_ID="12"\n'}, "linux", "12"),
        ({}, "linux", ""),
    ],
)
def test_platform(root: Path, files: dict[str, str], platform: str, version: str) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    host = open_root(root)
    assert (host.platform, host.version) == (platform, version)


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"platform": "amiga"}', '{"platform": 1}', '{"version": []}', '{"platform": ["macos"]}']
)
def test_bad_os_release(root: Path, content: str) -> None:
    (root / "os-release.json").write_text(content)
    with pytest.raises(HostRootError, match=r"^[A-Z].*\.$"):
        open_root(root)


def test_bad_directories(tmp_path: Path) -> None:
    with pytest.raises(HostRootError, match="There is no directory"):
        open_root(tmp_path / "missing")
    (tmp_path / "file").write_text("")
    with pytest.raises(HostRootError, match="is not a directory"):
        open_root(tmp_path / "file")
    with pytest.raises(HostRootError):
        open_root("a\0b")
    with pytest.raises(HostRootError):
        open_root("x" * 5000)


def test_each_run_of_a_command_gets_its_own_output(tmp_path: Path) -> None:
    commands = tmp_path / "commands"
    commands.mkdir()
    for name, output in {"ip_route": "1", "ip_route.2": "2", "ip_route.3": "3", "sw_vers": "once"}.items():
        (commands / name).write_text(output)
    root = open_root(tmp_path)
    assert [root.run(("ip", "route")).value for _ in range(5)] == ["1", "2", "3", "1", "2"]
    assert [root.run(("sw_vers",)).value for _ in range(2)] == ["once", "once"]
    assert isinstance(root.run(("getent", "ahosts", "a")), NotAttempted)
