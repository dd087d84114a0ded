"""No parser raises, whatever it is given."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sddoctor.case.host import HostFacts
from sddoctor.case.seen import Absent, Seen
from sddoctor.formats.host import (
    dnsmasq,
    hosts_file,
    interfaces_linux,
    ip_json,
    ipconfig,
    lookup_output,
    nrpt,
    nsswitch,
    resolv_conf,
    resolve_dnsname,
    resolvectl,
    resolvectl_query,
    resolver_file,
    routes_linux,
    routes_macos,
    scutil,
    unbound,
    windows,
)
from sddoctor.resolution.choose import choose

NAME = "dev-api.example.internal"
PIECES = """nameserver|domain|search|options|port|timeout|search_order|flags|scoped|interface|hosts|:|files|dns|mdns4_minimal
[NOTFOUND=return]|[!UNAVAIL=return]|[|]|10.10.0.2|10.10|default|via|dev|src|10.0.0.0/8|tun0|peer|fe80::1%en0|::1|%|\r|\ufeff
DNS configuration|resolver #1|  domain   : |  nameserver[0] : |  flags    : |  reach    : 0x3 (|)|  if_index : 4 (en0)
Global|Link 2 (eth0)|    Current Scopes: DNS|       DNS Servers: |        DNS Domain: ~.|~example.internal|  Protocols: +DefaultRoute
Namespace : {.a}|NameServers : |{10.0.0.1, x}|DestinationPrefix : 10.0.0.0/8|InterfaceAlias : |NextHop : 0.0.0.0|IPAddress : 1.2.3.4
destination: 10.10.0.0|mask: 255.255.0.0|interface: utun4|flags: <UP,GATEWAY>|Destination Gateway Flags Netif|10.10/16|inet|netmask
0xffffff00|inet6|prefixlen|unreachable|nexthop|server=/a/1.2.3.4#5|rebind-domain-ok=/|forward-zone:|name:|forward-addr: 1.2.3.4@x
/32 host LOCAL|\\|-- 10.0.0.1|999999999999999999999|-1|\t| |\n|\n|\n|\0|é|\ud7ff""".replace("\n", "|").split("|")
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from([*PIECES, "\n", "\n\n", "\r\n"]), max_size=60).map("".join))
BYTES = st.one_of(st.binary(max_size=300), TEXTS.map(lambda t: t.encode("utf-8", "replace")))

FROM_BYTES: list[Callable[[bytes], Any]] = [
    lambda data: resolv_conf.parse(data, libc="glibc"),
    lambda data: resolv_conf.parse(data, libc="musl"),
    lambda data: resolver_file.parse(data, "/etc/resolver/x"),
    nsswitch.parse,
    lambda data: hosts_file.parse(data, "/etc/hosts", NAME),
]
FROM_TEXT: list[Callable[[str], Any]] = [
    scutil.parse,
    resolvectl.parse_status,
    lambda text: resolvectl_query.parse_query(text).result(),
    lookup_output.parse_getent,
    lookup_output.parse_dscacheutil,
    resolve_dnsname.parse,
    nrpt.parse,
    windows.parse_server_addresses,
    windows.parse_addresses,
    windows.parse_interface_metrics,
    ipconfig.parse,
    interfaces_linux.parse_addresses,
    ip_json.parse_addresses,
    routes_macos.parse_addresses,
    interfaces_linux.parse_if_inet6,
    lambda text: interfaces_linux.parse_fib_trie(text, routes_linux.parse_proc_route(text).seen_or(())),
    lambda text: dnsmasq.of_texts([("/etc/dnsmasq.conf", text)], NAME, "/etc/dnsmasq.conf"),
    lambda text: unbound.of_texts([("/etc/unbound/unbound.conf", text)], NAME, "/etc/unbound/unbound.conf"),
]
WITHOUT_JSON: list[Callable[[str], Any]] = [
    windows.parse_find_netroute,
    routes_linux.parse_get,
    ip_json.parse_get,
    lambda text: ip_json.parse_table(text, 4),
    routes_linux.parse_table,
    routes_linux.parse_proc_route,
    routes_macos.parse_get,
    routes_macos.parse_table,
]


@pytest.mark.parametrize("parse", FROM_BYTES)
@given(data=BYTES)
@settings(max_examples=150, deadline=None)
def test_bytes(parse: Callable[[bytes], Any], data: bytes) -> None:
    msgspec.json.encode(parse(data))


@pytest.mark.parametrize("parse", FROM_TEXT)
@given(text=TEXTS)
@settings(max_examples=100, deadline=None)
def test_text(parse: Callable[[str], Any], text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    msgspec.json.encode(parse(text))


@pytest.mark.parametrize("parse", WITHOUT_JSON)
@given(text=TEXTS)
@settings(max_examples=100, deadline=None)
def test_tables(parse: Callable[[str], Any], text: str) -> None:
    parse(text)


@given(files=st.lists(BYTES, max_size=3), dns=TEXTS, conf=BYTES, hosts=BYTES)
@settings(max_examples=100, deadline=None)
def test_choices(files: list[bytes], dns: str, conf: bytes, hosts: bytes) -> None:
    read = Seen(tuple(resolver_file.parse(d, f"/etc/resolver/{n}.internal") for n, d in enumerate(files)), "x")
    entries = Seen(hosts_file.parse(hosts, "/etc/hosts", NAME), "x")
    servers = Seen(resolv_conf.parse(conf), "x")
    for resolvers in (scutil.parse(dns), Absent("", "")):
        choose(NAME, HostFacts("macos", scutil=resolvers, resolver_files=read, hosts=entries, resolv_conf=servers))
    nss, resolved = nsswitch.parse(conf), resolvectl.parse_status(dns)
    choose(NAME, HostFacts("linux", nss=nss, hosts=entries, resolv_conf=servers, resolved=resolved))
    rules, given = nrpt.parse(dns), windows.parse_server_addresses(dns)
    choose(NAME, HostFacts("windows", hosts=entries, nrpt=rules, interface_servers=given))
