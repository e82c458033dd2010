"""A section word for word: its Markdown as it is shown, in pieces of a size that one reads at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from qa.policytext.blocks import Block
from qa.policytext.normalise import normalise
from qa.policytext.writing import Line
from training.generation.catalogue import Place

#: A piece ends with the block in which it reaches so many words.
PIECE_WORDS = 180
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\]]*\])")
_LEFT = re.compile(r"\{%|\{\{|AUTOTITLE|<!--")


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of blocks: how it is shown, its bare words, and its lines in the source."""

    markdown: str
    words: str
    line_from: int
    line_to: int


@lru_cache(maxsize=32)
def _written(markdown: str) -> tuple[Line, ...]:
    return normalise(markdown).written()


def passages(place: Place) -> Iterator[Passage]:
    """The section's blocks in runs; links show their words only, for their targets lie outside the policy."""
    run: list[Block] = []
    for block in place.section.blocks:
        if block.kind in {"rule", "heading"} or not block.text.strip():
            continue
        run.append(block)
        if sum(len(b.text.split()) for b in run) >= PIECE_WORDS:
            yield _passage(place, run)
            run = []
    if run:
        yield _passage(place, run)


def _passage(place: Place, run: list[Block]) -> Passage:
    first, last = run[0].line_from, run[-1].line_to
    lines = [line for number, line in _written(place.source.markdown) if first <= number <= last]
    shown = _LINK.sub(r"\1", "\n".join(lines)).strip("\n")
    if _LEFT.search(shown) or not shown.strip():
        shown = "\n\n".join(block.text for block in run)
    return Passage(shown, " ".join(block.text for block in run), first, last)
