"""A name server on this host that forwards: its configuration, as far as it concerns one name."""

from __future__ import annotations

from ipaddress import ip_address

from msgspec import Struct

from sddoctor.case.dns import Server
from sddoctor.case.seen import Fact, Seen, Unreachable

#: What a forwarder may listen at, beside single addresses: all addresses of the host, those of its loopback interface.
EVERYWHERE, LOOPBACK = "*", "lo"
#: A doubt: processes were seen, and none of the program.
NO_PROCESS = "no process of it is seen"


class ForwarderRule(Struct, frozen=True, omit_defaults=True):
    """The servers to which a local forwarder sends a domain (``""``: all other names): none when it answers itself.

    ``source`` is the file and line of the rule. ``first`` is true when the forwarder answers by it before it looks for a
    rule of a longer domain. ``unknown`` says why its servers are not known. ``tls``: it queries them over TLS only.
    """

    source: str
    domain: str
    servers: tuple[Server, ...] = ()
    first: bool = False
    unknown: str = ""
    tls: bool = False


class ForwarderConfig(Struct, frozen=True):
    """A forwarder on this host (dnsmasq, unbound, named, coredns): the part of its configuration that affects the name.

    ``path`` is its main file. ``rebind_filter`` is true when it removes private addresses, ``rebind_exempt`` when the name
    is exempt from that. ``files`` are those in force, in the order in which they are read; its ``unread`` has what was not
    understood in them, and what could not be followed. ``aside`` are rules for the name in files that nothing includes.
    ``folders`` are those in which it reads every file that ends in ``.conf``. ``listens`` has addresses, :data:`EVERYWHERE` or :data:`LOOPBACK`. ``together``: several servers of one rule are queried
    in no order. ``running``: its process was seen, so the command line is its own and not a distribution's usual one.
    ``doubt`` says why it may not be in force, ``""`` where nothing speaks against that.
    """

    program: str
    path: str
    rebind_filter: bool = False
    rebind_exempt: bool = False
    entries: tuple[ForwarderRule, ...] = ()
    validates: bool = False
    insecure: bool = False
    files: Fact[tuple[str, ...]] = Seen((), "the files of the forwarder")
    aside: tuple[ForwarderRule, ...] = ()
    folders: tuple[str, ...] = ()
    listens: tuple[str, ...] = (EVERYWHERE,)
    port: int = 53
    together: bool = False
    running: bool = False
    doubt: str = ""

    @property
    def in_force(self) -> Fact[tuple[str, ...]]:
        """The files in force; unseen where it is not known whether they are."""
        what, needs = f"whether {self.path} is in force", f"the command line of {self.program}, while it runs"
        return Unreachable(what, self.doubt, needs) if self.doubt else self.files

    def serves(self, server: Server) -> bool:
        """Tell whether it may be the one that answers at an address of this host."""
        if server.port != self.port:
            return False
        if EVERYWHERE in self.listens or server.address in self.listens:
            return True
        return LOOPBACK in self.listens and ip_address(server.address.partition("%")[0]).is_loopback
