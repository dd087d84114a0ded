"""Nothing that acts reaches a report, whatever names, descriptions, messages, records and files say."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sddoctor.bundle import plausible
from sddoctor.case.case import Case
from sddoctor.causes.model import Fix
from sddoctor.diagnosis.details import details
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report import json_report, junit, markdown, resolver_show, short, text
from sddoctor.report.html import check as html
from sddoctor.report.style import Style
from sddoctor.resolution.choose import choose
from sddoctor.runbook import document as runbook
from sddoctor.text.safe import is_safe_command
from tests.hostile.poison import AT, PAYLOADS, TRAP, WORLDS, changed, observed, poisoned, renamed, texts
from tests.hostile.reading import Tags, acts, forged, tags_of_markdown

WIDE = Style(width=10**6, fancy=True, verbose=True)
TAGS = {"h2", "h3", "p", "strong", "ul", "li", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"}


@dataclass(frozen=True)
class Poisoned:
    """A hostile case, and what is said of it."""

    world: str
    seed: int
    share: float
    everywhere: bool = False
    names_only: bool = False

    @cached_property
    def case(self) -> Case:
        if self.names_only:
            return renamed(observed(self.world), self.seed)
        return poisoned(observed(self.world), self.seed, share=self.share, everywhere=self.everywhere)

    @cached_property
    def diagnosis(self) -> Diagnosis:
        return diagnose(self.case)

    @property
    def fixes(self) -> list[Fix]:
        return [fix for finding in self.diagnosis.findings for fix in finding.fixes]


def hostile() -> st.SearchStrategy[Poisoned]:
    chance = st.integers(0, 2**32)
    return st.builds(Poisoned, st.sampled_from(WORLDS), chance, st.sampled_from((0.1, 0.5, 1.0)), st.booleans())


few = settings(max_examples=60, derandomize=True, deadline=None, database=None)


@given(hostile())
@few
def test_no_cause_fails(one: Poisoned) -> None:
    if plausible.why_not(one.case) is None:
        assert one.diagnosis.crashes == ()


@given(hostile())
@few
def test_reports_for_people(one: Poisoned) -> None:
    for report in (
        text.render([one.diagnosis], WIDE, [details(one.case)]),
        short.render([one.diagnosis], WIDE),
        markdown.render([one.diagnosis]),
    ):
        assert acts(report) == []
        assert forged(report) == []
        assert len(report) < 200_000


@given(hostile())
@few
def test_narrow_text_keeps_its_structure(one: Poisoned) -> None:
    report = text.render([one.diagnosis], Style(width=40))
    assert acts(report) == []
    first, *others = report.split("\n")
    assert first == f"{one.diagnosis.verdict.upper()}  {one.case.name}"
    assert not [line for line in others if re.match(r"(HEALTHY|DEGRADED|BROKEN|INCONCLUSIVE)  ", line)]


@given(hostile())
@few
def test_json(one: Poisoned) -> None:
    report = json_report.render([one.diagnosis], AT, "1")
    assert report.isascii()
    assert acts(report) == []
    (told,) = json.loads(report)["reports"]
    assert told["name"] == one.case.name
    commands = [c for finding in told["findings"] for fix in finding["fixes"] for c in fix["commands"]]
    assert [c for c in commands if acts(c)] == []


@given(hostile())
@few
def test_junit(one: Poisoned) -> None:
    report = junit.render([one.diagnosis])
    assert acts(report) == []
    root = fromstring(report)  # noqa: S314 - it was just made here
    assert {element.tag for element in root.iter()} <= {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "error",
        "system-out",
    }
    assert len(list(root.iter("testcase"))) == 1


@given(hostile())
@few
def test_markdown_holds_only_markup_of_the_report(one: Poisoned) -> None:
    document = markdown.render([one.diagnosis])
    tags = tags_of_markdown(document)
    assert tags.found <= TAGS, document
    assert tags.attributes <= {"class"}
    assert len(re.findall(r"(?m)^## ", document)) == 1


@given(hostile())
@few
def test_html_holds_only_markup_of_the_report(one: Poisoned) -> None:
    report = html.render([one.diagnosis], [details(one.case)], "1")
    assert acts(unescape(report)) == []
    tags = Tags(report)
    assert not tags.found & {"a", "img", "link", "iframe", "object", "form", "base", "b"}, tags.found
    assert tags.scripts == 1
    assert not {name for name in tags.attributes if name.startswith("on")}
    assert not {v for v in tags.values if re.search(r"(?i)^\s*(javascript|data|https?|file):", v)}
    assert len(report) < 1_000_000


@given(hostile())
@few
def test_what_a_host_asks(one: Poisoned) -> None:
    facts = one.case.place.host.peek()
    assert facts is not None
    shown = resolver_show.as_text(one.case.name, facts, choose(one.case.name, facts), facts.routes, WIDE)
    assert acts(shown) == []
    assert forged(shown) == []
    assert resolver_show.as_json(one.case.name, facts, choose(one.case.name, facts), facts.routes).isascii()


@given(hostile())
@few
def test_runbook_of_a_hostile_case(one: Poisoned) -> None:
    page_of_it = runbook.render(one.case, one.diagnosis)
    assert acts(page_of_it) == []
    tags = tags_of_markdown(page_of_it)
    assert not tags.found & {"img", "script", "b", "iframe"}
    assert not {v for v in tags.values if "x.invalid" in v}


#: Every program that a suggested command calls, as a function that keeps its arguments, one a line, NUL between them.
PRELUDE = f"""
keep() {{ printf '%s\\0' "$@" >&9; printf '\\n\\0' >&9; }}
for program in aws sudo dig getent resolvectl sddoctor docker dscacheutil killall tee ip nano vi ipconfig networksetup; do
  eval "$program() {{ keep $program \\"\\$@\\"; }}"
