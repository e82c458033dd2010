"""Case to section, then action: a settled case, as it came, and the decision that stands."""

from collections import Counter
from collections.abc import Iterator

from training.generation import choice
from training.generation.distractors import Candidate, chosen
from training.generation.material import (
    NO_VIOLATION,
    VIOLATES,
    ActionLabel,
    CaseExample,
    Citation,
    Draft,
    DraftOption,
)
from training.generation.order import Order, shortened
from training.generation.skills import SkillKey
from training.generation.wording import plain, quoted, roots, tokens

KIND = "case"
LEAST_WORDS, MOST_WORDS = 3, 150
#: A bank holds so many cases of one target; more would only be read by nobody.
MOST_PER_TARGET = 24
#: Cases without a violation: a quarter, as chance has it among four options, so that "no violation" is no good guess.
HARMLESS_SHARE = 1 / 3
LEAST_HARMLESS = 3
NOTHING = "No violation"
ASKED_SECTION = "Which section does this case fall under?"
ASKED_ACTION = "Which action does this case call for?"


def drafts(order: Order) -> Iterator[Draft]:
    """For every case in point the question for its section, and where its action is known, for that."""
    for case, target in in_point(order):
        text = plain(case.text)
        draft = _section(order, case, text, target)
        if draft is not None:
            yield draft
            action = _action(order, case, text, target)
            if action is not None:
                yield action


def in_point(order: Order) -> Iterator[tuple[CaseExample, str]]:
    """Cases of others that may be asked about, with their target: as many as a bank holds, in an order of its own."""
    held: dict[str, int] = {}
    harmless: dict[str, int] = {}
    for case in sorted(order.cases, key=lambda c: choice.number(c.ref, order.seed)):
        target = target_of(order, case)
        usable = not case.mine and case.ref not in order.worked and LEAST_WORDS <= len(tokens(case.text)) <= MOST_WORDS
        if target is None or not usable or held.get(target, 0) >= MOST_PER_TARGET:
            continue
        if case.verdict == NO_VIOLATION:
            limit = max(LEAST_HARMLESS, round(HARMLESS_SHARE * (held.get(target, 0) - harmless.get(target, 0))))
            if harmless.get(target, 0) >= limit:
                continue
            harmless[target] = harmless.get(target, 0) + 1
        held[target] = held.get(target, 0) + 1
        yield case, target


def target_of(order: Order, case: CaseExample) -> str | None:
    """The targeted section that a case is about: that of the truth, else the one that the agent decided."""
    for key in (case.section, case.decided_section):
        if key is not None and key in order.catalogue.places:
            target = order.target_of(key)
            if target is not None:
                return target
    return None


def home_of(order: Order, key: str | None) -> str | None:
    """The home of a section key, None where the policies at hand do not have it."""
    place = order.catalogue.places.get(key or "")
    return place.home if place is not None else None


def asked_home(order: Order, case: CaseExample) -> str | None:
    """The home whose clauses explain the case: the truth's; without a violation that in question, or the nearest."""
    home = home_of(order, case.section) or home_of(order, case.decided_section)
    if home is None and case.verdict == NO_VIOLATION:
        near = order.nearness(case.text)
        home = max(order.homes, key=lambda key: near[key])
    return home


def _rivals(order: Order, case: CaseExample, text: str, home: str) -> list[Candidate]:
    """The agent's wrong decision, what the team confuses it with, and the nearest homes."""
    catalogue, near = order.catalogue, order.nearness(text)
    truth = home if case.verdict == VIOLATES else None
    decided = home_of(order, case.decided_section)
    most = max(order.confusions.values(), default=1)
    found = []
    for handle, other in enumerate(order.homes):
        is_decided = other == decided
        if other == truth or not any(a.rule.polarity != "neither" for a in catalogue.acts_at(other)):
            continue
        if truth is not None and (catalogue.covers(truth, other) or catalogue.covers(other, truth)):
            continue
        if truth is not None and not is_decided and catalogue.related(truth, other):
            continue
        confused = sum(
            count for (wrong, right), count in order.confusions.items()
            if home_of(order, wrong) == other and home_of(order, right) == truth
        )  # fmt: skip
        found.append(Candidate(order.name(other), near[other] + confused / most + 0.01, handle, wanted=is_decided))
    if truth is not None:
        found.append(Candidate(NOTHING, 1.0, -1, wanted=True))
    return found


