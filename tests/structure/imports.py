"""Which module imports which, function-level imports included, and the circles among them."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tests.structure.source import Module


def imports(modules: Iterable[Module]) -> dict[str, set[str]]:
    """Return for each module the others among ``modules`` that it imports."""
    every = {m.name: m for m in modules}
    return {name: {t for node in m.nodes for t in _targets(node, m, every)} - {name} for name, m in every.items()}


def _targets(node: ast.AST, of: Module, every: dict[str, Module]) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names} & every.keys()
    if not isinstance(node, ast.ImportFrom):
        return set()
    base = node.module or ""
    if node.level:
        above = of.package.split(".")
        base = ".".join([*above[: len(above) - node.level + 1], *([base] if base else [])])
    # `from package import name` imports a module of that name if there is one, else the package itself.
    named = (f"{base}.{alias.name}" for alias in node.names)
    return {name if name in every else base for name in named} & every.keys()


def circles(imported: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other, directly or by way of others."""
    reached = {name: _reached(name, imported) for name in imported}
    groups = {
        tuple(sorted(other for other in reached[name] if name in reached[other]))
        for name in imported
        if name in reached[name]
    }
    return [list(group) for group in sorted(groups)]


def _reached(start: str, imported: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(imported[start])
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += imported[name]
    return found
