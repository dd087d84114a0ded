"""A real browser without a network: pictures of pages, and what it complains about."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

NAMES = ("chromium", "google-chrome", "chromium-browser")
DARK = "--blink-settings=preferredColorScheme=0"
_COMPLAINT = re.compile(r'CONSOLE.*?\] "(.*)", source: file://')


class Shot:
    """A picture of a page. ``console`` is what the page's own console shows."""

    def __init__(self, png: bytes, console: list[str]) -> None:
        self.png = png
        self.console = console
        self.width, self.height = struct.unpack(">II", png[16:24])

    @property
    def corner(self) -> str:
        """The colour of the pixel at the top left: nothing is there but the page itself."""
        data = b"".join(body for kind, body in _chunks(self.png) if kind == b"IDAT")
        # Every PNG filter leaves the first pixel as it is. https://www.w3.org/TR/png-3/#9Filter-types
        return f"#{zlib.decompressobj().decompress(data, 16)[1:4].hex()}"


def shoot(page: Path, scratch: Path, *options: str, width: int = 1100, height: int = 1400) -> Shot:
    png = scratch / "shot.png"
    png.unlink(missing_ok=True)
    done = _browser(page, scratch, f"--window-size={width},{height}", f"--screenshot={png}", *options)
    assert png.exists(), done.stderr[-2000:]
    return Shot(png.read_bytes(), _COMPLAINT.findall(done.stderr))


def dom(page: Path, scratch: Path) -> str:
    """Return the document as the browser has it after its scripts ran."""
    return _browser(page, scratch, "--dump-dom").stdout


def _browser(page: Path, scratch: Path, *options: str) -> subprocess.CompletedProcess[str]:
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert program is not None, f"none of {', '.join(NAMES)} is installed"
    words = [
        "unshare", "--net", program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--hide-scrollbars", "--no-first-run", "--enable-logging=stderr", f"--user-data-dir={scratch / 'profile'}",
    ]  # fmt: skip
    return subprocess.run([*words, *options, page.as_uri()], capture_output=True, text=True, check=True, timeout=120)


def _chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    return found
