"""What a page's form says of a sheet's columns and words, as a mapping."""

from __future__ import annotations

from collections.abc import Mapping as Pairs
from collections.abc import Sequence

from qa.core.errors import BadInput, Problem
from qa.intake import writings
from qa.intake.columns import OURS
from qa.intake.mapping import CLASSES, TRANSLATED, Mapping
from qa.sheets import guessing, page

#: What a form sent: field -> its values, in their order.
Sent = Pairs[str, Sequence[str]]


def read(sent: Sent, shown: page.SheetPage) -> Mapping:
    """The mapping that a form describes. Raises BadInput for what cannot be one."""
    ours = page.CASES if shown.kind == "cases" else page.EVENTS
    columns: dict[str, str] = {}
    classes: dict[str, str] = {}
    for row in shown.columns:
        what, _, name = _one(sent, f"c{row.place}").partition(":")
        if what == "ours" and name in ours:
            if name in columns.values():
                raise BadInput(Problem("one column for each of ours; two are called so", field=ours[name]))
            columns[row.theirs] = name
        elif what == "class" and name in CLASSES:
            classes[row.theirs] = name
        if row.theirs in OURS and row.theirs not in columns:
            # Its own name would make it one of ours, which nobody said it is.
            columns[row.theirs] = f"their_{row.theirs}"
    _look_for_leaks(sent, shown, columns, classes)
    return Mapping(columns, classes, _values(sent, set(columns.values())), _orders(sent))


def _one(sent: Sent, field: str) -> str:
    return next(iter(sent.get(field, ())), "")


def _look_for_leaks(sent: Sent, shown: page.SheetPage, columns: Pairs[str, str], classes: Pairs[str, str]) -> None:
    """Evidence that gives the decision away is taken only from who says that they have looked."""
    if _one(sent, "sure"):
        return
    for row in shown.columns:
        if row.tells and (classes.get(row.theirs) == "evidence" or columns.get(row.theirs) == "text"):
            said = (
                f"a column that does not tell the decision. {row.tells} Class it otherwise, or say that you have looked"
            )
            raise BadInput(Problem(said, field=row.theirs))


def _values(sent: Sent, mapped: set[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for ours in TRANSLATED:
        theirs, means = sent.get(f"theirs:{ours}", ()), sent.get(f"means:{ours}", ())
        if not theirs or len(theirs) != len(means) or (ours not in mapped and ours not in page.FIXED):
            continue
        words = {
            word.strip()[:300]: _meaning(ours, one) for word, one in zip(theirs, means, strict=True) if one.strip()
        }
        if words:
            found[ours] = words
    return found


def _meaning(ours: str, text: str) -> str:
    return guessing.as_word(text.strip()) if ours in ("action", "workflow") else text.strip()[:400]


def _orders(sent: Sent) -> dict[str, str]:
    asked = {name: _one(sent, f"order:{name}") for name in guessing.MOMENTS}
    return {name: order for name, order in asked.items() if order in writings.ORDERS}
