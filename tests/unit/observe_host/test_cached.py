"""A host that is looked at for many names is looked at once."""

from __future__ import annotations

from sddoctor.case.seen import Absent, Seen
from sddoctor.observe.host import cached
from sddoctor.observe.host.cached import CachedHost


class Counting:
    platform = "linux"
    version = "12"
    label = "elsewhere"

    def __init__(self) -> None:
        self.asked: list[object] = []

    def read(self, path: str) -> Seen[bytes]:
        self.asked.append(path)
        return Seen(path.encode(), path)

    def list(self, path: str) -> Absent:
        self.asked.append(("list", path))
        return Absent(path, "disk")

    def run(self, command_line: tuple[str, ...]) -> Seen[str]:
        self.asked.append(command_line)
        return Seen(" ".join(command_line), "it")


def test_every_question_is_passed_on_once_and_answers_are_not_mixed_up() -> None:
    inner = Counting()
    host = CachedHost(inner)  # type: ignore[arg-type]
    for _ in range(3):
        assert host.read("/etc/hosts").value == b"/etc/hosts"
        assert isinstance(host.list("/etc/hosts"), Absent)
        assert host.run(("resolvectl", "status")).value == "resolvectl status"
    assert inner.asked == ["/etc/hosts", ("list", "/etc/hosts"), ("resolvectl", "status")]
    assert (host.platform, host.version, host.label) == ("linux", "12", "elsewhere")


def test_what_is_kept_has_a_bound(monkeypatch) -> None:
    monkeypatch.setattr(cached, "MOST", 2)
    inner = Counting()
    host = CachedHost(inner)  # type: ignore[arg-type]
    for _ in range(2):
        for n in range(3):
            assert host.read(f"/{n}").value == f"/{n}".encode()
    assert inner.asked == ["/0", "/1", "/2", "/2"]
