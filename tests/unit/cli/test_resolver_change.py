"""``resolver install`` and ``remove`` on the files of another host: shown, asked for, made or not made."""

from __future__ import annotations

import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from sddoctor.cli.resolver import resolver

INSTALL = ("install", "example.internal", "--nameserver", "10.10.0.2")
REMOVE = ("remove", "example.internal")


def run(root: Path, *args: str, answer: str = "") -> Result:
    return CliRunner().invoke(resolver, [*args, "--root", str(root)], input=answer, standalone_mode=False)


def status(done: Result) -> int:
    """Return the exit status that the program would have."""
    if isinstance(done.exception, click.ClickException):
        return 2
    assert done.exception is None, done.exception
    return int(done.return_value)


def files(root: Path) -> dict[str, str]:
    return {str(p.relative_to(root)): p.read_text() for p in root.rglob("*") if p.is_file()}


def test_the_change_is_shown_and_made(tmp_path: Path) -> None:
    done = run(tmp_path, *INSTALL, "--format", "macos", "--yes")
    assert status(done) == 0
    assert done.stdout.splitlines()[:2] == ["--- /dev/null", "+++ /etc/resolver/example.internal"]
    assert "+nameserver 10.10.0.2" in done.stdout.splitlines()
    file = tmp_path / "etc/resolver/example.internal"
    assert file.read_text().endswith("\ndomain example.internal\nnameserver 10.10.0.2\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_a_second_time_there_is_nothing_to_change(tmp_path: Path) -> None:
    run(tmp_path, *INSTALL, "--format", "dnsmasq", "--yes")
    before = files(tmp_path)
    done = run(tmp_path, *INSTALL, "--format", "dnsmasq")
    assert (status(done), done.stdout) == (0, "")
    assert "Nothing to change" in done.stderr
    assert files(tmp_path) == before
    assert status(run(tmp_path, *REMOVE, "--format", "dnsmasq", "--yes")) == 0
    done = run(tmp_path, *REMOVE, "--format", "dnsmasq")
    assert (status(done), done.stdout, files(tmp_path)) == (0, "", {})
    assert "Nothing to change" in done.stderr


@pytest.mark.parametrize(("answer", "expected"), [("y\n", 0), ("YES\n", 0), ("n\n", 1), ("\n", 1), ("", 1)])
def test_it_asks(tmp_path: Path, answer: str, expected: int) -> None:
    done = run(tmp_path, *INSTALL, "--format", "unbound", answer=answer)
    assert status(done) == expected
    assert "Make this change?" in done.stderr
    assert bool(files(tmp_path)) == (expected == 0)


def test_a_dry_run_shows_and_changes_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, *INSTALL, "--format", "macos", "--dry-run", "--yes")
    assert status(done) == 0
    assert "+nameserver 10.10.0.2" in done.stdout
    assert list(tmp_path.iterdir()) == []
    run(tmp_path, *INSTALL, "--format", "macos", "--yes")
    before = files(tmp_path)
    done = run(tmp_path, *REMOVE, "--format", "macos", "--dry-run")
    assert (status(done), files(tmp_path)) == (0, before)
    assert "-nameserver 10.10.0.2" in done.stdout


def test_a_foreign_file_stays_unless_forced_and_comes_back(tmp_path: Path) -> None:
    theirs = tmp_path / "etc/resolver/example.internal"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("nameserver 10.10.0.9\n")
    theirs.chmod(0o640)
    before = files(tmp_path)
    done = run(tmp_path, *INSTALL, "--format", "macos", "--yes")
    assert (status(done), files(tmp_path)) == (2, before)
    assert "not written by sddoctor" in str(done.exception)
    assert status(run(tmp_path, *REMOVE, "--format", "macos", "--yes")) == 2
    done = run(tmp_path, *INSTALL, "--format", "macos", "--yes", "--force")
    assert status(done) == 0
    assert "kept as /etc/sddoctor-backups/etc_resolver_example.internal" in done.stderr
    assert [p.name for p in theirs.parent.iterdir()] == ["example.internal"]  # macOS reads every file there
    assert status(run(tmp_path, *REMOVE, "--format", "macos", "--yes")) == 0
    assert files(tmp_path) == before
    assert stat.S_IMODE(theirs.stat().st_mode) == 0o640


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("theirs\n")
    host = tmp_path / "host"
    (host / "etc/resolver").mkdir(parents=True)
    (host / "etc/resolver/example.internal").symlink_to(outside)
    for more in ((), ("--force",)):
        done = run(host, *INSTALL, "--format", "macos", "--yes", *more)
        assert status(done) == 2
        assert "symbolic link" in str(done.exception)
    assert outside.read_text() == "theirs\n"


