"""A policy's stored HTML taken apart at its sections, so that a page can set something beside each of them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

#: Tags of sanitised HTML; a quoted value may hold any sign.
TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')
_HEAD = re.compile(r'<(h[1-6]|p) id="s-([^"]*)">(.*?)</\1>', re.DOTALL)
_INLINE = re.compile(r"</?(?:a|code|em|strong)\b")
_TITLE = re.compile(r"\s*<(h1|p)>(.*?)</\1>\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """A section's heading (empty for the text above the first) and the text under it, up to the next section."""

    #: The section's key without its policy; "" above the first section.
    key: str
    title: str
    heading: Markup
    body: Markup


def parts(stored: str, *, title: str = "") -> tuple[Part, ...]:
    """The sections of *stored*, which came from the one sanitiser; together they are all of it, in order.

    A first heading or line that only repeats the policy's *title* is left out: the page has it already.
    """
    return tuple(_parts(_without_title(stored, title)))


def plain(some: str) -> str:
    """The words of sanitised HTML on one line."""
    return " ".join(html.unescape(TAG.sub(_gap, some)).split())


def _gap(tag: re.Match[str]) -> str:
    """What a tag leaves between words: a word may be emphasised in its middle, but never runs from block to block."""
    return "" if _INLINE.match(tag[0]) else " "


def _parts(stored: str) -> Iterator[Part]:
    key, name, heading, at = "", "", Markup(), 0
    for found in _HEAD.finditer(stored):
        if found.start() > at or key:
            yield Part(key, name, heading, Markup(stored[at : found.start()]))
        key, name, at = html.unescape(found[2]), plain(found[3]), found.end()
        heading = Markup(found[0])
    yield Part(key, name, heading, Markup(stored[at:]))


def _without_title(stored: str, title: str) -> str:
    found = _TITLE.match(stored)
    return stored[found.end() :] if found and plain(found[2]) == " ".join(title.split()) else stored
