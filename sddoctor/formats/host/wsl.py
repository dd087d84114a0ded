"""The settings of WSL: /etc/wsl.conf of the distribution, .wslconfig of the Windows user, and wslinfo.

https://learn.microsoft.com/windows/wsl/wsl-config
"""

from __future__ import annotations

from collections.abc import Iterator

from sddoctor.case.surroundings import WslSettings

CONF = "/etc/wsl.conf"
MODE_COMMAND = ("wslinfo", "--networking-mode")
_MODES = ("nat", "mirrored", "bridged", "none", "virtioproxy", "consomme")


def settings(conf: bytes, of_windows: bytes, mode: str) -> WslSettings:
    """Return the settings by the content of both files and the output of wslinfo, each empty where it was not seen.

    A key that is missing has the default of that version of Windows, which is not known here.
    """
    network = {key: value for section, key, value in _pairs(conf) if section == "network"}
    windows = {key: value for section, key, value in _pairs(of_windows) if section in ("wsl2", "experimental")}
    said = mode.strip().lower()
    return WslSettings(
        generates=_truth(network.get("generateresolvconf")),
        tunnels=_truth(windows.get("dnstunneling")),
        mode=said if said in _MODES else windows.get("networkingmode"),
    )


def version(kernel: str) -> int | None:
    """Return 1 or 2 for the kernel's name in WSL (``4.4.0-19041-Microsoft``, ``...-microsoft-standard-WSL2``)."""
    if "microsoft" not in kernel.lower():
        return None
    return 1 if "Microsoft" in kernel.split("(", 1)[0] and "WSL2" not in kernel else 2


def _pairs(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield the section, the key and the value of each line, in lower case."""
    section = ""
    for line in data.decode("utf-8-sig", "replace").splitlines():
        text = line.split("#", 1)[0].strip()
        if text.startswith("[") and text.endswith("]"):
            section = text[1:-1].strip().lower()
        elif "=" in text:
            key, _, value = text.partition("=")
            yield section, key.strip().lower(), value.strip().strip('"').lower()


def _truth(text: str | None) -> bool | None:
    return {"true": True, "false": False, "1": True, "0": False}.get(text or "")
