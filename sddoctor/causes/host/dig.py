"""dig and nslookup do not use this host's split DNS."""

from __future__ import annotations

from sddoctor.causes.commands import read_only
from sddoctor.causes.model import Evidence, Finding, Where, cause
from sddoctor.text.shell import command
from sddoctor.text.words import in_order, listed
from sddoctor.trail.trail import Trail


@cause(
    "dig-bypasses-split-dns",
    hop="host",
    kind="note",
    severity="info",
    title="dig and nslookup do not use this host's split DNS",
)
def dig_bypasses_split_dns(trail: Trail) -> Finding | None:
    """Programs get right addresses by a per-domain entry, and the server that dig queries does not return them.

    On macOS dig reads /etc/resolv.conf only, and on Windows nslookup ignores the NRPT. resolver(5)
    """
    if trail.queries_srv:
        return None
    choice = trail.host.choice
    of_programs = {*choice.servers, *((choice.stub,) if choice.stub is not None else ())}
    if not choice.bypass_servers or of_programs.intersection(choice.bypass_servers):
        return None
    got, welcome = trail.client_answer.addresses, trail.promise.welcome
    if not got & welcome:
        return None
    server = choice.bypass_servers[0]
    answer = trail.answers.answer(server, "A")
    if set(answer.addresses) & got:
        return None
    programs = "the right addresses" if got <= welcome else "right addresses, among others"
    reply = listed(answer.addresses) or answer.rcode
    tests: dict[str, tuple[Where, str]] = {
        "macos": ("macos", command("dscacheutil", "-q", "host", "-a", "name", trail.name)),
        "windows": ("windows", f"Resolve-DnsName {trail.name}"),
    }
    where, test = tests.get(trail.host.platform, ("linux", command("getent", "ahosts", trail.name)))
    return Finding(
        summary=f"dig and nslookup ask {server} on this host and get {reply}, while programs get {programs}.",
        detail="They go round the system's per-domain settings. This explains a false alarm; it is not why a name fails.",
        evidence=(
            Evidence(f"dns @{server} A", trail.name, reply),
            Evidence(trail.client_answer.source, trail.name, in_order(got)),
        ),
        fixes=(read_only("Test with what programs use", test, where),),
    )
