"""Validation of parameters by their shape: the checks of botocore, and those that it leaves to the service."""

from __future__ import annotations

from typing import Any

from botocore.validate import ParamValidator


def problem(shape: Any, params: dict[str, Any]) -> str | None:
    """Return why the parameters are invalid, in one sentence, or ``None``."""
    if shape is None:
        return None
    report = ParamValidator().validate(params, shape)
    if report.has_errors():
        return str(report.generate_report()).replace("\n", " ")
    return next(_beyond(shape, params, ""), None)


def _beyond(shape: Any, value: Any, name: str) -> Any:
    """Yield values outside an enumeration, and those that are too large or too long."""
    kind = shape.type_name
    if kind == "structure":
        for key, item in value.items():
            yield from _beyond(shape.members[key], item, f"{name}.{key}".lstrip("."))
    elif kind == "list":
        for item in value:
            yield from _beyond(shape.member, item, name)
    elif kind == "map":
        for item in value.values():
            yield from _beyond(shape.value, item, name)
    elif kind == "string" and shape.enum and value not in shape.enum:
        yield f"Value '{value}' at '{name}' failed to satisfy constraint: Member must be one of {shape.enum}"
    largest = shape.metadata.get("max")
    if largest is not None:
        size = len(value) if kind in ("string", "list", "map") else value if kind in ("integer", "long") else 0
        if size > largest:
            what = "have a length" if kind in ("string", "list", "map") else "have a value"
            yield f"Value at '{name}' failed to satisfy constraint: Member must {what} not above {largest}"
