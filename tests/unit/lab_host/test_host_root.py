import json

import pytest

NAME = "dev-api.example.internal"
FOUND = f"name: {NAME}\nip_address: 10.10.211.50\n\n"


def program(it, name=NAME):
    return it.output(f"dscacheutil -q host -a name {name}")


def test_a_mac(host):
    it = host()
    assert json.loads(it.text("os-release.json")) == {"platform": "macos", "version": "14.5"}
    assert it.text("etc/resolver/example.internal") == "nameserver 10.10.0.2\n"
    assert "nameserver 192.168.1.1\n" in it.text("etc/resolv.conf")
    first, scoped = it.output("scutil --dns").split("DNS configuration (for scoped queries)")
    assert "  domain   : example.internal\n  nameserver[0] : 10.10.0.2\n" in first
    assert "  nameserver[0] : 192.168.1.1\n" in first
    assert "example.internal" not in scoped
    assert "interface: utun4" in it.output("route -n get 10.10.0.2")
    assert "inet 10.99.0.10 --> 10.99.0.10 netmask 0xfffffc00" in it.output("ifconfig")
    assert "10.10/16           utun4" in it.output("netstat -rn -f inet")
    assert program(it) == program(it, NAME + ".") == FOUND
    assert not (it.root / "etc/nsswitch.conf").exists()


def test_a_mac_with_the_vpn_down(host):
    it = host({"host": {"vpn": "down"}})
    looked = it.output("route -n get 10.10.0.2")
    assert "destination: default\n" in looked
    assert "    gateway: 192.168.1.1\n  interface: en0\n" in looked
    assert "utun" not in it.output("ifconfig") + it.output("netstat -rn -f inet")
    assert program(it) == ""


def test_linux(host):
    changes = {"platform": "linux", "nameservers": ["10.10.0.2"], "resolver_files": None, "search": ["lan"]}
    it = host({"host": {**changes, "interfaces": [{"name": "eth0", "address": "192.168.1.23"}]}})
    assert it.text("etc/resolv.conf") == "search lan\nnameserver 10.10.0.2\n"
    assert "hosts:          files dns\n" in it.text("etc/nsswitch.conf")
    assert it.output("ip route get 10.10.0.2").startswith("10.10.0.2 dev tun0 src 10.99.0.10 ")
    assert it.output("ip route get 192.168.1.1").startswith("192.168.1.1 dev eth0 src 192.168.1.23 ")
    assert "10.10.0.0/16 dev tun0 proto static" in it.output("ip route")
    assert "tun0             UNKNOWN        10.99.0.10/22" in it.output("ip -brief address")
    assert it.output(f"getent ahosts {NAME}").startswith(f"10.10.211.50    STREAM {NAME}\n")
    assert it.output("ldd --version").startswith("ldd (Debian GLIBC")


def test_inside_the_vpc(host):
    it = host("zone-not-associated")
    assert it.output("ip route get 10.20.0.2").startswith("10.20.0.2 via 10.20.5.1 dev ens5 src 10.20.5.10 ")
    assert it.output(f"getent ahosts {NAME}") == ""


@pytest.mark.parametrize(
    ("settings", "addresses"),
    [
        ({"resolver_files": None}, []),
        ({"resolver_files": {"other.internal": "nameserver 10.10.0.2\n"}}, []),
        ({"resolver_files": {"dev": "domain example.internal\nnameserver 10.10.0.2\n"}}, ["10.10.211.50"]),
        ({"resolver_files": {"example.internal": "nameserver 10.10.9.9\nnameserver 10.10.0.2\n"}}, ["10.10.211.50"]),
        ({"resolver_files": {"example.internal": "nameserver 192.168.1.1\nnameserver 10.10.0.2\n"}}, []),
        ({"resolver_files": None, "nameservers": ["10.10.0.2"]}, ["10.10.211.50"]),
        ({"hosts": {NAME: "10.1.2.3"}}, ["10.1.2.3"]),
        ({"files": {"/etc/hosts": "10.7.7.7 DEV-API.example.internal # old\n"}}, ["10.7.7.7"]),
        ({"files": {"/etc/resolver/example.internal": "nameserver 192.168.1.1\n"}}, []),
        ({"files": {"/etc/resolver/example.internal": "nameserver 10.10.0.2\r\n"}}, []),
        ({"files": {"/etc/resolver/example.internal": "nameserver 10.10.0.2\nport 5353\n"}}, []),
        ({"files": {"/etc/resolver/dev-api.example.internal": "nameserver 192.168.1.1\n"}}, []),
    ],
)
def test_what_a_program_gets(host, settings, addresses):
    shown = program(host({"host": settings}))
    assert shown == "".join(f"name: {NAME}\nip_address: {a}\n\n" for a in addresses)


def test_glibc_passes_the_hosts_file_by_with_the_final_dot(host):
    settings = {"platform": "linux", "nameservers": ["10.10.0.2"], "hosts": {NAME: "10.1.2.3"}}
    it = host({"host": settings})
    assert it.output(f"getent ahosts {NAME}").startswith("10.1.2.3 ")
    assert it.output(f"getent ahosts {NAME}.").startswith("10.10.211.50 ")


