"""The situations of hosts and networks in ``data/cases/hosts``: worlds, each with the terms of its case beside it.

A world may be based on one of ``data/blind``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from sddoctor.lab.world import World, load
from tests import yaml_files
from tests.case_terms import Terms

FOLDER = Path(__file__).parent / "data" / "cases" / "hosts"
_ENDING = ".expect.yaml"


def names() -> list[str]:
    """Return the names of the cases; a world without terms is only the base of others."""
    return sorted(p.name.removesuffix(_ENDING) for p in FOLDER.glob(f"*{_ENDING}"))


@cache
def world_of(name: str) -> World:
    """Return the world of a case."""
    return load(FOLDER / f"{name}.yaml")


def worlds() -> dict[str, World]:
    """Return the worlds of all cases, by the names under which what is observed in them is kept."""
    return {kept_as(name): world_of(name) for name in names()}


def kept_as(name: str) -> str:
    """Return the name under which what is observed in a case's world is kept."""
    return f"host-case-{name}"


def terms_of(name: str) -> Terms:
    """Return what must be said about a case."""
    return msgspec.convert(yaml_files.read(FOLDER / f"{name}{_ENDING}"), Terms)
