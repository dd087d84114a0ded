"""Settings of all tests."""

from hypothesis import settings

# How long one example takes says more of the machine than of the code; what must be quick has a test of its own.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")
