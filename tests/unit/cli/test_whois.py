"""``whois`` as a user meets it: arguments, standard input, formats, exit statuses."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

import sddoctor.lab
from sddoctor.cli.status import ExitStatus
from sddoctor.cli.whois import whois
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load
from tests.in_process import command

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "whois.schema.json").read_text())


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """A world in which one registration is stale."""
    with Lab(load(WORLDS / "stale-instance.yaml")) as running:
        yield running


def run(lab: Lab, *args: str, pasted: str = "") -> subprocess.CompletedProcess[str]:
    return command("whois", *args, env=lab.process_env(), pasted=pasted)


def test_a_task_in_text(lab: Lab) -> None:
    done = run(lab, "10.10.211.50")
    assert (done.returncode, done.stderr) == (0, "")
    assert "HELD  10.10.211.50" in done.stdout
    assert "dev-api.example.internal" in done.stdout
    assert "ip-10-10-211-50.ap-northeast-1.compute.internal" in done.stdout
    assert "sddoctor explain reverse-lookup-generic" in " ".join(done.stdout.split())
    # An id is never broken, so a line with one may be longer.
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_addresses_of_a_pasted_log_in_json(lab: Lab) -> None:
    pasted = "12:30:45 ERROR dial tcp 10.10.211.99:3000: timeout (was 10.10.211.50), 10.10.211.99 again, 127.0.0.1\n"
    done = run(lab, "-o", "json", pasted=pasted)
    assert done.returncode == ExitStatus.PROBLEM
    data = json.loads(done.stdout)
    Draft202012Validator(SCHEMA).validate(data)
    assert data["schema"] == "sddoctor.whois/1"
    assert [(a["address"], a["status"]) for a in data["addresses"]] == [
        ("10.10.211.99", "nobody"), ("10.10.211.50", "held"), ("127.0.0.1", "special"),
    ]  # fmt: skip
    assert [r["standing"] for r in data["addresses"][0]["registrations"]] == ["stale"]


def test_markdown(lab: Lab) -> None:
    done = run(lab, "10.10.211.99", "-o", "markdown")
    assert done.stdout.startswith("## NOBODY: `10.10.211.99`\n")
    assert "STALE" in done.stdout


def test_without_access_nothing_is_decided(lab: Lab) -> None:
    denied = run(lab, "10.10.211.50", "--profile", "none-of-that-name")
    assert denied.returncode == ExitStatus.USAGE
    assert "none-of-that-name" in denied.stderr


def test_unseen_gives_three() -> None:
    world = load(WORLDS / "article.yaml")
    from msgspec import structs

    from sddoctor.lab.world import Faults

    with Lab(structs.replace(world, faults=Faults(deny=("ec2:*", "ecs:*", "servicediscovery:*")))) as lab:
        done = run(lab, "10.10.211.50")
    assert done.returncode == ExitStatus.UNDECIDED
    assert done.stdout.startswith("UNKNOWN  10.10.211.50\n")
    assert "ec2:DescribeNetworkInterfaces" in done.stdout


@pytest.mark.parametrize(
    ("args", "pasted", "said"),
    [
        (["10.10.0.0/16"], "", "'10.10.0.0/16' is not an IP address"),
        (["dev-api.example.internal"], "", "is not an IP address"),
        (["-"], "no address here", "There is no IP address in standard input."),
        ([], "", "There is no IP address in standard input."),
    ],
)
def test_wrong_usage_is_one_sentence(args: list[str], pasted: str, said: str) -> None:
    done = CliRunner().invoke(whois, args, input=pasted, standalone_mode=False)
    assert said in str(done.exception)


def test_a_closed_standard_input_is_empty(lab: Lab) -> None:
    line = f"{sys.executable} -m sddoctor whois <&-"
    done = subprocess.run(
        ["bash", "-c", line], env=lab.process_env(), capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "An ADDRESS is missing" in done.stderr


def test_special_addresses_need_no_aws() -> None:
    done = CliRunner().invoke(whois, ["127.0.0.1", "169.254.169.253"], standalone_mode=False)
    assert (done.exception, done.return_value) == (None, ExitStatus.FINE)
    assert "the VPC resolver" in done.output
