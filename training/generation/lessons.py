"""Lessons: why one reads this, the sections word for word, the ladder, examples, and two sections side by side."""

from collections.abc import Iterator, Sequence

from training.generation import choice
from training.generation.catalogue import Act, Place
from training.generation.citing import cite
from training.generation.contrast import contrast_block
from training.generation.items.case import asked_home, home_of, target_of
from training.generation.items.coded_example import named
from training.generation.items.definition import is_definition
from training.generation.items.ladder import Rung, ladders
from training.generation.material import NO_VIOLATION, Block, CaseExample, Citation, Lesson
from training.generation.order import Order
from training.generation.showing import passages
from training.generation.wording import escaped, plain, roots, without_stop

MOST_OWN_CASES, MOST_WORKED, MOST_EXAMPLES, MOST_DEFINITIONS = 5, 2, 3, 5
#: Cases of others become worked examples only where so many are left for the quiz.
WORKED_FROM = 8


def worked(order: Order) -> frozenset[str]:
    """Cases of others that the lesson works through: decided wrong by somebody, two for each target."""
    by_target: dict[str, list[CaseExample]] = {}
    for case in order.cases:
        target = target_of(order, case)
        if target is not None and not case.mine:
            by_target.setdefault(target, []).append(case)
    kept: list[str] = []
    for target, cases in sorted(by_target.items()):
        wrong = [case for case in cases if case.decided_section != case.section and case.decided_section]
        if len(cases) >= WORKED_FROM:
            ranked = sorted(wrong, key=lambda case: choice.number(case.ref, target, order.seed, "worked"))
            kept += [case.ref for case in ranked[:MOST_WORKED]]
    return frozenset(kept)


def lessons(order: Order) -> tuple[Lesson, ...]:
    """A lesson for the contrast, and one for each target that has words."""
    targets = order.aimed or tuple(dict.fromkeys(place.home for place in order.catalogue.places.values()))
    made = [_lesson(order, target) for target in targets]
    return tuple(lesson for lesson in made if lesson is not None)


def _lesson(order: Order, target: str) -> Lesson | None:
    places = [p for p in order.catalogue.places.values() if order.target_of(p.key) == target]
    blocks = [*_own_cases(order, target), *_definitions(order, places), *_quotes(places)]
    if order.contrast is not None and target == order.contrast[1]:
        blocks += contrast_block(order)
    blocks += [*_ladders(order, target), *_worked(order, target)]
    if not any(block.kind == "example" for block in blocks):
        blocks += _examples(order, places)
    if not blocks:
        return None
    return Lesson(choice.short_id("lesson", target, order.seed), _title(order, target), tuple(blocks))


def _title(order: Order, target: str) -> str:
    place = order.catalogue.places.get(target)
    if place is not None:
        return order.name(place.home)
    return next(source.title for source in order.catalogue.sources if source.slug == target)


def _block(kind: str, markdown: str, citation: Citation, unit: str, case: str | None = None) -> Block:
    return Block(kind, markdown, citation, (citation,), unit, case)


def _own_cases(order: Order, target: str) -> Iterator[Block]:
    """“Why you got this”: the learner's own cases, what was decided, what stands, and the clause."""
    own = [case for case in order.cases if case.mine and target_of(order, case) == target]
    for case in own[:MOST_OWN_CASES]:
        block = _case_block(order, case, "why")
        if block is not None:
            yield block


def _worked(order: Order, target: str) -> Iterator[Block]:
    for case in order.cases:
        if case.ref in order.worked and target_of(order, case) == target:
            block = _case_block(order, case, "example")
            if block is not None:
                yield block


def _case_block(order: Order, case: CaseExample, kind: str) -> Block | None:
    home = asked_home(order, case)
    side = "permitted" if case.verdict == NO_VIOLATION else "prohibited"
    clause = (order.clause(home, case.text, side) or order.clause(home, case.text)) if home is not None else None
    if clause is None or home is None:
        return None
    citation, words = clause
    place = order.catalogue.places[citation.section]
    lines = [
        f"> {escaped(case.text)}",
        "",
        f"Decided: {_decision(order, case.decided_section, case.decided_action)}. "
        f"Settled: {_decision(order, case.section if case.verdict != NO_VIOLATION else None, case.action)}.",
        "",
        f"The clause: “{escaped(words)}”",
    ]
    if case.reason and plain(case.reason):
        lines += ["", f"Why: {escaped(case.reason)}"]
    return _block(kind, "\n".join(lines), citation, place.section.text_hash, case.ref)


def _decision(order: Order, section: str | None, action: str | None) -> str:
    home = home_of(order, section)
    verdict = escaped(order.name(home)) if home is not None else "no violation" if section is None else escaped(section)
    label = next((known.label for known in order.actions if known.key == action), None)
    return f"{verdict}, {escaped(label)}" if label else verdict


def _definitions(order: Order, places: Sequence[Place]) -> Iterator[Block]:
    """Terms that the sections use and another section of the policy defines."""
    keys = {place.key for place in places}
    used = frozenset().union(*(roots(place.section.text) for place in places))
    sources = {place.source.slug for place in places}
    terms = [a for a in order.catalogue.acts if is_definition(a) and a.place.source.slug in sources]
    wanted = [a for a in terms if a.place.key not in keys and roots(a.label) and roots(a.label) <= used]
    for act in wanted[:MOST_DEFINITIONS]:
        citation = act.cite()
        if citation is not None:
            yield _block("definition", f"**{escaped(act.label)}**: {escaped(act.body)}", citation, act.rule.unit_hash)


def _quotes(places: Sequence[Place]) -> Iterator[Block]:
    """The sections, word for word."""
    for place in places:
        for passage in passages(place):
            citation = cite(place.source, place.key, passage.line_from, passage.line_to, passage.words)
            if citation is not None:
                yield _block("quote", passage.markdown, citation, place.section.text_hash)


def _ladders(order: Order, target: str) -> Iterator[Block]:
    for rungs in ladders(order):
        own = [rung for rung in rungs if order.target_of(rung.place.key) == target]
        if own:
            first = own[0]
            citations = tuple(dict.fromkeys(rung.citation for rung in own))
            yield Block("ladder", _table(own), first.citation, citations, first.unit)


def _table(rungs: Sequence[Rung]) -> str:
    rows = [f"| {escaped(rung.situation)} | {escaped(without_stop(rung.name))} |" for rung in rungs]
    return "\n".join(["| Situation | Step |", "| --- | --- |", *rows])


def _examples(order: Order, places: Sequence[Place]) -> Iterator[Block]:
    """Where no case is at hand: the policy's own examples, with their code."""
    keys = {place.key for place in places}
    coded: list[Act] = [a for a in order.catalogue.acts if a.place.key in keys and a.rule.code and a.rule.examples]
    for act in coded[:MOST_EXAMPLES]:
        citation = act.cite()
        if citation is not None:
            words = f"“{escaped(act.rule.examples[0])}” is {escaped(named(act))}"
            yield _block("example", words, citation, act.rule.unit_hash)
