"""How a dnsmasq on this host resolves a name (https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html).

Measured with 2.90: of rules for one domain ``address`` comes before ``server``, and that before ``local``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from msgspec import structs

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import EVERYWHERE, LOOPBACK, ForwarderConfig, ForwarderRule
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Fact, Seen, is_unseen
from sddoctor.formats.host import resolv_conf
from sddoctor.formats.host.addresses import is_loopback, server_at
from sddoctor.formats.host.config_lines import plain_lines
from sddoctor.formats.host.dnsmasq_options import Option, options
from sddoctor.formats.host.names import covers

_MOST_ENTRIES = 500
#: Where the standard servers are if nothing else is said.
_RESOLV_FILE = "/etc/resolv.conf"
_NETWORK_MANAGER = "NetworkManager"
_LOOPBACK_INTERFACES = ("lo", "lo0")


def parse(found: list[Option], name: str, path: str, standard: ForwarderRule) -> ForwarderConfig:
    """Return what the options do with the name. ``standard`` is the rule for all names without one, see :func:`upstream`."""
    keys = {o.key for o in found}
    standard = structs.replace(standard, servers=_distinct((*_plain_servers(found), *standard.servers)))
    entries = [*_own(found, name), *_rules(found, standard)]
    if standard.servers or standard.unknown:
        entries.append(standard)
    exempt = [part for o in found if o.key == "rebind-domain-ok" for part in o.value.split("/") if part]
    ports = [o.value for o in found if o.key == "port" and o.value.isdigit()]
    return ForwarderConfig(
        "dnsmasq",
        path,
        rebind_filter="stop-dns-rebind" in keys,
        rebind_exempt=any(covers(domain, name) for domain in exempt),
        entries=tuple(entries[:_MOST_ENTRIES]),
        validates="dnssec" in keys,
        listens=_listens(found),
        port=int(ports[-1]) if ports and len(ports[-1]) < 6 else 53,
        together="strict-order" not in keys,
    )


def of_texts(files: Iterable[tuple[str, str]], name: str, path: str, upstream: tuple[str, ...] = ()) -> ForwarderConfig:
    """Return what files (path and text) that include nothing do with the name; ``upstream`` are the servers of resolv.conf."""
    found, _ = options(line for file, text in files for line in plain_lines(text, file))
    servers = tuple(Server(a) for a in upstream) if resolv_files(found) else ()
    return parse(found, name, path, ForwarderRule(path, "", servers))


def resolv_files(found: Iterable[Option]) -> tuple[str, ...]:
    """Return the files with the standard servers of dnsmasq, none with ``no-resolv``."""
    if any(o.key == "no-resolv" for o in found):
        return ()
    return tuple(o.value for o in found if o.key == "resolv-file" and o.value) or (_RESOLV_FILE,)


def hosts_files(found: Iterable[Option]) -> tuple[str, ...]:
    """Return the further hosts files, or directories of them, out of which dnsmasq answers."""
    return tuple(o.value for o in found if o.key in ("addn-hosts", "hostsdir") and o.value)


def upstream(found: list[Option], files: dict[str, Fact[bytes]], path: str, of_manager: Fact[bytes]) -> ForwarderRule:
    """Return the rule for all names without one, by the contents of :func:`resolv_files`.

    Of several files dnsmasq takes the one that changed last; NetworkManager gives it the servers over D-Bus, and writes them
    into a file (``of_manager``): with a single one there is none for a domain alone.
    """
    bus = next((o for o in found if o.key == "enable-dbus"), None)
    if bus is not None and _NETWORK_MANAGER in bus.value and isinstance(of_manager, Seen):
        given = resolv_conf.parse(of_manager.value, of_manager.source).listed
        if len(given) == 1:
            return ForwarderRule(of_manager.source, "", (Server(given[0]),))
    if bus is not None and (_NETWORK_MANAGER in bus.value or not (files or _plain_servers(found))):
        who = _NETWORK_MANAGER if _NETWORK_MANAGER in bus.value else "another program"
        return ForwarderRule(bus.where, "", unknown=f"{who} gives it its servers over D-Bus")
    named = next((o for o in found if _is_plain(o) and _address(o.value) is None), None)
    if named is not None:
        return ForwarderRule(named.where, "", unknown=f"its server {named.value!r} is no address")
    gap = next((f.gap() for f in files.values() if is_unseen(f)), None)  # type: ignore[union-attr]
    if gap is not None:
        return ForwarderRule(gap.what, "", unknown=f"{gap.what}, which has its servers, was not read: {gap.why}")
    lists = {
        file: tuple(Server(a) for a in resolv_conf.parse(fact.value, file).listed if not is_loopback(a))
        for file, fact in files.items()
        if isinstance(fact, Seen)
    }
    if len(set(lists.values())) > 1:
        return ForwarderRule(path, "", unknown=f"it takes the servers of {', '.join(lists)}, whichever changed last")
    plain = next((o.where for o in found if _is_plain(o)), None)
    file, servers = next(iter(lists.items()), (path, ()))
    return ForwarderRule(plain or file, "", servers)


def _plain_servers(found: Iterable[Option]) -> tuple[Server, ...]:
    return tuple(server for o in found if _is_plain(o) and (server := _address(o.value)) is not None)


def _is_plain(option: Option) -> bool:
    return option.key == "server" and not option.value.startswith("/")


def _rules(found: Iterable[Option], standard: ForwarderRule) -> Iterator[ForwarderRule]:
    """Yield the rules for domains: what dnsmasq answers itself, then servers, then what it never forwards."""
    kinds: tuple[list[ForwarderRule], ...] = ([], [], [])
    for option in found:
        if option.key == "rev-server":
            kinds[1].extend(_reverse(option))
        if option.key not in ("server", "local", "address") or not option.value.startswith("/"):
            continue
        *domains, target = option.value[1:].split("/")
        for domain in (d for d in domains if d):
            rule = ForwarderRule(option.where, _domain(domain))
            if option.key == "address":
                kinds[0].append(rule)
            elif target == "#":
                kinds[1].append(structs.replace(rule, servers=standard.servers, unknown=standard.unknown))
            elif not target:
                kinds[2].append(rule)
            elif (server := _address(target)) is not None:
                kinds[1].append(structs.replace(rule, servers=(server,)))
            else:
                kinds[1].append(structs.replace(rule, unknown=f"its server {target!r} is no address"))
    answered = {r.domain for r in kinds[0]}
    forwarded = [r for r in kinds[1] if r.domain not in answered]
    kept = answered | {r.domain for r in forwarded}
    yield from (*kinds[0], *forwarded, *(r for r in kinds[2] if r.domain not in kept))


def _domain(text: str) -> str:
    """Return the domain of a rule: ``#`` is every name, ``*.`` and ``.`` before it add nothing for names below it."""
    return "" if text == "#" else fold_name(text.removeprefix("*").removeprefix("."))


