"""The worlds in ``data/blind``, whose reasons no cause knows."""

from __future__ import annotations

from pathlib import Path

from tests.world_folder import WorldFolder

FOLDER = Path(__file__).parent / "data" / "blind"
_CASES = WorldFolder(FOLDER, "blind", ".yaml")
names, world_of, worlds, kept_as = _CASES.names, _CASES.world_of, _CASES.worlds, _CASES.kept_as
