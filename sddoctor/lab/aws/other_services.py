"""The few operations of other services: identity, scheduled scaling, and the role that ECS needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sddoctor.lab.aws.account import Account, Params, Wire, serves
from sddoctor.lab.aws.errors import ApiError


@serves("sts", "GetCallerIdentity")
def get_caller_identity(account: Account, params: Params) -> Wire:
    """Return the caller's identity.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    del params
    return {"UserId": "AIDALABLABLABLABLAB", "Account": account.state.account, "Arn": account.caller}


@serves("application-autoscaling", "DescribeScheduledActions")
def describe_scheduled_actions(account: Account, params: Params) -> Wire:
    """No world has scheduled scaling."""
    del account, params
    return {"ScheduledActions": []}


@serves("ecs", "PutAccountSettingDefault")
def put_account_setting_default(account: Account, params: Params) -> Wire:
    """Accept a setting; existing container instances keep theirs."""
    return {
        "setting": {
            "name": params["name"],
            "value": params["value"],
            "principalArn": f"arn:aws:iam::{account.state.account}:root",
        }
    }


@serves("iam", "CreateServiceLinkedRole")
def create_service_linked_role(account: Account, params: Params) -> Wire:
    """Create the role that a service uses.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html
    """
    service = params["AWSServiceName"]
    names = {"ecs.amazonaws.com": "AWSServiceRoleForECS"}
    if service not in names:
        raise ApiError("InvalidInput", f"The lab knows no role for {service}.")
    path = f"/aws-service-role/{service}/"
    return {
        "Role": {
            "Path": path,
            "RoleName": names[service],
            "RoleId": "AROALABLABLABLABLAB",
            "Arn": f"arn:aws:iam::{account.state.account}:role{path}{names[service]}",
            "CreateDate": datetime.now(UTC),
        }
    }


@serves("sts", "AssumeRole")
def assume_role(account: Account, params: Params) -> Wire:
    """Return credentials of a role; the lab has a single account, whatever the role's is.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    del account
    role = params["RoleArn"]
    account_id, name = role.split(":")[4], role.rsplit("/", 1)[-1]
    return {
        "Credentials": {
            "AccessKeyId": "ASIALABLABLABLABLABL",
            "SecretAccessKey": "lab",
            "SessionToken": "lab",
            "Expiration": datetime.now(UTC) + timedelta(hours=1),
        },
        "AssumedRoleUser": {
            "AssumedRoleId": f"AROALABLABLABLABLABL:{params['RoleSessionName']}",
            "Arn": f"arn:aws:sts::{account_id}:assumed-role/{name}/{params['RoleSessionName']}",
        },
    }