done
touch() {{ printf x > {TRAP}; }}
PATH=
"""


def hostile_names() -> st.SearchStrategy[Poisoned]:
    return st.builds(Poisoned, st.sampled_from(WORLDS), st.integers(0, 2**32), st.just(1.0), names_only=st.just(True))


@given(ones=st.lists(st.one_of(hostile_names(), hostile()), min_size=12, max_size=12))
@settings(few, max_examples=5)  # a shell for twelve cases: to start one costs more than to judge one
def test_commands_give_hostile_text_as_one_argument(
    ones: list[Poisoned], tmp_path_factory: pytest.TempPathFactory
) -> None:
    fixes = [f for one in ones for f in one.fixes if f.where != "windows" and all(map(is_safe_command, f.commands))]
    commands = [c for f in fixes for c in f.commands]
    assert [c for c in commands if acts(c) or "\n" in c] == []
    place = tmp_path_factory.mktemp("shell")
    script = tmp_path_factory.mktemp("script") / "script"
    script.write_text("\n".join(["exec 9>calls", PRELUDE, *(f"{command}\nkeep next" for command in commands)]))
    done = subprocess.run(
        ["/bin/sh", script],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "yntax" not in done.stderr
    assert "not found" not in done.stderr, done.stderr
    assert [p.name for p in place.iterdir()] == ["calls"], commands
    arguments = (place / "calls").read_text().split("\0")
    assert arguments.count("next") == len(commands)
    # A task's id is taken out of its ARN; it stays whole itself. No other text may be cut.
    said = {t for one in ones for t in texts(one.case)}
    whole = [t for t in said | {t.rpartition("/")[2] for t in said if t.startswith("arn:")} if TRAP in t]
    forms = {*whole, *(json.dumps(t, ensure_ascii=False)[1:-1] for t in whole)}
    assert [a for a in arguments if TRAP in a and not any(form in a for form in forms)] == []


@given(hostile())
@few
def test_configuration_is_not_broken(one: Poisoned) -> None:
    for fix in one.fixes:
        for config in (fix.config, fix.content):
            assert config is None or not forged(config)


def test_the_texts_are_really_hostile() -> None:
    """Payloads reach the diagnoses, and their commands."""
    said: set[str] = set()
    with_trap = 0
    for seed in range(6):
        for world in WORLDS:
            said |= set(texts(Poisoned(world, seed, 0.5).diagnosis))
    for world in WORLDS:
        fixes = Poisoned(world, 1, 1.0, names_only=True).fixes
        with_trap += sum(TRAP in c and is_safe_command(c) for f in fixes for c in f.commands)
    everything = "\n".join(said)
    assert sum(p in everything for p in PAYLOADS) > 0.75 * len(PAYLOADS)
    assert with_trap > 15


def test_a_megabyte_is_cut() -> None:
    texts_of_people = ("message", "description", "reason", "stopped_reason", "rollout_reason", "error_message", "text")
    case = changed(
        observed("health-check-failing"), lambda field, t: t + " x" * 2**19 if field in texts_of_people else t
    )
    diagnosis = diagnose(case)
    reports = (
        text.render([diagnosis], Style(verbose=True)),
        short.render([diagnosis], Style()),
        markdown.render([diagnosis]),
        junit.render([diagnosis]),
        json_report.render([diagnosis], AT, "1"),
        html.render([diagnosis], [details(case)], "1"),
    )
    assert any(" x x x" in report for report in reports)
    assert [len(r) for r in reports if len(r) > 60_000] == []