def test_a_failure_in_the_middle_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """The second directory cannot be made: a file is where it should be."""
    theirs = tmp_path / "etc/resolver/example.internal"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("nameserver 10.10.0.9\n")
    (tmp_path / "etc/sddoctor-backups").write_text("a file\n")
    before = files(tmp_path)
    done = run(tmp_path, *INSTALL, "--format", "macos", "--yes", "--force", "--cidr", "10.10.0.0/16")
    assert status(done) == 2
    assert files(tmp_path) == before


def test_no_escape_sequence_of_a_file_reaches_the_terminal(tmp_path: Path) -> None:
    theirs = tmp_path / "etc/resolver/example.internal"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("nameserver \x1b]0;evil\x07 10.10.0.9\r\n")
    done = run(tmp_path, *INSTALL, "--format", "macos", "--dry-run", "--force")
    assert "\x1b" not in done.output
    assert "\\r" in done.stdout


@pytest.mark.parametrize(
    "namespace",
    ["../../etc/passwd", "a/b", "a b", "example.internal\nnameserver 1.2.3.4", "$(id)", "-x", '"', "..", "."],
)
def test_no_namespace_becomes_a_path(tmp_path: Path, namespace: str) -> None:
    for args in (("install", "--nameserver", "10.10.0.2"), ("remove",)):
        done = run(tmp_path, args[0], *args[1:], "--format", "macos", "--yes", "--", namespace)
        assert status(done) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "file"),
    [
        ("run/systemd/resolve", "etc/systemd/network/50-example.internal.network"),
        ("etc/dnsmasq.d", "etc/dnsmasq.d/example.internal.conf"),
        ("etc/unbound/unbound.conf.d", "etc/unbound/unbound.conf.d/example.internal.conf"),
        ("etc/resolver", "etc/resolver/example.internal"),
    ],
)
def test_the_format_is_the_one_that_the_host_uses(tmp_path: Path, place: str, file: str) -> None:
    (tmp_path / place).mkdir(parents=True)
    assert status(run(tmp_path, *INSTALL, "--yes")) == 0
    assert list(files(tmp_path)) == [file]


@pytest.mark.parametrize(
    ("form", "main", "text", "folder"),
    [
        ("dnsmasq", "etc/dnsmasq.conf", "conf-dir=/etc/dnsmasq.aws/,*.conf\n", "etc/dnsmasq.aws"),
        ("dnsmasq", "etc/dnsmasq.conf", "conf-dir=/etc/dnsmasq.d\nserver=9.9.9.9\n", "etc/dnsmasq.d"),
        (
            "unbound",
            "etc/unbound/unbound.conf",
            "server:\n    include: /etc/unbound/local.d/*.conf\ninclude: /etc/unbound/conf.d/*.conf\n",
            "etc/unbound/conf.d",
        ),
    ],
    ids=["a folder of its own", "the usual folder", "Fedora"],
)
@pytest.mark.parametrize("said", [True, False])
def test_the_file_is_written_where_the_program_reads_it(
    tmp_path: Path, form: str, main: str, text: str, folder: str, said: bool
) -> None:
    for directory in (folder, "etc/unbound/local.d"):
        (tmp_path / directory).mkdir(parents=True, exist_ok=True)
    (tmp_path / main).write_text(text)
    more = ("--format", form) if said else ()
    assert status(run(tmp_path, *INSTALL, "--yes", *more)) == 0
    assert set(files(tmp_path)) == {main, f"{folder}/example.internal.conf"}
    assert "already in place" in run(tmp_path, *INSTALL, "--yes", *more).stderr
    assert status(run(tmp_path, *REMOVE, "--yes", *more)) == 0
    assert files(tmp_path) == {main: text}


