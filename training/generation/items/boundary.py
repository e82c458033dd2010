"""Boundary: which of these is a violation, or is none? A warm-up for two lists of one topic; tone gives it away."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from training.generation import flags
from training.generation.catalogue import Act
from training.generation.categories import Choice, choices, topic_of, without_side
from training.generation.distractors import LENGTH_RATIO, Candidate, chosen
from training.generation.giving_away import overlap
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.telling import told
from training.generation.wording import jaccard, roots, tokens

KIND = "boundary"
#: Three words or more in quotation marks are somebody's words, and not what is done.
_QUOTES = re.compile(r"[\"“‘](?:[^\"”’ ]+ ){2,}[^\"”’]+[\"”’]")
#: Two lists without a shared topic (virtues beside vices) make no boundary.
LEAST_SHARED_ROOTS = 2
#: A root in so large a share of a home's acts is what all of them are about.
COMMON_SHARE = 1 / 3
#: An act so like one of the other side cannot be told from it without more of the case.
TOO_LIKE = 0.6
#: A heading of so many words says by itself what stands under it.
TELLING_WORDS = 5
TOLD = {"permitted": "The policy allows it", "prohibited": "The policy forbids it"}


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every act of a topic that the policy both allows and forbids something of.

    What is forbidden is asked for only where a category lists both sides: in one long list its tone stands out too far.
    """
    known = {source.slug: choices(order, source.slug) for source in order.catalogue.sources}
    for act, target in order.acts():
        text = _sayable(act)
        if text is not None:
            draft = _draft(order, act, text, target, known[act.place.source.slug])
            if draft is not None:
                yield draft


def _sayable(act: Act) -> str | None:
    """The act's words where they can stand among others.

    Half of a lead-in cannot, nor what somebody says in quotation marks, an exception of an exception, or a limit.
    """
    text, rules, parent = told(act), act.place.section.rules, act.rule.parent
    if text is None or "…" in text or _QUOTES.search(text):
        return None
    is_nested = parent is not None and rules[parent].polarity in TOLD and rules[parent].polarity != act.rule.polarity
    is_limit = act.rule.polarity == "permitted" and "only" in tokens(text)
    return None if is_nested or is_limit else text


def _against(order: Order, act: Act, homes: Sequence[str]) -> list[tuple[Act, str]]:
    """The acts of the other side in the same homes."""
    found = []
    for other in (other for home in homes for other in order.catalogue.acts_at(home)):
        if other.rule.polarity != act.rule.polarity:
            text = _sayable(other)
            if text is not None:
                found.append((other, text))
    return found


def _draft(order: Order, act: Act, text: str, target: str, known: Sequence[Choice]) -> Draft | None:
    home, catalogue, citation = act.place.home, order.catalogue, act.cite()
    own = next((one for one in known if one.home == home and act in one.acts), None)
    beside = flags.twin(own, known) if own is not None else None
    homes = [home] if beside is None else list(dict.fromkeys((home, beside.home)))
    against = _against(order, act, homes)
    said = roots(text) & frozenset().union(*(roots(other) for _, other in against))
    is_loose = beside is not None and act.rule.polarity == "permitted"
    is_lone = act.rule.polarity == "prohibited" and (beside is None or beside.home == home)
    if citation is None or is_lone or (not is_loose and len(said) < LEAST_SHARED_ROOTS):
        return None
    held = Counter(root for one in homes for other in catalogue.acts_at(one) for root in other.roots)
    number = sum(len(catalogue.acts_at(one)) for one in homes)
    common = {root for root, times in held.items() if times > COMMON_SHARE * number}
    candidates = [
        Candidate(other, jaccard(roots(other), roots(text)) + 0.01, handle)
        for handle, (_, other) in enumerate(against)
        if overlap(roots(other), roots(text)) < TOO_LIKE
        and (is_loose or (roots(other) & roots(text)) - common)
        and 1 / LENGTH_RATIO <= len(other) / len(text) <= LENGTH_RATIO
    ]
    stem = _stem(order, act, beside is not None)
    wrong = chosen(text, candidates, stem, *order.parts(act.place, act.rule.unit_hash, KIND))
    options = [_option(*against[candidate.handle]) for candidate in wrong]
    sure = tuple(option for option in options if option is not None)
    if not wrong or len(sure) < len(wrong):
        return None
    right = DraftOption(text, f"{TOLD[act.rule.polarity]}: {shortened(act.rule.text)}", citation)
    return Draft(KIND, stem, right, sure, citation, act.rule.unit_hash, order.skill(target))


def _stem(order: Order, act: Act, is_flag: bool) -> str:
    """Asked by the heading of its list where that says what it holds, else as a violation or none."""
    title, heading = act.place.source.title, act.place.section.title.rstrip(" :")
    if len(tokens(heading)) >= TELLING_WORDS and not is_flag:
        return f"Which of these does “{title}” list under “{heading}”?"
    home, asked = act.place.home, "is" if act.rule.polarity == "prohibited" else "is not"
    name = without_side(order.name(home))
    about = f"“{title}”" if home == act.place.source.slug or not topic_of(name) else f"“{name}” in “{title}”"
    return f"Which of these {asked} a violation of {about}?"


def _option(act: Act, text: str) -> DraftOption | None:
    citation = act.cite()
    if citation is None:
        return None
    return DraftOption(text, f"{TOLD[act.rule.polarity]}: {shortened(act.rule.text)}", citation)
