"""Grade: how grave a policy holds something to be, by a column of its table or by the tier that lists it.

A table qualifies where a column that is no step (those are the ladder's) gives each row one of three or more short
values, some of them to several rows: severity, priority, risk. Tiers are sections of one level whose names differ in a
word of degree alone: minor, major and forbidden infractions. Not asked: a row or act that names a grade itself, that
another tier says nearly the same of, or that cannot be read alone.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from qa.policytext.blocks import Block
from qa.policytext.hashing import text_hash
from training.generation import choice
from training.generation.catalogue import Act, Catalogue, Place
from training.generation.citing import cite
from training.generation.distractors import Candidate, chosen
from training.generation.items.ladder import OUTCOME
from training.generation.material import Citation, Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.telling import told
from training.generation.wording import flaws, key_of, quoted, roots, stands_alone, tokens, without_stop

KIND = "grade"
#: So many grades, on so many rows; a grade is so short, a row's words so many.
LEAST_GRADES, LEAST_ROWS = 3, 4
MOST_GRADE_WORDS, MOST_HEAD_WORDS, LEAST_WORDS, MOST_WORDS = 3, 3, 3, 40
#: Words that say nothing but how grave something is, or the how-manieth.
_DEGREES = roots(
    "minor major severe serious critical low medium high moderate mild light grave forbidden extreme lower higher "
    "lowest highest intermediate standard urgent first second third fourth zero tolerance"
)
_LEVEL = re.compile(r"(?i)^(?:tier|level|class|category|grade|stage|priority|severity)\s+(?:\d+|[A-E]|[IVX]+)\b")


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every row of a graded table, and for every act that one of several tiers lists."""
    yield from _of_tables(order)
    for level in tiers(order.catalogue):
        yield from _of_tiers(order, level)


def _of_tables(order: Order) -> Iterator[Draft]:
    for place in order.catalogue.places.values():
        target = order.target_of(place.key)
        for block in place.section.blocks:
            column = graded_column(block) if block.kind == "table" and target is not None else None
            if column is not None and target is not None:
                for at in range(1, len(block.cells)):
                    draft = _of_row(order, place, block, at, column, target)
                    if draft is not None:
                        yield draft


def graded_column(block: Block) -> int | None:
    """The column of a table that grades its rows; None where there is none."""
    head, rows = block.cells[0], block.cells[1:]
    if len(rows) < LEAST_ROWS or any(len(row) != len(head) for row in rows):
        return None
    for column in range(len(head) - 1, 0, -1):
        values = Counter(key_of(row[column]) for row in rows)
        is_short = all(1 <= len(value.split()) <= MOST_GRADE_WORDS for value in values)
        is_name = 1 <= len(tokens(head[column])) <= MOST_HEAD_WORDS and not OUTCOME.search(head[column])
        if is_short and is_name and LEAST_GRADES <= len(values) < len(rows) and _are_degrees(values):
            return column
    return None


def _are_degrees(values: Counter[str]) -> bool:
    """Whether most of what a column holds are words of degree or levels."""
    named = [value for value in values if roots(value) & _DEGREES or _LEVEL.match(value)]
    return 2 * len(named) > len(values)


