"""Hosts that are made up: whom they ask is what was put into them, and no report names another server as asked.

Where an output of such a host is changed as another version, language or terminal would, whom it asks is the same, or not known.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from sddoctor.case.case import Case
from sddoctor.case.dns import Server
from sddoctor.case.host import HostFacts
from sddoctor.case.seen import Seen
from sddoctor.diagnosis.diagnose import diagnose
from sddoctor.observe.host.source import open_root
from sddoctor.resolution.choose import choose
from tests import asked_servers, near_cases
from tests.asked_model import asked, bare
from tests.invariants import broken_in
from tests.property import mangled, readers
from tests.property.drawn_hosts import ABOVE, BESIDE, NAME, Drawn, drawn
from tests.property.test_reading_hosts import again
from tests.repeats import chunks, up_to

#: A case in which all of AWS is sound, for the name that the hosts look up.
BASE = "ubuntu2604-dns-delegate-old-server"
HOSTS, CHUNK = up_to(300, 500), 25
#: Of so many hosts, one is judged again, and again as it is saved.
_REPEATED = 5
#: Words of the hosts that are names, not words of a format.
_WORDS = set(
    " ".join((*ABOVE, *BESIDE, "lan utun en0 enp wlp tun wg prod staging lab ens wifi ethernet"))
    .replace(".", " ")
    .replace("-", " ")
    .split()
)


def put(host: Drawn, root: Path) -> Path:
    """Write the host into a directory."""
    files = host.files | {f"commands/{c.replace(' ', '_').replace('/', '_')}": t for c, t in host.commands.items()}
    for path, text in files.items():
        where = root / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(text.encode())
    return root


def told_of(case: Case) -> Any:
    """Return whom the host is said to ask, ``None`` where that is said to be unknown."""
    choice = choose(NAME, case.place.host.value)
    return {bare(s.address) for s in choice.value.servers} if isinstance(choice, Seen) else None


@pytest.mark.parametrize("first", chunks(HOSTS, CHUNK, quick=CHUNK))
def test_whom_a_host_asks_is_what_was_put_in(first: int, tmp_path: Path) -> None:
    case = near_cases.case_of(BASE)
    assert case.name == NAME
    for seed in range(first, first + CHUNK):
        host = drawn(seed)
        now = again(case, open_root(put(host, tmp_path / str(seed))))
        said = diagnose(now)
        words = f"seed {seed}, {host.kind}: {said.headline}"
        if host.asks is not None:
            told = told_of(now)
            assert told == set(map(bare, host.asks)), words
            assert asked(NAME, now.place.host.value) in (None, told), words
        assert broken_in(now, said if seed % _REPEATED else None) == [], words


@pytest.mark.parametrize("first", chunks(HOSTS, CHUNK, quick=CHUNK))
def test_whom_a_host_asks_is_the_same_or_not_known_where_it_prints_something_else(first: int, tmp_path: Path) -> None:
    case = near_cases.case_of(BASE)
    for seed in range(first, first + CHUNK):
        host = drawn(seed)
        commands = [c for c, text in host.commands.items() if text.strip() and readers.reader_of(c) is not None]
        if not commands or host.asks is None:
            continue
        rng = random.Random(seed)
        command = rng.choice(commands)
        ways = [
            w
            for w in mangled.ways(host.commands[command], lambda w: "." in w or w.lower() in _WORDS)
            if w.effect != "less"
        ]
        for number, changed in enumerate(rng.sample(ways, min(len(ways), 6))):
            other = drawn(seed)
            other.commands = {**host.commands, command: changed.text}
            now = again(case, open_root(put(other, tmp_path / f"{seed}-{number}")))
            said = diagnose(now)
            words = f"seed {seed}, {host.kind}, {changed.kind} {changed.line.strip()!r}: {said.headline}"
            assert told_of(now) in (None, set(map(bare, host.asks))), words
            assert broken_in(now, said if number else None) == [], words


def _case() -> Case:
    return near_cases.case_of("fedora43-two-servers-one-scope")


def test_a_hop_that_names_a_server_that_is_not_asked_is_noticed() -> None:
    case = _case()
    said = diagnose(case)
    assert not list(asked_servers.not_asked(case, said))
    hops = tuple(structs.replace(h, summary="asks 9.9.9.9: not found") if h.hop == "host" else h for h in said.hops)
    assert list(asked_servers.not_asked(case, structs.replace(said, hops=hops)))


@pytest.mark.parametrize(
    "sentence",
    [
        "This host queries 9.9.9.9 for it, which returns NXDOMAIN.",
        "This host sends queries for x.internal to 9.9.9.9, which returns NXDOMAIN.",
        "x.internal is asked of 10.64.0.2 and 2620:fe::9, which does not know it.",
        "Programs ask 213.133.100.100, and 9.9.9.9.",
    ],
)
def test_a_sentence_that_names_a_server_that_is_not_asked_is_noticed(sentence: str) -> None:
    case = _case()
    said = diagnose(case)
    assert list(asked_servers.not_asked(case, structs.replace(said, headline=sentence)))


def test_a_reply_that_was_never_sent_for_is_noticed() -> None:
    case = _case()
    said = diagnose(case)
    (first, *rest) = said.findings
    evidence = structs.replace(first.evidence[0], source="dns @9.9.9.9 A", observed="no answer")
    findings = (structs.replace(first, evidence=(evidence,)), *rest)
    assert list(asked_servers.not_asked(case, structs.replace(said, findings=findings)))


def test_a_choice_that_is_not_in_the_lists_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    case = _case()
    said = diagnose(case)

    def wrong(name: str, facts: HostFacts) -> Any:
        right = choose(name, facts)
        return structs.replace(right, value=structs.replace(right.value, servers=(Server("9.9.9.9"),)))  # type: ignore[arg-type]

    monkeypatch.setattr(asked_servers, "choose", wrong)
    assert list(asked_servers.not_asked(case, said))
