"""Requests, answers and errors in the protocol of each service."""

from __future__ import annotations

import uuid
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from sddoctor.lab.aws.errors import ApiError, invalid
from sddoctor.lab.aws.models import PROTOCOLS, HttpRequest, Route, operation_model
from sddoctor.lab.aws.protocol import form, json_wire, xml_wire
from sddoctor.lab.aws.protocol.validation import problem
from sddoctor.lab.aws.protocol.values import MalformedError, from_text

ROUTE53_NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/"


class HttpReply(NamedTuple):
    """A reply to send."""

    status: int
    headers: dict[str, str]
    body: bytes


def read(request: HttpRequest, route: Route) -> dict[str, Any]:
    """Read and check the parameters of a request. Raises :class:`ApiError`."""
    shape = operation_model(route.service, route.operation).input_shape
    protocol = PROTOCOLS[route.service]
    try:
        if protocol == "json":
            params = json_wire.read(shape, request.body)
        elif protocol in ("ec2", "query"):
            params = form.read(shape, request.form, ec2=protocol == "ec2")
        else:
            params = _rest(shape, request, route, protocol)
    except MalformedError as error:
        raise invalid(route.service, str(error)) from error
    wrong = problem(shape, params)
    if wrong:
        raise invalid(route.service, wrong)
    return params


def _rest(shape: Any, request: HttpRequest, route: Route, protocol: str) -> dict[str, Any]:
    if shape is None:
        return {}
    reader = xml_wire.read if protocol == "rest-xml" else json_wire.read
    params = reader(shape, request.body) if request.body else {}
    query = request.query
    for key, member in shape.members.items():
        name = member.serialization.get("name", key)
        location = member.serialization.get("location")
        if location == "uri" and name in route.uri:
            params[key] = from_text(member, route.uri[name])
        elif location == "querystring" and name in query:
            values = query[name]
            params[key] = values if member.type_name == "list" else from_text(member, values[0])
    return params


def answer(route: Route, value: dict[str, Any]) -> HttpReply:
    """Return the reply with the result of an operation."""
    model = operation_model(route.service, route.operation)
    protocol = PROTOCOLS[route.service]
    shape = model.output_shape
    request_id = str(uuid.uuid4())
    if protocol in ("json", "rest-json"):
        return HttpReply(200, _json_headers(protocol, request_id), json_wire.write(shape, value))
    if protocol == "rest-xml":
        root = ET.Element(shape.name if shape else f"{route.operation}Response", xmlns=ROUTE53_NAMESPACE)
        holder = root
    else:
        root = ET.Element(f"{route.operation}Response", xmlns=model.metadata.get("xmlNamespace", ""))
        if protocol == "ec2":
            holder = xml_wire.elements(root, requestId=request_id)
        else:
            holder = root
            if shape is not None and shape.serialization.get("resultWrapper"):
                holder = ET.SubElement(root, shape.serialization["resultWrapper"])
            xml_wire.elements(ET.SubElement(root, "ResponseMetadata"), RequestId=request_id)
    if shape is not None:
        xml_wire.append(holder, shape, value)
    return HttpReply(200, _xml_headers(request_id), xml_wire.document(root))


def failure(service: str, error: ApiError) -> HttpReply:
    """Return the reply for an error, as the service's protocol writes it."""
    protocol = PROTOCOLS[service]
    request_id = str(uuid.uuid4())
    if protocol in ("json", "rest-json"):
        headers = {**_json_headers(protocol, request_id), "x-amzn-ErrorType": error.code}
        return HttpReply(error.status, headers, json_wire.error(error.code, error.message))
    kind = "Receiver" if error.status >= 500 else "Sender"
    if protocol == "ec2":
        root = ET.Element("Response")
        inner = ET.SubElement(ET.SubElement(root, "Errors"), "Error")
        xml_wire.elements(inner, Code=error.code, Message=error.message)
        xml_wire.elements(root, RequestID=request_id)
    else:
        root = ET.Element("ErrorResponse")
        if protocol == "rest-xml":
            root.set("xmlns", ROUTE53_NAMESPACE)
        inner = ET.SubElement(root, "Error")
        xml_wire.elements(inner, Type=kind, Code=error.code, Message=error.message)
        xml_wire.elements(root, RequestId=request_id)
    return HttpReply(error.status, _xml_headers(request_id), xml_wire.document(root))


def _json_headers(protocol: str, request_id: str) -> dict[str, str]:
    content_type = "application/x-amz-json-1.1" if protocol == "json" else "application/json"
    return {"Content-Type": content_type, "x-amzn-RequestId": request_id}


def _xml_headers(request_id: str) -> dict[str, str]:
    return {"Content-Type": "text/xml;charset=UTF-8", "x-amzn-RequestId": request_id}
