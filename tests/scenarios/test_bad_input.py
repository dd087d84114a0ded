"""Whatever a user gets wrong is one sentence on standard error, with the right status, and never a traceback."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load, merge, parse
from tests import yaml_files
from tests.in_process import run_in

ARTICLE = Path(sddoctor.lab.__file__).parent / "worlds" / "article.yaml"
NAME = "dev-api.example.internal"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(load(ARTICLE)) as made:
        yield made


def _one_sentence(done: subprocess.CompletedProcess[str], status: int, *words: str) -> None:
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    said = [line for line in done.stderr.strip().split("\n") if line and not line.startswith("Try ")]
    assert len(said) == 1, done.stderr
    for word in words:
        assert word in said[0]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], ["NAME"]),
        ([""], ["empty"]),
        (["a..b.example.internal"], ["empty"]),
        (["a b.example.internal"], []),
        ([f"{NAME}:3000"], [f"'{NAME}'"]),
        ([f"http://{NAME}/health"], ["URL"]),
        (["10.10.211.50"], ["address"]),
        (["x" * 64 + ".example.internal"], ["63"]),
        ([".".join(["abcdefghi"] * 30)], ["25"]),
        ([NAME, "-o", "yaml"], ["yaml"]),
        ([NAME, "--nameserver", "resolver.example"], ["resolver.example"]),
        ([NAME, "--nameserver", "10.0.0.2#99999"], ["99999"]),
        ([NAME, "--timeout", "0"], ["0"]),
        ([NAME, "--timeout", "soon"], ["soon"]),
        ([NAME, "--samples", "0"], ["0"]),
        ([NAME, "--client-vpc", "dev"], ["dev"]),
        ([NAME, "--color", "maybe"], ["maybe"]),
        ([NAME, "--fail-on", "info"], ["info"]),
        ([NAME, "--bogus"], ["--bogus"]),
        ([NAME, "--region", "EU West 1"], ["EU West 1"]),
        ([NAME, "--profile", "no-such-profile"], ["no-such-profile"]),
        ([NAME, "--root", "/nowhere/at/all"], ["/nowhere/at/all"]),
        ([NAME, "--root", __file__], ["Not a directory"]),
        ([NAME, "--root", ""], ["empty"]),
        ([NAME, "--save", "/nowhere/at/all/case.json"], ["/nowhere/at/all"]),
        ([NAME, "--ignore", "split-dns-mising"], ["split-dns-missing"]),
        (["--from", "/nowhere/case.json"], ["/nowhere/case.json"]),
    ],
)
def test_wrong_usage(lab: Lab, args: list[str], words: list[str]) -> None:
    _one_sentence(run_in(lab, ["check", *args]), 2, *words)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["case.json"]),
        (b'{"schema": ', ["case.json"]),
        (bytes(range(256)), ["case.json"]),
        (b"[]", ["case.json"]),
        (b'{"schema": "sddoctor.report/1", "reports": []}', ["'sddoctor.report/1'", "'sddoctor.case/1'", "--save"]),
        (b'{"schema": "sddoctor.case/1", "name": 3}', ["case.json"]),
        (b'{"schema": "sddoctor.cases/1", "cases": []}', ["no case"]),
        (b"[" * 100_000, ["case.json"]),
    ],
    ids=["empty", "cut off", "binary", "list", "report", "wrong type", "no case", "too deep"],
)
def test_a_saved_file_that_is_none(lab: Lab, tmp_path: Path, content: bytes, words: list[str]) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(content)
    _one_sentence(run_in(lab, ["check", "--from", str(path)]), 2, *words)


@pytest.mark.parametrize(
    ("written", "words"),
    [("{", ["os-release.json", "JSON"]), ('{"platform": "plan9"}', ["os-release.json", "macos"])],
    ids=["cut off", "unknown platform"],
)
def test_a_root_that_says_what_cannot_be(lab: Lab, tmp_path: Path, written: str, words: list[str]) -> None:
    (tmp_path / "os-release.json").write_text(written)
    _one_sentence(run_in(lab, ["check", NAME, "--root", str(tmp_path)]), 2, *words)


def test_a_region_that_nobody_knows_is_a_warning_with_a_guess(lab: Lab) -> None:
    """A region may be newer than the installed boto3, so it is asked all the same."""
    done = run_in(lab, [*lab.check_args, "--region", "ap-nrtheast-1"])
    _one_sentence(done, 0, "Warning", "did you mean ap-northeast-1?")


def _broken(change: dict[str, object], env: dict[str, str | None] | None = None) -> subprocess.CompletedProcess[str]:

    world = parse(merge(yaml_files.read(ARTICLE), change))
    with Lab(world) as made:
        for key, value in (env or {}).items():
            made.env.pop(key, None)
            if value is not None:
                made.env[key] = value
        return run_in(made, [*made.check_args, "--timeout", "5"])


@pytest.mark.parametrize(
    ("change", "env", "words"),
    [
        ({}, {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, ["credentials"]),
        ({"faults": {"errors": {"*": "expired"}}}, {}, ["sign"]),
        ({}, {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, ["endpoint"]),
        ({}, {"AWS_REGION": None, "AWS_DEFAULT_REGION": None}, ["region"]),
        ({"faults": {"errors": {"*": "garbage"}}}, {}, ["AWS"]),
    ],
    ids=["no credentials", "expired", "unreachable", "no region", "garbage"],
)
def test_aws_out_of_reach(change: dict[str, object], env: dict[str, str | None], words: list[str]) -> None:
    done = _broken(change, env)
    _one_sentence(done, 3, *words)
    assert done.stdout.startswith("INCONCLUSIVE")


def test_everything_denied_is_said_with_the_permissions_that_are_missing() -> None:
    done = _broken({"faults": {"deny": ["*"]}})
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.startswith("INCONCLUSIVE")
    assert "servicediscovery:ListNamespaces" in done.stdout
