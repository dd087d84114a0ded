"""Set-ups that were given to us, with real servers: VPC+2 answers with the tasks, and this host does not get them."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.system import resolved, servers
from tests.system.conftest import Check
from tests.system.topology import HOME, LAPTOP, ROUTER, VPC, VPC_RESOLVER, Network, inside, sh

pytestmark = pytest.mark.system

NAME = "dev-api.example.internal"
ADDRESSES = ["10.10.211.50", "10.10.212.150"]
needs_resolved = pytest.mark.skipif(
    resolved.program() is None and not resolved.REQUIRED,
    reason=f"unpack Debian's systemd-resolved into {resolved.UNPACKED}, as .ci/run does",
)


def judged(report: dict[str, Any], *first: str | None, never: tuple[str, ...]) -> None:
    """The name is broken, the first root cause is one of those (``None``: there may be none), and none is of the others."""
    roots = report["root_causes"]
    words = f"{report['verdict']}: {roots}: {report['headline']}"
    assert (report["verdict"], report["exit"]) == ("broken", 1), words
    assert (roots[0] if roots else None) in first, words
    assert not {*roots} & {*never}, words


def fixes(report: dict[str, Any]) -> str:
    return " ".join(
        f"{x['title']} {x.get('commands')}" for f in report["findings"] if f["role"] == "root-cause" for x in f["fixes"]
    )


def test_the_vpc_answers_everywhere(network: Network) -> None:
    """All set-ups start from this."""
    assert sorted(network.dig(VPC_RESOLVER, NAME, "+short").split()) == ADDRESSES
    assert "NXDOMAIN" in network.dig(ROUTER, NAME)


@needs_resolved
def test_a_global_server_that_is_the_router(network: Network, check: Check) -> None:
    """The global entry is in force and names a wrong server."""
    resolved.start(network, {}, settings=f"LLMNR=no\nMulticastDNS=no\nDNS={ROUTER}\nDomains=~example.internal\n")
    report = check(env=resolved.ENVIRONMENT)
    never = ("split-dns-missing", "os-cache-stale", "no-route-to-resolver")
    judged(report, "resolver-file-wrong-nameserver", never=never)


@needs_resolved
def test_tls_is_demanded_of_a_resolver_without_it(network: Network, check: Check) -> None:
    """The tunnel has the right server and domain; nothing listens at its port 853."""
    tunnel = f"[Match]\nName=tun0\n[Network]\nDNS={VPC_RESOLVER}\nDomains=~example.internal\nKeepConfiguration=yes\n"
    resolved.start(network, {"50-tunnel.network": tunnel}, settings="LLMNR=no\nMulticastDNS=no\nDNSOverTLS=yes\n")
    report = check(env=resolved.ENVIRONMENT)
    never = ("os-cache-stale", "split-dns-missing", "resolver-file-wrong-nameserver", "no-route-to-resolver")
    judged(report, "dns-over-tls-enforced", never=(*never, "resolver-drops-queries", "udp-53-blocked"))
    assert "sudo resolvectl dnsovertls tun0 no" in fixes(report)


#: As dnsmasq is shipped, every line of its main file is a comment.
OWN = f"listen-address=127.0.0.1\nbind-interfaces\nno-resolv\nserver={ROUTER}\nuser=root\n"
TO_VPC = f"server=/example.internal/{VPC_RESOLVER}\n"
NOT_OF_A_FILE = ("os-cache-stale", "no-route-to-resolver", "rebind-protection", "no-working-resolver")


def own_dnsmasq(network: Network, main: str, files: dict[str, str]) -> None:
    """Programs ask a dnsmasq that starts with the usual main file."""
    network.own_etc()
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    (network.etc / "dnsmasq.conf").write_text(f"{main}{OWN}")
    for name, text in files.items():
        path = network.etc / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    network.start(LAPTOP, "dnsmasq", "--keep-in-foreground", "--pid-file=")
    network.wait_for(LAPTOP, "127.0.0.1")


def shown(network: Network) -> dict[str, Any]:
    """Return what ``resolver show`` says of the name."""
    done = network.run(sys.executable, "-m", "sddoctor", "resolver", "show", NAME, "-o", "json")
    choice: dict[str, Any] = json.loads(done.stdout)["choice"]
    return choice


@pytest.mark.parametrize(
    ("main", "file"),
    [("#conf-dir=/etc/dnsmasq.d\n", "dnsmasq.d/depot.conf"), ("conf-dir=/etc/dnsmasq.d/,*.conf\n", "dnsmasq.d/depot")],
    ids=["nothing includes it", "the pattern leaves it out"],
)
def test_a_file_of_dnsmasq_that_is_not_read(main: str, file: str, network: Network, check: Check) -> None:
    own_dnsmasq(network, main, {file: TO_VPC})
    report = check()
    judged(report, "forwarder-file-not-included", never=NOT_OF_A_FILE)
    (finding,) = (f for f in report["findings"] if f["role"] == "root-cause")
    assert (finding["certainty"], f"/etc/{file}" in finding["summary"]) == ("certain", True), finding["summary"]
    choice = shown(network)
    assert [s["address"] for s in choice["asks"]] == [ROUTER]
    assert (choice["stub"]["address"], choice["stub"]["what"]) == ("127.0.0.1", "dnsmasq")
    assert choice["decided_by"]["source"] == "/etc/dnsmasq.conf"


def test_a_file_of_dnsmasq_that_is_newer_than_the_process(network: Network, check: Check) -> None:
    """What a forwarder answers counts before its files."""
    own_dnsmasq(network, "conf-dir=/etc/dnsmasq.d/,*.conf\n", {"dnsmasq.d/other.conf": "no-hosts\n"})
    (network.etc / "dnsmasq.d/depot.conf").write_text(TO_VPC)
    report = check()
    judged(report, "forwarder-file-not-included", never=(*NOT_OF_A_FILE, "split-dns-missing"))
    assert "Restart dnsmasq" in fixes(report)


def test_a_file_of_dnsmasq_that_is_read(network: Network, check: Check) -> None:
    own_dnsmasq(network, "conf-dir=/etc/dnsmasq.d/,*.conf\n", {"dnsmasq.d/depot.conf": TO_VPC})
    report = check()
    assert (report["verdict"], report["root_causes"]) == ("healthy", []), report["headline"]
    choice = shown(network)
    assert [s["address"] for s in choice["asks"]] == [VPC_RESOLVER]
    assert choice["decided_by"]["source"] == "/etc/dnsmasq.d/depot.conf"


NOT_OF_A_DEAD_RESOLVER = ("split-dns-missing", "os-cache-stale", "no-route-to-resolver", "udp-53-blocked")


def test_resolv_conf_is_a_link_to_nowhere(network: Network, check: Check) -> None:
    """libc then queries this host, where nobody listens."""
    network.own_etc()
    (network.etc / "resolv.conf").unlink()
    (network.etc / "resolv.conf").symlink_to("../run/resolvconf/resolv.conf")
    report = check()
    judged(report, "no-working-resolver", never=(*NOT_OF_A_DEAD_RESOLVER, "resolver-conf-malformed"))


@pytest.mark.parametrize("stub", ["127.0.0.53", "127.0.0.1"])
def test_a_stub_where_nobody_listens(stub: str, network: Network, check: Check) -> None:
    network.files(resolv_conf=f"nameserver {stub}\n")
    judged(check(), "no-working-resolver", never=NOT_OF_A_DEAD_RESOLVER)


def test_a_router_that_is_silent_for_every_name(network: Network, check: Check) -> None:
    sh(*inside(HOME, "iptables", "-A", "INPUT", "-d", ROUTER, "-j", "DROP"))
    judged(check(), "no-working-resolver", never=NOT_OF_A_DEAD_RESOLVER)


def test_a_router_that_is_silent_for_this_name_alone(network: Network, check: Check) -> None:
    """Other names resolve, so the host has a working resolver."""
    for chain in ("udp", "tcp"):
        sh(
            *inside(
                HOME,
                *f"iptables -A INPUT -d {ROUTER} -p {chain} -m string --algo bm".split(),
                "--hex-string",
                "|07|dev-api",
                "-j",
                "DROP",
            )
        )
    judged(check(), "split-dns-missing", None, never=("no-working-resolver", "os-cache-stale", "no-route-to-resolver"))


SEARCH = "search web.svc.cluster.local svc.cluster.local cluster.local\n"


CLUSTER = """\
$TTL 5
@ IN SOA ns.dns.cluster.local. hostmaster.cluster.local. 1 7200 1800 86400 5
@ IN NS ns.dns
ns.dns IN A 10.97.0.10
kubernetes.default.svc IN A 10.97.0.1
"""


@pytest.mark.parametrize(
    ("own", "first"),
    [
        ("host-record=kubernetes.default.svc.cluster.local,10.97.0.1", "cluster-dns-forwards-elsewhere"),
        ("", "split-dns-missing"),
    ],
    ids=["of the cluster", "of another"],
)
def test_a_node_cache_that_forwards_everything_to_the_router(
    network: Network, check: Check, own: str, first: str
) -> None:
    network.cable(LAPTOP, "nodelocaldns", "169.254.20.10/32", HOME, "cache0", "169.254.20.11/32")
    servers.dnsmasq(network, f"server={ROUTER}", own, address="169.254.20.10")
    network.files(resolv_conf=f"{SEARCH}nameserver 169.254.20.10\noptions ndots:5\n")
    never = ("os-cache-stale", "link-local-resolver-outside-vpc", "no-route-to-resolver")
    judged(check(), first, never=never)


@pytest.mark.parametrize(
    ("zones", "first"),
    [({"cluster.local": CLUSTER}, "cluster-dns-forwards-elsewhere"), ({}, "split-dns-missing")],
    ids=["of the cluster", "of another"],
)
def test_a_pod_behind_coredns(network: Network, check: Check, zones: dict[str, str], first: str) -> None:
    """The fix belongs into the cluster's DNS; a command in the pod changes nothing."""
    network.ip(HOME, "address", "add", "10.97.0.10/32", "dev", "lo")
    servers.bind(network, HOME, "10.97.0.10", zones)
    network.own_etc()
    network.files(resolv_conf=f"{SEARCH.strip()} lan\nnameserver 10.97.0.10\noptions ndots:5\n")
    folder = "/run/secrets/kubernetes.io/serviceaccount"
    assert network.run("sh", "-c", f"mkdir -p {folder} && printf web > {folder}/namespace").returncode == 0
    report = check()
    never = ("os-cache-stale", "link-local-resolver-outside-vpc", "search-domain-wildcard")
    judged(report, first, never=never)
    said = fixes(report)
    assert "CoreDNS" in said
    assert not [word for word in ("resolvectl", "tun0", "/etc/dnsmasq.d") if word in said], said


