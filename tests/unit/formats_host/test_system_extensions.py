"""The network extensions of a Mac, as ``systemextensionsctl list`` of several releases prints them."""

from __future__ import annotations

import pytest

from sddoctor.case.mac_extension import NetworkExtension
from sddoctor.case.seen import Seen, Unreachable
from sddoctor.formats.host.system_extensions import parse

_CATALINA = """\
1 extension(s)
--- com.apple.system_extension.network_extension
enabled\tactive\tteamID\tbundleID (version)\tname\t[state]
*\t*\tPXPZ95SK77\tcom.paloaltonetworks.GlobalProtect.client.extension (5.1.5-20/1)\tGlobalProtectExtension\t[activated enabled]
"""
_SEQUOIA = """\
3 extension(s)
--- com.apple.system_extension.endpoint_security (Go to 'System Settings > General' to modify these system extension(s))
enabled\tactive\tteamID\tbundleID (version)\tname\t[state]
*\t*\tX9E956P446\tcom.crowdstrike.falcon.Agent (7.10/186.05)\tCSFalconAgent\t[activated enabled]
--- com.apple.system_extension.network_extension (Go to 'System Settings > General' to modify these system extension(s))
enabled\tactive\tteamID\tbundleID (version)\tname\t[state]
\t\tW5364U7YZB\tio.tailscale.ipn.macsys.network-extension (1.88.1/101.88.1)\tTailscale Network Extension\t[terminated waiting to uninstall on reboot]
*\t*\tDE8Y96K9QP\tcom.cisco.anyconnect.macos.acsockext (5.1.2/5.1.2)\tCisco Secure Client - Socket Filter Extension\t[activated enabled]
"""


def test_catalina() -> None:
    bundle = "com.paloaltonetworks.GlobalProtect.client.extension"
    fact = parse(_CATALINA)
    assert isinstance(fact, Seen)
    assert fact.value == (NetworkExtension(bundle, "GlobalProtectExtension", active=True),)
    assert fact.unread == ()


def test_sequoia() -> None:
    fact = parse(_SEQUOIA)
    assert isinstance(fact, Seen)
    assert [(e.name, e.active, e.named_for_dns) for e in fact.value] == [
        ("Tailscale Network Extension", False, False),
        ("Cisco Secure Client - Socket Filter Extension", True, True),
    ]
    assert fact.unread == ()


def test_none() -> None:
    fact = parse("0 extension(s)\n")
    assert isinstance(fact, Seen)
    assert fact.value == ()


@pytest.mark.parametrize(
    "text", ["", "systemextensionsctl: list command failed: The operation couldn't be completed. Connection refused\n"]
)
def test_a_failure_is_no_empty_list(text: str) -> None:
    assert isinstance(parse(text), Unreachable)


def test_a_row_in_an_unknown_form_is_not_dropped() -> None:
    fact = parse(_CATALINA + "?? com.example.odd\n")
    assert isinstance(fact, Seen)
    assert fact.unread == ("?? com.example.odd",)
