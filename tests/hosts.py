"""Hosts whose settings lead to a server, as facts."""

from __future__ import annotations

from typing import Any

from sddoctor.case.dns import Server
from sddoctor.case.forwarder import ForwarderConfig, ForwarderRule
from sddoctor.case.host import HostFacts, ResolvConf
from sddoctor.case.seen import Seen


def linux(asks: Server, stub: Server | None = None, **more: Any) -> HostFacts:
    """Return a host whose programs ask ``asks``, by way of a dnsmasq at ``stub`` if there is one."""
    listed = ((stub or asks).address,)
    conf = Seen(ResolvConf("/etc/resolv.conf", listed, listed), "/etc/resolv.conf")
    rule = ForwarderRule("/etc/dnsmasq.conf", "", (asks,))
    forwarders = (ForwarderConfig("dnsmasq", "/etc/dnsmasq.conf", entries=(rule,)),) if stub else ()
    return HostFacts("linux", resolv_conf=conf, forwarders=forwarders, **more)
