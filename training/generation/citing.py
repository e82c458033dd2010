"""Citations: nothing is taught whose words do not stand in the lines that it names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from training.generation.material import Citation, Source
from training.generation.wording import tokens

_COMMENT = re.compile(r"<!--.*?(-->|\Z)", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_TARGET = re.compile(r"\]\([^()]*(?:\([^()]*\)[^()]*)*\)|\]\[[^\]]*\]")
_MARKER = re.compile(r"^[\s>]*(?:[-*+]|\d+[.)])\s+", re.MULTILINE)


@lru_cache(maxsize=64)
def _lines(markdown: str) -> tuple[str, ...]:
    return tuple(markdown.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def bare(markdown: str) -> str:
    """The words of Markdown: comments, template tags, link targets and list markers gone."""
    text = _TAG.sub(" ", _COMMENT.sub(" ", markdown))
    return unescape(_TARGET.sub("] ", _MARKER.sub("", text)))


@lru_cache(maxsize=8192)
def _words(markdown: str, line_from: int, line_to: int) -> str:
    return f" {' '.join(tokens(bare(chr(10).join(_lines(markdown)[line_from - 1 : line_to]))))} "


def stands_in(quote: str, markdown: str, line_from: int, line_to: int) -> bool:
    """Whether the words of *quote* stand one after the other in lines *line_from* to *line_to* (from 1)."""
    wanted = " ".join(tokens(quote))
    inside = 1 <= line_from <= line_to <= len(_lines(markdown))
    return bool(wanted) and inside and f" {wanted} " in _words(markdown, line_from, line_to)


def cite(source: Source, section: str, line_from: int, line_to: int, quote: str) -> Citation | None:
    """The citation, or None where the words do not stand in these lines."""
    if not stands_in(quote, source.markdown, line_from, line_to):
        return None
    return Citation(section, source.version, line_from, line_to, quote)


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy's source with the lines of each of its sections (by key without the policy's slug)."""

    markdown: str
    lines: Mapping[str, tuple[int, int]]


Texts = Mapping[tuple[str, str], PolicyText]


def texts_of(sources: Iterable[Source]) -> dict[tuple[str, str], PolicyText]:
    """The texts of *sources* by slug and version."""
    return {
        (source.slug, source.version): PolicyText(
            source.markdown, {s.key: (s.line_from, s.line_to) for s in source.document.sections}
        )
        for source in sources
    }


def provenance(citation: Citation, texts: Texts) -> str | None:
    """What is wrong with *citation*, or None: policy, version, section, lines and words must all be there."""
    slug, _, key = citation.section.partition("/")
    text = texts.get((slug, citation.version))
    if text is None:
        return f"no policy {slug!r} in version {citation.version}"
    if key not in text.lines:
        return f"no section {citation.section!r}"
    first, last = text.lines[key]
    if not first <= citation.line_from <= citation.line_to <= last:
        return f"lines {citation.line_from}-{citation.line_to} lie outside {citation.section!r}"
    if not stands_in(citation.quote, text.markdown, citation.line_from, citation.line_to):
        return f"the quote does not stand in lines {citation.line_from}-{citation.line_to}"
    return None


def raw_line(markdown: str, number: int) -> str:
    """Line *number* (from 1) as it stands in the source; empty beyond its end."""
    lines = _lines(markdown)
    return lines[number - 1] if 1 <= number <= len(lines) else ""


def raw_text(markdown: str) -> str:
    """A piece of Markdown as one line of words, without marks of emphasis."""
    return " ".join(re.sub(r"[*_`\\\[\]]", "", bare(markdown)).split())
