"""The addresses in what a program printed; nothing else of it is kept."""

from __future__ import annotations

import msgspec
import pytest

from sddoctor.formats.program_error import ProgramError, parse


@pytest.mark.parametrize(
    ("text", "servers", "addresses"),
    [
        ("dial tcp: lookup dev-api.example.internal on 192.168.1.1:53: no such host", ("192.168.1.1",), ()),
        ("lookup x on [::1]:53: read udp [::1]:51234->[::1]:53: read: connection refused", ("::1",), ()),
        ("read udp 192.168.1.23:51234->8.8.8.8:53: i/o timeout", ("8.8.8.8",), ()),
        ("udp 192.168.1.23:51234 -> 8.8.8.8:53", ("8.8.8.8",), ()),
        ("ConnectException: Connection refused: dev-api.example.internal/10.10.9.9:3000", (), ("10.10.9.9",)),
        ("connect ECONNREFUSED 10.10.9.9:3000, 10.10.9.9:3000", (), ("10.10.9.9",)),
        ("Failed to connect to 10.10.9.9 port 3000 after 3 ms", (), ("10.10.9.9",)),
        ('[error] client: 10.10.0.5, upstream: "http://10.10.9.9:3000/"', (), ("10.10.9.9",)),
        ("could not connect to 10.10.9.9.", (), ("10.10.9.9",)),
        ("version 1.2.3.4.5, build 999.1.1.1:53, at 12:30:53", (), ()),
        ("getaddrinfo EAI_AGAIN dev-api.example.internal", (), ()),
        ("", (), ()),
    ],
)
def test_addresses(text: str, servers: tuple[str, ...], addresses: tuple[str, ...]) -> None:
    assert parse(text) == ProgramError(servers, addresses)


@pytest.mark.parametrize(
    "text",
    [
        "** server can't find dev-api.example.internal: NXDOMAIN",
        "\n; <<>> DiG 9.18.28 <<>> x\n;; global options: +cmd",
        "Host dev-api.example.internal not found: 3(NXDOMAIN)",
    ],
)
def test_tools_that_go_round_the_system_are_known(text: str) -> None:
    assert parse(text).lookup_tool


def test_nothing_else_is_kept() -> None:
    text = "GET http://user:hunter2@10.10.9.9:3000/?token=sesame failed"
    assert msgspec.json.encode(parse(text)) == (b'{"servers":[],"addresses":["10.10.9.9"],"lookup_tool":false}')


def test_a_long_text_is_read_in_part() -> None:
    assert len(parse("10.0.0.1:53 " + " ".join(f"10.0.{n % 256}.1" for n in range(100_000))).addresses) == 20


@pytest.mark.parametrize(
    "line",
    [
        "*** UnKnown can't find api.example.internal: Non-existent domain",
        "*** fritz.box kann api.example.internal nicht finden: Non-existent domain",
        "*** UnKnown ne parvient pas à trouver api.example.internal : Non-existent domain",
        "*** UnKnown が api.example.internal を見つけられません: Server failed",
    ],
)
def test_nslookup_of_windows_is_a_lookup_tool_in_every_language(line: str) -> None:
    assert parse(f"Server:  UnKnown\nAddress:  192.168.1.1\n\n{line}\n").lookup_tool is True
    assert parse(f"connect failed {line}").lookup_tool is False
