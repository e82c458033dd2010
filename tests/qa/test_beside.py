"""Files beside a sheet are read only when they are whole and lie where they seem to."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from qa.attachments.beside import Zip

TEXT = b"A letter with some length. " * 40


@pytest.mark.parametrize("way", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_is_damaged_is_not_there(tmp_path: Path, way: int) -> None:
    path = tmp_path / "files.zip"
    with zipfile.ZipFile(path, "w", way) as packed:
        packed.writestr("letter.txt", TEXT)
    whole = path.read_bytes()
    begins = whole.index(b"letter.txt") + len("letter.txt")

    for at in range(begins, begins + 12):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with Zip(path, name="files.zip", most_unpacked=10_000_000) as damaged:
            assert damaged.read("letter.txt", most=10_000) in (None, TEXT)

    path.write_bytes(whole)
    with Zip(path, name="files.zip", most_unpacked=10_000_000) as good:
        assert good.read("letter.txt", most=10_000) == TEXT
