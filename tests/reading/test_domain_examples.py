"""The 92 examples of domain handbook 14, each with its stated meaning; where contract 10 settles it otherwise (9: three
digits are never stored before a yes) the contract's. A row may hold several writings, each is one line."""

from __future__ import annotations

import json

from tests.reading.scoring import CORPUS, corpus, score

DOMAIN = CORPUS.parent / "domain"


def test_every_row_of_the_handbook_is_there() -> None:
    rows = [json.loads(line)["row"] for line in (DOMAIN / "14.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(set(rows)) == list(range(1, 93))


def test_every_row_has_its_stated_meaning() -> None:
    figures = score(list(corpus(DOMAIN)))
    assert figures.lines > 100
    assert not figures.failures, "\n".join(figures.failures)
