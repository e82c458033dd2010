"""Where a list item stands: its role, its side, and the side of what stands under it."""

import re
from dataclasses import dataclass
from typing import Literal

from qa.policytext import label_words, lexicon, list_words
from qa.policytext.contexts import Context
from qa.policytext.labels import after_label, quoted
from qa.policytext.polarity import (
    Lead,
    Polarity,
    flipped,
    fold,
    heading_side,
    lead_in,
    main_clause,
    stated_side,
    unnumbered,
)
from qa.policytext.sentences import sentences

Role = Literal["rule", "example", "facet", "qualifier", "exception", "element", "step", "definition"]

_EXCEPTING = re.compile(
    r"(?:except\b|unless\b|this (?:does not|doesn't) (?:include|apply|cover)|does not (?:include|apply|cover))"
)
#: A few words that name what the words after their colon speak of.
_NAMED = re.compile(r"[^:.!?]{3,60}: (?=\S)")
#: The box of a task list.
_BOX = re.compile(r"^\[[ xX]\]\s+")
#: Where a sentence goes on with a clause of its own.
_GOES_ON = re.compile(r"(?:;| [–—-]) (?:so |and |but )?(?=please |do not |don't |never )")
#: Roles of what was not read as a norm.
_NO_NORM = ("element", "step", "facet", "qualifier")
# An item is an example when quotes fill this part of it.
_QUOTED_SHARE = 0.6
# In a longer item what a second sentence says is one among other things.
_SHORT_WORDS = 24


@dataclass(frozen=True, slots=True)
class Place:
    """*side* is the item's own, *scope* that of the list under it, and *is_final* that a label settled both."""

    role: Role
    side: Polarity
    scope: Polarity
    is_final: bool = False


def put_on(found: Place, side: Polarity, text: str) -> Place:
    """*found* on another side, because somebody who knows says so; what stands under it follows.

    What was read as no norm becomes one on a side, and a rule without a word of command that is on neither is none. The
    list under an item that is judged for itself stays as it reads.

    >>> put_on(Place("rule", "prohibited", "prohibited"), "permitted", "Links")
    Place(role='rule', side='permitted', scope='permitted', is_final=True)
    """
    if side == found.side:
        return found
    role = found.role
    if side != "neither" and role in _NO_NORM:
        role = "rule"
    elif side == "neither" and role == "rule" and not lexicon.MODALITY.search(fold(text)):
        role = "element"
    scope = found.scope
    if scope == found.side or found.side == "neither":
        scope = side
    elif scope != "neither":
        scope = flipped(side)
    return Place(role, side, scope, is_final=True)


def place(text: str, label: str, *, depth: int, ordered: bool, above: Lead, context: Context) -> Place:
    """The place of an item at *depth* (1: outermost) by its label, the lead-in *above* and its section's *context*.

    The box of a task ("[ ]") is no word of it.
    """
    text = _BOX.sub("", text)
    if context.about == "definition":
        return Place("definition" if depth == 1 else "element", "neither", "neither")
    signed = _by_sign(text, context)
    if signed is not None:
        return Place("rule", signed, signed)
    labelled = _by_label(text, label, above.side, weighs=context.weighs)
    if labelled is not None:
        return labelled
    folded = fold(text)
    if above.side != "neither" and _EXCEPTING.match(folded):
        return Place("exception", flipped(above.side), flipped(above.side))
    if above.side != "neither" and _is_aside(folded, is_exception=above.role == "exception" or bool(context.about)):
        return Place("qualifier", "neither", "neither")
    side = above.side
    if side != "neither" and not above.words:
        is_remark = depth > 1 and lexicon.REMARK.match(main_clause(folded)) and not folded.endswith(":")
        if lexicon.CASE_REMARK.match(folded) or is_remark:
            return Place("element", "neither", "neither")
        if _contradicts(text, side):
            return Place("exception", flipped(side), flipped(side))
    if side == "prohibited" and context.speaks and not above.words and lexicon.ASKING.match(folded):
        return Place("element", "neither", "neither")
    is_able = context.about == "procedure" and list_words.ABLE.search(fold(above.words))
    if side == "permitted" and (is_able or _asks(text, label, is_led=bool(above.words))):
        return Place("element", "neither", "neither")
    if side == "permitted" and above.words and _contradicts(after_label(text, label), side):
        return Place("rule", "prohibited", "prohibited")
    if side == "neither" and list_words.OF_OTHERS.search(fold(above.words)):
        return Place("element", "neither", "neither")
    is_forborne = list_words.FORBORNE.match(folded) and list_words.OWED.search(fold(above.words))
    if is_forborne or (side == "permitted" and lexicon.FORBEARING.match(folded)):
        return Place("rule", "prohibited", "prohibited")
    side = _own_side(text, label, side, above=above, context=context)
    scope = side if above.side != "neither" or lead_in(text) else "neither"
    return Place(_role(text, label, depth=depth, ordered=ordered, above=above, context=context, side=side), side, scope)


def _own_side(text: str, label: str, side: Polarity, *, above: Lead, context: Context) -> Polarity:
    """The side of an item by its own words, where what stands above leaves it open."""
    folded = fold(text)
    if context.about == "opening" and (lexicon.BANNING.match(folded) or lexicon.FORBEARING.match(folded)):
        side = "prohibited"
    if side == "neither" and context.about not in ("procedure", "beside", "opening") and above.role != "element":
        is_set_off = _is_set_off(text, label)
        side = _said(text) or (_said_after(after_label(text, label)) if is_set_off else None) or "neither"
    if side == "neither" and context.about == "procedure" and lexicon.NAMING_BREACH.match(folded):
        side = "prohibited"
    if side == "neither" and context.about == "beside" and above.role != "element" and lexicon.FIRM.match(folded):
        side = "prohibited"
    return side


