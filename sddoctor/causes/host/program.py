"""Everything resolves; the program has a cache or resolver of its own."""

from __future__ import annotations

from sddoctor.case.program import ProgramError
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.words import in_order, listed
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail, optional

_SAID = "what the program says (--program-error)"


@cause(
    "client-runtime",
    hop="host",
    kind="note",
    severity="info",
    ceiling="hint",
    title="Everything resolves; the program has a cache or resolver of its own",
)
def client_runtime(trail: Trail) -> Finding | None:
    """A fresh process gets the right addresses, and the user reports that a program fails and what it prints.

    The inside of a program cannot be observed, so this is never more than a hint. It is plainer where its error names a
    DNS server which this host does not query, or an address of a VPC which the name does not have now.
    https://pkg.go.dev/net#hdr-Name_Resolution
    """
    error = trail.case.asked.program
    if error is None or error.lookup_tool or trail.queries_srv:
        return None
    returned = trail.client_answer.addresses
    if not returned or not returned <= trail.promise.alive:
        return None
    if not returned.isdisjoint(error.addresses):
        return None  # it found the right address: whatever failed then, it was not the name
    own, old = _servers_of_its_own(trail, error), _addresses_from_before(trail, error)
    servers = tuple(str(s) for s in trail.host.servers)
    evidence = [Evidence(trail.client_answer.source, f"{trail.name}, a fresh process", in_order(returned))]
    if own:
        summary = (
            f"The program probably asks {listed(own)} by itself, and this host asks {listed(servers) or 'no server'}"
        )
        evidence.append(Evidence(_SAID, "DNS servers named", own, servers or None))
    elif old:
        summary = f"The program probably keeps {listed(old)} from before, and {trail.name} has {listed(in_order(returned))} now"
        evidence.append(Evidence(_SAID, "addresses named", old, in_order(returned)))
    else:
        summary = "What is left is the program: a cache, a connection or a resolver of its own"
    return Finding(
        summary=f"{summary}: a fresh process on this host gets the right addresses.",
        detail=(
            "sddoctor cannot look into a program. JVM, nginx, Envoy and gRPC may keep an answer longer than its TTL; Go "
            "without cgo, c-ares, Node's dns.resolve, musl and browsers with DNS over HTTPS do not ask the operating system. "
            "If a restart of the program alone helps, it kept something."
        ),
        evidence=tuple(evidence),
        fixes=_fixes(trail, queries_by_itself=bool(own)),
    )


def _servers_of_its_own(trail: Trail, error: ProgramError) -> tuple[str, ...]:
    choice = trail.host.choice
    queried = {s.address for s in (*choice.servers, choice.stub) if s is not None}
    return tuple(s for s in error.servers if s not in queried)


def _addresses_from_before(trail: Trail, error: ProgramError) -> tuple[str, ...]:
    """Return named addresses of a VPC that the name does not have, and may not have, now."""
    own_addresses = {a.address for a in trail.host.facts.addresses.seen_or(())}
    right = trail.client_answer.addresses | trail.promise.possible | own_addresses
    old = [a for a in error.addresses if a not in right]
    return tuple(a for a in old if optional(lambda x=a: trail.vpc.holding(x)) is not None)  # type: ignore[misc]


def _fixes(trail: Trail, *, queries_by_itself: bool) -> tuple[Fix, ...]:
    server = optional(lambda: trail.answers.vpc_server.address) or "VPC-RESOLVER"
    verify = (
        "After a restart of the program alone it reaches the right addresses; its own trace names the right server."
    )
    cached = (
        Fix(
            "JVM: bound both caches, in java.security",
            "app",
            config="networkaddress.cache.ttl=10\nnetworkaddress.cache.negative.ttl=2",
            verified_by=verify,
        ),
        Fix(
            "nginx: resolve at run time, by the VPC resolver",
            "app",
            config=f"resolver {server} valid=10s;\nset $upstream http://{trail.name};\nproxy_pass $upstream;",
        ),
    )
    own = (
        Fix(
            "Go: use the system's resolver, and let it say what it does (a build with cgo on macOS before Go 1.20)",
            "app",
            config="GODEBUG=netdns=cgo+2",
            verified_by=verify,
        ),
        Fix("gRPC: the system's resolver, and targets with dns:///", "app", config="GRPC_DNS_RESOLVER=native"),
        Fix(f"Node: dns.lookup for dns.resolve; browsers: no DNS over HTTPS for {domain_to_route(trail)}", "app"),
        Fix("musl (Alpine): release 1.2.4 or later, and one name server only", "container"),
    )
    return own if queries_by_itself else (*cached, *own[1:3])
