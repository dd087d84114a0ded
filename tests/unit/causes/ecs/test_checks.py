"""Failing health checks: which cause is named, which is left open, and which must not be."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from sddoctor.case.ecs import Container, Deployment, Event, HealthCheck, PortBinding
from sddoctor.case.seen import Fact, NotAttempted, Seen, Unreachable, UnseenFactError
from sddoctor.diagnosis.diagnose import diagnose
from tests.unit.causes.ecs.ecs_case import CHECK, ago, case, container, definition, found, service, stopped, task

SICK = (task(1, health="UNHEALTHY"), task(2, health="UNHEALTHY"))
ACCEPTS: Fact[bool] = Seen(True, "tcp")
REFUSES: Fact[bool] = Seen(False, "tcp")
SILENT: Fact[bool] = Unreachable("tcp", "no answer", "a route")
CURL = HealthCheck(("CMD-SHELL", "curl -f http://127.0.0.1:3000/health || exit 1"))
LOCALHOST = HealthCheck(("CMD-SHELL", "wget -q -O /dev/null http://localhost:3000/health || exit 1"))
CURL_ON_SLIM = definition(container(image="dev-api:1-slim", health_check=CURL))
ON_LOCALHOST = definition(container(image="dev-api:1-alpine", health_check=LOCALHOST))


def both(fact: Fact[bool], port: int = 3000) -> dict[tuple[str, int], Fact[bool]]:
    return {("10.10.1.1", port): fact, ("10.10.1.2", port): fact}


def test_a_sound_case_has_no_finding() -> None:
    said = diagnose(case())
    assert (said.verdict, said.findings, said.crashes) == ("healthy", (), ())


def test_a_missing_tool_is_the_root_of_the_failing_check() -> None:
    said = diagnose(case(SICK, definitions=(CURL_ON_SLIM,), connections=both(ACCEPTS)))
    assert said.root_causes == ("health-check-tool-missing",)
    (consequence,) = [f for f in said.findings if f.code == "health-check-failing"]
    assert (consequence.role, consequence.of) == ("consequence", "health-check-tool-missing")
    assert said.findings[0].certainty == "likely"
    assert "Probably" in said.headline


@pytest.mark.parametrize("fact", [None, SILENT, NotAttempted("tcp", "no way", "a way")])
def test_without_a_connection_the_tool_is_only_a_hint(fact: Fact[bool] | None) -> None:
    seen = case(SICK, definitions=(CURL_ON_SLIM,), connections=both(fact) if fact else {})
    with pytest.raises(UnseenFactError):
        found("health-check-tool-missing", seen)
    said = diagnose(seen)
    assert said.root_causes == ("health-check-failing",)
    assert "A hint: it needs curl" in said.findings[0].detail
    assert "health-check-tool-missing" in {u.code for u in said.undecided}


def test_a_program_that_refuses_connections_is_at_fault_itself() -> None:
    said = diagnose(case(SICK, definitions=(CURL_ON_SLIM,), connections=both(REFUSES)))
    assert said.root_causes == ("health-check-failing",)
    assert "look at the program" in said.findings[0].detail
    assert "A hint" not in said.findings[0].detail


def test_another_port_that_answers_does_not_excuse_the_check() -> None:
    wrong_port = definition(
        container(image="x:slim", health_check=HealthCheck(("CMD-SHELL", "curl http://localhost:8080/")))
    )
    seen = case(SICK, definitions=(wrong_port,), connections=both(ACCEPTS) | both(REFUSES, 8080))
    said = diagnose(seen)
    assert said.root_causes == ("health-check-failing",)
    assert "it connects to port 8080, and the container offers 3000" in said.findings[0].detail


def test_localhost_by_wget_is_named_where_the_port_answers() -> None:
    said = diagnose(case(SICK, definitions=(ON_LOCALHOST,), connections=both(ACCEPTS)))
    assert said.root_causes == ("health-check-localhost-ipv6",)
    assert said.findings[0].certainty == "hint"
    assert "http://127.0.0.1:3000/health" in str(said.findings[0].fixes[0].config)


@pytest.mark.parametrize(
    "command",
    [
        "curl -f http://localhost:3000/ || exit 1",
        "wget -q http://127.0.0.1:3000/ || exit 1",
        "wget -q http://localhost:3000/ || curl -f http://localhost:3000/",
    ],
)
def test_curl_or_an_address_is_not_the_localhost_trap(command: str) -> None:
    of = definition(container(image="dev-api:1", health_check=HealthCheck(("CMD-SHELL", command))))
    seen = case(SICK, definitions=(of,), connections=both(ACCEPTS))
    assert found("health-check-localhost-ipv6", seen) is None
    assert found("health-check-failing", seen)


def test_wget_that_is_missing_is_not_the_localhost_trap() -> None:
    of = definition(container(image="node:20-slim", health_check=LOCALHOST))
    seen = case(SICK, definitions=(of,), connections=both(ACCEPTS))
    assert diagnose(seen).root_causes == ("health-check-tool-missing",)
    assert found("health-check-localhost-ipv6", seen) is None


def test_a_sidecar_that_is_not_essential_does_not_make_a_failing_check() -> None:
    sidecar = container(name="metrics", essential=False, ports=())
    odd = task(1, containers=(Container("dev-api", health="HEALTHY"), Container("metrics", health="UNHEALTHY")))
    seen = case((odd, task(2)), definitions=(definition(container(), sidecar),))
    assert found("health-check-failing", seen) is None
    assert diagnose(seen).findings == ()


def test_failures_that_are_over_are_no_finding() -> None:
    event = Event(ago(500), "(service api) (task x) failed container health checks.")
    seen = case(of=service(events=(event,)), stopped=(stopped(3, 100, 400),))
    assert found("health-check-failing", seen) is None


def test_failures_before_a_deployment_that_has_just_begun_say_nothing_about_it() -> None:
    event = Event(ago(300), "(service api) (task x) failed container health checks.")
    repair = Deployment("ecs-svc/2", "PRIMARY", "IN_PROGRESS", created_at=ago(60))
    of = service(events=(event,), deployments=(repair,))
    young = task(7, health="UNKNOWN", started_at=ago(20), created_at=ago(50), started_by="ecs-svc/2")
    said = diagnose(case((young,), of=of, stopped=(stopped(3, 60, 300), stopped(4, 60, 200))))
    assert (said.verdict, said.root_causes) == ("broken", ("deployment-in-progress",))
    still = diagnose(case((young,), of=of, stopped=(stopped(4, 20, 10, created_at=ago(40)),)))
    assert still.root_causes == ("health-check-failing",)


def test_an_old_health_of_a_lost_agent_is_no_failing_check() -> None:
    lost = task(1, health="UNHEALTHY", connectivity="DISCONNECTED")
    assert found("health-check-failing", case((lost, task(2)))) is None


def test_unhealthy_tasks_are_enough_without_the_stopped_ones() -> None:
    unseen = NotAttempted("stopped tasks", "no time", "time")
    assert found("health-check-failing", case(SICK, stopped=unseen))


def test_too_few_tasks_and_unseen_stopped_ones_leave_it_open() -> None:
    unseen = NotAttempted("stopped tasks", "no time", "time")
    with pytest.raises(UnseenFactError):
        found("health-check-failing", case((task(1),), stopped=unseen))


SHORT = HealthCheck(CHECK.command, interval=10, timeout=5, retries=3, start_period=0)
SLOW_START = definition(container(health_check=SHORT))
KILLED = (stopped(3, 60, 300), stopped(4, 55, 200), stopped(5, 62, 90))
YOUNG = task(6, health="UNKNOWN", started_at=ago(20), created_at=ago(60))


def test_tasks_that_never_passed_are_a_failing_check_and_maybe_a_slow_start() -> None:
    said = diagnose(case((YOUNG,), stopped=KILLED, definitions=(SLOW_START,)))
    assert said.verdict == "broken"
    assert said.root_causes == ("health-check-failing",)
    (maybe,) = [f for f in said.findings if f.code == "health-check-start-period-too-short"]
    assert (maybe.certainty, maybe.role) == ("hint", "advice")


def test_a_task_that_passed_after_it_had_failed_proves_a_slow_start() -> None:
    late = task(7, started_at=ago(400), created_at=ago(440))
    event = Event(ago(340), f"(service api) (task {late.id}) failed container health checks.")
    said = diagnose(case((late, YOUNG), of=service(events=(event,)), stopped=KILLED, definitions=(SLOW_START,)))
    assert (said.verdict, said.root_causes) == ("degraded", ("health-check-start-period-too-short",))
    assert said.findings[0].certainty == "certain"


def test_a_healthy_task_of_the_revision_makes_a_slow_start_likely() -> None:
    said = diagnose(
        case(
            (task(7), YOUNG), of=service(running=2), stopped=KILLED, definitions=(SLOW_START,), answered=("10.10.1.7",)
        )
    )
    cause = next(f for f in said.findings if f.code == "health-check-start-period-too-short")
    assert cause.certainty == "likely"


@pytest.mark.parametrize(
    ("tasks", "of"),
    [
        (KILLED[:1], SLOW_START),
        ((*KILLED[:2], stopped(8, 900, 50)), SLOW_START),
        (KILLED, definition(container(image="x:slim", health_check=replace(SHORT, command=CURL.command)))),
        (KILLED, definition(container(health_check=SHORT, ports=(PortBinding(4000),)))),
    ],
    ids=["one task", "healthy for a while", "tool", "port"],
)
def test_what_is_no_slow_start(tasks: tuple[object, ...], of: object) -> None:
    seen = case((YOUNG,), stopped=tasks, definitions=(of,))  # type: ignore[arg-type]
    assert found("health-check-start-period-too-short", seen) is None
    assert found("health-check-failing", seen)
