import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.policytext.decoding import decode

TEXT = "# Größe\n\n- „naïve“ façade — 5 €\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_text_that_says_how_it_was_saved_is_read_so(encoding):
    found = decode(TEXT.encode(encoding))

    assert (found.text, found.oddities) == (TEXT, ())


def test_lines_of_another_encoding_are_read_and_named():
    raw = "Größe\n".encode() + "naïve – façade\n".encode("cp1252") + "Ärger\n".encode() + b"\x81\xe4"

    found = decode(raw)

    assert found.text == "Größe\nnaïve – façade\nÄrger\n\x81ä"
    assert [oddity.line for oddity in found.oddities] == [2, 4]


@given(st.binary(max_size=60))
def test_any_bytes_are_read(raw):
    assert isinstance(decode(raw).text, str)


@given(st.text())
def test_any_text_in_utf_8_is_itself(text):
    assert decode(text.encode("utf-8", "ignore")).text == text.encode("utf-8", "ignore").decode().removeprefix("\ufeff")