ENDPOINT = {
    "id": "rslvr-in-0office",
    "vpc": "vpc-0a1b2c3d4e5f60718",
    "addresses": ["10.10.1.53", "10.10.2.53"],
}


#: The directory's own zone, which shows whose server it is.
CORP = """\
$TTL 60
@ IN SOA dc1.corp.example. hostmaster.corp.example. 2026112401 900 600 86400 60
@ IN NS dc1
dc1 IN A 192.168.1.53
"""


def office(network: Network) -> None:
    """An office behind Direct Connect: the endpoint answers it, VPC+2 does not, and there is no tunnel."""
    network.vpn_down()
    network.cable(HOME, "dx0", "10.98.0.1/30", VPC, "dx1", "10.98.0.2/30")
    sh(*inside(HOME, "sysctl", "-qw", "net.ipv4.ip_forward=1"))
    network.ip(HOME, "route", "add", "10.10.0.0/16", "via", "10.98.0.2")
    network.ip(VPC, "route", "add", "192.168.1.0/24", "via", "10.98.0.1")
    sh(*inside(VPC, "iptables", "-A", "INPUT", "-d", VPC_RESOLVER, "-j", "DROP"))
    for address in ("10.10.1.53", "10.10.2.53"):
        network.ip(VPC, "address", "add", f"{address}/32", "dev", "lo")
        servers.bind(network, VPC, address, {"example.internal": servers.ZONE})
    network.ip(HOME, "address", "add", "192.168.1.53/24", "dev", "lan0")
    network.files(resolv_conf="search corp.example\nnameserver 192.168.1.53\n")
    assert sorted(network.dig("10.10.1.53", NAME, "+short").split()) == ADDRESSES


