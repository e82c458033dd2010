"""A heading as the reading page draws it: its text, its own link, its whole key, and a way to ask about it."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import Markup

from qa.reading.parts import Part

_HEAD = Markup(
    '<div class="section-head">{heading}'
    '<a class="anchor" href="{place}#s-{anchor}" data-copies="{key}" title="Link to this section: {key}">'
    '<span aria-hidden="true">#</span><span class="unseen">Link to {title}</span></a>'
    '<code class="section-key" aria-hidden="true">{key}</code>{ask}</div>'
)
_ASK = Markup(
    '<a class="ask" href="/questions/new?section={section}">Ask about it<span class="unseen">: {title}</span></a>'
)


def head(part: Part, *, slug: str, place: str, asks: bool) -> Markup:
    """The heading of *part* of the policy *slug*, which is read at *place*; nothing above the first section."""
    if not part.key:
        return part.heading
    key = f"{slug}/{part.key}"
    ask = _ASK.format(section=quote(key), title=part.title) if asks else ""
    return _HEAD.format(heading=part.heading, place=place, anchor=part.key, key=key, title=part.title, ask=ask)
