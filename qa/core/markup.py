"""The one sanitiser of the house: text from outside becomes HTML here and nowhere else."""

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import unquote

import nh3
from markdown import Markdown
from markupsafe import Markup, escape

from qa.policytext.normalise import Normalised, normalise
from qa.policytext.sections import parse, slugify

TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}

# A place to hang an anchor on travels through Markdown and the sanitiser between two characters of private use.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PRIVATE = re.compile(f"[{_OPEN}{_CLOSE}]")
_STARTS = re.compile(r"((?:>\s?|\s)*(?:#{1,6} )?)")
_HUNG = re.compile(rf"<(h[1-6]|p)>{_OPEN}(\d+){_CLOSE}")
_LEFT = re.compile(rf"{_OPEN}\d+{_CLOSE}")
_IMAGE = re.compile(r'<img alt="([^"]*)"[^>]*>')
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_NAMELESS = "control character"


def policy_html(markdown: str | Normalised, *, anchors: Mapping[int, str] | None = None) -> Markup:
    """A policy's Markdown as HTML that can do nothing but be read.

    Raw HTML stays text, images become their descriptions, links lead to the web, to a mail address or to a section of
    the same policy. *anchors* (line of the source -> section key) gives the heading on that line the id "s-<key>"; left
    out, every section has the key that `sections.parse` gives it. A text that is normalised already is taken as it is.
    """
    normalised = normalise(markdown) if isinstance(markdown, str) else markdown
    if anchors is None:
        anchors = {section.line_from: section.key for section in parse(normalised, name="policy").sections}
    keys = [key for key in anchors.values() if key]
    text = _with_anchors(normalised, anchors, keys)
    reader = Markdown(extensions=["extra", "sane_lists"], output_format="html")
    reader.preprocessors.deregister("html_block")
    reader.inlinePatterns.deregister("html")
    reader.treeprocessors.deregister("attr_list")
    html = nh3.clean(
        _IMAGE.sub(r"\1", reader.convert(text)),
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        attribute_filter=_Addresses(frozenset(keys)),
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    return Markup(_LEFT.sub("", _HUNG.sub(lambda hung: f'<{hung[1]} id="s-{escape(keys[int(hung[2])])}">', html)))


def _with_anchors(text: Normalised, anchors: Mapping[int, str], keys: list[str]) -> str:
    """The Markdown with the place of its key in front of every section's heading."""
    waiting = {line: at for at, line in enumerate(line for line, key in anchors.items() if key)}
    lines = []
    for number, written in text.written():
        line = _PRIVATE.sub("", written)
        at = waiting.pop(number, None) if line.strip() else None
        lines.append(line if at is None else _STARTS.sub(rf"\g<1>{_OPEN}{at}{_CLOSE}", line, count=1))
    return "\n".join(lines)


class _Addresses:
    """Keeps web and mail addresses, turns "#title" into the anchor of that section, and drops every other address."""

    def __init__(self, keys: frozenset[str]) -> None:
        self.keys = keys

    def __call__(self, tag: str, attribute: str, value: str) -> str | None:
        if attribute == "start":
            return value if value.isdigit() else None
        if attribute != "href":
            return value
        if value.startswith("#"):
            key = slugify(unquote(value[1:]).removeprefix("s-"))
            return f"#s-{key}" if key in self.keys else None
        scheme, colon, _ = value.partition(":")
        return value if colon and scheme.casefold() in SCHEMES else None


def plain_html(text: str) -> Markup:
    """The text of a case as HTML: escaped, in its paragraphs and lines, each with its own reading direction.

    Characters that cannot be seen, or that turn the reading direction of what follows, are named where they stand.
    """
    lines = re.sub("\r\n?|[\u2028\u2029]", "\n", text)
    paragraphs = [paragraph.strip("\n") for paragraph in re.split(r"\n[ \t]*\n+", lines)]
    return Markup("").join(
        Markup('<p dir="auto">{}</p>\n').format(Markup("<br>\n").join(map(_visible, paragraph.split("\n"))))
        for paragraph in paragraphs
        if paragraph.strip()
    )


def _visible(line: str) -> Markup:
    parts = []
    at = 0
    for match in _UNSEEN.finditer(line):
        character = match[0]
        name = unicodedata.name(character, _NAMELESS).lower()
        parts.append(escape(line[at : match.start()]))
        parts.append(Markup('<span class="unseen" title="{}">[U+{:04X}]</span>').format(name, ord(character)))
        at = match.end()
    return Markup("").join([*parts, escape(line[at:])])
