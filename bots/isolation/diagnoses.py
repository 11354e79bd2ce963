"""What a hospital found, passed on in an answer: teacher and doctor hear at once, and papers are asked for where due.

A notifiable disease is the school's to know at once (domain handbook 4.6 R2); a case of what everybody is watched for is
A04 already. Which diseases keep somebody away, and for how long, are the district's rules (`[[return_after]]`).
"""

from __future__ import annotations

from datetime import date

from bots.check_in.alerting import alert
from bots.check_in.keep import AFTER_SAID, SAID_BY
from bots.check_in.scene import Known
from bots.engine.conversation import Turn
from models.actions.management import need_clearance
from models.rules.alerts import Finding
from models.rules.check_in import Health
from models.rules.clusters import diagnoses_in
from models.rules.management import wait_of


def _after_said(turn: Turn, person: Known, unit_id: int, day: date, health: Health) -> None:
    found = sorted(diagnoses_in(turn.text)) if "diagnosis" in health.statements else []
    if not found:
        return
    said_by = SAID_BY["guardian" if person.kind == "student" else "self"]
    alert(turn, person, unit_id, day, [Finding("A07", {"diagnosis": found})], said_by)
    asks = next((disease for disease in found if wait_of(disease, turn.district, day) is not None), "")
    if asks and person.kind == "student":
        need_clearance(turn.work, person.person_id, unit_id, "sick", day, disease=asks, since=day)


AFTER_SAID.append(_after_said)
