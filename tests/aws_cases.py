"""The situations of AWS in ``data/cases/aws``: worlds, each with the terms of its case beside it."""

from __future__ import annotations

from pathlib import Path

from tests.world_folder import WorldFolder

FOLDER = Path(__file__).parent / "data" / "cases" / "aws"
_CASES = WorldFolder(FOLDER, "aws-case", ".expect.yaml")
names, world_of, worlds, kept_as = _CASES.names, _CASES.world_of, _CASES.worlds, _CASES.kept_as
terms_of = _CASES.terms_of
