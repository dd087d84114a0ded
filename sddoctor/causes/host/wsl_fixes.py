"""Sending one domain to one server in WSL: let Windows resolve, which follows its own rules, or name the server here.

https://learn.microsoft.com/windows/wsl/wsl-config https://learn.microsoft.com/windows/wsl/troubleshooting
"""

from __future__ import annotations

from sddoctor.causes.commands import write
from sddoctor.causes.host.linux_fixes import linux
from sddoctor.causes.host.nrpt_fixes import add_rule
from sddoctor.causes.model import Fix
from sddoctor.text.shell import command
from sddoctor.trail.meant_entries import domain_to_route
from sddoctor.trail.trail import Trail

_TUNNEL = "10.255.255.254"
#: Its keys are read in any case.
_GENERATE = command("sudo", "sed", "-i", "/^[[:space:]]*generateResolvConf/Id", "/etc/wsl.conf")
_VERIFY = "The same look-up inside WSL prints the addresses."


def of_wsl(trail: Trail, server: str) -> tuple[Fix, ...]:
    """Return the rule for Windows where it is asked already, else how it comes to be asked; then the server's name here."""
    facts, zone = trail.host.facts, domain_to_route(trail)
    conf = facts.resolv_conf.seen_or(None)
    with_resolved = linux(trail, zone, server) if facts.resolved.seen_or(None) is not None else ()
    by_hand = with_resolved or (
        write(
            "Or name the VPC resolver here, for every name",
            "/etc/resolv.conf",
            f"nameserver {server}\n",
            "Replaces /etc/resolv.conf; WSL writes it anew unless /etc/wsl.conf has generateResolvConf=false under [network].",
            _VERIFY,
        ),
    )
    if conf is not None and _TUNNEL in conf.listed:
        return (add_rule(zone, server), *by_hand)
    if trail.host.surroundings.has("wsl1"):
        return by_hand
    return (*_windows_is_asked(trail), *by_hand)


def _windows_is_asked(trail: Trail) -> tuple[Fix, ...]:
    """Return the steps that are missing until WSL hands queries to Windows."""
    facts = trail.host.facts
    wsl = facts.wsl
    on = (wsl is not None and wsl.tunnels) or any(a.address == _TUNNEL for a in facts.addresses.seen_or(()))
    steps: list[Fix] = []
    if not on:
        steps.append(
            Fix(
                "Let Windows resolve for WSL, then run wsl --shutdown",
                "windows",
                changes=r"Writes %UserProfile%\.wslconfig: merge by hand if it exists.",
                verified_by=_VERIFY,
                file=r"%UserProfile%\.wslconfig",
                content="[wsl2]\ndnsTunneling=true\n",
            )
        )
    conf = facts.resolv_conf.seen_or(None)
    if conf is None or conf.generator != "wsl" or (wsl is not None and wsl.generates is False):
        steps.append(
            Fix(
                "Let WSL write /etc/resolv.conf itself (generateResolvConf), so that Windows and its rules are asked",
                "linux",
                (
                    *((_GENERATE,) if wsl is not None and wsl.generates is False else ()),
                    command("sudo", "rm", "-f", "/etc/resolv.conf"),
                    command("wsl.exe", "--shutdown"),
                ),
                "Lets WSL write /etc/resolv.conf at its next start, and removes the file that is there.",
                _VERIFY,
            )
        )
    return tuple(steps)
