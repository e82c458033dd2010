"""What the head of a table says about its rows: which column holds a code, an action, a verdict or a side."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.policytext import label_words
from qa.policytext.blocks import Block
from qa.policytext.contexts import Context
from qa.policytext.labels import code_of, quoted
from qa.policytext.phrases import Phrases
from qa.policytext.placing import Place, Role
from qa.policytext.polarity import Polarity, flipped, fold, heading_side, outcome_side

_EXPLAINS = re.compile(r"(?:definition|meaning|description|explanation)s?|what it means|means")
_CODED = re.compile(r"code|id|label code|ref(?:erence)?|no\.?|#")
_VERDICT = re.compile(r"verdict|decision|classification|status|ruling|policy status|(?:is it |are they )?violat\w+\?")
_YES = re.compile(r"(?:yes|y|true|always)\b|[\u2705\u2714\u2713\u2611]")
_NO = re.compile(r"(?:no|n|false|never)\b(?! action)|[\u274c\u2716\u2717\u2718\u26d4\U0001f6ab]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is read: its words, its line, its place, and what is done, its code and its examples."""

    text: str
    line: int
    place: Place
    action: str | None
    code: str | None
    examples: tuple[str, ...]


def rows(block: Block, around: Polarity, context: Context) -> Iterator[Row]:
    """The rows under the head of a table; *around* is the side that its lead-in or its section puts it on."""
    heads = [fold(cell).strip(" :*") for cell in block.cells[0]]
    doing = _first(heads, label_words.ACTION_LABEL)
    coded = _first(heads, _CODED)
    defines = context.about == "definition" or _first(heads, _EXPLAINS) is not None
    for count, cells in enumerate(block.cells[1:], 1):
        action = cells[doing] if doing is not None and cells[doing] else context.action
        side: Polarity = "neither" if defines else _side(heads, cells, around, doing)
        role: Role = "definition" if defines else "rule" if side != "neither" else "element"
        code = cells[coded] if coded is not None else code_of(cells[0], in_bold=False)
        examples = quoted(" ".join(cells), introduced=False)
        found = Place(role, side, "neither")
        yield Row(" | ".join(cells), block.line_from + 1 + count, found, action, code or None, examples)


def _first(heads: Sequence[str], names: re.Pattern[str] | Phrases) -> int | None:
    return next((at for at, head in enumerate(heads) if names.fullmatch(head)), None)


def _side(heads: Sequence[str], cells: Sequence[str], around: Polarity, doing: int | None) -> Polarity:
    """The side of a row: what it says of itself, else its column's, else what holds around, else its action's.

    A table that sets one side beside the other has rows on neither.
    """
    said = [_answer(head, cell) for head, cell in zip(heads, cells, strict=True)]
    asked = any(_VERDICT.fullmatch(head) and cell for head, cell in zip(heads, cells, strict=True))
    stated = {side for side in said if side is not None}
    if len(stated) == 1:
        return stated.pop()
    columns = {
        side
        for head, cell, answer in zip(heads, cells, said, strict=True)
        if answer is None and cell and (side := heading_side(head.rstrip("?"))) in ("prohibited", "permitted")
    }
    if stated or asked or len(columns) > 1:
        return "neither"
    if columns:
        return "permitted" if columns == {"permitted"} else "prohibited"
    if around == "neither" and doing is not None:
        return outcome_side(cells[doing])
    return around


def _answer(head: str, cell: str) -> Polarity | None:
    """What a cell answers to a head that asks for the row's verdict; None when it asks for something else."""
    answer = fold(cell).strip(" .*")
    side = heading_side(re.sub(r"^(?:is it|are they) ", "", head).rstrip("?"))
    if side in ("prohibited", "permitted"):
        if _YES.match(answer):
            return side
        return flipped(side) if _NO.match(answer) else None
    if not _VERDICT.fullmatch(head):
        return None
    if head.startswith(("violat", "is it violat", "are they violat")) and (_YES.match(answer) or _NO.match(answer)):
        return "prohibited" if _YES.match(answer) else "permitted"
    found = outcome_side(cell)
    return None if found == "neither" else found
