"""The text in the bytes of a file, whatever it was saved as, line by line where encodings are mixed."""

import codecs
import re
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
#: What no text has, but for a stray one.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
#: So much of a file is looked at, and so many of its characters may be stray ones.
_LOOKED_AT, _STRAY_SHARE = 65_536, 0.01


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
    first, second = raw[:200:2].count(0), raw[1:200:2].count(0)
    if len(raw) % 2 == 0 and bool(first) is not bool(second) and max(first, second) > len(raw[:200]) // 4:
        encoding = "utf-16-le" if second else "utf-16-be"
        return Decoded(raw.decode(encoding, "replace"), (Oddity(1, "The text is in UTF-16 without saying so."),))
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


def is_binary(text: str) -> bool:
    """Whether decoded bytes were no text: one character in a hundred, or more, is one that nobody writes.

    >>> is_binary("Words.\\n"), is_binary("PK\\x03\\x04\\x14\\x00\\x06")
    (False, True)
    """
    seen = text[:_LOOKED_AT]
    return len(_CONTROL.findall(seen)) > _STRAY_SHARE * len(seen)
