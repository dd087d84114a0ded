"""Rewriting every text in a case: the walk that redaction and anonymisation share."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import TypeVar

from msgspec import Struct, structs

T = TypeVar("T", bound=Struct)
#: Returns the new text; called with the structure that has the text, the name of its field, and the text.
Change = Callable[[Struct, str, str], str]


def texts(value: T, change: Change, skip: Container[int] = ()) -> T:
    """Return the structure with each text in it, at any depth, replaced by ``change``.

    Objects whose ``id`` is in ``skip`` stay unchanged.
    """
    new = {name: _changed(value, name, getattr(value, name), change, skip) for name in value.__struct_fields__}
    return structs.replace(value, **new)


def _changed(owner: Struct, field: str, value: object, change: Change, skip: Container[int]) -> object:
    if isinstance(value, str):
        return change(owner, field, value)
    if id(value) in skip:
        return value
    if isinstance(value, tuple):
        return tuple(_changed(owner, field, item, change, skip) for item in value)
    return texts(value, change, skip) if isinstance(value, Struct) else value
