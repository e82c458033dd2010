"""Parts of a text that are covered before somebody reads it, and the text with them covered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

LEAK, PERSONAL = "leak", "personal"
#: What stands where something was, by the rule that found it. Whatever could tell an outcome looks alike.
WORDS = {
    "staff": "[name]",
    "name": "[name]",
    "email": "[e-mail]",
    "phone": "[phone]",
    "address": "[address]",
    "number": "[number]",
    "link": "[link]",
    "account": "[account]",
    "outcome": "[masked]",
    "note": "[masked]",
    "id": "[masked]",
    "hand": "[masked]",
}
#: What a rule looks for, in words of a page.
RULES = {
    "staff": "Name of a colleague",
    "name": "Name",
    "email": "E-mail address",
    "phone": "Phone number",
    "address": "Postal address",
    "number": "Account or card number",
    "link": "Link",
    "account": "Name of an account",
    "outcome": "Tells what was decided",
    "note": "Note of a moderator",
    "id": "Number that goes with the outcome",
    "hand": "Marked by hand",
}


_WORD = re.compile(r"\w+")


def words_of(text: str) -> frozenset[str]:
    """The words of a text, folded: a rule whose words are not among them need not be tried."""
    return frozenset(_WORD.findall(text.casefold()))


class Span(NamedTuple):
    """Characters *start* up to *end* of a text, and why they are covered."""

    start: int
    end: int
    kind: str
    rule: str


def apart(spans: Iterable[Span]) -> list[Span]:
    """*spans* in their order, none over another, and all that they cover: what could tell goes before what is personal,
    the longer before the shorter, what was found first before what was found later; of these only the rest is kept.

    >>> apart([Span(4, 9, PERSONAL, "name"), Span(0, 6, LEAK, "outcome"), Span(1, 3, LEAK, "staff")])
    [Span(start=0, end=6, kind='leak', rule='outcome'), Span(start=6, end=9, kind='personal', rule='name')]
    """
    kept: list[Span] = []
    for one in sorted(spans, key=lambda span: (span.kind != LEAK, span.start - span.end, span.start)):
        at = one.start
        for other in sorted(kept):
            if other.end > at and other.start < one.end:
                if at < other.start:
                    kept.append(one._replace(start=at, end=other.start))
                at = other.end
        if at < one.end:
            kept.append(one._replace(start=at))
    return _joined(sorted(kept))


def _joined(spans: list[Span]) -> list[Span]:
    """Parts that touch, found by one rule, as one."""
    found: list[Span] = []
    for one in spans:
        if found and found[-1].end == one.start and found[-1][2:] == one[2:]:
            found[-1] = found[-1]._replace(end=one.end)
        else:
            found.append(one)
    return found


def covered(text: str, spans: Iterable[Span]) -> str:
    """*text* with each of *spans* replaced by what it is.

    >>> covered("Ask Ann Bell.", [Span(4, 12, PERSONAL, "name")])
    'Ask [name].'
    """
    parts, at = [], 0
    for span in apart(spans):
        parts += [text[at : span.start], WORDS[span.rule]]
        at = span.end
    return "".join([*parts, text[at:]]) if parts else text
