"""How formats write a name server."""

from __future__ import annotations

from sddoctor.case.dns import Server
from sddoctor.splitdns.model import SplitDns, SplitDnsError


def require_port_53(config: SplitDns, client: str) -> None:
    """Raise :class:`SplitDnsError` for a server on another port, which ``client`` cannot query."""
    if any(s.port != 53 for s in config.servers):
        raise SplitDnsError(f"{client} asks port 53 only.")


def bracketed(server: Server) -> str:
    """Write ``10.10.0.2``, ``10.10.0.2:5353`` or ``[fd00::2]:5353``; port 53 is left out."""
    if server.port == 53:
        return server.address
    host = f"[{server.address}]" if ":" in server.address else server.address
    return f"{host}:{server.port}"


def parse_bracketed(word: str) -> Server:
    """Read what :func:`bracketed` wrote."""
    if word.startswith("["):
        address, _, port = word[1:].partition("]:")
        return Server(address, int(port))
    if word.count(":") == 1:
        address, _, port = word.partition(":")
        return Server(address, int(port))
    return Server(word)
