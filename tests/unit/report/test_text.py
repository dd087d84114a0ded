import pytest
from msgspec import structs

from sddoctor.case.seen import Gap
from sddoctor.diagnosis.model import Diagnosis, HopReport, Undecided
from sddoctor.report import text
from sddoctor.report.style import Style
from tests.unit.report.diagnoses import ALL, HEALTHY, INCONCLUSIVE, NO_ROUTE, UNHEALTHY, VPN_DOWN
from tests.unit.report.golden import assert_golden

COMMANDS = {
    *(c for d in ALL.values() for step in d.next_steps for c in step.commands),
    *(c.tell for d in ALL.values() for c in d.candidates),
    *(line for d in ALL.values() for f in d.findings for x in f.fixes for c in x.commands for line in c.split("\n")),
}


@pytest.mark.parametrize("name", ALL)
def test_reads_well_in_80_columns_without_colour(name: str) -> None:
    assert_golden(f"{name}.txt", text.render([ALL[name]], Style()))


def test_verbose_shows_everything() -> None:
    assert_golden("vpn-down-verbose.txt", text.render([VPN_DOWN], Style(verbose=True)))


def test_several_names_begin_with_their_verdicts() -> None:
    shown = text.render([HEALTHY, VPN_DOWN], Style())
    assert shown.startswith("HEALTHY  dev-api.example.internal\nBROKEN  dev-api.example.internal\n\n")


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("name", sorted(ALL.keys() - {"hostile"}))
@pytest.mark.parametrize("verbose", [False, True])
def test_only_what_must_not_be_broken_is_wider_than_the_screen(name: str, width: int, verbose: bool) -> None:
    for line in text.render([ALL[name]], Style(width=width, fancy=True, verbose=verbose)).splitlines():
        too_wide = len(line) > width
        copied_whole = line.strip() in COMMANDS or line.strip().startswith('"command":')
        one_word = len(line.split()) <= 2
        assert not too_wide or copied_whole or one_word, line


def test_ascii_look_has_only_ascii() -> None:
    assert text.render([VPN_DOWN, UNHEALTHY, INCONCLUSIVE], Style()).isascii()


def test_fancy_marks() -> None:
    shown = text.render([VPN_DOWN], Style(fancy=True)).splitlines()
    assert "▶ ✗ network                                no way to 10.10.0.2 (by en0)" in shown
    assert any(line.startswith("  – host") for line in shown)  # noqa: RUF001
    assert any(line.startswith("  ? vpc-dns") for line in shown)


def test_colour_changes_nothing_but_colour() -> None:
    import re

    for diagnosis in ALL.values():
        plain = text.render([diagnosis], Style(fancy=True))
        coloured = text.render([diagnosis], Style(fancy=True, colour=True))
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_commands_are_pasted_as_they_are() -> None:
    lines = text.render([VPN_DOWN], Style(width=40)).splitlines()
    assert f"    {NO_ROUTE.fixes[0].commands[0]}" in lines
    at = lines.index("sudo tee /etc/resolver/example.internal <<'END'")
    assert lines[at : at + 3] == NO_ROUTE.fixes[1].commands[0].split("\n")


def test_root_causes_come_in_the_order_of_the_diagnosis() -> None:
    shown = text.render([UNHEALTHY], Style())
    assert shown.index("(health-check-failing;") < shown.index("(stale-instance;")


def test_waiting_is_advised_only_where_it_is_the_cure() -> None:
    assert "A part of it should pass by itself in about 40 s" in text.render([UNHEALTHY], Style())
    waiting = tuple(structs.replace(f, wait_seconds=40) for f in UNHEALTHY.findings)
    assert "wait 40 s, then ask again" in text.render([structs.replace(UNHEALTHY, findings=waiting)], Style())


def test_undecided_causes_only_when_they_matter() -> None:
    assert "Could not be decided" not in text.render([VPN_DOWN], Style())
    assert "Could not be decided" in text.render([VPN_DOWN], Style(verbose=True))
    assert "Could not be decided" in text.render([INCONCLUSIVE], Style())


def test_of_many_undecided_causes_only_the_first_are_listed() -> None:
    gap = Gap("the namespaces", "denied", "")
    many = structs.replace(INCONCLUSIVE, undecided=tuple(Undecided(f"cause-{n}", gap) for n in range(9)))
    shown, everything = (" ".join(text.render([many], Style(verbose=v)).split()) for v in (False, True))
    assert "cause-0, cause-1, cause-2, cause-3 and 5 more (-v lists them)" in shown
    assert "cause-4" not in shown
    assert all(f"cause-{n}" in everything for n in range(9))


def test_a_reason_is_said_once() -> None:
    denied = HopReport("ecs", "unknown", (), (), "not seen: ecs:ListClusters is denied")
    hops = (
        denied,
        structs.replace(denied, hop="cloudmap"),
        structs.replace(denied, hop="route53", summary="not seen: x"),
    )
    shown = text.render([structs.replace(INCONCLUSIVE, hops=hops)], Style())
    assert shown.count("ecs:ListClusters is denied") == 1
    assert "cloudmap  not seen, for the same reason" in shown
    assert "route53   not seen: x" in shown


def test_what_is_missing_is_not_said_twice() -> None:
    gaps = (
        Gap("the zone", "route53:GetHostedZone is denied", "route53:GetHostedZone"),
        Gap("the VPC", "unknown", "a VPN"),
    )
    shown = text.render([structs.replace(INCONCLUSIVE, gaps=gaps)], Style())
    assert "  - the zone: route53:GetHostedZone is denied\n  - the VPC: unknown (needs: a VPN)\n" in shown


def test_waiting_is_said_once() -> None:
    waiting = structs.replace(UNHEALTHY.findings[0], wait_seconds=40)
    said = structs.replace(UNHEALTHY, findings=(waiting,), headline="Health will follow: wait 40 s, then ask again.")
    assert text.render([said], Style()).count("ask again") == 1


def test_all_addresses_when_verbose() -> None:
    def addresses(diagnosis: Diagnosis, *, verbose: bool) -> int:
        return text.render([structs.replace(diagnosis, findings=())], Style(verbose=verbose)).count("10.10.211.7")

    assert addresses(UNHEALTHY, verbose=False) == 0
    assert addresses(UNHEALTHY, verbose=True) == 5
