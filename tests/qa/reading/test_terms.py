"""Which words a policy defines, and what it says they mean."""

from __future__ import annotations

from qa.policytext.sections import parse
from qa.reading.terms import LONGEST, terms

POLICY = """# Conduct

## Definitions

- **Strike**: a recorded break of a rule that counts for 90 days.
- **Incident Response Group (IRG)**: people who work on one incident.
- Apply these exactly as written

## Codes

| Label | Definition |
| --- | --- |
| HR | Harassment of one person |

## Appeals

An "Appeal" is where a user disputes a decision.
"""


def test_items_rows_and_sentences_define_terms_with_their_section() -> None:
    found = terms(parse(POLICY, name="conduct"))

    assert {key: (one.term, one.section) for key, one in found.items()} == {
        "strike": ("Strike", "definitions"),
        "incident response group": ("Incident Response Group", "definitions"),
        "irg": ("IRG", "definitions"),
        "hr": ("HR", "codes"),
        "appeal": ("Appeal", "appeals"),
    }
    assert found["strike"].meaning == "a recorded break of a rule that counts for 90 days."


def test_a_long_meaning_is_cut_at_a_word() -> None:
    long = "# P\n\n## Definitions\n\n- **Word**: " + "letters " * 100 + "\n"

    meaning = terms(parse(long, name="p"))["word"].meaning

    assert len(meaning) <= LONGEST + 2 and meaning.endswith("letters …")


def test_a_meaning_that_leads_to_a_list_goes_on_with_it() -> None:
    text = "# Fair\n\n## Definitions\n\n- **Pets**: animals of guests. Includes:\n  - dogs\n  - cats\n"

    found = terms(parse(text, name="fair"))

    assert found["pets"].meaning == "animals of guests. Includes: dogs; cats"


def test_a_policy_without_definitions_defines_nothing() -> None:
    assert terms(parse("# Conduct\n\n## Threats\n\n- **Threat**: none of it\n", name="conduct")) == {}
