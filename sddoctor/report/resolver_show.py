"""What a host does with a name, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import structs

from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts, IgnoredLine, Lookup, NssSource, ResolverFile, RouteTo
from sddoctor.case.seen import Fact, Gap, Seen, is_unseen
from sddoctor.report import json_text
from sddoctor.report.style import Style
from sddoctor.resolution.model import Choice, Entry
from sddoctor.resolution.vpn_clients import own_server_of, vpn_clients
from sddoctor.text.safe import clean

SCHEMA = "sddoctor.resolver/1"
#: https://github.com/golang/go/issues/12524 and resolver-specific notes of the platforms.
_BYPASS = {
    "macos": "Programs with a resolver of their own (dig, host, nslookup, pure Go)",
    "linux": "Programs that read resolv.conf themselves (dig, host, nslookup)",
    "windows": "Programs with a resolver of their own (nslookup)",
}
_VERBS = {
    "multicast": "It is kept to multicast DNS",
    "hosts-file": "The hosts file answers",
    "nss": "DNS is never asked",
}


def as_text(name: str, facts: HostFacts, decided: Fact[Choice], routes: tuple[RouteTo, ...], style: Style) -> str:
    """Return the text for a terminal. ``decided`` is which servers the host asks, by ``facts``."""
    lines = [f"{name} on {_host(facts)}", ""]
    choice = decided.peek()
    if choice is None:
        lines += style.wrap(clean(f"Which server is asked could not be seen: {_why_not(decided)}."))
    else:
        lines += style.wrap(clean(_decision(choice)))
        lines += ["", *_table(_details(choice, facts, routes), style)]
        lines += _section("Considered:", (_entry(e, choice, style) for e in choice.entries), style)
    lines += _section("Lines that are not read as they look:", ((" ", text) for text in _misread(facts)), style)
    lines += _section("Not understood:", ((" ", g.text(clean)) for g in _not_understood(facts)), style)
    lines += [""]
    if choice is not None:
        lines += style.wrap(clean(f"{_BYPASS[facts.platform]} go round this: {_bypass(choice)}."))
    lines += [line for one in facts.lookups[:1] for line in style.wrap(clean(_looked_up(one)))]
    return "\n".join(lines) + "\n"


def as_json(name: str, facts: HostFacts, decided: Fact[Choice], routes: tuple[RouteTo, ...]) -> str:
    """Return one JSON object: schema, name, host, choice, considered, routes, lookups, gaps."""
    choice = decided.peek()
    looked: tuple[Fact[Any], ...] = (decided, *(r.route for r in routes), *(o.outcome for o in facts.lookups))
    gaps = [fact.gap() for fact in looked if is_unseen(fact)]  # type: ignore[union-attr]
    gaps += [choice.unknown] if choice is not None and choice.unknown is not None else []
    data = {
        "schema": SCHEMA,
        "name": name,
        "host": {"platform": facts.platform, "version": facts.version, "libc": facts.libc, "root": facts.root},
        "choice": None if choice is None else _choice(choice),
        "considered": [] if choice is None else [_considered(e) for e in choice.entries],
        "misread": list(_misread(facts)),
        "routes": [
            {"destination": r.destination, **_fields(r.route.value)} for r in routes if isinstance(r.route, Seen)
        ],
        "lookups": [
            {"final_dot": o.final_dot, "source": o.source, **_fields(o.outcome.value)}
            for o in facts.lookups
            if isinstance(o.outcome, Seen)
        ],
        "gaps": [json_text.gap(gap) for gap in (*gaps, *_not_understood(facts))],
    }
    return json_text.document(data)


def _host(facts: HostFacts) -> str:
    system = " ".join(word for word in (facts.platform, facts.version) if word)
    libc = f", {facts.libc}" if facts.libc else ""
    where = f"the host in {facts.root}" if facts.root else "this host"
    return clean(f"{where} ({system}{libc})")


def _why_not(fact: Fact[Choice]) -> str:
    return fact.gap().why if is_unseen(fact) else "it has no such setting"  # type: ignore[union-attr]


def _decision(choice: Choice) -> str:
    if choice.unknown is not None:
        return f"An ordinary program asks {_servers(choice.servers)}; {choice.unknown.what} is unknown: {choice.unknown.why}."
    if choice.servers:
        # Of adapters of Windows the reason says how they are queried.
        together = choice.together and choice.kind != "interface-dns"
        how = ", all at once" if together else ", in an order that changes" if choice.rotates else ""
        return f"An ordinary program asks {_servers(choice.servers)}{how}: {choice.why}."
    return f"{_VERBS.get(choice.kind, 'No server is asked')}: {choice.why}."


def _details(choice: Choice, facts: HostFacts, routes: tuple[RouteTo, ...]) -> Iterator[tuple[str, str]]:
    matched = f", which matches {choice.matched}" if choice.matched else ""
    yield "decided by", f"{choice.source} ({choice.kind}){matched}"
    nss = facts.nss.peek()
    if nss is not None:
        yield "nsswitch.conf", " ".join(_source(s) for s in nss) or "no sources of host names"
    hosts = facts.hosts.peek()
    if hosts is not None:
        lines = ", ".join(f"line {e.line} says {e.address}" for e in hosts.entries)
        yield "hosts file", lines or "has no line with the name"
    if choice.link:
        yield "interface", choice.link
    if choice.stub is not None:
        yield "by way of", f"{choice.stub} ({choice.stub_is or 'a forwarder'})"
    seen_here = structs.replace(facts, routes=routes)
    clients = vpn_clients(seen_here)
    for client in clients:
        # Without the addresses of this host nothing shows that it is not.
        state = "" if client.is_connected or not isinstance(facts.addresses, Seen) else ", not connected"
        yield "VPN client", f"{client.name}{state}; {client.shown_by[0]}"
    for server in dict.fromkeys((*((choice.stub,) if choice.stub else ()), *choice.servers)):
        if (whose := own_server_of(seen_here, clients, server)) is not None:
            yield f"{server} is", f"the server of {whose.name} itself: what it asks in turn is set in that product"
    for seen in routes:
        yield f"to {seen.destination}", _route(seen)


def _source(source: NssSource) -> str:
    actions = " ".join(f"{'!' if a.negated else ''}{a.status}={a.action}" for a in source.actions)
    return f"{source.name} [{actions}]" if actions else source.name


def _route(seen: RouteTo) -> str:
    if not isinstance(seen.route, Seen):
        return "the route was not seen"
    route = seen.route.value
    words = ["the default route" if route.kind == "default" else str(route.kind)]
    words += [f"by {route.interface}"] if route.interface else []
    words += [f"from {route.source}"] if route.source else []
    words += [f"via {route.gateway}"] if route.gateway else []
    words += [f"({route.network})"] if route.network else []
    return " ".join(words)


def _entry(entry: Entry, choice: Choice, style: Style) -> tuple[str, str]:
    by = entry.source.rpartition(":")[0] if choice.kind == entry.kind == "forwarder" else ""
    wins = (
        choice.source in (entry.source, by)
        and entry.domain.lstrip("~.") == choice.matched.lstrip("~.")
        and entry.usable
    )
    wins = wins and (choice.link is None or entry.interface in (None, choice.link))
    mark = style.pointer if wins else " "
    domain = entry.domain or "(every other name)"
    link = f" on {entry.interface}" if entry.interface else f" of delegate {entry.delegate}" if entry.delegate else ""
    why_not = f" - not used: {entry.why_not}" if not entry.usable and entry.why_not else ""
    return mark, f"{domain}: {_servers(entry.servers) or 'no server'}{link}, {entry.source}{why_not}"


def _misread(facts: HostFacts) -> Iterator[str]:
    """Say which lines the system drops, or reads differently than one would expect."""
    files: tuple[ResolverFile, ...] = facts.resolver_files.peek() or ()
    found: list[tuple[str, IgnoredLine]] = [(f.path, line) for f in files for line in (*f.ignored, *f.misread)]
    conf = facts.resolv_conf.peek()
    found += [(conf.path, line) for line in conf.ignored] if conf is not None else []
    for path, line in found:
        yield clean(f"{path}, line {line.line}: {line.text!r}, {line.why}", 300)
    for path in facts.unread_files:
        yield f"{path} cannot be read by this user; the system reads it"


def _not_understood(facts: HostFacts) -> Iterator[Gap]:
    """Return of what a part was not understood."""
    seen = (getattr(facts, name) for name in facts.__struct_fields__)
    found = (fact.gap_of_unread() for fact in seen if isinstance(fact, Seen))
    yield from (gap for gap in found if gap is not None)


def _bypass(choice: Choice) -> str:
    if choice.bypass_servers is None:
        return "whom they ask is not defined here"
    return f"they ask {_servers(choice.bypass_servers)}" if choice.bypass_servers else "they ask nobody"


def _looked_up(one: Lookup) -> str:
    result = one.outcome.peek()
    if result is None:
        return "What a program gets was not seen."
    if result.error is not None:
        return f"A program that looks it up gets: {result.error}."
    return f"A program that looks it up gets {', '.join(result.addresses)}."


def _servers(servers: tuple[Server, ...]) -> str:
    return ", ".join(str(s) for s in servers)


def _table(rows: Iterator[tuple[str, str]], style: Style) -> list[str]:
    pairs = list(rows)
    width = max(len(key) for key, _ in pairs)
    return [line for key, value in pairs for line in style.wrap(clean(value), f"  {key:<{width}}  ")]


def _section(title: str, items: Iterable[tuple[str, str]], style: Style) -> list[str]:
    """Return a titled list of marked items, nothing without items."""
    lines = [line for mark, text in items for line in style.wrap(clean(text), f"  {mark} ", "      ")]
    return ["", title, *lines] if lines else []


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "asks": None if choice.unknown is not None else [_server(s) for s in choice.servers],
        "programs_ask": [_server(s) for s in ((choice.stub,) if choice.stub is not None else choice.servers)],
        "together": choice.together,
        "rotates": choice.rotates,
        "decided_by": {"kind": choice.kind, "source": choice.source, "matched": choice.matched, "link": choice.link},
        "stub": None if choice.stub is None else {**_server(choice.stub), "what": choice.stub_is},
        "bypass_asks": None if choice.bypass_servers is None else [_server(s) for s in choice.bypass_servers],
        "why": choice.why,
    }


def _considered(entry: Entry) -> dict[str, Any]:
    return {**_fields(entry), "servers": [_server(s) for s in entry.servers]}


def _server(server: Server) -> dict[str, Any]:
    return {"address": server.address, "port": server.port}


def _fields(value: Any) -> dict[str, Any]:
    from msgspec import structs

    return {key: list(v) if isinstance(v, tuple) else v for key, v in structs.asdict(value).items()}
