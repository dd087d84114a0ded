"""The hosts: line of nsswitch.conf; every outcome here was measured with glibc 2.36."""

import pytest

from sddoctor.case.seen import Absent, Seen
from sddoctor.formats.host.nsswitch import action_for, parse


def names(text: str) -> list[str] | None:
    found = parse(text.encode())
    return [s.name for s in found.value] if isinstance(found, Seen) else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hosts: files dns\n", ["files", "dns"]),
        ("  hosts: files\n", ["files"]),
        ("hosts : files\n", ["files"]),
        ("hosts:files dns\r\n", ["files", "dns"]),
        ("hosts: files\nhosts: dns\n", ["dns"]),
        ("hosts: files # dns\n", ["files", "#", "dns"]),
        ("hosts: files[NOTFOUND=return] dns\n", ["files", "dns"]),
        ("hosts:\n", []),
        ("hosts:   \n", []),
        ("hosts: dns\nhosts: files [NOTFOUND=stop]\n", []),
        ("hosts: files [FOO=return] dns\n", []),
        ("hosts: files [NOTFOUND=return dns\n", []),
        ("hosts: files dns\npasswd: files [X=return]\n", []),
        ("hosts: files dns\nsudoers: files [X=return]\n", ["files", "dns"]),
    ],
)
def test_sources(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text", ["", "passwd: files\n", "HOSTS: files\n", "#hosts: files\n", "# hosts: files\n", "passwd: x\nhosts: files"]
)
def test_no_hosts_line(text: str) -> None:
    assert isinstance(parse(text.encode()), Absent)


@pytest.mark.parametrize(
    ("actions", "status", "expected"),
    [
        ("", "SUCCESS", "return"),
        ("", "NOTFOUND", "continue"),
        ("[NOTFOUND=return]", "NOTFOUND", "return"),
        ("[notfound=Return]", "NOTFOUND", "return"),
        ("[ NOTFOUND = return ]", "NOTFOUND", "return"),
        ("[NOTFOUND=return]", "UNAVAIL", "continue"),
        ("[!UNAVAIL=return]", "NOTFOUND", "return"),
        ("[!UNAVAIL=return]", "TRYAGAIN", "return"),
        ("[!UNAVAIL=return]", "UNAVAIL", "continue"),
        ("[SUCCESS=continue NOTFOUND=return]", "SUCCESS", "continue"),
        ("[SUCCESS=continue NOTFOUND=return]", "NOTFOUND", "return"),
        ("[!UNAVAIL=return NOTFOUND=continue]", "NOTFOUND", "continue"),
    ],
)
def test_actions(actions: str, status: str, expected: str) -> None:
    (source,) = parse(f"hosts: resolve {actions}\n".encode()).value
    assert action_for(source, status) == expected
