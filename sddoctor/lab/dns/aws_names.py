"""Addresses behind the names that AWS itself gives: load balancers, databases, endpoints."""

from __future__ import annotations

from sddoctor.lab.state import LabState


def addresses_at_aws(state: LabState, name: str) -> tuple[str, ...]:
    """Return the addresses of a name of AWS, of both families; none where there is no such thing (any more)."""
    values = state.world.internet.get(name, ())
    return tuple(v for v in values if v.rsplit(".", 1)[-1].isdigit() or ":" in v)
