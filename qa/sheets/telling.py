"""Whether a column gives the decision away: a warning to who classes it, never a proof that it does not."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from qa.sheets import names

#: Of the uncertainty about a decision, so much may go with a column's value before it is said.
MOST_SHARED = 0.5
#: Rows in which it must hold, and share of rows that name what was decided.
FEWEST = 20
MOST_NAMING = 0.05
#: A column with more different values than this is read as text.
MOST_VALUES = 50
_VERDICTS = tuple(f" {word} " for word in sorted({names.plain(word) for word in names.VERDICTS}))


def telling(cells: Sequence[str], decided: Sequence[str]) -> str | None:
    """A sentence on how a column tells what was decided in its rows; None when nothing of the kind was seen."""
    filled = [(cell, label) for cell, label in zip(cells, decided, strict=True) if cell.strip()]
    if not filled:
        return None
    naming, examples = _naming(filled)
    if naming >= max(MOST_NAMING * len(filled), 1) and (naming >= 3 or naming == len(filled)):
        said = ", ".join(f"“{word}”" for word in examples)
        return f"{naming} of {len(filled)} rows use words of a decision ({said}): whoever reads it knows the outcome."
    if len(filled) >= FEWEST and len({cell for cell, _ in filled}) <= MOST_VALUES:
        share = shared(filled)
        if share >= MOST_SHARED:
            return f"It goes with the decision: who knows it knows {share:.0%} of what was decided."
    return None


def _naming(filled: Sequence[tuple[str, str]]) -> tuple[int, list[str]]:
    """Rows that name their own decision, or say what people say of a decision; and the words most used."""
    used: Counter[str] = Counter()
    rows = 0
    labels = {label: _of_label(label) for label in {label for _, label in filled}}
    for cell, label in filled:
        text = f" {names.plain(cell)} "
        found = [word.strip() for word in (*labels[label], *_VERDICTS) if word in text]
        rows += bool(found)
        used.update(found)
    return rows, [word for word, _ in used.most_common(3)]


def _of_label(label: str) -> tuple[str, ...]:
    """A decision's own name as it may stand in a text; a short one, or one that says nothing, is none."""
    said = names.plain(label)
    return (f" {said} ",) if len(said) >= 5 and said not in names.NOTHING else ()


def shared(filled: Sequence[tuple[str, str]]) -> float:
    """Theil's uncertainty coefficient of a decision given a value: the share of its entropy that the value takes away.

    *filled*: (value, decision) of rows. Range [0, 1]; 0 where all decisions are alike. A value that stands in a single
    row tells nothing of others and is taken together with all such.

    Source: Theil 1970, doi:10.1086/224909.

    >>> shared([("a", "x"), ("a", "x"), ("b", "y"), ("b", "y")]), shared([("a", "x"), ("a", "y")])
    (1.0, 0.0)
    """
    often = Counter(value for value, _ in filled)
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for value, label in filled:
        groups[value if often[value] > 1 else ""][label] += 1
    whole = _entropy(Counter(label for _, label in filled))
    if whole == 0:
        return 0.0
    left = sum(sum(group.values()) / len(filled) * _entropy(group) for group in groups.values())
    return max(0.0, 1 - left / whole)


def _entropy(counts: Counter[str]) -> float:
    total = sum(counts.values())
    return -sum(count / total * math.log(count / total) for count in counts.values())
