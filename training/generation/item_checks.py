"""What is checked of one item: its source, its one key, its surface, and that it can be read alone."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from training.generation.catalogue import Catalogue
from training.generation.citing import Texts, provenance
from training.generation.items.threshold import GAP
from training.generation.material import Item
from training.generation.quantities import find
from training.generation.wording import flaws, jaccard, key_of, roots, stands_alone, tokens

MOST_STEM_WORDS, MOST_OPTION_WORDS, LENGTH_RATIO = 60, 40, 1.6
OPTIONS = range(3, 5)
#: An option so like a true statement is a second key.
TOO_LIKE = 0.8
#: Kinds whose options are clauses; all others have names, codes, actions or numbers, whose length is given.
CLAUSE_KINDS = frozenset({"boundary", "carve_out", "clause", "difference", "statement", "unless"})
#: Kinds whose options are sections, which must not stand over, under or for one another.
SECTION_KINDS = frozenset({"conduct", "where", "case", "clause"})
_QUOTED = re.compile(r"“([^“”]*)”")
_CODE = re.compile(r"^[A-Z]{1,6}-?\d*[.\-]?\w*")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What items are checked against: the texts of the policies, and their catalogue."""

    texts: Texts
    catalogue: Catalogue


def question(item: Item) -> str:
    """The stem without the case's own words, which are evidence and stay as they came."""
    return item.stem.replace(item.case_text, "“ ”") if item.case_text else item.stem


def check_provenance(item: Item, grounds: Grounds) -> str | None:
    """The item and each of its options stand in the policy."""
    for citation in (item.citation, *(option.citation for option in item.options)):
        wrong = provenance(citation, grounds.texts)
        if wrong is not None:
            return wrong
    return None


def check_one_key(item: Item, grounds: Grounds) -> str | None:
    """Three or four options, all different, one of them right, and no other right as well."""
    texts = [key_of(option.text) for option in item.options]
    ids = [option.id for option in item.options]
    if len(ids) not in OPTIONS or len(set(texts)) < len(texts) or len(set(ids)) < len(ids):
        return "options are not three or four different ones"
    if len(item.key) != 1 or item.key[0] not in ids:
        return "there is not exactly one key"
    return _competing(item, grounds) or _also_true(item, grounds)


def _competing(item: Item, grounds: Grounds) -> str | None:
    """A section over, under or linked to the right one must not compete (but where a pair is taught)."""
    if item.kind not in SECTION_KINDS or item.skill.kind == "action":
        return None
    places, catalogue = grounds.catalogue.places, grounds.catalogue
    right = next(option for option in item.options if option.id in item.key)
    for option in item.options:
        here, there = right.citation.section, option.citation.section
        if option is right or here == there or here not in places or there not in places:
            continue
        home, other = places[here].home, places[there].home
        if home != other and (catalogue.covers(home, other) or catalogue.covers(other, home)):
            return f"{other!r} and {home!r} stand one over the other"
        if item.kind == "conduct" and item.skill.kind != "pair" and catalogue.linked(home, other):
            return f"{other!r} and {home!r} are linked"
    return None


def _also_true(item: Item, grounds: Grounds) -> str | None:
    """No wrong clause equals or nearly equals a rule of the side that is asked for, where it is asked for."""
    places = grounds.catalogue.places
    if item.kind not in {"boundary", "carve_out", "clause", "difference"} or item.citation.section not in places:
        return None
    home = places[item.citation.section].home
    if item.kind == "boundary":
        own = {a.rule.polarity for a in grounds.catalogue.acts if a.rule.unit_hash == item.unit_hash}
        slug = places[item.citation.section].source.slug
        acts = [a for a in grounds.catalogue.acts if a.rule.polarity in own and a.place.source.slug == slug]
    else:
        acts = list(grounds.catalogue.acts_at(home))
    for option in item.options:
        if option.id not in item.key and any(jaccard(roots(option.text), a.roots) >= TOO_LIKE for a in acts):
            return f"option {option.id} is a true statement too"
    return None


def check_surface(item: Item, grounds: Grounds) -> str | None:
    """No doubled word, waiting preposition, lone quotation mark, markup, or unlike ends and numbers."""
    for text in (question(item), *(option.text for option in item.options)):
        found = flaws(text.replace(GAP, "so many"))
        if found:
            return f"{found[0]}: {text[:60]}"
    if len({option.text.endswith(".") for option in item.options}) > 1:
        return "options end in different marks"
    return None


def check_option_types(item: Item, grounds: Grounds) -> str | None:
    """Codes beside codes, numbers beside numbers, written alike."""
    texts = [option.text for option in item.options]
    if item.kind == "threshold":
        units = {bool(find(text)) for text in texts}
        if len(units) > 1 or not all(text[0].isdigit() for text in texts):
            return "options are not all numbers of one type in digits"
    if item.kind == "coded_example" and not all(_CODE.match(text) for text in texts):
        return "options are not all codes"
    return None


def check_self_contained(item: Item, grounds: Grounds) -> str | None:
    """Nothing points at words that are not there; nothing is too long; clauses are of like length."""
    asked = question(item)
    inner = _QUOTED.findall(asked)
    if inner and item.kind != "coded_example" and not stands_alone(inner[-1].lstrip("… ")):
        return "it points at something that is not in it"
    lengths = [len(option.text) for option in item.options]
    if len(tokens(asked)) > MOST_STEM_WORDS:
        return "the stem is too long"
    if any(len(tokens(option.text)) > MOST_OPTION_WORDS for option in item.options):
        return "an option is too long"
    if item.kind in CLAUSE_KINDS and max(lengths) > LENGTH_RATIO * min(lengths):
        return "the options' lengths differ too much"
    return None


CHECKS: Mapping[str, Callable[[Item, Grounds], str | None]] = {
    "provenance": check_provenance,
    "one_key": check_one_key,
    "surface": check_surface,
    "option_types": check_option_types,
    "self_contained": check_self_contained,
}


def verdicts(item: Item, grounds: Grounds) -> dict[str, str | None]:
    """What each check has against *item*; None where it passes."""
    return {name: check(item, grounds) for name, check in CHECKS.items()}
