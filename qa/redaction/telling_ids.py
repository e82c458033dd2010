"""Ids that go with the outcome: found by looking at many cases at once."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Sequence

#: What is written like an id: letters and digits together, or parts with digits.
ID = re.compile(r"\b(?=[\w-]*\d)[A-Za-z0-9]{2,}(?:[-_/][A-Za-z0-9]+){0,4}\b")
FEWEST, FEWEST_OF_A_CODE, ALMOST_ALL = 20, 5, 0.9


def codes(said: str) -> dict[str, str]:
    """What an id could encode something by: its letters, its first and its last digit.

    >>> codes("RM-2041")
    {'letters': 'RM', 'first': '2', 'last': '1'}
    """
    digits = [sign for sign in said if sign.isdigit()]
    letters = "-".join(part.upper() for part in re.findall(r"[A-Za-z]+", said))
    found = {"letters": letters} if letters else {}
    return found | ({"first": digits[0], "last": digits[-1]} if len(digits) > 1 else {})


def lambda_(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Goodman and Kruskal's lambda: by how much knowing the code takes away from the errors of guessing the outcome.

    (sum over codes of the most frequent outcome's count - the most frequent outcome's count) / (n - that count).

    Parameters
    ----------
    pairs : (code, outcome) of each case

    Returns
    -------
    A share in [0, 1]: 0 when the code does not help, 1 when it tells; nan when all outcomes are alike (or no case).

    References
    ----------
    Goodman, Kruskal 1954, doi:10.1080/01621459.1954.10501231.

    >>> lambda_([("a", 1), ("a", 1), ("b", 0)])
    1.0
    >>> lambda_([("a", 1), ("b", 1), ("a", 0), ("b", 0)])
    0.0
    """
    by_code: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for code, outcome in pairs:
        by_code[code][outcome] += 1
    most = max(Counter(outcome for _code, outcome in pairs).values(), default=0)
    if len(pairs) == most:
        return float("nan")
    return (sum(max(counts.values()) for counts in by_code.values()) - most) / (len(pairs) - most)


def telling(ids: Sequence[tuple[str, str, Hashable]]) -> set[str]:
    """The places whose ids go with the outcome almost always: (place, id, outcome) of many cases.

    A place is judged from 20 cases on, codes from 5; with fewer, chance alone would do it.

    >>> telling([("ticket", f"{'RM' if n % 3 else 'KP'}-{100 + n}", n % 3 > 0) for n in range(60)])
    {'ticket'}
    >>> telling([("ticket", f"T-{100 + n}", n % 3 > 0) for n in range(60)])
    set()
    """
    seen: dict[tuple[str, str], list[tuple[Hashable, Hashable]]] = defaultdict(list)
    for place, said, outcome in ids:
        for view, code in codes(said).items():
            seen[place, view].append((code, outcome))
    return {place for (place, _view), pairs in seen.items() if _tells(pairs)}


def _tells(pairs: Collection[tuple[Hashable, Hashable]]) -> bool:
    counts = Counter(code for code, _outcome in pairs)
    kept = [(code, outcome) for code, outcome in pairs if counts[code] >= FEWEST_OF_A_CODE]
    outcomes = Counter(outcome for _code, outcome in kept)
    if len(kept) < FEWEST or len(outcomes) < 2 or len(kept) - max(outcomes.values()) < FEWEST_OF_A_CODE:
        return False
    return lambda_(kept) >= ALMOST_ALL
