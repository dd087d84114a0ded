"""A watch of names that no Cloud Map service has: each answer against what the records promise at that time."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from msgspec import structs

from sddoctor.case.case import Asked, Case
from sddoctor.case.seen import Absent
from sddoctor.case.watch import Answered, Recording, State
from sddoctor.diagnosis.watch_phases import judge
from sddoctor.lab.runner import Lab
from sddoctor.observe.observer import observe
from sddoctor.observe.options import ObserveOptions
from tests.in_process import in_lab, run_in
from tests.scenarios.test_record_runbooks import ZONE, world
from tests.scenarios.test_watch import Watching, watching

HAND, WEB = "hand.corp.internal", "web.corp.internal"


def change(lab: Lab, action: str, *values: str) -> None:
    """Change the record of ``HAND``, as its owner would."""
    env = lab.process_env()
    session = boto3.Session(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1")
    client = session.client("route53", endpoint_url=env["AWS_ENDPOINT_URL"])
    records = [{"Value": v} for v in values]
    one = {"Name": HAND, "Type": "A", "TTL": 60, "ResourceRecords": records}
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": one}]}
    client.change_resource_record_sets(HostedZoneId=ZONE, ChangeBatch=batch)


@pytest.fixture
def watched() -> Iterator[tuple[Lab, Watching]]:
    with Lab(structs.replace(world(), name=HAND)) as lab, watching(lab) as watch:
        watch.look()
        yield lab, watch


def answers(line: str) -> set[tuple[tuple[str, ...], str, str]]:
    return {(tuple(a["addresses"]), a["judged"], a["verdict"]) for a in json.loads(line)["answers"]}


def test_the_promise_is_the_record_of_now(watched: tuple[Lab, Watching]) -> None:
    lab, watch = watched
    assert answers(watch.lines[-1]) == {(("10.10.211.50",), "whole", "healthy")}
    change(lab, "UPSERT", "10.10.212.150")
    watch.look()  # this one may have begun before
    watch.look()
    assert answers(watch.lines[-1]) == {(("10.10.212.150",), "whole", "healthy")}
    change(lab, "DELETE", "10.10.212.150")
    watch.look()
    watch.look()
    assert answers(watch.lines[-1]) == {((), "no-answer", "broken")}
    watch.end(signal.SIGINT)
    assert watch.process.returncode == 1, watch.errors
    first = json.loads(watch.lines[0])
    assert (first["tasks"], first["instances"], first["gaps"]) == (None, None, [])


def test_the_text_has_no_rows_of_ecs() -> None:
    with Lab(structs.replace(world(), name=WEB)) as lab:
        done = run_in(lab, ["watch", WEB, "--root", str(lab.root), "--interval", "1", "--for", "1", "-o", "text"])
    assert done.returncode == 0
    assert "task" not in done.stdout
    assert "VPC 10.10.0.2: 1, all" in done.stdout
    assert "Whoever answered gave an address that the name should have, in every look." in " ".join(done.stdout.split())


def observed(name: str) -> Case:
    with Lab(structs.replace(world(), name=name)) as lab, in_lab(lab):
        return observe(name, Asked(name), ObserveOptions(root=lab.root)).case


def verdicts(case: Case, *answered: Answered) -> list[tuple[str, str]]:
    none: Any = Absent("tasks", "route53")
    state = State(none, none, none, answered, of_records=True)
    recording = Recording(case.name, case.at, case.at, 1.0, None, 8, first=case)
    return [(j.kind, j.comparison.verdict) for j in judge(recording, state, case.at)]


def test_other_addresses_of_a_load_balancer_are_no_fault() -> None:
    """It gets new ones now and then: what the VPC's resolver returns at that time is what others should return."""
    case = observed(WEB)
    vpc, new = "VPC 10.10.0.2", ("10.10.6.77",)
    assert verdicts(case, Answered(vpc, new), Answered("host 192.168.1.1", new)) == [("whole", "healthy")] * 2
    assert verdicts(case, Answered(vpc, new), Answered("host 192.168.1.1", ("10.10.5.21",)))[1] == (
        "only-stale",
        "broken",
    )
