"""From a request to a reply: find the operation, apply the faults, read, run, write."""

from __future__ import annotations

import threading
import traceback
from datetime import UTC, datetime
from typing import Any

from sddoctor.lab.aws import (
    ec2,
    ec2_writes,
    ecs,
    ecs_writes,
    elbv2,
    global_resolver,
    lattice,
    other_services,
    profiles,
    rds,
    resolver,
    route53,
    service_discovery,
)
from sddoctor.lab.aws.account import OPERATIONS, Account
from sddoctor.lab.aws.calls import CallLog, LoggedCall
from sddoctor.lab.aws.errors import ApiError, BadTokenError, bad_token, unknown_operation
from sddoctor.lab.aws.faults import ApiFaults, server_error
from sddoctor.lab.aws.models import HttpRequest, Route, operation_model, route, service_of
from sddoctor.lab.aws.protocol import wire
from sddoctor.lab.aws.protocol.wire import HttpReply

#: Imported for the operations that they register.
SERVED_BY = (
    ec2,
    ec2_writes,
    ecs,
    ecs_writes,
    elbv2,
    global_resolver,
    lattice,
    other_services,
    profiles,
    rds,
    resolver,
    route53,
    service_discovery,
)


class Dispatcher:
    """Answers requests for one account."""

    def __init__(self, account: Account, faults: ApiFaults, log: CallLog) -> None:
        self._account = account
        self._faults = faults
        self._log = log
        #: Set when the stand-in stops; ends all waits.
        self.stopping = threading.Event()

    def reply(self, request: HttpRequest) -> HttpReply | None:
        """Return the reply to a request, or ``None`` if the client gets none."""
        start = datetime.now(UTC)
        self.stopping.wait(self._faults.latency)
        service = service_of(request)
        if service is None:
            description = (
                request.headers.get("x-amz-target") or f"{request.method} {request.path} of {request.scope or '?'}"
            )
            self._log_call("?", description, {}, start, 400, "UnknownOperationException")
            answered_as = "ecs" if "x-amz-target" in request.headers else "sts"
            return wire.failure(answered_as, unknown_operation(description))
        called = Route(service, "?", {})
        params: dict[str, Any] = {}
        reply: HttpReply | None
        code = None
        try:
            called = route(request, service)
            operation_model(service, called.operation)
            params = wire.read(request, called)
            reply = self._broken(called) or self._run(called, params)
        except _NoReplyError:
            reply = None
        except ApiError as error:
            code = error.code
            reply = wire.failure(service, error)
        except Exception:
            code = "LabFailure"
            reply = wire.failure(service, ApiError(code, traceback.format_exc(), 500))
        if reply is not None and self._faults.broken(f"{service}:{called.operation}") == "cut":
            reply = HttpReply(reply.status, reply.headers, reply.body[: len(reply.body) // 2])
        self._log_call(service, called.operation, params, start, reply.status if reply else 0, code)
        return reply

    def _broken(self, called: Route) -> HttpReply | None:
        fault = self._faults.broken(f"{called.service}:{called.operation}")
        if fault == "http-500":
            raise server_error()
        if fault == "hang":
            self.stopping.wait()
            raise _NoReplyError
        if fault == "reset":
            raise _NoReplyError
        if fault == "empty":
            return HttpReply(200, {"Content-Type": "text/plain"}, b"")
        if fault == "garbage":
            return HttpReply(200, {"Content-Type": "text/html"}, b"<html><body>Sign in to the guest network</body>")
        return None

    def _run(self, called: Route, params: dict[str, Any]) -> HttpReply:
        function = OPERATIONS.get((called.service, called.operation))
        if function is None:
            raise unknown_operation(f"{called.service}:{called.operation}")
        with self._account.state.lock:
            self._faults.refuse(self._account, called.service, called.operation, params)
            try:
                return wire.answer(called, function(self._account, params))
            except BadTokenError as error:
                raise bad_token(called.service) from error

    def _log_call(
        self, service: str, operation: str, params: dict[str, Any], start: datetime, status: int, code: str | None
    ) -> None:
        self._log.add(LoggedCall(service, operation, params, start, datetime.now(UTC), status, code))


class _NoReplyError(Exception):
    """The client gets no answer."""
