"""Reads a drawn chart back: its elements, words and places."""

from __future__ import annotations

from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


class Drawn:
    """A chart as its own text says it."""

    def __init__(self, markup: str) -> None:
        self.root = ElementTree.fromstring(str(markup))

    def all(self, tag: str, having: str = "") -> list[ElementTree.Element]:
        """The elements of *tag* whose class holds the word *having*."""
        return [one for one in self.root.iter(SVG + tag) if not having or having in one.get("class", "").split()]

    def words(self) -> list[str]:
        """All that is written, in order, without the tips of names."""
        return ["".join(t for t in [one.text, *(child.tail for child in one)] if t) for one in self.all("text")]

    def tips(self) -> list[str]:
        """The words of marks that show when they are pointed at."""
        return [one.text or "" for one in self.all("title")[1:]]

    def says(self) -> tuple[str, str]:
        """Title and finding."""
        return (self.root.findtext(SVG + "title") or "", self.root.findtext(SVG + "desc") or "")
