"""The text in the bytes of a file, whatever it was saved as, line by line where encodings are mixed."""

import codecs
from dataclasses import dataclass

from qa.policytext.cleaning import Oddity
from qa.policytext.oddities import gathered

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, and each line that had to be read in another way than the rest."""

    text: str
    oddities: tuple[Oddity, ...]


def decode(raw: bytes) -> Decoded:
    """Read *raw* by its byte order mark, else as UTF-8, else each line on its own; nothing raises.

    >>> decode("Größe".encode("cp1252")).text
    'Größe'
    """
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), "")
    if encoding.startswith(("utf-16", "utf-32")):
        return Decoded(raw.decode(encoding, "replace"), ())
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return Decoded(raw.decode("utf-8"), ())
    except UnicodeDecodeError:
        return _by_lines(raw)


def _by_lines(raw: bytes) -> Decoded:
    lines: list[str] = []
    oddities: list[Oddity] = []
    for number, line in enumerate(raw.split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(_western(line))
            oddities.append(Oddity(number, "Not UTF-8: this line was read as Windows-1252."))
    return Decoded("\n".join(lines), gathered(oddities))


def _western(line: bytes) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        return line.decode("latin-1")
