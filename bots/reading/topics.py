"""What a question is about, for the answers that may be given to everybody."""

from __future__ import annotations

import re
from functools import cache

from bots.reading.lexicon import word_file
from bots.reading.normalise import simplify

_BLANKS = re.compile(r"[\s，。,.！!？?；;：:、~…]+")


@cache
def _topics() -> tuple[tuple[str, str], ...]:
    """(word, topic), the longest words first."""
    pairs = [
        (simplify(word), topic) for topic, line in word_file("questions")["topic"].items() for word in str(line).split()
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def topic(text: str) -> str:
    """The topic of a question (`words/questions.toml`); empty where it has none of ours."""
    plain = _BLANKS.sub("", simplify(text))
    return next((about for word, about in _topics() if word in plain), "")
