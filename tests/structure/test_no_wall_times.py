"""No test depends on how fast the machine is: nothing is asserted of a clock, and no wait is short.

A test that waits gives a deadline that only ends what hangs. How long something takes is shown by counted calls, by clocks
that the test moves, or by an answer that never comes and is not waited for.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.structure.source import ROOT, Module, module, modules

CLOCKS = {
    f"{name}{unit}" for name in ("monotonic", "perf_counter", "process_time", "thread_time") for unit in ("", "_ns")
}
#: Seconds; a machine with more work than processors may leave a process without any for some.
PATIENCE = 60


def _reads_clock(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    if isinstance(called, ast.Attribute):
        return called.attr in CLOCKS or (ast.unparse(called) in ("time.time", "time.time_ns"))
    return isinstance(called, ast.Name) and called.id in CLOCKS


def _timed(tree: ast.AST, names: set[str]) -> bool:
    """Tell whether an expression has something of a clock: a reading, or a name that holds one."""
    return any(_reads_clock(n) or (isinstance(n, ast.Name) and n.id in names) for n in ast.walk(tree))


def _compares_duration(tree: ast.AST) -> bool:
    """Tell whether an expression asks if a query or call took less or more than something."""
    return any(
        isinstance(n, ast.Compare)
        and any(isinstance(o, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for o in n.ops)
        and any(isinstance(part, ast.Attribute) and part.attr == "took_ms" for part in (n.left, *n.comparators))
        for n in ast.walk(tree)
    )


def _names_of_times(of: Module) -> set[str]:
    """Return the names that hold a time, and the functions that return one."""
    found: set[str] = set()
    while True:
        before = len(found)
        for node in of.nodes:
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if _timed(node.value, found):
                    found |= {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
            elif isinstance(node, ast.FunctionDef) and not node.name.startswith("test_"):
                returned = (n.value for n in ast.walk(node) if isinstance(n, ast.Return) and n.value is not None)
                found |= {node.name for value in returned if _timed(value, found)}
        if len(found) == before:
            return found


def asserted_times(of: Module) -> list[int]:
    """Return the lines that assert something of a clock, but for a deadline in a loop that waits for something else."""
    names = _names_of_times(of)
    waiting = {id(n) for loop in of.nodes if isinstance(loop, ast.While) for n in ast.walk(loop)}
    asserted = [n for n in of.nodes if isinstance(n, ast.Assert) and id(n) not in waiting]
    return [n.lineno for n in asserted if _timed(n.test, names) or _compares_duration(n.test)]


def short_waits(of: Module) -> list[int]:
    """Return the lines with a deadline of less than a minute that ends the test: of a process, a thread, or a loop."""
    found = []
    for node in of.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and _reads_clock(node.left):
            seconds = node.right
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = {k.arg: k.value for k in node.keywords}
            if node.func.attr in ("wait", "communicate") and (node.args or "timeout" in given):
                seconds = given.get("timeout") or node.args[0]
            elif ast.unparse(node.func) == "subprocess.run" and "timeout" in given:
                seconds = given["timeout"]
            else:
                continue
        else:
            continue
        if isinstance(seconds, ast.Constant) and isinstance(seconds.value, int | float) and seconds.value < PATIENCE:
            found.append(node.lineno)
    return found


def test_no_test_depends_on_how_fast_the_machine_is() -> None:
    tests = [m for m in modules("tests") if not m.name.startswith("tests.structure.")]
    found = [f"{m.path.relative_to(ROOT)}:{line}" for m in tests for line in (*asserted_times(m), *short_waits(m))]
    assert found == []


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("    began = time.monotonic()\n    f()\n    assert time.monotonic() - began < 2", True),
        ("    began = perf_counter()\n    f()\n    took = perf_counter() - began\n    assert 1 < took", True),
        ("    took = timed()\n    assert took < 1", True),
        ("    assert f().took_ms < 900", True),
        ("    assert subprocess.run(['x'], timeout=30).returncode == 0", True),
        ("    assert event.wait(5)", True),
        ("    until = time.monotonic() + 5\n    while time.monotonic() < until:\n        f()", True),
        ("    until = time.monotonic() + 60\n    while not f():\n        assert time.monotonic() < until", False),
        ("    assert event.wait(120)\n    assert f() < 2", False),
    ],
)
def test_what_depends_on_it_is_found(body: str, wrong: bool, tmp_path: Path) -> None:
    path = tmp_path / "test_it.py"
    path.write_text(f"def timed():\n    return time.monotonic() - START\n\ndef test_it():\n{body}\n")
    it = module(path, tmp_path)
    assert bool(asserted_times(it) or short_waits(it)) is wrong
