"""Parameters in a form, as the query and EC2 protocols number them (``Filter.1.Value.2=x``).

https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
"""

from __future__ import annotations

import re
from typing import Any

from sddoctor.lab.aws.protocol.values import MalformedError, from_text

_COMMON = ("Action", "Version")


def read(shape: Any, form: dict[str, str], *, ec2: bool) -> dict[str, Any]:
    """Read parameters from a form. Raises :class:`MalformedError`, also for an unknown parameter."""
    unread = {key: value for key, value in form.items() if key not in _COMMON}
    found = _structure(shape, unread, "", ec2) if shape is not None else {}
    unknown = [key for key in unread if not key.startswith("X-Amz-")]
    if unknown:
        raise MalformedError(f"The parameter {unknown[0]} is not recognized")
    return found


def _name(shape: Any, default: str, ec2: bool) -> str:
    if not ec2:
        return str(shape.serialization.get("name", default))
    if "queryName" in shape.serialization:
        return str(shape.serialization["queryName"])
    name = str(shape.serialization.get("name", default))
    return name[0].upper() + name[1:]


def _structure(shape: Any, unread: dict[str, str], prefix: str, ec2: bool) -> dict[str, Any]:
    found = {}
    for key, member in shape.members.items():
        value = _value(member, unread, prefix + _name(member, key, ec2), ec2)
        if value is not None:
            found[key] = value
    return found


def _value(shape: Any, unread: dict[str, str], name: str, ec2: bool) -> Any:
    if shape.type_name == "structure":
        inside = any(key.startswith(f"{name}.") for key in unread)
        return _structure(shape, unread, f"{name}.", ec2) if inside else None
    if shape.type_name == "list":
        return _list(shape, unread, name, ec2)
    if name not in unread:
        return None
    return from_text(shape, unread.pop(name))


def _list(shape: Any, unread: dict[str, str], name: str, ec2: bool) -> list[Any] | None:
    if unread.get(name) == "":
        unread.pop(name)
        return []
    flat = ec2 or shape.serialization.get("flattened")
    prefix = name if flat else f"{name}.{shape.member.serialization.get('name', 'member')}"
    numbers = {int(m[1]) for key in unread if (m := re.match(re.escape(prefix) + r"\.(\d{1,4})(?:\.|$)", key))}
    if not numbers:
        return None
    return [_value(shape.member, unread, f"{prefix}.{number}", ec2) for number in sorted(numbers)]