def _of_row(order: Order, place: Place, block: Block, at: int, column: int, target: str) -> Draft | None:
    head, row = block.cells[0], block.cells[at]
    text = without_stop(": ".join(cell for cell in row[:column] if cell))
    grades = list(dict.fromkeys(line[column] for line in block.cells[1:]))
    citation = _cite(place, block, at)
    known = len(tokens(text))
    if citation is None or not LEAST_WORDS <= known <= MOST_WORDS or flaws(text) or not stands_alone(text):
        return None
    if any(roots(grade) & roots(text) for grade in grades):
        return None
    stem = f"Which {head[column].lower()} does “{place.source.title}” give to this? {quoted(text)}"
    lines = [next(n for n in range(1, len(block.cells)) if block.cells[n][column] == grade) for grade in grades]
    rank = grades.index(row[column])
    candidates = [
        Candidate(grade, 1 / (1 + abs(rank - number)), number)
        for number, grade in enumerate(grades)
        if key_of(grade) != key_of(row[column])
    ]
    unit = text_hash(f"{text} {row[column]}")
    parts = order.parts(place, unit, KIND)
    wrong = chosen(row[column], choice.shuffled(candidates, *parts, "order"), stem, *parts)
    options = [(one.text, _cite(place, block, lines[one.handle])) for one in wrong]
    sure = tuple(
        DraftOption(grade, f"That is given to other things: {shortened(found.quote)}", found)
        for grade, found in options
        if found is not None
    )
    if not wrong or len(sure) < len(wrong):
        return None
    right = DraftOption(row[column], f"The policy says so: {shortened(citation.quote)}", citation)
    return Draft(KIND, stem, right, sure, citation, unit, order.skill(target))


def _cite(place: Place, block: Block, at: int) -> Citation | None:
    line = block.line_from + 1 + at
    return cite(place.source, place.key, line, line, " ".join(cell for cell in block.cells[at] if cell))


def tiers(catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    """Sections of one level whose names are the same but for a word of degree."""
    levels: dict[tuple[str, str | None], list[Place]] = {}
    for place in catalogue.places.values():
        if place.section.key:
            levels.setdefault((place.source.slug, place.parent), []).append(place)
    for places in levels.values():
        graded = [place for place in places if roots(place.name) & _DEGREES or _LEVEL.match(place.name)]
        bare = Counter(frozenset(roots(place.name) - _DEGREES) for place in graded)
        common, times = max(bare.items(), key=lambda one: (one[1], sorted(one[0])), default=(frozenset(), 0))
        if times >= LEAST_GRADES:
            yield tuple(place.key for place in graded if roots(place.name) - _DEGREES == common)


def _of_tiers(order: Order, level: Sequence[str]) -> Iterator[Draft]:
    catalogue = order.catalogue
    held = {key: [act for act in catalogue.acts if catalogue.covers(key, act.place.key)] for key in level}
    for act, target in order.acts():
        own = next((key for key in level if catalogue.covers(key, act.place.key)), None)
        text = told(act) if own is not None and act.rule.polarity == "prohibited" else None
        if own is not None and text is not None:
            draft = _of_act(order, act, text, own, held, target)
            if draft is not None:
                yield draft


def _of_act(order: Order, act: Act, text: str, own: str, held: dict[str, list[Act]], target: str) -> Draft | None:
    places, citation = order.catalogue.places, act.cite()
    others = [key for key in held if key != own]
    if citation is None or any(_says_too(act, one) for key in others for one in held[key]):
        return None
    if roots(text) & frozenset().union(*(roots(places[key].name) for key in held)):
        return None
    candidates = [Candidate(places[key].name, 1.0, number) for number, key in enumerate(others)]
    stem = f"How does “{act.place.source.title}” class this? {quoted(text)}"
    wrong = chosen(places[own].name, candidates, stem, *order.parts(act.place, act.rule.unit_hash, KIND))
    options = []
    for one in wrong:
        found = next((cited for other in held[others[one.handle]] if (cited := other.cite()) is not None), None)
        if found is not None:
            options.append(DraftOption(one.text, f"There stands, among others: {shortened(found.quote)}", found))
    if not wrong or len(options) < len(wrong):
        return None
    right = DraftOption(places[own].name, f"It is listed there: {shortened(act.rule.text)}", citation)
    return Draft(KIND, stem, right, tuple(options), citation, act.rule.unit_hash, order.skill(target))


def _says_too(act: Act, other: Act) -> bool:
    """Whether an act of another tier may be the same deed: then its degree is a matter of judgement."""
    common = act.roots & other.roots
    return len(common) >= 2 or bool(act.head and act.head == other.head)
