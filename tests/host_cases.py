"""The situations of hosts and networks in ``data/cases/hosts``: worlds, each with the terms of its case beside it.

A world may be based on one of ``data/blind``.
"""

from __future__ import annotations

from pathlib import Path

from tests.world_folder import WorldFolder

FOLDER = Path(__file__).parent / "data" / "cases" / "hosts"
_CASES = WorldFolder(FOLDER, "host-case", ".expect.yaml")
names, world_of, worlds, kept_as = _CASES.names, _CASES.world_of, _CASES.worlds, _CASES.kept_as
terms_of = _CASES.terms_of
