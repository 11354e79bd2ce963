"""How long a line between a family and its teacher stays open (contract 8, `联系老师`). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

#: Without a word from either side for so long, the line is closed.
OPEN_FOR = timedelta(days=1)
#: How the keys of the pushes of a line begin: LINE:thread:message.
LINE = "teacher-line"
#: What is passed on of one message, in characters: four bytes each and the frame stay within the platform's 2,000.
LONGEST = 450


def oldest_open(now: datetime) -> datetime:
    """Lines whose last word is older than this are closed."""
    return now - OPEN_FOR
