"""Nothing that acts reaches what ``whois``, ``watch``, ``scan`` and ``lint`` print, whatever AWS, DNS and files say."""

from __future__ import annotations

import json
import random
import re
from datetime import timedelta
from html import unescape
from xml.etree.ElementTree import fromstring

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.seen import Denied, Gap, Seen
from sddoctor.case.watch import Answered, InstanceState, Recording, State, TaskState
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.diagnosis.watch_summary import summarise
from sddoctor.lint.rules import mistakes
from sddoctor.lint.terraform import read
from sddoctor.report import json_text, lint_report, watch_json, watch_text, whois_json, whois_markdown, whois_text
from sddoctor.report.html import watch
from sddoctor.report.lint_report import RatedMistake
from sddoctor.report.scan import documents, prometheus, table
from sddoctor.report.scan.rows import Place, Row, line_of, missed, row_of
from sddoctor.report.style import Style
from sddoctor.whois.judge import judge
from tests.hostile.poison import AT, PAYLOADS, observed, poisoned, texts
from tests.hostile.poison import hostile as made_hostile
from tests.hostile.reading import Tags, acts, forged, tags_of_markdown
from tests.unit.lint.plans import plan
from tests.unit.scan.test_prometheus import parse
from tests.unit.whois.owner_facts import ID, A, below, facts, instance, interface, stopped, task

SEEDS = range(40)
WIDE = Style(width=10**6, fancy=True, verbose=True)
NARROW = Style(width=40)
OTHER = "10.10.212.150"
#: What makes mistakes of several kinds.
MISTAKEN: dict[str, dict[str, object]] = {
    "aws_vpc.main": {"enable_dns_support": False},
    "aws_service_discovery_service.api": {
        "dns_config": [{"dns_records": [{"type": "A", "ttl": 3600}], "routing_policy": "MULTIVALUE"}],
        "health_check_custom_config": [],
    },
    "aws_ecs_service.api": {
        "deployment_minimum_healthy_percent": 0,
        "service_registries": [{"container_name": "x", "container_port": 1}],
    },
}


def harmless(*reports: str) -> None:
    for report in reports:
        assert acts(report) == []
        assert [line for line in forged(report) if not line.startswith(" ")] == []
        assert len(report) < 200_000


def only_data(report: str) -> None:
    """Lines of JSON, ASCII alone."""
    assert report.isascii()
    assert acts(report) == []
    for line in report.splitlines() if not report.startswith("{\n") else [report]:
        json.loads(line)


