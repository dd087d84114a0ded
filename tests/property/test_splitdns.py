"""Rendering and parsing a split-DNS configuration are each other's inverse, and nothing in it can become syntax."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sddoctor.case.dns import Server
from sddoctor.splitdns.format import Format
from sddoctor.splitdns.formats import FORMATS
from sddoctor.splitdns.model import SplitDns, SplitDnsError, checked_domain, make, reverse_zones

LABELS = st.from_regex(r"\A[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?\Z")
DOMAINS = st.lists(LABELS, min_size=1, max_size=3).map(lambda labels: ".".join((*labels, "internal")))
ADDRESSES = st.ip_addresses().map(str)
PORTS = st.sampled_from((53, 53, 5353))
LINKS = st.from_regex(r"\A[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,14}\Z")


@st.composite
def configs(draw: st.DrawFn) -> SplitDns:
    port = draw(PORTS)
    servers = tuple(Server(a, port) for a in draw(st.lists(ADDRESSES, min_size=1, max_size=2, unique=True)))
    reverse = draw(st.sampled_from(((), ("10.10.in-addr.arpa",), reverse_zones("172.31.16.0/22"))))
    return make(draw(DOMAINS), servers, reverse, draw(LINKS))


@pytest.mark.parametrize("form", FORMATS, ids=lambda f: f.name)
@given(config=configs())
def test_parse_reads_what_render_wrote(form: Format, config: SplitDns) -> None:
    try:
        text = form.render(config)
    except SplitDnsError as error:
        assert config.servers[0].port != 53  # the only thing that some formats cannot say
        assert "port 53" in str(error)
        return
    back = form.parse(text)
    assert back.domains == config.domains
    if form.name == "systemd-resolved":  # the only format that names the interface
        assert back.link == config.link
    # NetworkManager keeps the two families apart, so only the order may change.
    assert sorted(back.servers) == sorted(config.servers)


@pytest.mark.parametrize("form", FORMATS, ids=lambda f: f.name)
@given(text=st.text())
def test_parse_never_breaks(form: Format, text: str) -> None:
    try:
        form.parse(text)
    except SplitDnsError as error:
        assert "\n" not in str(error).strip()


@given(domain=st.text(min_size=1))
def test_no_domain_can_carry_a_path_a_quote_or_a_line(domain: str) -> None:
    try:
        name = checked_domain(domain)
    except SplitDnsError:
        return
    assert not set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert ".." not in name
    assert not name.startswith(".")


@pytest.mark.parametrize(
    "bad", ["../etc/passwd", "a b", 'a"b', "a\nb", "", ".", "a..b", "-a.b", "x" * 64, "a/b", "~x", "*", "10.10.0.2"]
)
def test_bad_domains_are_refused(bad: str) -> None:
    with pytest.raises(SplitDnsError):
        checked_domain(bad)


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("Bücher.Internal.", "xn--bcher-kva.internal"),
        ("例え.internal", "xn--r8jz45g.internal"),
        ("straße.internal", "xn--strae-oqa.internal"),
        ("XN--BCHER-KVA.internal", "xn--bcher-kva.internal"),
    ],
)
def test_a_domain_is_written_in_a_labels(typed: str, domain: str) -> None:
    assert checked_domain(typed) == domain


@pytest.mark.parametrize(
    "bad", ["a\N{ZERO WIDTH JOINER}b.internal", "☃\N{COMBINING ACUTE ACCENT}‽.internal", "ü" * 64, "-ü.internal"]
)
def test_a_bad_international_domain_is_one_sentence(bad: str) -> None:
    with pytest.raises(SplitDnsError) as raised:
        checked_domain(bad)
    assert str(raised.value).count("\n") == 0
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize("bad", ["", "-i", "tun0\n", "a b", "x" * 16, "../x", "*", "tun0;", "%i"])
def test_bad_interfaces_are_refused(bad: str) -> None:
    with pytest.raises(SplitDnsError):
        make("example.internal", (Server("10.10.0.2"),), link=bad)


@pytest.mark.parametrize("zone", ["a b", "a;b", "a\nb", "$(x)", "'", "/", "x" * 65, "\x1b[2J", "é"])
def test_an_address_cannot_carry_syntax_in_its_zone(zone: str) -> None:
    with pytest.raises(SplitDnsError):
        make("example.internal", (Server(f"fe80::1%{zone}"),))


def test_reverse_zones_lie_on_octet_boundaries() -> None:
    assert reverse_zones("10.10.0.0/16") == ("10.10.in-addr.arpa",)
    assert reverse_zones("10.10.0.0/15") == ("10.10.in-addr.arpa", "11.10.in-addr.arpa")
    assert reverse_zones("10.10.16.0/20")[0] == "16.10.10.in-addr.arpa"
    assert len(reverse_zones("10.10.16.0/20")) == 16
    assert reverse_zones("10.0.0.0/8") == ("10.in-addr.arpa",)
    assert reverse_zones("10.10.10.128/26") == ("10.10.10.in-addr.arpa",)
