"""A search domain's wildcard answers in the name's place."""

from __future__ import annotations

from sddoctor.case.seen import Seen
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import in_order
from sddoctor.trail.host_settings import search_domains
from sddoctor.trail.trail import Trail


@cause(
    "search-domain-wildcard",
    hop="host",
    at=("program",),
    symptoms=("foreign", "missing"),
    title="A search domain's wildcard answers in the name's place",
)
def search_domain_wildcard(trail: Trail) -> Finding | None:
    """Without the final dot the name returns other addresses than with it, and the completed name and a random one resolve.

    resolv.conf(5): the search list is tried for names with fewer dots than ndots first, and after a negative answer.
    """
    if "." not in trail.name or trail.host.hosts_entries:
        return None
    plain = trail.host.lookup(final_dot=False)
    dotted = trail.host.lookup(final_dot=True)
    if plain is None or dotted is None:
        return None
    plain_addresses, dotted_addresses = set(plain.outcome.value.addresses), set(dotted.outcome.value.addresses)
    if not plain_addresses or plain_addresses & dotted_addresses:
        return None
    for domain in search_domains(trail):
        longer = _answer(trail, f"{trail.name}.{domain}")
        if not longer & plain_addresses or not _random_answers(trail, domain):
            continue
        return Finding(
            summary=f"{trail.name} is completed to {trail.name}.{domain}, whose wildcard answers {in_order(longer)[0]} in its place.",
            detail=(
                f"The search domain {domain} has a wildcard record. The resolver of this host appends it, so the name resolves "
                "to an address that has nothing to do with the service."
            ),
            evidence=(
                Evidence(plain.source, trail.name, in_order(plain_addresses), in_order(dotted_addresses) or None),
                Evidence(
                    dotted.source,
                    f"{trail.name}.",
                    in_order(dotted_addresses) or (dotted.outcome.value.error or "nothing"),
                ),
                Evidence("dns A", f"{trail.name}.{domain}", in_order(longer)),
                Evidence("dns A", f"a random label below {domain}", "answered", "NXDOMAIN"),
            ),
            fixes=(
                Fix("Write the name with a final dot, where the program allows it", "app", config=f"{trail.name}."),
                Fix(
                    "Take the search domain away, or set ndots to 1",
                    "linux",
                    config="options ndots:1",
                    verified_by="The name gives the same addresses with and without the final dot.",
                ),
            ),
            addresses=in_order(plain_addresses),
            # The search list is tried after a negative answer, so it is not the reason for that.
            kind=None if dotted_addresses else "risk",
        )
    return None


def _answer(trail: Trail, name: str) -> set[str]:
    found = [p.outcome.value for p in trail.answers.probes_for(name=name, rdtype="A") if isinstance(p.outcome, Seen)]
    return {a for answer in found for a in answer.addresses}


def _random_answers(trail: Trail, domain: str) -> bool:
    """Tell whether a random label below the domain is answered: only a wildcard does that (RFC 4592)."""
    return any(
        p.name.startswith("sddoctor-")
        and p.name.endswith("." + domain)
        and isinstance(p.outcome, Seen)
        and p.outcome.value.addresses
        for p in trail.answers.probes
    )
