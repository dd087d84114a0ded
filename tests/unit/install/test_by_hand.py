"""Files that somebody else wrote: the same in another spelling is in place, anything else is shown and left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from sddoctor.case.dns import Server
from sddoctor.install import plan
from sddoctor.install.tree import Tree
from sddoctor.splitdns.formats import BY_NAME
from sddoctor.splitdns.model import SplitDns, make

CONFIG = make("example.internal", (Server("10.10.0.2"),))
TWO = make("example.internal", (Server("10.10.0.2"), Server("10.10.0.3")))


def put(tmp_path: Path, files: dict[str, str]) -> Tree:
    for path, text in files.items():
        place = tmp_path / path.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, newline="")
    return Tree(tmp_path)


MACOS, DNSMASQ = "/etc/resolver/example.internal", "/etc/dnsmasq.d/example.internal.conf"
UNBOUND = "/etc/unbound/unbound.conf.d/example.internal.conf"
NETWORK, DELEGATE = (
    "/etc/systemd/network/50-example.internal.network",
    "/etc/systemd/dns-delegate.d/example.internal.dns-delegate",
)
ZONE = "forward-zone:\n    name: example.internal.\n    forward-addr: 10.10.0.2\n"
ANCHOR = 'server:\n    auto-trust-anchor-file: "/var/lib/unbound/root.key"\n'


@pytest.mark.parametrize(
    ("form", "config", "files"),
    [
        ("macos", CONFIG, {MACOS: "nameserver 10.10.0.2\n"}),
        ("macos", CONFIG, {MACOS: "# our VPC\nNameserver 10.10.0.2\ntimeout 3\n"}),
        ("macos", CONFIG, {MACOS: "nameserver\t10.10.0.2\nport 53\n"}),
        ("macos", TWO, {MACOS: "nameserver 10.10.0.3\nnameserver 10.10.0.2\n"}),
        ("macos", CONFIG, {"/etc/resolver/vpc": "domain Example.Internal.\nnameserver 10.10.0.2\n"}),
        ("dnsmasq", CONFIG, {DNSMASQ: "# our VPC\nserver = /Example.Internal/10.10.0.2#53   # resolver\n"}),
        ("dnsmasq", CONFIG, {DNSMASQ: "server=/other.internal/example.internal/10.10.0.2\n"}),
        ("dnsmasq", TWO, {DNSMASQ: "server=/example.internal/10.10.0.3\nserver=/example.internal/10.10.0.2\n"}),
        ("dnsmasq", CONFIG, {DNSMASQ: "server=/example.internal/10.10.0.2\nlocal=/example.internal/\n"}),
        ("dnsmasq", CONFIG, {"/etc/dnsmasq.d/aws.conf": "server=/example.internal/10.10.0.2\n"}),
        ("dnsmasq", CONFIG, {"/etc/dnsmasq.conf": "conf-dir=/etc/dnsmasq.d\nserver=/example.internal/10.10.0.2\n"}),
        (
            "dnsmasq",
            CONFIG,
            {
                "/etc/dnsmasq.conf": "stop-dns-rebind\n",
                DNSMASQ: "rebind-domain-ok=/internal/\nserver=/example.internal/10.10.0.2\n",
            },
        ),
        ("unbound", CONFIG, {UNBOUND: ZONE}),
        ("unbound", CONFIG, {UNBOUND: f'{ZONE}server:\n  domain-insecure: "internal"\n', "/etc/unbound/unbound.conf": ANCHOR}),
        ("systemd-resolved", CONFIG, {NETWORK: "[Network]\n; VPC\nDomains=~example.internal\nDNS=10.10.0.2:53\n[Match]\nName=tun*\n"}),
        ("systemd-resolved", TWO, {NETWORK: "[Match]\nName=tun0\n[Network]\nDNS=10.10.0.3\nDNS=10.10.0.2\nDomains=example.internal\nDNSDefaultRoute=false\n"}),
        ("systemd-dns-delegate", CONFIG, {DELEGATE: "[Delegate]\nDomains=Example.Internal.\nDNS=192.0.2.1\nDNS=\nDNS=10.10.0.2\n"}),
        ("systemd-dns-delegate", CONFIG, {"/etc/systemd/dns-delegate.d/vpc.dns-delegate": "[Delegate]\nDNS=10.10.0.2\nDomains=example.internal other.internal\n"}),
    ],
)  # fmt: skip
def test_a_right_file_is_already_in_place(tmp_path: Path, form: str, config: SplitDns, files: dict[str, str]) -> None:
    tree = put(tmp_path, files)
    assert plan.to_install(BY_NAME[form], config, tree, force=False) == ()
    assert plan.to_install(BY_NAME[form], config, tree, force=True) == ()


@pytest.mark.parametrize(
    ("form", "files"),
    [
        ("macos", {MACOS: "nameserver 10.10.0.2\r\n"}),
        ("macos", {MACOS: "nameserver  10.10.0.2\n"}),
        ("macos", {MACOS: "nameserver 10.10.0.2\nport 5353\n"}),
        ("macos", {MACOS: "nameserver 10.10.0.2\nflags scoped\n"}),
        ("macos", {MACOS: "domain other.internal\nnameserver 10.10.0.2\n"}),
        ("macos", {MACOS: "nameserver 10.10.0.2\nnameserver 192.168.1.1\n"}),
        ("dnsmasq", {DNSMASQ: "#server=/example.internal/10.10.0.2\n"}),
        ("dnsmasq", {DNSMASQ: "server=/example.internal/10.10.0.2\nserver=/example.internal/192.168.1.1\n"}),
        ("dnsmasq", {DNSMASQ: "server=/example.internal/10.10.0.2\n", "/etc/dnsmasq.conf": "stop-dns-rebind\n"}),
        ("unbound", {UNBOUND: ZONE, "/etc/unbound/unbound.conf": ANCHOR}),
        ("unbound", {UNBOUND: ZONE, "/etc/unbound/unbound.conf": "server:\n    private-address: 10.0.0.0/8\n"}),
        ("unbound", {UNBOUND: ZONE.replace("10.10.0.2", "10.10.0.2@5353")}),
        ("systemd-resolved", {NETWORK: "[Match]\nName=wg0\n[Network]\nDNS=10.10.0.2\nDomains=~example.internal\n"}),
        ("systemd-resolved", {NETWORK: "[Match]\nName=tun0\n[Network]\nDNS=10.10.0.2\nDomains=example.internal\n"}),
        ("systemd-resolved", {NETWORK: "[Match]\nName=tun0\n[Network]\nDNS=10.10.0.2\nDomains=~example.internal ~.\n"}),
        ("systemd-resolved", {NETWORK: "[Match]\nName=tun0\nMACAddress=02:00:00:00:00:01\n[Network]\nDNS=10.10.0.2\nDomains=~example.internal\n"}),
        ("systemd-dns-delegate", {DELEGATE: "[Delegate]\nDNS=10.10.0.2\nDomains=example.internal\nDefaultRoute=yes\n"}),
        ("systemd-dns-delegate", {DELEGATE: "[Resolve]\nDNS=10.10.0.2\nDomains=~example.internal\n"}),
        ("systemd-dns-delegate", {DELEGATE: "[Delegate]\nDNS=10.10.0.2 dns.example\nDomains=~example.internal\n"}),
    ],
)  # fmt: skip
def test_another_file_is_shown_with_what_would_replace_it(tmp_path: Path, form: str, files: dict[str, str]) -> None:
    tree = put(tmp_path, files)
    path = next(iter(files))
    with pytest.raises(plan.ForeignFileError, match="--force") as raised:
        plan.to_install(BY_NAME[form], CONFIG, tree, force=False)
    assert (raised.value.change.path, raised.value.change.before) == (path, files[path].encode())
    (change,) = plan.to_install(BY_NAME[form], CONFIG, tree, force=True)
    assert (change.path, change.after) == (path, raised.value.change.after)


@pytest.mark.parametrize(
    ("form", "path", "text"),
    [
        ("dnsmasq", "/etc/dnsmasq.d/aws.conf.bak", "server=/example.internal/10.10.0.2\n"),
        ("unbound", "/etc/unbound/unbound.conf.d/aws", ZONE),
        ("systemd-dns-delegate", "/etc/systemd/dns-delegate.d/vpc.conf", "[Delegate]\nDNS=10.10.0.2\nDomains=~example.internal\n"),
    ],
)  # fmt: skip
def test_a_file_that_the_program_does_not_read_is_none(tmp_path: Path, form: str, path: str, text: str) -> None:
    tree = put(tmp_path, {path: text})
    (change,) = plan.to_install(BY_NAME[form], CONFIG, tree, force=False)
    assert change.path == BY_NAME[form].path("example.internal")


def test_each_domain_of_macos_is_looked_at_by_itself(tmp_path: Path) -> None:
    config = make("example.internal", (Server("10.10.0.2"),), ("10.10.in-addr.arpa",))
    tree = put(tmp_path, {MACOS: "# by hand\nnameserver 10.10.0.2\n"})
    (change,) = plan.to_install(BY_NAME["macos"], config, tree, force=False)
    assert change.path == "/etc/resolver/10.10.in-addr.arpa"
