"""A line of a draft made a section, or not one any more. No line moves, so what cites a line still finds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa.core.errors import BadInput, Problem
from qa.policytext.blocks import blocks
from qa.policytext.normalise import normalise

DEEPEST = 6
_AHEAD = re.compile(r"^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(?:#{1,6}\s+)?")
_BEHIND = re.compile(r"\s*#*\s*$")
_BOLD = re.compile(r"^(\*\*|__)(?=\S)(.+?)(?<=\S)\1:?$")
_UNDERLINE = re.compile(r"^ {0,3}(?:=+|-{2,})\s*$")


def as_section(markdown: str, line: int, level: int) -> str:
    """*markdown* with *line* as a heading of *level* (1 to 6).

    Raises BadInput where a heading cannot stand: on a line without words, in a table, in code, in what is left out.
    """
    lines = _lines(markdown, line)
    if not 1 <= level <= DEEPEST:
        raise BadInput(Problem(f"a level from 1 to {DEEPEST}", field="level", value=str(level)))
    words = _words(lines[line - 1])
    if not words:
        raise BadInput(Problem("a line with words", line=line, field="line"))
    if line in read(markdown).closed:
        raise BadInput(Problem("a line outside tables and code", line=line, field="line"))
    lines[line - 1] = f"{'#' * level} {words}"
    _drop_underline(lines, line)
    changed = "\n".join(lines)
    if line not in read(changed).headings:
        raise BadInput(Problem("a line outside comments and front matter", line=line, field="line"))
    return changed


def as_text(markdown: str, line: int) -> str:
    """*markdown* with the heading on *line* as plain words. Raises BadInput where there is none."""
    lines = _lines(markdown, line)
    if line not in read(markdown).headings:
        raise BadInput(Problem("a line that is a section", line=line, field="line"))
    lines[line - 1] = _words(lines[line - 1])
    _drop_underline(lines, line)
    changed = "\n".join(lines)
    if line in read(changed).headings:
        raise BadInput(Problem("a heading that can be told apart from its words", line=line, field="line"))
    return changed


@dataclass(frozen=True, slots=True)
class Lines:
    """What stands on the lines of a text: titles and sections begin, tables and code are closed, others have words."""

    headings: frozenset[int]
    closed: frozenset[int]
    worded: frozenset[int]


@lru_cache(maxsize=8)
def read(markdown: str) -> Lines:
    """The lines of a text by what stands on them."""
    text = normalise(markdown)
    found = blocks(text)
    inside = [block for block in found if block.kind in ("table", "code")]
    return Lines(
        frozenset(block.line_from for block in found if block.kind == "heading"),
        frozenset(line for block in inside for line in range(block.line_from, block.line_to + 1)),
        frozenset(number for number, line in enumerate(text.source, 1) if line.strip()),
    )


def _lines(markdown: str, line: int) -> list[str]:
    lines = markdown.split("\n")
    if not 1 <= line <= len(lines):
        raise BadInput(Problem(f"a line from 1 to {len(lines)}", field="line", value=str(line)))
    return lines


def _words(text: str) -> str:
    """A line without what makes it an item, a heading, a quote, or bold from end to end."""
    words = _BEHIND.sub("", _AHEAD.sub("", text, count=1)).strip()
    bold = _BOLD.match(words)
    return bold[2] if bold is not None and bold[1] not in bold[2] else words


def _drop_underline(lines: list[str], line: int) -> None:
    """A line of = or - right under a heading belongs to it."""
    if line < len(lines) and _UNDERLINE.match(lines[line]):
        lines[line] = ""
