"""botocore's service models, and how a request finds its service and operation in them."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import botocore.loaders
import botocore.model

from sddoctor.lab.aws.errors import unknown_operation

#: ``X-Amz-Target`` prefix -> service.
TARGETS = {
    "AmazonEC2ContainerServiceV20141113": "ecs",
    "Route53AutoNaming_v20170314": "servicediscovery",
    "Route53Resolver": "route53resolver",
    "AnyScaleFrontendService": "application-autoscaling",
}
#: ``Version`` of a form -> service.
VERSIONS = {"2016-11-15": "ec2", "2011-06-15": "sts", "2010-05-08": "iam", "2015-12-01": "elbv2", "2014-10-31": "rds"}
#: The format that each service is answered in.
PROTOCOLS = {
    "ecs": "json",
    "servicediscovery": "json",
    "route53resolver": "json",
    "application-autoscaling": "json",
    "route53profiles": "rest-json",
    "route53globalresolver": "rest-json",
    "vpc-lattice": "rest-json",
    "route53": "rest-xml",
    "ec2": "ec2",
    "sts": "query",
    "iam": "query",
    "elbv2": "query",
    "rds": "query",
}


class HttpRequest(NamedTuple):
    """A request as it came; header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path without a query (the target may be a whole URL, from a client that uses a proxy)."""
        return urlsplit(self.target).path or "/"

    @property
    def query(self) -> dict[str, list[str]]:
        """The query parameters."""
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def form(self) -> dict[str, str]:
        """The form in the body, or in the query."""
        text = self.body.decode("utf-8", "replace") or urlsplit(self.target).query
        return {key: values[-1] for key, values in parse_qs(text, keep_blank_values=True).items()}

    @property
    def scope(self) -> str:
        """The service in the credential scope of the signature, or nothing.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
        """
        found = re.search(
            r"Credential=[^,\s]*?/\d{8}/[^/,]*/([^/,]+)/aws4_request", self.headers.get("authorization", "")
        )
        return found[1] if found else ""


class Route(NamedTuple):
    """Which operation a request is for, with the parameters that its URI holds."""

    service: str
    operation: str
    uri: dict[str, str]


@cache
def service_model(service: str) -> Any:
    """Return botocore's model of a service, loaded once."""
    data = botocore.loaders.Loader.BUILTIN_DATA_PATH
    loader = botocore.loaders.Loader(extra_search_paths=[data], include_default_search_paths=False)
    return botocore.model.ServiceModel(loader.load_service_model(service, "service-2"), service)


def operation_model(service: str, operation: str) -> Any:
    """Return the model of an operation. Raises :class:`ApiError` if AWS has no such operation."""
    if operation not in service_model(service).operation_names:
        raise unknown_operation(f"{service}:{operation}")
    return service_model(service).operation_model(operation)


def service_of(request: HttpRequest) -> str | None:
    """Return the service that a request is for, by its target, its form, its path and its signature."""
    prefix = request.headers.get("x-amz-target", "").partition(".")[0]
    if prefix:
        return TARGETS.get(prefix)
    if request.path.startswith("/2013-04-01/"):
        return "route53"
    version = request.form.get("Version", "") if request.path == "/" else ""
    return VERSIONS.get(version) or (request.scope if request.scope in PROTOCOLS else None)


def route(request: HttpRequest, service: str) -> Route:
    """Return the operation that a request is for. Raises :class:`ApiError` if there is none."""
    if PROTOCOLS[service] == "json":
        return Route(service, request.headers.get("x-amz-target", "").partition(".")[2], {})
    if PROTOCOLS[service] in ("ec2", "query"):
        return Route(service, request.form.get("Action", ""), {})
    for method, pattern, operation in _rest_operations(service):
        found = pattern.fullmatch(request.path)
        if method == request.method and found:
            return Route(service, operation, {k: unquote(v) for k, v in found.groupdict().items()})
    raise unknown_operation(f"{service} {request.method} {request.path}")


@cache
def _rest_operations(service: str) -> list[tuple[str, re.Pattern[str], str]]:
    """Return method, path pattern and name of every operation, the most literal path first."""
    model = service_model(service)
    found = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = http["requestUri"].partition("?")[0].rstrip("/")
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
        pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", pattern)
        found.append((path.count("{"), http["method"], re.compile(pattern + "/?"), name))
    return [(method, pattern, name) for _, method, pattern, name in sorted(found, key=lambda f: f[0])]