LINUX = {"platform": "linux", "nameservers": ["10.10.0.2"], "resolver_files": None}


@pytest.mark.parametrize(
    ("settings", "resolves"),
    [
        ({}, True),
        ({"nameservers": ["192.168.1.1", "10.10.0.2"]}, False),
        ({"nameservers": ["10.99.9.9", "10.10.0.2"]}, True),
        ({"files": {"/etc/resolv.conf": "nameserver 10.10.0.2\r\n"}}, False),
        ({"files": {"/etc/nsswitch.conf": "hosts: files\n"}}, False),
        ({"files": {"/etc/nsswitch.conf": "hosts: files mdns4_minimal [NOTFOUND=return] dns\n"}}, True),
        ({"files": {"/etc/nsswitch.conf": "hosts: files [NOTFOUND=return] dns\n"}}, False),
    ],
)
def test_what_a_program_gets_on_linux(host, settings, resolves):
    it = host({"host": LINUX | settings})
    assert bool(it.output(f"getent ahosts {NAME}")) is resolves


def test_a_search_suffix_is_tried_after_the_name_itself(host):
    wildcard = {
        "zones": [
            {"id": "Z2", "name": "lan", "vpcs": ["vpc-1"], "records": [{"name": "*.lan", "values": ["10.9.9.9"]}]}
        ]
    }
    it = host({**wildcard, "name": "gone.example.internal", "host": LINUX | {"search": ["lan"]}})
    assert it.output("getent ahosts gone.example.internal").startswith("10.9.9.9 ")
    assert it.output("getent ahosts gone.example.internal.") == ""


def test_commands_of_the_world_replace_what_is_derived(host):
    settings = {"commands": {f"dscacheutil -q host -a name {NAME}": "", "sw_vers": "ProductVersion:\t12.0\n"}}
    it = host({"host": settings})
    assert program(it) == ""
    assert program(it, NAME + ".") == FOUND
    assert it.output("sw_vers") == "ProductVersion:\t12.0\n"


def test_files_cannot_leave_the_directory(host):
    with pytest.raises(ValueError, match="outside"):
        host({"host": {"files": {"/../../evil": "x"}}})


def test_refresh_follows_a_change(host):
    it = host()
    it.state.services["srv-1"].instances[0].ipv4 = "10.10.211.51"
    it.files.refresh()
    assert "10.10.211.51" in program(it)


def test_servers_named_in_files_are_known(host):
    it = host({"host": {"resolver_files": {"example.internal": "nameserver 10.10.211.2\n"}}})
    assert "10.10.211.2" in it.files.named_servers()
    assert "interface: utun4" in it.output("route -n get 10.10.211.2")


NETSTAT = """\
Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.168.1.1        UGScg                 en0       
10.10/16           utun4              USc                 utun4       
192.168.1          link#12            UCS                   en0      !
10.99/22           utun4              USc                 utun4       
10.99.0.10         10.99.0.10         UH                  utun4       
127                127.0.0.1          UCS                   lo0       
127.0.0.1          127.0.0.1          UH                    lo0       
169.254            link#12            UCS                   en0      !
"""  # noqa: W291 - as netstat pads its columns
IP_ROUTE = """\
default via 192.168.5.1 dev ens18 proto dhcp metric 600 
10.10.0.0/16 dev tun0 proto static scope link 
192.168.5.0/24 dev ens18 proto kernel scope link src 192.168.5.20 metric 600 
10.99.0.0/22 dev tun0 proto kernel scope link src 10.99.0.10 
"""  # noqa: W291 - as ip ends its lines


def test_tables_have_the_form_of_recorded_ones(host):
    office = {"vpn_routes": ["10.10.0.0/16"]}
    assert host({"host": office}).output("netstat -rn -f inet") == NETSTAT
    it = host({"host": LINUX | office | {"interfaces": [{"name": "ens18", "address": "192.168.5.20"}]}})
    assert it.output("ip route") == IP_ROUTE


@pytest.mark.parametrize(
    ("routes", "shown"),
    [
        ("172.31.0.0/16", "172.31 "),
        ("172.16.0.0/12", "172.16/12 "),
        ("10.0.0.0/8", "10 "),
        ("10.99.4.0/22", "10.99.4/22 "),
        ("192.168.0.0/24", "192.168.0 "),
        ("100.64.0.0/10", "100.64/10 "),
    ],
)
def test_netstat_leaves_out_the_length_of_the_old_class(host, routes, shown):
    assert f"\n{shown}" in host({"host": {"vpn_routes": [routes]}}).output("netstat -rn -f inet")


def test_search_domains_of_a_resolver_file_are_shown(host):
    text = "domain corp.example\nsearch corp.example\nnameserver 10.10.0.2\n"
    entry = "  domain   : corp.example\n  search domain[0] : corp.example\n  nameserver[0] : 10.10.0.2\n  flags"
    assert entry in host({"host": {"resolver_files": {"example.internal": text}}}).output("scutil --dns")
