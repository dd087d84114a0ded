"""Reads everything about a host that matters for one name. It never judges and never raises."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import msgspec

from sddoctor.case.host import HostFacts, HostsFile, InterfaceAddress, Lookup, ResolvConf, Resolved, RouteTo
from sddoctor.case.name import fold_name
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen, Unreachable
from sddoctor.case.surroundings import Mark
from sddoctor.formats.host import hosts_file, nsswitch, resolv_conf, resolvectl, scutil
from sddoctor.formats.host.windows import HOSTS_PATH
from sddoctor.observe.budget import Budget
from sddoctor.observe.host import (
    forwarders,
    mac_extensions,
    nscd,
    nss_modules,
    resolver_directory,
    vpn_clients,
    windows,
)
from sddoctor.observe.host import surroundings as around
from sddoctor.observe.host.libc import which_libc
from sddoctor.observe.host.lookup import look_up, look_up_again
from sddoctor.observe.host.programs import programs_here
from sddoctor.observe.host.routing import Routing
from sddoctor.observe.host.source import HostSource
from sddoctor.observe.work import Once, Work, run_all

_RESOLV_CONF = "/etc/resolv.conf"
#: Processes that look up routes at the same time.
_ROUTES_AT_ONCE = 4
T = TypeVar("T")
U = TypeVar("U")


class HostObserver:
    """Observes one host for one name. ``budget`` bounds every wait."""

    def __init__(self, name: str, source: HostSource, budget: Budget) -> None:
        self.name = fold_name(name)
        self._source = source
        self._budget = budget
        self._routing = Routing(source)
        self._settings = Once[Work[HostFacts]]()
        self._facts = Once[Work[HostFacts]]()
        self._marks = Once[tuple[Mark, ...]]()

    def settings(self) -> HostFacts:
        """Return everything but lookups, routes and addresses. It is read once."""
        return self._settings.get("", lambda: Work(self._read, "the settings of this host", self._budget)).value()

    def facts(self) -> HostFacts:
        """Return everything but routes and addresses: the settings, and meanwhile the name is looked up. It is read once."""
        return self._facts.get("", lambda: Work(self._look_up, "this host", self._budget)).value()

    def marks(self) -> tuple[Mark, ...]:
        """Return what shows what this host is, without running anything. It is read once."""
        return self._marks.get("", lambda: around.marks(self._source))

    def look_up_again(self, times: int) -> tuple[Lookup, ...]:
        """Look the name up that many times more."""
        return look_up_again(self.name, self._source, self._budget, times)

    def _read(self) -> HostFacts:
        """Read files and run commands."""
        source = self._source
        read = {"macos": self._macos, "windows": self._windows, "linux": self._linux}[source.platform]
        marks = self.marks()
        more: dict[str, Callable[[], Any]] = {
            "vpn_marks": partial(vpn_clients.marks, source),
            "vpn_policies": partial(vpn_clients.policies, source),
            "network_extensions": partial(mac_extensions.read, source),
            "wsl": partial(around.wsl_settings, source, marks),
            "programs": partial(programs_here, source),
        }
        facts, *found = run_all([read, *more.values()])
        seen: HostFacts = msgspec.structs.replace(
            facts, version=source.version, root=source.label, marks=marks, **dict(zip(more, found, strict=True))
        )
        return seen

    def _look_up(self) -> HostFacts:
        lookup = partial(look_up, self.name, self._source, self._budget)
        jobs: list[Callable[[], Any]] = [self.settings, *(partial(lookup, final_dot=dot) for dot in (False, True))]
        settings, *lookups = run_all(jobs)
        facts: HostFacts = msgspec.structs.replace(settings, lookups=tuple(lookups))
        return facts

    def addresses(self) -> Fact[tuple[InterfaceAddress, ...]]:
        """Return the addresses of this host's interfaces."""
        return self._routing.addresses()

    def routes(self, addresses: tuple[str, ...]) -> tuple[RouteTo, ...]:
        """Return how packets to these addresses would leave, in the order given."""
        distinct = tuple(dict.fromkeys(addresses))
        if not distinct:
            return ()
        self._routing.prepare(distinct)
        routes = run_all([partial(self._routing.to, address) for address in distinct], _ROUTES_AT_ONCE)
        return tuple(RouteTo(address, route) for address, route in zip(distinct, routes, strict=True))

    def _linux(self) -> HostFacts:
        source = self._source
        libc = which_libc(source)
        hosts = self._hosts("/etc/hosts", any_case=libc != "musl")
        conf = self._resolv_conf(libc or "glibc")
        sources = source.read(nsswitch.PATH).then(nsswitch.parse)
        facts = HostFacts(
            "linux",
            libc=libc,
            hosts=hosts,
            nss=sources,
            nss_missing=nss_modules.missing(source, sources.seen_or(())),
            mdns_allow=source.read("/etc/mdns.allow").map(_words),
            nscd=Absent("nscd", "libc") if libc == "musl" else nscd.read(source),
            resolv_conf=conf,
            resolved=self._resolved(),
        )
        return forwarders.added(facts, source, self.name)

    def _resolved(self) -> Fact[Resolved]:
        """Read the status as JSON: versions before 259 answer with the text, and those before 252 do not know the option."""
        status = self._source.run(resolvectl.AS_JSON)
        refused = isinstance(status, Seen) and resolvectl.knows_no_json(status.value)
        if refused or isinstance(status, NotAttempted):
            status = self._source.run(resolvectl.AS_TEXT)
        if isinstance(status, (Absent, NotAttempted)):
            older = self._source.run(resolvectl.BEFORE_239)
            status = older if isinstance(older, Seen) else status
        if isinstance(status, Seen):
            return resolvectl.parse_status(status.value)
        if isinstance(status, Absent) and isinstance(self._source.list("/run/systemd/resolve"), Seen):
            return Unreachable("systemd-resolved", "it runs, but resolvectl is not installed", "resolvectl")
        return status

    def _macos(self) -> HostFacts:
        source = self._source
        hosts = self._hosts("/etc/hosts")
        conf = self._resolv_conf("glibc")
        files, unread = resolver_directory.read(source)
        resolvers = source.run(("scutil", "--dns")).then(scutil.parse)
        facts = HostFacts(
            "macos",
            hosts=hosts,
            resolv_conf=conf,
            resolver_files=files,
            unread_files=unread,
            scutil=resolvers,
        )
        return forwarders.added(facts, source, self.name)

    def _windows(self) -> HostFacts:
        return windows.settings(self._source, self._hosts(HOSTS_PATH))

    def _hosts(self, path: str, *, any_case: bool = True) -> Fact[HostsFile]:
        content = self._source.read(path)
        return content.map(lambda data: hosts_file.parse(data, path, self.name, any_case=any_case))

    def _resolv_conf(self, libc: str) -> Fact[ResolvConf]:
        def read(data: bytes) -> Fact[ResolvConf]:
            conf = resolv_conf.parse(data, _RESOLV_CONF, libc)
            return Seen(conf, _RESOLV_CONF, unread=resolv_conf.unread(conf))

        return self._source.read(_RESOLV_CONF).then(read)


def _words(data: bytes) -> tuple[str, ...]:
    lines = (line.partition("#")[0].strip() for line in data.decode("utf-8", "replace").splitlines())
    return tuple(line for line in lines if line)
