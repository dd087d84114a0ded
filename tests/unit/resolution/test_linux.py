"""The choice on Linux: nsswitch.conf decides who is asked, resolv.conf or systemd-resolved which server."""

from pathlib import Path

import pytest

from sddoctor.case.forwarder import ForwarderConfig
from sddoctor.case.host import HostFacts, Resolved
from sddoctor.case.seen import Absent, Fact, NotAttempted, Seen, Unreachable
from sddoctor.formats.host import dnsmasq, hosts_file, nsswitch, resolv_conf, resolvectl
from sddoctor.observe.budget import Budget
from sddoctor.observe.host.observer import HostObserver
from sddoctor.observe.host.source import open_root
from sddoctor.resolution.choose import choose
from sddoctor.resolution.model import Choice

NAME = "dev-api.example.internal"
STUB = "nameserver 127.0.0.53\n"
GONE = Absent("systemd-resolved", "resolvectl status")
SPLIT = """Global
       Protocols: -LLMNR
resolv.conf mode: stub

Link 2 (eth0)
    Current Scopes: DNS
         Protocols: +DefaultRoute
       DNS Servers: 192.168.1.1
        DNS Domain: lan

Link 7 (tun0)
    Current Scopes: DNS
         Protocols: -DefaultRoute
       DNS Servers: 10.10.0.2
        DNS Domain: ~example.internal
"""


def choice_of(
    hosts_line: str | None = "files dns",
    conf: str | None = "nameserver 10.0.0.1\n",
    *,
    name: str = NAME,
    hosts: str = "",
    status: str | Fact[Resolved] = GONE,
    musl: bool = False,
    forwarders: tuple[ForwarderConfig, ...] = (),
    mdns_allow: tuple[str, ...] | None = None,
) -> Fact[Choice]:
    nss = nsswitch.parse(b"" if hosts_line is None else f"hosts: {hosts_line}\n".encode())
    libc = "musl" if musl else "glibc"
    read = Absent("", "") if conf is None else Seen(resolv_conf.parse(conf.encode(), libc=libc), "/etc/resolv.conf")
    facts = HostFacts(
        "linux",
        libc=libc,
        nss=nss,
        hosts=Seen(hosts_file.parse(hosts.encode(), "/etc/hosts", name), "/etc/hosts"),
        resolv_conf=read,
        resolved=resolvectl.parse_status(status) if isinstance(status, str) else status,
        forwarders=forwarders,
        mdns_allow=Absent("", "") if mdns_allow is None else Seen(mdns_allow, "/etc/mdns.allow"),
    )
    return choose(name, facts)


def brief(found: Fact[Choice]) -> tuple[str, list[str]]:
    return found.value.kind, [str(server) for server in found.value.servers]


@pytest.mark.parametrize(
    "line", [None, "files dns", "dns files", "files dns myhostname", "files # dns", "files mymachines dns"]
)
def test_dns_is_asked(line: str | None) -> None:
    assert brief(choice_of(line)) == ("resolv.conf", ["10.0.0.1"])


@pytest.mark.parametrize(
    "line",
    [
        "files",
        "",
        "files [NOTFOUND=return] dns",
        "files myhostname [NOTFOUND=return] dns",
        "files sss [!UNAVAIL=return] dns",
    ],
)
def test_dns_is_not_asked(line: str) -> None:
    assert brief(choice_of(line)) == ("nss", [])
    assert choice_of(line).value.source == "/etc/nsswitch.conf"


def test_hosts_file_wins_before_dns() -> None:
    entry = f"1.2.3.4 {NAME.upper()}\n"
    assert brief(choice_of("files dns", hosts=entry)) == ("hosts-file", [])
    assert brief(choice_of(None, hosts=entry)) == ("hosts-file", [])
    assert brief(choice_of("dns files", hosts=entry)) == ("resolv.conf", ["10.0.0.1"])
    assert brief(choice_of("dns", hosts=entry)) == ("resolv.conf", ["10.0.0.1"])
    assert brief(choice_of("files [SUCCESS=continue] dns", hosts=entry)) == ("resolv.conf", ["10.0.0.1"])


