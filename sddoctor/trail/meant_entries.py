"""Entries of a host that were meant for the name's domain, but are not in force for it."""

from __future__ import annotations

from sddoctor.case.host import ResolverFile
from sddoctor.case.name import is_below
from sddoctor.resolution.model import Entry
from sddoctor.text.likeness import MEANT, spelled_alike
from sddoctor.trail.host_answers import can_resolve_zone
from sddoctor.trail.trail import Trail, optional


def files_for_name(trail: Trail) -> list[ResolverFile]:
    """Return the files of /etc/resolver whose file name, or domain key, covers the name."""
    files = trail.host.facts.resolver_files.or_none() or ()
    return [
        f for f in files if is_below(trail.name, _file_name(f.path)) or (f.domain and is_below(trail.name, f.domain))
    ]


def unreadable_files(trail: Trail) -> list[ResolverFile]:
    """Return files meant for the name that yield no resolver, no server, or another address than written.

    The rules are those of Apple's published parser; where ``scutil --dns`` was seen, it decided already.
    https://github.com/apple-oss-distributions/configd/blob/main/dnsinfo/dnsinfo_flatfile.c
    """
    return [
        f
        for f in files_for_name(trail)
        if (not f.created or not f.servers or f.misread or f.domain is None) and not _superseded(trail, f)
    ]


def _superseded(trail: Trail, file: ResolverFile) -> bool:
    """Tell whether another entry routes the name to the right server, so that this file does not matter."""
    return any(
        e.source != file.path and any(can_resolve_zone(trail, s) for s in e.servers) for e in trail.host.domain_entries
    )


def entries_of_another_domain(trail: Trail) -> list[Entry]:
    """Return entries with the right server whose domain does not cover the name, though it was meant to.

    Then the file has the namespace's name and its domain key another one, or the domain is a slip of the namespace's
    name (misspelled, with an ending, with a port).
    """
    zone = domain_to_route(trail)
    found = []
    for entry in trail.host.entries:
        if not entry.domain or is_below(trail.name, entry.domain):
            continue
        if not any(can_resolve_zone(trail, s) for s in entry.servers):
            continue
        if _file_name(entry.source) == zone or _is_slip(entry.domain, zone):
            found.append(entry)
    return found


def _is_slip(written: str, zone: str) -> bool:
    bare = written.lower().lstrip("~*._").removesuffix(".")
    if bare == zone or bare.startswith((zone + ".", zone + ":")):
        return True
    return spelled_alike(bare, zone) >= MEANT


def _file_name(source: str) -> str:
    return source.rsplit("/", 1)[-1].lower().rstrip(".") if source.startswith("/") else ""


def domain_to_route(trail: Trail) -> str:
    """Return the domain that the host should route: the zone that the name lies in, or the name without its first label."""
    zone = optional(lambda: trail.zone.name)
    return zone if zone else trail.name.split(".", 1)[-1]
