"""Whether what is not understood of ``scutil --dns``, or is not there, could decide whom a name is asked of."""

from __future__ import annotations

from sddoctor.case.host import HostFacts, ScutilResolver
from sddoctor.case.name import fold_name
from sddoctor.formats.host import scutil
from sddoctor.formats.host.names import covers, labels
from sddoctor.formats.host.unread import may_name
from sddoctor.resolution.macos_entries import origin


def could_decide(resolver: ScutilResolver, name: str, matched: int, facts: HostFacts) -> bool:
    """Tell whether a resolver, by what is not known of it, could serve the name before an entry with ``matched`` labels."""
    if resolver.section in ("scoped", "service"):
        return False
    domain = fold_name(resolver.domain or "")
    if domain:
        first = covers(domain, name) and labels(domain) >= matched
        return first and (
            resolver.section == "unknown"
            or any(map(scutil.may_decide, resolver.unread))
            or _lacks_server(resolver, facts)
        )
    if _is_empty(resolver):
        return True
    if resolver.number == 0 and resolver.nameservers:
        return True  # it may be the rest of a resolver, of whatever domain
    if matched:
        return any(may_name(line, name) for line in resolver.unread)
    if resolver.section == "unknown":
        return bool(resolver.nameservers) or any(" : " in line or scutil.may_decide(line) for line in resolver.unread)
    return _lacks_server(resolver, facts) or any(_could_be_of(resolver, line, name) for line in resolver.unread)


def _is_empty(resolver: ScutilResolver) -> bool:
    """Tell whether nothing of it is there but its number."""
    rest = (resolver.nameservers, resolver.search, resolver.options, resolver.flags, resolver.reach, resolver.unread)
    return bool(resolver.number) and not any(rest)


def _lacks_server(resolver: ScutilResolver, facts: HostFacts) -> bool:
    """Tell whether its server is missing for no reason that is seen, such as a file without one, or no network at all."""
    if resolver.nameservers or "mdns" in resolver.options:
        return False
    if not resolver.domain:
        return any(word != "Not Reachable" for word in resolver.reach)
    file = origin(resolver, facts.resolver_files.seen_or(()))
    return file is None or bool(file.servers)


def _could_be_of(resolver: ScutilResolver, line: str, name: str) -> bool:
    """Tell whether a line of a resolver without a domain may be its domain, or say otherwise whom it queries."""
    if scutil.may_decide(line) or scutil.may_be_domain(line) or may_name(line, name):
        return True
    return resolver.number > 1 and scutil.has_one_word(line)
