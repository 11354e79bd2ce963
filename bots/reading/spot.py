"""One number and what stands beside it, as the questions of `surroundings.py` look at it."""

from __future__ import annotations

from dataclasses import dataclass

from bots.reading.clauses import Clause, Token
from bots.reading.facts import Home
from bots.reading.names import People
from bots.reading.neighbours import Verdict


@dataclass(slots=True)
class Spot:
    """One number and what stands beside it.

    touching, touched: whether the word before, behind stands right at it. closed: whether a mark follows at once, so
    that nothing can be said of the number right behind it.
    """

    text: str
    clauses: list[Clause]
    clause: Clause
    at: int
    token: Token
    before: Token | None
    after: Token | None
    touching: bool
    touched: bool
    closed: bool
    verdict: Verdict
    people: People
    corrects: bool
    home: Home

    def settle(self, fate: str, reason: str) -> bool:
        """Give the number its fate. Always true, so that a question can end with it."""
        self.verdict.fate, self.verdict.reason = fate, reason
        return True

    def doubt(self, reason: str) -> None:
        """Ask back what would have been stored; nothing else changes."""
        self.verdict.fate, self.verdict.reason = "ask", reason
