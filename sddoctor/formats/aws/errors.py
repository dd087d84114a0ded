"""Errors of AWS calls, translated into the kind of gap."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from sddoctor.case.seen import Absent, Denied, NotAttempted, Unreachable, in_one_line

#: Each protocol has its own codes for a denial.
DENIED = {"AccessDeniedException", "AccessDenied", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized"}
#: Codes for a resource that does not exist.
NOT_FOUND = {
    "NamespaceNotFound",
    "ServiceNotFound",
    "InstanceNotFound",
    "OperationNotFound",
    "ResourceNotFoundException",
    "NoSuchHostedZone",
    "ClusterNotFoundException",
    "ServiceNotFoundException",
    "TargetGroupNotFound",
    "DBInstanceNotFound",
    "DBClusterNotFoundFault",
    "DBProxyNotFoundFault",
}
NEW_SIGN_IN = "a new sign-in to AWS"
CREDENTIALS = "AWS credentials"
_CLOCK = ("the clock of this host differs from that of AWS", "the right time on this host")
_EXPIRED = ("the AWS sign-in is not valid", NEW_SIGN_IN)
_NO_SUBSCRIPTION = ("the account has no subscription to the service", "a subscription of the account to the service")
_CHANGED = ("the signature of the request is not complete", "a way to AWS on which no proxy changes requests")
_UNSIGNED = ("the request came to AWS without a signature", "a way to AWS on which no proxy removes headers")
_REGION = (
    "AWS does not know these credentials here: the sign-in is not valid, or the account has not enabled the region",
    f"{NEW_SIGN_IN}, or a region that is enabled for the account",
)
_NOT_ASSIGNED = (
    "IAM Identity Center gives this user no role of that name in the account",
    "an assignment of the account and permission set in IAM Identity Center",
)
#: Refusals that no later try changes: why, and what helps. Each protocol has its own code for some.
#: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
#: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
_LASTING = {
    **dict.fromkeys(("RequestTimeTooSkewed", "RequestInTheFuture"), _CLOCK),
    **dict.fromkeys(
        (
            "ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidAccessKeyId", "SignatureDoesNotMatch",
            "InvalidSignatureException", "TokenRefreshRequired", "UnauthorizedException", "InvalidGrantException",
        ),
        _EXPIRED,
    ),
    **dict.fromkeys(
        ("UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure", "RegionDisabledException"), _REGION
    ),
    **dict.fromkeys(("OptInRequired", "SubscriptionRequiredException", "NotSignedUp"), _NO_SUBSCRIPTION),
    **dict.fromkeys(("IncompleteSignature", "IncompleteSignatureException"), _CHANGED),
    **dict.fromkeys(("MissingAuthenticationToken", "MissingAuthenticationTokenException"), _UNSIGNED),
    "ForbiddenException": _NOT_ASSIGNED,
}  # fmt: skip
#: How AWS says that a signature is refused for its time, with a code that other reasons have, too.
_OF_THE_CLOCK = re.compile(r"Signature expired|Signature not yet current", re.IGNORECASE)
THROTTLED = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "PriorRequestNotComplete",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "LimitExceededException",
    "EC2ThrottledException",
    "BandwidthLimitExceeded",
}
_SIGN_IN_KINDS = {
    "NoAuthTokenError",
    "SSOError",
    "SSOTokenLoadError",
    "TokenRetrievalError",
    "UnauthorizedSSOTokenError",
}
_TRANSIENT = {
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "EndpointConnectionError",
    "ConnectionClosedError",
    "HTTPClientError",
    "EmptyAnswerError",
}
_ACTION = re.compile(r"not authorized to perform: ?([a-z0-9-]+:[A-Za-z0-9]+)(?: on resource: ?(\S+))?")


class UnknownOperationError(Exception):
    """This version of boto3 has no such operation."""


class EmptyAnswerError(Exception):
    """The response had no content."""


def is_throttle(error: Exception) -> bool:
    """Tell whether AWS throttled the call."""
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        return False
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return response.get("Error", {}).get("Code") in THROTTLED or status == 429


def is_transient(error: Exception) -> bool:
    """Tell whether a retry may succeed: the server or the connection failed."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) >= 500
    return type(error).__name__ in _TRANSIENT


