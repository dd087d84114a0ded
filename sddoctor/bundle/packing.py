"""The container of a saved file: plain text, or gzip when it is large, with limits for reading.

Files are untrusted, so no more is read or unpacked than any real case needs.
gzip: https://www.rfc-editor.org/rfc/rfc1952
"""

from __future__ import annotations

import gzip
import zlib

#: Longer texts are written compressed (bytes).
LARGE = 256 * 1024
#: The longest file, and the longest text in one, that is read (bytes).
FILE_LIMIT = 16 * 1024 * 1024
TEXT_LIMIT = 32 * 1024 * 1024

_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class PackingError(ValueError):
    """The bytes cannot be unpacked; the message is one sentence."""


def pack(text: bytes) -> bytes:
    """Return the bytes of a file with ``text``: compressed, without a timestamp, when it is large."""
    return gzip.compress(text, mtime=0) if len(text) > LARGE else text


def unpack(data: bytes) -> bytes:
    """Return the text of a file; its content shows whether it is compressed. Raises :class:`PackingError`."""
    if len(data) > FILE_LIMIT:
        raise PackingError(f"It is longer than {FILE_LIMIT >> 20} MiB, and no saved case is.")
    if not data.startswith(_MAGIC):
        return data
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        text = unpacker.decompress(data, TEXT_LIMIT + 1)
    except zlib.error as error:
        raise PackingError("It is compressed, and damaged.") from error
    if len(text) > TEXT_LIMIT:
        raise PackingError(f"It unpacks to more than {TEXT_LIMIT >> 20} MiB, and no saved case does.")
    if not unpacker.eof:
        raise PackingError("It is compressed, and its end is missing.")
    return text
