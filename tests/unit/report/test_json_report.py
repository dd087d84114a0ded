import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report import json_report
from tests.unit.report.diagnoses import ALL, AT, HOSTILE, VPN_DOWN

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "report.schema.json").read_text())

#: The keys of the command-line contract.
PROMISED = {
    "": {"schema", "generated_at", "version", "reports"},
    "report": {"name", "verdict", "headline", "root_causes", "findings", "hops", "gaps"},
    "finding": {"code", "hop", "severity", "role", "summary", "detail", "evidence", "fixes", "docs"},
    "evidence": {"source", "subject", "observed", "expected"},
    "fix": {"title", "where", "commands", "changes", "verified_by"},
    "hop_report": {"hop", "status", "addresses", "expected", "summary"},
    "gap": {"what", "why", "needs"},
}


def _rendered(*diagnoses: Diagnosis) -> Any:
    return json.loads(json_report.render(diagnoses, AT, "1.2.3"))


def test_schema_is_a_schema_and_strict() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for part in [SCHEMA, *SCHEMA["$defs"].values()]:
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
            for value in part["properties"].values():
                assert value.get("description") or SCHEMA["$defs"][value["$ref"].split("/")[-1]]["description"]


@pytest.mark.parametrize("part", PROMISED)
def test_every_promised_key_is_required(part: str) -> None:
    schema = SCHEMA["$defs"][part] if part else SCHEMA
    assert PROMISED[part] <= set(schema["required"])


@pytest.mark.parametrize("name", ALL)
def test_every_report_validates(name: str) -> None:
    Draft202012Validator(SCHEMA).validate(_rendered(ALL[name]))


def test_several_and_none() -> None:
    Draft202012Validator(SCHEMA).validate(_rendered(*ALL.values()))
    Draft202012Validator(SCHEMA).validate(_rendered())


def test_schema_refuses_what_is_not_documented() -> None:
    report = _rendered(VPN_DOWN)
    report["reports"][0]["findings"][0]["surprise"] = 1
    assert list(Draft202012Validator(SCHEMA).iter_errors(report))


def test_content() -> None:
    report = _rendered(VPN_DOWN)
    assert report["schema"] == "sddoctor.report/1"
    assert report["generated_at"] == "2026-11-03T09:30:00Z"
    assert report["version"] == "1.2.3"
    one = report["reports"][0]
    assert one["verdict"] == "broken"
    assert one["root_causes"] == ["no-route-to-resolver"]
    assert [h["hop"] for h in one["hops"]] == ["ecs", "cloudmap", "route53", "vpc-dns", "network", "host"]
    finding = one["findings"][0]
    assert finding["evidence"][1]["expected"] == ["10.10.211.50", "10.10.212.150"]
    assert finding["docs"] == "docs/causes/no-route-to-resolver.md"
    assert finding["fixes"][1]["file"] == "/etc/resolver/example.internal"
    assert one["gaps"] == [
        {"what": "the answer of 10.10.0.2", "why": "no route to 10.10.0.2", "needs": "a route (VPN)"}
    ]


def test_same_diagnosis_same_bytes_except_for_the_time() -> None:
    early = json_report.render([VPN_DOWN], AT, "1")
    late = json_report.render([VPN_DOWN], AT + timedelta(hours=1), "1")
    assert early != late
    assert early == late.replace("10:30:00Z", "09:30:00Z")
    assert early == json_report.render([VPN_DOWN], AT.astimezone(UTC), "1")


def test_untrusted_text_is_escaped_and_comes_back_equal() -> None:
    text = json_report.render([HOSTILE], datetime.now(UTC), "1")
    assert text.isascii()
    assert json.loads(text)["reports"][0]["headline"] == HOSTILE.headline
