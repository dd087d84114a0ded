"""The choice on macOS: first section, longest match by whole labels, then order."""

import pytest

from sddoctor.case.forwarder import ForwarderConfig
from sddoctor.case.host import HostFacts, HostsFile, ResolverFile
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen
from sddoctor.formats.host import dnsmasq, hosts_file, resolv_conf, resolver_file, scutil
from sddoctor.resolution.choose import choose
from sddoctor.resolution.model import Choice

NAME = "dev-api.example.internal"
PRIMARY = "  nameserver[0] : 192.168.1.1\n  if_index : 12 (en0)\n  flags    : Request A records\n"
MDNS = "  domain   : local\n  options  : mdns\n  timeout  : 5\n  order    : 300000\n"
SUPPLEMENTAL = "  if_index : 20 (utun4)\n  flags    : Supplemental, Request A records\n"
UNSEEN = NotAttempted("scutil --dns", "it was not recorded")
NO_HOSTS = Seen(HostsFile("/etc/hosts"), "/etc/hosts")


def dns(*blocks: str, scoped: tuple[str, ...] = ()) -> str:
    def section(title: str, parts: tuple[str, ...]) -> str:
        return title + "\n" + "".join(f"\nresolver #{n}\n{part}" for n, part in enumerate(parts, 1)) + "\n"

    text = section("DNS configuration", blocks)
    return text + (section("DNS configuration (for scoped queries)", scoped) if scoped else "")


def choice_of(
    output: str | None,
    files: dict[str, str] | None = None,
    *,
    name: str = NAME,
    conf: str | None = "nameserver 192.168.1.1\n",
    hosts: str = "",
    unread: tuple[str, ...] = (),
    forwarders: tuple[ForwarderConfig, ...] = (),
) -> Fact[Choice]:
    read: Fact[tuple[ResolverFile, ...]] = Absent("/etc/resolver", "/etc/resolver")
    if files is not None:
        listed = [resolver_file.parse(text.encode(), f"/etc/resolver/{n}") for n, text in files.items()]
        read = Seen(tuple(listed), "/etc/resolver")
    facts = HostFacts(
        "macos",
        scutil=UNSEEN if output is None else scutil.parse(output),
        resolver_files=read,
        hosts=Seen(hosts_file.parse(hosts.encode(), "/etc/hosts", name), "/etc/hosts"),
        resolv_conf=Absent("", "") if conf is None else Seen(resolv_conf.parse(conf.encode()), "/etc/resolv.conf"),
        unread_files=unread,
        forwarders=forwarders,
    )
    return choose(name, facts)


def entry(domain: str, server: str, rest: str = "", tail: str = "") -> str:
    return f"  domain   : {domain}\n  nameserver[0] : {server}\n{rest}{tail}"


def asks(found: Fact[Choice]) -> list[str]:
    return [str(server) for server in found.value.servers]


def test_longest_match_wins_whatever_its_order() -> None:
    found = choice_of(
        dns(
            PRIMARY,
            entry("example.internal", "10.0.0.1", SUPPLEMENTAL, "  order    : 100000\n"),
            MDNS,
            entry("internal", "10.0.0.9"),
        ),
        {"internal": "nameserver 10.0.0.9\n"},
    )
    assert asks(found) == ["10.0.0.1"]
    assert (found.value.kind, found.value.source, found.value.link) == ("supplemental", "scutil --dns", "utun4")
    assert [e.source for e in found.value.entries if e.kind == "resolver-file"] == ["/etc/resolver/internal"]


def test_order_decides_between_equal_domains() -> None:
    vpn = entry("example.internal.", "10.0.0.1", SUPPLEMENTAL, "  order    : 100000\n")
    file = {"Example.Internal": "nameserver 10.0.0.2\n"}
    found = choice_of(dns(PRIMARY, vpn, MDNS, entry("Example.Internal", "10.0.0.2")), file)
    assert asks(found) == ["10.0.0.2", "10.0.0.1"]
    assert found.value.source == "/etc/resolver/Example.Internal"
    late = {"x": "domain example.internal\nsearch_order 150000\nnameserver 10.0.0.2\n"}
    found = choice_of(
        dns(PRIMARY, vpn, MDNS, entry("example.internal", "10.0.0.2", tail="  order    : 150000\n")), late
    )
    assert asks(found) == ["10.0.0.1", "10.0.0.2"]


