"""When journeys and contacts are asked about again (domain handbook 5: first use, change, return, weekly)."""

from __future__ import annotations

from datetime import date


def is_due_again(day: date, bound_on: date, declared_on: date | None, every: int) -> bool:
    """Whether a day is one of those on which it is asked, `every` so many days after the last word on it.

    Asked once a week and not every day until an answer comes: whoever says nothing is asked again the week after.
    Somebody of whom nothing was ever declared is counted from their binding, where it was asked for first.
    """
    since = (day - (declared_on or bound_on)).days
    return every > 0 and since > 0 and since % every == 0
