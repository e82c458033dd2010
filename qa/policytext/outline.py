"""The headings of a policy: which is its title, and which stands under which."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.policytext.blocks import Block
from qa.policytext.cleaning import Oddity

_LONGEST_TITLE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that opens a section: *at* is its place among the blocks, *parent* its place among the headings."""

    at: int
    title: str
    level: int
    parent: int | None


@dataclass(frozen=True, slots=True)
class Outline:
    """A document's title, the block that states it (None: front matter, or nothing does) and its headings."""

    title: str
    title_at: int | None
    headings: tuple[Heading, ...]


def outline(blocks: Sequence[Block], front: Mapping[str, str], *, name: str) -> Outline:
    """Find the title and the tree of headings; without any title the file's *name* gives one."""
    title_at = _title_at(blocks, front)
    headings: list[Heading] = []
    open_at: list[int] = []
    last_real = 1
    for at, block in enumerate(blocks):
        if block.kind != "heading" or at == title_at:
            continue
        if block.level:
            last_real = block.level
        level = block.level or last_real + 1
        while open_at and headings[open_at[-1]].level >= level:
            open_at.pop()
        headings.append(Heading(at, block.text, level, open_at[-1] if open_at else None))
        open_at.append(len(headings) - 1)
    stated = front.get("title", "").strip() or (blocks[title_at].text if title_at is not None else "")
    return Outline(stated or _opening_line(blocks) or _words_of(name), title_at, tuple(headings))


def doubts(blocks: Sequence[Block], headings: Sequence[Heading]) -> Iterator[Oddity]:
    """Headings that skip a level, say nothing, or say what another one beside them says."""
    seen: dict[tuple[int | None, str], int] = {}
    for at, heading in enumerate(headings):
        line = blocks[heading.at].line_from
        above = headings[at - 1].level if at else 1
        if heading.level > above + 1 and (at or heading.level > 2):
            yield Oddity(line, f"A heading of level {heading.level} follows one of level {above}.")
        if not heading.title:
            yield Oddity(line, "A heading without words.")
            continue
        same = (heading.parent, " ".join(heading.title.casefold().split()))
        if same in seen:
            yield Oddity(line, f"Another section under the same heading is called so, in line {seen[same]}.")
        else:
            seen[same] = line


def _title_at(blocks: Sequence[Block], front: Mapping[str, str]) -> int | None:
    """The block that is the title: a single leading heading of level 1, or, without any, a leading line in bold."""
    if not blocks or blocks[0].kind != "heading":
        return None
    top = sum(block.kind == "heading" and block.level == 1 for block in blocks)
    is_title = top == 1 if blocks[0].level == 1 else not blocks[0].level and not top and not front.get("title")
    return 0 if is_title else None


def _opening_line(blocks: Sequence[Block]) -> str:
    """A short first line that is no sentence, above everything else."""
    if not blocks or blocks[0].kind != "paragraph" or len(blocks) == 1:
        return ""
    text = blocks[0].text
    is_short = len(text.split()) <= _LONGEST_TITLE_WORDS and blocks[0].line_from == blocks[0].line_to
    return text if is_short and not re.search(r"[.!?:;,]$", text) else ""


def _words_of(name: str) -> str:
    words = re.sub(r"[-_\s]+", " ", name).strip()
    return words[:1].upper() + words[1:] or "Untitled"
