"""What a program prints, a file says or a server sends is read, or refused in a sentence, and never takes long.

That no parser of the host raises is in tests/unit/observe_host/test_never_raises.py; here is how long they take.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sddoctor.case.dns import Answer
from sddoctor.formats import dns_message
from sddoctor.formats.dns_message import NotAnAnswer
from sddoctor.lab import gallery
from sddoctor.lab.world import WorldError, load
from sddoctor.splitdns import mesh
from sddoctor.splitdns.model import SplitDnsError
from tests.unit.observe_host.test_never_raises import FROM_BYTES, FROM_TEXT, WITHOUT_JSON

#: What is quadratic takes many minutes for so much of an output.
SIZE = 100_000
REPEATED = (
    " ", "\t", "\n", "\r", "a", "a ", "~a ", "[", "]", "(", "{a", " : ", ":", "/", "%", "\\", "#", "10.0.0.1 a\n", "nameserver 10.0.0.1\n",
    "  nameserver[0] : 1.2.3.4\n", "resolver #1\n", "Link 2 (eth0)\n", "Namespace : {.a}\n\n", "10.0.0.0/8 via 1.2.3.4 dev x\n",
    "server=/a/1.2.3.4#5\n", "  if_index : 4 (en0)\n", "  reach    : 0x3 (",
    "{", "[{", '{"a":', "{}", "[]", '"', '\\"', ",", "- ", "--", "a\r", "\x1b[", "\x1b]", "^[[0",
)  # fmt: skip
few = settings(
    max_examples=150, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip


@pytest.mark.timeout(120)
@pytest.mark.parametrize("parse", [*FROM_TEXT, *WITHOUT_JSON])
def test_long_text_is_read_in_time(parse: Callable[[str], Any]) -> None:
    for piece in REPEATED:
        long = piece * (SIZE // len(piece))
        for text in (long, f"a{long}"):
            parse(text)


@pytest.mark.parametrize("depth", [150, 500, 900, 960, 990, 1100])
@pytest.mark.parametrize("parse", [*FROM_TEXT, *WITHOUT_JSON])
def test_json_of_any_depth_is_read(parse: Callable[[str], Any], depth: int) -> None:
    lists, objects = "[" * depth + "1" + "]" * depth, '{"ifname":' * depth + "1" + "}" * depth
    for deep in (lists, objects):
        for text in (deep, f"[{deep}]", f'[{{"ifname":"eth0","servers":{deep}}}]', f'[{{"dst":"default","x":{deep}}}]'):
            parse(text)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '{"domains":["a.b"],"nameservers":[{"ip":"1","port":1e400}]}']
)
@pytest.mark.parametrize("parse", [mesh.parse_tailscale, mesh.parse_netbird])
def test_a_body_of_a_mesh_vpn_is_read_or_refused(parse: Callable[[str], Any], text: str) -> None:
    with pytest.raises(SplitDnsError):
        parse(text)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("parse", FROM_BYTES)
def test_long_files_are_read_in_time(parse: Callable[[bytes], Any]) -> None:
    for piece in REPEATED:
        parse(piece.encode() * (SIZE // len(piece)))


ASKED = dns_message.question("dev-api.example.internal", "A", 1232, dnssec=False)
HEAD = ASKED.to_wire()


def _answer(*records: bytes) -> bytes:
    """Return an answer to the question that holds these bytes as its records."""
    counts = len(records).to_bytes(2, "big")
    return HEAD[:2] + b"\x81\x80\x00\x01" + counts + b"\x00\x00\x00\x00" + HEAD[12:-11] + b"".join(records)


#: A record of the name asked for, with a type and data of any kind.
RECORDS = st.builds(
    lambda owner, kind, data: owner + kind.to_bytes(2, "big") + b"\x00\x01\x00\x00\x00\x0a" + len(data).to_bytes(2, "big") + data,
    st.sampled_from((b"\xc0\x0c", b"\x00", b"\xc0\xff", b"\x01\x1b\x00", b"\x3f" + b"\xff" * 63 + b"\x00")),
    st.sampled_from((1, 2, 5, 6, 12, 15, 16, 28, 33, 41, 43, 46, 64, 65, 255, 65535)),
    st.one_of(st.binary(max_size=40), st.just(b"\xc0\x0c"), st.just(b"\x05\x1b[2Jm"), st.just(b"\x0a\x0a\x01\x05")),
)  # fmt: skip


def test_the_answers_that_are_bent_are_answers() -> None:
    read = dns_message.read(ASKED, _answer(b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x0a\x00\x04\x0a\x0a\x01\x05"))
    assert isinstance(read, Answer)
    assert [(r.owner, r.data) for r in read.answers] == [("dev-api.example.internal", "10.10.1.5")]


@given(
    records=st.lists(RECORDS, max_size=4),
    flips=st.lists(st.tuples(st.integers(2, 400), st.integers(0, 255)), max_size=3),
)
@few
def test_any_dns_message_is_read_or_refused(records: list[bytes], flips: list[tuple[int, int]]) -> None:
    wire = bytearray(_answer(*records))
    for place, value in flips:
        wire[place % len(wire)] = value
    read = dns_message.read(ASKED, bytes(wire))
    if isinstance(read, NotAnAnswer):
        shown = read.why
    else:
        shown = "".join(r.owner + r.data for r in (*read.answers, *read.authority, *read.additional))
    assert shown.isprintable()


@given(wire=st.binary(max_size=600))
@few
def test_bytes_that_are_no_dns_message_are_refused(wire: bytes) -> None:
    assert isinstance(dns_message.read(ASKED, wire), NotAnAnswer)


@pytest.mark.timeout(60)
def test_a_big_answer_is_read_in_time() -> None:
    """64 KiB of compressed records, of which each name points to the one before."""
    chain = b"".join(
        (0xC000 | (12 if n == 0 else 42 + 14 * (n - 1))).to_bytes(2, "big")
        + b"\x00\x10\x00\x01\x00\x00\x00\x0a\x00\x02\x01a"
        for n in range(1100)
    )
    wire = _answer(*[chain[i : i + 14] for i in range(0, len(chain), 14)])
    dns_message.read(ASKED, wire)


WORLD_TEXTS = tuple(
    (gallery.WORLDS / f"{n}.yaml").read_text(encoding="utf-8") for n in ("article", "zone-shadowed", "healthy-linux")
)
YAML = (
    "2024-99-99", "1" * 6000, "!!python/object:os.system x", "&a [*a]", "{[]: 1}", "? [a]\n: b", "!!binary x", "!!int x", "!!timestamp x",
    "0x", "1:99:99", "~", "[]", "{}", "''", "-1", "1e400", ".nan", "<<: 1", "!!set {a}", "*x", "- - -", "%YAML 9\n---\n", "\t", "\x00",
    "\x85", "10.0.0.0/99", "::/0", "../../x", "{name: [a]}", "{0: {0: {}}}", "[" * 3000, "{a: " * 3000,
)  # fmt: skip


@given(
    text=st.sampled_from(WORLD_TEXTS),
    changes=st.lists(st.tuples(st.integers(0, 5000), st.sampled_from(YAML), st.booleans()), min_size=1, max_size=3),
)
@settings(few, max_examples=60)
def test_any_world_file_is_read_or_refused(tmp_path: Path, text: str, changes: list[tuple[int, str, bool]]) -> None:
    for place, piece, whole_value in changes:
        lines = text.split("\n")
        line = place % len(lines)
        key, _, value = lines[line].partition(":")
        lines[line] = f"{key}: {piece}" if whole_value else f"{key}:{value}{piece}"
        text = "\n".join(lines)
    path = tmp_path / "world.yaml"
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        load(path)
    except WorldError as error:
        assert len(str(error)) < 2000
