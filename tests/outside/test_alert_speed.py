"""From the parent's message to the alert on the teacher's phone, seen from outside: separate processes, real clock.

What is asserted is counted: every fever reaches the phone, once. How long it took is kept in the test's report
(`--junit-xml`, property `alert_seconds`) and on standard error; issue 6 asks for less than two seconds.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from tests.outside.site import Phone, Site
from tests.outside.test_for_real import codes_of, write_roster

FEVERS = [f"38.{digit}" for digit in range(1, 10)]


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("speed")
    (folder / "district.toml").write_text('[district]\nname = "春江区"\ncode = "230717"\n')
    made = Site(folder)
    yield made
    made.close()


def bound(control: object, name: str, code: str) -> Phone:
    phone = Phone(control, name)  # type: ignore[arg-type]
    assert "同意" in phone.say(f"绑定 {code}")
    phone.say("同意")
    return phone


def seen(teacher: Phone, fever: str) -> bool:
    return any(f"{fever}℃" in text and "林小禾" in text for text in teacher.pushed())


@pytest.mark.long
def test_every_fever_reaches_the_teacher_s_phone(site: Site, record_property: pytest.FixtureRequest) -> None:
    site.run("migrate")
    write_roster(site.folder / "roster.xlsx")
    site.run("roster", "import", "roster.xlsx")
    codes = codes_of(site)
    control = site.platform()
    site.serve()
    teacher, mother, other = (
        bound(control, name, codes[number]) for name, number in (("老师", "T001"), ("妈妈", "P001"), ("邻居", "P002"))
    )
    # The morning goes on meanwhile: another family writes as fast as it is answered.
    ended = threading.Event()

    def rush() -> None:
        while not ended.is_set():
            other.say("36.5")

    crowd = threading.Thread(target=rush)
    crowd.start()
    took: list[float] = []
    try:
        for fever in FEVERS:
            teacher.say("收到")  # keeps the window of customer-service messages open
            begun = time.monotonic()
            mother.say(f"改 {fever}" if took else fever)
            while not seen(teacher, fever) and time.monotonic() - begun < 30:
                threading.Event().wait(0.02)
            took.append(time.monotonic() - begun)
            assert seen(teacher, fever), site.logs()
    finally:
        ended.set()
        crowd.join()
    assert len(took) == len(FEVERS)
    told = f"median {statistics.median(took):.2f} s, longest {max(took):.2f} s of {len(took)}"
    record_property("alert_seconds", told)  # type: ignore[operator]
    sys.stderr.write(f"message to the teacher's phone: {told}\n")
