"""Words: comparing sentences, cutting them to what can stand alone, and finding what cannot."""

import re
import unicodedata
from functools import lru_cache

from qa.policytext.sentences import sentences as spans
from training.generation.lexicon import (
    BEFORE_COLON,
    CONTROL,
    DANGLING_ENDS,
    MISSING_WORD,
    POINTING_STARTS,
    POINTING_WORDS,
    RESIDUE,
    STOP_WORDS,
    WAITING_END,
)

PAIRS = {"“": "”", "(": ")", "[": "]", "«": "»"}


def tokens(text: str) -> list[str]:
    """The words of *text*: Unicode-normalised, lower case, apostrophes and marks gone.

    >>> tokens("Don’t share **other** people's data!")
    ['dont', 'share', 'other', 'peoples', 'data']
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.findall(r"[^\W_]+", re.sub(r"['’`]", "", plain))


def key_of(text: str) -> str:
    """What two texts share that differ in marks, case and spaces alone."""
    return " ".join(tokens(text))


def stem(word: str) -> str:
    """A crude root: enough to see that *planting* and *plants* are one word."""
    for ending in ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=16384)
def roots(text: str) -> frozenset[str]:
    """The roots of the words that carry meaning."""
    return frozenset(stem(word) for word in tokens(text) if word not in STOP_WORDS and len(word) > 1)


#: Words of one family begin with so many letters that are the same.
FAMILY = 5


def akin(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether a root of one text is of the family of one of the other's, like *violent* and *violence*.

    >>> akin(roots("violent acts"), roots("Violence")), akin(roots("a content"), roots("a contest"))
    (True, False)
    """
    return any(is_akin(first, second) for first in one for second in other)


def is_akin(one: str, other: str) -> bool:
    """Whether two roots are of one family."""
    if one == other or one == f"{other}{other[-1:]}" or other == f"{one}{one[-1:]}":
        return True
    same = max(FAMILY, min(len(one), len(other)) - 1)
    return min(len(one), len(other)) >= FAMILY and one[:same] == other[:same]


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared roots over all roots, 0..1; 0 when both are empty."""
    return len(one & other) / len(one | other) if one or other else 0.0


def containment(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared roots over those of the shorter text, 0..1; 0 when one is empty."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def plain(text: str) -> str:
    """*text* from outside on one line, without control characters and marks that turn its direction."""
    return " ".join(CONTROL.sub(" ", unicodedata.normalize("NFC", text)).split())


def sentences(text: str) -> list[str]:
    """The sentences of running text, each on one line."""
    rest = " ".join(text.split())
    return [rest[start:end] for start, end in spans(rest)]


def stands_alone(text: str) -> bool:
    """Whether *text* can be read without what stands around it."""
    return not POINTING_STARTS.search(text.strip()) and not POINTING_WORDS.search(text)


def trimmed(text: str) -> str:
    """*text* without what leads on to a list: “…, such as”, “…; or”, “… through:”.

    >>> trimmed("automated excessive bulk activity, such as"), trimmed("phishing or attempted phishing; or")
    ('automated excessive bulk activity', 'phishing or attempted phishing')
    """
    before = None
    text = " ".join(text.split())
    text = text if DANGLING_ENDS.search(text) else BEFORE_COLON.sub("", text)
    while before != text:
        before = text
        text = text.rstrip(" ,;:–—-")
        if not text.endswith((".", "?", "!", ")", "”", '"')):
            text = DANGLING_ENDS.sub("", text)
    return text


def without_stop(text: str) -> str:
    """*text* without its full stop, so that options end alike."""
    return re.sub(r"(?<!\.)\.([”\"’)]?)$", r"\1", trimmed(text))


def quoted(text: str) -> str:
    """*text* in quotation marks; those inside it become single ones."""
    inner = re.sub(r'"([^"]*)"', r"‘\1’", text).replace("“", "‘").replace("”", "’")
    return f"“{inner}”"


def escaped(text: str) -> str:
    """*text* as a line of Markdown that shows just these characters, whatever they are."""
    return re.sub(r"^(\d*)([-+.)])", r"\1\\\2", escaped_inside(plain(text)))


def escaped_inside(text: str) -> str:
    """*text* within a line of Markdown, its spaces kept."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]#!|])", r"\\\1", safe)


def flaws(text: str) -> list[str]:
    """What is wrong with the surface of *text*, in words; empty when nothing is."""
    found = _doubled(text)
    if WAITING_END.search(text.rstrip(" .…”’\"'")):
        found.append("ends on a word that waits for another")
    if MISSING_WORD.search(text):
        found.append("a word is missing in it")
    if text.count('"') % 2 or any(text.count(first) != text.count(last) for first, last in PAIRS.items()):
        found.append("a quotation mark or bracket has no partner")
    if RESIDUE.search(text):
        found.append("markup is left in it")
    if CONTROL.search(text):
        found.append("a control character is left in it")
    return found


def _doubled(text: str) -> list[str]:
    """A word twice with nothing but a space between; “JOIN NOW JOIN NOW” in quotes is somebody's example."""
    bare = re.sub(r"“[^”]*”|‘[^’]*’|\"[^\"]*\"", " ", text)
    again = re.search(r"(?i)\b([a-z]+) \1\b", bare)
    return [f"“{again[1]}” is doubled"] if again and again[1].lower() not in {"that", "had"} else []
