"""What the environment says, and what a wrong word in it brings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from qa.core import settings


@pytest.mark.parametrize("secret", ["changeme", "secret", "0123456789"])
def test_a_secret_that_anybody_could_guess_ends_the_start_with_a_sentence(tmp_path: Path, secret: str) -> None:
    environment = {"SECOND_LOOK_INSTANCE": str(tmp_path), "SECRET_KEY": secret}

    with pytest.raises(SystemExit) as ended:
        settings.from_environment(environment)

    assert str(ended.value).startswith("SECRET_KEY must be a secret of at least 32 characters")


def test_a_number_that_is_none_is_named_with_its_variable(tmp_path: Path) -> None:
    environment = {"SECOND_LOOK_INSTANCE": str(tmp_path), "SECOND_LOOK_TRUSTED_PROXIES": "two"}

    with pytest.raises(settings.SettingsError, match="SECOND_LOOK_TRUSTED_PROXIES must be a whole number, not 'two'"):
        settings.from_environment(environment)


def test_a_secret_is_drawn_once_where_none_is_given(tmp_path: Path) -> None:
    environment = {"SECOND_LOOK_INSTANCE": str(tmp_path)}

    first, again = (settings.from_environment(environment).secret_key for _ in range(2))

    assert first == again and len(first) >= 32


def test_many_that_start_for_the_first_time_together_have_one_secret(tmp_path: Path) -> None:
    together = Barrier(8)

    def started(_: int) -> str:
        together.wait()
        return settings.from_environment({"SECOND_LOOK_INSTANCE": str(tmp_path)}).secret_key

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(started, range(8)))

    assert found == {(tmp_path / "secret_key").read_text()}


def test_a_secret_that_was_never_finished_is_drawn_anew(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")

    found = settings.from_environment({"SECOND_LOOK_INSTANCE": str(tmp_path)}).secret_key

    assert len(found) >= 32 and (tmp_path / "secret_key").read_text() == found
