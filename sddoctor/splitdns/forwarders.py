"""Local forwarders: dnsmasq, unbound, BIND and CoreDNS.

https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html
https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html
https://bind9.readthedocs.io/en/stable/reference.html#namedconf-statement-forwarders
https://coredns.io/plugins/forward/
"""

from __future__ import annotations

import re

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import ForwarderConfig
from sddoctor.formats.host import dnsmasq, unbound
from sddoctor.splitdns.format import Existing, Format, mark_of
from sddoctor.splitdns.model import SplitDns, from_domains
from sddoctor.splitdns.servers import bracketed, parse_bracketed


def _server(text: str, sign: str) -> Server:
    address, _, port = text.partition(sign)
    return Server(address, int(port) if port.isdigit() else 53)


def _with_port(server: Server, sign: str) -> str:
    return server.address if server.port == 53 else f"{server.address}{sign}{server.port}"


def render_dnsmasq(config: SplitDns) -> str:
    """Return server lines; ``rebind-domain-ok`` keeps rebind protection from removing private addresses."""
    lines = [f"server=/{d}/{_with_port(s, '#')}\n" for d in config.domains for s in config.servers]
    return mark_of(config.domain) + "".join(lines) + f"rebind-domain-ok=/{config.domain}/\n"


def parse_dnsmasq(text: str) -> SplitDns:
    """Read what :func:`render_dnsmasq` wrote. Raises :class:`SplitDnsError`."""
    found = re.findall(r"^server=/([^/\s]+)/(\S+)$", text, re.MULTILINE)
    return from_domains([d for d, _ in found], [_server(s, "#") for _, s in found])


def render_unbound(config: SplitDns) -> str:
    """Return forward zones; ``domain-insecure``: private zones are unsigned, ``nodefault`` removes a built-in empty zone.

    The server's clause comes last: what follows an include in the middle of that clause stays in it.
    """
    lines = [mark_of(config.domain)]
    for domain in config.domains:
        lines += ["forward-zone:\n", f'    name: "{domain}"\n']
        lines += [f"    forward-addr: {_with_port(s, '@')}\n" for s in config.servers]
    lines += ["server:\n", f'    private-domain: "{config.domain}"\n']
    lines += [f'    domain-insecure: "{d}"\n' for d in config.domains]
    lines += [f'    local-zone: "{z}." nodefault\n' for z in dict.fromkeys(_default_zone(r) for r in config.reverse)]
    return "".join(lines)


def _default_zone(reverse: str) -> str:
    """Return the built-in empty zone of unbound that covers a private reverse zone (RFC 6303)."""
    labels = reverse.removesuffix(".in-addr.arpa").split(".")[::-1]
    depth = {"10": 1, "172": 2, "192": 2}.get(labels[0], len(labels))
    return ".".join(labels[:depth][::-1]) + ".in-addr.arpa"


def parse_unbound(text: str) -> SplitDns:
    """Read what :func:`render_unbound` wrote. Raises :class:`SplitDnsError`."""
    domains = re.findall(r'^    name: "([^"]+)"$', text, re.MULTILINE)
    servers = re.findall(r"^    forward-addr: (\S+)$", text, re.MULTILINE)
    return from_domains(domains, [_server(s, "@") for s in servers])


def render_bind(config: SplitDns) -> str:
    """Return zones of type forward; what belongs into the one options block of named is a comment, ready to be copied.

    Without ``validate-except`` named rejects answers of an unsigned zone below a signed parent.
    """
    servers = " ".join(f"{_with_port(s, ' port ')};" for s in config.servers)
    quoted = " ".join(f'"{d}";' for d in config.domains)
    empty = dict.fromkeys(_default_zone(r) for r in config.reverse)
    return "".join(
        (
            mark_of(config.domain),
            f"# In the options of named: validate-except {{ {quoted} }};\n",
            *(f'# In the options of named: disable-empty-zone "{zone}";\n' for zone in empty),
            *(f'zone "{d}" {{ type forward; forward only; forwarders {{ {servers} }}; }};\n' for d in config.domains),
        )
    )


