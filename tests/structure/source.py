"""The project's own source as text and syntax trees, read once; nothing of it is imported or run."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parents[2]


class Module(Struct, frozen=True):
    """A file of Python. ``name`` is dotted; that of a package is the name of its directory; ``nodes`` are all, in no order."""

    name: str
    path: Path
    lines: int
    nodes: tuple[ast.AST, ...]

    @property
    def package(self) -> str:
        """The package from which its relative imports count."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]


def module(path: Path, top: Path = ROOT) -> Module:
    """Read one file."""
    parts = path.relative_to(top).with_suffix("").parts
    text = path.read_text(encoding="utf-8")
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path, len(text.splitlines()), tuple(ast.walk(ast.parse(text))))


@cache
def modules(package: str) -> tuple[Module, ...]:
    """Return every module below a directory of the project, by name."""
    return tuple(sorted((module(p) for p in (ROOT / package).rglob("*.py")), key=lambda m: m.name))
