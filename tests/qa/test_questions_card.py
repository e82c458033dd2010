"""What a policy owner finds on the home: the clauses that many misread."""

from __future__ import annotations

import re

from flask import Flask

from qa import questions
from qa.core.access import SYSTEM
from qa.core.db import write
from tests import factories
from tests.desk import Desk


def test_a_policy_owner_finds_the_clause_that_is_asked_about_and_its_text(sqlite_app: Flask) -> None:
    Desk()
    owner = factories.browser(sqlite_app, factories.actor("policy_owner"))
    quiet = owner.get("/").text
    counts = {"errors": 8, "cases": 26, "others": 15}
    write(
        lambda: questions.open_question(
            SYSTEM, section_key="conduct/threats", origin_kind="scan", origin_ref="2026-4", evidence=counts
        )
    )

    home = owner.get("/").text
    clause = owner.get("/policies/conduct").text

    assert "No clause is asked about." in quiet
    assert "8 errors in 26 settled cases of 15 agents, asked 16 Nov 2026" in home
    assert re.search(r'href="/questions/[0-9a-f]{32}">Conduct: Threats</a>', home)
    assert 'id="s-threats"' in clause


def test_a_question_in_words_shows_its_words_and_nobody_else_sees_it(sqlite_app: Flask) -> None:
    desk = Desk()
    write(
        lambda: questions.open_question(
            SYSTEM, section_key="conduct/insults", origin_kind="signal", origin_ref="x", evidence={"errors": 5},
            text="Is <b>sarcasm</b> meant too?",
        )
    )  # fmt: skip

    home = factories.browser(sqlite_app, factories.actor("policy_owner")).get("/").text

    assert "Is &lt;b&gt;sarcasm&lt;/b&gt; meant too?" in home
    assert "5 errors" not in home
    assert "sarcasm" not in factories.browser(sqlite_app, desk.agent).get("/").text
