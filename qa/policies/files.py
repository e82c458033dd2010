"""Files of policies: which of a folder are meant, and the text in each, with whatever was odd about its letters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.core.errors import BadInput, Problem
from qa.policytext.cleaning import Oddity
from qa.policytext.decoding import decode, is_binary

#: Files of a folder that are about the others.
ABOUT = re.compile(r"(README|SOURCES|LICENSE)", re.IGNORECASE)
#: Where no setting says how large a file may be.
MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file, and the lines that were read in another way than the rest."""

    path: Path
    text: str
    oddities: tuple[Oddity, ...]


def files_in(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The files to read of files and folders (not recursive), and those that are about the others."""
    named = [file for path in paths for file in (_files_of(path) if path.is_dir() else [path])]
    return [file for file in named if not ABOUT.match(file.name)], [file for file in named if ABOUT.match(file.name)]


def _files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in (".md", ".markdown"))


def read(path: Path, *, most_bytes: int = MOST_BYTES) -> Text:
    """The text of a policy's file, whatever it was saved as. Raises BadInput for what is no text, or too large."""
    with path.open("rb") as handle:
        raw = handle.read(most_bytes + 1)
    if len(raw) > most_bytes:
        wanted = f"a policy of at most {most_bytes / 1_000_000:g} MB"
        raise BadInput(Problem(wanted, file=path.name, value=f"{path.stat().st_size / 1_000_000:.1f} MB"))
    found = decode(raw)
    if is_binary(found.text):
        wanted = "text: Markdown here, Word and HTML on the page of drafts"
        raise BadInput(Problem(wanted, file=path.name, value="a binary file"))
    return Text(path, found.text, found.oddities)
