"""Where the files of a sheet lie: in a folder beside it, or in a zip; each is read only when it is safe to."""

from __future__ import annotations

import lzma
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from qa.core.errors import BadInput, Problem

MOST_MEMBERS, MOST_RATIO = 10_000, 200


class Folder:
    """Files in a folder; nothing outside of it is ever read, not even by a link."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        return None

    def read(self, name: str, *, most: int) -> bytes | None:
        """The bytes of a file of at most *most* bytes; None when it is not there or is not to be read."""
        if not is_plain(name):
            return None
        place = self.path / name
        if place.is_symlink() or not place.resolve().is_relative_to(self.path) or not place.is_file():
            return None
        return place.read_bytes() if place.stat().st_size <= most else None


class Zip:
    """Files in a zip, by their names in it. Raises BadInput for what no honest zip holds."""

    def __init__(self, path: Path, *, name: str, most_unpacked: int) -> None:
        try:
            self.zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise BadInput(Problem("a zip that can be read", file=name)) from error
        self.members = {one.filename: one for one in self.zip.infolist() if not one.is_dir()}
        packed = max(path.stat().st_size, 1)
        unpacked = sum(one.file_size for one in self.members.values())
        if len(self.members) > MOST_MEMBERS or unpacked > min(most_unpacked, max(1_000_000, MOST_RATIO * packed)):
            self.zip.close()
            raise BadInput(Problem("a zip that unpacks to a usual size", file=name))
        for one in self.members.values():
            if not is_plain(one.filename) or stat.S_ISLNK(one.external_attr >> 16):
                self.zip.close()
                raise BadInput(Problem("a zip without paths that lead elsewhere", file=name, value=one.filename[:100]))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self.zip.close()

    def read(self, name: str, *, most: int) -> bytes | None:
        """The bytes of a member of at most *most* bytes; None when it is not there, is locked or is broken."""
        member = self.members.get(name)
        if member is None or member.file_size > most or member.flag_bits & 1:
            return None
        try:
            with self.zip.open(member) as stream:
                data = stream.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, NotImplementedError):
            return None
        return data if len(data) <= most else None


def is_plain(name: str) -> bool:
    r"""Whether a name leads nowhere but down.

    >>> [is_plain(name) for name in ("a.png", "shots/a.png", "../a.png", "/etc/a", "C:\\a", "a/../../b", "")]
    [True, True, False, False, False, False, False]
    """
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and "\\" not in name and ":" not in name and ".." not in parts


def opened(path: Path, *, name: str, most_unpacked: int) -> Folder | Zip:
    """The files in a folder or a zip."""
    return Folder(path) if path.is_dir() else Zip(path, name=name, most_unpacked=most_unpacked)
