"""No report is a dead end: whatever is wrong, it says where, and what to do or to run next."""

from __future__ import annotations

import pytest

from sddoctor.case.case import Case
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.lab import gallery
from sddoctor.report import short, text
from sddoctor.report.style import Style
from tests import blind_worlds
from tests.world_cases import observed, observed_in


def _case(name: str) -> Case:
    if name in blind_worlds.names():
        return observed_in(blind_worlds.kept_as(name), blind_worlds.world_of(name)).case
    return observed(name).case


@pytest.mark.parametrize("name", [*gallery.names(), *blind_worlds.names()])
def test_it_says_where_and_how_to_go_on(name: str) -> None:
    diagnosis = diagnose(_case(name))
    roots = [f for f in diagnosis.findings if f.role == "root-cause"]
    fails = diagnosis.verdict in ("broken", "degraded")
    if fails or diagnosis.verdict == "inconclusive":
        assert diagnosis.next_steps or any(f.fixes for f in roots), diagnosis.headline
    if fails and any(f.kind == "fault" for f in roots):
        assert [h.hop for h in diagnosis.hops if h.status == "failed"], "no hop of the trail failed"
    if fails:
        assert diagnosis.breaks or roots
        assert diagnosis.headline.count("not seen") <= 1
    if diagnosis.verdict == "healthy":
        assert not [h for h in diagnosis.hops if h.status == "failed"]
        assert not diagnosis.next_steps


@pytest.mark.parametrize("name", blind_worlds.names())
def test_the_text_fits_80_columns_and_ends_where_to_go_on(name: str) -> None:
    diagnosis = diagnose(_case(name))
    shown = text.render([diagnosis], Style(width=80)).split("\n")
    assert [line for line in shown if len(line) > 80 and not line.startswith("    ")] == []
    if diagnosis.unexplained:
        assert {"Where it breaks", "Where it may break"} & set(shown)
        assert "What to run next" in shown
    if diagnosis.next_steps and not any(f.fixes for f in diagnosis.findings if f.role == "root-cause"):
        assert "\nNext: " in short.render([diagnosis], Style(width=80))
