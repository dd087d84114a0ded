"""The guards of the causes: ``if`` statements that only return nothing, and how they are switched off.

A guard is switched off in the module that is loaded: its function gets the code of a changed copy, so whoever has
imported the function is changed with it.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from types import CodeType, FunctionType, ModuleType

from msgspec import Struct

import sddoctor.causes
from sddoctor.causes.model import Cause

_HIT = "_guard_was_hit"


class Guard(Struct, frozen=True):
    """One guard, by its module, its function and the line of its ``if``."""

    module: str
    function: str
    line: int
    condition: str

    def __str__(self) -> str:
        return f"{self.module.removeprefix('sddoctor.causes.')}:{self.line} {self.function}: if {self.condition}"


def guards() -> list[Guard]:
    """Return every guard of every module of causes."""
    return [
        Guard(name, function, node.lineno, ast.unparse(node.test))
        for name in _modules()
        for function, node in _guards_in(_tree(name))
    ]


@contextlib.contextmanager
def without(guard: Guard) -> Iterator[None]:
    """Evaluate the guard's condition, and go on as if it were false."""

    def change(node: ast.If) -> None:
        if node.lineno == guard.line:
            node.test = ast.BoolOp(ast.And(), [node.test, ast.Constant(False)])

    with _changed(guard.module, change):
        yield


@contextlib.contextmanager
def watched(hit: Callable[[str, int], None]) -> Iterator[None]:
    """Call ``hit`` with module and line whenever a guard returns."""

    def watch(node: ast.If) -> None:
        call = ast.Call(ast.Name(_HIT, ast.Load()), [ast.Name("__name__", ast.Load()), ast.Constant(node.lineno)], [])
        node.body.insert(0, ast.Expr(call))

    with contextlib.ExitStack() as stack:
        for name in _modules():
            setattr(import_module(name), _HIT, hit)
            stack.callback(delattr, import_module(name), _HIT)
            stack.enter_context(_changed(name, watch))
        yield


def _modules() -> list[str]:
    found = pkgutil.walk_packages(sddoctor.causes.__path__, "sddoctor.causes.")
    return [m.name for m in found if not m.ispkg and m.name.count(".") == 3]


def _tree(name: str) -> ast.Module:
    return ast.parse(inspect.getsource(import_module(name)))


def _guards_in(tree: ast.Module) -> Iterator[tuple[str, ast.If]]:
    for function in (n for n in tree.body if isinstance(n, ast.FunctionDef)):
        for node in ast.walk(function):
            if isinstance(node, ast.If) and not node.orelse and len(node.body) == 1 and _says_nothing(node.body[0]):
                yield function.name, node


def _says_nothing(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Return):
        return False
    value = statement.value
    empty = isinstance(value, ast.Tuple | ast.List) and not value.elts
    return value is None or empty or (isinstance(value, ast.Constant) and not value.value)


@contextlib.contextmanager
def _changed(name: str, change: Callable[[ast.If], None]) -> Iterator[None]:
    module, tree = import_module(name), _tree(name)
    for _, node in list(_guards_in(tree)):
        change(node)
    code = compile(ast.fix_missing_locations(tree), str(module.__file__), "exec")
    changed = {c.co_name: c for c in code.co_consts if isinstance(c, CodeType)}
    functions = _functions(module)
    before = [(f, f.__code__) for f in functions]
    try:
        for function in functions:
            function.__code__ = changed[function.__name__]
        yield
    finally:
        for function, original in before:
            function.__code__ = original


def _functions(module: ModuleType) -> list[FunctionType]:
    values = [v.decide if isinstance(v, Cause) else v for v in vars(module).values()]
    return [v for v in values if isinstance(v, FunctionType) and v.__module__ == module.__name__]