def recording(seed: int) -> Recording:
    """A deployment, in which a task is replaced and somebody may not read all."""
    old = TaskState(ID, (A,), "RUNNING", "STOPPED", "HEALTHY", AT - timedelta(days=1), AT + timedelta(seconds=3))
    new = TaskState("7b29d8e6c1f24a3b9c8d7e6f5a4b3c02", (OTHER,), "RUNNING", "RUNNING", "HEALTHY", AT, None)
    answers = (
        Answered("VPC 10.10.0.2", (A,)),
        Answered("this host", (), "NXDOMAIN"),
        Answered("10.10.0.2", (), "x", False),
    )
    gone = (Answered("VPC 10.10.0.2", (OTHER,)), Answered("this host", (A,)), Answered("10.10.0.2", (), "x", False))
    told = "servicediscovery:ListInstances"
    states = (
        State(Seen(2, "ecs"), Seen((old,), "ecs"), Seen((InstanceState(ID, (A,), "HEALTHY"),), told), answers),
        State(Seen(2, "ecs"), Seen((old, new), "ecs"), Seen((InstanceState(ID, (A,), "HEALTHY"),), told), gone),
        State(Seen(2, "ecs"), Denied("the tasks", "ecs:ListTasks", "arn:x", "not allowed"), Seen((), told), gone),
    )
    made = Recording("dev-api.example.internal", AT, AT, 2.0, 10, 8)
    for number, state in enumerate(states):
        made = made.with_state(AT + timedelta(seconds=2 * number), made_hostile(state, seed))
    return structs.replace(made.lasting_until(AT + timedelta(seconds=6)), name=made_hostile(made.name, seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_watch(seed: int) -> None:
    seen = recording(seed)
    found = summarise(seen)
    for until in range(1, 4):
        part = structs.replace(seen, stretches=seen.stretches[:until])
        harmless(watch_text.table(part, WIDE), watch_text.change(part, NARROW))
        only_data(watch_json.latest(part))
    harmless(watch_text.summary(found, WIDE), watch_text.summary(found, NARROW))
    only_data(watch_json.summary(found))
    page = watch.render(seen, found, "1")
    assert acts(unescape(page)) == []
    tags = Tags(page)
    assert not tags.found & {"a", "img", "link", "iframe", "object", "form", "base", "b"}, tags.found
    assert tags.scripts == 1
    assert not [name for name in tags.attributes if name.startswith("on")]


@pytest.mark.parametrize("seed", SEEDS)
def test_whois(seed: int) -> None:
    seen = facts(
        running=(task(),),
        gone=(stopped("9999dead0000000000000000000000d4"),),
        interfaces=(interface(),),
        registered=(below(instance(), instance("9999dead0000000000000000000000d4", OTHER)),),
    )
    told = made_hostile(judge((A, OTHER, "10.99.0.1"), seen), seed)
    before = judge((A,), made_hostile(seen, seed, share=0.3))
    for whois in (told, before):
        harmless(whois_text.render(whois, WIDE), whois_text.render(whois, NARROW))
        only_data(whois_json.render(whois, "1"))
        document = whois_markdown.render(whois)
        harmless(document)
        allowed = ("h2", "h3", "p", "strong", "ul", "li", "code", "table", "thead", "tbody", "tr", "th", "td")
        assert tags_of_markdown(document).found <= set(allowed), document


def _scanned(seed: int) -> list[dict[str, object]]:
    place = made_hostile(Place("111122223333", "ap-northeast-1", "dev", "reader", "example.internal"), seed)
    gap = made_hostile(Gap("the services", "not allowed", "servicediscovery:ListServices"), seed)
    case: Case = poisoned(observed("health-check-failing"), seed, share=0.7, everywhere=False)
    diagnosis = diagnose(case)
    renamed = structs.replace(diagnosis, name=made_hostile(diagnosis.name, seed))
    return [line_of(place, d) for d in (diagnosis, renamed, missed(place, gap, AT))]


@pytest.mark.parametrize("seed", SEEDS)
def test_scan(seed: int) -> None:
    lines = _scanned(seed)
    for line in lines:
        only_data(json_text.line(line))
    rows: list[Row] = list(dict.fromkeys(row_of(line, "error") for line in lines))
    harmless(table.render(rows, rows, 1, WIDE), table.render(rows, rows, 0, NARROW))
    document = documents.markdown(rows, 1)
    harmless(document)
    assert len(re.findall(r"(?m)^# ", document)) == 1
    allowed = {"h1", "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td"}
    assert tags_of_markdown(document).found <= allowed, document
    suites = documents.junit(rows)
    assert acts(suites) == []
    assert len(list(fromstring(suites).iter("testcase"))) == len(rows)  # noqa: S314 - it was just made here
    metrics = prometheus.render(rows[:1], AT)
    harmless(metrics)
    parse(metrics)


@pytest.mark.parametrize("seed", SEEDS)
def test_lint(seed: int) -> None:
    """Names in a plan are free; what refers to them stays true."""
    shown = json.dumps(plan(MISTAKEN))
    for number, name in enumerate(("dev-api-service", "example.internal", "dev-api", '"api\\"', "aws_ecs_service.api")):
        payload = random.Random(seed * 10 + number).choice(PAYLOADS)
        written = json.dumps(payload)[1:-1]
        shown = shown.replace(name, name + (json.dumps(written)[1:-1] if "\\" in name else written))
    resources = read(shown.encode())
    found = [RatedMistake(m, "warning") for m in mistakes(resources)]
    assert found
    harmless(lint_report.text(found, 3, WIDE), lint_report.text(found, 3, NARROW))
    only_data(lint_report.as_json(found, 3))


def test_the_texts_are_really_hostile() -> None:
    said = "\n".join(t for seed in SEEDS for t in texts((recording(seed), _scanned(seed))))
    assert sum(p in said for p in PAYLOADS) > 0.75 * len(PAYLOADS)
