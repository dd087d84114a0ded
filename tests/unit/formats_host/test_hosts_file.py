"""The hosts file; what glibc makes of each line was measured with glibc 2.36."""

import pytest

from sddoctor.formats.host.hosts_file import parse

NAME = "dev-api.example.internal"


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (f"1.2.3.4 {NAME}", "1.2.3.4"),
        (f"1.2.3.4\tother {NAME.upper()} more\r", "1.2.3.4"),
        (f"  1.2.3.4 {NAME}#comment", "1.2.3.4"),
        (f"fd00::1 {NAME}", "fd00::1"),
        (f"10.2 {NAME}", None),
        (f"foo {NAME}", None),
        (f"1.2.3.4 {NAME}.", None),
        (f"\ufeff1.2.3.4 {NAME}", None),
        (f"# 1.2.3.4 {NAME}", None),
        (f"1.2.3.4 x{NAME}", None),
        (f"1.2.3.4 # {NAME}", None),
    ],
)
def test_lines(line: str, address: str | None) -> None:
    entries = parse(f"127.0.0.1 localhost\n{line}\n".encode(), "/etc/hosts", NAME).entries
    assert [(e.line, e.address) for e in entries] == ([(2, address)] if address else [])


def test_musl_compares_byte_by_byte() -> None:
    data = f"1.2.3.4 {NAME.upper()}\n1.2.3.5 {NAME}\n".encode()
    assert [e.address for e in parse(data, "/etc/hosts", NAME, any_case=False).entries] == ["1.2.3.5"]
    assert len(parse(data, "/etc/hosts", NAME).entries) == 2


def test_other_names_are_not_kept() -> None:
    assert parse(b"10.0.0.1 secret.corp.example\n", "/etc/hosts", NAME).entries == ()
