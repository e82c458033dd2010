"""The parts of start.py: what it remembers, how it installs, what it says when it is asked wrongly."""

import json
import socket
import subprocess
import sys
import threading
import time

import pytest

import start


def test_the_digest_tells_other_pins_apart(tmp_path):
    pins = tmp_path / "requirements.txt"
    pins.write_text("flask==3.1.0\n")
    before = start.digest(pins)

    pins.write_text("flask==3.1.1\n")

    assert start.digest(pins) != before
    assert start.digest(pins) == start.digest(pins)


def test_the_digest_tells_another_python_apart(tmp_path, monkeypatch):
    pins = tmp_path / "requirements.txt"
    pins.write_text("flask==3.1.0\n")
    before = start.digest(pins)

    monkeypatch.setattr(sys, "version_info", (3, 99, 0))

    assert start.digest(pins) != before


@pytest.mark.parametrize("torn", ["", "{", "[1, 2]", "7"])
def test_torn_notes_are_no_notes(tmp_path, torn):
    notes = tmp_path / "notes.json"
    notes.write_text(torn)

    assert start.read_notes(notes) == {}


def test_notes_are_added_to_what_was_known(tmp_path):
    notes = tmp_path / "notes.json"

    start.add_notes(notes, {"a": "1", "b": "1"})
    start.add_notes(notes, {"b": "2"})

    assert json.loads(notes.read_text()) == {"a": "1", "b": "2"}
    assert list(tmp_path.iterdir()) == [notes]


def test_uv_is_taken_where_it_is_found():
    command = start.installer("/opt/bin/uv", (99, 0))

    assert command[:3] == ["/opt/bin/uv", "pip", "install"]
    assert str(start.PYTHON) in command


@pytest.mark.parametrize("version", [(22, 3), (22, 3, 1), (23, 0, 1), (26, 0)])
def test_the_outer_pip_is_taken_from_22_3_on(version):
    command = start.installer(None, version)

    assert command[:6] == [sys.executable, "-m", "pip", "--python", str(start.PYTHON), "install"]


@pytest.mark.parametrize("version", [(0,), (9, 0, 3), (22, 2, 2)])
def test_without_a_pip_that_can_reach_out_the_bundled_one_is_taken(version):
    command = start.installer(None, version)

    assert command[:4] == [str(start.PYTHON), "-m", "pip", "install"]


def test_the_demonstration_is_opened_first_and_the_choice_is_kept(tmp_path):
    first = start.choose(tmp_path, None)
    own = start.choose(tmp_path, start.OWN)
    kept = start.choose(tmp_path, None)
    back = start.choose(tmp_path, start.DEMO)

    assert [first, own, kept, back] == [start.DEMO, start.OWN, start.OWN, start.DEMO]
    assert (tmp_path / "current").read_text() == "demo.sqlite3\n"


def test_own_data_that_was_made_by_hand_is_not_passed_over(tmp_path):
    (tmp_path / start.OWN).touch()

    chosen = start.choose(tmp_path, None)

    assert chosen == start.OWN


def test_a_choice_that_names_no_database_of_ours_is_not_followed(tmp_path):
    (tmp_path / "current").write_text("../../elsewhere\n")

    chosen = start.choose(tmp_path, None)

    assert chosen == start.DEMO


def test_a_second_set_up_waits_for_the_first(tmp_path, capsys):
    order = []

    def second():
        with start.alone(tmp_path):
            order.append("second")

    with start.alone(tmp_path):
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.2)
        order.append("first")
    waiting.join(5)

    assert order == ["first", "second"]
    assert "waiting for it" in capsys.readouterr().out


def test_a_port_that_is_taken_is_named():
    with socket.socket() as other:
        other.bind((start.HOST, 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(start.Failed, match=f"Port {port} is taken"):
            start.check_free(port)


def test_a_port_past_the_last_one_is_refused():
    with pytest.raises(start.Failed, match="Port 70000 does not work"):
        start.check_free(70000)


def test_the_welcome_names_the_people_of_the_demonstration_alone(tmp_path):
    (tmp_path / "demo_people.txt").write_text("Ada, manager\n")

    demo = start.welcome(tmp_path, 8000, start.DEMO)
    own = start.welcome(tmp_path, 8000, start.OWN)

    assert "http://127.0.0.1:8000" in demo
    assert "Ada, manager" in demo
    assert "Ada" not in own


@pytest.mark.parametrize(
    "words",
    [["tset"], ["--prot", "8001"], ["--port", "eight"], ["--empty", "--demo"], ["--empty", "test"], ["--emp"]],
)
def test_what_is_not_understood_is_said_with_the_usage(words):
    asked = subprocess.run(
        [sys.executable, str(start.ROOT / "start.py"), *words], capture_output=True, text=True, check=False
    )

    assert asked.returncode == 2
    assert asked.stderr.startswith("usage: start.py")


def test_the_browser_tests_ask_for_a_browser(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "/nowhere")

    code = start.main(["test", "--browser"])

    assert code == 1
    assert "need Chromium" in capsys.readouterr().err


def test_every_list_of_pins_contains_the_one_before_it():
    listed = [
        {line.split("==")[0] for line in (start.ROOT / name).read_text().splitlines() if "==" in line}
        for name in start.PINS
    ]

    assert listed[0] < listed[1] < listed[2]


@pytest.mark.parametrize("name", start.PINS)
def test_every_pin_has_its_hashes_and_no_address(name):
    text = (start.ROOT / name).read_text()

    pins = text.count("==")
    unhashed = [line for line in text.splitlines() if "==" in line and not line.endswith("\\")]

    assert pins > 20
    assert unhashed == []
    assert "://" not in text
