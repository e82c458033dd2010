"""The documents of texts that are being worked at, each read once."""

from __future__ import annotations

from functools import lru_cache

from qa.policytext.sections import Document, parse


@lru_cache(maxsize=16)
def parsed(markdown: str, slug: str) -> Document:
    """The document of a text."""
    return parse(markdown, name=slug)