@pytest.mark.parametrize(
    ("line", "name", "kind"),
    [
        ("files mdns4_minimal [NOTFOUND=return] dns", "corp.local", "multicast"),
        ("files mdns4_minimal [NOTFOUND=return] dns", "dev-api.corp.local", "resolv.conf"),
        ("files mdns4_minimal [NOTFOUND=return] dns", NAME, "resolv.conf"),
        ("files mdns_minimal dns", "corp.local", "resolv.conf"),
        ("files mdns4 [NOTFOUND=return] dns", "dev-api.corp.local", "resolv.conf"),
        ("files dns mdns4_minimal [NOTFOUND=return]", "corp.local", "resolv.conf"),
        ("files mdns4", "corp.local", "multicast"),
        ("files mdns4", NAME, "nss"),
    ],
)
def test_multicast(line: str, name: str, kind: str) -> None:
    assert brief(choice_of(line, name=name))[0] == kind


def test_mdns_allow_widens_the_full_modules_only() -> None:
    line, name = "files mdns4 [NOTFOUND=return] dns", "dev-api.corp.local"
    assert brief(choice_of(line, name=name, mdns_allow=(".local",)))[0] == "multicast"
    assert brief(choice_of(line, name="corp.local", mdns_allow=("other",)))[0] == "resolv.conf"
    minimal = "files mdns4_minimal [NOTFOUND=return] dns"
    assert brief(choice_of(minimal, name=name, mdns_allow=(".local",)))[0] == "resolv.conf"


def test_resolve_module() -> None:
    line = "files resolve [!UNAVAIL=return] dns"
    found = choice_of(line, "nameserver 10.0.0.1\n", status=SPLIT)
    assert brief(found) == ("resolved-link", ["10.10.0.2"])
    assert found.value.link == "tun0"
    assert found.value.bypass_servers is not None
    assert found.value.bypass_servers[0].address == "10.0.0.1"
    assert brief(choice_of(line, status=GONE)) == ("resolv.conf", ["10.0.0.1"])
    # Without the action, a "no" of resolved leads on to the servers of resolv.conf.
    assert brief(choice_of("files resolve dns", status=SPLIT)) == ("resolved-link", ["10.10.0.2", "10.0.0.1"])
    assert brief(choice_of("files resolve dns", STUB, status=SPLIT)) == ("resolved-link", ["10.10.0.2"])


def test_stub() -> None:
    found = choice_of(conf=STUB, status=SPLIT).value
    assert (found.stub, found.stub_is) == (
        found.bypass_servers[0] if found.bypass_servers else None,
        "systemd-resolved",
    )
    assert brief(choice_of(conf=STUB, status=SPLIT, name="db.other.internal")) == ("resolved-link", ["192.168.1.1"])
    assert brief(choice_of(conf=STUB, status=SPLIT, name="x.corp.local")) == ("multicast", [])
    both = choice_of(conf=STUB + "nameserver 8.8.8.8\n", status=SPLIT)
    assert brief(both) == ("resolved-link", ["10.10.0.2", "8.8.8.8"])
    assert brief(choice_of(conf=STUB, status=GONE)) == ("resolv.conf", ["127.0.0.53"])


def test_stub_of_unknown_routing_is_a_gap() -> None:
    gap = NotAttempted("resolvectl status", "it was not recorded")
    assert choice_of(conf=STUB, status=gap) == gap
    assert choice_of("files resolve [!UNAVAIL=return] dns", STUB, status=gap) == gap
    down = Unreachable("resolvectl status", "it did not end", "time")
    assert choice_of(conf=STUB, status=down) == down


def test_uplink_and_foreign_mode_go_round_resolved() -> None:
    assert brief(choice_of(conf="nameserver 8.8.8.8\n", status=SPLIT)) == ("resolv.conf", ["8.8.8.8"])


def test_resolved_reads_the_hosts_file_itself() -> None:
    assert brief(choice_of("dns", STUB, status=SPLIT, hosts=f"1.2.3.4 {NAME}\n")) == ("hosts-file", [])


def test_musl() -> None:
    conf = "nameserver 8.8.8.8\nnameserver 10.10.0.2\n"
    found = choice_of("files", conf, musl=True)
    assert brief(found) == ("resolv.conf", ["8.8.8.8", "10.10.0.2"])
    assert found.value.together
    assert not choice_of("files dns", conf).value.together


