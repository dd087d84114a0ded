"""The log of all calls to the stand-in."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple


class LoggedCall(NamedTuple):
    """A call with its parameters, start and end (UTC), HTTP status, and error code if any.

    ``status`` 0: the client got no answer.
    """

    service: str
    operation: str
    params: dict[str, Any]
    start: datetime
    end: datetime
    status: int
    code: str | None = None

    @property
    def action(self) -> str:
        """The call as ``ecs:DescribeTasks``."""
        return f"{self.service}:{self.operation}"


class CallLog:
    """All calls in the order in which they ended, also written as JSON lines to a file if one is given."""

    def __init__(self, path: Path | None = None) -> None:
        self._calls: list[LoggedCall] = []
        self._path = path
        self._lock = threading.Lock()

    def add(self, call: LoggedCall) -> None:
        """Record a call."""
        with self._lock:
            self._calls.append(call)
            if self._path is not None:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(call._asdict(), default=str) + "\n")

    @property
    def calls(self) -> list[LoggedCall]:
        """A copy of the calls so far."""
        with self._lock:
            return list(self._calls)

    def actions(self) -> list[str]:
        """The calls so far, as ``ecs:DescribeTasks``."""
        return [c.action for c in self.calls]
