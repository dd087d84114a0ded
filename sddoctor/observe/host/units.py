"""How a host starts a forwarder, where its process is not seen: its unit, and the settings that its starter reads."""

from __future__ import annotations

import plistlib
import re
import shlex

from sddoctor.case.seen import Seen
from sddoctor.observe.host.config_files import text_of
from sddoctor.observe.host.source import HostSource

#: Directories of units, the one that counts most first. systemd.unit(5)
_UNITS = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
#: What Debian's package passes to dnsmasq if its settings do not say otherwise.
_DEBIAN_DIRECTORY = "/etc/dnsmasq.d,.dpkg-dist,.dpkg-old,.dpkg-new"
#: Distributions whose unit passes no file and no directory to dnsmasq.
_AS_SHIPPED = frozenset(("alpine", "amzn", "arch", "centos", "fedora", "gentoo", "rhel", "suse", "void"))
_NAMES = {"named": ("named", "bind9"), "dnsmasq": ("dnsmasq",), "unbound": ("unbound",), "coredns": ("coredns",)}


def command_line(source: HostSource, program: str) -> tuple[str, ...] | None:
    """Return the command line with which the host starts the program, ``None`` where no file shows it."""
    by_unit = _by_unit(source, program)
    if by_unit is not None:
        return by_unit
    if program != "dnsmasq":
        return None
    settings = _assignments(text_of(source.read("/etc/default/dnsmasq")))
    if settings is not None:
        directory, resolv = settings.get("CONFIG_DIR", ""), settings.get("RESOLV_CONF", "")
        more = (*(("-7", directory) if directory else ()), *(("-r", resolv) if resolv else ()))
        return ("dnsmasq", *more, *_words(settings.get("DNSMASQ_OPTS", "")))
    of_openrc = _assignments(text_of(source.read("/etc/conf.d/dnsmasq")))
    return None if of_openrc is None else ("dnsmasq", *_words(of_openrc.get("DNSMASQ_OPTS", "")))


def usual_command_line(source: HostSource, own_directories: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the command line of the distribution's dnsmasq, where no file shows another and it is known.

    A main file that names the directory itself has the last word on which of its files are read.
    """
    if not is_debian(source):
        return ("dnsmasq",) if _distributions(source) & _AS_SHIPPED else None
    named = any(d.partition(",")[0].rstrip("/") == "/etc/dnsmasq.d" for d in own_directories)
    return ("dnsmasq",) if named else ("dnsmasq", "-7", _DEBIAN_DIRECTORY)


def of_homebrew(source: HostSource, program: str) -> tuple[str, ...] | None:
    """Return the command line with which launchd starts a program of Homebrew, ``None`` where its file was not seen."""
    content = source.read(f"/Library/LaunchDaemons/homebrew.mxcl.{program}.plist")
    if not isinstance(content, Seen):
        return None
    try:
        found = plistlib.loads(content.value)
    except Exception:  # plistlib raises whatever its parsers do
        return None
    words = found.get("ProgramArguments") if isinstance(found, dict) else None
    return tuple(map(str, words)) if isinstance(words, list) and words else None


def is_debian(source: HostSource) -> bool:
    """Tell whether the distribution is Debian or made from it. os-release(5)"""
    return bool({"debian", "ubuntu"} & _distributions(source))


def _distributions(source: HostSource) -> set[str]:
    found = _assignments(text_of(source.read("/etc/os-release"))) or {}
    return {found.get("ID", ""), *found.get("ID_LIKE", "").split()}


def _by_unit(source: HostSource, program: str) -> tuple[str, ...] | None:
    """Return the last command of the unit and its drop-ins; an empty one takes those before it away. systemd.service(5)"""
    commands: list[str] = []
    variables: dict[str, str] = {}
    for text in _unit_texts(source, program):
        for line in text.replace("\\\n", " ").splitlines():
            key, _, value = (part.strip() for part in line.partition("="))
            if key == "ExecStart":
                commands = [*commands, value] if value else []
            elif key == "Environment":
                variables |= dict(w.split("=", 1) for w in _words(value) if "=" in w)
            elif key == "EnvironmentFile":
                variables |= _assignments(text_of(source.read(value.lstrip("-")))) or {}
    words = _words(commands[-1].lstrip("-@:+!")) if commands else ()
    if not words or words[0].rpartition("/")[2] != program:
        return None  # none, or a script that starts it
    return tuple(w for word in words for w in _expanded(word, variables))


def _unit_texts(source: HostSource, program: str) -> list[str]:
    for name in _NAMES[program]:
        main = next((t for d in _UNITS if (t := text_of(source.read(f"{d}/{name}.service"))) is not None), None)
        drops = {
            drop: f"{directory}/{name}.service.d/{drop}"
            for directory in reversed(_UNITS)
            for drop in source.list(f"{directory}/{name}.service.d").seen_or(())
            if drop.endswith(".conf")
        }
        texts = [main, *(text_of(source.read(path)) for _, path in sorted(drops.items()))]
        if any(texts):
            return [t for t in texts if t]
    return []


def _expanded(word: str, variables: dict[str, str]) -> tuple[str, ...]:
    """Return the words that a variable stands for; ``$NAME`` alone is split, ``${NAME}`` is not."""
    if word.startswith("$") and word[1:].isidentifier():
        return _words(variables.get(word[1:], ""))
    return (re.sub(r"\$\{(\w+)\}", lambda m: variables.get(m[1], ""), word),)


def _assignments(text: str | None) -> dict[str, str] | None:
    """Return the variables that a file of assignments sets, ``None`` where there is no such file."""
    if text is None:
        return None
    lines = (line.strip().removeprefix("export ") for line in text.splitlines())
    pairs = (line.split("=", 1) for line in lines if re.match(r"\w+=", line))
    return {key: " ".join(_words(value)) for key, value in pairs}


def _words(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text, comments=True))
    except ValueError:
        return ()
