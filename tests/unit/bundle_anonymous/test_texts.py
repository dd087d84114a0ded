"""Names, domains and free text, with everything replaced that could tell whose they are."""

import re

import pytest

from sddoctor.bundle.anonymous.addresses import Addresses
from sddoctor.bundle.anonymous.ids import Ids
from sddoctor.bundle.anonymous.pseudonyms import Words
from sddoctor.bundle.anonymous.texts import Texts, tokens
from sddoctor.text.likeness import likeness

NAMES = [
    "orders",
    "acme",
    "payroll",
    "apis",
    "api",
    "exmaple",
    "example",
    "alice",
    "smith",
    "example",
    "service",
    "vpn",
]


def _texts(known: frozenset[str] = frozenset(), key: bytes = b"key") -> Texts:
    return Texts(Words(key, NAMES), Ids(key), Addresses(key, []), known)


def test_a_name_is_the_same_in_a_domain_an_arn_and_a_sentence() -> None:
    texts = _texts()
    name = texts.name("orders-api")
    assert re.fullmatch(r"[a-z]{6}-[a-z]{3}", name)
    assert name != "orders-api"
    assert texts.domain("orders-api.acme.internal").startswith(f"{name}.")
    assert texts.text("the instances of orders-api.acme.internal") == (
        f"the instances of {texts.domain('orders-api.acme.internal')}"
    )
    arn = texts.text("arn:aws:ecs:eu-west-1:111122223333:service/acme/orders-api")
    assert re.fullmatch(rf"arn:aws:ecs:eu-west-1:\d{{12}}:service/{texts.name('acme')}/{name}", arn)
    assert "111122223333" not in arn
    assert (
        texts.text("(service orders-api) has reached a steady state.")
        == f"(service {name}) has reached a steady state."
    )


def test_capitals_stay_where_they_were() -> None:
    texts = _texts()
    assert texts.domain("Orders.ACME.internal").lower() == texts.domain("orders.acme.internal")
    assert texts.name("Orders")[0].isupper()
    assert texts.name("ACME").isupper()


@pytest.mark.parametrize(
    "text",
    [
        "no answer within 2.0 s",
        "ecs:DescribeTasks tasks[].healthStatus",
        "the line ends with a carriage return (Windows line end), which is read as part of the address",
        "CMD-SHELL",
        "curl -f http://localhost:3000/health || exit 1",
        "wget -q -O /dev/null http://127.0.0.1:3000/health || exit 1",
        "/etc/resolv.conf",
        "scutil --dns",
        "ns-1536.awsdns-00.co.uk awsdns-hostmaster.amazon.com 1 7200 900 1209600 86400",
        "a.root-servers.net nstld.verisign-grs.com 2026112400 1800 900 604800 86400",
        "eu-west-1.compute.internal",
        "_tcp",
        "",
    ],
)
def test_what_is_nobodys_stays(text: str) -> None:
    assert _texts().text(text) == text


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("/home/alice/work", "alice"),
        ("User: arn:aws:iam::111122223333:user/smith is not authorized", "smith"),
        ("Payroll of ACME", "payroll"),
        ("vpc-0a1b2c3d4e5f60718 and eni-0123456789abcdef0", "0a1b2c3d4e5f60718"),
        ("task 0f4a1c5be0d34e7fa1b2c3d4e5f60701", "0f4a1c5be0d34e7fa1b2c3d4e5f60701"),
        ("4c5bb6d5-8f4a-4d9e-9b1f-3d1b1f5a0001", "4c5bb6d5"),
        ("Z0123456789ABCDEFGHIJ", "0123456789abcdefghij"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:7", "111122223333"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:7", "orders"),
        ("ip-10-20-30-40.eu-west-1.compute.internal", "10-20-30-40"),
        ("40.30.20.10.in-addr.arpa", "40.30.20.10"),
        ("Machine orders-172-20-80-11", "172-20-80-11"),
        ("dns @10.20.30.40 A", "10.20.30.40"),
        ("a way to 10.20.30.40.", "10.20.30.40"),
        ("fd12:3456:789a::10/64", "fd12:3456"),
        ("löwenbräu GmbH 株式会社", "löwenbräu"),
        ("löwenbräu GmbH 株式会社", "株式会社"),
    ],
)
def test_what_is_somebodys_goes(text: str, gone: str) -> None:
    assert gone in text.lower()
    assert gone not in _texts().text(text).lower()


def test_reverse_names_are_those_of_the_new_addresses() -> None:
    texts = _texts()
    new = texts.text("10.20.30.40").split(".")
    assert texts.domain("40.30.20.10.in-addr.arpa") == ".".join(new[::-1]) + ".in-addr.arpa"
    assert texts.domain("30.20.10.in-addr.arpa") == ".".join(new[2::-1]) + ".in-addr.arpa"
    assert texts.domain("ip-10-20-30-40.ec2.internal") == f"ip-{'-'.join(new)}.ec2.internal"


def test_a_name_of_ordinary_words_is_a_name_in_sentences_too() -> None:
    assert _texts().text("service health-check runs") == "service health-check runs"
    known = _texts(frozenset({"health-check"}))
    assert known.text("service health-check runs") == f"service {known.name('health-check')} runs"


def test_words_that_resemble_each_other_still_do() -> None:
    texts = _texts()
    for a, b in (("example", "exmaple"), ("api", "apis")):
        assert texts.name(a) != texts.name(b)
        assert likeness(texts.name(a), texts.name(b)) == likeness(a, b)


def test_different_words_stay_different_and_another_key_gives_others() -> None:
    texts = _texts()
    assert len({texts.name(n) for n in NAMES}) == len(set(NAMES))
    assert [texts.name(n) for n in NAMES] == [_texts().name(n) for n in NAMES]
    other = _texts(key=b"other")
    assert not {texts.name(n) for n in NAMES} & {other.name(n) for n in NAMES} - {texts.name("vpn"), texts.name("api")}


def test_tokens_are_found_on_their_own() -> None:
    found = tokens("a/b at 10.0.0.1, arn:aws:ecs:eu-west-1:111122223333:task/dev/0a1b")
    assert {"10.0.0.1", "dev", "111122223333"} <= found


def test_a_cluster_s_own_names_stay_but_not_whose_namespace_or_domain_it_is() -> None:
    texts = _texts()
    acme = texts.name("acme")
    assert texts.domain("kubernetes.default.svc.cluster.local") == "kubernetes.default.svc.cluster.local"
    assert texts.domain("kubernetes.default.svc.acme.corp.") == f"kubernetes.default.svc.{acme}.corp."
    assert texts.domain("acme.svc.cluster.local") == f"{acme}.svc.cluster.local"
    assert texts.domain("cluster.local") == "cluster.local"
    assert texts.domain("kubernetes.acme.internal") != f"kubernetes.{acme}.internal"


def test_the_name_that_shows_dns64_stays() -> None:
    assert _texts().domain("ipv4only.arpa") == "ipv4only.arpa"


#: resolv.conf(5); FreeBSD's resolver(5); OpenBSD's resolv.conf(5).
OPTIONS = """
    debug ndots:2 timeout:1 attempts:3 rotate no-aaaa no-check-names inet6 ip6-bytestring ip6-dotint no-ip6-dotint edns0
    single-request single-request-reopen no-tld-query no_tld_query use-vc no-reload trust-ad strict-error insecure1 insecure2 tcp
    mdns
"""


@pytest.mark.parametrize("option", OPTIONS.split())
def test_options_of_resolv_conf_stay(option: str) -> None:
    assert _texts().text(option) == option
