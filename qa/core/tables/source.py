"""The bytes under a table of text, plain or gzipped, watched as they are read."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from qa.core.tables.limits import Limits
from qa.core.tables.table import TableError

BOM = b"\xef\xbb\xbf"

#: How other kinds of files begin, and what to say to who sends one.
OTHER_KINDS = {
    b"PK\x03\x04": "this is a zip or XLSX file",
    b"\x1f\x8b": "this is a gzip file, whose name must end in .gz",
    b"PAR1": "this is a Parquet file",
    b"\xd0\xcf\x11\xe0": "this is an old Excel file",
    b"\xff\xfe": "this looks like UTF-16",
    b"\xfe\xff": "this looks like UTF-16",
    b"%PDF": "this is a PDF file",
}

#: What to do about any of these.
SAVE_ANEW = "Save it as an Excel workbook (.xlsx) or as “CSV UTF-8”"

_BAD_BYTE = re.compile("[\udc80-\udcff]")


class Watched(io.RawIOBase):
    """Bytes on their way in: counted, stopped at a limit, and looked at for NUL."""

    def __init__(self, path: Path, name: str, limits: Limits, *, gzipped: bool) -> None:
        super().__init__()
        self.name = name
        self.limits = limits
        #: Bytes handed on so far, those since the last end of a line, and whether one was NUL.
        self.taken = 0
        self.since_end = 0
        self.has_nul = False
        self._plain = path.open("rb", buffering=0)
        self._raw: io.RawIOBase | gzip.GzipFile = gzip.GzipFile(fileobj=self._plain) if gzipped else self._plain

    def readable(self) -> bool:
        """Yes."""
        return True

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()
        self._plain.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        """Fill *buffer*, or raise what makes the whole file unreadable."""
        chunk = self._read(len(buffer))
        if self.taken == 0:
            self._check_start(chunk)
        self.taken += len(chunk)
        self.since_end = 0 if b"\n" in chunk or b"\r" in chunk else self.since_end + len(chunk)
        if self.since_end > self.limits.line_bytes:
            raise self._error(f"lines of at most {self.limits.line_bytes:,} bytes; this file has a longer one")
        self.has_nul = self.has_nul or b"\0" in chunk
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _read(self, size: int) -> bytes:
        """The next bytes, unpacked."""
        try:
            return self._raw.read(size) or b""
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise self._error(f"a whole gzip file ({error})") from error

    def _check_start(self, chunk: bytes) -> None:
        """Say what a file is that is no text."""
        for magic, said in OTHER_KINDS.items():
            if chunk.startswith(magic):
                raise self._error(f"text in UTF-8; {said}. {SAVE_ANEW}")
        start = chunk[:400]
        if len(start) >= 8 and max(start[0::2].count(0), start[1::2].count(0)) > len(start) // 4:
            raise self._error(f"text in UTF-8; this looks like UTF-16. {SAVE_ANEW}")

    def _error(self, expected: str) -> TableError:
        return TableError(expected, file=self.name)


def is_gzipped(name: str) -> bool:
    """Whether a file of this name is gzipped."""
    return name.lower().endswith(".gz")


def weigh(path: Path, name: str, limits: Limits) -> None:
    """Refuse a gzipped file that is damaged or unpacks to too much, before anything is made of its rows.

    What a gzip file says about its size can be a lie, so it is unpacked once and thrown away, block by block.
    """
    if not is_gzipped(name):
        return
    most, seen = limits.unpacked(path.stat().st_size), 0
    try:
        with gzip.open(path, "rb") as packed:
            while block := packed.read(1 << 17):
                seen += len(block)
                if seen > most:
                    said = f"a file that unpacks to at most {most:,} bytes; this one is larger"
                    raise TableError(said, file=name)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise TableError(f"a whole gzip file ({error})", file=name) from error


def open_text(path: Path, name: str, limits: Limits, closing: ExitStack) -> tuple[Watched, io.TextIOWrapper]:
    """The text of a file as UTF-8 with or without BOM, line ends as they are, and the bytes under it.

    *name* decides whether it is gzipped. Whoever closes *closing* closes the file.
    """
    watched = closing.enter_context(Watched(path, name, limits, gzipped=is_gzipped(name)))
    buffered = io.BufferedReader(watched)
    if buffered.peek(len(BOM)).startswith(BOM):
        buffered.read(len(BOM))
    return watched, closing.enter_context(io.TextIOWrapper(buffered, encoding="utf-8", newline=""))


def not_utf8(path: Path, name: str) -> TableError:
    """The complaint about the first line of a file that is not UTF-8; the file is read again to find it."""
    opened = gzip.open if is_gzipped(name) else open
    with opened(path, "rt", encoding="utf-8", errors="surrogateescape", newline="") as text:
        for line, found in enumerate(text, start=1):
            if bad := _BAD_BYTE.search(found):
                start = found[max(0, bad.start() - 20) : bad.end() + 20]
                value = start.encode("utf-8", "surrogateescape").decode("latin-1").strip()
                said = f"text in UTF-8; is this Latin-1 or Windows-1252? {SAVE_ANEW}"
                return TableError(said, file=name, line=line, value=value)
    return TableError(f"text in UTF-8. {SAVE_ANEW}", file=name)
