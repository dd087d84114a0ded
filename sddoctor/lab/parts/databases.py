"""Databases of Amazon RDS, as a world describes them."""

from __future__ import annotations

from typing import Literal

from sddoctor.lab.parts.base import Part


class DbInstance(Part, frozen=True):
    """A database instance. ``address`` null: it has no endpoint yet, as while it is being created."""

    id: str
    address: str | None = None
    status: str = "available"
    engine: str = "postgres"
    port: int = 5432
    public: bool = False


class DbCluster(Part, frozen=True):
    """An Aurora cluster: its endpoints are other names of ``writer`` and, each time, of one of the ``readers``, if any."""

    id: str
    writer: str | None = None
    readers: tuple[str, ...] = ()
    status: str = "available"
    engine: str = "aurora-postgresql"
    port: int = 5432


class DbProxy(Part, frozen=True):
    """A proxy."""

    name: str
    addresses: tuple[str, ...] = ()
    status: Literal[
        "available",
        "modifying",
        "incompatible-network",
        "insufficient-resource-limits",
        "creating",
        "deleting",
        "suspended",
        "suspending",
        "reactivating",
    ] = "available"
    port: int = 5432
    vpc: str | None = None


class Databases(Part, frozen=True):
    """The databases of an account. ``suffix`` is what all names of an account and region have in common.

    They are ``ID.SUFFIX.REGION.rds.amazonaws.com``, ``ID.cluster-SUFFIX...``, ``ID.cluster-ro-SUFFIX...`` and
    ``NAME.proxy-SUFFIX...``.
    """

    suffix: str = "cq7xexample1"
    instances: tuple[DbInstance, ...] = ()
    clusters: tuple[DbCluster, ...] = ()
    proxies: tuple[DbProxy, ...] = ()
