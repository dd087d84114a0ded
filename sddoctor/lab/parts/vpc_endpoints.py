"""VPC endpoints and prefix lists, as a world describes them."""

from __future__ import annotations

from typing import Literal

from sddoctor.lab.parts.base import Part


class VpcEndpoint(Part, frozen=True):
    """A VPC endpoint for a ``service`` of the region (``ecs``, ``ecr.dkr``), or of any other by its whole name.

    An interface endpoint with ``private_dns`` answers in its VPC for ``private_names``, which follow from the service when left out.
    """

    id: str
    vpc: str
    service: str
    type: Literal["Interface", "Gateway"] = "Interface"
    state: Literal["available", "pending", "pendingAcceptance", "rejected", "failed", "expired", "deleting"] = (
        "available"
    )
    private_dns: bool = True
    addresses: tuple[str, ...] = ()
    private_names: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()


class PrefixList(Part, frozen=True):
    """A managed prefix list. ``owner`` is an account, or ``AWS``; the world's account when left out."""

    id: str
    entries: tuple[str, ...] = ()
    name: str = ""
    family: Literal["IPv4", "IPv6"] = "IPv4"
    owner: str | None = None
