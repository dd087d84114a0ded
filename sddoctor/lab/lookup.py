"""What an ordinary program on the host gets for a name, by the host's files and the lab's servers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sddoctor.case.dns import Rr, Server
from sddoctor.lab import host_files, windows_text
from sddoctor.lab.dns.result import SERVFAIL, Reply, Result, covers
from sddoctor.lab.dns.rules import TTL, AnswerRules, changed
from sddoctor.lab.dns.service import NameService
from sddoctor.lab.host_files import MAX_SERVERS, ResolverEntry
from sddoctor.lab.parts.host import Host

#: Types that a lookup asks for.
_TYPES = ("A", "AAAA")
_NOT_FOUND = Result("NXDOMAIN")
#: Where systemd-resolved is asked, in the worlds in which it runs.
_RESOLVED = "127.0.0.53"


class HostLookup:
    """Looks names up like the platform's getaddrinfo, by the files under ``root``.

    ``reaches`` tells whether a server answers the host's queries by UDP.
    """

    def __init__(self, service: NameService, root: Path, host: Host, reaches: Callable[[str], bool]) -> None:
        self._service = service
        self._root = root
        self._host = host
        self._macos = host.platform == "macos"
        self._reaches = reaches
        self._rules = AnswerRules({"": host.answers})
        self._conf = host_files.resolv_conf(host_files.read(root / "etc/resolv.conf"))
        self._hosts = root / (windows_text.HOSTS.lstrip("/") if host.platform == "windows" else "etc/hosts")

    def look_up(self, name: str) -> Reply:
        """Return what a program gets for the name as written, final dot included; ``None``: no answer in time.

        SERVFAIL stands for a failure that the system calls temporary, as when no server answers.
        """
        plain = name.lower().rstrip(".")
        found = self._by_sources(name)
        rule = self._rules.acting("", (plain, "A"), "udp")
        if rule is None:
            return found
        replies = [changed(rule, plain, t, _of_type(found, t)) for t in _TYPES]
        answered = [r for r in replies if r is not None]
        if not answered:
            return None
        return Result(answered[0].rcode, tuple(a for r in answered for a in r.answers))

    def _by_sources(self, name: str) -> Result:
        nsswitch = "" if self._macos else host_files.read(self._root / "etc/nsswitch.conf")
        for source, actions in host_files.host_sources(nsswitch):
            found, status = _NOT_FOUND, _failure_status(source, name)
            if source == "files":
                found = _records(name, self._from_hosts_file(name))
            elif source == "dns":
                found = self._from_dns(name)
            elif source == "resolve" and self._reaches(_RESOLVED):
                found = self._query(name, (Server(_RESOLVED),))
                status = "TRYAGAIN" if found == SERVFAIL else "NOTFOUND"
            if actions.get("SUCCESS" if found.answers else status) == "return":
                return found
        return found

    def _from_hosts_file(self, name: str) -> tuple[str, ...]:
        """Read the hosts file. glibc skips it if the name has a final dot (measured with 2.36)."""
        if name.endswith(".") and self._host.platform == "linux":
            return ()
        return host_files.hosts_addresses(host_files.read(self._hosts), name)

    def _from_dns(self, name: str) -> Result:
        """Query for the name, and without a final dot also with each search suffix. resolv.conf(5)"""
        plain = name.lower().rstrip(".")
        names = [plain] if name.endswith(".") else [plain, *(f"{plain}.{s}" for s in self._conf.search)]
        if not name.endswith(".") and plain.count(".") < self._conf.ndots:
            names = [*names[1:], plain]
        results = [_NOT_FOUND]
        for n in names:
            results.append(self._query(n))
            if results[-1].answers:
                return results[-1]
        return SERVFAIL if SERVFAIL in results else _NOT_FOUND

    def _query(self, name: str, servers: tuple[Server, ...] | None = None) -> Result:
        """Query each server, those of the settings unless others are given, and all of them again if none has an answer, as often as ``attempts`` says.

        Windows throws away what a rule demands to be signed: nothing in the lab is.
        """
        if self._host.nrpt_dnssec and self._rule(name.lower().rstrip(".")) is not None:
            return SERVFAIL
        for server in self._conf.attempts * list(servers or self._servers(name))[:MAX_SERVERS]:
            if server.port != 53 or not self._reaches(server.address):
                continue
            replies = [self._service.resolve(server.address, name, t) for t in _TYPES]
            first = replies[0]
            if first is not None and first.rcode in ("NOERROR", "NXDOMAIN") and not first.is_referral:
                usable = [r for r in replies if r is not None and r.rcode == "NOERROR"]
                return _records(name, tuple(a for r in usable for a in r.addresses))
        return SERVFAIL

    def _rule(self, name: str) -> str | None:
        """Return the namespace of the NRPT rule that decides."""
        rules = [n for n in self._host.nrpt if n == name or (n.startswith(".") and covers(n[1:], name))]
        return max(rules, key=len, default=None)

    def _servers(self, name: str) -> list[Server]:
        """Return the servers for the name: on macOS those of the entries with the most labels. resolver(5)

        On Windows that of the NRPT rule with the longest namespace, else those of the interfaces by their metric.
        """
        if self._host.platform == "windows":
            if (rule := self._rule(name)) is not None:
                return [Server(self._host.nrpt[rule])]
            adapters = sorted(self._host.adapters, key=lambda adapter: adapter[0].metric)
            return [Server(address) for _, servers in adapters for address in servers]
        default = [Server(a) for a in self._conf.servers]
        if not self._macos:
            return default
        matching = [
            f
            for f in host_files.resolver_entries(self._root / "etc/resolver")
            if f.domain is None or covers(f.domain, name)
        ]
        most = max((_labels(f) for f in matching), default=-1)
        chosen = sorted((f for f in matching if _labels(f) == most), key=lambda f: f.search_order or 0)
        return [s for f in chosen for s in f.servers] + (default if most < 1 else [])


def _failure_status(source: str, name: str) -> str:
    """Return the status of a source that finds nothing: UNAVAIL for modules that are not installed.

    Multicast DNS returns NOTFOUND below ``.local``, its minimal modules only for names of two labels.
    https://github.com/avahi/nss-mdns
    """
    labels = name.lower().rstrip(".").split(".")
    if source.startswith("mdns"):
        answers = labels[-1] == "local" and (len(labels) == 2 or not source.endswith("_minimal"))
        return "NOTFOUND" if answers else "UNAVAIL"
    return "NOTFOUND" if source in ("files", "dns", "myhostname") else "UNAVAIL"


def _labels(entry: ResolverEntry) -> int:
    return len(entry.domain.split(".")) if entry.domain else 0


def _records(name: str, found: tuple[str, ...]) -> Result:
    """Return a result with these addresses, or that nothing was found."""
    plain = name.lower().rstrip(".")
    records = tuple(Rr(plain, "AAAA" if ":" in a else "A", TTL, a) for a in found)
    return Result(answers=records) if records else _NOT_FOUND


def _of_type(result: Result, rdtype: str) -> Result:
    return Result(result.rcode, tuple(r for r in result.answers if r.type == rdtype))
