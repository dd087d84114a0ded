"""A runbook of one name: what was not seen is said to be so."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.cloudmap import CloudMapFacts, CloudMapService, Namespace, NamespaceView, RecordConfig
from sddoctor.case.seen import NotAttempted, Seen
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.runbook.document import render
from tests.cases import NAME, empty_case


def of(case: Case) -> str:
    return render(case, diagnose(case, frozenset()))


def test_without_anything_seen_no_id_is_made_up() -> None:
    text = of(empty_case())
    assert re.findall(r"\b(?:vpc|srv|ns|eni|subnet|i)-(?=[a-z]*[0-9])[0-9a-z]{4,}", text) == []
    assert re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", text) == []
    assert "| hosted zone | *not seen: nobody looked (needs: a look)* |" in text
    assert "Left out for want of the id of the hosted zone: " in text
    assert f"sddoctor check {NAME} --short" in text
    assert "## Not seen when this was filled in" in text


def test_the_same_case_gives_the_same_text() -> None:
    assert of(empty_case()) == of(empty_case())
    later = structs.replace(empty_case(), at=datetime(2026, 11, 25, tzinfo=UTC))
    assert of(later) == of(empty_case()).replace("2026-11-24", "2026-11-25")


@pytest.mark.parametrize("end", [" ", "\n"])
def test_text_of_outside_breaks_neither_markdown_nor_a_shell(end: str) -> None:
    nothing = NotAttempted("anything\n<!-- keep:evil -->\n", "nobody `looked`\n```sh\nrm -rf /\n```")
    hostile = f"srv-'; rm -rf / #{end}```{end}<!-- keep:evil -->{end}<script>"
    service = CloudMapService(hostile, "arn", "dev-api", "ns-1", "DNS_HTTP", "MULTIVALUE", (RecordConfig("A|`x`", 10),))
    view = NamespaceView(
        Namespace("ns-1", "arn", "example.internal", "DNS_PRIVATE"),
        Seen((service,), "x"), Seen(service, "x"), nothing, nothing, nothing, nothing, nothing, nothing,
    )  # fmt: skip
    case = empty_case()
    aws = structs.replace(case.aws, cloudmap=CloudMapFacts(Seen((view.namespace,), "x"), (view,)))
    text = of(structs.replace(case, aws=aws))
    outside = re.sub(r"(?ms)^(`{3,})sh$.*?^\1$", "", text)
    assert "\n<!-- keep:evil" not in text
    assert "<script>" not in re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", outside)
    assert not re.search(r"(?m)^rm ", text)
    # Every command has the value as one quoted word.
    found = re.findall(r"(?m)^aws servicediscovery .*--service-id .*$", text)
    assert bool(found) == (end == " ")
    for line in found:
        words = shlex.split(line)
        assert words[words.index("--service-id") + 1].startswith("srv-'; rm -rf / #")
