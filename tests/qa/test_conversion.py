"""Policies that come as HTML or .docx: what carries meaning survives, what cannot be read is named, nothing runs."""

from __future__ import annotations

import io
import time
import zipfile
from html.parser import HTMLParser
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.conversion.decoding import decoded
from qa.conversion.limits import Limits
from qa.conversion.reading import read, read_pasted
from qa.core.errors import BadInput
from qa.core.markup import policy_html
from qa.policytext.sections import parse
from tests.qa.hostile_texts import PAYLOADS
from tests.qa.word_files import RELATION, SPACES, docx, paragraph, run, table

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f"<w:document {SPACES}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
)


def odd(raw: bytes, name: str = "policy.docx") -> list[str]:
    """What reading a file says was odd."""
    return [str(one) for one in read(raw, name).oddities]


def refusal(raw: bytes, name: str = "policy.docx", **given: object) -> str:
    """What is said of a file that is not taken."""
    with pytest.raises(BadInput) as refused:
        read(raw, name, limits=Limits(**given) if given else None)
    return str(refused.value)


def rules(markdown: str) -> list[tuple[str, int, str]]:
    """Words, depth and side of every rule."""
    found = parse(markdown, name="policy").sections
    return [(rule.text, rule.depth, rule.polarity) for one in found for rule in one.rules]


def test_headings_lists_tables_and_bold_lines_of_html_survive() -> None:
    page = (
        "<h1>Conduct</h1><h2>Threats</h2><p>Not allowed:</p><ul><li>Harm<ul><li>to pets</li></ul></li></ul>"
        "<p><b>Exceptions</b></p><ol start=3><li>Films</li><li>Books</li></ol>"
        "<table><tr><td><b>When</b></td><td><b>Then</b></td></tr><tr><td rowspan=2>a|b</td><td>c</td></tr>"
        "<tr><td>d</td></tr></table>"
    )

    found = read(page.encode(), "a.html")
    document = parse(found.markdown, name="conduct")

    assert [(one.title, one.level) for one in document.sections if one.key] == [("Threats", 2), ("Exceptions", 3)]
    assert rules(found.markdown)[:2] == [("Harm", 1, "prohibited"), ("to pets", 2, "prohibited")]
    assert "3. Films\n4. Books" in found.markdown
    assert [row.text for row in document.sections[-1].rules if row.unit == "row"] == ["a|b | c", "a|b | d"]
    assert [str(one) for one in found.oddities] == ["table 1: A cell over several rows was repeated in each."]


def test_the_same_policy_in_word_has_the_same_sections_and_rules() -> None:
    file = docx(
        paragraph("Conduct", style="Title"),
        paragraph("Threats", style="Heading1"),
        paragraph("Not allowed:"),
        paragraph("Harm", level=0),
        paragraph("to pets", level=1),
        paragraph("Exceptions", bold=True),
        paragraph("Films", level=0, ordered=True),
        paragraph("Deeper", style="Clause"),
        table(("When", "Then"), ("a", "b")),
    )

    found = read(file, "conduct.docx")
    document = parse(found.markdown, name="conduct")

    assert found.kind == "docx" and document.title == "Conduct"
    titles = [(one.title, one.level) for one in document.sections if one.key]
    assert titles == [("Threats", 2), ("Exceptions", 3), ("Deeper", 3)]
    assert rules(found.markdown)[:2] == [("Harm", 1, "prohibited"), ("to pets", 2, "prohibited")]
    assert "| When | Then |\n| --- | --- |\n| a | b |" in found.markdown


def test_tracked_changes_notes_boxes_and_hidden_words_are_read_and_named_with_their_place() -> None:
    box = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing/></mc:Choice><mc:Fallback><w:pict><v:shape>'
        f"<v:textbox><w:txbxContent>{paragraph('In the box')}</w:txbxContent></v:textbox></v:shape></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    changed = f'<w:ins w:id="1">{run("new")}</w:ins><w:del w:id="2"><w:r><w:delText>old</w:delText></w:r></w:del>'
    note = f'<w:footnotes {SPACES}><w:footnote w:id="1">{paragraph("See the law.")}</w:footnote></w:footnotes>'
    file = docx(
        paragraph("Kept ", inside=changed),
        paragraph("Noted", inside='<w:r><w:footnoteReference w:id="1"/></w:r>'),
        paragraph("Boxed", inside=box),
        paragraph("Seen ", inside=run("unseen", more="<w:vanish/>")),
        parts={"word/footnotes.xml": note},
        relations=f'<Relationship Id="f" Type="{RELATION}/footnotes" Target="footnotes.xml"/>',
    )

    found = read(file, "a.docx")
    said = [str(one) for one in found.oddities]

    assert "Kept new" in found.markdown and "old" not in found.markdown
    assert "In the box" in found.markdown and "Seen unseen" in found.markdown
    assert found.markdown.endswith("## Footnotes\n\n1. See the law.\n")
    assert "paragraph 1: A tracked insertion was taken in." in said
    assert "paragraph 1: A tracked deletion was left out." in said
    assert "paragraph 2: A footnote; its text stands at the end, under Footnotes." in said
    assert any("text box" in one for one in said) and "paragraph 5: Hidden text was kept." in said