NOT_OF_AN_OFFICE = ("os-cache-stale", "no-route-to-resolver", "zone-not-associated", "record-missing")


@pytest.mark.parametrize("changes", [{"endpoints": [ENDPOINT]}])
@pytest.mark.parametrize(
    ("zones", "code"), [({}, "split-dns-missing"), ({"corp.example": CORP}, "company-dns-not-forwarding")]
)
def test_a_company_server_without_a_forwarder(zones: dict[str, str], code: str, network: Network, check: Check) -> None:
    """Whose server it is shows by its authority for this host's search domain."""
    office(network)
    servers.bind(network, HOME, "192.168.1.53", zones)
    judged(check(), code, never=NOT_OF_AN_OFFICE)


@pytest.mark.parametrize("changes", [{"endpoints": [ENDPOINT]}])
def test_a_company_server_whose_forwarder_is_not_answered(network: Network, check: Check) -> None:
    """Its conditional forwarder points to VPC+2, which is silent to it: SERVFAIL for this domain alone."""
    office(network)
    forward = f'zone "example.internal" {{ type forward; forward only; forwarders {{ {VPC_RESOLVER}; }}; }};'
    delegated = f"{servers.ROOT}example.internal. IN NS a.root-servers.net.\n"
    servers.bind(network, HOME, "192.168.1.53", {"corp.example": CORP}, root=delegated, more=forward)
    judged(check(), "company-dns-not-forwarding", never=(*NOT_OF_AN_OFFICE, "split-dns-missing"))


