"""A folder of worlds that are given to the tests, each with the terms of its case beside it, or with what it expects in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from sddoctor.lab.world import World, load
from tests import yaml_files
from tests.case_terms import Terms


class WorldFolder:
    """``ending`` is that of the files that say which worlds are cases: one without such a file is only the base of others."""

    def __init__(self, path: Path, kept_as: str, ending: str) -> None:
        self._path, self._kept_as, self._ending = path, kept_as, ending
        self.world_of = cache(self._world_of)  # YAML is slow

    def names(self) -> list[str]:
        """Return the names of the cases, sorted."""
        return sorted(p.name.removesuffix(self._ending) for p in self._path.glob(f"*{self._ending}"))

    def _world_of(self, name: str) -> World:
        """Return the world of a case."""
        return load(self._path / f"{name}.yaml")

    def worlds(self) -> dict[str, World]:
        """Return the worlds of all cases, by the names under which what is observed in them is kept."""
        return {self.kept_as(name): self.world_of(name) for name in self.names()}

    def kept_as(self, name: str) -> str:
        """Return the name under which what is observed in a case's world is kept."""
        return f"{self._kept_as}-{name}"

    def terms_of(self, name: str) -> Terms:
        """Return what must be said about a case."""
        return msgspec.convert(self._terms(name), Terms)

    def _terms(self, name: str) -> dict[str, Any]:
        own = yaml_files.read(self._path / f"{name}{self._ending}")
        return {**(self._terms(own["like"]) if "like" in own else {}), **own}
