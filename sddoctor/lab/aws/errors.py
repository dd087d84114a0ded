"""Errors of the AWS APIs, with the codes of each service.

The codes of a denial, a throttled call and an expired session differ by protocol and service.
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from typing import NamedTuple


class ApiError(Exception):
    """An error response: its code, its text, and the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class BadTokenError(Exception):
    """A paging token that this lab did not issue."""


class Codes(NamedTuple):
    """The codes of one service, with HTTP statuses where they are not 400."""

    denied: tuple[str, int]
    throttled: tuple[str, int]
    expired: tuple[str, int]
    invalid: str
    bad_token: str


_JSON_EXPIRED = ("ExpiredTokenException", 400)
_QUERY = Codes(("AccessDenied", 403), ("Throttling", 400), ("ExpiredToken", 403), "ValidationError", "ValidationError")

_REST = Codes(
    ("AccessDeniedException", 403),
    ("ThrottlingException", 429),
    ("ExpiredTokenException", 403),
    "ValidationException",
    "InvalidNextTokenException",
)

CODES = {
    "ecs": Codes(
        ("AccessDeniedException", 400),
        ("ThrottlingException", 400),
        _JSON_EXPIRED,
        "InvalidParameterException",
        "InvalidParameterException",
    ),
    "servicediscovery": Codes(
        ("AccessDeniedException", 400), ("ThrottlingException", 400), _JSON_EXPIRED, "InvalidInput", "InvalidInput"
    ),
    "route53resolver": Codes(
        ("AccessDeniedException", 400),
        ("ThrottlingException", 400),
        _JSON_EXPIRED,
        "ValidationException",
        "InvalidNextTokenException",
    ),
    "application-autoscaling": Codes(
        ("AccessDeniedException", 400),
        ("ThrottlingException", 400),
        _JSON_EXPIRED,
        "ValidationException",
        "InvalidNextTokenException",
    ),
    "route53profiles": _REST,
    "route53globalresolver": _REST._replace(bad_token="ValidationException"),  # noqa: S106
    "vpc-lattice": _REST._replace(bad_token="ValidationException"),  # noqa: S106
    "route53": Codes(
        ("AccessDenied", 403), ("Throttling", 400), ("ExpiredToken", 403), "InvalidInput", "InvalidPaginationToken"
    ),
    "ec2": Codes(
        ("UnauthorizedOperation", 403),
        ("RequestLimitExceeded", 503),
        ("RequestExpired", 400),
        "InvalidParameterValue",
        "InvalidNextToken",
    ),
    "sts": _QUERY,
    "iam": _QUERY,
    "elbv2": _QUERY,
    "rds": _QUERY._replace(invalid="InvalidParameterValue", bad_token="InvalidParameterValue"),  # noqa: S106
}


#: What policies and denials call a service that botocore calls otherwise.
#: https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticloadbalancingv2.html
IAM_PREFIX = {"elbv2": "elasticloadbalancing"}

#: The reason in a denial, by the kind of policy that denies.
_BECAUSE = {
    "nothing-allows": "because no identity-based policy allows the {action} action",
    "explicit-deny": "with an explicit deny in an identity-based policy",
    "scp": "with an explicit deny in a service control policy",
    "endpoint": "because no VPC endpoint policy allows the {action} action",
    "boundary": "because no permissions boundary allows the {action} action",
}


def denied(service: str, action: str, resource: str, caller: str, by: str = "nothing-allows") -> ApiError:
    """Return the error for an action that no policy allows, or that a policy of the kind ``by`` denies.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    code, status = CODES[service].denied
    on = "" if service == "ec2" else f" on resource: {resource}"
    because = " " + _BECAUSE[by].format(action=action)
    text = f"User: {caller} is not authorized to perform: {action}{on}{because}"
    if service == "ec2":
        text = f"You are not authorized to perform this operation. {text}"
    return ApiError(code, text, status)


def throttled(service: str, operation: str) -> ApiError:
    """Return the error for throttling."""
    code, status = CODES[service].throttled
    if service == "servicediscovery" and operation.startswith("Discover"):
        code = "RequestLimitExceeded"
    return ApiError(code, "Request limit exceeded." if service == "ec2" else "Rate exceeded", status)


def expired(service: str) -> ApiError:
    """Return the error for an expired session."""
    code, status = CODES[service].expired
    text = "Request has expired." if service == "ec2" else "The security token included in the request is expired"
    return ApiError(code, text, status)


def invalid(service: str, text: str) -> ApiError:
    """Return the error for invalid parameters."""
    return ApiError(CODES[service].invalid, text)


def bad_token(service: str) -> ApiError:
    """Return the error for an invalid paging token."""
    return ApiError(CODES[service].bad_token, "The specified token is not valid.")


def unknown_operation(operation: str) -> ApiError:
    """Return the error for an operation that the lab does not implement."""
    return ApiError("UnknownOperationException", f"The lab does not serve {operation}.")
