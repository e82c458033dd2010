"""The conversation around a case: what the reporter, the subject, the system and the agent wrote."""

import json
import random
from datetime import timedelta

from training.world.timing import Times
from training.world.wording import say

SHARE_WITH_TALK = 0.35


def messages(rng: random.Random, language: str, times: Times) -> str:
    """A JSON list as the column `messages` takes it; empty for most cases."""
    if rng.random() >= SHARE_WITH_TALK:
        return ""
    waited = (times.closed_at - times.opened_at).total_seconds()
    talk = [("system", "received", 5.0), ("reporter", "ask", waited * rng.uniform(0.05, 0.5))]
    if rng.random() < 0.45:
        talk.append(("subject", "reply", waited * rng.uniform(0.55, 0.95)))
    if rng.random() < 0.5:
        talk.append(("agent", "closed", waited + rng.randrange(20, 300)))
    rows = []
    for role, what, after in talk:
        text, english = say(rng, what, language)
        at = times.opened_at + timedelta(seconds=round(after))
        row = {"at": at.isoformat(), "author_role": role, "text": text, "language": language}
        rows.append(row | ({"translation": english} if language != "en" else {}))
    return json.dumps(rows, ensure_ascii=False)
