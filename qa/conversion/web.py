"""HTML as Markdown: cleaned by the house's sanitiser first, so that only text and its structure go further."""

from __future__ import annotations

import re
from bisect import bisect_right

import nh3
from bs4 import BeautifulSoup

from qa.conversion import shaping
from qa.conversion.limits import Limits, Oddity, refuse
from qa.conversion.marking import Marker

BLOCKS = {
    "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "footer", "header", "li", "main",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "br", "caption", "figcaption",
}  # fmt: skip
INLINE = {"a", "b", "code", "em", "i", "img", "kbd", "q", "samp", "span", "strong"}
#: Whose content is no text of the document.
DROPPED = {
    "script", "style", "template", "iframe", "object", "embed", "noscript", "title", "textarea", "select", "button",
    "nav", "svg", "math", "canvas", "audio", "video", "applet", "noembed", "noframes", "form",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"}, "img": {"alt"}, "ol": {"start"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
    "span": {"style"}, "p": {"style"}, "b": {"style"},
}  # fmt: skip
#: What is looked for in the source -> what was done about it.
NAMED = (
    (re.compile(r"<script\b", re.I), "A script was left out; nothing was run."),
    (re.compile(r"<(?:iframe|frame|object|embed|applet)\b", re.I), "An embedded page or object was left out."),
    (re.compile(r"<(?:form|input|select|textarea|button)\b", re.I), "A form was left out."),
    (re.compile(r"<(?:svg|math|canvas)\b", re.I), "A drawing or formula was left out."),
    (re.compile(r"<(?:img|picture|audio|video)\b", re.I), "A picture or film was left out; its description is kept."),
    (re.compile(r"<nav\b", re.I), "A menu was left out."),
    (re.compile(r"\shref\s*=\s*[\"']?\s*(?:javascript|data|vbscript)\s*:", re.I), "A link that runs code lost it."),
    (re.compile(r"\son[a-z]{3,20}\s*=\s*[\"']", re.I), "What should run on an event was left out."),
    (re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|\shidden[\s>=])", re.I), "Hidden text was kept."),
    (re.compile(r"<(?:del|s|strike)\b", re.I), "Struck-out text was kept. Look at whether it should be."),
)
#: Places that are named of each kind.
MOST_NAMED = 8
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_EMPTY = {"br", "hr", "img"}
#: Tags whose end may be left out in a good document, so that counting them would say nothing of its depth.
_LOOSE = {
    "p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "option", "html", "head", "body", "br", "hr",
    "img", "input", "meta", "link", "base", "area", "col", "embed", "source", "track", "wbr", "param", "colgroup",
}  # fmt: skip


def to_markdown(html: str, name: str, limits: Limits) -> tuple[str, list[Oddity]]:
    """The document as Markdown, and what was odd with its line. Raises BadInput for what is nested past all sense."""
    if _depth(html, _LOOSE) > 4 * limits.depth:
        raise refuse(name, f"elements nested at most {limits.depth} deep")
    oddities = list(_odd_lines(html))
    clean = nh3.clean(
        html,
        tags=BLOCKS | INLINE,
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        filter_style_properties={"font-weight"},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    if clean.count("<") > 2 * limits.elements:
        raise refuse(name, f"a page of at most {limits.elements} elements")
    if _depth(clean, _EMPTY) > limits.depth:
        raise refuse(name, f"elements nested at most {limits.depth} deep")
    soup = BeautifulSoup(clean, "html.parser")
    oddities += shaping.shaped(soup)
    return _tidy(Marker().convert_soup(soup)), oddities


def _depth(html: str, but: set[str]) -> int:
    """How deep tags are nested at most, *but* some of them."""
    deepest = depth = 0
    for closes, tag in _TAG.findall(html):
        if tag.lower() not in but:
            depth = max(0, depth - 1) if closes else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _odd_lines(html: str) -> list[Oddity]:
    starts = [0, *(found.end() for found in re.finditer("\n", html))]
    found = []
    for pattern, said in NAMED:
        lines = sorted({bisect_right(starts, hit.start()) for hit in pattern.finditer(html)})
        found += [Oddity(f"line {line}", said) for line in lines[:MOST_NAMED]]
        if len(lines) > MOST_NAMED:
            found.append(Oddity(f"line {lines[MOST_NAMED]}", f"{len(lines) - MOST_NAMED} times more: {said}"))
    return found


def _tidy(markdown: str) -> str:
    """Lines without white space at their ends, and one blank line between blocks."""
    lines = re.sub(r"[ \t]+$", "", markdown.replace("\u00a0", " "), flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"
