"""Look-ups through the operating system: a real fresh process, and recordings of each platform's tool."""

import itertools
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sddoctor.case.host import Lookup, LookupResult
from sddoctor.case.seen import NotAttempted, Seen, Unreachable
from sddoctor.formats.host import lookup_output
from sddoctor.observe.budget import Budget
from sddoctor.observe.host import lookup
from sddoctor.observe.host.lookup import look_up, look_up_again
from sddoctor.observe.host.source import RunningHost, open_root

NAME = "dev-api.example.internal"


def test_fresh_process() -> None:
    found = look_up("localhost", RunningHost(), Budget(60), final_dot=False)
    assert "127.0.0.1" in found.outcome.value.addresses or "::1" in found.outcome.value.addresses
    assert (found.source, found.final_dot, found.outcome.value.error) == ("getaddrinfo", False, None)
    assert found.at is not None
    assert found.took_ms is not None


def test_name_that_cannot_be_encoded_is_not_found() -> None:
    found = look_up("x" * 64 + ".example", RunningHost(), Budget(60), final_dot=True)
    assert found.outcome.value == LookupResult(error="not found")


def test_time_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(look_up(NAME, RunningHost(), Budget(0), final_dot=False).outcome, Unreachable)
    monkeypatch.setattr(lookup, "_SCRIPT", "import signal; signal.pause()")
    assert isinstance(look_up(NAME, RunningHost(), Budget(0.3), final_dot=False).outcome, Unreachable)
    monkeypatch.setattr(lookup, "LOOKUP_TIMEOUT", 0.5)
    found = look_up(NAME, RunningHost(), Budget(60), final_dot=False)
    assert found.outcome.value.error == "no answer within 0.5 s"


def test_it_is_looked_up_again_in_time_order(monkeypatch: pytest.MonkeyPatch) -> None:
    found = look_up_again("localhost", RunningHost(), Budget(60), 3)
    assert [(k.name, k.final_dot, k.outcome.value.error) for k in found] == [("localhost", False, None)] * 3
    began = [k.at for k in found if k.at is not None]
    assert len(began) == 3
    assert began == sorted(began)
    monkeypatch.setattr(lookup, "_SCRIPT", "import signal; signal.pause()")
    late = look_up_again("localhost", RunningHost(), Budget(0.2), 3)
    assert {type(k.outcome) for k in late} == {Unreachable}


