"""The one place where a model may say how risky a case is: plans read it as the column `risk`, a share from 0 to 1.

A model is set by whoever puts the app together, with `use`. It sees columns that a case brings, never a truth or a
person's name, and only splits the frame into tiers: probabilities stay exact whatever it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, current_app

from qa.core.errors import Refused

COLUMN = "risk"
_PLACE = "risk_model"


class Estimator(Protocol):
    """What is asked of a fitted classifier of scikit-learn, such as a pipeline that begins with a DictVectorizer."""

    def predict_proba(self, rows: Sequence[Mapping[str, str]], /) -> Any:
        """[n, 2]: the chance of an error is the second column."""


@dataclass(frozen=True, slots=True)
class RiskModel:
    """A fitted model. *name* says which one and of when; draws keep it, so a changed model needs another name."""

    name: str
    columns: tuple[str, ...]
    estimator: Estimator

    def written(self, row: Mapping[str, str | None]) -> str:
        """The risk of a case, as conditions read it. A cell that is empty is not handed on."""
        known = {name: value for name in self.columns if (value := row.get(name)) is not None}
        return f"{float(self.estimator.predict_proba([known])[0][1]):.6f}"


def use(app: Flask, model: RiskModel) -> None:
    """Let plans of *app* speak of the risk that *model* gives."""
    app.extensions[_PLACE] = model


def model() -> RiskModel:
    """The model in use. Raises Refused while there is none."""
    found = current_app.extensions.get(_PLACE)
    if not isinstance(found, RiskModel):
        raise Refused("This plan speaks of risk, and no model that gives it is set.")
    return found
