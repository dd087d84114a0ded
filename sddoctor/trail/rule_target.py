"""The server that a Resolver rule forwards to."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.case.vpc import ResolverRule


def first_target(rule: ResolverRule) -> Server:
    """Return the first target of a rule, which is an address, or an IPv4 address with a port. There must be one."""
    target = rule.targets[0]
    address, _, port = target.partition(":") if target.count(":") == 1 else (target, "", "")
    return Server(address, int(port) if port.isdecimal() else 53)
