"""What stands in front of a text or inside it: labels, codes, outcomes, quoted examples."""

import re
from collections.abc import Iterator

from qa.policytext import label_words
from qa.policytext.blocks import Block
from qa.policytext.inline import one_line
from qa.policytext.polarity import fold

_BOLD = re.compile(r"(?P<mark>\*\*|__)(?=\S)(?P<words>(?:(?!(?P=mark)).)+?)(?P=mark)\s*(?P<after>[:.–—-]|$)?", re.S)
_PLAIN = re.compile(r"([A-Z][A-Za-z/]*(?: [A-Za-z/]+){0,3}):(?:\s|$)")
_MARKS = re.compile(r"[*_`]+")
_CODE = r"#?(?P<code>[A-Z]{1,6}\d{1,3}(?:[.-][A-Za-z0-9]{1,3})*)"
_CODE_AHEAD = re.compile(rf"[\[(]?{_CODE}(?:[\])]|\s*[:–—-]|(?=\s|$))")
_STRONG_CODE = re.compile(
    rf"[\[(]{_CODE}[\])]|{_CODE.replace('code', 'with_sign')}\s*[:)–—]|#?[A-Z]{{1,6}}\d{{1,3}}[.][A-Za-z0-9]{{1,3}}\b"
)
_CLAUSE = re.compile(r"(?:§\s?(?P<section>\d+(?:\.\d+)*[a-z]?)|(?P<clause>\d{1,3}(?:\.\d{1,3}){1,4}))[.):]?\s+[\"“A-Z]")
_OUTCOME = re.compile(r"^[\s>*-]*(?P<label>[A-Za-z][A-Za-z ]{2,20}?)\s*:\s*(?P<words>\S.*)$")
_QUOTED = re.compile('“([^“”]{2,}?)[,.]?”|(?<![\\w"])"([^"]{2,}?)[,.]?"(?!\\w)')
_INTRODUCED = re.compile(r"(?:\be\.g\.,?|\bsuch as|\blike|\bfor example,?|\bincluding|[,(]|\bor|\band)[\s“”\"]*$", re.I)


def label_of(block: Block) -> str:
    """The label in front of *block* (in bold, or a few words and a colon); nothing when there is none.

    The words of a label never end in the sign that sets it off: `**Exclusion**: Not alcohol` has the label *Exclusion*.
    """
    match = _BOLD.match(block.markdown)
    if match is not None:
        words = one_line(_MARKS.sub("", match["words"]))
        if words[-1:] in ":.–—" or match["after"] is not None:
            return words.rstrip(" :.–—-")
    match = _PLAIN.match(block.text)
    return match[1] if match is not None else ""


def after_label(text: str, label: str) -> str:
    """*text* without the *label* it begins with."""
    return text[len(label) :].lstrip(" :.–—-") if label and text.startswith(label) else text


def code_of(text: str, *, in_bold: bool) -> str | None:
    """The code in front of *text*, such as SP3.b or 2.1: in bold, in brackets, or set off by a sign.

    >>> code_of("SP3.b Pyramid bait", in_bold=True), code_of("MP3 files", in_bold=False)
    ('SP3.b', None)
    >>> code_of("2.1 You must ask.", in_bold=False), code_of("2.1 million", in_bold=False)
    ('2.1', None)
    """
    clause = _CLAUSE.match(text)
    if clause is not None:
        return clause["section"] or clause["clause"]
    match = _CODE_AHEAD.match(text)
    return match["code"] if match is not None and (in_bold or _STRONG_CODE.match(text)) else None


def outcomes(block: Block) -> Iterator[str]:
    """What *block* says is done, from its lines of the form "Output: ..."."""
    for line in block.plain_lines:
        match = _OUTCOME.match(line.strip())
        if match is not None and label_words.ACTION_LABEL.fullmatch(fold(match["label"])):
            yield one_line(match["words"])


def quoted(text: str, *, introduced: bool) -> tuple[str, ...]:
    """The texts in double quotes; with *introduced* only those that "e.g.", a bracket or the like announces."""
    found = []
    for match in _QUOTED.finditer(text):
        if not introduced or _INTRODUCED.search(text, max(0, match.start() - 40), match.start()):
            found.append(one_line(match[1] or match[2]))
    return tuple(found)
