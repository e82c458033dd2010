"""Policies in the world of the matrix: versions, questions, drafts and links between clauses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from qa import questions
from qa.conversion.limits import Oddity
from qa.conversion.reading import Converted
from qa.core import jobs
from qa.core.access import SYSTEM, Actor
from qa.core.db import write
from qa.drafting.drafts import begin
from qa.models.drafting import ClauseLink
from qa.policies import clause_links as links_between
from qa.policies import policies as policy_deeds
from tests import factories
from tests.desk import POLICY

#: Personas who answer questions.
ANSWER = ("policy_owner", "manager", "admin", "dual", "ended")
NOBODY = "0123456789abcdef" * 2


def builders(desk: Callable[[Any], Any], ids: Any) -> dict[str, Any]:
    """What rows of the matrix name; *desk* makes the quality desk of a world."""
    return {what: partial(made, desk, ids) for what, made in WHAT.items()}


def policies(desk: Any, ids: Any, world: Any, _persona: str) -> Any:
    """Everybody may read every policy."""
    desk(world)
    return ids(open=[{"slug": "conduct"}], closed=[], absent={"slug": "nothing"})


def policy_versions(desk: Any, ids: Any, world: Any, _persona: str) -> Any:
    """Everybody may read every version."""
    desk(world)
    return ids(open=[{"slug": "conduct", "number": "1"}], closed=[], absent={"slug": "conduct", "number": "7"})


def policy_questions(desk: Any, ids: Any, world: Any, persona: str) -> Any:
    """Everybody may read what was answered; what waits is open to whoever answers."""
    desk(world)
    owner = factories.acting(world.people["policy_owner"])
    waits = world.once("waits", lambda: write(lambda: asked(owner, "conduct/threats")))
    told = world.once("told", lambda: write(lambda: answered(owner, asked(owner, "conduct/praise"))))
    may_act = persona in ANSWER
    opened, closed = ([waits, told], []) if may_act else ([told], [waits])
    return ids(
        open=[{"public_id": one} for one in opened],
        closed=[{"public_id": one} for one in closed],
        absent={"public_id": NOBODY},
    )


def asked(owner: Actor, section_key: str) -> str:
    """The address of a question about a section."""
    return questions.ask(owner, section_key=section_key, text="What is meant?").public_id


def answered(owner: Actor, public_id: str) -> str:
    """The address of a question that is answered now."""
    return questions.answer(owner, public_id, wording="Does it hold abroad?", answer="It does.").public_id


def drafts(desk: Any, ids: Any, world: Any, _persona: str) -> Any:
    """Whoever answers for policies may open every draft: one that rewords, adds and names what it could not read."""
    desk(world)
    text = POLICY.replace("Saying that somebody will be hurt", "Saying that someone is going to be hurt")
    text = text.replace("# Conduct\n", "# Conduct\n\nNot allowed:\n\n- Lying\n", 1)
    text += "\n## Gifts <!-- not yet -->\n\nNo gifts.\n"
    found = Converted(text, "markdown", (Oddity("line 3", "It was read as Windows-1252."),))
    kept = {"name": "conduct.md", "source_sha256": "0" * 64}
    row = world.once("draft", lambda: write(lambda: begin(SYSTEM, found, **kept)))
    return ids(open=[{"public_id": row.public_id}], closed=[], absent={"public_id": NOBODY})


def clause_links(desk: Any, ids: Any, world: Any, _persona: str) -> Any:
    """Whoever answers for policies may confirm or end every link."""
    desk(world)
    guide = "---\naudience: internal\n---\n# Guide\n\n## Threats\n\nAsk twice.\n"

    def made() -> ClauseLink:
        policy_deeds.import_text(SYSTEM, guide, name="guide")
        return links_between.link(SYSTEM, internal_key="guide/threats", public_key="conduct/threats")

    row = world.once("clause_link", lambda: write(made))
    return ids(open=[{"public_id": row.public_id}], closed=[], absent={"public_id": NOBODY})


def draft_jobs(desk: Any, ids: Any, world: Any, _persona: str) -> Any:
    """A long text of a policy that waits to be read."""
    args = {"token": "1" * 32, "name": "long.md", "kind": "", "slug": None, "language": "", "starts_on": None}
    job = world.once("draft_job", lambda: write(lambda: jobs.enqueue(SYSTEM, "policies.take", args)))
    return ids(open=[{"public_id": job.public_id}], closed=[], absent={"public_id": NOBODY})


WHAT: dict[str, Any] = {
    "policies": policies,
    "policy_versions": policy_versions,
    "drafts": drafts,
    "draft_jobs": draft_jobs,
    "clause_links": clause_links,
    "questions": policy_questions,
}
