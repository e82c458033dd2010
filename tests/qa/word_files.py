"""Small .docx files, part by part, so that a test says what stands in them."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.wordprocessingml.document.main+xml"/></Types>'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOT_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{RELATION}/officeDocument" Target="word/document.xml"/></Relationships>'
)
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{RELATION}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{based}</w:style>'
    for key, name, based in (
        ("Title", "Title", ""),
        ("Heading1", "heading 1", ""),
        *((f"Heading{level}", f"heading {level}", "") for level in range(2, 7)),
        ("Clause", "House clause", '<w:basedOn w:val="Heading2"/>'),
        ("Fancy", "Fancy text", ""),
    )
)
NUMBERING = "".join(
    f'<w:abstractNum w:abstractNumId="{number}">'
    + "".join(
        f'<w:lvl w:ilvl="{level}"><w:numFmt w:val="{kind}"/></w:lvl>' for level in range(6)
    )
    + '</w:abstractNum>'
    for number, kind in ((0, "bullet"), (1, "decimal"))
) + "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (0, 1))  # fmt: skip


def run(text: str, *, bold: bool = False, more: str = "") -> str:
    """A run of text; what XML cannot hold goes."""
    text = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    looks = f"<w:rPr>{'<w:b/>' if bold else ''}{more}</w:rPr>"
    return f'<w:r>{looks}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(
    text: str = "", *, style: str = "", level: int | None = None, ordered: bool = False, **given: object
) -> str:
    """A paragraph; *level* (from 0) makes it an item; *inside*: ready XML after its text."""
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{2 if ordered else 1}"/></w:numPr>'
    looks = (f'<w:pStyle w:val="{style}"/>' if style else "") + (numbered if level is not None else "")
    words = run(text, bold=bool(given.get("bold"))) if text else ""
    return f"<w:p><w:pPr>{looks}</w:pPr>{words}{given.get('inside', '')}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table with bold cells in its first row, as people make them."""
    made = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell, bold=not number)}</w:tc>" for cell in row) + "</w:tr>"
        for number, row in enumerate(rows)
    )
    return f"<w:tbl>{made}</w:tbl>"


def docx(*body: str, parts: dict[str, str | bytes] | None = None, relations: str = "") -> bytes:
    """A .docx whose document holds *body*; *parts* are added or replace those that are there."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": ROOT_RELATIONS,
        "word/document.xml": f"{head}<w:document {SPACES}><w:body>{''.join(body)}</w:body></w:document>",
        "word/styles.xml": f"{head}<w:styles {SPACES}>{STYLES}</w:styles>",
        "word/numbering.xml": f"{head}<w:numbering {SPACES}>{NUMBERING}</w:numbering>",
        "word/_rels/document.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="s" Type="{RELATION}/styles" Target="styles.xml"/>'
            f'<Relationship Id="n" Type="{RELATION}/numbering" Target="numbering.xml"/>{relations}</Relationships>'
        ),
        **(parts or {}),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in made.items():
            package.writestr(name, text)
    return held.getvalue()
