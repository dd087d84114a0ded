"""Settings of all tests."""

import signal

from hypothesis import settings

# How long one example takes says more of the machine than of the code; what must be quick has a test of its own.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")

# Whoever runs the tests in the background has signals ignored, and every process below inherits that.
signal.signal(signal.SIGINT, signal.default_int_handler)
for _name in ("SIGTERM", "SIGHUP"):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.SIG_DFL)