def translate(
    error: Exception, service: str, operation: str, what: str
) -> Absent | Denied | Unreachable | NotAttempted:
    """Return the gap, or absence, that the error of a call means for the fact ``what``."""
    response = getattr(error, "response", None)
    if isinstance(response, dict) and "Error" in response:
        return _of_service(response, service, operation, what)
    return _of_client(error, f"{service}:{operation}", what)


def _of_service(response: dict[str, Any], service: str, operation: str, what: str) -> Absent | Denied | Unreachable:
    code, message = str(response["Error"].get("Code", "")), str(response["Error"].get("Message", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    source = f"{service}:{operation}"
    if code in NOT_FOUND or code.endswith(".NotFound") or _is_missing_definition(code, operation, message):
        return Absent(what, source)
    if code in _LASTING:
        why, needs = _CLOCK if _OF_THE_CLOCK.search(message) else _LASTING[code]
        return Unreachable(what, f"{why} ({code})", needs, message=message)
    if code in DENIED or "is not authorized to perform" in message:
        named = _ACTION.search(message)
        action = named.group(1) if named else source
        resource = (named.group(2) or "*").rstrip(".,") if named else "*"
        return Denied(what, action, resource, message)
    if code in THROTTLED or status == 429:
        return Unreachable(what, f"AWS throttled {source} ({code})", "a later try", message=message)
    if status >= 500:
        return Unreachable(what, f"{source} failed with HTTP {status}", "a later try", message=message)
    said = in_one_line(message).rstrip(".")
    why = f"{source} failed: {code or 'an error without code'}{f' ({said})' if said else ''}"
    return Unreachable(what, why, "a remedy for that error, which sddoctor does not know")


def _is_missing_definition(code: str, operation: str, message: str) -> bool:
    """Tell whether the task definition does not exist, for which ECS has no code of its own."""
    return operation == "DescribeTaskDefinition" and code == "ClientException" and "Unable to describe" in message


def _of_client(error: Exception, source: str, what: str) -> Unreachable | NotAttempted:
    kind = type(error).__name__
    if kind in ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"):
        return Unreachable(what, "no AWS credentials were found", CREDENTIALS)
    if kind in _SIGN_IN_KINDS or kind.startswith("Login"):
        return Unreachable(what, "the AWS sign-in has expired", NEW_SIGN_IN)
    if kind == "NoRegionError":
        return Unreachable(what, "no AWS region is set", "a region (--region or AWS_REGION)")
    if kind in ("ConnectTimeoutError", "ReadTimeoutError", "TimeoutError"):
        needs = "a path to the AWS endpoint, or more time (--timeout)"
        return Unreachable(what, f"{_host(error) or 'AWS'} did not answer in time", needs)
    if kind in ("EndpointConnectionError", "ConnectionClosedError", "ConnectionError", "HTTPClientError"):
        return Unreachable(
            what, f"the AWS endpoint {_host(error)} cannot be reached".replace("  ", " "), "a path to it"
        )
    if kind == "SSLError":
        return Unreachable(
            what, "the certificate of the AWS endpoint was refused", "the right CA bundle (AWS_CA_BUNDLE)"
        )
    if kind == "ProxyConnectionError":
        return Unreachable(what, "the proxy to AWS cannot be reached", "a working proxy")
    if kind in ("UnknownServiceError", "UnknownOperationError"):
        return NotAttempted(what, "this version of boto3 does not know how to ask", "a newer boto3")
    if kind == "ProfileNotFound":
        return Unreachable(what, str(error), "an AWS profile that exists (--profile or AWS_PROFILE)")
    if kind in ("ConfigParseError", "ConfigNotFound"):
        return Unreachable(what, "the AWS configuration file cannot be read", "a sound ~/.aws/config")
    if kind == "InvalidRegionError":
        return Unreachable(what, str(error), "a region that exists (--region or AWS_REGION)")
    if kind == "EmptyAnswerError":
        return Unreachable(what, f"the answer of {error} is empty", "a later try")
    return Unreachable(what, f"the answer of {source} could not be read ({kind})", "a later try")


def _host(error: Exception) -> str:
    """Return the host of the endpoint: that of DiscoverInstances begins with ``data-``.

    https://docs.aws.amazon.com/general/latest/gr/cloud_map.html
    """
    url = getattr(error, "kwargs", {}).get("endpoint_url") or ""
    return urlsplit(str(url)).hostname or ""