#: What was the namespace's zone once, on a server of the office.
COPY = """\
$TTL 60
@ IN SOA dc1.corp.example. hostmaster.corp.example. 2025010100 900 600 86400 60
@ IN NS dc1.corp.example.
old-api IN A 10.10.211.9
"""


@pytest.mark.parametrize(
    ("copy", "verdict"),
    [(COPY, "broken"), (f"{COPY}dev-api IN A 10.10.211.9\ndev-api IN A 10.10.211.50\n", "degraded")],
)
def test_a_server_with_a_copy_of_the_zone(copy: str, verdict: str, network: Network, check: Check) -> None:
    network.ip(HOME, "address", "add", "192.168.1.53/24", "dev", "lan0")
    servers.bind(network, HOME, "192.168.1.53", {"example.internal": copy})
    network.files(resolv_conf="nameserver 192.168.1.53\n")
    report = check()
    assert (report["verdict"], report["root_causes"]) == (verdict, ["zone-copied-elsewhere"]), report["headline"]


def test_a_dnsmasq_that_knows_a_server_for_another_domain_only(network: Network, check: Check) -> None:
    """It refuses what it has no server for."""
    network.own_etc()
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    own = "listen-address=127.0.0.1\nbind-interfaces\nno-resolv\nuser=root\n"
    (network.etc / "dnsmasq.conf").write_text(f"{own}server=/corp.example/{ROUTER}\n")
    network.start(LAPTOP, "dnsmasq", "--keep-in-foreground", "--pid-file=")
    network.wait_for(LAPTOP, "127.0.0.1")
    assert "REFUSED" in network.dig("127.0.0.1", NAME)
    report = check()
    judged(report, "split-dns-missing", never=("os-cache-stale", "rebind-protection", "no-route-to-resolver"))
    assert "dnsmasq" in report["headline"]
