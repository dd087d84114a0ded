"""Short names that the client's search domains complete: the completed name is the one to check.

https://man7.org/linux/man-pages/man5/resolv.conf.5.html
"""

from __future__ import annotations

from sddoctor.case.case import Case
from sddoctor.case.host import HostFacts


def completed(case: Case) -> str | None:
    """Return the full name that a search domain makes of a one-label name, if a Cloud Map service has it.

    ``None`` for names with more labels or a final dot, which are queried as they are, and where nothing completes them.
    """
    if "." in case.name or case.asked.name.endswith("."):
        return None
    namespaces = {n.id: n.name for n in case.aws.cloudmap.namespaces.seen_or(())}
    services = {
        f"{case.name}.{namespaces[look.namespace_id].lower()}"
        for look in case.aws.cloudmap.elsewhere
        for s in look.services.seen_or(())
        if look.namespace_id in namespaces and s.name.lower() == case.name
    }
    return next((full for d in _search(case) if (full := f"{case.name}.{d}") in services), None)


def _search(case: Case) -> tuple[str, ...]:
    """Return the search domains of the client: this host's, or those that DHCP assigns to a client elsewhere.

    https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSet.html
    """
    if case.asked.client_vpc is not None:
        dhcp = next((d for look in case.aws.vpc.looks if (d := look.dhcp.seen_or(None)) is not None), None)
        return tuple((dhcp.domain_name or "").lower().split()) if dhcp else ()
    host: HostFacts | None = case.place.host.seen_or(None)
    return host.search_domains if host is not None else ()
