"""How long each call took: what ``--timings`` prints."""

from __future__ import annotations

from msgspec import Struct


class Timing(Struct, frozen=True):
    """A call. ``round`` is one more than the calls that had to end before it; times are in milliseconds.

    ``began_ms`` counts from the start of the observation; ``wait_ms`` is how long it queued before that, and waited for the
    client of its service to be made.
    """

    call: str
    round: int
    began_ms: int
    wait_ms: int
    took_ms: int
    outcome: str = ""
