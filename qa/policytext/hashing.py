"""Fingerprints of policy text that a cosmetic edit does not change."""

import hashlib
import re
import unicodedata

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_AROUND = re.compile(" ?([-/]) ?")
_QUOTES = re.compile("[\"'\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u00ab\u00bb`\u00b4]")


def canonical(text: str) -> str:
    """*text* without what an editor may change and nobody must relearn: case, spaces, quotes, dashes, final stops.

    >>> canonical("Don’t  post – ever;") == canonical("don't post-Ever.")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = " ".join(_QUOTES.sub("'", _DASHES.sub("-", folded)).split())
    return _AROUND.sub(r"\1", folded).rstrip(" .;,")


def text_hash(text: str, *more: str) -> str:
    """SHA-256 (hexadecimal) over the canonical *text* and whatever else belongs to its identity."""
    return hashlib.sha256("\x1f".join((canonical(text), *more)).encode()).hexdigest()
