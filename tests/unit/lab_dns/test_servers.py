import dns.flags
import dns.message
import pytest

NAME = "dev-api.example.internal"
ROUTER = "192.168.1.1"


def router(**more):
    return {"servers": [{"address": ROUTER, **more}]}


@pytest.fixture
def one(instances):
    return instances("10.10.1.1")


@pytest.mark.parametrize("tld", ["internal", "local", "lan", "corp", "test", "invalid"])
def test_the_root_denies_what_is_no_tld(build, tld):
    said = build().resolve(ROUTER, f"dev-api.example.{tld}", "A")
    assert said.rcode == "NXDOMAIN"
    assert (said.authority[0].owner, said.authority[0].data.split()[0]) == (".", "a.root-servers.net.")


def test_public_names(build):
    service = build()
    assert service.resolve(ROUTER, "one.one.one.one", "A").addresses == ("1.1.1.1", "1.0.0.1")
    assert (
        service.resolve(ROUTER, "example.com", "A").addresses
        == service.resolve(ROUTER, "www.example.com", "A").addresses
    )
    denied = service.resolve(ROUTER, "dev-api.corp.example.com", "A")
    assert (denied.rcode, denied.authority[0].owner) == ("NXDOMAIN", "example.com")
    assert service.resolve(ROUTER, "example.com", "TXT").answers == ()


PUBLIC = {"type": "DNS_PUBLIC", "name": "svc.example.com", "vpcs": []}


def test_a_public_namespace_is_answered_everywhere_when_delegated(build, one):
    service = build({"namespaces": {"ns-1": PUBLIC}}, one)
    assert service.resolve(ROUTER, "dev-api.svc.example.com", "A").addresses == ("10.10.1.1",)
    assert service.resolve("10.20.0.2", "dev-api.svc.example.com", "A").addresses == ("10.10.1.1",)
    not_delegated = build({"namespaces": {"ns-1": {**PUBLIC, "delegated": False}}}, one)
    said = not_delegated.resolve(ROUTER, "dev-api.svc.example.com", "A")
    assert (said.rcode, said.authority[0].owner) == ("NXDOMAIN", "example.com")
    whole = build({"namespaces": {"ns-1": {**PUBLIC, "name": "example.com", "delegated": False}}}, one)
    said = whole.resolve(ROUTER, "dev-api.example.com", "A")
    assert (said.rcode, said.authority[0].owner) == ("NXDOMAIN", "com")


@pytest.mark.parametrize(("kind", "rcode"), [("refuses", "REFUSED"), ("servfail", "SERVFAIL")])
def test_fixed_kinds(build, kind, rcode):
    assert build(router(kind=kind)).resolve(ROUTER, NAME, "A").rcode == rcode


def test_silent(build):
    assert build(router(kind="silent")).resolve(ROUTER, NAME, "A") is None


def test_hijacks_what_does_not_exist_only(build):
    service = build(router(kind="hijacks", address_for_unknown="203.0.113.9"))
    assert service.resolve(ROUTER, NAME, "A").addresses == ("203.0.113.9",)
    assert service.resolve(ROUTER, NAME, "AAAA").answers == ()
    assert service.resolve(ROUTER, "one.one.one.one", "A").addresses == ("1.1.1.1", "1.0.0.1")


def test_forwards_the_longest_domain(build, one):
    more = {"address": "10.9.9.9", "records": {NAME: ["10.9.0.1"]}}
    service = build(
        {"servers": [{"address": ROUTER, "forwards": {"internal": "10.9.9.9", "example.internal": "10.10.0.2"}}, more]},
        one,
    )
    assert service.resolve(ROUTER, NAME, "A").addresses == ("10.10.1.1",)
    assert service.resolve(ROUTER, "x.internal", "A").rcode == "NXDOMAIN"


@pytest.mark.parametrize(("mode", "rcode"), [("empty", "NOERROR"), ("refused", "REFUSED")])
def test_rebind_filter_takes_private_addresses_only(build, one, mode, rcode):
    service = build(router(forwards={"example.internal": "10.10.0.2"}, rebind_filter=mode), one)
    said = service.resolve(ROUTER, NAME, "A")
    assert (said.rcode, said.answers, said.authority) == (rcode, (), ())
    assert service.resolve(ROUTER, "one.one.one.one", "A").addresses == ("1.1.1.1", "1.0.0.1")
    assert service.resolve(ROUTER, "example.internal", "SOA").answers


def test_a_forwarder_without_upstream_is_servfail(build):
    assert build(router(forwards={"internal": "10.99.99.99"})).resolve(ROUTER, NAME, "A").rcode == "SERVFAIL"


def test_own_records_and_a_remembered_denial(build, one):
    service = build(
        router(records={"nas.lan": ["192.168.1.9"]}, forwards={"internal": "10.10.0.2"}, remembers={NAME: 30}), one
    )
    assert service.resolve(ROUTER, "nas.lan", "A").addresses == ("192.168.1.9",)
    assert service.resolve(ROUTER, NAME, "A").authority[0].ttl == 30
    service.now = 31.0
    assert service.resolve(ROUTER, NAME, "A").addresses == ("10.10.1.1",)


def test_a_validating_forwarder_rejects_unless_asked_not_to_check(build, one):
    service = build(router(forwards={"internal": "10.10.0.2"}, validates=True), one)
    assert service.resolve(ROUTER, NAME, "A").rcode == "SERVFAIL"
    assert service.resolve(ROUTER, NAME, "A", checking=False).addresses == ("10.10.1.1",)
    assert service.resolve(ROUTER, "one.one.one.one", "A").addresses == ("1.1.1.1", "1.0.0.1")
    query = dns.message.make_query(NAME, "A", flags=dns.flags.RD | dns.flags.CD)
    assert service.answer(ROUTER, query, "udp").answer
