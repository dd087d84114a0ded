"""The worlds that come with the package, and those that a user wrote."""

from __future__ import annotations

from pathlib import Path

from sddoctor.lab.world import World, WorldError, load

WORLDS = Path(__file__).parent / "worlds"


def names() -> list[str]:
    """Return the names of the worlds of the package, sorted."""
    return sorted(p.stem for p in WORLDS.glob("*.yaml"))


def find(name_or_path: str) -> World:
    """Load a world by its name in the package or by the path of a file. Raises :class:`WorldError`."""
    if name_or_path in names():
        return load(WORLDS / f"{name_or_path}.yaml")
    path = Path(name_or_path)
    if path.is_file():
        return load(path)
    raise WorldError(f"There is no world {name_or_path!r}; `sddoctor lab list` shows those of the package.")
