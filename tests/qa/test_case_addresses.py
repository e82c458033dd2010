"""The addresses of cases."""

from __future__ import annotations

import re
import secrets

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from qa import case_addresses, sealing
from qa.core.db import db, write
from qa.core.settings import ROOT
from qa.models.cases import AddressKey, ClosedCase
from tests.desk import Desk


@given(st.binary(min_size=32, max_size=32), st.lists(st.integers(1, 2**63 - 1), min_size=1, max_size=20))
def test_an_address_leads_back_to_its_case_and_to_no_other(key: bytes, case_ids: list[int]) -> None:
    addresses = sealing.sealed(key, case_ids)

    assert [sealing.opened(key, one) for one in addresses] == case_ids
    assert len(set(addresses)) == len(addresses)
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in addresses)


def test_an_address_tells_nothing_of_the_order_in_which_cases_came() -> None:
    addresses = sealing.sealed(secrets.token_bytes(32), range(1, 20_001))

    whole = [int(one, 16) for one in addresses]
    for bit in range(128):
        ones = [one >> bit & 1 for one in whole]
        same = sum(first == second for first, second in zip(ones, ones[1:], strict=False))
        # Six standard deviations of a fair coin thrown 20,000 times.
        assert abs(sum(ones) - 10_000) < 425 and abs(same - 10_000) < 425, f"bit {bit}"


def test_a_case_is_found_at_its_address_and_nowhere_else(app: Flask) -> None:
    desk = Desk()
    cases = [desk.case() for _ in range(3)]
    first, second = cases[0].public_id, cases[1].public_id

    def found(*addresses: str) -> list[int]:
        ids = select(ClosedCase.id).where(case_addresses.among(addresses)).order_by(ClosedCase.id)
        return list(db.session.scalars(ids))

    # The same bits before a number that differs in one place lead to the neighbour, who holds another address.
    neighbour = f"{first[:16]}{int(first[16:], 16) ^ cases[0].id ^ cases[1].id:016x}"

    assert [found(one.public_id) for one in cases] == [[one.id] for one in cases]
    assert found(first, second) == [cases[0].id, cases[1].id]
    for absent in (neighbour, first[:-1], first.upper(), "", "x" * 32, "é" * 32, secrets.token_hex(16)):
        assert found(absent) == [], absent


def test_the_key_is_drawn_once(app: Flask) -> None:
    first, second = (write(lambda: case_addresses.new(1)[0]) for _ in range(2))

    (key,) = db.session.scalars(select(AddressKey.key)).all()
    assert [sealing.opened(bytes.fromhex(key), one[1]) for one in (first, second)] == [first[0], second[0]]


def test_nobody_looks_a_case_up_by_its_address_but_through_the_key() -> None:
    direct = re.compile(r"ClosedCase\.public_id(\.in_\(| ==)")
    named = [
        str(path.relative_to(ROOT))
        for room in ("qa", "calibration", "training")
        for path in sorted((ROOT / room).rglob("*.py"))
        if direct.search(path.read_text(encoding="utf-8"))
    ]

    assert named == ["qa/case_addresses.py"], "such a question has no index"
