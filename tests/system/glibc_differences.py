"""Runs inside its own mount and network namespace: looks names up under random files, and prints differences."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from sddoctor.case.host import HostFacts
from sddoctor.case.seen import Seen
from sddoctor.formats.host import hosts_file, nsswitch, resolv_conf
from sddoctor.observe.host import nss_modules
from sddoctor.observe.host.source import RunningHost
from sddoctor.resolution.choose import choose

NAME = "dev-api.example.internal"
FILES = ("nsswitch.conf", "hosts", "resolv.conf")
KEYWORDS = ["nameserver"] * 24
KEYWORDS += [
    "Nameserver",
    "search",
    "domain",
    "options",
    " nameserver",
    "nameserver=",
    "\ufeffnameserver",
    "#nameserver",
]
BETWEEN = [" "] * 20 + ["\t", "  ", "\t ", "", "="]
ADDRESSES = [f"127.0.0.{n}" for n in range(1, 7)] * 5
ADDRESSES += ["127.2", "0177.0.0.3", "0x7f.4", "127.0.0.5:53", "127.0.0.2#53", "localhost", "127.0.0.4;", "256.1.1.1"]
ADDRESSES += ["127.0.0.09", "2130706433", "127.0.0.2.53", "0x", "127..1", "127.0.0.3%x"]
ENDS = ["\n"] * 20 + ["\r\n", " \n", " # c\n", "\t127.0.0.6\n", "#c\n", "\f\n", "\0\n", ""]
SOURCES = ["files", "dns", "dns", "files", "nosuch", "#"]
ACTIONS = [""] * 8 + [" [NOTFOUND=return]", " [!UNAVAIL=return]", " [UNAVAIL=return]", "[notfound=continue]"]
ACTIONS += [" [SUCCESS=continue]", " [!SUCCESS=return]", " [X=return]", " [ NOTFOUND = return TRYAGAIN=return ]"]
DATABASES = ["hosts: ", "hosts: ", "hosts:", "Hosts: ", "#hosts: ", " hosts : ", "passwd: "]
HOSTS = [""] * 6 + [f"10.9.9.9 {NAME}\n", f"10.9 {NAME}\n", f"10.9.9.9 {NAME}.\n", f"10.9.9.9 {NAME.upper()}#x\r\n"]

asked: list[str] = []


def serve(address: str) -> None:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    while True:
        query, client = server.recvfrom(4096)
        end = 12
        while query[end]:
            end += query[end] + 1
        asked.append(address)
        server.sendto(query[:2] + b"\x81\x85\0\1" + bytes(6) + query[12 : end + 5], client)


def random_files(choose_from: random.Random) -> dict[str, str]:
    pick = choose_from.choice
    conf = "".join(pick(KEYWORDS) + pick(BETWEEN) + pick(ADDRESSES) + pick(ENDS) for _ in range(pick(range(9))))
    lines = [
        pick(DATABASES) + " ".join(pick(SOURCES) + pick(ACTIONS) for _ in range(pick(range(5)))) + pick("\n\n\n\r")
        for _ in range(pick(range(3)))
    ]
    nss = pick(["hosts: files dns\n", "".join(line.replace("\r", "\r\n") for line in lines) + pick(["", "hosts: dns"])])
    return {"nsswitch.conf": nss, "hosts": "127.0.0.1 localhost\n" + pick(HOSTS), "resolv.conf": conf}


def predicted(files: dict[str, str]) -> list[str]:
    nss = nsswitch.parse(files["nsswitch.conf"].encode())
    facts = HostFacts(
        "linux",
        nss=nss,
        nss_missing=nss_modules.missing(RunningHost(), nss.peek() or ()),
        hosts=Seen(hosts_file.parse(files["hosts"].encode(), "/etc/hosts", NAME), "/etc/hosts"),
        resolv_conf=Seen(resolv_conf.parse(files["resolv.conf"].encode()), "/etc/resolv.conf"),
    )
    return [server.address for server in choose(NAME, facts).value.servers]


def main(seed: int, cases: int) -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for number in range(1, 7):
        threading.Thread(target=serve, args=(f"127.0.0.{number}",), daemon=True).start()
    directory = Path(tempfile.mkdtemp())
    for file in FILES:
        (directory / file).write_text("")
        subprocess.run(["mount", "--bind", directory / file, os.path.realpath(f"/etc/{file}")], check=True)
    choose_from = random.Random(seed)
    differences = []
    for _ in range(cases):
        files = random_files(choose_from)
        for file, content in files.items():
            (directory / file).write_bytes(content.encode())
        asked.clear()
        subprocess.run(["getent", "ahosts", NAME], capture_output=True, timeout=60, check=False)
        real, ours = list(dict.fromkeys(asked)), list(dict.fromkeys(predicted(files)))
        if real != ours:
            differences.append({"files": files, "glibc": real, "predicted": ours})
    print(json.dumps({"cases": cases, "differences": differences}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
