"""XML as rest-xml, query and EC2 answers use it, by shape.

https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from sddoctor.lab.aws.protocol.values import MalformedError, from_text, to_text


def read(shape: Any, body: bytes) -> dict[str, Any]:
    """Read parameters from an XML body. Raises :class:`MalformedError`."""
    if not body:
        return {}
    try:
        root = ET.fromstring(body)  # noqa: S314 - the lab listens on the loopback address only
    except (ET.ParseError, ValueError) as error:
        raise MalformedError(f"The body is not XML: {error}.") from error
    return _value(shape, root)  # type: ignore[no-any-return]


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _value(shape: Any, element: ET.Element) -> Any:
    if shape.type_name == "structure":
        members = {m.serialization.get("name", key): (key, m) for key, m in shape.members.items()}
        found: dict[str, Any] = {}
        for child in element:
            key, member = members.get(_local(child), (None, None))
            if member is None or key is None:
                found[_local(child)] = child.text
            elif member.type_name == "list" and member.serialization.get("flattened"):
                found.setdefault(key, []).append(_value(member.member, child))
            else:
                found[key] = _value(member, child)
        return found
    if shape.type_name == "list":
        return [_value(shape.member, child) for child in element]
    return from_text(shape, element.text or "")


def append(parent: ET.Element, shape: Any, value: dict[str, Any]) -> None:
    """Write a structure's members into an element; unknown ones are an error of the lab: :class:`KeyError`."""
    for key, item in value.items():
        member = shape.members[key]
        if item is None or member.serialization.get("location"):
            continue
        _append_member(parent, member, member.serialization.get("name", key), item)


def _append_member(parent: ET.Element, shape: Any, name: str, value: Any) -> None:
    if shape.type_name == "list":
        flattened = bool(shape.serialization.get("flattened"))
        holder = parent if flattened else ET.SubElement(parent, name)
        item_name = name if flattened else shape.member.serialization.get("name", "member")
        for item in value:
            _append_member(holder, shape.member, item_name, item)
    elif shape.type_name == "structure":
        append(ET.SubElement(parent, name), shape, value)
    else:
        ET.SubElement(parent, name).text = to_text(shape, value)


def document(root: ET.Element) -> bytes:
    """Return the element as a document."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root)


def elements(parent: ET.Element, **texts: str) -> ET.Element:
    """Append simple elements."""
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text
    return parent
