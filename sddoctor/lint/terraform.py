"""The resources of ``terraform show -json``, of a plan or a state, and what they refer to.

In a plan, the ids of what is still to be created are unknown; there the references in the configuration are used.
https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

Wire = dict[str, Any]
_KEY = re.compile(r"\[(?:\d+|\"[^\"]*\")\]")
#: A reference through more modules than this is a cycle.
_DEEPEST = 20
_GIVE = "give what 'terraform show -json' prints of it"


class TerraformError(ValueError):
    """The text is not what ``terraform show -json`` prints; the message is one sentence."""


class Resource(Struct, frozen=True):
    """A managed resource. ``refers`` are the addresses that each argument refers to, without keys of instances."""

    address: str
    type: str
    values: Wire
    refers: dict[str, tuple[str, ...]] = {}

    def text(self, key: str) -> str:
        """Return an argument that is a text, or the empty text."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str, default: int) -> int:
        """Return an argument that is a number, or ``default``."""
        value = self.values.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else default

    def blocks(self, key: str) -> list[Wire]:
        """Return the blocks of a kind."""
        value = self.values.get(key)
        return [b for b in value if isinstance(b, dict)] if isinstance(value, list) else []


class Resources:
    """All managed resources of a plan or state."""

    def __init__(self, every: tuple[Resource, ...]) -> None:
        self.every = every

    def of(self, *types: str) -> list[Resource]:
        """Return the resources of these types, in their order."""
        return [r for r in self.every if r.type in types]

    def target(self, source: Resource, argument: str, value: object, *types: str) -> Resource | None:
        """Return the resource that an argument refers to, or ``None`` when it is not in the file or not unique."""
        found = self.targets(source, argument, value, *types)
        return found[0] if len(found) == 1 else None

    def targets(self, source: Resource, argument: str, value: object, *types: str) -> list[Resource]:
        """Return the resources that an argument may refer to: by id or ARN, else by the references of the configuration.

        Of the instances of a resource, the one with the key of the source, if there is one.
        """
        among = self.of(*types)
        if isinstance(value, str) and value:
            return [r for r in among if value in (r.text("id"), r.text("arn"))][:1]
        referred = [r for r in among if _KEY.sub("", r.address) in source.refers.get(argument, ())]
        own = _KEY.findall(source.address)[-1:]
        return [r for r in referred if own and _KEY.findall(r.address)[-1:] == own] or referred


def read(data: bytes) -> Resources:
    """Read what ``terraform show -json`` printed. Raises :class:`TerraformError`."""
    try:
        shown = msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise TerraformError(f"It is not JSON: {error}; {_GIVE}.") from error
    version = shown.get("format_version") if isinstance(shown, dict) else None
    if not isinstance(version, str):
        raw = isinstance(shown, dict) and "terraform_version" in shown and "serial" in shown
        what = "It is a state as Terraform stores it" if raw else "There is no format_version in it"
        raise TerraformError(f"{what}; {_GIVE}.")
    if not version.startswith(("0.", "1.")):
        raise TerraformError(f"Its format {version} is not known; formats 0 and 1 are read.")
    values = shown.get("planned_values") or shown.get("values") or {}
    try:
        references = dict(_references(shown.get("configuration", {}).get("root_module", {}), "", None))
        found = tuple(_resources(values.get("root_module", {}), references))
    except (AttributeError, KeyError, TypeError, RecursionError) as error:
        raise TerraformError("It is not what 'terraform show -json' prints: its parts have another shape.") from error
    return Resources(found)


def _resources(module: Wire, references: dict[str, dict[str, tuple[str, ...]]]) -> Iterator[Resource]:
    for item in module.get("resources", ()):
        if item.get("mode") == "managed":
            address = item["address"]
            yield Resource(address, item["type"], item.get("values") or {}, references.get(_KEY.sub("", address), {}))
    for child in module.get("child_modules", ()):
        yield from _resources(child, references)


class _Module(Struct, frozen=True):
    """A module of the configuration, with where it was called from."""

    path: str
    config: Wire
    arguments: Wire
    parent: _Module | None


def _references(
    config: Wire, path: str, parent: _Module | None, arguments: Wire | None = None
) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    module = _Module(path, config, arguments or {}, parent)
    for item in config.get("resources", ()):
        found: dict[str, list[str]] = {}
        _collect(item.get("expressions", {}), "", found)
        resolved = {k: tuple(dict.fromkeys(a for r in v for a in _resolve(module, r, 0))) for k, v in found.items()}
        yield path + item["address"], resolved
    for name, call in config.get("module_calls", {}).items():
        yield from _references(call.get("module", {}), f"{path}module.{name}.", module, call.get("expressions", {}))


def _collect(expressions: Any, argument: str, found: dict[str, list[str]]) -> None:
    """Gather the references of each argument; those in blocks are named ``block.argument``."""
    if isinstance(expressions, list):
        for one in expressions:
            _collect(one, argument, found)
    elif isinstance(expressions, dict):
        if isinstance(expressions.get("references"), list):
            found.setdefault(argument, []).extend(expressions["references"])
            return
        for key, value in expressions.items():
            _collect(value, f"{argument}.{key}" if argument else key, found)


def _resolve(module: _Module, reference: str, depth: int) -> Iterator[str]:
    """Follow a reference through variables and outputs of modules to the addresses of resources."""
    if depth > _DEEPEST:
        return
    parts = _KEY.sub("", reference).split(".")
    if parts[0] == "var" and len(parts) > 1 and module.parent is not None:
        for further in module.arguments.get(parts[1], {}).get("references", ()):
            yield from _resolve(module.parent, further, depth + 1)
    elif parts[0] == "module" and len(parts) > 2:
        call = module.config.get("module_calls", {}).get(parts[1], {})
        inner = _Module(f"{module.path}module.{parts[1]}.", call.get("module", {}), call.get("expressions", {}), module)
        output = inner.config.get("outputs", {}).get(parts[2], {})
        for further in output.get("expression", {}).get("references", ()):
            yield from _resolve(inner, further, depth + 1)
    elif len(parts) > 1 and parts[0] not in ("var", "local", "data", "each", "count", "path", "module"):
        yield module.path + ".".join(parts[:2])
