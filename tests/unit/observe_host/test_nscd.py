"""Whether nscd runs on a Linux host, and whether it remembers host names."""

from __future__ import annotations

from pathlib import Path

import pytest

from sddoctor.case.host import Nscd
from sddoctor.case.seen import Absent, Seen, Unreachable
from sddoctor.formats.host import nscd as settings
from sddoctor.observe.host import nscd
from sddoctor.observe.host.root import RootDir


@pytest.mark.parametrize(
    ("text", "remembers"),
    [
        ("enable-cache\t\thosts\t\tyes\n", True),
        ("\tenable-cache hosts yes # kept\n", True),
        ("enable-cache hosts no\n", False),
        ("enable-cache hosts yes\nenable-cache hosts no\n", False),
        ("enable-cache passwd yes\npositive-time-to-live hosts 3600\n", False),
        ("#enable-cache hosts yes\n", False),
        ("enable-cache hosts\n", False),
        ("", False),
    ],
)
def test_it_remembers_hosts_only_where_its_settings_say_so(text: str, remembers: bool) -> None:
    assert settings.parse(text.encode()) == Nscd(remembers)


@pytest.mark.parametrize("running", ["run/nscd/nscd.pid", "var/run/nscd/nscd.pid"])
def test_it_runs_where_its_process_id_is_kept(tmp_path: Path, running: str) -> None:
    _write(tmp_path / "etc/nscd.conf", "enable-cache hosts yes\n")
    assert isinstance(nscd.read(RootDir(tmp_path, "linux", "12")), Absent)
    _write(tmp_path / running, "812\n")
    assert nscd.read(RootDir(tmp_path, "linux", "12")) == Seen(Nscd(True), "/etc/nscd.conf")


@pytest.mark.parametrize(("settings", "kind"), [("yes", Unreachable), ("no", Absent)])
def test_a_socket_alone_may_be_that_of_another_which_remembers_nothing(
    tmp_path: Path, settings: str, kind: type[Absent | Unreachable]
) -> None:
    _write(tmp_path / "run/nscd/socket", "")
    assert isinstance(nscd.read(RootDir(tmp_path, "linux", "12")), Absent)
    _write(tmp_path / "etc/nscd.conf", f"enable-cache hosts {settings}\n")
    assert isinstance(nscd.read(RootDir(tmp_path, "linux", "12")), kind)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
