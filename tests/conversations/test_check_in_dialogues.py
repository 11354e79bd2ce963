"""Free dialogues as families and staff have them, with interruptions, answers in any order and changes of mind.

They stand in `dialogues/*.txt`. Under a person's line, `+` names what the reply must say and `-` what it must not.
A line in square brackets is no text: [图片], [语音], [视频], [链接], [文件], [位置].
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bots.engine.incoming import Place
from tests.play import Play

KINDS = {"图片": "image", "语音": "voice", "视频": "video", "链接": "link", "文件": "file", "位置": "location"}
HARBIN = Place(45.7, 126.6, "黑龙江省哈尔滨市南岗区某街")


@dataclass
class Line:
    """What somebody sends (or a move of the clock), and what the reply must and must not say."""

    who: str
    text: str
    must: list[str] = field(default_factory=list)
    must_not: list[str] = field(default_factory=list)


@dataclass
class Dialogue:
    """One dialogue."""

    title: str
    lines: list[Line] = field(default_factory=list)


def dialogues() -> Iterator[Dialogue]:
    """All dialogues of the folder."""
    for path in sorted((Path(__file__).parent / "dialogues").glob("*.txt")):
        for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
            title, *rows = block.splitlines()
            dialogue = Dialogue(title.lstrip("# "))
            for row in rows:
                if row.startswith("  + "):
                    dialogue.lines[-1].must.append(row[4:])
                elif row.startswith("  - "):
                    dialogue.lines[-1].must_not.append(row[4:])
                else:
                    who, _, text = row.partition(": ")
                    dialogue.lines.append(Line(who, text))
            yield dialogue


ALL = list(dialogues())


def test_there_are_many_and_each_has_its_own_title() -> None:
    assert len({dialogue.title for dialogue in ALL}) == len(ALL) >= 60
    assert all(any(line.must for line in dialogue.lines) for dialogue in ALL)


@pytest.mark.parametrize("dialogue", ALL, ids=[dialogue.title for dialogue in ALL])
def test_dialogue(play: Play, dialogue: Dialogue) -> None:
    for line in dialogue.lines:
        if clock := re.fullmatch(r"【(\d\d:\d\d)】", line.who):
            play.clock(clock[1])
            continue
        said = _reply(play, line.who, line.text)
        told = f"{line.who}: {line.text}\n{said}"
        assert said, told
        for words in line.must:
            assert words in said, told
        for words in line.must_not:
            assert words not in said, told
        if "记下了（" in said:  # what was understood is shown, and how to mend it
            assert "回复“改”" in said, told


def _reply(play: Play, who: str, text: str) -> str:
    kind = KINDS.get(text[1:-1]) if text[:1] == "[" else None
    if kind is None:
        return play.say(who, text)
    more: dict[str, Any] = {"location": {"place": HARBIN}, "link": {}}.get(kind, {"media_id": "m1"})
    return play.say(who, "", kind=kind, **more)
