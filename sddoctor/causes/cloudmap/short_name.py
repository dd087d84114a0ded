"""The name is not fully qualified."""

from __future__ import annotations

from sddoctor.case.seen import UnseenFactError
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import command
from sddoctor.text.words import listed
from sddoctor.trail.host_settings import search_domains
from sddoctor.trail.trail import Trail, optional


@cause(
    "name-not-fully-qualified",
    hop="cloudmap",
    at=("registry",),
    symptoms=("missing",),
    title="The name is not fully qualified",
)
def name_not_fully_qualified(trail: Trail) -> Finding | None:
    """The name is in no namespace, a service of some namespace has exactly this name, and no search domain completes it."""
    trail.cloudmap.facts.namespaces.value  # noqa: B018 - raises when unseen
    if trail.cloudmap.facts.views:
        return None
    if optional(lambda: trail.client_answer.addresses):
        return None
    if not trail.client_is_in_vpc:
        trail.host.facts  # noqa: B018 - its search domains decide, so they must have been seen
    meant = _full_names(trail)
    if not meant or _completes(trail, meant) or _is_alias(trail):
        return None
    search = search_domains(trail)
    return Finding(
        summary=f"{trail.name} is a short name; the full one is {listed(meant)}.",
        detail=(
            "DNS knows full names. A bare label works only where a search domain adds the suffix, and tasks, laptops and "
            "musl images seldom have the right one. Everything behind the full name may be in perfect order."
        ),
        evidence=(
            Evidence("servicediscovery:ListServices", trail.name, tuple(meant)),
            Evidence(_where(trail), trail.name, search or "none", meant[0].removeprefix(f"{trail.name}.")),
            *_client_evidence(trail),
        ),
        fixes=(
            Fix(
                "Use the full name in the client's configuration",
                "app",
                commands=(command("sddoctor", "check", meant[0]),),
                changes="Nothing: it checks the full name.",
                verified_by=f"{meant[0]} resolves.",
            ),
            Fix(
                f"Where short names must work, give the container the search domain {meant[0].removeprefix(f'{trail.name}.')} "
                "(docker run --dns-search); a task in awsvpc mode cannot have one",
                "container",
            ),
        ),
        would_tell=_may_be_of_service_connect(trail),
    )


def _may_be_of_service_connect(trail: Trail) -> str | None:
    """Return what shows whether the label is a Service Connect name, as long as not every ECS service was read."""
    try:
        trail.ecs.require_full_walk()
    except UnseenFactError as unseen:
        return f"{unseen.gap.what}: {unseen.gap.needs}" if unseen.gap.needs else unseen.gap.what
    return None


def _full_names(trail: Trail) -> list[str]:
    """Return the full names of the services with exactly this name. Raises only when there is none and not all were seen."""
    by_id = {n.id: n.name.lower() for n in trail.cloudmap.facts.namespaces.value}
    listings = [listing for listing in trail.cloudmap.facts.elsewhere if listing.namespace_id in by_id]
    found = [
        f"{trail.name}.{by_id[listing.namespace_id]}"
        for listing in listings
        for s in listing.services.seen_or(())
        if s.name.lower() == trail.name
    ]
    if not found:
        for listing in listings:
            listing.services.value  # noqa: B018 - raises when unseen
    return list(dict.fromkeys(found))


def _client_evidence(trail: Trail) -> tuple[Evidence, ...]:
    answer = optional(lambda: trail.client_answer)
    return (Evidence(answer.source, trail.name, answer.error or "nothing", "addresses"),) if answer is not None else ()


def _where(trail: Trail) -> str:
    return "ec2:DescribeDhcpOptions domain-name" if trail.client_is_in_vpc else "search domains of this host"


def _completes(trail: Trail, meant: list[str]) -> bool:
    """Tell whether a search domain makes one of the full names: then that one is to be judged."""
    return any(f"{trail.name}.{d}" in meant for d in search_domains(trail))


def _is_alias(trail: Trail) -> bool:
    return any(trail.name in c.aliases for connect in trail.ecs.service_connects for c in connect.services)