def parse_bind(text: str) -> SplitDns:
    """Read what :func:`render_bind` wrote. Raises :class:`SplitDnsError`."""
    found = re.findall(
        r'^zone "([^"]+)" \{ type forward; forward only; forwarders \{ (.+); \}; \};$', text, re.MULTILINE
    )
    servers = [_server(word, " port ") for word in (found[0][1].split("; ") if found else [])]
    return from_domains([domain for domain, _ in found], servers)


def render_coredns(config: SplitDns) -> str:
    """Return one server block for each domain."""
    targets = " ".join(bracketed(s) for s in config.servers)
    blocks = [f"{d} {{\n    errors\n    cache 10\n    forward . {targets}\n}}\n" for d in config.domains]
    return mark_of(config.domain) + "".join(blocks)


def parse_coredns(text: str) -> SplitDns:
    """Read what :func:`render_coredns` wrote. Raises :class:`SplitDnsError`."""
    domains = re.findall(r"^(\S+) \{$", text, re.MULTILINE)
    lines = re.findall(r"^    forward \. (.+)$", text, re.MULTILINE)
    servers = [parse_bracketed(word) for word in (lines[0].split() if lines else [])]
    return from_domains(domains, servers)


def dnsmasq_holds(file: Existing, config: SplitDns) -> bool:
    """Tell whether dnsmasq sends the domains where they should go, and its rebind protection lets the answers through."""
    alone = dnsmasq.of_texts([(file.path, file.text)], config.domain, file.path)
    together = dnsmasq.of_texts([*file.beside, (file.path, file.text)], config.domain, file.path)
    return _routes(alone, config) and (together.rebind_exempt or not together.rebind_filter)


def unbound_holds(file: Existing, config: SplitDns) -> bool:
    """Tell whether unbound sends the domains where they should go, and neither filters nor rejects the answers."""
    files = [*file.beside, (file.path, file.text)]
    together = [unbound.of_texts(files, domain, file.path) for domain in config.domains]
    accepted = all(read.insecure or not read.validates for read in together)
    alone = unbound.of_texts([(file.path, file.text)], config.domain, file.path)
    return _routes(alone, config) and accepted and (together[0].rebind_exempt or not together[0].rebind_filter)


def _routes(read: ForwarderConfig, config: SplitDns) -> bool:
    servers = {d: {s for e in read.entries if e.domain == d for s in e.servers or (None,)} for d in config.domains}
    return all(found == set(config.servers) for found in servers.values())


DNSMASQ = Format(
    name="dnsmasq",
    title="dnsmasq",
    platform="linux",
    steps="Write it into a folder that dnsmasq reads (conf-dir), such as /etc/dnsmasq.d, then restart dnsmasq.",
    render=render_dnsmasq,
    parse=parse_dnsmasq,
    directory="/etc/dnsmasq.d",
    file_name="{domain}.conf",
    after=(("dnsmasq", "--test"), ("systemctl", "restart", "dnsmasq")),
    holds=dnsmasq_holds,
    main="/etc/dnsmasq.conf",
)
UNBOUND = Format(
    name="unbound",
    title="unbound",
    platform="linux",
    steps="Write it into a folder that unbound includes, such as /etc/unbound/unbound.conf.d, then restart unbound.",
    render=render_unbound,
    parse=parse_unbound,
    directory="/etc/unbound/unbound.conf.d",
    file_name="{domain}.conf",
    after=(("unbound-checkconf",), ("systemctl", "restart", "unbound")),
    holds=unbound_holds,
    main="/etc/unbound/unbound.conf",
)
BIND = Format(
    name="bind",
    title="BIND (named)",
    platform="any",
    steps=(
        "Add it to named.conf (Debian: /etc/bind/named.conf.local), and what stands in its comments to the options, then run "
        "named-checkconf and rndc reconfig."
    ),
    render=render_bind,
    parse=parse_bind,
)
COREDNS = Format(
    name="coredns",
    title="CoreDNS",
    platform="any",
    steps="Add it to the Corefile, beside the block of the root.",
    render=render_coredns,
    parse=parse_coredns,
)
