"""The one error of the way in."""

from __future__ import annotations


class Refused(Exception):
    """A request is not a message for us; answer `status` and touch nothing.

    status: the HTTP status (4xx). reason: for the log; never contains what the sender wrote.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status, self.reason = status, reason
