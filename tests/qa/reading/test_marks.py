"""Signs beside rules and links on defined words: on the right item, and on nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.core.markup import policy_html
from qa.policies.corrections import corrected
from qa.policytext.sections import parse
from qa.reading import marks
from qa.reading.parts import parts, plain
from qa.reading.terms import terms

POLICY = """# Conduct

## Threats

Not allowed:

- Saying that somebody will be hurt
    - This excludes:
        - quoting a song

Allowed:

1. Thanking somebody
2. Asking for help

## Outcomes

| Case | Action |
| --- | --- |
| A threat | Remove |
| A joke | No action |

We do not allow spam.
"""
_SIGNED = re.compile(
    r'<(li|td)><span class="rule-sign (yes|no)" title="([^"]*)">.*?</span></span>(.*?)(?=<ul|<ol|</li|</td)', re.S
)


def signed(text: str, sides: dict[str, str] | None = None) -> dict[str, str]:
    """The words of each item or first cell -> its sign."""
    stored = str(policy_html(text))
    html = marks.with_signs(stored, *marks.signs(corrected(parse(text, name="p"), sides or {})))
    assert html is not None
    return {plain(found[4]): found[2] for found in _SIGNED.finditer(html)}


def test_each_item_bears_the_sign_of_its_own_side_nested_exceptions_too() -> None:
    found = signed(POLICY)

    assert found["Saying that somebody will be hurt"] == "no"
    assert found["quoting a song"] == "yes"
    assert (found["Thanking somebody"], found["Asking for help"]) == ("yes", "yes")
    assert found["A threat"] == "no"


def test_the_owner_s_word_wins_over_what_was_read() -> None:
    rules = [rule for section in parse(POLICY, name="p").sections for rule in section.rules]
    thanks, help_ = (
        next(rule for rule in rules if rule.text == text) for text in ("Thanking somebody", "Asking for help")
    )

    found = signed(POLICY, {thanks.unit_hash: "prohibited", help_.unit_hash: "neither"})

    assert found["Thanking somebody"] == "no"
    assert "Asking for help" not in found


def test_html_with_other_items_than_were_read_gets_no_sign_at_all() -> None:
    items, rows = marks.signs(parse(POLICY, name="p"))

    assert marks.with_signs("<ul><li>One</li></ul>", items, rows) is None


def test_a_paragraph_that_states_one_side_bears_its_sign() -> None:
    section = next(one for one in parse("# P\n\nWe do not allow spam.\n", name="p").sections if one.rules)

    assert marks.with_sentences("<p>We do not allow <em>spam</em>.</p>", section.rules).startswith(
        '<p class="ruled"><span class="rule-sign no"'
    )
    assert marks.with_sentences("<p>Other words.</p>", section.rules) == "<p>Other words.</p>"


def test_the_first_use_of_a_term_in_a_section_leads_to_its_definition() -> None:
    known = terms(parse("# P\n\n## Definitions\n\n- **Strike**: a break of a rule\n- **HR**: harassment\n", name="p"))

    html = marks.with_terms(
        "<p>Two strikes, one strike. <a href='#x'>strike</a> <code>HR</code> hr HR strikeout</p>", known
    )

    assert html == (
        '<p>Two <a class="term" href="#s-definitions" title="Strike: a break of a rule">strikes</a>, one strike. '
        "<a href='#x'>strike</a> <code>HR</code> hr "
        '<a class="term" href="#s-definitions" title="HR: harassment">HR</a> strikeout</p>'
    )


def test_a_section_does_not_link_what_it_defines_itself() -> None:
    known = terms(parse("# P\n\n## Definitions\n\n- **Strike**: a break\n", name="p"))

    assert marks.with_terms("<p>A strike.</p>", known, at_home=["strike"]) == "<p>A strike.</p>"


def test_a_meaning_that_would_break_out_of_its_hint_is_text() -> None:
    known = terms(parse('# P\n\n## Definitions\n\n- **Mark**: a "quote" <img src=x>\n', name="p"))

    html = marks.with_terms("<p>A mark & more.</p>", known)

    assert "<img" not in html and 'title="Mark: a &#34;quote&#34;' in html


@pytest.mark.shared
def test_on_real_policies_every_sign_stands_on_the_item_it_was_read_from(shared: Path) -> None:
    for file in sorted((shared / "policies").glob("*.md")):
        text = file.read_text(encoding="utf-8")
        document = parse(text, name=file.stem)
        stored = str(policy_html(text))
        html = marks.with_signs(stored, *marks.signs(document))
        assert html is not None, file.name
        rules = [rule for one in document.sections for rule in one.rules if rule.unit != "sentence"]
        wanted = [
            ({"prohibited": "no", "permitted": "yes"}[rule.polarity], _start(rule.text))
            for rule in rules
            if rule.polarity != "neither"
        ]
        seen = [(found[2], _start(plain(found[4]))) for found in _SIGNED.finditer(html)]
        assert seen == wanted, file.name
        assert plain(re.sub(r'<span class="rule-sign.*?</span></span>', "", html, flags=re.S)) == plain(stored)
        assert "".join(part.heading + part.body for part in parts(html)) == html


def _start(text: str) -> str:
    return "".join(re.findall(r"\w+", text))[:12]
