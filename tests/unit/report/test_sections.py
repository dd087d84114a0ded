"""One list of sections: text, Markdown and HTML have them in its order, and none shows what another leaves out."""

from __future__ import annotations

import re

import pytest
from msgspec import structs

from sddoctor.case.seen import NOT_NEEDED
from sddoctor.diagnosis.detail_model import AddressTable, Details
from sddoctor.diagnosis.model import Crash, Diagnosis, PlaceReport, RankedFinding, Undecided
from sddoctor.report import markdown, text
from sddoctor.report.html import check as html
from sddoctor.report.sections import Findings, Hops, NotSeen, RootCauses, SeenFrom, sections
from sddoctor.report.style import Style
from tests.unit.report.diagnoses import AT, HEALTHY, NO_ROUTE, ROUTE_GAP


def _finding(summary: str, **changes: object) -> RankedFinding:
    return structs.replace(NO_ROUTE, summary=summary, title=f"{summary} (title)", **changes)


HERE = PlaceReport("laptop", "", AT, "broken", "here", ("no-route-to-resolver",))
THERE = PlaceReport("task", "", AT, "broken", "there", ("split-dns-missing",), (_finding("section-there", code="split-dns-missing"),))  # fmt: skip
FULL = Diagnosis(
    name="a.example.internal", at=AT, verdict="inconclusive", headline="It is so: section-cause.",
    root_causes=("no-route-to-resolver",),
    findings=(
        _finding("section-advice", role="advice"), _finding("section-consequence", role="consequence"),
        _finding("section-cause"), _finding("section-contributing", role="contributing"),
    ),
    hops=HEALTHY.hops, gaps=(structs.replace(ROUTE_GAP, what="section-gap"),),
    undecided=(Undecided("section-undecided", ROUTE_GAP), Undecided("not-needed", NOT_NEEDED.gap())),
    crashes=(Crash("a-cause", "section-crash"),), answered="section-answer", ignored=2, places=(HERE, THERE),
    aws_from=("laptop",),
)  # fmt: skip
NOTHING = Details((), AddressTable((), ()), (), ())


def _text(diagnosis: Diagnosis) -> str:
    return text.render([diagnosis], Style())


def _html(diagnosis: Diagnosis) -> str:
    return re.sub(r"<(style|script|svg).*?</\1>", "", html.render([diagnosis], [NOTHING], "1"), flags=re.DOTALL)


def _markdown(diagnosis: Diagnosis) -> str:
    return markdown.render([diagnosis]).replace("\\", "")


@pytest.mark.parametrize("render", [_text, _markdown, _html])
def test_every_report_has_all_in_one_order(render: object) -> None:
    shown = render(FULL)  # type: ignore[operator]
    body = shown[shown.index("section-cause") + 1 :]
    marks = ["section-answer", "section-cause (title)", "section-there", "section-consequence", "section-contributing",
             "section-advice", "section-gap"]  # fmt: skip
    assert sorted(marks, key=body.index) == marks
    assert all(mark in body for mark in ("section-undecided", "section-crash", "--ignore"))
    assert "not-needed" not in body


def test_what_has_nothing_to_say_is_left_out() -> None:
    kinds = [type(section) for section in sections(FULL)]
    assert kinds == [SeenFrom, Hops, RootCauses, RootCauses, Findings, Findings, Findings, NotSeen]
    assert [type(section) for section in sections(HEALTHY)] == [Hops, Findings, NotSeen]
    for render in (_text, _markdown, _html):
        assert "Not seen" not in render(HEALTHY)
        assert "Seen from" not in render(HEALTHY)


def test_undecided_causes_are_told_where_they_matter() -> None:
    healthy = structs.replace(HEALTHY, undecided=FULL.undecided)
    told = [[*sections(d, everything=e)][-1].undecided for d in (FULL, healthy) for e in (False, True)]  # type: ignore[union-attr]
    codes = {ROUTE_GAP.what: ["section-undecided"]}
    assert told == [codes, codes, {}, codes]


def test_a_heading_does_not_repeat_the_headline() -> None:
    causes = [section for section in sections(FULL) if isinstance(section, RootCauses)]
    assert [(s.title, s.place, s.causes[0].heading) for s in causes] == [
        ("Why", "", "section-cause (title)"),
        ("Why at task", "task", "section-there"),
    ]
