"""Settings of all tests."""

import signal
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.in_process import collect_seldom, models_read_once

# How long one example takes says more of the machine than of the code; what must be quick has a test of its own.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")

collect_seldom()

# Whoever runs the tests in the background has signals ignored, and every process below inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)
for _name in ("SIGTERM", "SIGHUP"):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def _models_of_aws_are_read_once() -> Iterator[None]:
    with models_read_once():
        yield


@pytest.fixture(autouse=True)
def _late_clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a test end only when what it left behind has read the environment: the next one changes it.

    An observation whose time is over leaves threads; the one that makes clients reads where AWS is, and who asks.
    """
    yield
    deadline = time.monotonic() + 60
    for thread in threading.enumerate():
        if thread.name == "aws-clients":
            thread.join(max(0.0, deadline - time.monotonic()))
            assert not thread.is_alive(), "clients are still being made"
