"""What goes out of a case's text before it is used again: addresses, numbers and names of accounts."""

from __future__ import annotations

import re

_MASKS = (
    (re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[address]"),
    (re.compile(r"(?<![\w@])@\w[\w.-]*"), "[account]"),
    (re.compile(r"(?<![\w+])\+?\d(?:[ ()./-]?\d){6,}(?!\w)"), "[number]"),
)


def masked(text: str) -> str:
    """*text* with links, mail addresses, accounts and long numbers replaced by what they are.

    >>> masked("Write to ann@example.org or call +44 20 7946 0018")
    'Write to [address] or call [number]'
    """
    for pattern, word in _MASKS:
        text = pattern.sub(word, text)
    return text
