"""How deep JSON of other programs is nested. What is deeper than any of them prints cannot be gone through, nor shown."""

from __future__ import annotations

#: PowerShell's ``ConvertTo-Json`` goes two deep unless told otherwise; no other program that is read comes near this.
_MOST = 100


def is_too_deep(value: object) -> bool:
    """Tell whether lists and objects in the value are nested deeper than is read."""
    level = [value]
    for _ in range(_MOST):
        level = [child for one in level for child in _children(one)]
        if not level:
            return False
    return True


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
