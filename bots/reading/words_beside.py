"""What one word beside a number is: another reading, a count, a word of measuring, a person."""

from __future__ import annotations

from bots.reading.clauses import Token
from bots.reading.lexicon import word_set
from bots.reading.values import NOT_READINGS

# Words of measuring that a fermenting box or a price tag may have too: they do not vouch for anything.
_WEAK = word_set("meant", "weak")


def counts(token: Token) -> bool:
    """A number that is neither a reading nor a time."""
    return token.number is not None and token.number.kind in ("other", "code")


def reads(token: Token) -> bool:
    """A number that may be a temperature."""
    return token.number is not None and token.number.kind not in NOT_READINGS


def measuring(token: Token) -> bool:
    """A word of measuring a body: 体温, 量了, a thermometer; not one that a price tag may have too."""
    roles = token.roles
    if "method" in roles or roles.get("symptom") == "fever" or roles.get("temperature") == "word":
        return token.text not in _WEAK
    if roles.get("temperature") == "measure":
        return token.text not in _WEAK
    return ("量" in token.text or "测" in token.text) and "defer" not in roles and "guess" not in roles


def person(token: Token) -> bool:
    """A word for somebody: a name, 孩子, 奶奶, 我, 他."""
    return token.keys is not None or not {
        "child",
        "elder",
        "younger",
        "nth",
        "kin",
        "self",
        "pronoun",
        "other",
    }.isdisjoint(token.roles)
