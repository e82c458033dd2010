"""Bytes to text: the encoding that a file names or has, line by line where it mixes two."""

from __future__ import annotations

import codecs
import re

from qa.conversion.limits import Oddity

#: The longest first: UTF-32's mark begins like UTF-16's.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Encodings that a web page may name; others that Python knows unpack, or are no encodings of text.
NAMED = re.compile(
    r"(?:iso-8859-\d{1,2}|(?:windows-|cp)\d{3,4}|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gbk|gb2312|gb18030|big5)"
)
#: Odd lines that are named one by one.
MOST_NAMED = 20


def decoded(raw: bytes, named: str = "") -> tuple[str, list[Oddity]]:
    """The text in *raw*, and which lines had another encoding than the rest.

    A mark at the start decides, then UTF-8, then the encoding that the file itself has *named*. What is neither is read
    line by line: a line that is no UTF-8 was most likely pasted from an old Windows document.
    """
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace"), []
    if b"\0" in raw[:200] and len(raw) % 2 == 0:
        encoding = "utf-16-le" if raw[1:2] == b"\0" else "utf-16-be"
        return raw.decode(encoding, "replace"), [Oddity("line 1", "The text is in UTF-16 without saying so.")]
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError:
        if NAMED.fullmatch(named.lower()):
            return raw.decode(named, "replace"), []
    return _mixed(raw)


def _mixed(raw: bytes) -> tuple[str, list[Oddity]]:
    lines: list[str] = []
    odd: list[int] = []
    for number, line in enumerate(raw.split(b"\n"), 1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode("windows-1252", "replace"))
            odd.append(number)
    said = "This line is not in UTF-8; it was read as Windows-1252. Look at its accents and quotes."
    oddities = [Oddity(f"line {number}", said) for number in odd[:MOST_NAMED]]
    if len(odd) > MOST_NAMED:
        oddities.append(Oddity(f"line {odd[MOST_NAMED]}", f"{len(odd) - MOST_NAMED} more lines from here on likewise."))
    return "\n".join(lines), oddities
