"""The first sample: ten cases by chance, each equally likely, so that somebody can grade within minutes."""

from __future__ import annotations

from sqlalchemy import select

from qa.core.access import Actor
from qa.core.db import db
from qa.core.people import people
from qa.models.plans import Plan
from qa.plans import deeds as plan_deeds

NAME = "First sample"
SIZE = 10
#: No strata: ten cases are too few for any. No second looks: whoever begins may be alone.
TEXT = f'name = "{NAME}"\npurpose = "measure"\nstrata = []\nsize = {SIZE}\nallocation = "proportional"\noverlap = 0.0\n'


def draw(actor: Actor) -> None:
    """Have the first sample drawn. Raises Refused when its plan was retired."""
    address = db.session.scalar(select(Plan.public_id).where(Plan.name == NAME)) or plan_deeds.publish(actor, TEXT)
    plan_deeds.ask_for_draw(actor, address)


def grade_too(actor: Actor) -> bool:
    """Let *actor* grade besides what they do; whether they did not before. Ends their sittings if so."""
    return people.set_roles(actor, people.by_public_id(actor.public_id), {*actor.roles, "reviewer"})
