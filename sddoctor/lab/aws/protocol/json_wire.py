"""JSON as AWS JSON 1.1 and rest-json use it, by shape.

https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sddoctor.lab.aws.protocol.values import MalformedError, to_text


def read(shape: Any, body: bytes) -> dict[str, Any]:
    """Read parameters from a JSON body. Raises :class:`MalformedError`."""
    try:
        data = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"The body is not JSON: {error}.") from error
    if not isinstance(data, dict):
        raise MalformedError("The body is not a JSON object.")
    return {} if shape is None else _typed(shape, data)


def _typed(shape: Any, data: Any) -> Any:
    """Turn times into ``datetime`` and leave everything else, of whatever type, to validation."""
    if shape.type_name == "structure" and isinstance(data, dict):
        names = {m.serialization.get("name", key): (key, m) for key, m in shape.members.items()}
        return {
            names[k][0] if k in names else k: _typed(names[k][1], v) if k in names else v
            for k, v in data.items()
            if v is not None
        }
    if shape.type_name == "list" and isinstance(data, list):
        return [_typed(shape.member, item) for item in data]
    if shape.type_name == "map" and isinstance(data, dict):
        return {key: _typed(shape.value, value) for key, value in data.items()}
    if shape.type_name == "timestamp" and isinstance(data, int | float):
        return datetime.fromtimestamp(data, UTC)
    return data


def write(shape: Any, value: dict[str, Any]) -> bytes:
    """Write an answer. A member that the shape does not have is an error of the lab: :class:`KeyError`."""
    return json.dumps({} if shape is None else _plain(shape, value)).encode()


def _plain(shape: Any, value: Any) -> Any:
    kind = shape.type_name
    if kind == "structure":
        members = shape.members
        return {
            members[key].serialization.get("name", key): _plain(members[key], item)
            for key, item in value.items()
            if item is not None
        }
    if kind == "list":
        return [_plain(shape.member, item) for item in value]
    if kind == "map":
        return {key: _plain(shape.value, item) for key, item in value.items()}
    if kind == "timestamp":
        iso = shape.serialization.get("timestampFormat") == "iso8601"
        return to_text(shape, value) if iso else round(value.timestamp(), 3)
    return value


def error(code: str, message: str) -> bytes:
    """Write an error as AWS JSON 1.1 does; rest-json names the code in a header, and may here as well."""
    return json.dumps({"__type": code, "message": message, "Message": message}).encode()
