"""What a policy's owner says of its rules reaches what is taught of them."""

from __future__ import annotations

from datetime import date

from flask import Flask

from qa.core.access import SYSTEM
from qa.core.db import write
from qa.models.drafting import RuleOverride
from qa.policies import corrections
from tests import factories
from tests.desk import Desk
from training import sources

DAY = date(2026, 11, 16)


def test_what_is_taught_has_the_side_that_the_owner_put_a_rule_on(app: Flask) -> None:
    Desk()
    before = sources.in_force(DAY)[0]
    rule = next(rule for one in before.document.sections for rule in one.rules if rule.text == "Thanking somebody")

    write(lambda: corrections.correct(SYSTEM, "conduct", rule=rule, side="prohibited"))
    after = sources.in_force(DAY)[0]

    found = next(one for part in after.document.sections for one in part.rules if one.text == "Thanking somebody")
    assert (rule.polarity, found.polarity) == ("permitted", "prohibited")
    assert found.unit_hash != rule.unit_hash and after.corrections != before.corrections == ""


def test_a_correction_of_words_that_a_version_does_not_have_leaves_its_modules_alone(sqlite_app: Flask) -> None:
    Desk()
    factories.kept(RuleOverride(slug="conduct", unit_hash="0" * 64, polarity="permitted"))

    source = sources.in_force(DAY)[0]

    assert source.corrections == ""
    assert [rule.polarity for one in source.document.sections for rule in one.rules].count("permitted") == 1
