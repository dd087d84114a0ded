import threading

import pytest
from msgspec import structs

from sddoctor.case.case import Asked
from sddoctor.cli import judging
from sddoctor.cli.judging import Judged
from sddoctor.diagnosis.model import Diagnosis
from tests.unit.cli.cases import unseen_case
from tests.unit.report.diagnoses import HEALTHY, VPN_DOWN


def _judged(name: str, diagnosis: Diagnosis) -> Judged:
    return Judged(unseen_case(name), structs.replace(diagnosis, name=name))


def test_order_is_kept_and_never_more_than_a_few_at_once() -> None:
    lock, running, most = threading.Lock(), 0, 0
    gate = threading.Barrier(judging.AT_ONCE)

    def judge(asked: Asked) -> Judged:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        gate.wait(timeout=60)
        with lock:
            running -= 1
        return _judged(asked.name, HEALTHY)

    names = [f"n{i}.example" for i in range(2 * judging.AT_ONCE)]
    assert [j.diagnosis.name for j in judging.judge_all([Asked(n) for n in names], judge)] == names
    assert most == judging.AT_ONCE


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only sleeping moves."""
    pauses: list[float] = []
    monkeypatch.setattr(judging.time, "monotonic", lambda: sum(pauses))
    monkeypatch.setattr(judging.time, "sleep", pauses.append)
    return pauses


def test_waits_until_all_are_healthy_and_asks_only_the_ill_ones(slept: list[float]) -> None:
    asked: list[str] = []
    told: list[str] = []

    def judge(one: Asked) -> Judged:
        asked.append(one.name)
        ill = one.name == "b" and asked.count("b") < 3
        return _judged(one.name, structs.replace(VPN_DOWN, wait_seconds=12) if ill else HEALTHY)

    judged = judging.until_healthy([Asked("a"), Asked("b")], judge, 100, told.append)
    assert [j.diagnosis.verdict for j in judged] == ["healthy", "healthy"]
    assert sorted(asked) == ["a", "b", "b", "b"]
    assert slept == [12, 12]
    assert told[0] == "Not healthy yet: b. Asking again in 12 s; 100 s are left."


def test_stops_when_the_time_is_over(slept: list[float]) -> None:
    judged = judging.until_healthy([Asked("a")], lambda a: _judged(a.name, VPN_DOWN), 12, lambda _: None)
    assert judged[0].diagnosis.verdict == "broken"
    assert sum(slept) == 12
