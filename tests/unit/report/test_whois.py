"""Whose an address is, as it is shown: inert, whole, and within the width."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from sddoctor.report import whois_json, whois_markdown, whois_text
from sddoctor.report.style import Style
from sddoctor.whois.judge import judge
from tests.unit.whois.owner_facts import DENIED, A, below, facts, instance, interface, stopped, task

EVIL = "\x1b]0;x\x07\u202e<script>alert(1)</script> `id` | **b**\n# not a title"
HOSTILE = judge(
    (A,),
    facts(
        (task(group=f"service:{EVIL}"),),
        (stopped("7b29d8e6c1f24a3b9c8d7e6f5a4b3c02", stopped_reason=EVIL),),
        (interface(description=EVIL),),
        (below(instance(), name=EVIL),),
    ),
)


def test_text_of_outside_is_inert_on_a_terminal() -> None:
    text = whois_text.render(HOSTILE, Style())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\n# not a title" not in text


def test_text_of_outside_is_inert_in_markdown() -> None:
    text = whois_markdown.render(HOSTILE)
    assert "<script>" not in text
    assert "\n# not a title" not in text
    assert "**b**" not in text


def test_json_is_ascii_and_has_the_very_text() -> None:
    text = whois_json.render(HOSTILE, "1")
    assert text.isascii()
    assert json.loads(text)["addresses"][0]["interfaces"][0]["description"] == EVIL


def test_every_answer_is_of_the_published_schema() -> None:
    schema = json.loads((Path(__file__).parents[3] / "docs" / "whois.schema.json").read_text(encoding="utf-8"))
    unseen = judge((A, "10.10.0.2", "::1", "10.10.211.1"), facts(interfaces=DENIED))
    nobody = judge((A,), facts((), (stopped(),)))
    for whois in (HOSTILE, unseen, nobody):
        Draft202012Validator(schema).validate(json.loads(whois_json.render(whois, "1")))


def test_the_text_of_a_usual_task() -> None:
    usual = judge((A,), facts((task(),), (), (interface(),), (below(instance()),)))
    assert whois_text.render(usual, Style()) == (
        "HELD  10.10.211.50\n"
        "It belongs to task 0f4a1c5be0d34e7fa1b2c3d4e5f60701 of service api in cluster\n"
        "dev. Registered as api.example.internal.\n"
        "  task         0f4a1c5be0d34e7fa1b2c3d4e5f60701, RUNNING for 3 h, HEALTHY;\n"
        "               service api, cluster dev, api:7\n"
        "  registered   api.example.internal, instance 0f4a1c5be0d34e7fa1b2c3d4e5f60701\n"
        "               of srv-api, HEALTHY\n"
        "  interface    eni-1 of an ECS task in subnet-1, vpc-1 (dev), eu-west-1a\n"
        "  reverse      ip-10-10-211-50.eu-west-1.compute.internal, or nothing\n"
        "\n"
        "A reverse look-up (PTR) cannot tell any of this: ECS registers no PTR records,\n"
        "so the VPC resolver answers with a name made of the address, and other resolvers\n"
        "with nothing. More: sddoctor explain reverse-lookup-generic\n"
    )
