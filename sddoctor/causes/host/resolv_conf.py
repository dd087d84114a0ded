"""The list of name servers on this host: unreadable, in an unlucky order, or too long."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.causes.commands import write
from sddoctor.causes.host.evidence import choice_evidence, host_evidence, resolver_evidence
from sddoctor.causes.host.resolved_fixes import correct_scope
from sddoctor.causes.host.split_dns_fixes import route_domain
from sddoctor.causes.model import Evidence, Finding, cause
from sddoctor.stations.model import DENIED, FAILED
from sddoctor.text.words import listed
from sddoctor.trail.entry_names import at_start, choice_name
from sddoctor.trail.host_answers import can_resolve_zone, only_host_fails, server_answer, vpc_resolver_answers_as_zone
from sddoctor.trail.in_force import in_force
from sddoctor.trail.known_zone import host_knows_zone, knows_zone, tells_unasked, would_tell
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.not_taken_up import dropped_line
from sddoctor.trail.thresholds import GLIBC_NAMESERVERS
from sddoctor.trail.trail import Trail, optional

#: Whom libc asks where its file names nobody. resolv.conf(5)
_LOCAL = Server("127.0.0.1")


@cause(
    "resolver-conf-malformed",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    title="resolv.conf cannot be read as meant",
)
def resolver_conf_malformed(trail: Trail) -> Finding | None:
    """No nameserver line is left by libc's rules, or not the right one, though the file seems to name it. resolv.conf(5)"""
    if trail.host.platform != "linux":
        return None
    conf = trail.host.facts.resolv_conf.value
    dropped = [line for line in conf.ignored if "nameserver" in line.text.lower()]
    if not dropped or not only_host_fails(trail):
        return None
    if conf.listed:
        return _beside_others(trail) if not host_knows_zone(trail) else None
    server = trail.answers.vpc_server.address
    return Finding(
        summary=(
            f"{conf.path} names no server that libc can read (line {dropped[0].line}: {dropped[0].why}), so this host asks "
            f"127.0.0.1{', where nothing answers for the name' if trail.answers.was_queried(_LOCAL) else ' in their place'}."
        ),
        detail="A line that is not exactly right is dropped without notice. dig has a parser of its own and may still work.",
        evidence=(
            *(Evidence(f"{conf.path} line {line.line}", line.why, line.text) for line in dropped[:3]),
            choice_evidence(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(
            write(
                "Write the lines plainly, unless another program manages the file",
                conf.path,
                f"nameserver {server}\n",
                f"Replaces {conf.path}: every name is then asked of {server}.",
                "A program gets what the VPC resolver answers.",
            ),
        ),
    )


def _beside_others(trail: Trail) -> Finding | None:
    """Return the finding where the right server stands in a line that is dropped, and others are asked in its place."""
    found = dropped_line(trail)
    if found is None:
        return None
    (line, right), conf, asked = found, trail.host.facts.resolv_conf.value, trail.host.servers
    others = [str(s) for s in asked if s != right][: GLIBC_NAMESERVERS - 1]
    denied = any((a := server_answer(trail, s)) is not None and a.denied for s in asked[:1])
    return Finding(
        summary=(
            f"{conf.path} names the VPC resolver {right} in line {line.line}, which libc does not read ({line.why}), so programs "
            f"query {listed(map(str, asked))}."
        ),
        detail="A line that is not exactly right is dropped without notice, and the lines that are left decide.",
        evidence=(
            Evidence(f"{conf.path} line {line.line}", line.why, line.text),
            choice_evidence(trail),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=(
            write(
                "Write the line plainly, and first, unless another program manages the file",
                conf.path,
                "".join(f"nameserver {server}\n" for server in (str(right), *others)),
                f"Replaces {conf.path}: every name is then asked of {right}.",
                "A program gets what the VPC resolver answers.",
            ),
        ),
        would_tell=None if denied else would_tell(trail, asked[0], domain_to_route(trail)),
    )


@cause(
    "nameserver-order",
    hop="host",
    at=("servers", "stub", "program"),
    symptoms=(*DENIED, "foreign", "now-and-then"),
    title="Another DNS server is asked first, and its no is final",
)
def nameserver_order(trail: Trail) -> Finding | None:
    """The right server is behind another one, which returns a negative answer that is not the zone's.

    Only silence, SERVFAIL and REFUSED lead glibc, and systemd-resolved within a scope, to the next server. resolv.conf(5),
    https://github.com/systemd/systemd/issues/20119
    """
    choice = trail.host.choice
    servers = _list_with_right_one(trail)
    right = next((s for s in servers if can_resolve_zone(trail, s)), None)
    any_first = choice.rotates or (choice.together and not choice.scopes and not _has_adapters(trail))
    if right is None or not (only_host_fails(trail) or (any_first and _fails_at_times(trail))):
        return None
    rivals = [s for s in (servers if any_first else servers[: servers.index(right)]) if not can_resolve_zone(trail, s)]
    queried = any(trail.answers.was_queried(s) for s in rivals)
    final = [s for s in rivals if (a := server_answer(trail, s)) is not None and a.denied and not knows_zone(trail, s)]
    if not rivals or (queried and not final):
        return None
    first = (final or rivals)[0]
    answer = server_answer(trail, first)
    reply = answer.rcode if answer is not None else "not asked from here"
    entry = in_force(trail) if choice.scopes else None
    return Finding(
        summary=_summary(trail, first, right, denies=bool(final)),
        detail=_IN_SCOPE if choice.scopes else f"{_IN_ORDER}{_ROTATED if choice.rotates else ''}",
        evidence=(
            choice_evidence(trail),
            Evidence(f"dns @{first} A", trail.name, reply, "addresses"),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=correct_scope(trail, entry) if entry is not None else route_domain(trail),
        would_tell=None if final else would_tell(trail, first, domain_to_route(trail)),
    )


_IN_ORDER = (
    "A negative answer ends the search; only silence, SERVFAIL or REFUSED leads to the next server. (musl asks all at once "
    "and takes whichever answer is faster.)"
)
_ROTATED = " With options rotate each query begins with another server, so that the name resolves only now and then."
_IN_SCOPE = (
    "systemd-resolved takes the servers of one link, of a delegate or of the global setting for equals: it asks the current "
    "one, and goes to the next only where that fails. A domain beside them routes to all of them."
)


def _fails_at_times(trail: Trail) -> bool:
    """Tell whether some lookups find the name and others are told that there is none, where the VPC resolver has it."""
    client = trail.client_answer
    return client.at_times and client.error in ("not found", "NXDOMAIN") and vpc_resolver_answers_as_zone(trail)


def _summary(trail: Trail, first: Server, right: Server, *, denies: bool) -> str:
    if trail.host.choice.scopes:
        return (
            f"systemd-resolved queries {first}, the current one of several servers, and {'its' if denies else 'a'} denial is "
            f"final: the VPC resolver {right} stands in the same list and is not queried."
        )
    if trail.host.choice.together and not _has_adapters(trail):
        return f"This host asks {first} together with the VPC resolver {right}, and whichever no comes first is final."
    whose = "its" if denies else "a"
    if trail.host.choice.rotates:
        return (
            f"This host queries {first} before the VPC resolver {right} for some of its lookups (options rotate), and {whose} no "
            "is final."
        )
    return f"This host asks {first} before the VPC resolver {right}, and {whose} no is final."


def _has_adapters(trail: Trail) -> bool:
    return trail.host.platform == "windows" and trail.host.choice.kind == "interface-dns"


def _list_with_right_one(trail: Trail) -> tuple[Server, ...]:
    """Return the list that is asked in order, with the right server in it.

    Of several adapters of Windows the metric decides, and only within the list of one is there an order; of several scopes of
    systemd-resolved all are asked, and only where the right server is the current one of none is there one.
    """
    scopes = trail.host.choice.scopes
    if _has_adapters(trail):
        lists = [tuple(Server(a) for a in i.servers) for i in trail.host.adapters]
        return next((x for x in lists if any(can_resolve_zone(trail, s) for s in x)), ())
    if not scopes:
        return trail.host.servers[:GLIBC_NAMESERVERS]
    if any(can_resolve_zone(trail, scope[0]) for scope in scopes):
        return ()
    return next((scope for scope in scopes if any(can_resolve_zone(trail, s) for s in scope)), ())


@cause(
    "nameserver-beyond-third",
    hop="host",
    at=("servers", "stub"),
    symptoms=(*FAILED, "foreign"),
    title="The VPC resolver is listed after the third server",
    platforms=("linux", "macos"),
)
def nameserver_beyond_third(trail: Trail) -> Finding | None:
    """libc and macOS read three servers; the right one is listed after them, and none of the three is right."""
    source, servers = _full_list(trail)
    late = [s for s in servers[GLIBC_NAMESERVERS:] if can_resolve_zone(trail, s)]
    if not late or any(can_resolve_zone(trail, s) for s in trail.host.servers):
        return None
    if not only_host_fails(trail) or host_knows_zone(trail):
        return None
    early = servers[:GLIBC_NAMESERVERS]
    answers = [(s, server_answer(trail, s)) for s in early]
    return Finding(
        summary=f"{_list_name(trail, source)} lists the VPC resolver {late[0]} after the third server, and only three are ever asked.",
        detail=f"The first three ({listed(str(s) for s in early)}) are asked instead{_said_by_them(trail)}.",
        evidence=(
            Evidence(source, "servers", tuple(str(s) for s in servers), f"{late[0]} among the first three"),
            *(Evidence(f"dns @{s} A", trail.name, a.rcode, "addresses") for s, a in answers if a is not None),
            resolver_evidence(trail),
            host_evidence(trail),
        ),
        fixes=route_domain(trail),
        would_tell=tells_unasked(trail),
    )


def _list_name(trail: Trail, source: str) -> str:
    """Return the list in words: a command that shows it is not what has it."""
    return source if source.startswith("/") else at_start(choice_name(trail))


def _said_by_them(trail: Trail) -> str:
    return ", and they do not know the name" if tells_unasked(trail) is None else "; what they say was not seen"


def _full_list(trail: Trail) -> tuple[str, tuple[Server, ...]]:
    """Return the list in force with the servers that are dropped from its end, and where it stands."""
    choice = trail.host.choice
    for file in trail.host.facts.resolver_files.seen_or(()):
        if file.path == choice.source:
            return file.path, file.listed or file.servers
    conf = optional(lambda: trail.host.facts.resolv_conf.value)
    if conf is not None and choice.kind == "resolv.conf" and choice.stub is None:
        return conf.path, tuple(Server(a) for a in conf.listed)
    return choice.source, choice.servers