def test_labels_and_case() -> None:
    output = dns(PRIMARY, MDNS, entry("dev.EXAMPLE.internal.", "10.0.0.3"), entry("ample.internal", "10.0.0.4"))
    assert asks(choice_of(output)) == ["192.168.1.1"]
    assert asks(choice_of(output, name="api.dev.example.INTERNAL".lower())) == ["10.0.0.3"]


def test_supplemental_without_domain_goes_before_the_default() -> None:
    vpn = f"  nameserver[0] : 10.0.0.1\n{SUPPLEMENTAL}  order    : 100800\n"
    found = choice_of(dns(PRIMARY, vpn, MDNS))
    assert asks(found) == ["10.0.0.1", "192.168.1.1"]
    assert found.value.kind == "supplemental"


def test_file_without_domain_goes_before_the_default() -> None:
    text = "domain  example.internal\nnameserver 10.10.0.2\n"
    found = choice_of(dns(PRIMARY, MDNS, "  nameserver[0] : 10.10.0.2\n"), {"corp": text})
    assert asks(found) == ["10.10.0.2", "192.168.1.1"]
    assert (found.value.kind, found.value.source, found.value.matched) == ("resolver-file", "/etc/resolver/corp", "")
    assert asks(choice_of(None, {"corp": text})) == ["10.10.0.2", "192.168.1.1"]


def test_scoped_and_search_domains_do_not_route() -> None:
    vpn = f"  domain   : example.internal\n  search domain[0] : example.internal\n  nameserver[0] : 10.10.0.2\n{SUPPLEMENTAL}"
    found = choice_of(dns("  search domain[0] : example.internal\n" + PRIMARY, MDNS, scoped=(vpn,)))
    assert asks(found) == ["192.168.1.1"]
    assert [e.usable for e in found.value.entries if e.interface == "utun4"] == [False]


def test_entry_without_server_is_passed_over() -> None:
    found = choice_of(
        dns(PRIMARY, MDNS, "  domain   : example.internal\n"), {"example.internal": "nameserver  10.10.0.2\n"}
    )
    assert asks(found) == ["192.168.1.1"]
    assert found.value.kind == "default-resolver"
    (broken,) = [e for e in found.value.entries if e.kind == "resolver-file"]
    assert (broken.source, broken.usable) == ("/etc/resolver/example.internal", False)


def test_misread_file_explains_its_entry() -> None:
    found = choice_of(
        dns(PRIMARY, MDNS, entry("example.internal", "10.10.0.0")), {"example.internal": "nameserver 10.10.0.2\r\n"}
    )
    assert asks(found) == ["10.10.0.0"]
    assert found.value.source == "/etc/resolver/example.internal"


def test_a_carriage_return_in_a_domain_keeps_it_from_matching() -> None:
    text = "domain example.internal\r\nnameserver 10.10.0.2\n"
    output = dns(PRIMARY, MDNS, entry("example.internal\r", "10.10.0.2"))
    found = choice_of(output, {"example.internal": text})
    assert asks(found) == ["192.168.1.1"]
    recorded_with_crlf = dns(PRIMARY, MDNS, entry("example.internal", "10.10.0.2")).replace("\n", "\r\n")
    assert asks(choice_of(recorded_with_crlf)) == ["10.10.0.2"]


def test_local_names() -> None:
    output = dns(PRIMARY, MDNS, entry("corp.local", "10.10.0.2"))
    assert choice_of(output, name="api.corp.local").value.servers[0].address == "10.10.0.2"
    found = choice_of(output, name="printer.local").value
    assert (found.kind, found.servers, found.matched) == ("multicast", (), "local")
    assert choice_of(None, {}, name="printer.local").value.kind == "multicast"


