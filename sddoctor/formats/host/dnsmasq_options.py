"""The options of dnsmasq, on its command line and in its files (https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from sddoctor.formats.host.config_lines import ConfigLine, Include, Syntax, plain_lines

#: Short forms of the options that say something of queries, and of all others that take a value.
_SHORT = {
    "C": "conf-file", "7": "conf-dir", "S": "server", "A": "address", "r": "resolv-file", "R": "no-resolv",
    "H": "addn-hosts", "h": "no-hosts", "o": "strict-order", "a": "listen-address", "i": "interface",
    "I": "except-interface", "p": "port", "1": "enable-dbus",
}  # fmt: skip
_SHORT_WITH_VALUE = frozenset("CS7ArHaiIp" "clmstugxQBFGOMXVUjPJWYT24680")  # fmt: skip
#: Options that say which servers a name is sent to, or that dnsmasq answers it itself.
_DECIDING = frozenset((
    "addn-hosts", "address", "all-servers", "auth-zone", "cname", "conf-dir", "conf-file", "dnssec", "dynamic-host",
    "enable-dbus", "except-interface", "host-record", "hostsdir", "interface", "interface-name", "listen-address",
    "local", "no-hosts", "no-resolv", "port", "rebind-domain-ok", "resolv-file", "rev-server", "server",
    "servers-file", "stop-dns-rebind", "strict-order",
))  # fmt: skip
#: All others, with the beginnings of whole families.
_OTHERS = frozenset((
    "add-cpe-id", "add-mac", "add-subnet", "alias", "bind-dynamic", "bind-interfaces", "bogus-nxdomain", "bogus-priv",
    "bootp-dynamic", "bridge-interface", "caa-record", "cache-rr", "cache-size", "clear-on-reload", "conntrack",
    "dns-forward-max", "dns-loop-detect", "dns-rr", "do-0x20-encode", "domain", "domain-needed", "dumpfile",
    "dumpmask", "edns-packet-max", "enable-ra", "enable-tftp", "enable-ubus", "expand-hosts", "fast-dns-retry",
    "filterwin2k", "group", "ignore-address", "ipset", "keep-in-foreground", "leasefile-ro", "leasequery",
    "local-service", "local-ttl", "localise-queries", "localmx", "max-cache-ttl", "max-port", "max-tcp-connections",
    "max-ttl", "min-cache-ttl", "min-port", "mx-host", "mx-target", "naptr-record", "neg-ttl", "nftset",
    "no-0x20-encode", "no-daemon", "no-dhcp-interface", "no-dhcpv4-interface", "no-dhcpv6-interface", "no-ident",
    "no-negcache", "no-ping", "no-poll", "no-round-robin", "pid-file", "port-limit", "proxy-dnssec", "ptr-record",
    "query-port", "read-ethers", "rebind-localhost-ok", "script-arp", "script-on-renewal", "selfmx", "shared-network",
    "srv-host", "strip-mac", "strip-subnet", "synth-domain", "tag-if", "test", "trust-anchor", "txt", "txt-record",
    "umbrella", "use-stale-cache", "user",
))  # fmt: skip
_FAMILIES = ("dhcp-", "tftp-", "pxe-", "log-", "quiet-", "ra-", "auth-", "dnssec-", "filter-", "connmark-")
#: Options of a command line that stand for it in reports.
COMMAND_LINE = "the command line of dnsmasq"


class Option(NamedTuple):
    """An option with its value, and the file and line where it stands."""

    key: str
    value: str
    where: str


def options(lines: Iterable[ConfigLine]) -> tuple[list[Option], list[str]]:
    """Return the options that decide where a name is sent, and what of the lines is not understood."""
    found: list[Option] = []
    unread: list[str] = []
    for line in lines:
        key, value = _split(line.text)
        if key in _DECIDING:
            found.append(Option(key, value, line.where))
        elif key not in _OTHERS and not key.startswith(_FAMILIES):
            unread.append(f"{line.where} {line.text}")
    return found, unread


def arguments(argv: tuple[str, ...], main: str) -> tuple[ConfigLine, ...]:
    """Return the options of a command line as lines; ``main`` is read where it names no file. dnsmasq(8), --conf-file"""
    lines: list[str] = []
    words = list(argv[1:])
    while words:
        word = words.pop(0)
        if word.startswith("--"):
            key, has_value, value = word[2:].partition("=")
        elif word.startswith("-") and len(word) > 1:
            letter, rest = word[1], word[2:]
            if rest and letter not in _SHORT_WITH_VALUE:
                words.insert(0, f"-{rest}")  # several flags in one word
            key, value = _SHORT.get(letter, ""), rest if letter in _SHORT_WITH_VALUE else ""
            has_value = value
        else:
            continue
        if not has_value and words and not words[0].startswith("-"):
            value = words.pop(0)
        if key:
            lines.append(f"{key}={value}" if value else key)
    if not any(_split(line)[0] == "conf-file" for line in lines):
        lines.insert(0, f"conf-file={main}")
    return tuple(ConfigLine(COMMAND_LINE, 0, line) for line in lines)


def _split(line: str) -> tuple[str, str]:
    key, _, value = (part.strip() for part in line.partition("="))
    return key, value[1:-1].strip() if len(value) > 1 and value[0] == value[-1] == '"' else value


def _include(line: str) -> Include | None:
    key, value = _split(line)
    if key in ("conf-file", "servers-file") and value:
        return None if value == "/dev/null" else Include("file", value)
    if key == "conf-dir" and value:
        directory, *endings = (part.strip() for part in value.split(","))
        return Include("directory", directory, _accepts(endings))
    return None


def _accepts(endings: list[str]) -> Callable[[str], bool]:
    """Return which names of a directory are read: without backups, and by the endings, those with ``*`` the only ones."""
    only = tuple(e[1:] for e in endings if e.startswith("*"))
    never = tuple(e for e in endings if e and not e.startswith("*"))

    def accepts(name: str) -> bool:
        if name.endswith("~") or name.startswith(".") or (name.startswith("#") and name.endswith("#")):
            return False
        return not name.endswith(never) and (not only or name.endswith(only))

    return accepts


SYNTAX = Syntax(plain_lines, _include)
