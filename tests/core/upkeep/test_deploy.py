"""The files for running it for a team say what the product really needs, and the tools that read them take them."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from gunicorn.config import Config

from qa.core.settings import ROOT, from_environment

HERE = ROOT / "qa" / "core" / "upkeep" / "deploy"
UNITS = ("second-look.service", "second-look-worker.service")


def unit(name: str) -> configparser.ConfigParser:
    """A unit as its sections; a key that comes twice keeps the last value."""
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # keys of units are told apart by their case
    read.read(HERE / name)
    return read


def steps() -> list[tuple[str, str]]:
    """The instructions of the container file, with continued lines joined."""
    lines = re.sub(r"\\\n", " ", (HERE / "Containerfile").read_text()).splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines if line and not line.startswith("#")]


def test_the_container_runs_as_nobody_in_particular_and_keeps_its_data_in_a_volume() -> None:
    found = dict(steps())

    assert [name for name, _ in steps()][:2] == ["ARG", "FROM"] and found["FROM"] == "${BASE}"
    assert "slim" in found["ARG"] and "/" not in found["ARG"]
    assert found["USER"] == "10001" and found["VOLUME"] == "/data" and "SECOND_LOOK_INSTANCE=/data" in found["ENV"]
    assert "/healthz" in found["HEALTHCHECK"]


def test_all_that_the_container_copies_is_there_and_nothing_else_of_the_product_is_missing() -> None:
    copied = {name for step, rest in steps() if step == "COPY" for name in rest.split()[:-1]}

    assert all((ROOT / name).exists() for name in copied)
    assert {"qa", "calibration", "training", "templates", "static", "wsgi.py", "requirements.txt"} <= copied


def web_commands() -> list[list[str]]:
    """How the web is started: by the container, and by its unit."""
    return [json.loads(dict(steps())["CMD"]), shlex.split(unit(UNITS[0])["Service"]["ExecStart"])]


@pytest.mark.parametrize("command", web_commands(), ids=["container", "unit"])
def test_the_web_server_takes_its_options(command: list[str]) -> None:
    program, *options = command

    read = Config().parser().parse_args(options)

    assert Path(program).name == "gunicorn" and read.args == ["wsgi:app"]
    assert (read.worker_class, read.workers, read.threads) == ("gthread", 2, 8)


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_taken_by_systemd_and_gives_away_nothing(name: str, tmp_path: Path) -> None:
    service = unit(name)["Service"]

    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("second-look", "yes", "strict")
    assert service["StateDirectory"] == "second-look" and service["StateDirectoryMode"] == "0700"
    if shutil.which("systemd-analyze"):
        for one in UNITS:  # programs and people of a real installation are not here
            text = re.sub(r"/opt/second-look/\.venv/bin/\S+", "/bin/true", (HERE / one).read_text())
            text = re.sub(r"(?m)^(User|Group|WorkingDirectory)=.*\n", "", text)
            (tmp_path / one).write_text(text)
        said = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)], capture_output=True, text=True, timeout=60
        )
        assert [line for line in said.stderr.splitlines() if "second-look" in line] == []


def test_the_proxies_let_in_what_the_product_takes_and_say_who_asks(tmp_path: Path) -> None:
    most = from_environment({"SECOND_LOOK_INSTANCE": str(tmp_path)}).max_upload_mb
    nginx, caddy = (HERE / "nginx.conf").read_text(), (HERE / "Caddyfile").read_text()

    assert f"client_max_body_size {most}m;" in nginx and f"max_size {most}MiB" in caddy
    for header in ("X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme", "X-Forwarded-Host $host"):
        assert f"proxy_set_header {header};" in nginx
    assert nginx.count("{") == nginx.count("}") and caddy.count("{") == caddy.count("}")
    assert "Upgrade" not in nginx
    assert "Strict-Transport-Security" not in nginx + caddy  # the app's own would stand there twice


def test_every_setting_of_the_example_is_one_that_is_read() -> None:
    text = (HERE / "second-look.env.example").read_text()

    named = set(re.findall(r"(?m)^#?([A-Z_]+)=", text))

    read = (ROOT / "qa" / "core" / "settings.py").read_text()
    assert named and {name for name in named if f'"{name}"' not in read} == set()
