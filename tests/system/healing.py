"""Pasting what a report prints for a Linux host, beside the real servers, and seeing the name resolve afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import linux_fixes
from tests.system import resolved, servers
from tests.system.topology import LAPTOP, ROUTER, VPC_RESOLVER, Network

NAME = "dev-api.example.internal"
ANSWERS = ("dig", "@127.0.0.1", "+time=1", "+tries=1", "version.bind", "TXT", "CH")
DNSMASQ = f"no-resolv\nno-hosts\nlisten-address=127.0.0.1\nbind-interfaces\nuser=root\nserver={ROUTER}\n"
FORWARD = f"forward-zone:\n    name: example.internal\n    forward-addr: {VPC_RESOLVER}\n"
Check = Callable[..., dict[str, Any]]
#: What :func:`heal` gives: it returns the report of before.
Heal = Check
VpnClient = Callable[[], None]


class Service:
    """A program, on the laptop by default, that can be restarted, as ``systemctl restart`` does. ``ready`` succeeds once it serves."""

    def __init__(
        self, network: Network, *words: str, ready: tuple[str, ...], running: bool = False, namespace: str = LAPTOP
    ) -> None:
        self._network, self._words, self._ready, self._namespace = network, words, ready, namespace
        if running:
            self._process = next(p for p in network.processes if p.args[-len(words) :] == [*words])  # type: ignore[index]
        else:
            self._start()

    def _start(self) -> None:
        self._process = self._network.start(self._namespace, *self._words)
        self._network.wait_until(*self._ready, env=resolved.ENVIRONMENT)

    def restart(self) -> None:
        self._process.terminate()
        self._process.wait(60)
        self._start()


@pytest.fixture
def tools(network: Network) -> Path:
    """``sudo``, and a ``systemctl`` that notes what it was told."""
    directory = network.scratch / "tools"
    directory.mkdir()
    scripts = {"sudo": 'exec "$@"', "systemctl": f'echo "$*" >>{directory}/told'}
    for name, line in scripts.items():
        (directory / name).write_text(f"#!/bin/sh\n{line}\n")
        (directory / name).chmod(0o755)
    return directory


@pytest.fixture
def heal(network: Network, check: Check, tools: Path, request: pytest.FixtureRequest) -> Iterator[Heal]:
    """Paste a fix for Linux of the root cause, the first by default, start anew what it says, and look again.

    ``include`` is the file that takes a fix which is a piece of configuration, ``by_hand`` puts it into its place. Afterwards the name has to be healthy. What
    ``RUN`` says of the test has to have been pasted.
    """
    pasted: set[str] = set()

    def run(
        code: str,
        *args: str,
        which: int = 0,
        include: Path | None = None,
        by_hand: Callable[[str], None] | None = None,
        name: str = NAME,
        **services: Service,
    ) -> dict[str, Any]:
        env = {"PATH": f"{tools}:{resolved.ENVIRONMENT['PATH']}"}
        before = check(*args, name=name, env=env)
        assert before["root_causes"][:1] == [code], (before["root_causes"], before["headline"])
        (finding,) = (f for f in before["findings"] if f["code"] == code)
        fix = [x for x in finding["fixes"] if x["where"] == "linux"][which]
        for command in fix["commands"]:
            done = network.run("bash", "-c", command, env=env)
            assert done.returncode == 0, (command, done.stderr)
        if by_hand is not None:
            assert not fix["commands"], fix
            by_hand(fix["config"])
        elif not fix["commands"]:
            assert include is not None, fix
            include.write_text(f"{include.read_text()}{fix['config']}\n")
        told = (tools / "told").read_text() if (tools / "told").exists() else ""
        for program, service in services.items():
            if f"restart {program.replace('_', '-')}\n" in told or not fix["commands"]:
                service.restart()
        after = check(*args, name=name, env=env)
        assert (after["verdict"], after["root_causes"]) == ("healthy", []), (fix, after["headline"])
        pasted.add(linux_fixes.shape(fix["commands"], fix.get("config"), fix["title"]))
        return before

    yield run
    assert {s for s, test in linux_fixes.RUN.items() if test == request.node.name} <= pasted, pasted
    assert pasted <= {*linux_fixes.RUN}, "a shape that RUN does not know"


@pytest.fixture
def vpn_client(network: Network) -> VpnClient:
    """A VPN client's forwarder at 127.0.0.2: before the VPN is up the router's view, and the VPC's afterwards."""
    conf = servers.dnsmasq(network, f"server={ROUTER}", address="127.0.0.2")
    before = network.processes[-1]

    def connect() -> None:
        assert network.run("getent", "ahosts", NAME).stdout == ""
        before.terminate()
        before.wait(60)
        with conf.open("a") as lines:
            lines.write(f"server=/example.internal/{VPC_RESOLVER}\n")
        network.start(LAPTOP, "dnsmasq", "--keep-in-foreground", f"--conf-file={conf}", "--pid-file=")
        network.wait_for(LAPTOP, "127.0.0.2")

    return connect


def dnsmasq(network: Network, *lines: str) -> Service:
    """A dnsmasq as Debian starts it, asked by the whole laptop; it reads /etc/dnsmasq.d if a line says so."""
    network.own_etc()
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    (network.etc / "dnsmasq.d").mkdir(exist_ok=True)
    (network.etc / "dnsmasq.conf").write_text(DNSMASQ + "".join(f"{line}\n" for line in lines))
    return Service(network, "dnsmasq", "--keep-in-foreground", "--pid-file=", ready=ANSWERS)


def unbound(network: Network, more: str = "", upstream: str = ROUTER) -> Service:
    """An unbound with Debian's main file, which includes unbound.conf.d, asked by the whole laptop."""
    network.own_etc()
    network.files(resolv_conf="nameserver 127.0.0.1\n")
    directory = network.etc / "unbound"
    (directory / "unbound.conf.d").mkdir(parents=True, exist_ok=True)
    for file in (directory / "unbound.conf.d").iterdir():
        file.unlink()
    (directory / "unbound.conf").write_text('include-toplevel: "/etc/unbound/unbound.conf.d/*.conf"\n')
    (directory / "unbound.conf.d/laptop.conf").write_text(
        'server:\n    interface: 127.0.0.1\n    do-ip6: no\n    username: ""\n    chroot: ""\n    pidfile: ""\n'
        '    use-syslog: no\n    module-config: "validator iterator"\n'
        "remote-control:\n    control-enable: yes\n    control-interface: /run/unbound.ctl\n"
        f'forward-zone:\n    name: "."\n    forward-addr: {upstream}\n{more}'
    )
    return Service(network, "unbound", "-d", ready=ANSWERS)


def plain(network: Network, **files: str) -> None:
    network.own_etc()
    network.files(**files)


def systemd_resolved(network: Network, tunnel: str, settings: str = "") -> Service:
    """A systemd-resolved that the whole laptop asks, with this .network file for the tunnel."""
    resolved.start(network, {"50-tunnel.network": tunnel}, settings=settings)
    ready = ("sh", "-c", f"resolvectl dns eth0 | grep -q {ROUTER}")
    return Service(network, str(resolved.program()), ready=ready, running=True)
