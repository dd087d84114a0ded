"""Plain values from text, by the type of their shape."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from botocore.utils import parse_timestamp


class MalformedError(ValueError):
    """A request that cannot be read; the message says why."""


def from_text(shape: Any, text: str) -> Any:
    """Convert text to the type of a shape. Raises :class:`MalformedError`."""
    kind = shape.type_name
    try:
        if kind in ("integer", "long"):
            return int(text)
        if kind in ("float", "double"):
            return float(text)
        if kind == "boolean":
            return {"true": True, "false": False}[text.lower()]
        if kind == "timestamp":
            return parse_timestamp(text)
        if kind == "blob":
            return base64.b64decode(text)
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedError(f"The value {text!r} is not of type {kind}.") from error
    return text


def to_text(shape: Any, value: Any) -> str:
    """Convert a value to the text that stands for it in XML, queries and headers."""
    kind = shape.type_name
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "timestamp":
        at: datetime = value
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    if kind == "blob":
        return base64.b64encode(value).decode()
    if kind in ("integer", "long"):
        return str(int(value))
    return str(value)
