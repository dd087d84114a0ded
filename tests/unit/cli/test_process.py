"""The command as a process: what it imports, and how its streams behave."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sddoctor.bundle import codec
from tests.unit.cli.cases import unseen_case
from tests.unit.report.diagnoses import NAME

HEAVY = {"boto3", "botocore", "dns", "tabulate", "yaml"}
RUN = [sys.executable, "-m", "sddoctor"]


def _imported(argv: list[str]) -> set[str]:
    program = (
        "import sys\nfrom sddoctor.cli.main import run\nstatus = run(sys.argv[1:])\n"
        "print('\\0'.join(sys.modules), file=sys.stderr)\nsys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program, *argv], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    return set(done.stderr.split("\n")[-2].split("\0"))


LIGHT = [
    ["--help"], ["--version"], ["explain"], ["explain", "split-dns-missing"], ["explain", "nxdomain"], ["completion", "bash"],
    ["check", "--help"],
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("argv", LIGHT, ids=" ".join)
def test_heavy_modules_are_loaded_only_when_used(argv: list[str]) -> None:
    imported = _imported(argv)
    assert "click" in imported
    assert not HEAVY & imported


@pytest.mark.slow
def test_completion_loads_nothing_heavy() -> None:
    """The program that a shell starts for each press of the key."""
    program = (
        "import sys\nfrom sddoctor.cli.main import cli\n"
        "try:\n    cli.main(prog_name='sddoctor')\n"
        "finally:\n    print('\\0'.join(sys.modules), file=sys.stderr)\n"
    )
    for words in ("sddoctor check --tim", "sddoctor explain nxd", "sddoctor check dev"):
        env = os.environ | {"_SDDOCTOR_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": "2"}
        done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False)
        imported = set(done.stderr.split("\n")[-2].split("\0"))
        assert "click.shell_completion" in imported
        assert not (HEAVY | {"msgspec"}) & imported


@pytest.mark.slow
@pytest.mark.parametrize("argv", LIGHT, ids=" ".join)
def test_nothing_of_judgement_is_loaded(argv: list[str]) -> None:
    assert "msgspec" not in _imported(argv)


@pytest.mark.parametrize("argv", [["--help"], ["--version"]])
def test_help_needs_only_click(argv: list[str]) -> None:
    imported = _imported(argv)
    assert "msgspec" not in imported
    assert not {m for m in imported if m.startswith("sddoctor.") and not m.startswith("sddoctor.cli")}


@pytest.fixture
def saved(tmp_path: Path) -> str:
    path = tmp_path / "case.json"
    path.write_bytes(codec.encode(unseen_case()))
    return str(path)


def test_reader_that_goes_away_is_no_error(saved: str) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as nobody:
        done = subprocess.run(
            [*RUN, "check", "--from", saved], stdout=nobody, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (3, "")


@pytest.mark.slow
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize(("argv", "status"), [(["--version"], 0), (["explain", "srv-only"], 0), (["check"], 2)])
def test_closed_streams_change_nothing(closed: str, argv: list[str], status: int) -> None:
    line = f'exec "$@" {closed}'
    done = subprocess.run(["sh", "-c", line, "sh", *RUN, *argv], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
@pytest.mark.parametrize("argv", [["explain"], ["--help"], ["check", "--from"]])
def test_full_disk_is_one_sentence(argv: list[str], saved: str) -> None:
    argv = [*argv, saved] if argv[-1] == "--from" else argv
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*RUN, *argv], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("encoding", "mark"), [("ascii", "  ?  ecs"), ("latin-1", "  ?  ecs"), ("utf-8", "  ? ecs")])
def test_any_encoding_of_the_terminal(saved: str, encoding: str, mark: str) -> None:
    done = subprocess.run(
        [*RUN, "check", "--from", saved],
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip
    assert done.returncode == 3
    assert mark in done.stdout.decode(encoding)


def test_unknown_profile_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[default]\nregion = Not/A/Region\n")
    env = {**os.environ, "AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        env.pop(name, None)
    for argv, says in (
        (["--profile", "nobody"], "Error: The config profile (nobody) could not be found."),
        ([], "Error: 'Not/A/Region' in the AWS settings is not a region, such as eu-west-1."),
    ):
        done = subprocess.run([*RUN, "check", NAME, *argv], capture_output=True, text=True, check=False, env=env)
        assert done.returncode == 2
        assert done.stderr.splitlines() == [says, "Try 'sddoctor check --help'"]
        assert done.stdout == ""


def test_interrupt_ends_at_once(tmp_path: Path) -> None:
    """Ctrl-C while several names are looked at: nobody waits for the calls that are under way."""
    program = (
        "import sys, time\nfrom sddoctor.cli import judging, case_files\n"
        "from sddoctor.case.case import Asked\nfrom sddoctor import __main__\n"
        "def judge(asked):\n    time.sleep(300)\n"
        "def read(paths, names):\n    print('ready', flush=True)\n    judging.judge_all([Asked('a'), Asked('b')], judge)\n"
        "case_files.read = read\nsys.argv = ['sddoctor', 'check', '--from', 'x']\n__main__.main()\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
        assert process.stderr.read().strip() == b"Interrupted."
