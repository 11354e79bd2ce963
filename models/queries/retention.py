"""From which day on records still lie here."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from models.queries.units import version_of

#: The counter that holds the first day whose check-ins retention has not deleted, as an ordinal.
KEPT_FROM = "check_ins_kept_from"


def kept_from(connection: Connection) -> date:
    """The first day whose check-ins were not deleted; before it, silence says nothing. One statement."""
    return date.fromordinal(version_of(connection, KEPT_FROM) or 1)