def test_a_program_that_reads_no_folder_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "etc/dnsmasq.d").mkdir(parents=True)
    (tmp_path / "etc/dnsmasq.conf").write_text("# conf-dir=/etc/dnsmasq.d\nserver=9.9.9.9\n")
    done = run(tmp_path, *INSTALL, "--format", "dnsmasq", "--yes")
    assert status(done) == 2
    assert "conf-dir=/etc/dnsmasq.d/,*.conf to /etc/dnsmasq.conf" in str(done.exception)
    assert set(files(tmp_path)) == {"etc/dnsmasq.conf"}


VERSION_258 = "systemd 258 (258.2-1.fc43)\n+PAM +AUDIT +SELINUX\n"
VERSION_257 = "systemd 257 (257.9-1~deb13u1)\n+PAM +AUDIT +SELINUX\n"
NETWORK = "etc/systemd/network/50-example.internal.network"
DELEGATE = "etc/systemd/dns-delegate.d/example.internal.dns-delegate"


def with_systemd(root: Path, version: str) -> None:
    (root / "run/systemd/resolve").mkdir(parents=True)
    (root / "commands").mkdir()
    (root / "commands/resolvectl_--version").write_text(version)


@pytest.mark.parametrize(
    ("version", "file"),
    [
        (VERSION_258, DELEGATE),
        ("systemd 259~rc1 (259~rc1-1)\n", DELEGATE),
        (VERSION_257, NETWORK),
        ("", NETWORK),
        ("resolvectl: command not found\n", NETWORK),
    ],
)
def test_systemd_gets_a_delegate_where_it_reads_them(tmp_path: Path, version: str, file: str) -> None:
    with_systemd(tmp_path, version)
    done = run(tmp_path, *INSTALL, "--yes")
    assert status(done) == 0
    assert [f for f in files(tmp_path) if f.startswith("etc/")] == [file]
    assert ("resolved.conf" in done.stderr) == (file == NETWORK)  # a delegate has no such limit
    assert status(run(tmp_path, *REMOVE, "--yes")) == 0
    assert [f for f in files(tmp_path) if f.startswith("etc/")] == []


def test_what_an_older_systemd_got_is_removed_after_an_upgrade(tmp_path: Path) -> None:
    with_systemd(tmp_path, VERSION_257)
    assert status(run(tmp_path, *INSTALL, "--yes")) == 0
    (tmp_path / "commands/resolvectl_--version").write_text(VERSION_258)
    assert status(run(tmp_path, *REMOVE, "--yes")) == 0
    assert [f for f in files(tmp_path) if f.startswith("etc/")] == []


def test_a_right_file_by_hand_is_already_in_place(tmp_path: Path) -> None:
    theirs = tmp_path / "etc/resolver/example.internal"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("# the VPC\nnameserver 10.10.0.2\n")
    before = files(tmp_path)
    done = run(tmp_path, *INSTALL, "--format", "macos", "--yes", "--force")
    assert (status(done), done.stdout, files(tmp_path)) == (0, "", before)
    assert "the macos configuration for example.internal is already in place" in done.stderr


def test_a_wrong_file_by_hand_is_shown_beside_what_would_replace_it(tmp_path: Path) -> None:
    theirs = tmp_path / "etc/resolver/example.internal"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("nameserver 10.10.0.9\n")
    done = run(tmp_path, *INSTALL, "--format", "macos", "--yes")
    assert status(done) == 2
    lines = done.stdout.splitlines()
    assert lines[0] == "--- /etc/resolver/example.internal"
    assert {"-nameserver 10.10.0.9", "+nameserver 10.10.0.2"} <= {*lines}
    assert theirs.read_text() == "nameserver 10.10.0.9\n"