def _own(found: Iterable[Option], name: str) -> Iterator[ForwarderRule]:
    """Yield the options by which dnsmasq has the name itself."""
    for option in found:
        parts = [fold_name(p.strip()) for p in option.value.split(",")]
        mine = {
            "host-record": parts,
            "cname": parts[:-1],
            "interface-name": parts[:1],
            "dynamic-host": parts[:1],
        }.get(option.key, [])
        if name in mine or (option.key == "auth-zone" and covers(parts[0], name)):
            yield ForwarderRule(option.where, name if name in mine else parts[0], first=True)


def _reverse(option: Option) -> Iterator[ForwarderRule]:
    """Read ``rev-server=10.10.0.0/16,10.10.0.2``: the reverse names of a range, in whole octets."""
    network, _, target = option.value.partition(",")
    server = _address(target.strip())
    try:
        parsed = ip_network(network.strip(), strict=False)
    except ValueError:
        return
    if server is None or parsed.version != 4 or parsed.prefixlen % 8:
        return
    octets = str(parsed.network_address).split(".")[: parsed.prefixlen // 8]
    yield ForwarderRule(option.where, ".".join([*reversed(octets), "in-addr.arpa"]), (server,))


def _listens(found: list[Option]) -> tuple[str, ...]:
    """Return where it listens: with an interface also on the loopback one, with addresses on these alone."""
    if any(o.key == "port" and o.value == "0" for o in found):
        return ()

    def values(key: str) -> list[str]:
        return [v.strip() for o in found if o.key == key for v in o.value.split(",") if v.strip()]

    without = bool({*values("except-interface")} & {*_LOOPBACK_INTERFACES})
    addresses, interfaces = values("listen-address"), values("interface")
    if interfaces:
        return (*addresses, *(() if without else (LOOPBACK,)))
    if addresses:
        return tuple(EVERYWHERE if a in ("0.0.0.0", "::") else a for a in addresses)  # noqa: S104 - what a file says
    return () if without else (EVERYWHERE,)


def _distinct(servers: Iterable[Server]) -> tuple[Server, ...]:
    return tuple(dict.fromkeys(servers))


def _address(text: str) -> Server | None:
    """Read ``10.10.0.2#5353@tun0``."""
    word, _, port = text.partition("@")[0].partition("#")
    return server_at(word, port)