def _is_set_off(text: str, label: str) -> bool:
    """Whether a label names what is spoken of after it; one that asks for something stands for itself."""
    sign = text[len(label) :].lstrip()[:1] if label else ""
    return sign in (":", "–", "—", "-") or (
        sign == "."
        and (not lexicon.ASKING.match(fold(label)) or bool(lexicon.FORBEARING.match(fold(after_label(text, label)))))
    )


def _said(text: str) -> Polarity | None:
    """The side that the first sentence of an item puts what it speaks of on."""
    text = unnumbered(text)
    first, *others = [fold(text[start:end]) for start, end in sentences(text)] or [""]
    said = stated_side(first) or ("prohibited" if lexicon.BANNING.match(first) else None)
    after = _NAMED.match(first)
    if said is None and after and lexicon.FORBEARING.match(first, after.end()):
        return "prohibited"
    if said is None and any(lexicon.FORBEARING.match(first, clause.end()) for clause in _GOES_ON.finditer(first)):
        return "prohibited"
    is_short = len(others) == 1 and len(text.split()) <= _SHORT_WORDS and not (first + others[0]).endswith(("?", ":"))
    return "prohibited" if said is None and is_short and stated_side(others[0]) == "prohibited" else said


def _asks(text: str, label: str, *, is_led: bool) -> bool:
    """Whether an item of a list of what is let asks something of people; what no words lead to may be a duty, too."""
    if lexicon.OBLIGING.search(fold(after_label(text, label))):
        return True
    return not is_led and lexicon.OWING.match(fold(text)) is not None


def _contradicts(text: str, side: Polarity) -> bool:
    """Whether an item is a sentence that puts its subject, and not somebody's words, on the other side."""
    first = fold(next((text[start:end] for start, end in sentences(text)), ""))
    return first.endswith(".") and not lexicon.REPORTING.search(first) and stated_side(first) == flipped(side)


def _said_after(text: str) -> Polarity | None:
    """The side that the words after a label put it on; there a few words are a sentence too ("Be fair. No touts.")."""
    parts = [fold(text[start:end]) for start, end in sentences(text)]
    said = _said(text)
    is_short = len(parts) == 2 and len(text.split()) <= _SHORT_WORDS
    if said is None and is_short and lexicon.ASKING.match(parts[0]) and lexicon.BANNING.match(parts[1]):
        return "prohibited"
    return said


def _is_aside(folded: str, *, is_exception: bool) -> bool:
    """Whether an item of a list that is on a side says what comes of it, or what it takes, and names no conduct."""
    return bool(lexicon.ASIDE_ITEM.match(folded) or (is_exception and lexicon.FORMALITY.search(folded)))


def _by_sign(text: str, context: Context) -> Polarity | None:
    """The side that a cross or a tick in front of an item gives; ticks alone are a checklist."""
    if context.about == "procedure":
        return None
    if lexicon.BANNING_SIGN.match(text):
        return "prohibited"
    return "permitted" if context.contrasts and lexicon.PERMITTING_SIGN.match(text) else None


def _by_label(text: str, label: str, base: Polarity, *, weighs: bool) -> Place | None:
    """The place that a label gives; None when it is a name like any other.

    *weighs*: labels beside it order opposite things, so that what is ordered says the side.
    """
    folded = fold(label)
    if not folded:
        return None
    if label_words.OCCASION_LABEL.fullmatch(folded):
        return Place("element", "neither", "neither")
    if label_words.ORDER_LABEL.fullmatch(folded) and after_label(text, label) and not weighs:
        return Place("element" if base == "neither" else "rule", base, base)
    if label_words.EXCEPTION_LABEL.fullmatch(folded):
        return Place("exception", flipped(base), flipped(base), is_final=True)
    if label_words.QUALIFIER_LABEL.fullmatch(folded):
        return Place(
            "qualifier", "neither", flipped(base) if folded.startswith("exclusion") else "neither", is_final=True
        )
    side = heading_side(label)
    if side is not None and not (after_label(text, label) and lexicon.FORBEARING.match(folded)):
        scope = flipped(base) if side == "exception" else side
        if scope == "permitted" and _said(after_label(text, label)) == "prohibited":
            return Place("rule", "prohibited", "prohibited")
        if not after_label(text, label) and stated_side(text) == scope and not text.endswith(":"):
            return Place("rule", scope, scope)
        if not after_label(text, label):
            return Place("facet", "neither", scope, is_final=True)
        return Place("exception" if side == "exception" else "rule", scope, scope, is_final=True)
    if label_words.ACTION_LABEL.fullmatch(folded):
        return Place("qualifier", "neither", "neither")
    if label_words.EXAMPLE_LABEL.fullmatch(folded):
        return Place("example", base, base)
    return None


def _role(text: str, label: str, *, depth: int, ordered: bool, above: Lead, context: Context, side: Polarity) -> Role:
    if above.role == "exception" or (context.about == "exception" and depth == 1):
        return "exception"
    if above.role == "element" or (context.about == "element" and depth == 1):
        return "element"
    if sum(map(len, quoted(text, introduced=False))) >= _QUOTED_SHARE * len(text) and depth > 1:
        return "example"
    if depth > 1 and label and label_words.FACET_LABEL.fullmatch(fold(label)):
        return "facet"
    if side != "neither":
        return "rule"
    if depth == 1 and (ordered or (context.about == "procedure" and above.is_stepwise)):
        return "step"
    return "rule" if lexicon.MODALITY.search(fold(text)) else "element"
