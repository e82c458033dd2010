"""The library's writer of Markdown, taught the house's habits: one bullet, few escapes, definition lists as items."""

from __future__ import annotations

import re
from typing import Any

from bs4.element import Tag
from markdownify import ATX, MarkdownConverter

#: Signs that would be marks of Markdown where they stand for themselves.
_SIGNS = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])|[*`]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)|\](?=[(\[:])|\{(?=[{%#])"
)
_AT_START = re.compile(r"^(\s*)(#{1,6}(?=\s|$)|>|\+(?=\s)|={2,}\s*$|-{3,}\s*$|~{3,}|:(?=\s))")
#: Signs that not every reader of Markdown takes a backslash from, as references that every one knows.
_REFERENCES = {"{": "&#123;", "<": "&lt;", "&": "&amp;", "=": "&#61;", "~": "&#126;", ":": "&#58;"}
#: A bullet that somebody typed, or that a word processor wrote as text.
_TYPED = re.compile(r"^\s*(?:[•·▪◦‣●○■]\s*|o\s{2,})(?=\S)")


class Marker(MarkdownConverter):
    """Writes what `shaping` left."""

    class Options(MarkdownConverter.Options):
        """ATX headings, and "-" for every bullet."""

        heading_style = ATX
        bullets = "-"
        autolinks = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        #: Items written so far of each ordered list, by the identity of its tag.
        self.counts: dict[int, int] = {}

    def escape(self, text: str, parent_tags: Any) -> str:
        """*text* with a backslash before what would else be a mark."""
        text = _SIGNS.sub(lambda found: _kept(found[0]), text or "")
        if "td" in parent_tags or "th" in parent_tags:
            return text.replace("|", "\\|")
        return _AT_START.sub(lambda found: found[1] + _kept(found[2]), text)

    def convert_p(self, el: Tag, text: str, parent_tags: Any) -> str:
        """A paragraph; one that begins with a bullet is an item."""
        if "_inline" not in parent_tags and "li" not in parent_tags and _TYPED.match(text):
            return f"\n- {_TYPED.sub('', text).strip()}\n"
        return str(super().convert_p(el, text, parent_tags))

    def convert_li(self, el: Tag, text: str, parent_tags: Any) -> str:
        """An item, numbered without looking back at all before it."""
        parent = el.parent
        text = (text or "").strip()
        if not text:
            return "\n"
        bullet = "- "
        if parent is not None and parent.name == "ol":
            count = self.counts.get(id(parent), 0)
            self.counts[id(parent)] = count + 1
            start = str(parent.get("start") or "1")
            bullet = f"{(int(start) if start.isdigit() and len(start) < 9 else 1) + count}. "
        indented = text.replace("\n", "\n" + " " * len(bullet))
        return bullet + re.sub(r"(?m)^[ \t]+$", "", indented) + "\n"

    def convert_dt(self, el: Tag, text: str, parent_tags: Any) -> str:
        """A term begins an item."""
        words = " ".join((text or "").split())
        return f"\n- **{words}**:" if words else "\n-"

    def convert_dd(self, el: Tag, text: str, parent_tags: Any) -> str:
        """Its meaning goes on in the item."""
        return " " + " ".join((text or "").split())

    def convert_sub(self, el: Tag, text: str, parent_tags: Any) -> str:
        """Small letters are letters."""
        return text

    convert_sup = convert_sub


def _kept(sign: str) -> str:
    """*sign* so that it stands for itself."""
    reference = _REFERENCES.get(sign[0])
    return f"\\{sign}" if reference is None else reference + sign[1:]
