"""Files of /etc/resolver by the rules of Apple's published parser."""

import pytest

from sddoctor.case.host import ResolverFile
from sddoctor.formats.host.resolver_file import parse

PATH = "/etc/resolver/example.internal"


def read(text: str, path: str = PATH) -> ResolverFile:
    return parse(text.encode(), path)


@pytest.mark.parametrize(
    "text",
    [
        "nameserver 10.10.0.2\n",
        "nameserver 10.10.0.2",
        "NAMESERVER\t10.10.0.2\t; comment\n",
        "; comment\n#comment\n\nnameserver 10.10.0.2 extra words\n",
        "timeout 5\nnameserver 10.10.0.2\n",
    ],
)
def test_plain_files(text: str) -> None:
    found = read(text)
    assert [s.address for s in found.servers] == ["10.10.0.2"]
    assert found.domain == "example.internal"
    assert found.misread == found.ignored == ()


@pytest.mark.parametrize(
    ("word", "address", "port"),
    [
        ("10.10.0.2\r", "10.10.0.0", 2),
        ("10.10.0.2:53", "10.10.0.0", 2),
        ("10.10.0.2#53", "10.10.0.0", 2),
        ("10.10.0.53;x", "10.10.0.0", 53),
        ("010.10.0.2", "8.10.0.2", None),
        ("10.10.0.x", "10.10.0.0", 0),
    ],
)
def test_misread_addresses(word: str, address: str, port: int | None) -> None:
    found = read(f"nameserver {word}\n")
    assert [(s.address, s.port) for s in found.servers] == [(address, 53)]
    assert found.address_ports == (port,)
    assert [line.line for line in found.misread] == [1]
    assert address in found.misread[0].why


@pytest.mark.parametrize(
    ("word", "address", "port"),
    [
        ("10.0.0.17.55", "10.0.0.17", 55),
        ("10.10.2", "10.10.0.2", None),
        ("fe80::1%en0", "fe80::1%en0", None),
        ("::1.5353", "::1", 5353),
    ],
)
def test_addresses_read_as_written(word: str, address: str, port: int | None) -> None:
    found = read(f"nameserver {word}\n")
    assert [(s.address, s.port) for s in found.servers] == [(address, 53)]
    assert found.address_ports == (port,)
    assert found.misread == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "# nameserver 10.10.0.2\n",
        " nameserver 10.10.0.2\n",
        "\tnameserver 10.10.0.2\n",
        "\ufeffnameserver 10.10.0.2\n",
        "nameserver=10.10.0.2\n",
        "nameserver\n",
        "nameserver\r\n",
        "10.10.0.2\n",
        "nameservers 10.10.0.2\n",
        "server 10.10.0.2\n",
    ],
)
def test_no_resolver(text: str) -> None:
    assert not read(text).created


@pytest.mark.parametrize("text", ["nameserver  10.10.0.2\n", "nameserver \n", "nameserver ns.example\n", "port 53\n"])
def test_resolver_without_server(text: str) -> None:
    found = read(text)
    assert found.created
    assert found.servers == ()
    if "nameserver" in text:
        assert [line.line for line in found.ignored] == [1]


def test_refused_values_count_towards_the_limit() -> None:
    found = read("nameserver one\nnameserver  10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\n")
    assert [s.address for s in found.servers] == ["10.0.0.2"]
    assert [s.address for s in found.listed] == ["10.0.0.2", "10.0.0.3"]
    assert [line.line for line in found.ignored] == [1, 2, 4]


def test_first_of_single_keywords_counts() -> None:
    found = read("port 5301\nport 5302\ndomain a.example\ndomain b.example\nnameserver 127.0.0.1\n")
    assert (found.port, found.domain, found.servers[0].port) == (5301, "a.example", 5301)


@pytest.mark.parametrize(
    ("line", "domain"),
    [
        ("domain corp.example", "corp.example"),
        ("domain corp.example..", "corp.example"),
        ("domain  corp.example", None),
        ("domain ", None),
        ("domain", "example.internal"),
        ("Domain Corp.Example extra", "Corp.Example"),
        ("domain corp.example\r", "corp.example\r"),
    ],
)
def test_domain(line: str, domain: str | None) -> None:
    assert read(f"{line}\nnameserver 10.10.0.2\n").domain == domain


@pytest.mark.parametrize("name", ["example.internal~", ".example.internal.swp", "example.internal.conf", "*.internal"])
def test_the_file_name_is_the_domain_as_it_is(name: str) -> None:
    assert read("nameserver 10.10.0.2\n", f"/etc/resolver/{name}").domain == name


def test_lists() -> None:
    found = read("search  a  b c d e f g\noptions  debug \tndots:2\nsearch_order 3x\ntimeout 7\nnameserver 1.1.1.1\n")
    assert found.search == ("a", "b", "c", "d", "e", "f")
    assert found.options == ("debug", "ndots:2")
    assert (found.search_order, found.timeout) == (3, 7)


def test_scoped_flag() -> None:
    found = read("nameserver 10.10.0.2\nflags a scoped\ninterface en0\n")
    assert found.scoped
    assert found.interface == "en0"


@pytest.mark.parametrize("port", ["0", "70000", "-1", "x"])
def test_senseless_ports_are_not_used(port: str) -> None:
    found = read(f"nameserver 10.10.0.2\nport {port}\n")
    assert found.port is None
    assert found.servers[0].port == 53
