"""The name is short: its namespace is missing."""

from __future__ import annotations

from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.causes.shell import command
from sddoctor.causes.words import listed
from sddoctor.trail.trail import Trail, optional


@cause(
    "name-not-fully-qualified",
    hop="cloudmap",
    kind="fault",
    severity="error",
    certainty="certain",
    title="The name is short: its namespace is missing",
)
def name_not_fully_qualified(trail: Trail) -> Finding | None:
    """No namespace ends the name, a service of some namespace is called exactly so, and no search domain completes it."""
    namespaces = trail.cloudmap.facts.namespaces.value
    if trail.cloudmap.facts.views or trail.asker.addresses:
        return None
    by_id = {n.id: n for n in namespaces}
    meant = [
        f"{s.name}.{by_id[look.namespace_id].name}"
        for look in trail.cloudmap.facts.elsewhere
        if look.namespace_id in by_id
        for s in look.services.value
        if s.name.lower() == trail.name
    ]
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
            Evidence("search domains of this host", trail.name, search or "none", meant[0].split(".", 1)[1]),
            Evidence(trail.asker.source, trail.name, trail.asker.error or "nothing", "addresses"),
        ),
        fixes=(
            Fix(
                "Use the full name in the client's configuration",
                "app",
                commands=(command("sddoctor", "check", meant[0]),),
                changes="Nothing: it checks the full name.",
                verified_by=f"{meant[0]} resolves.",
            ),
        ),
    )


def search_domains(trail: Trail) -> tuple[str, ...]:
    """Return the search domains of this host, from whichever setting was seen."""
    facts = optional(lambda: trail.host.facts)
    if facts is None:
        return ()
    conf = facts.resolv_conf.peek()
    found = list(conf.search if conf else ())
    found += [d for r in facts.scutil.peek() or () if r.section == "default" for d in r.search]
    resolved = facts.resolved.peek()
    found += [d for link in (resolved.links if resolved else ()) for d in link.domains if not d.startswith("~")]
    return tuple(dict.fromkeys(d.lower().rstrip(".") for d in found if d))


def _completes(trail: Trail, meant: list[str]) -> bool:
    """Tell whether a search domain makes one of the full names: then that one is to be judged."""
    return any(f"{trail.name}.{d}" in meant for d in search_domains(trail))


def _is_alias(trail: Trail) -> bool:
    return any(
        trail.name in c.aliases
        for s in trail.ecs.seen_services
        for d in s.deployments
        if d.service_connect is not None
        for c in d.service_connect.services
    )