def test_an_international_namespace_is_written_in_a_labels(tmp_path: Path) -> None:
    words = ("Bücher.internal", "--format", "macos", "--yes")
    done = run(tmp_path, "install", *words, "--nameserver", "10.10.0.2", "--verify", "api.bücher.internal")
    assert status(done) == 0
    assert "Bücher.internal is xn--bcher-kva.internal in DNS." in done.stderr
    assert list(files(tmp_path)) == ["etc/resolver/xn--bcher-kva.internal"]
    assert status(run(tmp_path, "remove", *words)) == 0
    assert files(tmp_path) == {}


def test_a_name_that_is_no_international_name_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, "install", "‽.internal", "--nameserver", "10.10.0.2", "--format", "macos", "--yes")
    assert status(done) == 2
    assert "is not a valid internationalised name" in str(done.exception)
    assert files(tmp_path) == {}


def test_local_is_warned_of(tmp_path: Path) -> None:
    done = run(tmp_path, "install", "corp.local", "--nameserver", "10.10.0.2", "--format", "macos", "--dry-run")
    assert "Warning: names in local belong to multicast DNS (RFC 6762)" in done.stderr
    assert "multicast" not in done.stdout
    assert "multicast" not in run(tmp_path, *INSTALL, "--format", "macos", "--dry-run").stderr


def test_without_a_sign_of_a_format_one_is_asked_for(tmp_path: Path) -> None:
    done = run(tmp_path, *INSTALL, "--yes")
    assert status(done) == 2
    assert "--format" in str(done.exception)


@pytest.mark.parametrize(
    "form", ["networkmanager", "coredns", "windows-nrpt", "openvpn", "tailscale", "netbird", "nebula"]
)
def test_what_is_no_file_of_this_host_is_only_generated(tmp_path: Path, form: str) -> None:
    done = run(tmp_path, *INSTALL, "--format", form, "--yes")
    assert status(done) == 2
    assert "resolver generate" in str(done.exception)


def test_a_format_of_another_platform_is_refused_on_the_running_host() -> None:
    done = CliRunner().invoke(resolver, [*INSTALL, "--format", "macos", "--dry-run"], standalone_mode=False)
    assert status(done) == 2
    assert "is not for this host" in str(done.exception)


def test_a_name_of_another_domain_verifies_nothing() -> None:
    words = [*INSTALL, "--format", "dnsmasq", "--dry-run", "--verify", "www.example.com"]
    done = CliRunner().invoke(resolver, words, standalone_mode=False)
    assert status(done) == 2
    assert "would verify nothing" in str(done.exception)


#: Everything is imported while the user may still read the interpreter's own directory.
_AS_NOBODY = """
import os, sys
import sddoctor.cli.resolver, sddoctor.cli.resolver_apply, sddoctor.observe.host.source, sddoctor.splitdns.formats
from sddoctor.cli.main import run
if os.geteuid() == 0:
    os.setgroups([])
    os.setresuid(65534, 65534, 65534)
sys.exit(run(["resolver", "install", "example.internal", "--nameserver", "10.10.0.2", "--format", "macos", "--root", *sys.argv[1:]]))
"""


@pytest.mark.parametrize(("more", "expected"), [("--yes", 2), ("--dry-run", 0)])
def test_without_the_right_to_write_it_says_what_needs_root(more: str, expected: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        resolver_directory = Path(directory, "etc/resolver")
        resolver_directory.mkdir(parents=True)
        places = (resolver_directory, resolver_directory.parent, Path(directory))
        for place in places:
            place.chmod(0o555)
        words = [sys.executable, "-c", _AS_NOBODY, directory, more]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        for place in places:
            place.chmod(0o755)
        assert "This needs root: /etc/resolver/example.internal." in done.stderr, done.stderr
        assert "+nameserver 10.10.0.2" in done.stdout
        assert done.returncode == expected
        assert list(resolver_directory.iterdir()) == []
