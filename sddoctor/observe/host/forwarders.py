"""The DNS forwarders on this host, with the configuration that is in force: dnsmasq, unbound, named and coredns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from msgspec import structs

from sddoctor.case.forwarder import NO_PROCESS, ForwarderConfig, ForwarderRule
from sddoctor.case.host import HostFacts
from sddoctor.case.seen import Absent, NotAttempted, Seen, Unreachable
from sddoctor.formats.host import corefile, dnsmasq, dnsmasq_options, hosts_file, named, unbound
from sddoctor.formats.host.addresses import is_loopback
from sddoctor.formats.host.config_lines import ConfigLine, Syntax
from sddoctor.formats.host.names import covers
from sddoctor.observe.host import networkmanager, processes, units
from sddoctor.observe.host.config_files import Followed, follow, text_of
from sddoctor.observe.host.processes import Process
from sddoctor.observe.host.source import HostSource

_PREFIXES = {"linux": ("",), "macos": ("/opt/homebrew", "/usr/local")}
#: The main files that each program has by itself, the one that is usual first.
_MAIN = {
    "dnsmasq": ("/etc/dnsmasq.conf",),
    "unbound": ("/etc/unbound/unbound.conf", "/usr/local/etc/unbound/unbound.conf"),
    "named": ("/etc/bind/named.conf", "/etc/named.conf", "/usr/local/etc/named.conf"),
    "coredns": ("/etc/coredns/Corefile",),
}
#: The option with which a command line names another main file.
_MAIN_OPTION = {"unbound": "-c", "named": "-c", "coredns": "-conf"}
#: Where files lie that a main file has to include.
_ASIDE = {
    "dnsmasq": ("/etc/dnsmasq.d", "/etc/NetworkManager/dnsmasq.d"),
    "unbound": ("/etc/unbound/unbound.conf.d", "/etc/unbound/conf.d", "/etc/unbound/local.d"),
    "named": ("/etc/bind", "/etc/named"),
    "coredns": ("/etc/coredns", "/etc/coredns/conf.d"),
}
_SYNTAX: dict[str, Syntax] = {"dnsmasq": dnsmasq_options.SYNTAX, "unbound": unbound.SYNTAX}
_SYNTAX |= {"named": named.SYNTAX, "coredns": corefile.SYNTAX}
_PARSERS = {"unbound": unbound.parse, "named": named.parse, "coredns": corefile.parse}
_MOST_FILES = 50
_OPENWRT = "/etc/config/dhcp"
#: Pi-hole 6 has its settings in a file of its own, and writes the configuration of the dnsmasq in it.
_PIHOLE, _OF_PIHOLE = "/etc/pihole/pihole.toml", ("dnsmasq", "-C", "/etc/pihole/dnsmasq.conf")
#: The stubs of systemd-resolved and the forwarder of Docker.
_NO_FORWARDERS = ("127.0.0.53", "127.0.0.54", "127.0.0.11")


def added(facts: HostFacts, source: HostSource, name: str) -> HostFacts:
    """Return the facts with the forwarders of the host: all if a setting leads to one, else those that concern the name."""
    if facts.platform not in _PREFIXES:
        return facts
    if _leads_here(facts):
        return structs.replace(facts, forwarders=read(source, name))
    found = read(source, name) if _is_set_up(source) else ()
    return structs.replace(facts, forwarders=tuple(f for f in found if _concerns(f, name)))


def _is_set_up(source: HostSource) -> bool:
    mains = (f"{prefix}{main}" for prefix in _PREFIXES[source.platform] for paths in _MAIN.values() for main in paths)
    return any(isinstance(source.read(main), Seen) for main in mains) or networkmanager.starts_dnsmasq(source)


def _concerns(forwarder: ForwarderConfig, name: str) -> bool:
    """Tell whether a forwarder that nothing leads to sends the name somewhere: by a rule for a domain, or it is wholly known."""
    whole = isinstance(forwarder.in_force, Seen) and not forwarder.in_force.unread
    return whole or any(r.domain and r.servers and covers(r.domain, name) for r in forwarder.entries)


def _leads_here(facts: HostFacts) -> bool:
    """Tell whether programs, or systemd-resolved, query an address of this host; libc does where it has no list."""
    conf, resolved = facts.resolv_conf.seen_or(None), facts.resolved.seen_or(None)
    queried = [*conf.effective] if conf is not None else ["127.0.0.1"]
    queried += [a for link in (resolved.links if resolved is not None else ()) for a in link.servers]
    queried += [a for r in facts.scutil.seen_or(()) for a in r.nameservers]
    queried += [s.address for f in facts.resolver_files.seen_or(()) for s in f.servers]
    return any(is_loopback(a.partition("#")[0]) and a not in _NO_FORWARDERS for a in queried)


def read(source: HostSource, name: str) -> tuple[ForwarderConfig, ...]:
    """Return the forwarders that run, or that are set up; whether programs query one is not decided here."""
    return tuple(f for prefix in _PREFIXES[source.platform] for f in _read(source, name, prefix))


def _read(source: HostSource, name: str, prefix: str) -> Iterator[ForwarderConfig]:
    running = processes.forwarders(source) if source.platform == "linux" else None
    for process in running or ():
        yield _Reader(source, name, process.program, prefix).running(process)
    if running:
        return
    if not prefix and networkmanager.starts_dnsmasq(source):
        config = _Reader(source, name, "dnsmasq", prefix).by_command(networkmanager.COMMAND_LINE)
        yield config if running is None else structs.replace(config, doubt=NO_PROCESS)
        return
    for program in _MAIN:
        found = _Reader(source, name, program, prefix).set_up()
        if found is not None:
            yield found if running is None else structs.replace(found, doubt=NO_PROCESS)


class _Reader:
    """Reads the configuration of one program."""

    def __init__(self, source: HostSource, name: str, program: str, prefix: str) -> None:
        self._source, self._name, self._program, self._prefix = source, name, program, prefix
        self._syntax = _SYNTAX[program]

    def running(self, process: Process) -> ForwarderConfig:
        """Return the configuration of a process."""
        pihole = process.argv[0].endswith("pihole-FTL") and isinstance(self._source.read(_PIHOLE), Seen)
        config = self.by_command(_OF_PIHOLE if pihole else process.argv)
        if process.in_container:
            why = "it runs in a container, whose files are not those of this host"
            gap = Unreachable(f"the configuration of {process.program}", why, "a look into the container")
            return ForwarderConfig(config.program, config.path, files=gap, running=True)
        return structs.replace(config, running=True)

    def set_up(self) -> ForwarderConfig | None:
        """Return the configuration with which the host starts the program, ``None`` where nothing shows that it has it."""
        argv = units.command_line(self._source, self._program) if not self._prefix else None
        mains = [m for m in self._mains() if not isinstance(self._source.read(m), (Absent, NotAttempted))]
        aside = [d for d in self._directories() if isinstance(self._source.list(d), Seen)]
        if not mains and not (aside and self._program in ("dnsmasq", "unbound")):
            return None
        if argv is None and self._program == "dnsmasq":
            return self._dnsmasq_as_usual(mains)
        return self.by_command(argv or (self._program,))

    def _dnsmasq_as_usual(self, mains: list[str]) -> ForwarderConfig:
        """Return the configuration of a dnsmasq of which no file shows how it is started."""
        if not self._prefix and isinstance(self._source.read(_PIHOLE), Seen):
            return self.by_command(_OF_PIHOLE)
        argv = units.of_homebrew(self._source, "dnsmasq") if self._prefix else None
        if argv is None and not self._prefix:
            own = [line for m in mains for line in self._syntax.lines(text_of(self._source.read(m)) or "", m)]
            own_directories = tuple(o.value for o in dnsmasq_options.options(own)[0] if o.key == "conf-dir")
            argv = units.usual_command_line(self._source, own_directories)
        config = self.by_command(argv or ("dnsmasq",))
        if not self._prefix and isinstance(self._source.read(_OPENWRT), Seen):
            return structs.replace(config, doubt=f"OpenWrt starts it by {_OPENWRT}, which is not read")
        directory = f"{self._prefix}/etc/dnsmasq.d"
        if argv is None and any(r.source.startswith(f"{directory}/") for r in config.aside):
            # Homebrew's service does so, and a start by hand does not.
            return structs.replace(config, doubt=f"whether it is started with {directory} is not known")
        return config

    def by_command(self, argv: tuple[str, ...]) -> ForwarderConfig:
        """Return the configuration that a command line leads to."""
        main = next((m for m in self._mains() if not isinstance(self._source.read(m), Absent)), self._mains()[0])
        if self._program == "dnsmasq":
            return self._dnsmasq(argv, main)
        main = _value(argv, _MAIN_OPTION[self._program]) or main
        followed = self._opened(main)
        config, unread = _PARSERS[self._program](followed.lines, self._name, main)
        jail = _value(argv, "-t") if self._program == "named" else ""
        return self._finished(config, followed, [*unread, *((f"its root is {jail}",) if jail else ())])

    def _dnsmasq(self, argv: tuple[str, ...], main: str) -> ForwarderConfig:
        lines = dnsmasq_options.arguments(argv, main)
        if isinstance(self._source.read(main), Absent):
            lines = tuple(line for line in lines if line.text != f"conf-file={main}")
        followed = follow(self._source, self._syntax, lines)
        found, unread = dnsmasq_options.options(followed.lines)
        files = {path: self._source.read(path) for path in dnsmasq.resolv_files(found)}
        # NetworkManager gives its dnsmasq a directory only.
        given = [
            line.text.partition("=")[2]
            for key in ("conf-file=", "conf-dir=")
            for line in lines
            if line.text.startswith(key)
        ]
        named_main = next((g.partition(",")[0] for g in given if g != "/dev/null"), main)
        config = dnsmasq.parse(
            found,
            self._name,
            named_main,
            dnsmasq.upstream(found, files, named_main, self._source.read(networkmanager.SERVERS)),
        )
        own, not_read = self._own_names(dnsmasq.hosts_files(found))
        return self._finished(structs.replace(config, entries=(*own, *config.entries)), followed, [*unread, *not_read])

    def _opened(self, main: str) -> Followed:
        content = self._source.read(main)
        if not isinstance(content, Seen):
            why = "it is not there" if isinstance(content, Absent) else content.gap().why
            return Followed((), (), (f"{main}: {why}",))
        lines = self._syntax.lines(content.value.decode("utf-8", "replace"), main)
        followed = follow(self._source, self._syntax, tuple(lines))
        return followed._replace(files=(main, *followed.files))

    def _own_names(self, paths: tuple[str, ...]) -> tuple[list[ForwarderRule], list[str]]:
        """Return the lines of further hosts files with the name, and which of those files were not read."""
        own: list[ForwarderRule] = []
        unread: list[str] = []
        for given in paths:
            names = self._source.list(given).seen_or(None)
            for path in [given] if names is None else [f"{given.rstrip('/')}/{n}" for n in names[:_MOST_FILES]]:
                content = self._source.read(path)
                if isinstance(content, Seen):
                    entries = hosts_file.parse(content.value, path, self._name).entries
                    own += [ForwarderRule(f"{path}:{e.line}", self._name, first=True) for e in entries]
                elif not isinstance(content, Absent):
                    unread.append(f"{path}: {content.gap().why}")
        return own, unread

    def _finished(self, config: ForwarderConfig, followed: Followed, unread: list[str]) -> ForwarderConfig:
        what = f"the configuration of {self._program} ({config.path})"
        files = Seen(followed.files, what, unread=(*followed.unread, *unread))
        aside = tuple(self._aside(followed.files))
        return structs.replace(config, files=files, aside=aside, folders=tuple(dict.fromkeys(followed.folders)))

    def _aside(self, in_force: tuple[str, ...]) -> Iterator[ForwarderRule]:
        """Yield the rules for domains of the name in files that are not in force."""
        included = (f.rpartition("/")[0] for f in in_force if f not in self._mains())
        for directory in dict.fromkeys((*self._directories(), *(d for d in included if d.count("/") > 1))):
            for file in self._source.list(directory).seen_or(())[:_MOST_FILES]:
                path = f"{directory}/{file}"
                text = text_of(self._source.read(path)) if path not in in_force else None
                if text is None:
                    continue
                lines = tuple(self._syntax.lines(text, path))
                yield from (r for r in self._rules_of(lines, path) if r.domain and covers(r.domain, self._name))

    def _rules_of(self, lines: tuple[ConfigLine, ...], path: str) -> tuple[ForwarderRule, ...]:
        if self._program == "dnsmasq":
            found, _ = dnsmasq_options.options(lines)
            return dnsmasq.parse(found, self._name, path, ForwarderRule(path, "")).entries
        return _PARSERS[self._program](lines, self._name, path)[0].entries

    def _mains(self) -> tuple[str, ...]:
        return tuple(f"{self._prefix}{m}" for m in _MAIN[self._program] if not (self._prefix and m.startswith("/usr")))

    def _directories(self) -> tuple[str, ...]:
        return tuple(f"{self._prefix}{d}" for d in _ASIDE[self._program])


def _value(argv: tuple[str, ...], option: str) -> str:
    """Return the value of an option of a command line, which may stand in the same word; ``""`` without it."""
    apart = [b for a, b in pairwise(argv) if a == option]
    joined = [
        a.removeprefix(option) for a in argv[1:] if len(option) == len("-c") and a.startswith(option) and a != option
    ]
    return next(iter((*apart, *joined)), "")
