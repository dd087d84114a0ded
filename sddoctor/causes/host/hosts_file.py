"""The hosts file answers for this name, with other addresses."""

from __future__ import annotations

from sddoctor.case.address import is_service_connect
from sddoctor.causes.host.split_dns_fixes import FLUSH_MACOS
from sddoctor.causes.model import Evidence, Finding, Fix, cause
from sddoctor.text.shell import command
from sddoctor.text.words import in_order, listed
from sddoctor.trail.trail import Trail, optional


@cause(
    "hosts-file-override",
    hop="host",
    at=("program",),
    symptoms=("foreign", "missing"),
    title="The hosts file answers for this name, with other addresses",
)
def hosts_file_override(trail: Trail) -> Finding | None:
    """The hosts file carries the name, programs get its address, and that is none of the right ones. hosts(5)"""
    entries = trail.host.hosts_entries
    pinned = {e.address for e in entries}
    if not entries or all(is_service_connect(a) for a in pinned) or not _is_read_first(trail):
        return None
    if not set(trail.client_answer.addresses) & pinned:
        return None
    right = _right_addresses(trail)
    wrong = in_order(pinned - right)
    path = trail.host.facts.hosts.value.path
    line = entries[0]
    if not wrong:
        return Finding(
            summary=f"{path} pins {trail.name} to {listed(in_order(pinned))}: right today, and it will age.",
            detail="The hosts file is read before DNS, so the name will not follow when the task is replaced.",
            evidence=(Evidence(f"{path} line {line.line}", trail.name, line.address, in_order(right)),),
            fixes=_fixes(trail, path),
            severity="warning",
            kind="risk",
        )
    return Finding(
        summary=f"{path} pins {trail.name} to {listed(wrong)}, so programs on this host never ask DNS for it.",
        detail=(
            "The hosts file is read before DNS. Its line is often the workaround of an earlier outage, and the task that "
            "had the address has been replaced since."
        ),
        evidence=(
            Evidence(f"{path} line {line.line}", trail.name, line.address, in_order(right)),
            Evidence(trail.client_answer.source, trail.name, in_order(trail.client_answer.addresses), in_order(right)),
        ),
        fixes=_fixes(trail, path),
        addresses=wrong if trail.client_answer.addresses & right else (),
    )


def _is_read_first(trail: Trail) -> bool:
    """Tell whether the hosts file comes before DNS. On Linux nsswitch.conf decides; without it files come first."""
    sources = trail.host.facts.nss.or_none()
    if trail.host.platform != "linux" or sources is None:
        return True
    names = [s.name for s in sources]
    if "files" not in names:
        return False
    return all(names.index("files") < names.index(n) for n in ("dns", "resolve") if n in names)


def _right_addresses(trail: Trail) -> frozenset[str]:
    """Return what DNS, or else ECS and Cloud Map, say. Raises when neither was seen."""
    by_dns = optional(lambda: trail.answers.vpc_addresses)
    if by_dns is not None:
        return by_dns | (optional(lambda: trail.promise.possible) or frozenset())
    return trail.promise.welcome


def _fixes(trail: Trail, path: str) -> tuple[Fix, ...]:
    verify = "A program gets what the VPC resolver answers."
    if trail.host.platform == "macos":
        commands = (command("sudo", "nano", path), FLUSH_MACOS)
        return (Fix("Remove the line in an editor, then flush the cache", "macos", commands, f"Edits {path}.", verify),)
    if trail.host.platform == "windows":
        windows = (r"notepad %SystemRoot%\System32\drivers\etc\hosts",)
        return (Fix("Remove the line as administrator", "windows", windows, "Edits the hosts file.", verify),)
    pattern = trail.name.replace(".", r"\.")
    lines = rf"/[[:space:]]{pattern}\([[:space:]]\|$\)/Id"
    sed = command("sudo", "sed", "-i.bak", lines, path)
    return (
        Fix("Remove the line", "linux", (sed,), f"Takes the lines with this name out of {path}; keeps a .bak.", verify),
    )
