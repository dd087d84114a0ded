"""Namespaces that were to be created, and that the name would be in."""

from __future__ import annotations

import re

from sddoctor.case.cloudmap import Operation
from sddoctor.case.name import fold_name, is_below
from sddoctor.trail.trail import Trail

CREATE = "CREATE_NAMESPACE"
#: Domain names in a sentence of AWS.
_DOMAIN = re.compile(r"(?<![\w.-])(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)


def failed(trail: Trail) -> tuple[Operation, ...]:
    """Return the creations that failed, newest first. Raises where they were not seen."""
    return tuple(o for o in trail.cloudmap.facts.creations.value if o.type == CREATE and o.status == "FAIL")


def failed_for_name(trail: Trail) -> tuple[Operation, str] | None:
    """Return the newest creation that failed for a domain of the name, with that domain: only its error's text names it.

    https://docs.aws.amazon.com/cloud-map/latest/api/API_Operation.html
    """
    for operation in failed(trail):
        domains = (d for d in domains_in(operation) if d != trail.name and "." in d and is_below(trail.name, d))
        if namespace := max(domains, key=len, default=None):
            return operation, namespace
    return None


def domains_in(operation: Operation) -> frozenset[str]:
    """Return every domain that an operation's error names."""
    return frozenset(fold_name(d) for d in _DOMAIN.findall(operation.error_message or ""))
