"""resolv.conf by the rules of glibc (each outcome measured with glibc 2.36) and musl."""

import pytest

from sddoctor.formats.host.resolv_conf import parse


@pytest.mark.parametrize(
    ("line", "server"),
    [
        ("nameserver 10.10.0.2", "10.10.0.2"),
        ("nameserver\t \t10.10.0.2   # vpn", "10.10.0.2"),
        ("nameserver 10.10.0.2 192.168.1.1", "10.10.0.2"),
        ("nameserver 10.10.2", "10.10.0.2"),
        ("nameserver 0177.0.0.2", "127.0.0.2"),
        ("nameserver 0x7f.2", "127.0.0.2"),
        ("nameserver fe80::1%eth0", "fe80::1%eth0"),
        ("nameserver ::ffff:127.0.0.2%no such zone", "::ffff:127.0.0.2%no"),
        ("nameserver FD00::2", "fd00::2"),
        ("nameserver 10.10.0.2\0rest", "10.10.0.2"),
    ],
)
def test_glibc_reads(line: str, server: str) -> None:
    found = parse(f"{line}\n".encode())
    assert found.listed == (server,)
    assert found.ignored == ()


@pytest.mark.parametrize(
    "line",
    [
        "nameserver 10.10.0.2\r",
        " nameserver 10.10.0.2",
        "Nameserver 10.10.0.2",
        "nameserver=10.10.0.2",
        "nameserver:10.10.0.2",
        "nameserver10.10.0.2",
        "\ufeffnameserver 10.10.0.2",
        "nameserver 10.10.0.2:53",
        "nameserver 10.10.0.2.53",
        "nameserver 10.10.0.2#53",
        "nameserver 10.10.0.2#vpn",
        "nameserver 10.10.0.2;",
        "nameserver 10.10.0.2\f",
        "nameserver [::1]",
        "nameserver dns.corp.example",
        "nameserver",
        "nameserver ",
        "name server 10.10.0.2",
    ],
)
def test_glibc_ignores(line: str) -> None:
    found = parse(f"# head\n{line}\n".encode())
    assert found.listed == ()
    assert found.effective == ("127.0.0.1",)
    assert [(i.line, bool(i.why)) for i in found.ignored] == [(2, True)]


def test_four_servers() -> None:
    text = "".join(f"nameserver 10.0.0.{n}\n" for n in range(1, 5))
    for libc in ("glibc", "musl"):
        found = parse(text.encode(), libc=libc)
        assert len(found.listed) == 4
        assert found.effective == ("10.0.0.1", "10.0.0.2", "10.0.0.3")


def test_last_of_domain_and_search_wins() -> None:
    assert parse(b"search a.example b.example\ndomain c.example d.example\n").search == ("c.example",)
    assert parse(b"domain c.example\nsearch a.example\tb.example\n").search == ("a.example", "b.example")


@pytest.mark.parametrize(("option", "ndots"), [("ndots:5", 5), ("ndots:99", 15), ("ndots:", 1), ("rotate", 1)])
def test_options(option: str, ndots: int) -> None:
    found = parse(f"options {option} timeout:1\noptions attempts:2\n".encode())
    assert found.options == (option, "timeout:1", "attempts:2")
    assert found.ndots == ndots


def test_musl_tolerates_carriage_returns() -> None:
    found = parse(b"nameserver 10.10.0.2\r\nsearch example.internal\r\n", libc="musl")
    assert found.listed == ("10.10.0.2",)
    assert found.search == ("example.internal",)


@pytest.mark.parametrize("line", [" nameserver 10.0.0.1", "Nameserver 10.0.0.1", "nameserver 10.0.0.1:53"])
def test_musl_ignores(line: str) -> None:
    assert parse(f"{line}\n".encode(), libc="musl").effective == ("127.0.0.1",)


def test_musl_skips_long_lines() -> None:
    line = "search " + " ".join(f"d{n}.example.internal" for n in range(20))
    assert parse(f"{line}\n".encode(), libc="musl").search == ()
    assert len(parse(f"{line}\n".encode(), libc="glibc").search) == 20


def test_no_final_line_end() -> None:
    assert parse(b"nameserver 10.10.0.2").listed == ("10.10.0.2",)
