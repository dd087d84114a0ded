"""One name looked at from a laptop, a bastion and a task, and judged as one case."""

from __future__ import annotations

import json
import os
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import jsonschema
import pytest

import sddoctor.lab
from sddoctor.lab.runner import Lab
from sddoctor.lab.world import load, merge, parse
from tests import yaml_files
from tests.in_process import command, run_in

WORLDS = Path(sddoctor.lab.__file__).parent / "worlds"
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text())
ADDRESSES = ["10.10.211.50", "10.10.212.150"]
IN_VPC = {
    "platform": "linux",
    "version": "12",
    "resolver_files": None,
    "in_vpc": "vpc-0a1b2c3d4e5f60718",
    "nameservers": ["10.10.0.2"],
    "interfaces": [{"name": "eth0", "address": "10.10.5.7", "prefix": 20}],
}
PLACES: dict[str, dict[str, Any]] = {
    "laptop": {"host": {"resolver_files": None}},
    "home": {"host": {"resolver_files": None, "vpn": "down"}},
    "laptop-without-aws": {"host": {"resolver_files": None}, "faults": {"deny": ["*"]}},
    "mac-without-ecs": {"faults": {"deny": ["ecs:*"]}},
    "bastion": {"host": IN_VPC},
    "task": {"host": IN_VPC, "faults": {"deny": ["*"]}},
}
DOWN = {"clusters": {"dev": {"services": {"dev-api-service": {"desired": 0, "tasks": []}}}}}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with what each place saw of the article's name, and below ``down`` while no task runs."""
    directory = tmp_path_factory.mktemp("places")
    (directory / "down").mkdir()
    article = yaml_files.read(WORLDS / "article.yaml")
    wanted = list(PLACES.items())
    wanted += [(f"down/{name}", DOWN | PLACES[name]) for name in ("laptop", "bastion")]
    for name, changes in wanted:
        with Lab(parse(merge(article, changes))) as lab:
            done = run_in(lab, [*lab.check_args, "--save", str(directory / f"{name}.json")])
        assert "Traceback" not in done.stderr
    return directory