def test_the_order_is_that_of_beginning_whichever_thread_is_woken_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread of the first waits until those of the others have begun."""
    others, lock, count = threading.Event(), threading.Lock(), itertools.count()

    def late_first(name: str, source: object, budget: Budget, *, final_dot: bool) -> Lookup:
        with lock:
            number = next(count)
        if number == 0:
            assert others.wait(60)
        at = datetime.now(UTC)
        if number == 2:
            others.set()
        return Lookup(name, final_dot, Seen(LookupResult((f"10.0.0.{number}",)), "test"), at=at)

    monkeypatch.setattr(lookup, "look_up", late_first)
    found = look_up_again("localhost", RunningHost(), Budget(60), 3)
    assert [k.outcome.value.addresses for k in found][-1] == ("10.0.0.0",)


def test_further_recordings_are_read_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "commands").mkdir()
    for end, address in (("", "10.0.0.1"), (".2", "10.0.0.2"), (".3", "10.0.0.3")):
        (tmp_path / "commands" / f"getent_ahosts_{NAME}{end}").write_text(f"{address} STREAM {NAME}\n")
    source = open_root(tmp_path)
    look_up(NAME, source, Budget(60), final_dot=False)
    again = look_up_again(NAME, source, Budget(60), 2)
    assert {k.outcome.value.addresses for k in again} == {("10.0.0.2",), ("10.0.0.3",)}


@pytest.mark.parametrize("script", ["raise SystemExit(1)", "print('[]')", "print('{')", "print('{\"addresses\": 1}')"])
def test_a_process_without_an_answer_is_a_gap(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(lookup, "_SCRIPT", script)
    assert isinstance(look_up(NAME, RunningHost(), Budget(60), final_dot=False).outcome, Unreachable)


@pytest.mark.parametrize(
    ("number", "reason"),
    [("EAI_NONAME", "not found"), ("EAI_AGAIN", "temporary failure"), ("EAI_FAIL", "permanent failure")],
)
def test_reasons(monkeypatch: pytest.MonkeyPatch, number: str, reason: str) -> None:
    fail = f"import socket\ndef fail(*a, **k): raise socket.gaierror(socket.{number}, 'x')\nsocket.getaddrinfo = fail\n"
    monkeypatch.setattr(lookup, "_SCRIPT", fail + lookup._SCRIPT)
    assert look_up(NAME, RunningHost(), Budget(60), final_dot=False).outcome.value == LookupResult(error=reason)


@pytest.mark.parametrize(
    ("platform", "line", "output", "expected"),
    [
        ("linux", f"getent ahosts {NAME}", f"10.0.0.1 STREAM {NAME}\n10.0.0.1 DGRAM\n", ("10.0.0.1",)),
        ("linux", f"getent ahosts {NAME}", "", ()),
        ("linux", f"resolvectl query {NAME}", f"{NAME}: 10.0.0.1 -- link: tun0\n", ("10.0.0.1",)),
        ("linux", f"resolvectl query {NAME}", f"{NAME}: resolve call failed: '{NAME}' not found\n", ()),
        ("macos", f"dscacheutil -q host -a name {NAME}", f"name: {NAME}\nip_address: 10.0.0.1 10.0.0.2\n", ("10.0.0.1", "10.0.0.2")),
        ("macos", f"dscacheutil -q host -a name {NAME}", f"name: {NAME}\nipv6_address: fd00::1\n", ("fd00::1",)),
        ("macos", f"dscacheutil -q host -a name {NAME}", "", ()),
        ("windows", f"Resolve-DnsName {NAME}", f"Name  Type TTL Section IPAddress\r\n{NAME}  A  60 Answer 10.0.0.1\r\n", ("10.0.0.1",)),
        ("windows", f"Resolve-DnsName {NAME}", "Name : x\r\nType : A\r\nIP4Address : 10.0.0.1\r\n", ("10.0.0.1",)),
        ("windows", f"Resolve-DnsName {NAME}", "", ()),
    ],
)  # fmt: skip
def test_recordings(tmp_path: Path, platform: str, line: str, output: str, expected: tuple[str, ...]) -> None:
    (tmp_path / "commands").mkdir()
    (tmp_path / "os-release.json").write_text(f'{{"platform": "{platform}"}}')
    (tmp_path / "commands" / line.replace(" ", "_")).write_text(output)
    found = look_up(NAME, open_root(tmp_path), Budget(60), final_dot=False)
    assert isinstance(found.outcome, Seen)
    assert found.outcome.value.addresses == expected
    assert found.outcome.value.error == (None if expected else lookup_output.NOT_FOUND)
    assert isinstance(look_up(NAME, open_root(tmp_path), Budget(60), final_dot=True).outcome, NotAttempted)


@pytest.mark.parametrize(
    ("printed", "said", "error"),
    [
        ("", "resolve call failed: DNSSEC validation failed: no-signature", "DNSSEC validation failed"),
        ("", "resolve call failed: 'dev-api.example.internal' not found", "not found"),
        ("10.0.0.1 STREAM dev-api\n", "resolve call failed: DNSSEC validation failed: no-signature", None),
    ],
)
def test_resolvectl_names_a_failure_that_getent_does_not(
    tmp_path: Path, printed: str, said: str, error: str | None
) -> None:
    (tmp_path / "commands").mkdir()
    (tmp_path / "os-release.json").write_text('{"platform": "linux", "version": "12"}')
    (tmp_path / "commands" / f"getent_ahosts_{NAME}").write_text(printed)
    (tmp_path / "commands" / f"resolvectl_query_{NAME}").write_text(f"{NAME}: {said}\n")
    found = look_up(NAME, open_root(tmp_path), Budget(60), final_dot=False)
    assert found.outcome.value.error == error
