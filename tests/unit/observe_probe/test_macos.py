"""A probe on a Mac, put together from a recorded one: it is read as the recorded files themselves are."""

from pathlib import Path

import pytest

from sddoctor.observe.budget import Budget
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.host.root import open_root
from sddoctor.observe.probe.read import read
from sddoctor.resolution.choose import choose

ROOTS = Path(__file__).parents[2] / "data" / "host-roots"
NAME = "dev-api.example.internal"
COMMANDS = ("scutil --dns", "sw_vers", "ifconfig", "netstat -rn -f inet", f"dscacheutil -q host -a name {NAME}")


def _block(head: str, text: str, end: str = "") -> str:
    quoted = text.rstrip("\n").replace("%", "%25").replace("\r", "%0D")
    return f"@{head}\n" + "".join(f"|{line}\n" for line in quoted.split("\n")) + f"@end{end}\n"


def _transcript(root: Path) -> str:
    blocks = [
        "sddoctor.probe/1 begin dev-api.example.internal 2026-11-24T03:00:00Z mac\n",
        _block("run uname -s", "Darwin", " 0"),
    ]
    files = sorted(p for p in (root / "etc").rglob("*") if p.is_file())
    blocks += [_block(f"file /{path.relative_to(root)}", path.read_bytes().decode()) for path in files]
    for line in COMMANDS:
        recorded = root / "commands" / line.replace(" ", "_").replace("/", "_")
        blocks.append(_block(f"run {line}", recorded.read_text(), " 0"))
    return "".join([*blocks, "sddoctor.probe/1 end\n"])


@pytest.mark.parametrize("name", ["macos14-resolver-file-missing", "macos14-resolver-file-and-vpn"])
def test_it_is_read_as_the_recorded_host_is(name: str) -> None:
    recorded = HostObserver(NAME, open_root(ROOTS / name), Budget(30))
    probed = read(_transcript(ROOTS / name).encode()).place.host.value
    facts = recorded.facts()
    assert (probed.platform, choose(NAME, probed)) == ("macos", choose(NAME, facts))
    for field in ("hosts", "resolv_conf", "resolver_files", "unread_files", "scutil"):
        assert getattr(probed, field) == getattr(facts, field), field
    assert probed.lookups[0].outcome == facts.lookups[0].outcome
    assert probed.addresses == recorded.addresses()
