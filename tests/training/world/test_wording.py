"""Texts are written from acts: both languages say the same, and versions are respected."""

import random
import re

from training.world.catalogue import SECTIONS
from training.world.wording import CHOICE, acts, choose, say, slots, write

KEYS = [*SECTIONS, "legal-requests/valid"]
ALL = [act for key in KEYS for act in acts(key)]


def choices(template):
    """How many options each choice offers, innermost first."""
    found = []
    while one := CHOICE.search(template):
        found.append(one[1].count("|") + 1)
        template = template[: one.start()] + "#" + template[one.end() :]
    return found


def test_every_act_offers_the_same_choices_in_both_languages():
    for act in ALL:
        assert sorted(choices(act.en)) == sorted(choices(act.es)), act.code


def test_every_act_can_be_told_in_many_ways():
    for act in ALL:
        told = {write(random.Random(seed), act, language="en", urgent=False, strikes=0) for seed in range(40)}

        assert len(told) >= 38, act.code


def test_both_languages_offer_as_many_fillings():
    english, spanish = slots()["en"], slots()["es"]

    assert english.keys() == spanish.keys()
    for name, lines in english.items():
        assert len(lines) == len(spanish[name]) or isinstance(lines, str), name


def test_a_new_clause_is_told_from_its_version_on():
    told = {
        version: {
            choose(random.Random(seed), "scams/off-platform-payment", violates=True, version=version).clause
            for seed in range(200)
        }
        for version in (1, 2)
    }

    assert told[2] - told[1] == {"OP1.g"}
    assert told[1] - told[2] == set()


def test_four_messages_a_day_are_free_in_the_first_version_and_forbidden_in_the_second():
    old = {choose(random.Random(seed), "harassment/harassment", violates=False, version=1).code for seed in range(200)}
    new = {choose(random.Random(seed), "harassment/harassment", violates=True, version=2).code for seed in range(300)}

    assert "ok-four" in old
    assert "HA1.b four" in new


def test_a_line_and_its_translation_say_the_same_at_the_same_time():
    for seed in range(30):
        spanish, english = say(random.Random(seed), "ask", "es")

        assert spanish != english
        assert re.findall(r"\d+:\d\d", spanish) == re.findall(r"\d+:\d\d", english)


def test_strikes_are_told_where_the_ladder_needs_them():
    act = ALL[0]

    text = write(random.Random(1), act, language="es", urgent=False, strikes=2)

    assert text.endswith("Faltas de esta cuenta en los últimos 90 días: 2.")
