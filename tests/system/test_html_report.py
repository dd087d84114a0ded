"""The HTML report in a real browser that has no network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.system import browser

pytestmark = pytest.mark.system

#: A picture of an empty page of this size has about 6000 bytes.
EMPTY = 50_000
BUNDLES = Path(__file__).parents[1] / "data" / "bundles"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a real observation, written by the real command."""
    bundle = BUNDLES / "health-check-failing.v1.json"
    words = [sys.executable, "-m", "sddoctor", "check", "--from", str(bundle), "-o", "html"]
    done = subprocess.run(words, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, b"")
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_bytes(done.stdout)
    return path


def test_it_is_drawn_in_light_and_dark_and_nobody_complains(page: Path) -> None:
    light, dark = browser.shoot(page, page.parent), browser.shoot(page, page.parent, browser.DARK)
    narrow = browser.shoot(page, page.parent, width=500)
    for shot in (light, dark, narrow):
        assert shot.console == []
        assert len(shot.png) > EMPTY
    assert (light.width, light.height, narrow.width) == (1100, 1400, 500)
    assert (light.corner, dark.corner) == ("#f6f8fa", "#0d1117")


def test_its_script_runs_and_brings_the_copy_buttons_to_life(page: Path) -> None:
    written = page.read_text()
    assert '<button type="button" hidden>Copy</button>' in written
    shown = browser.dom(page, page.parent)
    assert '<button type="button" hidden' not in shown
    assert shown.count('<button type="button">Copy</button>') == written.count("<button ")


def test_nothing_else_runs_or_loads(page: Path) -> None:
    evil = page.with_name("evil.html")
    more = '<script>document.title = "run"</script><img src="http://127.0.0.1:9/x.png"><p style="color: red">x</p>'
    evil.write_text(page.read_text().replace("</main>", f"{more}</main>"))
    complaints = browser.shoot(evil, page.parent).console
    assert len([c for c in complaints if "Content Security Policy" in c]) == 3, complaints
