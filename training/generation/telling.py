"""Acts in words that stand alone: with the subject that their list lends them, and only where their side is sure."""

import re

from qa.policytext.polarity import heading_side
from qa.policytext.rules import Rule
from training.generation.catalogue import Act
from training.generation.wording import flaws, sentences, stands_alone, tokens

LEAST_WORDS, MOST_WORDS = 4, 40
#: Words of a lead-in, or of an item over others, that forbid what follows.
_FORBIDS = re.compile(
    r"(?i)\b(?:not|never|no|n['’]t|cannot|prohibit\w*|forbid\w*|forbidden|bann?(?:ed|s)?|avoid|refrain|violat\w*|"
    r"disallow\w*|unacceptable|remove[sd]?|reject\w*|against|without|offen[cs]es?|breach\w*|abus\w*)\b|n['’]t\b"
)
#: Verbs with which an item tells what to do.
_TASKS = frozenset({"use", "ensure", "make", "give", "contact", "take", "try", "ask", "show", "look", "let", "help"})
SIDES = ("prohibited", "permitted")
_ROLES = frozenset({"rule", "example", "exception"})
#: A parent or lead-in that ends so is one sentence with each of its items.
_WAITS = re.compile(
    r"(?i)\b(?:that|which|who|whose|is|are|be|to|by|if|when|where|of|for|with|in|on|about|a|an|the|before|"
    r"after|without|from|because|unless|until|not|or|and|you|users|members)\s*[:…–-]*\s*$"
)
#: A group with a name of its own holds acts that are whole; what stands under a mere sentence completes it.
_LABELLED = re.compile(r"^[^:]{3,80}:\s*\w")
#: What such a lead-in forbids or allows, without the words that say which.
_SUBJECT = re.compile(
    r"(?i)\b(?:(?:do not|don['’]t|does not|not|never)\s+(?:allow|permit|tolerate|accept)|allow|permit|"
    r"(?:may|must|can|will|should|shall)\s*not|cannot|can['’]t|do not|don['’]t|not (?:allowed|permitted) to|"
    r"prohibited from|refrain from)\s+(?P<subject>\S.*)$"
)
#: An item that begins with such a verb has its subject in the lead-in.
_NEEDS_SUBJECT = re.compile(
    r"(?i)^(?:otherwise|also|is|are|was|were|has|have|had|does|can|may|will|could|contains|includes|promotes|encourages|"
    r"depicts|violates|threatens|harass(?:es)?|targets|infringes|impersonates|relates|refers|claims|causes|appears|seems|"
    r"lacks|involves|describes|incites|glorif(?:y|ies)|facilitates|misleads|identif(?:y|ies)|others? )\b"
)
#: A ban in a list of bans would be forbidden twice: what it bans is told.
_BAN = re.compile(
    r"(?i)^(?:please\s+)?(?:do not|don['’]t|never|avoid|no|(?:you|users?|members?|we|nobody)\s+"
    r"(?:(?:may|must|can|should|will|shall)\s*(?:not|never)|cannot|can['’]t|do not|don['’]t)"
    r"(?:\s+(?:allow|permit|tolerate|accept))?)\s+(?P<act>\S.*)$"
)
#: "Members to press others" is no act.
_SOMEBODY = re.compile(r"(?i)^(?:\w+\s+){1,3}to\s")
_IS_BANNED = re.compile(
    r"(?i)^(?P<act>.+?)\s+(?:is|are)\s+(?:strictly\s+)?(?:prohibited|forbidden|banned|not (?:allowed|permitted))$"
)
_REFERS = re.compile(r"(?i)(?:[,;(]|\bplease|\balso)\s*see\b|https?://|\[")
#: Signs to weigh are no acts of their own.
_SIGNS = re.compile(r"(?i)\b(?:indicators?|signals?|signs|factors?|consider\w*|types?|topics?)\b")
_PERMITS = re.compile(
    r"(?i)\b(?:allow\w*|permit\w*|safe|acceptable|exclu\w+|except\w*|ok(?:ay)?|appropriate|may|welcome|fine|"
    r"non.?violat\w*|not (?:a )?violat\w*|not covered|does not (?:cover|include|apply)\w*)\b"
)
#: A duty, a wish or a standard is not "allowed".
_DUTY = re.compile(
    r"(?i)\b(?:must|should|shall|required?|requires|requirement|recommend\w*|expect\w*|ought|need to|responsib\w+|"
    r"encourag\w+ you|standards?|values|commit(?:ment|ted)?|pledge)\b"
)
_DUTY_VERB = re.compile(
    r"(?i)^(?:always|only|please|be|respect|follow|keep|treat|ensure|disclose|label|maintain|check|verify|complete|"
    r"submit|remember|consider|make sure|report|read|stay|credit|mark|tag|provide|obey|comply)\b"
)


