"""What could tell an outcome is found by what stands in the text, whatever the outcome is."""

from __future__ import annotations

import pytest

from qa.redaction.leaks import found, staff
from qa.redaction.spans import apart, covered

STAFF = staff(
    [("ag-07", "Anna Bell", "anna.bell@desk.example"), ("x1", "May", None), ("jp.o", "João Pedro Ortega", None)]
)
ACTIONS = {"remove", "keep", "send_to_lead"}
#: A text -> the same with what could tell covered. Made up for this test.
TELLING = {
    "anna BELL wrote it": "[name] wrote it",
    "Bell, Anna was here": "[name] was here",
    "João Pedro Ortega (JP.O) saw it": "[name] ([name]) saw it",
    "assigned to ag-07.": "assigned to [name].",
    "The post was removed by moderator Lee yesterday": "[masked] yesterday",
    "You have already removed my post": "[masked] my post",
    "Moderators kept it up": "[masked] it up",
    "my account was suspended, why?": "[masked], why?",
    "It was closed as no violation": "It was [masked]",
    "no violation was found": "[masked]",
    "The video was found to violate the rules": "The video [masked] the rules",
    "no action needed": "[masked]",
    "Dein Beitrag wurde gestern gelöscht": "[masked]",
    "mon compte a été suspendu hier": "[masked] hier",
    "mi cuenta fue suspendida": "[masked]",
    "Decision: removed": "[masked]",
    "Action taken - keep": "[masked]",
    "** Final outcome => send_to_lead": "[masked]",
    "[MOD NOTE] repeat offender\nhello": "[masked]\nhello",
    "Internal comment: looks fine": "[masked]",
    "see case_remove_123 and T-KEPT-9": "see [masked] and [masked]",
}  # fmt: skip
#: What people write without telling anything.
HARMLESS = (
    "Words like these will get you banned here, thankfully.",
    "I removed my listing because he deleted his account",
    "They blocked me, then they came back",
    "May came along in May",
    "Status: open",
    "Result: 3 to 2 for us",
    "The bell rang, and anna left",
    "please take action and remove this",
    "he warned her that he would come",
    "Order RM-2041 was never sent",
    "The agent of the house called me",
)


@pytest.mark.parametrize("text", TELLING)
def test_what_could_tell_is_covered(text: str) -> None:
    assert covered(text, apart(found(text, STAFF, ACTIONS))) == TELLING[text]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_tells_nothing_stays(text: str) -> None:
    assert found(text, STAFF, ACTIONS) == []


def test_a_mask_looks_the_same_whatever_was_decided() -> None:
    texts = [f"Decision: {word}" for word in ("removed", "keep", "no violation", "escalated")]

    assert {covered(text, found(text, STAFF, ACTIONS)) for text in texts} == {"[masked]"}
