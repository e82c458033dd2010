"""Naming: what an item of a list describes, and the question by which of the list's names the policy knows it.

Grammar: a list of at least three items, each a name of a few words, a sign, and a description. The list is one of what
is prohibited, or says by its heading or lead-in that its items are terms, types, levels, values or roles.
Wrong answers are the other names of the list.

Refused: names that are whole sentences, orders, bans or mere qualities (“harmful”, “illegal”, which go together);
descriptions that order or ban, or that cannot be read alone; a description that has a word of its own name; two names
of which one is in the other, and two descriptions that share much of what they say.
"""

import re
from collections.abc import Iterator, Sequence

from training.generation.catalogue import Act
from training.generation.distractors import Candidate, chosen
from training.generation.giving_away import gives_away, overlap, same
from training.generation.glosses import beside
from training.generation.items.definition import is_definition
from training.generation.material import Draft, DraftOption
from training.generation.order import Order, shortened
from training.generation.wording import flaws, jaccard, quoted, roots, stands_alone, tokens

KIND = "naming"
ASKED = "What does “{}” call this?"
LEAST_LISTED = 3
MOST_NAME_WORDS, LEAST_WORDS, MOST_WORDS = 5, 4, 40
#: Descriptions that share so much of their words could go by either name.
TOO_LIKE = 0.34
_OF_NAMES = re.compile(
    r"(?i)\b(?:terms?|terminology|glossary|types?|levels?|categor\w+|class(?:es)?|values?|status(?:es)?|roles?|tiers?|"
    r"kinds?|labels|decisions|outcomes|punishments|sanctions|measures|severity|priorit\w+|ratings?)\b"
)
#: An order, a ban or a question is no name; nor is what qualifies the rule over it.
_NO_NAME = re.compile(
    r"(?i)^(?:no|not|never|do|don['’]?t|does|be|keep|respect|treat|always|use|avoid|report|seek|contact|follow|"
    r"please|only|other|others|note|exceptions?|exclusions?|requirements?|examples?|is|are|if|when|what|how|why)\b|"
    r"[?!.]$|(?:ful|ive|ous|able|ible|gal)$"
)
#: “Infringing” is a quality of content, “phishing” the name of a deed.
_QUALITY = re.compile(r"(?i)ing$")
_OF_CONTENT = re.compile(r"(?i)^(?:any |all )?(?:contents?|materials?|posts?|items?|images?)\b")
_ORDERS = re.compile(
    r"(?i)^(?:do|don['’]?t|no|not|never|please|always|we|you|it|they|there|treat|respect|use|keep|be|only|see|if|"
    r"ensure|make|contact|report)\b|\b(?:must|should|shall)\b|@|https?:"
)


def drafts(order: Order) -> Iterator[Draft]:
    """An item for every description of a list that has at least two other names to offer."""
    for named in _lists(order):
        for act in named:
            target = order.target_of(act.place.key)
            draft = _draft(order, act, named, target) if target is not None else None
            if draft is not None:
                yield draft


def _lists(order: Order) -> Iterator[list[Act]]:
    found: dict[tuple[str, str], list[Act]] = {}
    for act in order.catalogue.acts:
        if act.rule.unit == "item" and act.rule.parent is None and not is_definition(act):
            found.setdefault((act.place.key, act.rule.lead_in), []).append(act)
    for (key, lead), acts in found.items():
        named = [act for act in acts if _has_name(act)]
        about = f"{order.catalogue.places[key].section.title} {lead}"
        banned = all(act.rule.polarity == "prohibited" for act in acts)
        if len(named) >= max(LEAST_LISTED, len(acts) - 1) and (banned or _OF_NAMES.search(about)):
            yield named


def _has_name(act: Act) -> bool:
    words = tokens(act.label)
    if _QUALITY.search(act.label) and _OF_CONTENT.match(act.body):
        return False
    return act.label != act.body and 0 < len(words) <= MOST_NAME_WORDS and not _NO_NAME.search(act.label)


def _is_askable(act: Act) -> bool:
    fits = LEAST_WORDS <= len(tokens(act.body)) <= MOST_WORDS and not act.rule.examples
    return fits and not _ORDERS.search(act.body) and stands_alone(act.body) and not flaws(act.body)


def _draft(order: Order, act: Act, named: Sequence[Act], target: str) -> Draft | None:
    citation = act.cite()
    if citation is None or not _is_askable(act) or same(roots(act.label), act.roots):
        return None
    source = act.place.source
    stem = f"{ASKED.format(source.title)} {quoted(act.body)}{beside(act.body, source)}"
    candidates = [
        Candidate(other.label, jaccard(other.roots, act.roots) + 0.01, handle)
        for handle, other in enumerate(named)
        if other is not act and _competes(other, act)
    ]
    wrong = chosen(act.label, candidates, stem, *order.parts(act.place, act.rule.unit_hash, KIND))
    options = [_option(named[one.handle]) for one in wrong]
    sure = tuple(option for option in options if option is not None)
    if not wrong or len(sure) < len(wrong) or gives_away(act.roots, act.label, [one.text for one in sure]):
        return None
    right = DraftOption(act.label, f"The policy says: {shortened(act.rule.text)}", citation)
    return Draft(KIND, stem, right, sure, citation, act.rule.unit_hash, order.skill(target))


def _competes(other: Act, act: Act) -> bool:
    names = roots(other.label), roots(act.label)
    apart = not names[0] <= names[1] and not names[1] <= names[0]
    return apart and not _ORDERS.search(other.body) and overlap(act.roots, roots(other.rule.text)) < TOO_LIKE


def _option(act: Act) -> DraftOption | None:
    citation = act.cite()
    if citation is None:
        return None
    return DraftOption(act.label, f"“{act.label}” is something else: {shortened(act.rule.text)}", citation)
