"""Debian's name servers in a namespace: bind9 as VPC resolver and home router, dnsmasq and unbound as forwarders."""

from __future__ import annotations

from pathlib import Path

from tests.system.topology import HOME, LAPTOP, ROUTER, SIGNED, VPC, VPC_RESOLVER, Network, sh

#: The private zone as Route 53 makes it, and a root that denies what the internet does not know.
ZONE = """\
$TTL 10
@ 900 IN SOA ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 15
@ IN NS ns-1536.awsdns-00.co.uk.
dev-api IN A 10.10.211.50
dev-api IN A 10.10.212.150
"""
REVERSE = """\
$TTL 60
@ IN SOA ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 60
@ IN NS ns-1536.awsdns-00.co.uk.
50.211 IN PTR ip-10-10-211-50.ap-northeast-1.compute.internal.
"""
ROOT = """\
$TTL 86400
@ IN SOA a.root-servers.net. nstld.verisign-grs.com. 2026112400 1800 900 604800 86400
@ IN NS a.root-servers.net.
a.root-servers.net. IN A 198.41.0.4
one.one.one.one. IN A 1.1.1.1
"""


def bind(
    network: Network,
    namespace: str,
    address: str,
    zones: dict[str, str],
    options: str = "",
    root: str = ROOT,
    *,
    more: str = "",
) -> None:
    """Start bind9 at an address, authoritative for the zones given and for a root of its own; ``more`` follows in its file."""
    home = network.scratch / f"bind-{namespace}-{address}"
    home.mkdir()
    blocks = []
    for index, (name, text) in enumerate({".": root, **zones}.items()):
        path = home / f"zone{index}"
        path.write_text(text)
        blocks.append(f'zone "{name}" {{ type primary; file "{path}"; }};')
    conf = home / "named.conf"
    conf.write_text(
        f'options {{ directory "{home}"; pid-file none; listen-on {{ {address}; }}; listen-on-v6 {{ none; }};'
        f" recursion yes; allow-query {{ any; }}; dnssec-validation no; empty-zones-enable no; {options} }};\n"
        "controls { };\n" + "\n".join(blocks) + f"\n{more}\n"
    )
    network.start(namespace, "named", "-g", "-c", str(conf))
    network.wait_for(namespace, address)


def vpc_resolver(network: Network, zone: str = ZONE, options: str = "") -> None:
    """The VPC resolver at 10.10.0.2, which knows example.internal and the reverse zone of the VPC."""
    bind(network, VPC, VPC_RESOLVER, {"example.internal": zone, "10.10.in-addr.arpa": REVERSE}, options)


def home_router(network: Network) -> None:
    """The router's name server at 192.168.1.1, which has never heard of example.internal."""
    bind(network, HOME, ROUTER, {})


def signed_internet(network: Network) -> Path:
    """A name server at 192.168.1.2 with a root that is signed. Returns the file with its trust anchor."""
    keys = network.scratch / "keys"
    keys.mkdir()
    (keys / "root").write_text(ROOT)
    for flags in ((), ("-f", "KSK")):
        sh("dnssec-keygen", "-q", "-K", str(keys), "-a", "ECDSAP256SHA256", *flags, ".")
    sh("dnssec-signzone", "-q", "-S", "-x", "-K", str(keys), "-d", str(keys), "-o", ".", str(keys / "root"))
    network.ip(HOME, "address", "add", f"{SIGNED}/24", "dev", "lan0")
    bind(network, HOME, SIGNED, {}, root=(keys / "root.signed").read_text())
    anchor = keys / "anchor"
    anchor.write_text("\n".join(p.read_text() for p in keys.glob("K.+*.key") if " 257 " in p.read_text()))
    return anchor


def dnsmasq(network: Network, *lines: str, address: str = "127.0.0.1") -> Path:
    """A dnsmasq on the laptop with these configuration lines. Returns its configuration file."""
    conf = network.scratch / "dnsmasq.conf"
    text = ("no-resolv", "no-hosts", f"listen-address={address}", "bind-interfaces", "user=root", *lines)
    conf.write_text("\n".join(text) + "\n")
    network.start(LAPTOP, "dnsmasq", "--keep-in-foreground", f"--conf-file={conf}", "--pid-file=")
    network.wait_for(LAPTOP, address)
    return conf


def unbound(network: Network, more: str = "", upstream: str = ROUTER) -> Path:
    """An unbound on the laptop that forwards to the router; ``more`` follows. Returns its configuration file."""
    conf = network.scratch / "unbound.conf"
    conf.write_text(
        "server:\n"
        f'    interface: 127.0.0.1\n    do-ip6: no\n    username: ""\n    chroot: ""\n    directory: "{network.scratch}"\n'
        '    pidfile: ""\n    use-syslog: no\n    module-config: "validator iterator"\n'
        "remote-control:\n    control-enable: no\n"
        f'forward-zone:\n    name: "."\n    forward-addr: {upstream}\n{more}'
    )
    sh("unbound-checkconf", str(conf))
    network.start(LAPTOP, "unbound", "-d", "-c", str(conf))
    network.wait_for(LAPTOP, "127.0.0.1")
    return conf
