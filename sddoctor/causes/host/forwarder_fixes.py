"""The rule of a forwarder on this host: corrected where a wrong one decides, else added where the forwarder reads it."""

from __future__ import annotations

from msgspec import structs

from sddoctor.case.forwarder import ForwarderConfig, ForwarderRule
from sddoctor.case.name import is_below
from sddoctor.causes.host.forwarder_includes import restart
from sddoctor.causes.model import Fix
from sddoctor.text.shell import command, write_file
from sddoctor.trail.trail import Trail

#: A line that begins a clause of unbound, and so ends the one before it.
_CLAUSE = "/^[[:space:]]*[a-z-]*:[[:space:]]*$/"
#: What takes a domain out of the lines of a file, and leaves the other domains of a line.
_LINES = {
    "dnsmasq": r"/^[[:space:]]*\(server\|local\|address\)[[:space:]]*=/I{{s#/[.*]*{domain}/#/#I; /=[[:space:]]*\/[^/]*$/d}}",
    "unbound": r"/^[[:space:]]*local-zone:[[:space:]]*[\"']*{domain}[.\"']*[[:space:]]/Id",
}


def send_zone(trail: Trail, forwarder: ForwarderConfig, zone: str, server: str) -> Fix:
    """Return how the forwarder sends a domain to a server alone."""
    wrong = _wrong_rules(trail, forwarder, zone, server)
    title = f"With the {forwarder.program} that this host asks"
    if not wrong:
        rule = add(trail, forwarder, zone, rule_for(forwarder.program, zone, server), title)
        if forwarder.program != "named" or not forwarder.validates or forwarder.insecure:
            return rule
        return structs.replace(
            rule, changes=f'{rule.changes} It validates, so its options need validate-except {{ "{zone}"; }}; too.'
        )
    commands = _corrections(forwarder, wrong, server)
    text = rule_for(forwarder.program, wrong[0].domain, server)
    sources = ", ".join(dict.fromkeys(r.source for r in wrong))
    title = f"Correct the rule of {forwarder.program} for {wrong[0].domain} ({sources})"
    if not commands:
        return Fix(title, "linux", config=text, verified_by=_verify(trail))
    changes = f"Changes {sources}; the {forwarder.program} has to be started anew."
    return Fix(title, "linux", (*commands, *restart(trail, forwarder)), changes, _verify(trail), config=text)


def let_through(trail: Trail, forwarder: ForwarderConfig, zone: str, server: str, title: str) -> Fix:
    """Return how private and unsigned answers for a domain pass the forwarder, which is also told the server if it has none."""
    covered = any(r.domain and r.servers and is_below(trail.name, r.domain) for r in forwarder.entries)
    excepted = {
        "dnsmasq": f"rebind-domain-ok=/{zone}/\n",
        "unbound": f'server:\n    private-domain: "{zone}"\n    domain-insecure: "{zone}"\n',
        "named": f'validate-except {{ "{zone}"; }};\n// and at deny-answer-addresses: except-from {{ "{zone}"; }};\n',
    }
    if forwarder.program not in ("dnsmasq", "unbound"):
        where = f"{title}, in the options of {forwarder.path}"
        return Fix(where, "linux", config=excepted.get(forwarder.program, ""), verified_by=_verify(trail))
    text = excepted[forwarder.program] if covered else rule_for(forwarder.program, zone, server)
    return add(trail, forwarder, zone, text, title)


def add(trail: Trail, forwarder: ForwarderConfig, stem: str, text: str, title: str) -> Fix:
    """Return how a text becomes a part of its configuration: in a folder that it was seen to read, else in its main file.

    A file with other rules is not replaced.
    """
    # The last one: an earlier folder may be included in the middle of a clause.
    folder = next(reversed(forwarder.folders), None)
    path = f"{folder}/{stem}.conf" if folder is not None else forwarder.path
    restarts = restart(trail, forwarder)
    if folder is None or path in forwarder.files.seen_or(()):
        changes = f"Appends to {path}; the {forwarder.program} has to be started anew."
        commands = (append(path, text), *restarts)
        return Fix(title, "linux", commands, changes, _verify(trail), config=text.removesuffix("\n"))
    changes = f"Writes {path}; the {forwarder.program} has to be started anew."
    commands = (write_file(path, text), *restarts)
    return Fix(title, "linux", commands, changes, _verify(trail), file=path, content=text)


def append(path: str, text: str) -> str:
    """Return the command that adds lines to a file, whose last line need not be ended."""
    return write_file(path, f"\n{text}", at_end=True)


def rule_for(program: str, zone: str, server: str) -> str:
    """Return the lines that send a domain to a server, and let its private, unsigned answers through.

    dnsmasq(8), unbound.conf(5), https://bind9.readthedocs.io/en/stable/reference.html#namedconf-statement-zone,
    https://coredns.io/plugins/forward/
    """
    if program == "dnsmasq":
        return f"server=/{zone}/{server}\nrebind-domain-ok=/{zone}/\n"
    if program == "named":
        return f'zone "{zone}" {{ type forward; forward only; forwarders {{ {server}; }}; }};\n'
    if program == "coredns":
        return f"{zone}:53 {{\n    errors\n    cache 10\n    forward . {server}\n}}\n"
    # Its clause of the server comes last, so that what follows an include in the middle of that clause stays in it.
    return (
        f'forward-zone:\n    name: "{zone}"\n    forward-addr: {server}\n'
        f'server:\n    private-domain: "{zone}"\n    domain-insecure: "{zone}"\n'
    )


def _wrong_rules(trail: Trail, forwarder: ForwarderConfig, zone: str, server: str) -> list[ForwarderRule]:
    """Return the rules that decide for the name although one for the zone is added, and that have other servers.

    Rules for the same domain add up in dnsmasq, and unbound takes the first: a second one would heal nothing.
    """
    rules = [r for r in forwarder.entries if r.domain and not (r.first or r.unknown)]
    covering = [r for r in rules if is_below(trail.name, r.domain) and is_below(r.domain, zone)]
    longest = max((len(r.domain) for r in covering), default=0)
    deciding = [r for r in covering if len(r.domain) == longest]
    return deciding if any({s.address for s in r.servers} != {server} for r in deciding) else []


def _corrections(forwarder: ForwarderConfig, wrong: list[ForwarderRule], server: str) -> tuple[str, ...]:
    """Return commands that change the lines of the rules, which may be pasted twice; none where the lines are not known.

    No copy is left beside a file: dnsmasq reads nearly every one of its folder.
    """
    places = [r.source.rpartition(":") for r in wrong]
    if forwarder.program not in _LINES or not all(path.startswith("/") and line.isdigit() for path, _, line in places):
        return ()
    if forwarder.program == "unbound" and all(r.servers for r in wrong):
        other = rf"s/\(-addr:\).*/\1 {server}/; s/\(-tls-upstream:\).*/\1 no/"
        return tuple(command("sudo", "sed", "-i", f"{n},{_CLAUSE}{{{other}}}", path) for path, _, n in places)
    domain = wrong[0].domain
    script = _LINES[forwarder.program].format(domain=domain.replace(".", r"\."))
    paths = dict.fromkeys(path for path, _, _ in places)
    text = rule_for(forwarder.program, domain, server)
    return (*(command("sudo", "sed", "-i", script, path) for path in paths), append(places[-1][0], text))


def _verify(trail: Trail) -> str:
    return f"{command('getent', 'ahosts', trail.name)} prints the addresses."