def test_port_and_unknown_origin() -> None:
    found = choice_of(dns(PRIMARY, MDNS, entry("example.internal", "127.0.0.1", "  port     : 5353\n")), {})
    assert asks(found) == ["127.0.0.1#5353"]
    assert (found.value.kind, found.value.source) == ("resolver-file", "scutil --dns")


def test_hosts_file_comes_first() -> None:
    found = choice_of(dns(PRIMARY, MDNS), hosts=f"1.2.3.4 {NAME.upper()}\n").value
    assert (found.kind, found.servers, found.source) == ("hosts-file", (), "/etc/hosts")


def test_no_configuration() -> None:
    found = choice_of("No DNS configuration available\n", {"example.internal": "nameserver 10.10.0.2\n"}).value
    assert (found.kind, found.servers) == ("default-resolver", ())


@pytest.mark.parametrize(
    ("files", "expected", "source"),
    [
        ({"example.internal": "nameserver 10.10.0.2\n"}, "10.10.0.2", "/etc/resolver/example.internal"),
        ({"x": "domain example.internal\nnameserver 10.10.0.2\n"}, "10.10.0.2", "/etc/resolver/x"),
        ({"internal": "nameserver 10.0.0.9\n", "dev": "nameserver 10.0.0.8\n"}, "10.0.0.9", "/etc/resolver/internal"),
        ({"example.internal": "nameserver=10.10.0.2\n"}, "192.168.1.1", "/etc/resolv.conf"),
        ({"example.internal~": "nameserver 10.10.0.2\n"}, "192.168.1.1", "/etc/resolv.conf"),
        ({".example.internal": "nameserver 10.10.0.2\n"}, "192.168.1.1", "/etc/resolv.conf"),
        ({"x": "domain example.internal\r\nnameserver 10.10.0.2\n"}, "192.168.1.1", "/etc/resolv.conf"),
        ({"example.internal": "flags scoped\nnameserver 10.10.0.2\n"}, "192.168.1.1", "/etc/resolv.conf"),
    ],
)
def test_files_alone(files: dict[str, str], expected: str, source: str) -> None:
    found = choice_of(None, files)
    assert asks(found) == [expected]
    assert found.value.source == source
    assert "Apple's published parser" in found.value.why


def test_search_order_among_files() -> None:
    files = {
        "a": "domain example.internal\nsearch_order 2\nnameserver 10.0.0.1\n",
        "b": "domain example.internal\nsearch_order 1\nnameserver 10.0.0.2\n",
    }
    assert asks(choice_of(None, files)) == ["10.0.0.2", "10.0.0.1"]


def test_what_cannot_be_known_is_a_gap() -> None:
    assert isinstance(choice_of(None, None, conf=None), NotAttempted)
    unread = ("/etc/resolver/example.internal",)
    assert isinstance(choice_of(None, {}, unread=unread), NotAttempted)
    assert (
        choice_of(dns(PRIMARY, MDNS, entry("example.internal", "10.10.0.2")), {}, unread=unread).value.source
        == unread[0]
    )


def test_resolv_conf_with_comments_only_says_nothing_about_dig() -> None:
    assert choice_of(dns(PRIMARY, MDNS), conf="# macOS Notice\n").value.bypass_servers is None


def test_a_file_leads_to_a_dnsmasq_on_this_mac() -> None:
    path = "/opt/homebrew/etc/dnsmasq.conf"
    text = "port=5354\nserver=/example.internal/10.10.0.2\nserver=1.1.1.1\n"
    local = dnsmasq.of_texts([(path, text)], NAME, path)
    files = {"example.internal": "nameserver 127.0.0.1\nport 5354\n"}
    found = choice_of(None, files, forwarders=(local,))
    assert (asks(found), str(found.value.stub), found.value.stub_is) == (["10.10.0.2"], "127.0.0.1#5354", "dnsmasq")
    assert (found.value.kind, found.value.source) == ("forwarder", path)
    assert "forwarder" in {e.kind for e in found.value.entries}
    other_port = choice_of(None, {"example.internal": "nameserver 127.0.0.1\n"}, forwarders=(local,))
    assert (asks(other_port), other_port.value.kind) == (["127.0.0.1"], "resolver-file")
