"""What keeps the code readable: sizes of files, names of files, parameters of functions, and who reads what was not seen."""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import pytest

from tests.structure.imports import circles, imports
from tests.structure.source import ROOT, Module, module, modules

#: Showing may leave out what was not seen; judging names what it takes instead (`Fact.seen_or`).
SHOWING = ("sddoctor.report.", "sddoctor.runbook.", "sddoctor.cli.")


def written(tmp_path: Path, **files: str) -> list[Module]:
    found = []
    for name, text in files.items():
        path = tmp_path / "p" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        found.append(module(path, tmp_path))
    return found


def test_files_are_small_enough_to_be_read_at_once() -> None:
    every = [path for top in ("sddoctor", "tests", "benchmarks") for path in (ROOT / top).rglob("*.py")]
    sizes = {str(path.relative_to(ROOT)): path.read_bytes().count(b"\n") for path in every}
    assert {path: lines for path, lines in sizes.items() if lines > 400} == {}
    assert statistics.median(m.lines for m in modules("sddoctor")) <= 130


def test_files_are_named_by_words_in_lower_case() -> None:
    every = [path for top in ("sddoctor", "tests", "benchmarks") for path in (ROOT / top).rglob("*.py")]
    assert [p for p in every if not re.fullmatch(r"[a-z]+[0-9]*(_[a-z0-9]+)*|__(init|main)__", p.stem)] == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert circles(imports(modules("sddoctor"))) == []


@pytest.mark.parametrize(
    "back", ["import p.a", "from p import a", "from . import a", "from .a import x", "def f():\n    from p.a import x"]
)
def test_a_circle_is_found_however_it_is_imported(back: str, tmp_path: Path) -> None:
    files = written(tmp_path, a="from p.b import x", b="from p import c", c=back, d="from p import a")
    assert circles(imports(files)) == [["p.a", "p.b", "p.c"]]


def too_many_parameters(of: Module) -> list[str]:
    found = []
    for node in of.nodes:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        args = node.args
        named = [*args.posonlyargs, *args.args, *args.kwonlyargs, *filter(None, (args.vararg, args.kwarg))]
        if len([a for a in named if a.arg not in ("self", "cls")]) > 6:
            found.append(f"{of.name}.{node.name}")
    return found


def test_functions_have_six_parameters_at_most(tmp_path: Path) -> None:
    (wide,) = written(
        tmp_path, wide="class C:\n def f(self, a, b, /, c, *d, e, **f): ...\n def g(self, a, b, c, *d, e, f, g): ..."
    )
    assert too_many_parameters(wide) == ["p.wide.g"]
    assert [name for m in modules("sddoctor") for name in too_many_parameters(m)] == []


def peeks(of: Module) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == "peek" for n in of.nodes)


def test_only_what_shows_reads_past_what_was_not_seen(tmp_path: Path) -> None:
    (reader,) = written(tmp_path, reader="def f(fact):\n    return fact.peek()")
    assert peeks(reader)
    allowed = {"sddoctor.case.seen"}
    assert [
        m.name for m in modules("sddoctor") if peeks(m) and not m.name.startswith(SHOWING) and m.name not in allowed
    ] == []