def _check(saved: Path, *names: str, more: tuple[str, ...] = ()) -> CompletedProcess[str]:
    """Judge in an environment in which nothing can be asked: neither AWS nor a name server."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SDDOCTOR_"))}
    env |= {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "SDDOCTOR_NETWORK": os.devnull}
    files = [word for name in names for word in ("--from", str(saved / f"{name}.json"))]
    done = command("check", *files, *more, env=env)
    assert done.stderr == ""
    return done


def _judged(saved: Path, *names: str) -> tuple[int, Any]:
    done = _check(saved, *names, more=("-o", "json"))
    report = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    (one,) = report["reports"]
    return done.returncode, one


def _standing(report: Any) -> list[tuple[str, str, list[str]]]:
    return [(p["label"], p["verdict"], p["root_causes"]) for p in report["places"]]


def test_it_works_on_the_bastion_and_not_on_the_laptop(saved: Path) -> None:
    status, report = _judged(saved, "laptop", "bastion")
    assert (status, report["verdict"], report["root_causes"]) == (1, "broken", ["split-dns-missing"])
    assert _standing(report) == [("laptop", "broken", ["split-dns-missing"]), ("bastion", "healthy", [])]
    assert report["places"][1]["addresses"] == ADDRESSES
    assert "It resolves at bastion and not at laptop, so the fault lies at laptop" in report["headline"]
    (finding,) = [f for f in report["findings"] if f["role"] == "root-cause"]
    assert "Nothing on laptop sends" in finding["summary"]
    assert {e.get("place") for e in finding["evidence"]} == {"laptop"}


def test_the_first_place_is_the_one_that_is_judged_and_any_failure_counts(saved: Path) -> None:
    status, report = _judged(saved, "bastion", "laptop")
    assert (status, report["verdict"], report["root_causes"]) == (1, "healthy", [])
    assert "At laptop it does not resolve: Nothing on laptop sends" in report["headline"]
    assert [f["code"] for f in report["places"][1]["findings"] if f["role"] == "root-cause"] == ["split-dns-missing"]


def test_three_places_fail_in_their_own_ways(saved: Path) -> None:
    status, report = _judged(saved, "home", "laptop", "bastion")
    assert (status, report["root_causes"]) == (1, ["no-route-to-resolver"])
    assert [r for _, _, r in _standing(report)] == [["no-route-to-resolver"], ["split-dns-missing"], []]
    resolver = next(h for h in report["hops"] if h["hop"] == "vpc-dns")
    assert (resolver["status"], resolver["addresses"]) == ("ok", ADDRESSES)
    assert resolver["summary"].endswith("(seen from laptop)")


def test_a_place_that_may_not_ask_aws_is_judged_by_what_another_saw(saved: Path) -> None:
    assert _judged(saved, "task")[0] == 3
    status, report = _judged(saved, "task", "bastion")
    assert (status, report["verdict"], report["gaps"]) == (0, "healthy", [])
    assert report["aws_from"] == ["bastion"]
    assert "At bastion it resolves as it should" in report["headline"]
    status, report = _judged(saved, "laptop-without-aws", "bastion")
    assert (status, report["verdict"], report["root_causes"]) == (1, "broken", [])
    assert [g["needs"] for g in report["gaps"]] == ["a look from there with --nameserver 10.10.0.2"]


def test_what_one_was_denied_another_may_have_seen(saved: Path) -> None:
    assert _judged(saved, "mac-without-ecs")[0] == 3
    status, report = _judged(saved, "mac-without-ecs", "bastion")
    assert (status, report["verdict"], report["gaps"]) == (0, "healthy", [])
    assert report["aws_from"] == ["mac-without-ecs", "bastion"]


def test_without_aws_a_name_that_is_answered_elsewhere_exists(saved: Path) -> None:
    status, report = _judged(saved, "laptop-without-aws", "task")
    assert (status, report["verdict"], report["root_causes"]) == (1, "broken", [])
    assert "At task it gives 10.10.211.50 and 10.10.212.150, so there is such a name" in report["headline"]
    assert [v for _, v, _ in _standing(report)] == ["broken", "inconclusive"]


def test_what_is_wrong_in_aws_is_wrong_everywhere(saved: Path) -> None:
    status, report = _judged(saved, "down/bastion", "down/laptop")
    assert (status, report["root_causes"]) == (1, ["service-scaled-to-zero"])
    laptop = report["places"][1]
    assert laptop["verdict"] == "broken"
    assert "service-scaled-to-zero" in laptop["root_causes"]


def test_why_a_check_fails_is_seen_from_where_the_vpc_is_reached(tmp_path: Path) -> None:
    """Whether the port answers tells a missing tool from a broken program, and the laptop has no way to it."""
    for name in ("health-check-tool-missing-unseen", "health-check-tool-missing"):
        with Lab(load(WORLDS / f"{name}.yaml")) as lab:
            run_in(lab, [*lab.check_args, "--save", str(tmp_path / f"{name}.json")])
    _, report = _judged(tmp_path, "health-check-tool-missing-unseen")
    assert report["root_causes"] == ["health-check-failing", "no-route-to-resolver"]
    _, report = _judged(tmp_path, "health-check-tool-missing-unseen", "health-check-tool-missing")
    assert report["root_causes"] == ["health-check-tool-missing", "no-route-to-resolver"]


def test_saved_together_it_is_the_same_case_again(saved: Path, tmp_path: Path) -> None:
    both = tmp_path / "both.json"
    first = json.loads(_check(saved, "laptop", "bastion", more=("-o", "json", "--save", str(both))).stdout)
    again = json.loads(_check(tmp_path, "both", more=("-o", "json")).stdout)
    assert first.pop("generated_at")
    assert again.pop("generated_at")
    assert again == first


def test_people_read_where_it_was_seen(saved: Path) -> None:
    text = _check(saved, "home", "bastion").stdout
    assert "  - home (macOS 14.5): BROKEN, not found; no-route-to-resolver\n" in text
    assert "  - bastion (Linux 12, instance (Amazon EC2)): HEALTHY, 10.10.211.50,\n    10.10.212.150\n" in text
    assert max(map(len, text.splitlines())) <= 80
    markdown = _check(saved, "bastion", "laptop", more=("-o", "markdown")).stdout
    assert "| laptop (macOS 14.5) | broken | not found; split-dns-missing |" in markdown
    assert "At `laptop`:" in markdown


def test_a_build_fails_for_the_place_that_does(saved: Path) -> None:
    done = _check(saved, "bastion", "laptop", more=("-o", "junit"))
    assert done.returncode == 1
    assert '<failure type="split-dns-missing" message="dev-api.example.internal resolves as it should' in done.stdout
