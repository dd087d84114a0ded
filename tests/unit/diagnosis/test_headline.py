"""The headline says where it breaks as long as no cause is proved, and never only that none is."""

from __future__ import annotations

import pytest

from sddoctor.causes.registry import BY_CODE
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.headline import where
from sddoctor.stations.model import Break
from tests.cases import NAME
from tests.unit.causes.ecs.ecs_case import service
from tests.unit.stations.path_case import HOME, ONE, SOUND, TWO, denial, path_case, soa

STUB = Break(
    "stub", "SERVFAIL", "SERVFAIL", "an address", "127.0.0.53 answers SERVFAIL", "10.10.0.2 answers", "servers"
)


def test_where_it_breaks() -> None:
    spanning = Break(
        "vpc-answer", "NXDOMAIN", "", "", "10.10.0.2 answers NXDOMAIN", "ECS runs 2", "tasks", unseen=("registry",)
    )
    assert where((STUB,)) == "127.0.0.53 answers SERVFAIL, although 10.10.0.2 answers"
    assert where((spanning,)) == (
        "10.10.0.2 answers NXDOMAIN, although ECS runs 2; the fault lies somewhere "
        "between the tasks and the VPC resolver's answer (not seen: Cloud Map)"
    )
    assert where((STUB, spanning, STUB)).endswith("; it also breaks at the VPC resolver's answer")
    assert where((Break("tasks", "missing", "", "", "ECS runs 0 of 2 tasks"),)) == "ECS runs 0 of 2 tasks"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"servers": {HOME: SOUND}, "stub": denial("SERVFAIL"), "gets": "temporary failure"},
            "127.0.0.53 on this host answers SERVFAIL, although 192.168.1.1, which it forwards to, answers with both tasks.",
        ),
        (
            {"tasks": (), "of": service(running=0), "vpc": denial("NXDOMAIN", soa()), "gets": "not found"},
            "ECS runs 0 of 2 tasks of api",
        ),
        (
            {"registered": (), "vpc": denial("NXDOMAIN", soa()), "gets": "not found"},
            f"Cloud Map has no instance for {ONE} and {TWO}, although ECS runs 2 of 2 tasks of api.",
        ),
        (
            {"gets": "not found"},
            f"{NAME} gives no address: a lookup on this host fails (not found), although 10.10.0.2 answers with both tasks.",
        ),
    ],
)
def test_without_any_cause_it_says_what_comes_out_and_what_came_before(given: dict[str, object], words: str) -> None:
    said = diagnose(path_case(**given), frozenset(BY_CODE))  # type: ignore[arg-type]
    assert said.verdict == "broken"
    assert said.root_causes == ()
    assert words in said.headline
    assert "No cause" not in said.headline
