"""A host without resolv.conf: libc asks the host itself, and only a look at that shows that nobody listens there."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from msgspec import structs

from sddoctor.case.dns import Answer, Probe, Server, unanswered
from sddoctor.case.seen import Fact, Seen
from sddoctor.causes.host.no_working_resolver import no_working_resolver
from sddoctor.causes.model import Finding
from sddoctor.trail.trail import Trail
from tests import near_cases

ITSELF = Server("127.0.0.1")
NAME = "cart.shop-live.internal"


def found(outcome: Fact[Answer] | None) -> Finding | None:
    """Decide it, with what queries by UDP and TCP to the host itself came to."""
    case = near_cases.case_of("debian13-resolv-conf-link-to-nowhere")
    asked = ("udp", "tcp") if outcome is not None else ()
    probes = tuple(Probe(ITSELF, "host", NAME, "A", how, outcome, 1232) for how in asked)  # type: ignore[arg-type]
    dns = structs.replace(case.place.dns, probes=(*case.place.dns.probes, *probes))
    place = structs.replace(case.place, dns=dns)
    return no_working_resolver.decide(Trail(structs.replace(case, places=(place,))))


def test_without_a_look_it_only_fits() -> None:
    finding = found(None)
    assert finding is not None
    assert finding.would_tell == "dig @127.0.0.1 one.one.one.one"
    assert "usually nothing listens" in finding.summary


def test_a_refusal_of_the_host_itself_proves_it() -> None:
    finding = found(unanswered("an answer", ITSELF, "connection refused", "refused"))
    assert finding is not None
    assert finding.would_tell is None
    assert "nothing answers" in finding.summary


def test_silence_for_one_name_does_not_prove_it() -> None:
    finding = found(unanswered("an answer", ITSELF, "no answer", "silence"))
    assert finding is not None
    assert finding.would_tell == "dig @127.0.0.1 one.one.one.one"


@pytest.mark.parametrize("answer", [Answer("NXDOMAIN"), Answer("REFUSED")])
def test_a_server_on_the_host_contradicts_it(answer: Answer) -> None:
    assert found(Seen(answer, "dns")) is None


def test_the_printed_command_replaces_a_link_to_nowhere(tmp_path: Path) -> None:
    finding = found(None)
    assert finding is not None
    (printed,) = finding.fixes[0].commands
    file, sudo = tmp_path / "resolv.conf", tmp_path / "sudo"
    file.symlink_to("nowhere/resolv.conf")
    sudo.write_text('#!/bin/sh\nexec "$@"\n')
    sudo.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run(
        ["sh", "-c", printed.replace("/etc/resolv.conf", str(file))], check=True, env={"PATH": path}, timeout=60
    )
    assert (file.is_symlink(), file.read_text()) == (False, "nameserver 10.128.0.2\n")
