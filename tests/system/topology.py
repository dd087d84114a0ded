"""A laptop, its home router and a VPC, as network namespaces on this machine.

    laptop  192.168.1.23 --- 192.168.1.1  home    (default route; drops what is not for it)
            tun0 10.99.0.2 --- 10.99.0.1  vpc     (10.10.0.2 is the VPC resolver)

The "tunnel" is a veth pair called tun0: a VPN is, for the routing table, an interface and routes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

#: Named by the process, so that runs beside each other do not meet.
LAPTOP, HOME, VPC = (f"sdd-{place}-{os.getpid()}" for place in ("laptop", "home", "vpc"))
VPC_RESOLVER = "10.10.0.2"
ROUTER, SIGNED = "192.168.1.1", "192.168.1.2"
NETNS_FILES = Path("/etc/netns")


def sh(*words: str, check: bool = True) -> str:
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def inside(namespace: str, *words: str) -> list[str]:
    return ["ip", "netns", "exec", namespace, *words]


_OWN_ROOT = """
root=$1 etc=$2
mkdir "$etc" "$root"
# Without the files of other networks, which come and go.
tar -C /etc --exclude=./netns -cf - . | tar -C "$etc" -xf -
mount -t tmpfs tmpfs "$root"
for entry in /*; do
    if [ -L "$entry" ]; then cp -P "$entry" "$root"
    elif [ "$entry" = /tmp ]; then mkdir "$root$entry"; mount --bind "$entry" "$root$entry"
    elif [ -d "$entry" ]; then mkdir "$root$entry"; mount --rbind "$entry" "$root$entry"
    fi
done
mount --bind "$etc" "$root/etc"
mount -t tmpfs tmpfs "$root/run"
exec chroot "$root" sh -c 'echo && exec sleep 600'
"""


class Network:
    """The three namespaces. ``vpn_up`` and ``vpn_down`` change the laptop's routes as a VPN client does."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.processes: list[subprocess.Popen[bytes]] = []
        self.etc = NETNS_FILES / LAPTOP
        self._enter = inside(LAPTOP)

    def __enter__(self) -> Network:
        self.tear_down()
        for namespace in (LAPTOP, HOME, VPC):
            sh("ip", "netns", "add", namespace)
            self.ip(namespace, "link", "set", "lo", "up")
            sh(*inside(namespace, "sysctl", "-qw", "net.ipv4.ip_forward=0"), check=False)
            (NETNS_FILES / namespace).mkdir(parents=True, exist_ok=True)
        self.cable(LAPTOP, "eth0", "192.168.1.23/24", HOME, "lan0", f"{ROUTER}/24")
        self.cable(LAPTOP, "tun0", "10.99.0.2/24", VPC, "vpn0", "10.99.0.1/24")
        self.ip(LAPTOP, "route", "add", "default", "via", ROUTER)
        self.ip(VPC, "address", "add", f"{VPC_RESOLVER}/32", "dev", "lo")
        self.vpn_up()
        self.files(resolv_conf=f"nameserver {ROUTER}\n", hosts="127.0.0.1 localhost\n", nsswitch="hosts: files dns\n")
        return self

    def __exit__(self, *_: object) -> None:
        self.tear_down()

    def tear_down(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
        self.processes.clear()
        for namespace in (LAPTOP, HOME, VPC):
            for left in sh(
                "ip", "netns", "pids", namespace, check=False
            ).split():  # what put itself into the background
                sh("kill", left, check=False)
            sh("ip", "netns", "del", namespace, check=False)
            shutil.rmtree(NETNS_FILES / namespace, ignore_errors=True)

    def ip(self, namespace: str, *words: str) -> str:
        return sh("ip", "-n", namespace, *words)

    def cable(self, one: str, a: str, a_address: str, other: str, b: str, b_address: str) -> None:
        self.ip(one, "link", "add", a, "type", "veth", "peer", "name", b, "netns", other)
        for namespace, device, address in ((one, a, a_address), (other, b, b_address)):
            self.ip(namespace, "address", "add", address, "dev", device)
            self.ip(namespace, "link", "set", device, "up")

    def vpn_up(self, *ranges: str) -> None:
        for cidr in ranges or ("10.10.0.0/16",):
            self.ip(LAPTOP, "route", "replace", cidr, "dev", "tun0")

    def vpn_down(self) -> None:
        self.ip(LAPTOP, "link", "set", "tun0", "down")

    def files(self, **content: str) -> None:
        """Give the laptop its own ``/etc`` files: resolv_conf, hosts, nsswitch."""
        names = {"resolv_conf": "resolv.conf", "hosts": "hosts", "nsswitch": "nsswitch.conf"}
        for key, text in content.items():
            (self.etc / names[key]).write_text(text)

    def own_etc(self) -> None:
        """Give the laptop a whole /etc and /run of its own, so that programs on it may change what they like.

        Files right below / are not there, so that it is no container where this machine is one (/.dockerenv).
        """
        self.etc = self.scratch / "etc"
        words = ("sh", "-ec", _OWN_ROOT, "sh", str(self.scratch / "root"), str(self.etc))
        holder = subprocess.Popen(inside(LAPTOP, "unshare", "--mount", *words), stdout=subprocess.PIPE)
        self.processes.append(holder)
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"\n"
        self._enter = ["nsenter", f"--target={holder.pid}", "--mount", "--net", "--root", "--wd"]

    def start(self, namespace: str, *words: str) -> subprocess.Popen[bytes]:
        log = (self.scratch / f"{Path(words[0]).name}-{len(self.processes)}.log").open("wb")
        enter = self._enter if namespace == LAPTOP else inside(namespace)
        process = subprocess.Popen([*enter, *words], stdout=log, stderr=subprocess.STDOUT)
        self.processes.append(process)
        return process

    def run(
        self, *words: str, env: dict[str, str] | None = None, timeout: float = 240
    ) -> subprocess.CompletedProcess[str]:
        """Run a command on the laptop."""
        return subprocess.run(
            [*self._enter, *words],
            check=False,
            capture_output=True,
            text=True,
            timeout=timeout,
            env=_environment(env),
        )

    def dig(self, server: str, name: str, *more: str) -> str:
        """Return what a server that answers says. That it is late shows a busy machine alone, and is waited for."""
        done = self.run("dig", f"@{server}", "+time=60", "+tries=1", name, *more)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def wait_until(self, *words: str, env: dict[str, str] | None = None, namespace: str = LAPTOP) -> None:
        """Wait until a command succeeds, on the laptop or elsewhere."""
        deadline = time.monotonic() + 60
        enter = self._enter if namespace == LAPTOP else inside(namespace)
        while subprocess.run([*enter, *words], check=False, capture_output=True, env=_environment(env)).returncode:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(words)} never succeeded; see {self.scratch}")
            time.sleep(0.1)

    def wait_for(self, namespace: str, server: str, port: int = 53) -> None:
        """Wait until a DNS server answers anything."""
        deadline = time.monotonic() + 60
        words: Sequence[str] = (
            "dig",
            f"@{server}",
            "-p",
            str(port),
            "+time=1",
            "+tries=1",
            "version.bind",
            "TXT",
            "CH",
        )
        while time.monotonic() < deadline:
            if subprocess.run(inside(namespace, *words), check=False, capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"the name server {server} did not start; see {self.scratch}")


def _environment(more: dict[str, str] | None) -> dict[str, str]:
    """Return the variables of a program on the laptop, which is no machine of a CI."""
    return {**{k: v for k, v in os.environ.items() if k != "CI"}, **(more or {})}


PYTHON = sys.executable
