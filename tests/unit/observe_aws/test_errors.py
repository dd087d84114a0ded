"""Each kind of error becomes its own kind of not-seen."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions as boto
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from sddoctor.case.seen import Absent, Denied, NotAttempted, Unreachable
from sddoctor.formats.aws.errors import CREDENTIALS, NEW_SIGN_IN, UnknownOperationError, translate


def of_service(code: str, message: str = "", status: int = 400) -> Exception:
    response: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "Operation")


def said(error: Exception, service: str = "ecs", operation: str = "DescribeServices") -> Any:
    return translate(error, service, operation, "the thing")


@pytest.mark.parametrize(
    "code",
    [
        "NamespaceNotFound",
        "ServiceNotFound",
        "InstanceNotFound",
        "NoSuchHostedZone",
        "ClusterNotFoundException",
        "ServiceNotFoundException",
        "ResourceNotFoundException",
        "InvalidVpcID.NotFound",
        "InvalidGroup.NotFound",
        "InvalidClientVpnEndpointId.NotFound",
    ],
)
def test_not_found_is_absent(code: str):
    assert isinstance(said(of_service(code)), Absent)


def test_a_task_definition_that_is_gone_is_absent():
    """ECS has no code of its own for it."""
    error = of_service("ClientException", "Unable to describe task definition.")
    assert isinstance(said(error, "ecs", "DescribeTaskDefinition"), Absent)
    assert isinstance(said(error, "ecs", "DescribeServices"), Unreachable)


@pytest.mark.parametrize("code", ["AccessDeniedException", "AccessDenied", "UnauthorizedOperation"])
def test_each_protocol_denies_in_its_own_words(code: str):
    fact = said(of_service(code, "no", 403), "ec2", "DescribeVpcs")
    assert isinstance(fact, Denied)
    assert (fact.action, fact.resource) == ("ec2:DescribeVpcs", "*")


def test_the_message_names_action_and_resource():
    message = (
        "User: arn:aws:sts::111122223333:assumed-role/dev/me is not authorized to perform: ec2:DescribeVpcs on resource: "
        "arn:aws:ec2:ap-northeast-1:111122223333:vpc/* because no identity-based policy allows the ec2:DescribeVpcs action"
    )
    fact = said(of_service("AccessDenied", message, 403), "route53", "ListHostedZonesByVPC")
    assert isinstance(fact, Denied)
    assert fact.action == "ec2:DescribeVpcs"
    assert fact.resource == "arn:aws:ec2:ap-northeast-1:111122223333:vpc/*"


def test_a_denial_without_a_known_code_is_known_by_its_message():
    fact = said(of_service("SomethingNew", "User: x is not authorized to perform: ecs:ListTasks", 400))
    assert isinstance(fact, Denied)
    assert fact.action == "ecs:ListTasks"


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"])
def test_a_sign_in_that_is_over_is_no_missing_permission(code: str):
    fact = said(of_service(code, "The security token included in the request is expired", 403))
    assert isinstance(fact, Unreachable)
    assert fact.needs == NEW_SIGN_IN
    assert fact.gap().said == "The security token included in the request is expired"


#: What AWS says where no later try helps and no permission is missing, by code; each protocol has its own for some.
LASTING = [
    ("AuthFailure", "AWS was not able to validate the provided access credentials", "region"),
    ("UnrecognizedClientException", "The security token included in the request is invalid.", "region"),
    ("InvalidClientTokenId", "The security token included in the request is invalid.", "region"),
    ("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", "time"),
    ("RequestInTheFuture", "Request timestamp is in the future", "time"),
    ("InvalidSignatureException", "Signature expired: 20261201T0900Z is now earlier than 20261201T0955Z", "time"),
    ("SignatureDoesNotMatch", "Signature not yet current: 20261201T0955Z is still later than 20261201T0905Z", "time"),
    ("SignatureDoesNotMatch", "The request signature we calculated does not match", "sign-in"),
    ("OptInRequired", "The AWS Access Key Id needs a subscription for the service", "subscription"),
    ("SubscriptionRequiredException", "The AWS Access Key Id needs a subscription for the service", "subscription"),
    ("IncompleteSignature", "Authorization header requires 'Credential' parameter.", "proxy"),
    ("IncompleteSignatureException", "Authorization header requires 'Credential' parameter.", "proxy"),
    ("MissingAuthenticationToken", "Request is missing Authentication Token", "proxy"),
    ("MissingAuthenticationTokenException", "Missing Authentication Token", "proxy"),
    ("ForbiddenException", "No access", "Identity Center"),
    ("UnauthorizedException", "Session token not found or invalid", "sign-in"),
    ("InvalidInput", "Value at 'maxResults' failed to satisfy rule 12", "does not know"),
    ("FrozenException", "Frozen by change window 12", "does not know"),
]


@pytest.mark.parametrize(("code", "message", "needs"), LASTING)
@pytest.mark.parametrize("service", ["ecs", "ec2", "route53", "sts"])
def test_what_no_later_try_mends_says_what_does(service: str, code: str, message: str, needs: str) -> None:
    fact = said(of_service(code, message, 403), service, "ListThings")
    assert isinstance(fact, Unreachable)
    gap = fact.gap()
    assert needs in gap.needs
    assert "later try" not in gap.needs
    assert "ListThings" not in gap.needs, "that would be a permission"
    assert code in gap.why
    assert message.rstrip(".") in gap.text()


@pytest.mark.parametrize("code", ["ThrottlingException", "Throttling", "RequestLimitExceeded"])
def test_throttling_is_unreachable(code: str):
    fact = said(of_service(code, "Rate exceeded"))
    assert isinstance(fact, Unreachable)
    assert "throttled" in fact.why


def test_a_failing_service_is_unreachable():
    fact = said(of_service("InternalFailure", "", 500))
    assert isinstance(fact, Unreachable)
    assert "HTTP 500" in fact.why


@pytest.mark.parametrize(
    ("error", "needs"),
    [
        (boto.NoCredentialsError(), CREDENTIALS),
        (boto.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"), CREDENTIALS),
        (boto.UnauthorizedSSOTokenError(), NEW_SIGN_IN),
        (boto.SSOTokenLoadError(error_msg="no token"), NEW_SIGN_IN),
        (boto.TokenRetrievalError(provider="sso", error_msg="expired"), NEW_SIGN_IN),
        (boto.NoAuthTokenError(), NEW_SIGN_IN),
    ],
)
def test_what_the_client_lacks_is_named(error: Exception, needs: str):
    fact = said(error)
    assert isinstance(fact, Unreachable)
    assert fact.needs == needs


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (boto.NoRegionError(), "region"),
        (boto.ProfileNotFound(profile="nope"), "nope"),
        (boto.EndpointConnectionError(endpoint_url="https://x"), "cannot be reached"),
        (boto.ReadTimeoutError(endpoint_url="https://x"), "in time"),
        (boto.ConnectTimeoutError(endpoint_url="https://x"), "in time"),
        (ResponseParserError("no"), "could not be read"),
    ],
)
def test_what_did_not_answer_is_unreachable(error: Exception, word: str):
    fact = said(error)
    assert isinstance(fact, Unreachable)
    assert word in fact.why


def test_the_host_that_cannot_be_reached_is_named():
    """DiscoverInstances alone goes to a host ``data-...``, which proxies and VPC endpoints may not know."""
    url = "https://data-servicediscovery.eu-west-1.amazonaws.com/"
    for error in (boto.EndpointConnectionError(endpoint_url=url), boto.ConnectTimeoutError(endpoint_url=url)):
        fact = said(error, "servicediscovery", "DiscoverInstances")
        assert "data-servicediscovery.eu-west-1.amazonaws.com" in fact.why


def test_a_newer_sign_in_of_the_client_is_known_by_its_family():
    kind = getattr(boto, "LoginRefreshRequired", None)
    error = kind() if kind is not None else boto.UnauthorizedSSOTokenError()
    assert said(error).needs == NEW_SIGN_IN


@pytest.mark.parametrize(
    "error",
    [
        boto.UnknownServiceError(service_name="route53profiles", known_service_names=""),
        UnknownOperationError("x:ListX"),
    ],
)
def test_what_an_old_client_does_not_know_was_not_attempted(error: Exception):
    assert isinstance(said(error), NotAttempted)
