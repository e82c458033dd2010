"""Lines in bold that do the work of headings."""

import re
from collections.abc import Mapping

from qa.policytext.inline import one_line, plain

_BOLD_LINE = re.compile(r"(?P<mark>\*\*|__)(?=\S)(?P<words>(?:(?!(?P=mark)).)+)(?P=mark)[ ]*$")
_SENTENCE_END = re.compile(r"[.!;,:]$")
_CODED = re.compile(r"\([^()]*[A-Z]+\d")
_LONGEST_TITLE_WORDS = 12


def pseudo_heading(line: str, references: Mapping[str, str]) -> str:
    """The title that *line* is when it stands in bold from end to end; nothing when it is a sentence or a lead-in.

    >>> pseudo_heading("**Likely Spam (SP2)**", {})
    'Likely Spam (SP2)'
    >>> pseudo_heading("**Never share keys.**", {})
    ''
    """
    match = _BOLD_LINE.match(line.strip())
    if match is None:
        return ""
    title = one_line(plain(match["words"], references))
    is_long = len(title.split()) > _LONGEST_TITLE_WORDS and not _CODED.search(title)
    return "" if is_long or _SENTENCE_END.search(title) else title
