"""What a section's heading, and the headings above it, say about everything in the section."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.policytext import heading_words, label_words, lexicon
from qa.policytext.blocks import Block
from qa.policytext.labels import label_of, outcomes
from qa.policytext.polarity import (
    Polarity,
    flipped,
    fold,
    heading_side,
    lead,
    names_breach,
    opens,
    outcome_side,
    speaks_besides,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading's own text; *parent* is the place of the passage above it, None for the document's own text."""

    title: str
    parent: int | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """The side of a passage, what it is about, and what it orders.

    *about* is definition, procedure, opening, beside (reasons, references, ...), exception, element or "".

    *contrasts* says that some of its items are crossed out, so that a tick on another means that it is fine, and
    *weighs* that labels of its items order opposite things ("Remove", "Keep"), and *speaks* that some of its items
    forbid in words of their own ("No ...", "Don't ..."), so that others may ask for something. *names_breach* says that
    its heading is the name of a breach.
    """

    side: Polarity
    about: str
    action: str | None
    contrasts: bool = False
    weighs: bool = False
    speaks: bool = False
    names_breach: bool = False


def contexts(passages: Sequence[Passage]) -> list[Context]:
    """A context for each passage; a passage without a side of its own has that of the one above."""
    found: list[Context] = []
    beside: dict[int | None, Polarity] = {}
    for passage in passages:
        parent = found[passage.parent] if passage.parent is not None else Context("neither", "", None)
        context = _context(passage, parent, beside.get(passage.parent, "neither"))
        items = [block for block in passage.blocks if block.kind == "item"]
        contrasts = any(lexicon.BANNING_SIGN.match(block.text) for block in items)
        context = replace(context, contrasts=contrasts, weighs=_weighs(items), speaks=_speaks(items))
        context = replace(context, names_breach=not context.about and names_breach(passage.title))
        found.append(context)
        beside[passage.parent] = context.side
    return found


def _context(passage: Passage, parent: Context, beside: Polarity) -> Context:
    action = _action(passage.blocks)
    side = heading_side(passage.title) if passage.title else None
    title = fold(passage.title)
    if side == "exception":
        about = "exception" if title.startswith(("exception", "exempt", "carve")) else ""
        return Context(flipped(parent.side if parent.side != "neither" else beside), about, action)
    if side is not None:
        return Context(side, "", action)
    stated = lead(passage.title, parent.side, nested=False) if title.endswith(":") else None
    if stated is not None and (stated.role or stated.side != parent.side):
        return Context(stated.side, stated.role, action)
    if heading_words.DEFINITION_HEADING.search(title):
        return Context("neither", "definition", action)
    if opens(passage.title):
        return Context("neither", "opening", action)
    if speaks_besides(passage.title):
        return Context("neither", "beside", action)
    if action is not None and outcome_side(action) != "neither":
        return Context(outcome_side(action), "", action)
    if heading_words.PROCEDURE_HEADING.search(title):
        return Context("neither", "procedure", action)
    return Context(parent.side, parent.about, action)


def _weighs(items: Sequence[Block]) -> bool:
    """Whether some items are labelled with an order and others with its opposite."""
    labels = {fold(label) for block in items if (label := label_of(block))}
    return len({heading_side(label) for label in labels if label_words.ORDER_LABEL.fullmatch(label)}) > 1


def _speaks(items: Sequence[Block]) -> bool:
    """Whether some items forbid in words of their own."""
    folded = [fold(block.text[:200]) for block in items]
    return any(lexicon.BANNING.match(words) or lexicon.FORBEARING.match(words) for words in folded)


def _action(blocks: Sequence[Block]) -> str | None:
    """What is done about the whole passage: stated in a paragraph, or in the last item alone."""
    stated = [(block, words) for block in blocks if block.kind in ("paragraph", "item") for words in outcomes(block)]
    if len(stated) != 1:
        return None
    block, words = stated[0]
    items = [other for other in blocks if other.kind == "item"]
    return words if block.kind == "paragraph" or (items and block is items[-1] and len(items) > 1) else None
