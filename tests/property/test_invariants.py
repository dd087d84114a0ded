"""What holds of every diagnosis: of the worlds of the package, of given situations, and of what no cause knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sddoctor
from sddoctor.lab import gallery
from tests import aws_cases, blind_worlds, host_cases, near_cases
from tests.invariants import broken_in
from tests.world_cases import observed, observed_in

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("world", gallery.names())
def test_of_worlds(world: str) -> None:
    assert broken_in(observed(world).case) == []


@pytest.mark.parametrize(("given", "name"), [(m, n) for m in (aws_cases, blind_worlds, host_cases) for n in m.names()])
def test_of_given_situations(given: Any, name: str) -> None:
    assert broken_in(observed_in(given.kept_as(name), given.world_of(name)).case) == []


@pytest.mark.parametrize("host", near_cases.names())
def test_of_given_hosts(host: str) -> None:
    assert broken_in(near_cases.case_of(host)) == []


def test_nowhere_it_is_said_that_no_cause_could_be_proved() -> None:
    """A report says where it breaks; that nothing more is known is never all."""
    sources = [*Path(sddoctor.__file__).parent.rglob("*.py"), *(ROOT / "tests/golden").rglob("*")]
    found = [p for p in sources if p.is_file() and b"no cause could be proved" in p.read_bytes().lower()]
    assert found == []
