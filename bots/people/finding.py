"""Finding the person a teacher means among those the teacher may name."""

from __future__ import annotations

from collections.abc import Sequence

from models.queries.unreported import Named


def called(people: Sequence[Named], name: str) -> list[Named]:
    """Who is called so: by number, by full name, else by given name. Several: the caller asks back; never a guess."""
    for matches in (
        [one for one in people if one.number == name],
        [one for one in people if one.name == name],
        [one for one in people if len(name) >= 2 and one.name.endswith(name)],
    ):
        if matches:
            return matches
    return []


def split(people: Sequence[Named], text: str) -> list[tuple[list[Named], str, str]]:
    """The parts of "林林36.5 王乐乐 36.6" as (who may be meant, the name as written, what is said of them).

    Full names and numbers are looked for first, longest first, then given names. What stands before the first name
    belongs to nobody and is given with an empty list.
    """
    written: dict[str, list[Named]] = {}
    for one in people:
        for name in (one.name, one.number):
            written.setdefault(name, []).append(one)
    for one in people:
        given = one.name[1:]
        if len(given) >= 2 and given not in written:
            written[given] = [other for other in people if other.name[1:] == given]
    names = sorted(written, key=lambda name: (-len(name), name))
    found: list[tuple[int, str]] = []
    place = 0
    while place < len(text):
        name = next((name for name in names if text.startswith(name, place)), "")
        if name:
            found.append((place, name))
        place += len(name) or 1
    parts: list[tuple[list[Named], str, str]] = []
    if lead := (text[: found[0][0]] if found else text).strip():
        parts.append(([], lead, ""))
    for number, (start, name) in enumerate(found):
        end = found[number + 1][0] if number + 1 < len(found) else len(text)
        parts.append((written[name], name, text[start + len(name) : end].strip(" ：:，,、；;")))
    return parts
