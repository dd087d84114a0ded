"""The worlds in ``data/situations``: what ECS does and says in ways that no world of the package shows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sddoctor.lab.world import World, load

FOLDER = Path(__file__).parent / "data" / "situations"


def names() -> list[str]:
    """Return the names of the worlds, sorted."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def world_of(name: str) -> World:
    """Return a world, read once: YAML is slow."""
    return load(FOLDER / f"{name}.yaml")


def worlds() -> dict[str, World]:
    """Return all of them, by the names under which what is observed in them is kept."""
    return {kept_as(name): world_of(name) for name in names()}


def kept_as(name: str) -> str:
    """Return the name under which what is observed in a world is kept."""
    return f"situation-{name}"
