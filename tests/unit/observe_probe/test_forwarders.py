"""The forwarder on a host that a probe ran on: its process and its files, as far as the script reads them."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from sddoctor.case.forwarder import ForwarderConfig
from sddoctor.formats.probe.script import script
from sddoctor.formats.probe.transcript import parse
from sddoctor.observe.host import forwarders
from sddoctor.observe.probe.host import ProbedHost

NAME = "dev-api.example.internal"
BEGIN = f"sddoctor.probe/1 begin {NAME} 2026-12-01T05:00:00Z host\n"
END = "sddoctor.probe/1 end\n"


def block(path: str, text: str) -> str:
    return f"@file {path}\n" + "".join(f"|{line}\n" for line in text.splitlines()) + "@end\n"


def read(*blocks: str) -> tuple[ForwarderConfig, ...]:
    return forwarders.read(ProbedHost(parse(f"{BEGIN}{''.join(blocks)}{END}".encode())), NAME)


MAIN = block("/etc/dnsmasq.conf", "conf-dir=/etc/dnsmasq.d,*.conf\nno-resolv\nserver=192.168.1.1\n")
FILE = block("/etc/dnsmasq.d/vpc", "server=/example.internal/10.10.0.2\n")


def test_a_process_and_a_file_that_its_pattern_leaves_out() -> None:
    (found,) = read(block("/proc/612/cmdline", "/usr/sbin/dnsmasq\n-k\n"), MAIN, FILE)
    assert [str(s) for r in found.entries for s in r.servers] == ["192.168.1.1"]
    assert ([r.source for r in found.aside], found.running) == (["/etc/dnsmasq.d/vpc:1"], True)
    assert found.in_force.whole == ("/etc/dnsmasq.conf",)


def test_an_empty_folder_is_seen() -> None:
    (found,) = read(MAIN, "@nofile /etc/dnsmasq.d/*\n", "@nofile /etc/default/dnsmasq\n")
    assert found.aside == ()
    assert [str(s) for r in found.entries for s in r.servers] == ["192.168.1.1"]


def test_another_file_of_a_process_shows_no_processes() -> None:
    (found,) = read(block("/proc/1/cgroup", "0::/init.scope\n"), MAIN, "@nofile /etc/dnsmasq.d/*\n")
    assert found.doubt == ""


def test_what_an_earlier_script_did_not_read_is_no_forwarder() -> None:
    assert read() == ()


@pytest.mark.skipif(shutil.which("sh") is None, reason="a shell reads it")
def test_the_script_reads_them_where_a_list_leads_to_this_host() -> None:
    text = script(NAME)
    found = re.search(r"case \" \$\(echo \$listed\).*?\nesac\n", text, re.DOTALL)
    assert found is not None
    stubs = 'file() { for f; do echo "$f"; done; }; quoted() { echo "$1"; }\n'
    for listed, reads in {
        "192.168.1.1#53": False,
        "1.1.1.1#53\n127.0.0.1#53": True,
        "": True,
        "10.127.0.1#53": False,
    }.items():
        run = subprocess.run(
            ["sh", "-c", f"set -f\nlisted='{listed}'\n{stubs}{found.group()}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ("/etc/dnsmasq.conf" in run.stdout, run.stderr) == (reads, "")
