"""Saved files that somebody changed: they are refused in one sentence, or judged and shown; nothing else happens."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from sddoctor.bundle import codec, packing
from sddoctor.bundle.anonymous.anonymise import anonymise
from sddoctor.case.case import Case
from sddoctor.cli import case_files
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.places import labels
from sddoctor.places.merge import merge
from sddoctor.report import json_report, junit, markdown, short, text
from sddoctor.report.style import Style

BUNDLES = sorted((Path(__file__).parents[1] / "data" / "bundles").glob("*.v1.json"))
TREES = [json.loads(p.read_bytes()) for p in BUNDLES]
ODD_TEXTS = st.sampled_from(
    ("", ".", "..", "x", "\x1b[2J", "\u202egnp", "10.0.0.1", "::1", "fe80::1%en0", "0.0.0.0/0", "a" * 300, "arn:::::")
) | st.sampled_from(
    ("A", "SOA", "AAAA", "NXDOMAIN", "- - -", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "denied", "%s%n", "{0}")
)
ODD_VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | ODD_TEXTS
    | st.text(max_size=20)
    | st.just([])
    | st.just({})
)
Path_ = tuple[Any, ...]


def _places(value: Any, path: Path_ = ()) -> list[Path_]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(*path, key) for key, _ in inner] + [p for key, v in inner for p in _places(v, (*path, key))]


PLACES = [_places(tree) for tree in TREES]


@st.composite
def changed_trees(draw: st.DrawFn) -> Any:
    which = draw(st.integers(0, len(TREES) - 1))
    tree = copy.deepcopy(TREES[which])
    for path in draw(st.lists(st.sampled_from(PLACES[which]), min_size=1, max_size=6)):
        parent = tree
        try:
            for step in path[:-1]:
                parent = parent[step]
            old = parent[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took it away
        if isinstance(parent, str):
            continue  # an earlier change put a text in its place
        if draw(st.booleans()) and isinstance(old, str):
            parent[path[-1]] = draw(ODD_TEXTS)  # keeps the type, so that reading goes on
        elif draw(st.booleans()) and isinstance(old, list):
            parent[path[-1]] = draw(st.permutations(old)) * draw(st.integers(0, 3))
        elif draw(st.booleans()):
            del parent[path[-1]]
        else:
            parent[path[-1]] = draw(ODD_VALUES)
    return tree


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(changed_trees())
def test_a_changed_case_is_refused_or_judged(tree: Any) -> None:
    try:
        cases = codec.decode_many(json.dumps(tree).encode())
    except codec.CaseFormatError as error:
        assert str(error).endswith(".")
        return
    diagnoses = [diagnose(case) for case in cases]
    assert not [d.crashes for d in diagnoses if d.crashes]
    json_report.render(diagnoses, datetime.now(UTC), "1")
    markdown.render(diagnoses)
    junit.render(diagnoses, "error")
    for shown in (text.render(diagnoses, Style(80, verbose=True)), short.render(diagnoses, Style(80))):
        assert not set(shown) & {"\x1b", "\u202e"}


SOUND = [codec.decode(p.read_bytes()) for p in BUNDLES]


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(changed_trees(), st.sampled_from(SOUND), st.booleans())
def test_a_changed_case_beside_a_sound_one_is_judged(tree: Any, sound: Case, first: bool) -> None:
    """As two places of one name, whatever the times, accounts and regions in it are."""
    try:
        cases = codec.decode_many(json.dumps(tree).encode())
    except codec.CaseFormatError:
        return
    for changed in cases:
        named = ("changed", changed), ("sound", structs.replace(sound, name=changed.name))
        both = merge(labels.labelled(named if first else named[::-1]))
        assert codec.decode(codec.encode(both)) == both
        diagnosis = diagnose(both)
        assert not diagnosis.crashes
        assert len(diagnosis.places) == len(both.places) > 1
        shown = text.render([diagnosis], Style(80, verbose=True)) + markdown.render([diagnosis])
        assert not set(shown) & {"\x1b", "\u202e"}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(changed_trees(), st.binary(min_size=1, max_size=8))
def test_whatever_can_be_read_can_be_made_anonymous(tree: Any, key: bytes) -> None:
    try:
        cases = codec.decode_many(json.dumps(tree).encode())
    except codec.CaseFormatError:
        return
    result = anonymise(cases, key)
    assert [codec.decode(codec.encode(case)) for case in result.cases] == list(result.cases)
    assert [diagnose(c).verdict for c in result.cases] == [diagnose(c).verdict for c in cases]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundles") / "case.json"


PACKED = [BUNDLES[0].read_bytes(), packing.pack(BUNDLES[0].read_bytes() + b" " * packing.LARGE)]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(PACKED),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=4)), max_size=5),
    st.floats(0, 1),
)
def test_damaged_bytes_are_refused_or_read(
    path: Path, data: bytes, changes: list[tuple[float, bytes]], cut: float
) -> None:
    damaged = bytearray(data)
    for where, piece in changes:
        place = int(where * len(damaged))
        damaged[place : place + len(piece)] = piece
    path.write_bytes(damaged[: max(1, int(cut * len(damaged)))] if cut < 0.7 else damaged)
    try:
        assert case_files.read([path], [])
    except case_files.CaseFileError as error:
        assert str(error).startswith(f"'{path}' cannot be used. ")
        assert str(error).endswith(".")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(case_files.CaseFileError, match="cannot be used"):
        case_files.read([path], [])
