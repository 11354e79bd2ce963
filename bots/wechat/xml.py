"""XML from outside, into plain dictionaries: no DTD, no entities, bounded depth and size.

By hand because every message passes here: flat documents through one expression, all others through expat. wechatpy's
reader (xmltodict) lets a DOCTYPE pass and falls over the control characters that users' keyboards do send
(WeRoBot#420); those are dropped before parsing.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from bots.engine.replies import words_only
from bots.wechat.refused import Refused

#: The deepest document of the platform (the originality check of a mass send) has five levels.
MAX_DEPTH = 8
MAX_ELEMENTS = 1000

#: By tag: text, the fields of a nested element, or a list of either where a tag stands several times.
Fields = dict[str, Any]

_ILLEGAL = bytes(code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D))
_NOT_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE, U+FFFF


#: One field of a flat document: CDATA, or text without markup. Whatever else is inside is left to expat.
_FIELD = re.compile(r"\s*<([A-Za-z_]\w*)>(?:<!\[CDATA\[([^\]]*)\]\]>|([^<&\]]*))</\1>", re.ASCII)


def clean(document: bytes) -> str:
    """The document without characters that XML 1.0 forbids; what is not UTF-8 becomes U+FFFD."""
    document = document.translate(None, _ILLEGAL)
    for bad in _NOT_CHARACTERS:
        if bad in document:
            document = document.replace(bad, b"")
    return document.decode("utf-8", "replace")


def read_flat(text: str) -> Fields | None:
    """What expat would make of a flat document as the platform writes them, at half the cost; None for any other."""
    if not text.startswith("<xml>") or "\r" in text:
        return None
    fields: Fields = {}
    place = len("<xml>")
    while found := _FIELD.match(text, place):
        tag, marked, bare = found.groups()
        if tag in fields or len(fields) + 1 >= MAX_ELEMENTS:
            return None
        fields[tag] = bare if marked is None else marked
        place = found.end()
    return fields if text[place:].strip() == "</xml>" else None


#: The envelope of safe mode as the platform writes it.
_SEALED = re.compile(
    rb"<xml>[ \n]*<ToUserName><!\[CDATA\[[^\]<\x00-\x1f]*\]\]></ToUserName>"
    rb"[ \n]*<Encrypt><!\[CDATA\[([A-Za-z0-9+/=]+)\]\]></Encrypt>[ \n]*</xml>[ \n]*"
)


def sealed_of(document: bytes) -> str | None:
    """`Encrypt` of an envelope in the platform's own form, what `read` would find there; None for any other."""
    found = _SEALED.fullmatch(document)
    return None if found is None else found[1].decode("ascii")


class _Reader:
    """One document's handlers: elements on a stack, text of the innermost one."""

    __slots__ = ("count", "root", "stack", "text")

    def __init__(self) -> None:
        self.root = ""
        self.stack: list[tuple[str, Fields]] = []
        self.text: list[str] = []
        self.count = 0

    def start(self, tag: str, _attributes: object) -> None:
        self.count += 1
        if len(self.stack) >= MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise Refused(400, "the XML is nested too deeply or has too many elements")
        self.stack.append((tag, {}))
        self.text.clear()

    def end(self, tag: str) -> None:
        _, fields = self.stack.pop()
        value: Any = fields or "".join(self.text)
        self.text.clear()
        if not self.stack:
            self.root = tag
            self.stack.append((tag, fields))
            return
        around = self.stack[-1][1]
        if tag not in around:
            around[tag] = value
        elif len(self.stack) == 1:
            raise Refused(400, "the XML names a field twice")
        elif isinstance(around[tag], list):
            around[tag].append(value)
        else:
            around[tag] = [around[tag], value]


def _forbidden(*_: object) -> None:
    raise Refused(400, "the XML carries a DTD")


def read(document: bytes) -> Fields:
    """The fields inside `<xml>`. Text of leaf elements is kept as it stands, white space included.

    Raises Refused for anything but one well-formed `<xml>` element without DTD, and for a field named twice.
    """
    text = clean(document)
    flat = read_flat(text)
    return read_any(text) if flat is None else flat


def read_any(text: str) -> Fields:
    """As `read`, of clean text, nested or not."""
    reader = _Reader()
    parser = ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text.append
    parser.StartDoctypeDeclHandler = _forbidden
    parser.EntityDeclHandler = _forbidden
    try:
        parser.Parse(text, True)
    except ExpatError:
        raise Refused(400, "the body is not well-formed XML") from None
    if reader.root != "xml":
        raise Refused(400, "the XML's root is not <xml>")
    return reader.stack[0][1]


def text_of(fields: Fields, name: str) -> str:
    """A plain field; empty where it is absent, repeated or nested."""
    value = fields.get(name, "")
    if not isinstance(value, str):
        return ""
    return value if value.isascii() else words_only(value)


def whole(value: str) -> int | None:
    """A whole number of up to 20 digits, None for anything else."""
    value = value.strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 20 else None
