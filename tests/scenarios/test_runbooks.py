"""The commands of the runbooks work: the real ``aws`` and ``dig`` and this program, against the lab."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import sddoctor.lab
from sddoctor.case.case import Asked, Case
from sddoctor.cli.main import run
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load
from sddoctor.observe.observer import observe
from sddoctor.observe.options import ObserveOptions
from sddoctor.runbook.document import render
from sddoctor.runbook.generic import VARIABLES, pages

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
NAME = "dev-api.example.internal"
BIN = Path(sys.executable).parent
#: Runs many ``aws`` commands in one process, by the very code of the command: to start it takes half a second each.
MANY = """
import contextlib, io, json, sys
from awscli.clidriver import create_clidriver
for argv in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = create_clidriver().main(argv[1:])
    print(json.dumps([status, out.getvalue()]))
"""


@cache
def article() -> Case:
    """Observe the article's world."""
    with Lab(load(WORLDS / "article.yaml")) as lab, pytest.MonkeyPatch.context() as patch:
        for key, value in lab.env.items():
            patch.setenv(key, value)
        return observe(NAME, Asked(NAME), ObserveOptions(root=lab.root)).case


def commands(text: str) -> list[str]:
    """Return the lines of all blocks of commands but the one that sets variables."""
    blocks = re.findall(r"(?ms)^```sh\n(.*?)^```$", text)
    return [line for b in blocks if b.strip() != VARIABLES for line in b.splitlines()]


@cache
def filled_in() -> tuple[str, ...]:
    """Return the commands of the runbook of the article's name, each once."""
    return tuple(dict.fromkeys(commands(render(article(), diagnose(article(), frozenset())))))


@pytest.fixture(scope="module")
def lab():  # type: ignore[no-untyped-def]
    with Lab(load(WORLDS / "article.yaml")) as running:
        yield running


@pytest.mark.slow
def test_the_variables_are_found(lab: Lab) -> None:
    script = (
        f"set -eu\n{VARIABLES}\nfor v in REGION NAMESPACE_ID ZONE_ID SERVICE_ID CLUSTER ECS_SERVICE ADDRESS VPC_ID "
    )
    script += 'RESOLVER; do eval "echo \\"\\$$v\\""; done'
    env = lab.process_env() | {"PATH": f"{BIN}:/usr/bin:/bin"}
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split() == [
        "ap-northeast-1", "ns-exampleinternal01", "Z0EXAMPLEINTERNAL01", "srv-devapi0000000001", "dev", "dev-api-service",
        done.stdout.split()[6], "vpc-0a1b2c3d4e5f60718", "10.10.0.2",
    ]  # fmt: skip
    assert done.stdout.split()[6] in ("10.10.211.50", "10.10.212.150")


def test_the_runbooks_for_any_name_have_the_same_commands() -> None:
    """With the variables replaced by what they stand for, each is a command that the next tests run."""
    values = {
        "NAME": NAME, "NAMESPACE_ID": "ns-exampleinternal01", "ZONE_ID": "Z0EXAMPLEINTERNAL01",
        "SERVICE_ID": "srv-devapi0000000001", "CLUSTER": "dev", "ECS_SERVICE": "dev-api-service", "RESOLVER": "10.10.0.2",
        "ADDRESS": "10.10.211.50", "VPC_ID": "vpc-0a1b2c3d4e5f60718", "REGION": "ap-northeast-1",
    }  # fmt: skip
    known = [shlex.split(c) for c in filled_in()]
    every = [line for text in pages().values() for line in commands(text)]
    assert len(every) > 40
    for line in every:
        plain = re.sub(r"\$([A-Z_]+)", lambda m: values[m[1]], line)
        assert shlex.split(plain) in known, line


@pytest.mark.slow
def test_the_aws_commands_work(lab: Lab) -> None:
    wanted = [shlex.split(c) for c in filled_in() if c.startswith("aws ")]
    done = subprocess.run(
        [sys.executable, "-c", MANY], env=lab.process_env(), input=json.dumps(wanted), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == len(wanted) > 15
    failed = [shlex.join(w) for w, (status, _) in zip(wanted, results, strict=True) if status]
    assert (failed, done.stderr) == ([], "")
    said = "".join(out for _, out in results)
    for fact in ("10.10.211.50", "MULTIVALUE", "HEALTHY", "vpc-0a1b2c3d4e5f60718", "dev-api.example.internal."):
        assert fact in said, fact


@pytest.mark.system  # where dig is installed, whatever else is there
def test_the_questions_of_dig_are_answered(lab: Lab) -> None:
    asked = [c for c in filled_in() if c.startswith("dig @")]
    assert asked
    for line in asked:
        words = shlex.split(line)
        server = words[1].removeprefix("@")
        here = ["@127.0.0.1", "-p", str(lab.ports()[server])]
        done = subprocess.run([words[0], *here, *words[2:]], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, (line, done.stdout)
        if "+comments" in words:
            assert "status: NOERROR" in done.stdout, line


def test_its_own_commands_work(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for key, value in lab.env.items():
        monkeypatch.setenv(key, value)
    monkeypatch.chdir(tmp_path)
    mine = [shlex.split(c)[1:] for c in filled_in() if c.startswith("sddoctor ")]
    assert {w[0] for w in mine} == {"check", "whois", "resolver"}
    for words in mine:
        if "there.json" in words:
            (tmp_path / "there.json").write_bytes((tmp_path / "here.json").read_bytes())
        looks_here = words[0] != "whois" and "--from" not in words
        status = run([*words, *(["--root", str(lab.root)] if looks_here else [])])
        assert status == 0, (words, capsys.readouterr())
    assert "HEALTHY" in capsys.readouterr().out


def test_commands_of_the_host_are_those_that_are_known() -> None:
    """The lab records what the program itself runs on each platform; these are the same words."""
    rest = [c for c in filled_in() if not c.startswith(("aws ", "dig ", "sddoctor "))]
    recorded: set[str] = set()
    for world in ("article", "healthy-linux"):
        with Lab(load(WORLDS / f"{world}.yaml")) as lab:
            recorded |= {p.name for p in (lab.root / "commands").iterdir()}
    others = {
        "resolvectl status", "resolvectl flush-caches", f"resolvectl query {NAME}",
        "sudo dscacheutil -flushcache", "sudo killall -HUP mDNSResponder",
    }  # fmt: skip
    unknown = {c for c in rest if re.sub(r"[ /]", "_", c) not in recorded} - others
    assert unknown == set()
    assert len(rest) > len(others)


def test_two_looks_at_the_same_give_the_same_text(lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in lab.env.items():
        monkeypatch.setenv(key, value)
    target = tmp_path / "api.md"
    assert run(["runbook", NAME, "--root", str(lab.root), "--update", str(target)]) == 0
    assert target.read_text(encoding="utf-8") == render(article(), diagnose(article(), frozenset()))
