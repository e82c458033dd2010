"""Boundary: which of these is a violation, or is none? A warm-up for two lists of one topic; tone gives it away."""

from collections import Counter
from collections.abc import Iterator

from training.generation.catalogue import Act
from training.generation.distractors import LENGTH_RATIO, Candidate, chosen
from training.generation.giving_away import overlap
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.telling import told
from training.generation.wording import jaccard, roots, tokens

KIND = "boundary"
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
    """An item for every act of a topic that the policy both allows and forbids something of."""
    for act, target in order.acts():
        text = told(act)
        if text is not None:
            draft = _draft(order, act, text, target)
            if draft is not None:
                yield draft


def _against(order: Order, act: Act) -> list[tuple[Act, str]]:
    """The acts of the other side in the same home."""
    found = []
    for other in order.catalogue.acts_at(act.place.home):
        if other.rule.polarity != act.rule.polarity:
            text = told(other)
            if text is not None:
                found.append((other, text))
    return found


def _draft(order: Order, act: Act, text: str, target: str) -> Draft | None:
    against = _against(order, act)
    shared = roots(text) & frozenset().union(*(roots(other) for _, other in against))
    citation = act.cite()
    if citation is None or len(shared) < LEAST_SHARED_ROOTS:
        return None
    stem = _stem(order, act)
    held = Counter(root for other in order.catalogue.acts_at(act.place.home) for root in other.roots)
    common = {
        root for root, times in held.items() if times > COMMON_SHARE * len(order.catalogue.acts_at(act.place.home))
    }
    candidates = [
        Candidate(other, jaccard(roots(other), roots(text)) + 0.01, handle)
        for handle, (_, other) in enumerate(against)
        if overlap(roots(other), roots(text)) < TOO_LIKE
        and (roots(other) & roots(text)) - common
        and LENGTH_RATIO**-0.5 <= len(other) / len(text) <= LENGTH_RATIO**0.5
    ]
    wrong = chosen(text, candidates, stem, *order.parts(act.place, act.rule.unit_hash, KIND))
    options = [_option(*against[candidate.handle]) for candidate in wrong]
    sure = tuple(option for option in options if option is not None)
    if not wrong or len(sure) < len(wrong):
        return None
    right = DraftOption(text, f"{TOLD[act.rule.polarity]}: {shortened(act.rule.text)}", citation)
    return Draft(KIND, stem, right, sure, citation, act.rule.unit_hash, order.skill(target))


def _stem(order: Order, act: Act) -> str:
    """Asked by the heading of its list where that says what it holds, else as a violation or none."""
    title, heading = act.place.source.title, act.place.section.title.rstrip(" :")
    if len(tokens(heading)) >= TELLING_WORDS:
        return f"Which of these does “{title}” list under “{heading}”?"
    home, asked = act.place.home, "is" if act.rule.polarity == "prohibited" else "is not"
    about = f"“{title}”" if home == act.place.source.slug else f"“{order.name(home)}” in “{title}”"
    return f"Which of these {asked} a violation of {about}?"


def _option(act: Act, text: str) -> DraftOption | None:
    citation = act.cite()
    if citation is None:
        return None
    return DraftOption(text, f"{TOLD[act.rule.polarity]}: {shortened(act.rule.text)}", citation)
