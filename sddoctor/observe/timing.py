"""How long each call took: what ``--timings`` prints."""

from __future__ import annotations

from msgspec import Struct


class Timing(Struct, frozen=True):
    """One call. ``round`` counts the calls that had to end before it, plus one; times in milliseconds.

    ``began_ms`` is counted from the start of the observation, ``wait_ms`` is the time before that in which it
    queued, and waited for the client of its service to be made.
    """

    call: str
    round: int
    began_ms: int
    wait_ms: int
    took_ms: int
    outcome: str = ""
