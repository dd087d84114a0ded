"""Real tunnels between the laptop and the VPC, over the home router, in place of the cable that stands for one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.system import resolved
from tests.system.topology import HOME, LAPTOP, VPC, Network, inside, sh

GATEWAY = "198.51.100.2"
#: A name of its own: where wireguard-go keeps its sockets is not private to a namespace.
FAR = f"vpc{os.getpid()}"[:15]
#: Debian's package with the script for OpenVPN's clients needs systemd-resolved installed, so it is unpacked only.
SCRIPT = Path("/opt/openvpn-systemd-resolved/etc/openvpn/update-systemd-resolved")


def by_way_of_home(network: Network) -> None:
    """Take the cable away, and let the router forward between the laptop and the VPC's public side."""
    network.ip(LAPTOP, "link", "del", "tun0")
    network.cable(HOME, "up0", "198.51.100.1/24", VPC, "up1", f"{GATEWAY}/24")
    sh(*inside(HOME, "sysctl", "-qw", "net.ipv4.ip_forward=1"))
    network.ip(VPC, "route", "add", "192.168.1.0/24", "via", "198.51.100.1")


def wireguard(network: Network, generated: str) -> None:
    """Bring tun0 up with wg-quick, with what was generated in its [Interface] section."""
    private = {who: sh("wg", "genkey").strip() for who in ("laptop", "vpc")}
    public = {
        who: subprocess.run(["wg", "pubkey"], input=key, capture_output=True, text=True, check=True).stdout.strip()
        for who, key in private.items()
    }
    network.start(VPC, "wireguard-go", "-f", FAR)
    network.wait_until("test", "-S", f"/var/run/wireguard/{FAR}.sock", namespace=VPC)
    far = network.scratch / "far.conf"
    far.write_text(
        f"[Interface]\nPrivateKey={private['vpc']}\nListenPort=51820\n"
        f"[Peer]\nPublicKey={public['laptop']}\nAllowedIPs=10.99.0.2/32\n"
    )
    sh(*inside(VPC, "wg", "setconf", FAR, str(far)))
    network.ip(VPC, "address", "add", "10.99.0.1/24", "dev", FAR)
    network.ip(VPC, "link", "set", FAR, "up")
    (network.etc / "wireguard").mkdir(exist_ok=True)
    (network.etc / "wireguard/tun0.conf").write_text(
        f"[Interface]\nPrivateKey={private['laptop']}\nAddress=10.99.0.2/24\n{generated}"
        f"[Peer]\nPublicKey={public['vpc']}\nEndpoint={GATEWAY}:51820\nAllowedIPs=10.99.0.0/24, 10.10.0.0/16\n"
    )
    done = network.run("wg-quick", "up", "tun0", env=resolved.ENVIRONMENT)
    assert done.returncode == 0, done.stderr


def openvpn(network: Network, generated: str) -> None:
    """Connect a client whose DNS is set by update-systemd-resolved to a server with what was generated."""
    prints = {}
    for who in ("laptop", "vpc"):
        key = (
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-keyout",
            _file(network, who, "key"),
        )
        sh("openssl", "req", "-x509", *key, "-out", _file(network, who, "crt"), "-days", "2", "-subj", f"/CN={who}")
        words = ("-in", _file(network, who, "crt"), "-noout", "-fingerprint", "-sha256")
        prints[who] = sh("openssl", "x509", *words).strip().partition("=")[2]
    server = network.scratch / "server.conf"
    server.write_text(
        f"dev vpn1\ndev-type tun\nserver 10.99.0.0 255.255.255.0\nserver-ipv6 fd99::/64\ntopology subnet\nport 1194\n"
        f"cert {_file(network, 'vpc', 'crt')}\nkey {_file(network, 'vpc', 'key')}\ndh none\n"
        f"peer-fingerprint {prints['laptop']}\n{generated}"
    )
    client = network.scratch / "client.conf"
    client.write_text(
        f"client\ndev tun0\nremote {GATEWAY}\nnobind\nconnect-retry 1\ncert {_file(network, 'laptop', 'crt')}\n"
        f"key {_file(network, 'laptop', 'key')}\npeer-fingerprint {prints['vpc']}\nscript-security 2\nup {SCRIPT}\n"
        f"setenv PATH {resolved.ENVIRONMENT['PATH']}\nroute-up \"/bin/sh -c 'touch /run/connected'\"\n"
    )
    network.start(VPC, "openvpn", str(server))
    network.start(LAPTOP, "openvpn", str(client))
    network.wait_until("test", "-e", "/run/connected")


def _file(network: Network, who: str, suffix: str) -> str:
    return str(network.scratch / f"{who}.{suffix}")


def nebula(network: Network, generated: str) -> None:
    """Join laptop and VPC to an overlay, with what was generated in the laptop's configuration."""
    names = {"laptop": "10.99.0.2", "vpc": "10.99.0.1"}
    ca = ("-out-crt", _file(network, "ca", "crt"), "-out-key", _file(network, "ca", "key"))
    sh("nebula-cert", "ca", "-name", "test", *ca)
    for who, address in names.items():
        signed = ("-ca-crt", _file(network, "ca", "crt"), "-ca-key", _file(network, "ca", "key"))
        out = ("-out-crt", _file(network, who, "crt"), "-out-key", _file(network, who, "key"))
        routed = ("-subnets", "10.10.0.2/32") if who == "vpc" else ()
        sh("nebula-cert", "sign", *signed, *out, "-name", who, "-ip", f"{address}/24", *routed)
    common = (
        "listen: {host: 0.0.0.0, port: 4242}\n"
        "firewall: {outbound: [{port: any, proto: any, host: any}], inbound: [{port: any, proto: any, host: any}]}\n"
    )
    vpc = f"{_pki(network, 'vpc')}{common}lighthouse: {{am_lighthouse: true}}\ntun: {{dev: {FAR}}}\n"
    laptop = (
        f"{_pki(network, 'laptop')}{common}lighthouse: {{hosts: [10.99.0.1]}}\n"
        f'static_host_map: {{"10.99.0.1": ["{GATEWAY}:4242"]}}\n'
        f"{generated.replace('GATEWAY', '10.99.0.1')}  dev: tun0\n"
    )
    for namespace, who, text in ((VPC, "vpc", vpc), (LAPTOP, "laptop", laptop)):
        path = network.scratch / f"{who}.yml"
        path.write_text(text)
        sh("nebula", "-test", "-config", str(path))
        network.start(namespace, "nebula", "-config", str(path))
    network.wait_until("sh", "-c", "ip route show dev tun0 | grep -q 10.10.0.2")


def _pki(network: Network, who: str) -> str:
    files = [("ca", "ca", "crt"), ("cert", who, "crt"), ("key", who, "key")]
    return "".join(["pki:\n", *(f"  {key}: {_file(network, name, suffix)}\n" for key, name, suffix in files)])
