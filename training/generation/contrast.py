"""Two sections side by side: what each forbids and allows, with the words marked that set one apart from the other."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from math import log, sqrt

from training.generation.catalogue import Act
from training.generation.lexicon import STOP_WORDS
from training.generation.material import Block, Citation
from training.generation.order import Order
from training.generation.wording import escaped, escaped_inside, plain, stem, tokens

#: A word is marked from so many standard errors on.
DISTINCT_Z = 0.9
#: Rows for each side: more would be the whole section again.
MOST_ROWS = 8
ROWS = (("prohibited", "Not allowed"), ("permitted", "Allowed"), ("exception", "Exceptions"))


def distinctive(one: Counter[str], other: Counter[str], background: Counter[str]) -> frozenset[str]:
    """Words that set *one* apart from *other*: log-odds with an informative Dirichlet prior, z >= 0.9.

    Parameters
    ----------
    one, other : Counter of word roots, counts >= 0
    background : Counter of the word roots of all policies; its counts are the prior

    Returns
    -------
    frozenset of str
        Roots of *one*; empty when *one* is.

    References
    ----------
    Monroe, Colaresi, Quinn 2008, eq. 16 and 22, doi:10.1093/pan/mpn018.

    >>> distinctive(Counter(slur=4, group=2), Counter(threat=4, group=2), Counter(slur=4, threat=4, group=4))
    frozenset({'slur'})
    """
    prior_total = sum(background.values()) or 1
    marked = []
    for word in one:
        prior = background[word] or 1
        a, b = one[word] + prior, other[word] + prior
        rest_a = max(sum(one.values()) + prior_total - a, 1)
        rest_b = max(sum(other.values()) + prior_total - b, 1)
        delta = log(a / rest_a) - log(b / rest_b)
        if delta / sqrt(1 / a + 1 / b) >= DISTINCT_Z or (one[word] > other[word] == 0 and one[word] > 1):
            marked.append(word)
    return frozenset(marked)


def _counts(text: str) -> Counter[str]:
    return Counter(stem(word) for word in tokens(text) if word not in STOP_WORDS and len(word) > 1)


def contrast_block(order: Order) -> Iterator[Block]:
    """The block for the order's pair; nothing where one of the two has no act."""
    if order.contrast is None:
        return
    sides = [[a for a in order.catalogue.acts if order.target_of(a.place.key) == key] for key in order.contrast]
    words = [_counts(" ".join(act.body for act in acts)) for acts in sides]
    background = sum((_counts(order.catalogue.text_of(home)) for home in order.homes), Counter[str]())
    marks = [distinctive(words[0], words[1], background), distinctive(words[1], words[0], background)]
    rows: list[str] = []
    shown: list[Act] = []
    for kind, label in ROWS:
        left, right = (_of_kind(acts, kind) for acts in sides)
        for number, (a, b) in enumerate(zip_longest(left, right)):
            shown += [act for act in (a, b) if act is not None]
            rows.append(f"| {label if number == 0 else ''} | {_cell(a, marks[0])} | {_cell(b, marks[1])} |")
    citations = _citations(shown)
    if not all(sides) or len({citation.section for citation in citations}) < 2:
        return
    names = (escaped(order.name(order.catalogue.places[key].home)) for key in order.contrast)
    head = [f"|  | {' | '.join(names)} |", "| --- | --- | --- |"]
    yield Block("contrast", "\n".join([*head, *rows]), citations[0], citations, shown[0].rule.unit_hash)


def _of_kind(acts: Sequence[Act], kind: str) -> list[Act]:
    """Acts that can be cited, of one side; exceptions are a row of their own."""
    if kind == "exception":
        found = [act for act in acts if act.rule.role == "exception"]
    else:
        found = [act for act in acts if act.rule.polarity == kind and act.rule.role not in {"exception", "qualifier"}]
    return [act for act in found if act.cite() is not None][:MOST_ROWS]


def _citations(acts: Sequence[Act]) -> tuple[Citation, ...]:
    found = (act.cite() for act in acts)
    return tuple(dict.fromkeys(citation for citation in found if citation is not None))


def _cell(act: Act | None, marked: frozenset[str]) -> str:
    """An act's words with the distinctive ones in bold."""
    if act is None:
        return ""
    pieces = re.split(r"([^\W_]+)", plain(act.body))
    bold = (f"**{piece}**" if stem(piece.casefold()) in marked else escaped_inside(piece) for piece in pieces)
    return "".join(bold)
