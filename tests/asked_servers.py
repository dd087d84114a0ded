"""No report, no evidence and no ``resolver show`` states a server that is not asked: ``not_asked(CASE, SAID)``.

What counts as a statement are the sentences with which the project says whom a host or a program queries, and what is said
to be a server's reply. Fixes, next steps and commands are no statements.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from sddoctor.case.case import Case
from sddoctor.case.host import HostFacts
from sddoctor.case.seen import NotAttempted, Seen
from sddoctor.diagnosis.model import Diagnosis
from sddoctor.report import json_report, resolver_show
from sddoctor.report.style import Style
from sddoctor.resolution.choose import choose
from tests.asked_model import DOCKER, STUBS, asked, bare, could_be_asked

_SERVER = r"(?:(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{1,4}(?:%\w+)?)(?:#\d+)?(?![\w/]|:\w|\.\d)"
_SERVERS = rf"(?P<servers>{_SERVER}(?:(?:,? and |, ){_SERVER})*)"
_WHO = r"(?:this host|the host|programs|(?:an )?ordinary programs?|windows|systemd-resolved|musl|glibc|macos)"
#: How it is said whom a host asks.
_STATEMENTS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!on ){_WHO} (?:first |then |also |now |really |only )?(?:asks?|query|queries) {_SERVERS}",
        rf"(?<!on ){_WHO} sends? (?:queries for )?\S+ to {_SERVERS}",
        rf"^asks {_SERVERS}",
        rf"\bis asked of {_SERVERS}",
        rf"\bgoes to {_SERVERS}, the resolver",
        rf"\bqueries for \S+ go to {_SERVERS}",
    )
]
#: How it is said whom those programs ask that pass by the system.
_BYPASS = re.compile(rf"(?:dig and nslookup ask|go round this: they ask) {_SERVERS}")
_REPLY = re.compile(rf"dns @(?P<server>{_SERVER}) (?P<type>[A-Z]+)")
#: Members that propose something, or quote a command.
_PROPOSALS = ("fixes", "next_steps", "candidates", "tell", "gaps", "undecided", "docs")


def not_asked(case: Case, said: Diagnosis) -> Iterator[str]:
    """Yield what is stated of servers that are not asked."""
    report = json.loads(json.dumps(json_report.report_of(said), default=str))
    hosts = [p.host.value for p in case.places if isinstance(p.host, Seen)]
    yield from _replies(case, report)
    if hosts:
        known = frozenset().union(*(_may_be_named(case.name, host) for host in hosts))
        listed = frozenset().union(*map(could_be_asked, hosts))
        for text in _texts(report):
            yield from (f"said to be asked: {s}, in {text!r}" for s in _named(text, _STATEMENTS) if s not in known)
            yield from (
                f"said to be asked by dig: {s}, in {text!r}" for s in _named(text, [_BYPASS]) if s not in listed
            )
        yield from (f"resolver show: {one}" for one in _shown(case.name, hosts[0]))


def _replies(case: Case, report: Any) -> Iterator[str]:
    """Every reply that is evidence was sent for."""
    sent = {
        (bare(p.server.address), p.type)
        for place in case.places
        for p in place.dns.probes
        if not isinstance(p.outcome, NotAttempted)
    }
    for finding in [*report["findings"], *(f for place in report["places"] for f in place["findings"])]:
        for evidence in finding["evidence"]:
            found = _REPLY.search(evidence["source"])
            if (
                found
                and evidence["observed"] != "not asked from here"
                and (bare(found["server"]), found["type"]) not in sent
            ):
                yield f"{finding['code']}: {evidence['source']!r} was never sent"


def _may_be_named(name: str, facts: HostFacts) -> frozenset[str]:
    """Return the servers that may be said to be asked: those of the model, else all that are in force; and the forwarder."""
    choice = choose(name, facts)
    if not isinstance(choice, Seen):
        # That programs ask the forwarder on the host is known, whomever that asks.
        conf = facts.resolv_conf.seen_or(None)
        return frozenset(bare(a) for a in (conf.effective if conf else ()) if ip_address(bare(a)).is_loopback)
    stub = choice.value.stub
    exactly = asked(name, facts)
    return (could_be_asked(facts) if exactly is None else exactly) | ({bare(stub.address)} if stub else frozenset())


def _named(text: str, statements: list[re.Pattern[str]]) -> Iterator[str]:
    for statement in statements:
        for found in statement.finditer(text):
            yield from (bare(s) for s in re.findall(_SERVER, found["servers"]))


def _texts(value: Any) -> Iterator[str]:
    """Yield the sentences of a report."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        if str(value.get("subject", "")).startswith("servers asked for"):
            observed = value["observed"] if isinstance(value["observed"], list) else [value["observed"]]
            yield from (f"this host asks {s}" for s in observed)
        for key, item in value.items():
            if key not in _PROPOSALS:
                yield from _texts(item)


def _shown(name: str, facts: HostFacts) -> Iterator[str]:
    """Yield what is wrong with what ``resolver show`` says of a host, as text and as JSON."""
    choice = choose(name, facts)
    text = resolver_show.as_text(name, facts, choice, facts.routes, Style(width=10_000))
    data = json.loads(resolver_show.as_json(name, facts, choice, facts.routes))
    if not isinstance(choice, Seen):
        yield from (f"{s} is asked, which is not known" for s in _named(text, _STATEMENTS))
        yield from ("JSON has a choice that is not known" for _ in [0] if data["choice"] is not None)
        return
    exactly, listed = asked(name, facts), could_be_asked(facts)
    if data["choice"]["asks"] is None:
        return  # A forwarder whose rules are not wholly known is asked, and to whom it forwards is said to be unknown.
    asks = {bare(s["address"]) for s in data["choice"]["asks"]}
    if exactly is not None and asks != exactly:
        yield f"JSON says {sorted(asks)}, and {sorted(exactly)} are asked"
    if lacking := asks - listed:
        yield f"{sorted(lacking)} are asked, and in no list that is in force"
    in_words = {s for line in text.splitlines()[:3] for s in _named(line, _STATEMENTS)}
    if in_words != asks:
        yield f"the text says {sorted(in_words)}, the JSON {sorted(asks)}"
    by_pass = {bare(s["address"]) for s in data["choice"]["bypass_asks"] or ()}
    if wrong := (by_pass | set(_named(text, [_BYPASS]))) - listed - {*STUBS, DOCKER}:
        yield f"{sorted(wrong)} are asked by dig, and in no list that is in force"
    for entry in data["considered"]:
        if entry["usable"] and (beyond := {bare(s["address"]) for s in entry["servers"]} - listed):
            yield f"{sorted(beyond)} of {entry['source']} are usable, and in no list that is in force"
