"""Hosts of simple kinds, each made from its seed: the files and outputs that such a host has, and whom it then asks.

Whom it asks is what was put in, by the rules of resolv.conf(5), resolver(5), systemd-resolved.service(8) and of NRPT.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

NAME = "search-api.staging.acme.internal"
#: Domains that cover the name, the longest first, and others.
ABOVE = ("search-api.staging.acme.internal", "staging.acme.internal", "acme.internal", "internal")
BESIDE = (
    "corp.example",
    "ging.acme.internal",
    "x.staging.acme.internal",
    "api.staging.acme.internal",
    "consul",
    "lan",
)
_SERVERS = (
    "172.20.0.2", "172.20.5.53", "10.8.0.1", "192.168.1.1", "192.168.178.1", "1.1.1.1", "8.8.8.8", "100.64.3.4",
    "9.9.9.9", "10.0.0.53", "fd00:1::53", "2001:db8::1",
)  # fmt: skip
_VERSIONS = {"macos": ("12.7.6", "13.6", "14.5", "15.3", "26.1"), "windows": ("10.0.22631",), "linux": ("",)}


@dataclass
class Drawn:
    """What is below the root directory of a host, and whom it asks: ``None`` where that has to stay unknown."""

    platform: str
    rng: random.Random
    files: dict[str, str] = field(default_factory=dict)
    commands: dict[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] | None = ()
    kind: str = ""

    def servers(self, most: int = 3) -> list[str]:
        """Draw servers, each once."""
        return self.rng.sample(_SERVERS, self.rng.randint(1, most))

    def domains(self) -> list[str]:
        """Draw domains, of which some cover the name."""
        return self.rng.sample(ABOVE, self.rng.choice((0, 0, 1, 1, 2))) + self.rng.sample(
            BESIDE, self.rng.randint(0, 2)
        )

    def chance(self, share: float) -> bool:
        """Say yes so often."""
        return self.rng.random() < share


def drawn(seed: int) -> Drawn:
    """Draw the host of a seed."""
    rng = random.Random(seed)
    kind = rng.choice(_KINDS)
    host = Drawn(kind.__name__.split("_")[1], rng, kind=kind.__name__)
    version = rng.choice(_VERSIONS[host.platform])
    host.files["os-release.json"] = f'{{"platform": "{host.platform}", "version": "{version}"}}'
    kind(host)
    return host


def _longest(pairs: list[tuple[str, list[str]]]) -> list[str] | None:
    """Return the servers of the longest domain that covers the name."""
    found = [d for d in ABOVE if any(d == domain for domain, _ in pairs)]
    return [s for domain, servers in pairs if domain == found[0] for s in servers] if found else None


def _linux(host: Drawn, conf: str, nss: str = "files dns") -> None:
    musl = host.kind.endswith("musl")
    host.files |= {
        "etc/os-release": "ID=alpine\n" if musl else "ID=debian\n",
        "etc/hosts": "127.0.0.1 localhost\n",
        "etc/nsswitch.conf": f"passwd: files\nhosts:          {nss}\n",
        "etc/resolv.conf": conf,
    }
    host.commands[f"getent ahosts {NAME}"] = ""


def _resolv_conf(host: Drawn, servers: list[str]) -> str:
    """Write the servers into the file as people and programs do."""
    rng = host.rng
    lines = [f"nameserver{rng.choice((' ', '  ', chr(9)))}{s}{rng.choice(('', '', ' ', ' # router'))}" for s in servers]
    more = (
        "search lan corp.example", "domain lan", "options ndots:99", "options edns0 trust-ad", "options rotate timeout:0",
        "options use-vc single-request attempts:9", "options no-aaaa", "sortlist 130.155.160.0/255.255.240.0", "",
        "# nameserver 203.0.113.1", "; nameserver 203.0.113.2", "  # nameserver 203.0.113.3", "#nameserver 203.0.113.4",
        " nameserver 203.0.113.5", "Nameserver 203.0.113.6", "nameservers 203.0.113.7", "nameserver=203.0.113.8",
        "nameserver 203.0.113.9:5353", "nameserver [2001:db8::99]:53", "nameserver dns.example", "nameserver",
        "search " + " ".join(f"d{n}.example" for n in range(40)),
    )  # fmt: skip
    for line in rng.sample(more, rng.randint(0, 5)):
        lines.insert(rng.randint(0, len(lines)), line)
    return "\n".join(lines) + rng.choice(("\n", "\n", ""))


def _linux_glibc(host: Drawn) -> None:
    servers = host.servers(5)
    _linux(
        host, _resolv_conf(host, servers), host.rng.choice(("files dns", "files dns myhostname", "compat files dns"))
    )
    host.asks = tuple(servers[:3])


def _linux_musl(host: Drawn) -> None:
    servers = host.servers(5)
    _linux(host, _resolv_conf(host, servers))
    host.asks = tuple(servers[:3])


def _linux_resolved(host: Drawn) -> None:
    """A host of systemd-resolved, by its stub or by nss-resolve."""
    rng = host.rng
    by_module = host.chance(0.5)
    _linux(
        host,
        "nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n",
        "mymachines resolve [!UNAVAIL=return] files myhostname dns" if by_module else "files dns",
    )
    newer, blocks, pairs, defaults = host.chance(0.5), [], [], []
    for number in range(rng.randint(1, 4)):
        servers, domains = host.servers() if host.chance(0.8) else [], host.domains()
        is_up, route = host.chance(0.8), host.chance(0.5)
        name = ("enp0s31f6", "wlp2s0", "tun0", "wg0")[number]
        if servers and is_up:
            pairs += [(domain, servers) for domain in domains]
            defaults += servers if route else []
        blocks.append(_link(number + 2, name, servers, domains, (is_up, route, newer), rng))
    head = "Global\n       Protocols: LLMNR=resolve -mDNS -DNSOverTLS DNSSEC=no/unsupported\nresolv.conf mode: stub\n"
    host.commands["resolvectl status"] = "\n".join([head, *blocks])
    found = _longest(pairs)
    host.asks = tuple(found if found is not None else defaults)


def _linux_delegates(host: Drawn) -> None:
    """A host of systemd-resolved with delegates, and perhaps servers for the whole host."""
    rng = host.rng
    _linux(host, "nameserver 127.0.0.53\nsearch .\n")
    blocks, pairs = [], []
    wifi = host.servers(2)
    for name in rng.sample(("prod", "staging", "lab-1"), rng.randint(1, 3)):
        servers, domains = host.servers(2), host.domains()
        pairs += [(domain, servers) for domain in domains]
        listed = " ".join(f"~{domain}" for domain in domains)
        lines = [f"Delegate {name}", f"Current DNS Server: {servers[0]}", f"       DNS Servers: {' '.join(servers)}"]
        lines += [f"        DNS Domain: {listed}"] if domains else []
        blocks.append("\n".join([*lines, "     Default Route: no", ""]))
    head = "Global\n         Protocols: -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported\n  resolv.conf mode: stub\n"
    link = _link(3, "wlp2s0", wifi, [], (True, True, True), rng)
    host.commands["resolvectl status"] = "\n".join([head, link, *blocks])
    found = _longest(pairs)
    host.asks = tuple(wifi if found is None else found)


def _linux_global(host: Drawn) -> None:
    """Debian 12 with servers for the whole host, which version 252 prints without colons."""
    _linux(host, "nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n")
    servers = host.servers()
    domains = [host.rng.choice(ABOVE)]
    host.commands["resolvectl status"] = (
        "Global\n       Protocols: +LLMNR +mDNS -DNSOverTLS DNSSEC=no/unsupported\nresolv.conf mode: stub\n"
        f"Current DNS Server: {servers[0]}\n       DNS Servers {' '.join(servers)}\n"
        f"        DNS Domain {' '.join(f'~{d}' for d in domains)}\n\n"
        "Link 2 (ens5)\n    Current Scopes: DNS LLMNR/IPv4\n"
        "         Protocols: +DefaultRoute +LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported\n"
        "       DNS Servers: 192.168.77.1\n"
    )
    host.asks = tuple(servers)


def _linux_no_dns(host: Drawn) -> None:
    """A host whose programs never come to DNS: its hosts file has the name, or no source does."""
    if host.chance(0.5):
        _linux(host, _resolv_conf(host, host.servers()))
        host.files["etc/hosts"] = f"127.0.0.1 localhost\n172.20.9.9\t{NAME} search\n"
    else:
        _linux(host, _resolv_conf(host, host.servers()), host.rng.choice(("files", "files [NOTFOUND=return] dns")))


def _link(
    index: int, name: str, servers: list[str], domains: list[str], flags: tuple[bool, bool, bool], rng: random.Random
) -> str:
    is_up, route, newer = flags
    mark = "+" if route else "-"
    lines = [
        f"Link {index} ({name})",
        f"    Current Scopes: {'DNS' if is_up and servers else 'none'}",
        f"         Protocols: {mark}DefaultRoute -LLMNR -mDNS -DNSOverTLS DNSSEC=no/unsupported",
    ]
    if servers:
        lines += [f"Current DNS Server: {rng.choice(servers)}"] if is_up else []
        lines += [f"       DNS Servers: {' '.join(servers)}"]
    lines += [f"        DNS Domain: {' '.join(rng.choice(('', '~')) + d for d in domains)}"] if domains else []
    lines += [f"     Default Route: {'yes' if route else 'no'}"] if newer else []
    return "\n".join(lines) + "\n"


def _macos_resolvers(host: Drawn) -> None:
    """A Mac with a primary resolver, entries of VPN clients and files, and multicast DNS."""
    rng = host.rng
    primary = host.servers()
    blocks = [_resolver(None, primary, "  if_index : 14 (en0)\n", "Request A records", "")]
    pairs, files = [], []
    for number, domain in enumerate(host.domains()):
        servers = host.servers()
        pairs.append((domain, servers))
        printed = rng.choice((domain, domain.upper(), f"{domain}."))
        if host.chance(0.5):
            flags, order = "Supplemental, Request A records", f"  order    : {102000 + number}\n"
            blocks.append(_resolver(printed, servers, "  if_index : 22 (utun4)\n", flags, order))
        else:
            files.append(_resolver(printed, servers, "", "Request A records, Request AAAA records", ""))
            host.files[f"etc/resolver/{domain}"] = "".join(f"nameserver {s}\n" for s in servers)
    blocks.append(
        "  domain   : local\n  options  : mdns\n  timeout  : 5\n  flags    : Request A records\n"
        "  reach    : 0x00000000 (Not Reachable)\n  order    : 300000\n"
    )
    sections = [("DNS configuration", blocks + files)]
    if host.chance(0.7):
        scoped = [_resolver(None, primary, "  if_index : 14 (en0)\n", "Scoped, Request A records", "")]
        scoped += [_resolver(NAME, ["203.0.113.9"], "  if_index : 22 (utun4)\n", "Scoped, Request A records", "")]
        sections.append(("DNS configuration (for scoped queries)", scoped))
    text = ["\n".join([title, *(f"\nresolver #{n}\n{b}" for n, b in enumerate(bs, 1))]) for title, bs in sections]
    host.commands["scutil --dns"] = "\n".join(text)
    host.commands[f"dscacheutil -q host -a name {NAME}"] = ""
    host.files |= {
        "etc/hosts": "127.0.0.1 localhost\n",
        "etc/resolv.conf": "".join(f"nameserver {s}\n" for s in primary),
    }
    found = _longest(pairs)
    host.asks = tuple(primary if found is None else found)


def _resolver(domain: str | None, servers: list[str], interface: str, flags: str, order: str) -> str:
    lines = [f"  domain   : {domain}\n"] if domain else ["  search domain[0] : lan\n"]
    lines += [f"  nameserver[{n}] : {s}\n" for n, s in enumerate(servers)]
    return "".join([*lines, interface, f"  flags    : {flags}\n", "  reach    : 0x00000002 (Reachable)\n", order])


def _windows_rules(host: Drawn) -> None:
    """A Windows host with rules of the Name Resolution Policy Table, and adapters."""
    rng = host.rng
    rules, pairs = [], []
    for number, domain in enumerate(dict.fromkeys(host.domains())):
        servers = host.servers(2)
        is_suffix = host.chance(0.7)
        if is_suffix or domain == NAME:
            pairs.append((domain, servers))
        namespace = f".{domain}" if is_suffix else domain
        rules.append(
            f"\nName                             : {{00000000-0000-0000-0000-{number:012}}}\nVersion                          : 2\n"
            f"Namespace                        : {{{namespace}}}\nDnsSecEnable                     : False\n"
            f"NameServers                      : {{{', '.join(servers)}}}\nNameEncoding                     : Disable\n"
        )
    adapters = [("Wi-Fi", 14, host.servers(2)), ("Ethernet 5", 9, host.servers(1))][: rng.randint(1, 2)]
    table = "".join(
        f"{n:<28} {i:>9} {f:<7} {{{', '.join(s)}}}\n" for n, i, all_ in adapters for f, s in _by_family(all_)
    )
    host.commands |= {
        "Get-DnsClientNrptRule": "".join(rules),
        "Get-DnsClientNrptPolicy -Effective": "".join(rules),
        "Get-DnsClientServerAddress": "\nInterfaceAlias               Interface Address ServerAddresses\n"
        "                             Index     Family\n"
        "--------------               --------- ------- ---------------\n" + table,
    }
    host.files["Windows/System32/drivers/etc/hosts"] = "127.0.0.1 localhost\n"
    found = _longest(pairs)
    host.asks = tuple([s for _, _, servers in adapters for s in servers] if found is None else found)
    if found is not None and len({tuple(s) for d, s in pairs if d == NAME}) > 1:
        host.asks = None


def _by_family(servers: list[str]) -> list[tuple[str, list[str]]]:
    families = [(f, [s for s in servers if (":" in s) is (f == "IPv6")]) for f in ("IPv4", "IPv6")]
    return [(f, found) for f, found in families if found]


_KINDS: tuple[Callable[[Drawn], None], ...] = (
    _linux_glibc,
    _linux_musl,
    _linux_resolved,
    _linux_delegates,
    _linux_global,
    _linux_no_dns,
    _macos_resolvers,
    _windows_rules,
)
