"""Which commands are run for the status of systemd-resolved: one, wherever one is enough."""

from __future__ import annotations

import pytest

from sddoctor.case.host import Resolved
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen, Unreachable
from sddoctor.observe.budget import Budget
from sddoctor.observe.host.observer import HostObserver

JSON, TEXT, OLD = "resolvectl --json=short status", "resolvectl status", "systemd-resolve --status"
STATUS = "Global\n  DNS Servers: 10.10.0.2\n"
REFUSED = "resolvectl: unrecognized option '--json=short'\n"


class Host:
    """A host on which some commands print something, and the others are not there."""

    platform, version, label = "linux", "", None

    def __init__(self, outputs: dict[str, Fact[str]], otherwise: Fact[str]) -> None:
        self.outputs, self.otherwise = outputs, otherwise
        self.ran: list[str] = []

    def read(self, path: str) -> Fact[bytes]:
        return Absent(path, path)

    def list(self, path: str) -> Fact[tuple[str, ...]]:
        return Absent(path, path)

    def variable(self, name: str) -> str | None:
        return None

    def run(self, command_line: tuple[str, ...]) -> Fact[str]:
        line = " ".join(command_line)
        if command_line[0] in ("resolvectl", "systemd-resolve"):
            self.ran.append(line)
            return self.outputs.get(line, self.otherwise)
        return Absent(command_line[0], "PATH")


def observed(host: Host) -> Fact[Resolved]:
    return HostObserver("dev-api.example.internal", host, Budget(60)).settings().resolved  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("outputs", "ran"),
    [
        ({JSON: '[{"servers": [{"addressString": "10.10.0.2"}]}]'}, [JSON]),
        ({JSON: STATUS}, [JSON]),
        ({JSON: REFUSED, TEXT: STATUS}, [JSON, TEXT]),
        ({OLD: STATUS}, [JSON, OLD]),
    ],
)
def test_versions(outputs: dict[str, str], ran: list[str]) -> None:
    host = Host({line: Seen(text, line) for line, text in outputs.items()}, Absent("resolvectl", "PATH"))
    assert observed(host).value.links[0].servers == ("10.10.0.2",)
    assert host.ran == ran


def test_recordings_of_the_text_alone() -> None:
    gap = NotAttempted("x", "its output is not among the recorded files")
    host = Host({TEXT: Seen(STATUS, TEXT)}, gap)
    assert observed(host).value.links[0].servers == ("10.10.0.2",)
    assert observed(Host({}, gap)) == gap


def test_a_command_that_does_not_end_is_not_followed_by_another() -> None:
    host = Host({JSON: Unreachable(JSON, "it did not end within 5.0 s", "time")}, Absent("resolvectl", "PATH"))
    assert isinstance(observed(host), Unreachable)
    assert host.ran == [JSON]


def test_without_the_command_there_is_no_such_resolver() -> None:
    host = Host({}, Absent("resolvectl", "PATH"))
    assert isinstance(observed(host), Absent)
    assert host.ran == [JSON, OLD]
