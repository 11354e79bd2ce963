"""docs/delivery.md tells of every number the platform says no with, and tells the truth about it."""

from __future__ import annotations

import re

import bots.engine.sender
from bots.wechat.errcodes import ERRCODES
from models.schema import ROOT
from schedules.delivery import reasons
from schedules.delivery.ladder import _INTERFACE_ONLY

PAGE = (ROOT / "docs" / "delivery.md").read_text("utf-8")


def rows() -> list[tuple[list[int], str, str]]:
    """The table's lines: numbers, the name of the error they are for us, what we do."""
    found = re.findall(r"^\| ((?:-?\d+ ?)+)\| `(\w+)`: [^|]+\| ([^|]+) \|$", PAGE, re.MULTILINE)
    return [([int(number) for number in numbers.split()], name, deed) for numbers, name, deed in found]


def test_every_number_we_know_stands_in_one_line_and_no_other_does() -> None:
    told = [number for numbers, _, _ in rows() for number in numbers]
    assert sorted(told) == sorted(ERRCODES)


def test_each_is_what_the_page_calls_it() -> None:
    wrong = [
        (number, name)
        for numbers, name, _ in rows()
        for number in numbers
        if ERRCODES[number].error is not getattr(bots.engine.sender, name)
    ]
    assert wrong == []


def test_a_closed_interface_leads_on_and_another_fault_of_the_account_waits() -> None:
    leads_on = {
        number
        for numbers, name, deed in rows()
        if name == "Misconfigured" and deed.startswith("next rung")
        for number in numbers
    }
    assert leads_on == _INTERFACE_ONLY


def test_what_people_read_of_a_number_is_of_a_number_we_know() -> None:
    assert set(reasons.ERRCODES) <= set(ERRCODES)
