"""A .docx as HTML: a library reads styles, lists and tables; what it must leave or move is named with its place."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import mammoth
from bs4 import BeautifulSoup

from qa.conversion.limits import Limits, Oddity, refuse
from qa.conversion.package import Package, opened

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
#: Elements of a document that are not read as they stand -> what is said of them.
NAMED = {
    f"{W}ins": "A tracked insertion was taken in.",
    f"{W}moveTo": "A tracked insertion was taken in.",
    f"{W}del": "A tracked deletion was left out.",
    f"{W}moveFrom": "A tracked deletion was left out.",
    f"{W}footnoteReference": "A footnote; its text stands at the end, under Footnotes.",
    f"{W}endnoteReference": "An endnote; its text stands at the end, under Footnotes.",
    f"{W}txbxContent": "A text box; its text stands beside the paragraph that holds it.",
    f"{W}commentReference": "A comment was left out.",
    f"{W}drawing": "A picture was left out; only its description is kept.",
    f"{W}object": "An embedded object was left out.",
    f"{W}vanish": "Hidden text was kept.",
    f"{W}altChunk": "A part that another program put in was left out.",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath": "A formula was left out.",
}
#: Places that are named of each kind.
MOST_NAMED = 8
_LEVEL = re.compile(r"heading ?([1-6])", re.IGNORECASE)
_STYLE_SAID = re.compile(r"Unrecognised paragraph style: '?(?P<name>.*?)'? \(Style ID")


def to_html(raw: bytes, name: str, limits: Limits) -> tuple[str, list[Oddity]]:
    """The document as HTML, and what was odd. Raises BadInput for a file that cannot be opened or is too much."""
    package = opened(raw, name, limits)
    try:
        oddities = [*package.oddities, *_odd_places(package.parts["word/document.xml"], limits, name)]
        headings = _style_map(package)
        done = mammoth.convert_to_html(
            io.BytesIO(package.raw), style_map=headings, convert_image=mammoth.images.img_element(lambda _image: {}),
            include_embedded_style_map=False, external_file_access=False,
        )  # fmt: skip
    except (ElementTree.ParseError, ValueError, LookupError, AttributeError, OSError, RecursionError) as error:
        raise refuse(name, "a Word document that can be read; its XML is damaged") from error
    styles = sorted({found["name"] for one in done.messages if (found := _STYLE_SAID.match(one.message))})
    oddities += [Oddity("the file", f"The style “{style}” is read as plain text.") for style in styles[:MOST_NAMED]]
    return _with_footnotes(done.value), oddities


def _odd_places(document: bytes, limits: Limits, name: str) -> list[Oddity]:
    """What stands in the document that is not read as it stands, by paragraph."""
    places: dict[str, list[str]] = {}
    number = depth = 0
    at = "the start"
    for event, element in ElementTree.iterparse(io.BytesIO(document), events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limits.depth:
            raise refuse(name, f"paragraphs and tables nested at most {limits.depth} deep")
        if element.tag == f"{W}p" and event == "start":
            number += 1
            at = f"paragraph {number}"
        elif event == "end" and element.tag in NAMED and _speaks(element):
            held = places.setdefault(NAMED[element.tag], [])
            if not held or held[-1] != at:
                held.append(at)
    return [oddity for said, held in places.items() for oddity in _said(said, held)]


def _speaks(element: ElementTree.Element) -> bool:
    """Whether an odd element stands for some text: marks of a paragraph's own end, and what is switched off, do not."""
    if element.tag in (f"{W}ins", f"{W}del"):
        return len(element) > 0
    if element.tag == f"{W}drawing":
        return element.find(f".//{PICTURE}") is not None
    return element.get(f"{W}val") not in ("0", "false", "off")


def _said(said: str, places: list[str]) -> list[Oddity]:
    found = [Oddity(place, said) for place in places[:MOST_NAMED]]
    if len(places) > MOST_NAMED:
        found.append(Oddity(places[MOST_NAMED], f"From here on {len(places) - MOST_NAMED} times more: {said}"))
    return found


def _style_map(package: Package) -> str:
    """Headings by the styles that the document has: a title stands above them, and styles may stand on a heading's."""
    text = package.parts.get("word/styles.xml")
    if text is None:
        return ""
    styles = {one.get(f"{W}styleId"): one for one in ElementTree.fromstring(text).iter(f"{W}style")}
    titled = re.search(rb'<w:pStyle w:val="Title"', package.parts["word/document.xml"]) is not None
    lines = []
    for style in styles.values():
        style_name = _value(style, "name")
        level = _level(style, styles)
        if style_name.casefold() == "title":
            level = 0 if titled else None
        if level is not None:
            quoted = style_name.replace("\\", "\\\\").replace("'", "\\'")
            lines.append(f"p[style-name='{quoted}'] => h{min(6, level + titled)}:fresh")
    return "\n".join(lines)


def _level(style: ElementTree.Element, styles: dict[str | None, ElementTree.Element]) -> int | None:
    """The level of the heading that a paragraph style is, or stands on; None for others."""
    at: ElementTree.Element | None = style
    for _ in range(20):
        if at is None or at.get(f"{W}type") not in (None, "paragraph"):
            return None
        found = _LEVEL.fullmatch(_value(at, "name"))
        if found is not None:
            return int(found[1])
        at = styles.get(_value(at, "basedOn")) if _value(at, "basedOn") else None
    return None


def _value(style: ElementTree.Element, tag: str) -> str:
    found = style.find(f"{W}{tag}")
    return "" if found is None else found.get(f"{W}val") or ""


def _with_footnotes(html: str) -> str:
    """The notes at the end under a heading of their own, so that they do not join the last section's list."""
    if 'id="footnote-' not in html and 'id="endnote-' not in html:
        return html
    soup = BeautifulSoup(html, "html.parser")
    first = soup.find("li", id=re.compile(r"(?:foot|end)note-\d+$"))
    if first is not None and first.parent is not None:
        heading = soup.new_tag("h2")
        heading.string = "Footnotes"
        first.parent.insert_before(heading)
    for back in soup.find_all("a", href=re.compile(r"#(?:foot|end)note-ref-")):
        back.decompose()
    return str(soup)
