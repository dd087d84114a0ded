"""Reading what was saved: old versions, newer ones, and files that are made to do harm."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from sddoctor.bundle import codec
from sddoctor.bundle.codec import CaseFormatError
from sddoctor.bundle.plausible import LONGEST_LIST, LONGEST_TEXT, MOST_VALUES
from sddoctor.case.seen import Unreachable
from sddoctor.diagnosis.diagnose import diagnose
from tests.resolver_cases import case, probe
from tests.unit.cli.cases import unseen_case

BUNDLES = Path(__file__).parents[2] / "data" / "bundles"


@pytest.mark.parametrize(("name", "verdict"), [("split-dns-missing", "broken"), ("health-check-failing", "broken")])
def test_files_of_the_first_version_stay_readable(name: str, verdict: str) -> None:
    case = codec.decode((BUNDLES / f"{name}.v1.json").read_bytes())
    diagnosis = diagnose(case)
    assert (diagnosis.verdict, diagnosis.root_causes) == (verdict, (name,))
    assert codec.decode(codec.encode(case)) == case


def _tree() -> Any:
    return json.loads((BUNDLES / "split-dns-missing.v1.json").read_bytes())


def test_an_unknown_field_of_a_later_minor_version_is_passed_over() -> None:
    tree = _tree()
    tree["weather"] = {"rain": True}
    assert codec.decode(json.dumps(tree).encode()) == codec.decode(json.dumps(_tree()).encode())


@pytest.mark.parametrize("schema", ["sddoctor.case/2", "sddoctor.cases/2", "sddoctor.case/17"])
def test_a_newer_version_says_that_it_is_newer(schema: str) -> None:
    with pytest.raises(CaseFormatError, match=r"^A newer sddoctor wrote it \('sddoctor.*upgrade sddoctor") as caught:
        codec.decode_many(json.dumps({"schema": schema, "name": 3}).encode())
    assert str(caught.value).count(".") - str(caught.value).count("sddoctor.") == 1


def _set(*path: str | int, to: Any) -> Callable[[Any], None]:
    def change(tree: Any) -> None:
        for step in path[:-1]:
            tree = tree[step]
        tree[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set("name", to="$(reboot)"), "no domain name"),
        (_set("name", to="UPPER.example.internal"), "no domain name"),
        (_set("places", to=[]), "from no place"),
        (_set("at", to="2026-01-01T00:00:00"), "'at' has a time without a zone"),
        (_set("at", to="9999-12-31T23:59:59Z"), "'at' has a time that cannot be"),
        (_set("places", 0, "label", to="x" * (LONGEST_TEXT + 1)), "'label' has more than"),
        (_set("asked", "nameservers", to=[{"address": "10.0.0.2", "port": 2**60}]), "'port' has a number that is too"),
        (_set("asked", "nameservers", to=[{"address": "10.0.0"}]), "'nameservers' has an address"),
        (_set("asked", "nameservers", to=[{"address": "::1"}] * (LONGEST_LIST + 1)), "more than 10000 entries"),
        (_set("aws", "vpc", "vpcs", "value", 0, "cidr", to="10.10.0.0/99"), "a range that is none"),
        (_set("aws", "vpc", "vpcs", "value", 0, "cidr", to="fd00::/64"), "a range that is none"),
        (_set("schema", to="sddoctor.case/0"), "has the format"),
        (_set("at", to="yesterday"), "not a saved case"),
        (_set("aws", "identity", to={"seen": "guessed"}), "not a saved case"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_no_observation_writes_is_refused_in_one_sentence(change: Callable[[Any], None], words: str) -> None:
    tree = _tree()
    change(tree)
    with pytest.raises(CaseFormatError, match=re.escape(words)):
        codec.decode(json.dumps(tree).encode())


def test_the_number_of_values_is_bounded_where_no_list_is_too_long() -> None:
    tree = _tree()
    entry = {"line": 1, "address": "10.0.0.1", "names": ["a"] * 9_000}
    facts = tree["places"][0]["host"]["value"]
    facts["hosts"] = {"seen": "seen", "value": {"path": "p", "entries": [entry] * 40}, "source": "s"}
    assert MOST_VALUES < 9_000 * 120
    with pytest.raises(CaseFormatError, match=f"more than {MOST_VALUES} values"):
        codec.decode(json.dumps(tree).encode())


def test_one_case_is_wanted_of_a_file_of_several() -> None:
    data = codec.encode_many([unseen_case(), unseen_case("b.example.internal")])
    assert len(codec.decode_many(data)) == 2
    with pytest.raises(CaseFormatError, match="2 cases"):
        codec.decode(data)


@pytest.mark.parametrize(
    ("why", "kind"),
    [
        ("no answer within 2.0 s", "silence"),
        ("connection refused", "refused"),
        ("no route to host", "no-route"),
        ("only malformed answers came", "malformed"),
        ("the connection was closed without an answer", None),
    ],
)
def test_why_no_answer_came_is_judged_the_same_where_an_earlier_version_told_it_in_words(
    why: str, kind: str | None
) -> None:
    lost = structs.replace(probe(None), outcome=Unreachable("an answer", why, "a way"))
    data = codec.encode(case(lost))
    assert b'"kind"' not in data.split(b'"probes"')[1]
    (read,) = codec.decode(data).places[0].dns.probes
    assert isinstance(read.outcome, Unreachable)
    assert read.outcome.kind == kind