def _section(order: Order, case: CaseExample, text: str, target: str) -> Draft | None:
    home = asked_home(order, case)
    if home is None or (case.verdict == VIOLATES and home_of(order, case.section) is None):
        return None
    right = order.name(home) if case.verdict == VIOLATES else NOTHING
    side = "prohibited" if case.verdict == VIOLATES else "permitted"
    clause = order.clause(home, text, side) or order.clause(home, text)
    stem = f"Case: {quoted(text)} {ASKED_SECTION}"
    candidates = _rivals(order, case, text, home)
    wrong = chosen(right, candidates, stem, case.ref, *order.parts(order.catalogue.places[home], case.ref, KIND))
    if clause is None or not wrong:
        return None
    citation, words = clause
    if case.verdict == VIOLATES:
        told = f"It falls under “{right}”: {shortened(words)}"
    else:
        told = f"It was settled as no violation. The nearest clause: {shortened(words)}"
    options = [_option(order, candidate, text, clause) for candidate in wrong]
    keys = [order.homes[candidate.handle] for candidate in wrong if candidate.handle >= 0]
    return Draft(
        KIND,
        stem,
        DraftOption(right, told, citation),
        tuple(option for option in options if option is not None),
        citation,
        order.catalogue.places[home].section.text_hash,
        order.skill(target, keys),
        case=case.ref,
        case_text=quoted(text),
        critical=case.critical,
    )


def _option(order: Order, wrong: Candidate, text: str, own: tuple[Citation, str]) -> DraftOption | None:
    if wrong.handle < 0:
        return DraftOption(NOTHING, f"The policy does forbid it: {shortened(own[1])}", own[0])
    clause = order.clause(order.homes[wrong.handle], text)
    if clause is None:
        return None
    return DraftOption(wrong.text, f"“{wrong.text}” is about something else: {shortened(clause[1])}", clause[0])


def _action(order: Order, case: CaseExample, text: str, target: str) -> Draft | None:
    """The second step; only where something was violated and the team's list knows the action."""
    right = next((action for action in order.actions if action.key == case.action), None)
    home = home_of(order, case.section)
    if right is None or home is None or case.verdict != VIOLATES:
        return None
    stem = f"Case: {quoted(text)} {ASKED_ACTION}"
    usual = _usual_actions(order, home)
    candidates = [
        Candidate(action.label, usual[action.key] / (1 + sum(usual.values())) + 0.01, handle,
                  wanted=action.key == case.decided_action)
        for handle, action in enumerate(order.actions)
        if action.key != right.key and action.means != NO_VIOLATION
    ]  # fmt: skip
    parts = order.parts(order.catalogue.places[home], case.ref, KIND, 1)
    wrong = chosen(right.label, choice.shuffled(candidates, *parts), stem, *parts)
    clause = _action_clause(order, home, right, text)
    options = [_action_option(order, home, order.actions[c.handle], right, text) for c in wrong]
    if clause is None or not wrong:
        return None
    return Draft(
        KIND,
        stem,
        DraftOption(right.label, f"That is the settled action{_means(right)}. {shortened(clause[1])}", clause[0]),
        tuple(option for option in options if option is not None),
        clause[0],
        order.catalogue.places[home].section.text_hash,
        SkillKey("action", target),
        case=case.ref,
        case_text=quoted(text),
        critical=case.critical,
    )


def _usual_actions(order: Order, home: str) -> Counter[str]:
    """How often each action was decided or settled in cases of *home*: the ones that can be mistaken for each other."""
    counts: Counter[str] = Counter()
    for case in order.cases:
        if case.verdict == VIOLATES and home in (home_of(order, case.section), home_of(order, case.decided_section)):
            counts.update(key for key in (case.action, case.decided_action) if key is not None)
    return counts


def _means(action: ActionLabel) -> str:
    """What the action is, in brackets; a bare verdict says nothing here."""
    told = action.means.strip().rstrip(".")
    return f" ({told})" if told and told not in {VIOLATES, NO_VIOLATION} else ""


def _action_clause(order: Order, home: str, action: ActionLabel, text: str) -> tuple[Citation, str] | None:
    """The sentence of the home, or of its policy, that names the action; else the clause that was violated."""
    wanted = roots(action.label)
    source = order.catalogue.places[home].source
    places = [p for p in order.catalogue.places.values() if p.source is source]
    for place in sorted(places, key=lambda p: (p.home != home, p.section.line_from)):
        for statement in order.statements(place):
            citation = statement.cite() if wanted and wanted <= roots(statement.text) else None
            if citation is not None:
                return citation, statement.text
    return order.clause(home, text, "prohibited") or order.clause(home, text)


def _action_option(order: Order, home: str, action: ActionLabel, right: ActionLabel, text: str) -> DraftOption | None:
    clause = _action_clause(order, home, action, text)
    if clause is None:
        return None
    told = f"“{action.label}”{_means(action)} was not what was settled; it was “{right.label}”. {shortened(clause[1])}"
    return DraftOption(action.label, told, clause[0])