def told(act: Act) -> str | None:
    """The act as one reads it away from its list; None where it has no clear side or cannot be read so.

    Three dots stand between the words of a lead-in and those of the item that completes it.
    """
    rule = act.rule
    if rule.role not in _ROLES or rule.polarity not in SIDES or (rule.code and rule.examples):
        return None
    above = _parent_of(act)
    if above is not None and above.parent is not None:
        return None
    if act.body == act.label or _SIGNS.search(rule.lead_in) or not _side_is_clear(act) or _is_lead_in(act):
        return None
    text = _whole(act)
    if text is None or not LEAST_WORDS <= len(tokens(text)) <= MOST_WORDS:
        return None
    return text if stands_alone(text) and not flaws(text) and not _REFERS.search(text) and " | " not in text else None


def _parent_of(act: Act) -> Rule | None:
    return act.place.section.rules[act.rule.parent] if act.rule.parent is not None else None


def _is_lead_in(act: Act) -> bool:
    """Whether the act's own text goes on in the items under it: “Send messages that:” is half a sentence."""
    text = act.rule.text.rstrip()
    holds = any(other.parent == act.index for other in act.place.section.rules)
    return (holds or text.endswith((":", "…"))) and _WAITS.search(text) is not None


def _side_is_clear(act: Act) -> bool:
    """Whether the policy allows it in so many words, or forbids it; a duty or a wish is neither."""
    if act.rule.polarity == "prohibited":
        return True
    around = f"{act.place.section.title} {act.place.name} {act.rule.lead_in}"
    says = act.body if act.rule.unit == "sentence" else around
    duty = _DUTY.search(act.body) or _DUTY.search(act.rule.lead_in) or _DUTY_VERB.match(act.body)
    return _PERMITS.search(says) is not None and not duty


def _whole(act: Act) -> str | None:
    body = act.body
    if act.rule.polarity == "prohibited":
        ban = _BAN.match(body) or (_IS_BANNED.match(body) if act.rule.unit == "sentence" else None)
        if ban is not None:
            return None if _SOMEBODY.match(ban["act"]) else _capital(ban["act"])
        if act.rule.unit == "sentence" or _is_advice(act):
            return None
    lead = _lead_of(act)
    if lead is not None:
        return f"{lead} … {body[0].lower()}{body[1:]}" if lead else None
    above = _parent_of(act)
    if above is not None and not _LABELLED.match(above.text):
        return None
    if body[0].islower() or _NEEDS_SUBJECT.match(body):
        return None
    return body


def _is_advice(act: Act) -> bool:
    """Whether an item's first sentence tells what to do, in a list that does not say that what it holds is banned.

    A second sentence is what bans then; or “Use a checker” stands beside “Posting files” and “Sharing links”.
    """
    section, parent = act.place.section, _parent_of(act)
    above = [section.title, act.rule.lead_in, parent.text if parent is not None else ""]
    if any(heading_side(words) == "prohibited" or _FORBIDS.search(words) for words in above):
        return False
    if _FORBIDS.search(act.body):
        return False
    bans_later = any(_FORBIDS.search(sentence) for sentence in sentences(act.rule.text)[1:])
    names_it = _first_word(act.rule.text).endswith("ing")
    if (bans_later and not names_it) or _DUTY_VERB.match(act.body) or _DUTY.search(act.body):
        return True
    beside = [one for one in section.rules if one.parent == act.rule.parent and one is not act.rule]
    return _first_word(act.rule.text) in _TASKS and any(_first_word(one.text).endswith("ing") for one in beside)


def _first_word(text: str) -> str:
    return next(iter(tokens(text)), "")


def _lead_of(act: Act) -> str | None:
    """The words that the item completes: its parent's, or the subject of its list's lead-in; none where it is whole.

    Empty where it does not stand alone and nothing says what it belongs to.
    """
    parent = _parent_of(act)
    if parent is not None and _WAITS.search(parent.text):
        return _capital(_bare(parent.text))
    lead = act.rule.lead_in
    if not lead or not _WAITS.search(lead):
        return None
    found = _SUBJECT.search(" ".join(lead.split()))
    return _capital(_bare(found["subject"])) if found is not None else ""


def _bare(text: str) -> str:
    words = " ".join(text.split()).rstrip(" :…–-")
    ban = _BAN.match(words)
    return ban["act"] if ban is not None else words


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
