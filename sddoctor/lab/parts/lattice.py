"""Services of Amazon VPC Lattice and Route 53 Global Resolvers, as a world describes them."""

from __future__ import annotations

from typing import Literal

from sddoctor.lab.parts.base import Part


class LatticeService(Part, frozen=True):
    """A service of VPC Lattice. Its name is public, and its ``addresses`` are of the link-local range that Lattice has."""

    name: str
    id: str = ""
    status: Literal["ACTIVE", "CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "CREATE_FAILED", "DELETE_FAILED"] = "ACTIVE"
    custom_domain: str | None = None
    addresses: tuple[str, ...] = ("169.254.171.32",)


class GlobalResolver(Part, frozen=True):
    """A Route 53 Global Resolver with one DNS view, which answers everybody from the private ``zones`` (their ids)."""

    id: str
    name: str = "global"
    zones: tuple[str, ...] = ()
    status: Literal["CREATING", "OPERATIONAL", "DELETING"] = "OPERATIONAL"
    addresses: tuple[str, ...] = ()
