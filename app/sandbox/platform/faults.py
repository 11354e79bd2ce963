"""Faults on purpose, drawn from a seed so that a run can be repeated.

A rule is a JSON object:

    {"on": "call", "route": "/cgi-bin/message/custom/send", "fault": "errcode", "errcode": -1,
     "probability": 0.1, "times": 3, "after": 2}

`on` is `call` (the back end calls the platform) or `push` (the platform pushes). `route` is a path, or for pushes a
MsgType or Event name; `*` or absent: all. `probability` defaults to 1, `times` to no limit, `after` skips that many
matching ones first.

Faults of calls: `errcode` (with `errcode`; before anything is done), `status` (with `status`, e.g. 502), `slow` (with
`seconds`, real ones), `cut` (nothing done, connection cut), `cut_after` (done, then the connection is cut),
`truncated` (done, half the JSON), `garbage` (done, control characters and bad UTF-8 in the answer), `revoked` (every
token is replaced first, so the call gets 40001), `template_status` (with `status`: what TEMPLATESENDJOBFINISH says),
`out_of_order` (a customer-service message reaches the phone only after the next one), `snapshot` (an OAuth code is
that of a snapshot page's made-up user).

Faults of pushes: `duplicate` (delivered again after success), `concurrent` (two deliveries at once), `lost_answer`
(delivery 1's answer is cut off), `slow` (`seconds` before it is sent), `wrong_signature`, `missing_signature`,
`swapped_signature` (msg_signature under the name signature and the reverse), `stale` (`seconds` in the past, default
600), `garbled` (ciphertext with bytes changed), `wrong_app_id`, `control_character`, `emoji`, `cdata_end`,
`entity_bomb`, `broken_xml`, `big` (1 MiB of padding), `same_msgid` (the MsgId of the push before), `same_second` (the
CreateTime of the push before), `msgmenu_id_zero`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

CALL_FAULTS = frozenset(
    {
        "errcode",
        "status",
        "slow",
        "cut",
        "cut_after",
        "truncated",
        "garbage",
        "revoked",
        "template_status",
        "out_of_order",
        "snapshot",
    }
)
PUSH_FAULTS = frozenset(
    {
        "duplicate",
        "concurrent",
        "lost_answer",
        "slow",
        "wrong_signature",
        "missing_signature",
        "swapped_signature",
        "stale",
        "garbled",
        "wrong_app_id",
        "control_character",
        "emoji",
        "cdata_end",
        "entity_bomb",
        "broken_xml",
        "big",
        "same_msgid",
        "same_second",
        "msgmenu_id_zero",
    }
)


@dataclass(slots=True)
class Rule:
    """One fault that may strike."""

    on: str
    fault: str
    route: str = "*"
    probability: float = 1.0
    times: int | None = None
    after: int = 0
    values: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As it was given, with what is left of `times` and `after`."""
        return {
            "on": self.on,
            "fault": self.fault,
            "route": self.route,
            "probability": self.probability,
            "times": self.times,
            "after": self.after,
            **self.values,
        }


def read_rule(given: dict[str, Any]) -> Rule:
    """A rule from its JSON object. Raises ValueError saying what is wrong."""
    rest = dict(given)
    on, fault = rest.pop("on", None), rest.pop("fault", None)
    if on not in ("call", "push"):
        raise ValueError("on must be call or push")
    if fault not in (CALL_FAULTS if on == "call" else PUSH_FAULTS):
        raise ValueError(f"unknown fault of a {on}: {fault!r}")
    probability = float(rest.pop("probability", 1.0))
    if not 0 <= probability <= 1:
        raise ValueError("probability must lie in 0…1")
    times = rest.pop("times", None)
    return Rule(
        on,
        fault,
        str(rest.pop("route", "*") or "*"),
        probability,
        None if times is None else int(times),
        int(rest.pop("after", 0)),
        rest,
    )


class Faults:
    """The rules in force."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.rules: list[Rule] = []

    def set(self, rules: list[Rule]) -> None:
        """Replace all rules."""
        self.rules = rules

    def strike(self, on: str, *routes: str) -> dict[str, dict[str, Any]]:
        """The faults that hit this call or push: name → its values."""
        hits: dict[str, dict[str, Any]] = {}
        for rule in self.rules:
            if rule.on != on or rule.route not in ("*", *routes) or rule.times == 0:
                continue
            if rule.after > 0:
                rule.after -= 1
                continue
            if rule.probability < 1 and self._rng.random() >= rule.probability:
                continue
            if rule.times is not None:
                rule.times -= 1
            hits[rule.fault] = rule.values
        return hits
