"""``systemextensionsctl list``: the network extensions of a Mac. No privilege is needed.

Of DNS settings profiles, and of resolvers that the network designates, nothing that a user may run tells: ``profiles list`` shows
the user's own profiles alone, and ``scutil --dns`` knows nothing of encrypted DNS.
https://gist.github.com/nstrauss/ebca31a8110f6429ea4f2f91f4a7257b
https://developer.apple.com/documentation/networkextension/nednsproxyprovider
"""

from __future__ import annotations

import re

from sddoctor.case.mac_extension import NetworkExtension
from sddoctor.case.seen import Fact, Seen, Unreachable

COMMAND = "systemextensionsctl list"

_COUNT = re.compile(r"[0-9]+ extension\(s\)")
_ROW = re.compile(
    r"(?:\*?\s+){0,2}\*?\s*[0-9A-Z]{10}\s+(?P<bundle>\S+) \([^)]*\)\s+(?P<name>.*?)\s*\[(?P<state>[^]]*)\]"
)
#: Words in the names of extensions that are DNS proxies, or have one: a list without an end.
#: https://github.com/tailscale/tailscale/issues/3844 https://docs.umbrella.com https://adguard.com/kb/adguard-for-mac
_DNS_PROXIES = re.compile(r"dns|umbrella|acsockext|adguard|littlesnitch|netskope|jamf\.trust|wandera", re.IGNORECASE)


def parse(text: str) -> Fact[tuple[NetworkExtension, ...]]:
    """Read the network extensions; those of other categories are left out."""
    found: list[NetworkExtension] = []
    unread: list[str] = []
    of_network = recognised = False
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("enabled"):
            continue
        if _COUNT.fullmatch(line):
            recognised = True
        elif line.startswith("---"):
            of_network = "system_extension.network_extension" in line
        elif (row := _ROW.fullmatch(line)) is None:
            unread.append(raw)
        elif of_network:
            active = row["state"] == "activated enabled"
            of_dns = bool(_DNS_PROXIES.search(f"{row['bundle']} {row['name']}"))
            found.append(NetworkExtension(row["bundle"], row["name"], active, of_dns))
    if not recognised:
        return Unreachable(COMMAND, "its output is not understood", f"the unchanged output of {COMMAND}")
    return Seen(tuple(found), COMMAND, unread=tuple(unread))
