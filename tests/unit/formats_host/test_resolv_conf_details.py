"""What glibc and musl make of options, domains, comments, long lines and further servers."""

import pytest

from sddoctor.formats.host.resolv_conf import parse


@pytest.mark.parametrize("libc", ["glibc", "musl"])
@pytest.mark.parametrize("line", ["  # nameserver 10.0.0.9", "\t; nameserver 10.0.0.9", "# nameserver 10.0.0.9"])
def test_a_comment_with_blanks_before_it_is_no_line_that_is_dropped(line: str, libc: str) -> None:
    found = parse(f"{line}\nnameserver 10.10.0.2\n".encode(), libc=libc)
    assert found.listed == ("10.10.0.2",)
    assert found.ignored == ()


def test_domain_has_one_word_for_glibc_and_all_for_musl() -> None:
    text = b"search corp.example\ndomain a.example b.example\nnameserver 10.10.0.2\n"
    assert parse(text).search == ("a.example",)
    assert parse(text, libc="musl").search == ("a.example", "b.example")
    assert parse(b"domain a.example\nsearch b.example c.example\n").search == ("b.example", "c.example")


@pytest.mark.parametrize(("length", "is_read"), [(254, True), (255, False), (256, False)])
@pytest.mark.parametrize("end", ["\n", ""])
def test_musl_reads_lines_that_fit_into_its_buffer(length: int, is_read: bool, end: str) -> None:
    line = "nameserver 10.10.0.2".ljust(length)
    assert bool(parse(f"{line}{end}".encode(), libc="musl").listed) is is_read
    assert parse(f"{line}{end}".encode()).listed == ("10.10.0.2",)


@pytest.mark.parametrize("libc", ["glibc", "musl"])
def test_a_file_with_everything(libc: str) -> None:
    text = (
        "; made by hand\nnameserver\tfe80::1%eth0\nnameserver  fd00::2   # office\nsortlist 130.155.160.0/255.255.240.0\n"
        "options rotate timeout:0 attempts:9 edns0 use-vc single-request no-aaaa trust-ad\noptions ndots:99\n"
        "nameserver [fd00::3]:53\nnameserver fd00::4 port 53\nnameserver 10.0.0.5\nsearch a.example b.example"
    )
    found = parse(text.encode(), libc=libc)
    assert found.effective == ("fe80::1%eth0", "fd00::2", "fd00::4")
    assert found.listed == (*found.effective, "10.0.0.5")
    assert [line.line for line in found.ignored] == [7]
    assert found.ndots == 15
    assert {"rotate", "use-vc", "no-aaaa", "timeout:0"} <= {*found.options}
    assert found.search == ("a.example", "b.example")
