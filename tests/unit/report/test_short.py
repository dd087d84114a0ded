from msgspec import structs

from sddoctor.causes.model import Fix
from sddoctor.report import short
from sddoctor.report.style import Style
from sddoctor.text.safe import clean
from tests.unit.report.diagnoses import ALL, HEALTHY, HOSTILE, NO_ROUTE, UNHEALTHY, VPN_DOWN


def test_verdict_name_headline_and_first_fix() -> None:
    assert short.render([VPN_DOWN], Style()) == (
        f"BROKEN dev-api.example.internal: {VPN_DOWN.headline}\nFix: Connect the VPN\n{NO_ROUTE.fixes[0].commands[0]}\n"
    )


def test_one_line_when_healthy_and_the_name_once() -> None:
    assert HEALTHY.headline.startswith("dev-api.example.internal ")
    assert short.render([HEALTHY], Style()) == f"HEALTHY {HEALTHY.headline}\n"


def test_never_more_than_three_lines() -> None:
    for diagnosis in ALL.values():
        assert len(short.render([diagnosis], Style()).splitlines()) <= 3


def test_waiting_instead_of_a_fix_when_it_is_the_cure() -> None:
    waiting = tuple(structs.replace(f, wait_seconds=40) for f in UNHEALTHY.findings)
    shown = short.render([structs.replace(UNHEALTHY, findings=waiting)], Style())
    assert "wait 40 s" in shown
    assert "Fix:" not in shown


def test_a_fix_with_a_deceiving_command_is_only_named() -> None:
    shown = short.render([HOSTILE], Style())
    assert "aws ecs" not in shown
    assert shown.splitlines()[-1] == f"Fix: {clean(HOSTILE.findings[0].fixes[0].title)}"


def _with_fix(fix: Fix) -> str:
    finding = structs.replace(NO_ROUTE, fixes=(fix, *NO_ROUTE.fixes))
    return short.render([structs.replace(VPN_DOWN, findings=(finding,))], Style()).split("\n", 1)[1]


def test_a_fix_is_whole_or_in_words() -> None:
    assert (
        _with_fix(Fix("Write it", "macos", ("mkdir -p a", "touch a/b"))) == "Fix: Write it\nmkdir -p a && touch a/b\n"
    )
    assert _with_fix(Fix("Add it", "windows", ("Add-A", "Add-B"))) == "Fix: Add it\nAdd-A; Add-B\n"
    assert _with_fix(Fix("Connect the VPN, then check again", "vpn")) == "Fix: Connect the VPN, then check again\n"
    assert _with_fix(Fix("Write it", "macos", ("mkdir -p a", "cat > a/b <<'END'\nx\nEND"))) == "Fix: Write it\n"
