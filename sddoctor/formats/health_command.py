"""What the command of a container health check runs, and which ports it connects to.

The command begins with ``CMD`` (words, run as they are) or ``CMD-SHELL`` (a line for the image's shell).
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
"""

from __future__ import annotations

import re

from msgspec import Struct

SHELLS = ("sh", "bash", "ash", "dash")
#: The container itself, as checks name it. A port in a variable (``:$PORT``) is not known.
_OWN_HOST = r"(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1?\])"
_URL_PORT = re.compile(rf"(?:(?P<scheme>https?)://)?{_OWN_HOST}(?::(?P<port>\d{{1,5}})\b|(?=[/\s'\")|;&]|$))")
_NC_PORT = re.compile(r"\bnc\b[^|&;]*?\s(\d{1,5})(?=\s|$|[|&;'\"])")


class HealthCommand(Struct, frozen=True):
    """A parsed health-check command.

    ``line`` is the text of the command, ``shell`` whether the image's shell runs it, ``program`` the program when there
    is no shell.
    """

    line: str
    shell: bool
    program: str


def parse(command: tuple[str, ...]) -> HealthCommand | None:
    """Parse a command; ``None`` when there is none (``NONE`` disables the check of the image)."""
    head, words = command[:1], command[1:]
    if head == ("NONE",) or not command:
        return None
    if head == ("CMD-SHELL",):
        return HealthCommand(" ".join(words), True, "")
    words = words if head == ("CMD",) else command
    if not words:
        return None
    if len(words) == 1 and " " in words[0]:
        return HealthCommand(words[0], True, "")
    program = words[0].rsplit("/", 1)[-1]
    if program in SHELLS and len(words) > 2:
        return HealthCommand(" ".join(words[2:]), True, program)
    return HealthCommand(" ".join(words), False, program)


def ports(command: tuple[str, ...]) -> tuple[int, ...]:
    """Return the ports of the container itself that the command connects to, in order."""
    parsed = parse(command)
    if parsed is None:
        return ()
    found: list[int] = []
    for match in _URL_PORT.finditer(parsed.line):
        if match["port"]:
            found.append(int(match["port"]))
        elif match["scheme"]:
            found.append(443 if match["scheme"] == "https" else 80)
    found += [int(p) for p in _NC_PORT.findall(parsed.line)]
    return tuple(dict.fromkeys(p for p in found if 0 < p < 65536))


def calls_localhost_by_wget(command: tuple[str, ...]) -> bool:
    """Tell whether the check requests ``localhost`` by wget, without an alternative."""
    parsed = parse(command)
    line = parsed.line if parsed else ""
    return "localhost" in line and "wget" in line and "curl" not in line and "127.0.0.1" not in line
