"""One door for a policy's file or pasted text: Markdown, HTML or .docx, told apart by what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module

from qa.conversion.decoding import decoded
from qa.conversion.limits import Limits, Oddity, refuse

KINDS = ("markdown", "html", "docx")
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_BLOCK = re.compile(r"\s*<(?:h[1-6]|p|div|ul|ol|table|article|section|main|span|b|meta|style)\b[^>]*>", re.I)
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x80-\x9f\ufffd]")
#: So many, and such a share, of signs that cannot be seen are no text with a slip in it.
_MOST_UNSEEN, _UNSEEN_SHARE = 20, 0.1
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Converted:
    """A policy's text as Markdown, what it came from, and what could not be read as it stood."""

    markdown: str
    kind: str
    oddities: tuple[Oddity, ...]


def read(raw: bytes, name: str, *, limits: Limits | None = None, kind: str = "") -> Converted:
    """Read the bytes of a file. *kind* (one of KINDS) overrules what the bytes look like.

    Raises BadInput for what is too large, no text, or could do harm. Nothing in it is run, nothing fetched.
    """
    limits = limits or Limits()
    if len(raw) > limits.file_bytes:
        raise refuse(name, f"a file of at most {limits.file_bytes // 1_000_000} MB")
    if raw.startswith(_OLD_WORD):
        raise refuse(name, "a .docx without a password; save the old Word file as .docx first")
    if raw.startswith(_ZIP):
        # The libraries behind these two are large and few files need them: loaded by the first one that does.
        html, oddities = import_module("qa.conversion.word").to_html(raw, name, limits)
        markdown, more = import_module("qa.conversion.web").to_markdown(html, name, limits)
        return Converted(markdown, "docx", (*oddities, *_by_structure(more)))
    if raw.startswith(b"%PDF"):
        raise refuse(name, "Markdown, HTML or .docx; a PDF has no headings and lists to be read")
    if name.lower().endswith((".docx", ".docm")):
        raise refuse(name, "a Word file; this one is called so and is none, or its beginning is missing")
    text, oddities = decoded(raw, _charset(raw))
    if not _is_text(text):
        raise refuse(name, "Markdown, HTML or .docx; this file holds no text")
    return _text(text, name, limits, kind, oddities)


def read_pasted(text: str, *, limits: Limits | None = None, kind: str = "") -> Converted:
    """Read what was pasted; *kind* as in `read`."""
    limits = limits or Limits()
    if len(text.encode("utf-8", "replace")) > limits.file_bytes:
        raise refuse("the text", f"a text of at most {limits.file_bytes // 1_000_000} MB")
    return _text(text, "the text", limits, kind, [])


def _text(text: str, name: str, limits: Limits, kind: str, oddities: list[Oddity]) -> Converted:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if kind == "html" or (kind != "markdown" and (_PAGE.match(plain[:20_000]) or _looks_like_html(plain, name))):
        markdown, more = import_module("qa.conversion.web").to_markdown(plain, name, limits)
        return Converted(markdown, "html", (*oddities, *more))
    return Converted(plain, "markdown", tuple(oddities))


def _is_text(text: str) -> bool:
    """Whether few enough of the first signs are ones that no text has."""
    unseen = len(_UNSEEN.findall(text[:4000]))
    return unseen < _MOST_UNSEEN or unseen < _UNSEEN_SHARE * len(text[:4000])


def _looks_like_html(text: str, name: str) -> bool:
    """By its ending, or by beginning with a block of HTML where Markdown has no reason to."""
    return name.lower().endswith((".html", ".htm", ".xhtml")) or (
        _BLOCK.match(text) is not None and text.count("</") > 1
    )


def _charset(raw: bytes) -> str:
    found = _CHARSET.search(raw[:2000])
    return found[1].decode("ascii") if found else ""


def _by_structure(oddities: list[Oddity]) -> list[Oddity]:
    """Of what was odd in HTML that we wrote ourselves, what does not speak of a line."""
    return [oddity for oddity in oddities if not oddity.place.startswith("line ")]
