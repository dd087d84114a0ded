"""Sessions that assume a role of another account.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-api.html
"""

from __future__ import annotations

from typing import Any

#: Shown in the other account's CloudTrail.
SESSION_NAME = "sddoctor-scan"


def prepare(session: Any, role: str | None, loader: Any) -> None:
    """Let a boto3 session share the models of ``loader``, and assume ``role``.

    The credentials are fetched when the first call needs them, and again before they expire.
    """
    core = session._session  # boto3 has no public way to its session's components
    core.register_component("data_loader", loader)
    if role is None:
        return
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

    source = core.get_credentials()
    if source is None:
        return
    fetcher = AssumeRoleCredentialFetcher(
        core.create_client, source, role, extra_args={"RoleSessionName": SESSION_NAME}
    )
    core._credentials = DeferredRefreshableCredentials(method="assume-role", refresh_using=fetcher.fetch_credentials)
