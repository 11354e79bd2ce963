"""The door: one message and its scene in, one `Reading` out."""

from __future__ import annotations

import re

from bots.reading.facts import Ask, AskKind, Intent, PendingAlert, PersonFacts, Reading, Scene, Temperature

_BARE = re.compile(r"(3[4-9]|4[0-2])\s*[.。．，,·：:度点]\s*([0-9])\s*(?:度|℃|c|C)?")


def read(text: str, scene: Scene) -> Reading:
    """Read one message. Total: any text of any script gives an answer."""
    stripped = text.strip()
    if len(scene.subjects) == 1:
        subject = scene.subjects[0].key
        found = _BARE.fullmatch(stripped)
        if found:
            tenths = int(found[1]) * 10 + int(found[2])
            facts = PersonFacts(subject, temperatures=(Temperature(tenths, stripped),))
            return Reading((facts,), intent=Intent.REPORT, explain=(f"read {tenths / 10} from {stripped}",))
        if re.fullmatch(r"(3[4-9]|4[0-2])[0-9]", stripped):
            tenths = int(stripped)
            pending = (PendingAlert(tenths, stripped, subject, "three_digits"),) if tenths >= scene.fever_tenths else ()
            ask = Ask(AskKind.CONFIRM_VALUE, subject, (tenths,), source=stripped)
            return Reading(asks=(ask,), intent=Intent.REPORT, alerts_pending=pending)
    return Reading(asks=(Ask(AskKind.TEMPERATURE),), intent=Intent.OTHER)
