"""A case with every text in it rewritten: one walk for all that hides something."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct, structs

T = TypeVar("T", bound=Struct)
#: What becomes of a text: it is called with the structure that holds the text, the name of its field, and the text.
Change = Callable[[Struct, str, str], str]


def texts(value: T, change: Change) -> T:
    """Return the structure with each text in it, at any depth, replaced by what ``change`` says."""
    new = {name: _changed(value, name, getattr(value, name), change) for name in value.__struct_fields__}
    return structs.replace(value, **new)


def _changed(owner: Struct, field: str, value: object, change: Change) -> object:
    if isinstance(value, str):
        return change(owner, field, value)
    if isinstance(value, tuple):
        return tuple(_changed(owner, field, item, change) for item in value)
    return texts(value, change) if isinstance(value, Struct) else value
