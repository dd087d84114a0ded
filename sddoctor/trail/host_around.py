"""Which other place of a case is the host around this one, where this is a container, WSL or a virtual machine."""

from __future__ import annotations

from sddoctor.case.surroundings import Trace
from sddoctor.trail.trail import Trail, optional

#: Products that live on one kind of host alone, or on a desktop system: there the place is in a virtual machine.
_ON: dict[Trace, tuple[str, ...]] = {
    "wsl1": ("windows",),
    "wsl2": ("windows",),
    "orbstack": ("macos",),
    "lima": ("macos", "linux"),
    "colima": ("macos", "linux"),
    "vmnet": ("macos",),
    "hyper-v": ("windows",),
    "docker-desktop": ("macos", "windows", "linux"),
    "gvproxy": ("macos", "windows"),
    "rancher-desktop": ("macos", "windows", "linux"),
}


def host_around(trail: Trail) -> tuple[Trail, bool] | None:
    """Return the place that may be the host around this one, and whether that is seen: ``None`` where no place can be."""
    candidates = [(other, shown) for other in trail.other_places if (shown := _is_around(trail, other)) is not None]
    return max(candidates, key=lambda pair: pair[1], default=None)


def _is_around(trail: Trail, other: Trail) -> bool | None:
    """Tell whether the other place is the host around this one; ``None`` where it cannot be.

    A host of containers has the address of their gateway. A product that lives on one system alone is only there.
    """
    host = optional(lambda: other.host.facts)
    here, there = trail.host.surroundings, optional(lambda: other.host.surroundings)
    if host is None or there is None or there.in_aws != here.in_aws:
        return None
    if there.is_inside and here.words == there.words:
        return False  # one beside it, or, of containers in containers, the one around it
    products = [systems for trace, systems in _ON.items() if here.has(trace)]
    if products:
        return True if all(host.platform in systems for systems in products) else None
    gateways = {r.gateway for k in trail.host.facts.routes if (r := k.route.seen_or(None)) is not None and r.gateway}
    own = {a.address for a in host.addresses.seen_or(())}
    return bool(gateways & own) if host.platform == "linux" else False
