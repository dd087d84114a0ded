"""What surrounds a saved case: compression by size, and limits for what comes from elsewhere."""

import gzip
import time
import tracemalloc

import pytest

from sddoctor.bundle import packing
from sddoctor.bundle.packing import FILE_LIMIT, LARGE, TEXT_LIMIT, PackingError, pack, unpack


def test_what_is_small_stays_readable() -> None:
    assert pack(b'{"a": 1}\n') == b'{"a": 1}\n'
    assert unpack(b'{"a": 1}\n') == b'{"a": 1}\n'


def test_what_is_large_is_compressed_and_comes_back() -> None:
    text = b'{"a": "' + b"x" * LARGE + b'"}'
    packed = pack(text)
    assert packed[:2] == b"\x1f\x8b"
    assert len(packed) < LARGE / 10
    assert unpack(packed) == text


def test_the_same_text_gives_the_same_file_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"y" * (LARGE + 1)
    first = pack(text)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert pack(text) == first


@pytest.mark.parametrize("cut", [3, 10, 200, -1])
def test_a_cut_file_says_so(cut: int) -> None:
    packed = pack(bytes(range(256)) * 2000)
    with pytest.raises(PackingError, match="compressed, and"):
        unpack(packed[:cut])


def test_a_damaged_file_says_so() -> None:
    packed = bytearray(pack(bytes(range(256)) * 2000))
    packed[len(packed) // 2] ^= 0xFF
    with pytest.raises(PackingError, match="damaged"):
        unpack(bytes(packed))


def test_a_bomb_is_not_unpacked_further_than_the_limit() -> None:
    bomb = gzip.compress(b"\0" * (4 * TEXT_LIMIT))
    tracemalloc.start()
    try:
        with pytest.raises(PackingError, match="unpacks to more than 32 MiB"):
            unpack(bomb)
        assert tracemalloc.get_traced_memory()[1] < 3 * TEXT_LIMIT
    finally:
        tracemalloc.stop()


def test_a_long_file_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(PackingError, match=f"{FILE_LIMIT >> 20} MiB"):
        unpack(b" " * (FILE_LIMIT + 1))
    assert packing.unpack(b" " * 10) == b" " * 10
