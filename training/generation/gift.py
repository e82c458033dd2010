"""GIFT: questions as the plain text that Moodle and others take in."""

import re
from collections.abc import Iterable

from training.generation.material import Item

#: Characters that GIFT reads as its own.
_OWN = re.compile(r"([~=#{}:\\])")


def as_gift(items: Iterable[Item]) -> str:
    """The questions as GIFT, each with its clause as a comment and the feedback of every answer.

    >>> from training.generation.gift import escaped
    >>> escaped("a = b")
    'a \\\\= b'
    """
    return "\n".join(_question(item) for item in items)


def escaped(text: str) -> str:
    """*text* on one line, with what GIFT reads as its own put off."""
    return _OWN.sub(r"\\\1", " ".join(text.split()))


def _question(item: Item) -> str:
    citation = item.citation
    where = f"{citation.section}, version {citation.version}, lines {citation.line_from} to {citation.line_to}"
    lines = [f"// {' '.join(where.split())}", f"::{escaped(item.id)}::{escaped(item.stem)} {{"]
    for option in item.options:
        sign = "=" if option.id in item.key else "~"
        lines.append(f"  {sign}{escaped(option.text)}#{escaped(option.feedback)}")
    return "\n".join([*lines, "}", ""])
