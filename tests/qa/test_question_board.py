"""The board of questions about clauses: what stands first, whose words stand beside it, and a long one by its pages."""

from __future__ import annotations

from flask import Flask

from qa import questions
from qa.core.access import SYSTEM, Actor
from qa.core.db import write
from qa.models.policies import PolicyQuestion
from qa.queries import questions as queries
from tests import factories
from tests.desk import Desk


def by_hand(owner: Actor, key: str = "conduct/threats") -> str:
    """A question that an owner asks in words."""
    return write(lambda: questions.ask(owner, section_key=key, text="Some read it otherwise").public_id)


def test_what_is_asked_again_by_an_owner_adds_their_words_to_the_question_that_waits(sqlite_app: Flask) -> None:
    Desk()
    owner, lead = factories.actor("policy_owner"), factories.actor("manager", manages=None)
    public_id = by_hand(owner)

    again = write(lambda: questions.open_question(
        lead, section_key="conduct/threats", origin_kind="signal", origin_ref="s1", evidence={"errors": 3},
        text="Half of them read it as a joke.",
    ))  # fmt: skip

    assert again.public_id == public_id
    page = factories.browser(sqlite_app, owner).get(f"/questions/{public_id}").text
    assert "Half of them read it as a joke." in page


def scanned(key: str, errors: int) -> None:
    """A question that the scan asks, with what speaks for it."""
    seen = {"errors": errors, "cases": 40, "others": 9}
    write(lambda: questions.open_question(SYSTEM, section_key=key, origin_kind="scan", origin_ref="q", evidence=seen))


def test_what_most_errors_speak_for_stands_first_on_the_board_and_the_card(sqlite_app: Flask) -> None:
    Desk()
    owner = factories.actor("policy_owner")
    by_hand(owner, "conduct/praise")
    scanned("conduct/insults", 3)
    scanned("conduct/threats", 8)

    ordered = ["conduct/threats", "conduct/insults", "conduct/praise"]
    assert [row.section_key for row in queries.board(owner)] == ordered
    assert [row.section_key for row in queries.waiting(owner)] == ordered


def test_a_long_board_comes_page_by_page(sqlite_app: Flask) -> None:
    Desk()
    owner = factories.actor("policy_owner")
    for number in range(52):
        row = PolicyQuestion(
            section_key="conduct/threats", kind="policy", origin_kind="hand", origin_ref=f"r{number}", evidence={},
            text=f"Word {number}.", state="closed", asked_by_id=owner.id,
        )  # fmt: skip
        factories.kept(row)
    window = factories.browser(sqlite_app, owner)

    first, second = (window.get(f"/questions?state=closed&from={at}").text for at in (0, 50))

    assert "1 to 50 of 52" in first and "Word 51." in first and "Word 1." not in first and "Next page" in first
    assert "51 to 52 of 52" in second and "Word 1." in second and "Previous page" in second
