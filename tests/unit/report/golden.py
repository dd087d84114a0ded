"""Golden outputs: texts that people have read and found right. UPDATE_GOLDEN=1 writes them anew, to be read again."""

import os
from pathlib import Path

_DIRECTORY = Path(__file__).parents[2] / "golden" / "report"


def assert_golden(name: str, text: str) -> None:
    path = _DIRECTORY / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert text == path.read_bytes().decode()
