"""How a file of a forwarder on this host comes to be read."""

from __future__ import annotations

from sddoctor.case.forwarder import ForwarderConfig
from sddoctor.causes.model import Fix
from sddoctor.text.shell import command, write_file
from sddoctor.trail.trail import Trail

#: How each program includes a file.
_INCLUDE = {
    "dnsmasq": "conf-file={}",
    "unbound": 'include: "{}"',
    "named": 'include "{}";',
    "coredns": "import {}",
}


def have_read(trail: Trail, forwarder: ForwarderConfig, path: str) -> Fix:
    """Return how a file comes to be read: in a folder and under a name that the forwarder reads, or by a line that includes it."""
    program, restarts = forwarder.program, restart(trail, forwarder)
    if not forwarder.folders:
        line = write_file(forwarder.path, f"{_INCLUDE[program].format(path)}\n", at_end=True)
        title, changes = f"Include the file in {forwarder.path}", f"Adds a line at the end of {forwarder.path}."
        return Fix(
            f"{title}, then restart {program}", trail.host.platform, (line, *restarts), changes, _verified(trail)
        )
    folder, _, name = path.rpartition("/")
    to = folder if folder in forwarder.folders else forwarder.folders[0]
    name = name if name.endswith(".conf") else f"{name}.conf"
    return Fix(
        f"Give the file a name that {program} reads" if to == folder else f"Move the file to where {program} reads it",
        trail.host.platform,
        (command("sudo", "mv", path, f"{to}/{name}"), *restarts),
        f"Renames {path} to {to}/{name}.",
        _verified(trail),
    )


def restart(trail: Trail, forwarder: ForwarderConfig) -> tuple[str, ...]:
    """Return the command that starts the forwarder anew, none where it is not known how this host does that."""
    if trail.host.platform == "macos":
        return (command("sudo", "brew", "services", "restart", forwarder.program),)
    if "systemctl" not in trail.host.facts.programs:
        return ()
    by_manager = forwarder.path.startswith("/etc/NetworkManager/")
    return (command("sudo", "systemctl", "restart", "NetworkManager" if by_manager else forwarder.program),)


def _verified(trail: Trail) -> str:
    if trail.host.platform == "linux":
        return f"{command('getent', 'ahosts', trail.name)} prints the addresses."
    return f"{command('dscacheutil', '-q', 'host', '-a', 'name', trail.name)} prints the addresses."
