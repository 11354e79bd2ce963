"""What was done just before the measuring: 跑了几圈37.3, 喂药时38.0, 吃完晚饭36.8.

Nobody can list all that children do. A clause that names a bodily doing and ends like an event explains itself, though
some of its words are in no list; a clause of money or sums never does.
"""

from __future__ import annotations

import re

from bots.reading.lexicon import word_pattern

_ACTIVITY = re.compile(word_pattern("events", "activity"))
_SUMS = re.compile(word_pattern("events", "sums"))
_ENDS = re.compile(rf"(?:{word_pattern('events', 'endings')}|[了完过][一-鿿]{{1,3}})[，的时就是都才也又再还量测 ]*$")
_LONGEST = 24


def tells_an_event(left: str) -> bool:
    """Whether the words before a number tell what was done before it was measured.

    left: what stands between the number and the mark or the number before it.
    """
    left = left[-_LONGEST:]
    return _ENDS.search(left) is not None and _ACTIVITY.search(left) is not None and _SUMS.search(left) is None


_HEATED = re.compile("(?:热|煮|温|兑|冲|烫|烧|炖|熬|泡好|加)(?:了|好|完|过|水)")
_MEASURED = re.compile(r"(?:再|又|才|刚|重新)?[量测试夹](?:了|一下|一次|一遍|的|是)*[ :，]*$")


def done_then_measured(left: str) -> bool:
    """Whether the words before a number tell of something done and of a measuring after it: 喝了半杯水再量36.9."""
    return _MEASURED.search(left) is not None and _HEATED.search(left) is None and tells_an_event(left)
