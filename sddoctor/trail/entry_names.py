"""What to call a setting of the host: by its file, or by the VPN client and interface that it belongs to."""

from __future__ import annotations

from sddoctor.resolution.model import Entry
from sddoctor.trail.trail import Trail
from sddoctor.trail.vpn_clients import client_of_entry


def entry_name(trail: Trail, entry: Entry) -> str:
    """Return the entry in words. The name of a command says only where it is shown, not whose it is."""
    client = client_of_entry(trail, entry)
    if entry.kind == "supplemental":
        fallback = f"the service on {entry.interface}" if entry.interface else "a VPN client that shows no interface"
        whose = client.name if client is not None else fallback
        return f"the {'match domain' if entry.domain else 'additional default resolver'} of {whose}"
    if entry.kind == "resolved-link":
        product = f" ({client.product})" if client is not None and client.product else ""
        return f"the link {entry.interface} of systemd-resolved{product}"
    if entry.kind == "resolved-global":
        return "the global setting of systemd-resolved"
    if entry.kind == "resolved-delegate":
        return f"the DNS delegate {entry.delegate} of systemd-resolved" if entry.delegate else "a DNS delegate"
    if entry.kind == "nrpt":
        whose = f" of {client.product}" if client is not None and client.product else ""
        return f"the NRPT rule{whose} for {entry.domain or 'all names'}"
    if entry.kind == "default-resolver" and not entry.source.startswith("/"):
        if client is not None:
            return f"the default resolver of {client.name}"
        return f"the default resolver on {entry.interface}" if entry.interface else "the default resolver"
    if entry.kind == "interface-dns":
        of = f" of {client.product}" if client is not None and client.product else ""
        return f"the adapter {entry.interface}{of}" if entry.interface else "the DNS servers of the adapters"
    return entry.source


def choice_name(trail: Trail) -> str:
    """Return in words the setting that the host's choice of servers rests on."""
    choice = trail.host.choice
    return entry_name(
        trail, Entry(choice.kind, choice.source, choice.matched.lstrip("~."), choice.servers, None, choice.link)
    )


def at_start(words: str) -> str:
    """Return the words for the beginning of a sentence; a path stays as it is."""
    return f"{words[0].upper()}{words[1:]}"
