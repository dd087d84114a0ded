from msgspec import structs

from sddoctor.report import short
from sddoctor.report.look import Look
from tests.unit.report.diagnoses import ALL, HEALTHY, HOSTILE, NO_ROUTE, UNHEALTHY, VPN_DOWN


def test_verdict_name_headline_and_first_fix() -> None:
    assert short.render([VPN_DOWN], Look()) == (
        f"BROKEN dev-api.example.internal: {VPN_DOWN.headline}\nFix: {NO_ROUTE.fixes[0].commands[0]}\n"
    )


def test_one_line_when_healthy() -> None:
    assert short.render([HEALTHY], Look()) == f"HEALTHY dev-api.example.internal: {HEALTHY.headline}\n"


def test_never_more_than_three_lines() -> None:
    for diagnosis in ALL.values():
        assert len(short.render([diagnosis], Look()).splitlines()) <= 3


def test_waiting_instead_of_a_fix_when_it_is_the_cure() -> None:
    waiting = tuple(structs.replace(f, wait_seconds=40) for f in UNHEALTHY.findings)
    shown = short.render([structs.replace(UNHEALTHY, findings=waiting)], Look())
    assert "wait 40 s" in shown
    assert "Fix:" not in shown


def test_deceiving_command_is_not_offered() -> None:
    assert short.render([HOSTILE], Look()).endswith("Fix: aws sts get-caller-identity\n")
