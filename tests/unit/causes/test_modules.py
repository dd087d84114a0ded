"""A module with a cause in it is known to the registry alone; what causes share is a reading, a fix or evidence of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import sddoctor
from sddoctor.causes.registry import CAUSES

PACKAGE = Path(sddoctor.__file__).parent
REGISTRY = PACKAGE / "causes/registry.py"


def test_only_the_registry_imports_a_module_with_a_cause() -> None:
    with_causes = {c.decide.__module__ for c in CAUSES}
    assert len(with_causes) > 40
    found = [
        f"{path.relative_to(PACKAGE)} imports {node.module}: move what it needs to sddoctor/trail, or to a module of fixes"
        for path in sorted(PACKAGE.glob("**/*.py"))
        if path != REGISTRY
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in with_causes
    ]
    assert found == []
