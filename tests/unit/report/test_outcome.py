import pytest
from msgspec import structs

from sddoctor.causes.model import Severity
from sddoctor.cli.status import ExitStatus, of_diagnoses
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report.outcome import FailOn
from tests.unit.report.diagnoses import HEALTHY, INCONCLUSIVE, NO_HEALTH_CHECK, UNHEALTHY, VPN_DOWN


@pytest.mark.parametrize(
    ("diagnoses", "status"),
    [
        ([HEALTHY], 0),
        ([VPN_DOWN], 1),
        ([UNHEALTHY], 1),
        ([INCONCLUSIVE], 3),
        ([HEALTHY, INCONCLUSIVE], 3),
        ([INCONCLUSIVE, VPN_DOWN, HEALTHY], 1),
    ],
)
def test_the_worst_name_decides(diagnoses: list[Diagnosis], status: int) -> None:
    assert of_diagnoses(diagnoses) == status


@pytest.mark.parametrize(
    ("severity", "fail_on", "status"),
    [("warning", "error", 0), ("warning", "warning", 1), ("info", "warning", 0), ("error", "warning", 1)],
)
def test_risks_count_only_when_asked(severity: Severity, fail_on: FailOn, status: int) -> None:
    risky = structs.replace(HEALTHY, findings=(structs.replace(NO_HEALTH_CHECK, severity=severity),))
    assert of_diagnoses([risky], fail_on) == status


def test_the_statuses_are_the_contract() -> None:
    assert {s.name: int(s) for s in ExitStatus} == {
        "FINE": 0, "PROBLEM": 1, "USAGE": 2, "UNDECIDED": 3, "INTERRUPTED": 130,
    }  # fmt: skip
