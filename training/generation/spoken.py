"""Titles as one says them: without the number, code, tag, sign or key of a form that came along."""

import re

from training.generation.wording import key_of, trimmed

#: What a policy is called that has no title but its file's name.
UNTITLED = "this policy"
_NUMBERING = re.compile(r"^(?:§\s*)?(?:\d+(?:\.\d+)*[.)]?|[A-Z][.)])\s+")
_FIELD = re.compile(r"(?i)^(?:title|name)\s*:\s+")
_CODE_BEFORE = re.compile(r"^[(\[](?:[A-Z]{2,8}|draft)[)\]]\s+(?=\w)", re.IGNORECASE)
_TAG_AFTER = re.compile(r"(?<=\w)\s+\(#\w+\)$")
#: Pictures and bullets at either end.
_SIGNS = re.compile(r"^[^\w(“\"'‘§\[]+|[^\w)”\"'’.!?\]%]+$")


def spoken(title: str) -> str:
    """*title* without what does not belong to its words.

    >>> spoken("3. Spam (#SP)"), spoken("(DRUGS) Drugs"), spoken("title: Guide"), spoken("S (Sexual)")
    ('Spam', 'Drugs', 'Guide', 'S (Sexual)')
    """
    said = _FIELD.sub("", _SIGNS.sub("", trimmed(title)))
    said = _TAG_AFTER.sub("", _CODE_BEFORE.sub("", _NUMBERING.sub("", said)))
    return said or title


def policy_title(title: str, slug: str, markdown: str) -> str:
    """A policy's title as one says it; *UNTITLED* where it is its file's name and stands nowhere in its text."""
    is_name = key_of(title).replace(" ", "") == key_of(slug).replace(" ", "")
    return UNTITLED if is_name and key_of(title) not in key_of(markdown) else spoken(title)
