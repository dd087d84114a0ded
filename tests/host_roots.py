"""The recorded hosts in ``data/host-roots``, each with what ``expect.yaml`` states for its names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests import yaml_files

ROOTS = Path(__file__).parent / "data" / "host-roots"


def names() -> list[Any]:
    """Return the directory of each host with what is expected, once for each of its names, as parameters of a test."""
    found = []
    for directory in sorted(p for p in ROOTS.iterdir() if p.is_dir()):
        expect = yaml_files.read(directory / "expect.yaml")
        inherited = {k: expect.get(k) for k in ("stub", "bypass_asks")}
        every = [expect, *({**inherited, **also} for also in expect.get("also", []))]
        found += [pytest.param(directory, one, id=f"{directory.name}-{one['name']}") for one in every]
    return found
