"""What a policy's front matter, and whoever imports it, say of a version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from qa.core.errors import BadInput, Problem
from qa.policies import section_keys
from qa.policytext.sections import Document, slugify


@dataclass(frozen=True, slots=True)
class Dated:
    """What a document's front matter and the options say of it."""

    slug: str
    title: str
    number: str | None
    effective: date | None
    audience: str
    split_depth: int
    invented: bool


def read(document: Document, file: str, slug: str | None, effective: date | None) -> Dated:
    """Read a document's front matter; the options win over it. Raises BadInput for what cannot be."""
    front = document.front
    number = front.get("version")
    check_number(number, file)
    audience = front.get("audience", "external")
    if audience not in ("internal", "external"):
        raise BadInput(Problem("internal or external", file=file, field="audience", value=audience))
    depth = front.get("split_depth", "0")
    if depth not in ("0", "1"):
        raise BadInput(Problem("0 or 1", file=file, field="split_depth", value=depth))
    _check_slug(slug or document.slug or slugify(file), file)
    return Dated(
        slug=slug or document.slug or slugify(file),
        title=document.title or document.slug,
        number=number,
        effective=effective or _day(front.get("effective"), file),
        audience=audience,
        split_depth=int(depth),
        invented=front.get("invented") == "true",
    )


def check_number(number: str | None, file: str) -> None:
    """A version's own name must be one that stands in an address. Raises BadInput for others."""
    if number is not None and not re.fullmatch(r"\d+(\.\d+)*|[A-Za-z][\w.-]*|v?\d[\w.-]*", number):
        raise BadInput(Problem("a version that is a number or a word", file=file, field="version", value=number))


def _check_slug(slug: str, file: str) -> None:
    """A slug that a file or an option gives must be one, and not the word for no violation."""
    if not slug or slug != slugify(slug) or slug == section_keys.NONE:
        wanted = "lower case words of letters and digits joined by -, other than none"
        raise BadInput(Problem(wanted, file=file, field="slug", value=slug))


def _day(text: str | None, file: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(Problem("a date like 2026-11-15", file=file, field="effective", value=text)) from error
