"""A .docx as what it is, a zip of XML: weighed before it is unpacked, and cut down to the parts that are read."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from qa.conversion.limits import Limits, Oddity, refuse

#: Parts that hold text, numbering and styles, and what leads to them. Everything else stays unread.
READ = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels"
    r"|word/(?:_rels/)?(?:document\w*|styles\w*|numbering\w*|footnotes\w*|endnotes\w*)\.xml(?:\.rels)?"
)
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OUTSIDE = re.compile(r"<Relationship\b[^>]*\bTargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_CRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Package:
    """The parts that are read, as a zip of their own and one by one."""

    raw: bytes
    parts: dict[str, bytes]
    oddities: tuple[Oddity, ...]


def opened(raw: bytes, name: str, limits: Limits) -> Package:
    """Weigh and open a .docx. Raises BadInput for what is none, or could do harm by being unpacked or parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            members = package.infolist()
            _weigh(members, len(raw), name, limits)
            parts = {one.filename: package.read(one) for one in members if READ.fullmatch(one.filename)}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise refuse(name, "a .docx that can be unpacked; this one is damaged") from error
    if "word/document.xml" not in parts:
        raise refuse(name, "a Word document: this zip holds no word/document.xml")
    for part, text in parts.items():
        _check_xml(part, text, name)
    return Package(_packed(parts), parts, tuple(_left_out({one.filename for one in members}, parts)))


def _weigh(members: list[zipfile.ZipInfo], packed: int, name: str, limits: Limits) -> None:
    """Refuse by what the zip's own list says; reading never gives more than that says."""
    if len(members) > limits.members:
        raise refuse(name, f"at most {limits.members} files inside", f"{len(members)} files")
    for one in members:
        if one.flag_bits & _CRYPTED:
            raise refuse(name, "a file without a password")
        if ".." in one.filename.split("/") or one.filename.startswith("/") or "\\" in one.filename:
            raise refuse(name, "files inside whose names stay inside", one.filename)
    most = limits.unpacked(packed)
    size = sum(one.file_size for one in members if READ.fullmatch(one.filename))
    if size > most:
        raise refuse(name, f"text that unpacks to at most {most // 1_000_000} MB", f"{size // 1_000_000} MB")
    if len({one.filename for one in members}) < len(members):
        raise refuse(name, "each file inside once")


def _check_xml(part: str, text: bytes, name: str) -> None:
    """XML that declares entities can grow without end, and a document of Word declares none."""
    plain = text.replace(b"\0", b"")
    if _DECLARES.search(plain):
        raise refuse(name, f"XML without declarations of its own, in {part}")


def _packed(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as package:
        for part, text in parts.items():
            package.writestr(part, text)
    return held.getvalue()


def _left_out(names: set[str], parts: dict[str, bytes]) -> list[Oddity]:
    """What the file holds besides its text, by name."""
    found = []
    if any(name.endswith("vbaProject.bin") for name in names):
        found.append(Oddity("the file", "It holds macros. They were left out; nothing of them was run."))
    if any(name.startswith("word/embeddings/") for name in names):
        found.append(Oddity("the file", "It holds other files inside it. They were left out."))
    if any(re.fullmatch(r"word/(?:header|footer)\d*\.xml", name) for name in names):
        found.append(Oddity("the file", "Headers and footers of its pages were left out."))
    links = " ".join(text.decode("utf-8", "replace") for part, text in parts.items() if part.endswith(".rels"))
    if any("hyperlink" not in found_link[0] for found_link in _OUTSIDE.finditer(links)):
        found.append(Oddity("the file", "It points to pictures or templates elsewhere. Nothing was fetched."))
    return found
