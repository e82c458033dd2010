"""Glosses: what an abbreviation of a policy stands for, set beside a sentence that uses it without saying so."""

import re
from functools import lru_cache

from training.generation.citing import raw_text
from training.generation.material import Source

_IN_BRACKETS = re.compile(r"(?P<before>(?:[\w’'-]+\s+){2,7})\((?:the\s+)?[“\"]?(?P<short>[A-Z][A-Za-z]{1,5})s?[”\"]?\)")
_SHORT = re.compile(r"\b[A-Z][a-z]?[A-Z]+[a-z]?\b")

#: Of an abbreviation of more than so many words the front part is one too: ABC, AB.
LEAST_OF_TWO = 3


@lru_cache(maxsize=64)
def _known(markdown: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _IN_BRACKETS.finditer(raw_text(markdown)):
        words, short = match["before"].split()[-len(match["short"]) :], match["short"]
        if "".join(word[0] for word in words).casefold() == short.casefold():
            found.setdefault(short, " ".join(words))
    for short, whole in list(found.items()):
        words = whole.split()
        if len(words) > LEAST_OF_TWO:
            found.setdefault(short[:-1], " ".join(words[:-1]))
    return found


def resolved(text: str, source: Source) -> str:
    """*text* with the words of its abbreviations in their place, as far as the policy says them."""
    known = _known(source.markdown)
    return _SHORT.sub(lambda match: known.get(match[0], match[0]), text)


def beside(text: str, source: Source) -> str:
    """What stands behind a question about *text*: " (ABC: A Big Committee)", or nothing where nothing needs it.

    An abbreviation is one that the policy itself resolves somewhere, in brackets behind its words.
    """
    known = _known(source.markdown)
    shorts = dict.fromkeys(short for short in _SHORT.findall(text) if short in known and known[short] not in text)
    return f" ({'; '.join(f'{short}: {known[short]}' for short in shorts)})" if shorts else ""