def test_servers_beyond_the_third_are_shown_as_unused() -> None:
    conf = "".join(f"nameserver 10.0.0.{n}\n" for n in range(1, 5))
    found = choice_of(conf=conf)
    assert brief(found) == ("resolv.conf", ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
    assert [str(s) for e in found.value.entries if not e.usable for s in e.servers] == ["10.0.0.4"]


def test_no_file_or_no_server_means_this_host() -> None:
    assert brief(choice_of(conf=None)) == ("resolv.conf", ["127.0.0.1"])
    assert choice_of(conf=None).value.bypass_servers is None
    assert brief(choice_of(conf="nameserver 10.10.0.2:53\n")) == ("resolv.conf", ["127.0.0.1"])
    assert choice_of(conf="nameserver 10.10.0.2:53\n").value.bypass_servers is None


def test_docker() -> None:
    conf = "nameserver 127.0.0.11\noptions ndots:0\n# ExtServers: [host(192.168.1.1) 10.0.0.9]\n"
    found = choice_of(conf=conf).value
    assert [s.address for s in found.servers] == ["192.168.1.1", "10.0.0.9"]
    assert (found.stub and found.stub.address, found.stub_is) == ("127.0.0.11", "docker")


@pytest.mark.parametrize("servers", ["host(127.0.0.53)", "host(127.0.0.1) 10.0.0.9", "host(::1)"])
def test_what_listens_on_the_loopback_of_a_containers_host_is_not_what_listens_here(servers: str) -> None:
    found = choice_of(conf=f"nameserver 127.0.0.11\n# ExtServers: [{servers}]\n").value
    assert ([s.address for s in found.servers], found.stub) == (["127.0.0.11"], None)
    assert servers.split(maxsplit=1)[0].removeprefix("host(").removesuffix(")") in found.why
    assert "the container's host" in found.why


def test_local_dnsmasq() -> None:
    text = "server=/example.internal/10.10.0.2\nserver=9.9.9.9\n"
    local = dnsmasq.of_texts([("/etc/dnsmasq.d/vpc.conf", text)], NAME, "/etc/dnsmasq.d/vpc.conf")
    found = choice_of(conf="nameserver 127.0.0.1\n", forwarders=(local,))
    assert brief(found) == ("forwarder", ["10.10.0.2"])
    assert (found.value.stub and found.value.stub.address, found.value.stub_is) == ("127.0.0.1", "dnsmasq")
    assert brief(choice_of(conf="nameserver 8.8.8.8\n", forwarders=(local,))) == ("resolv.conf", ["8.8.8.8"])
    other = choice_of(conf="nameserver 127.0.0.1\n", forwarders=(local,), name="a.example.com")
    assert brief(other) == ("forwarder", ["9.9.9.9"])


def test_missing_modules_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "lib/x86_64-linux-gnu").mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/resolv.conf").write_text("nameserver 10.0.0.1\n")
    (tmp_path / "etc/nsswitch.conf").write_text("hosts: files mdns4_minimal [NOTFOUND=return] dns\n")
    (tmp_path / "lib/x86_64-linux-gnu/libc.so.6").write_text("")
    assert brief(_observed(tmp_path)) == ("resolv.conf", ["10.0.0.1"])
    (tmp_path / "lib/x86_64-linux-gnu/libnss_mdns4_minimal.so.2").write_text("")
    assert brief(_observed(tmp_path)) == ("multicast", [])


def _observed(root: Path) -> Fact[Choice]:
    return choose("corp.local", HostObserver("corp.local", open_root(root), Budget(60)).facts())


def test_unreadable_files_are_gaps() -> None:
    conf = Unreachable("/etc/resolv.conf", "no", "permission")
    nss = Seen(nsswitch.DEFAULT, "x")
    assert choose(NAME, HostFacts("linux", nss=nss, resolv_conf=conf, resolved=GONE)) == conf


def test_a_status_that_is_not_understood_is_not_replaced_by_the_file() -> None:
    assert not isinstance(choice_of("files resolve dns", status="Glo"), Seen)
    assert not isinstance(choice_of("resolve [!UNAVAIL=return] dns", status="Glo"), Seen)
    assert choice_of("files dns", status="Glo").value.kind == "resolv.conf"