def test_macros_are_never_opened_and_nothing_elsewhere_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_args: object) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.setattr("socket.socket.connect", no_network)
    relation = f'<Relationship Id="p" Type="{RELATION}/image" Target="http://example.org/p.png" TargetMode="External"/>'
    picture = '<w:r><w:drawing><wp:inline><a:blip r:link="p"/></wp:inline></w:drawing></w:r>'
    parts: dict[str, str | bytes] = {"word/vbaProject.bin": b"Sub AutoOpen()", "word/embeddings/a.xlsx": b"PK"}

    said = odd(docx(paragraph("Words", inside=picture), parts=parts, relations=relation), "a.docm")

    assert any("macros" in one for one in said) and any("Nothing was fetched" in one for one in said)
    assert any("other files inside" in one for one in said)
    assert "paragraph 1: A picture was left out; only its description is kept." in said


def test_what_could_grow_without_end_is_refused_before_it_is_unpacked() -> None:
    huge = docx(parts={"word/document.xml": b"<w:x>" + b" " * 60_000_000})

    started = time.process_time()
    said = refusal(huge)

    assert "unpacks to at most" in said and time.process_time() - started < 1
    assert "declarations" in refusal(docx(parts={"word/document.xml": BOMB}))
    assert "declarations" in refusal(docx(parts={"word/styles.xml": BOMB.encode("utf-16")}))
    assert "at most 5 files" in refusal(docx(paragraph("a")), members=5)
    assert "names stay inside" in refusal(docx(parts={"../../evil.xml": "x"}))
    assert "at most 1 MB" in refusal(b"a" * 1_100_000, "a.md", file_bytes=1_000_000)


def test_files_that_are_no_policy_say_what_is_wanted() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr("other.txt", "x")

    assert "word/document.xml" in refusal(held.getvalue())
    assert "damaged" in refusal(b"PK\x03\x04" + b"x" * 100)
    assert "damaged" in refusal(docx(parts={"word/document.xml": "<w:document><unclosed>"}))
    assert "old Word file" in refusal(b"\xd0\xcf\x11\xe0" + b"\0" * 100, "a.doc")
    assert "PDF" in refusal(b"%PDF-1.7 x", "a.pdf")
    assert "nested at most" in refusal(b"<div>" * 2000, "a.html")
    assert "nested at most" in refusal(docx("<w:tbl><w:tr><w:tc>" * 80 + "</w:tc></w:tr></w:tbl>" * 80))


def test_mixed_encodings_are_read_line_by_line_and_named() -> None:
    raw = "Größe\n".encode() + "Grüße\n".encode("windows-1252") + "“Ende”\n".encode()

    text, oddities = decoded(raw)

    assert text == "Größe\nGrüße\n“Ende”\n"
    assert [one.place for one in oddities] == ["line 2"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_text_is_the_same_in_every_encoding_of_unicode(encoding: str) -> None:
    assert decoded("# Größe\n\n- “Wort”\n".encode(encoding))[0] == "# Größe\n\n- “Wort”\n"


def test_a_page_is_read_in_the_encoding_that_it_names_unless_that_is_no_encoding_of_text() -> None:
    named = '<html><meta charset="iso-8859-2"><p>Žluť</p></html>'.encode("iso-8859-2")
    trick = '<html><meta charset="zlib"><p>Grüße</p></html>'.encode("windows-1252")

    assert "Žluť" in read(named, "a.html").markdown
    assert "Grüße" in read(trick, "a.html").markdown


class Live(HTMLParser):
    """What could act in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        safe = {"href", "rel", "id", "start"}
        if tag in ("script", "img", "svg", "iframe", "style", "form", "input", "object", "embed", "base", "meta"):
            self.found.append(tag)
        self.found += [name for name, _ in attrs if name not in safe]
        address = dict(attrs).get("href") or "#"
        if not address.startswith(("#", "http://", "https://", "mailto:")):
            self.found.append(address)


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (b"MZ\x90\x00" + bytes(2000), "fair.docx", "called so and is none"),
        (bytes(range(1, 32)) * 40 + b"\x89PNG", "fair.md", "holds no text"),
    ],
)
def test_a_file_that_is_no_text_is_refused_whatever_it_is_called(raw: bytes, name: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(raw, name)


def test_a_text_with_a_few_signs_that_cannot_be_seen_is_read() -> None:
    assert read(b"# A\n\n## B\x00c\n\n- No touts\n", "fair.md").kind == "markdown"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_can_act_by_whichever_door_it_comes(payload: str) -> None:
    as_html = read(f"<html><body><h2>A</h2>{payload}<p>{payload}</p></body></html>".encode(), "a.html").markdown
    as_word = read(docx(paragraph(payload), paragraph(payload, level=0), table((payload, "b"))), "a.docx").markdown
    as_text = read_pasted(f"# A\n\n{payload}\n\n- {payload}\n", kind="markdown").markdown

    for markdown in (as_html, as_word, as_text):
        page = Live()
        page.feed(str(policy_html(markdown)))
        assert page.found == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_stands_in_word_as_text_is_shown_as_that_text(payload: str) -> None:
    shown = policy_html(read(docx(paragraph(f"x {payload}")), "a.docx").markdown)

    class Words(HTMLParser):
        text = ""

        def handle_data(self, data: str) -> None:
            self.text += data

    words = Words()
    words.feed(str(shown))
    unseen = str.maketrans("", "", "\x01")
    assert " ".join(words.text.split()) == " ".join(f"x {payload}".translate(unseen).split())


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Co", "Zl", "Zp")), max_size=60)
)
@settings(max_examples=60, deadline=None)
def test_any_words_in_a_paragraph_of_html_are_the_words_that_are_read(words: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;")
    markdown = read_pasted(f"<h2>A</h2><p>x {escaped}</p>", kind="html").markdown

    sections = parse(markdown, name="policy").sections
    text = " ".join(one.text for one in sections)

    assert " ".join(text.split()) == " ".join(f"x {normalize('NFC', words)}".split())
