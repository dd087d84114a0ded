"""How long the identity of the caller is waited for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from sddoctor.case.seen import Seen, Unreachable
from sddoctor.lab.aws.server import AwsStandIn
from sddoctor.observe.aws import identity
from sddoctor.observe.aws.identity import CallerIdentity
from tests.unit.observe_aws.test_calls import calls_of

Serve = Callable[..., AwsStandIn]


@pytest.mark.slow
def test_a_machine_that_is_slow_to_make_the_client_is_no_silent_aws(serve: Serve, monkeypatch: pytest.MonkeyPatch):
    make = boto3.Session.client

    def slowly(session: boto3.Session, name: str, **options: Any) -> Any:
        if name == "sts":
            time.sleep(6.0)
        return make(session, name, **options)

    monkeypatch.setattr(boto3.Session, "client", slowly)
    monkeypatch.setattr(identity, "SHORT_WAIT", 5.0)
    serve()
    assert isinstance(CallerIdentity(calls_of()).fact(), Seen)


def test_an_answer_that_does_not_come_is_not_waited_for(serve: Serve, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(identity, "SHORT_WAIT", 0.5)
    serve({"faults": {"errors": {"sts:*": "hang"}}})
    caller = CallerIdentity(calls_of(7200))
    assert isinstance(caller.fact(), Unreachable)
    monkeypatch.setattr(identity, "SHORT_WAIT", 3600.0)
    assert caller.account() is None, "the wait is shared, and does not begin again"
