"""Videos we host: checked, copied beside the database under a name of their content, their length read.

Only MP4: it is what every phone plays inside WeChat. The length is read from the file's own boxes (ISO/IEC 14496-12,
`moov/mvhd`), so that no outside program is needed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.process.runtime import Runtime

#: Larger than this is refused: a video of ten minutes for phones is about 60 MB.
LARGEST = 200 * 1024 * 1024
#: Longer than this is refused: these are short videos.
LONGEST_SECONDS = 60 * 60
_NAME = re.compile(r"[0-9a-f]{24}\.(mp4|png)")
TYPES = {"mp4": "video/mp4", "png": "image/png"}
#: Codecs of the sample descriptions that old phones play.
_PLAYS = (b"avc1", b"avc3")


class BadVideo(ValueError):
    """The file cannot be taken; the sentence says why and what is expected."""


@dataclass(frozen=True, slots=True)
class Video:
    """A checked video. starts_fast: its index stands in front, so that it plays before it is loaded."""

    seconds: int
    size: int
    codec: str
    starts_fast: bool


def folder(runtime: Runtime) -> Path:
    """Where hosted files lie: beside the database file, else in `var/media` of the folder one works in."""
    database = runtime.database
    base = Path(database.url.database or "").parent if database.is_sqlite else runtime.folder / "var"
    return base / "media"


def find(runtime: Runtime, name: str) -> Path | None:
    """A hosted file by its name; None for a name that is not one of ours, or is not there."""
    if not _NAME.fullmatch(name):
        return None
    path = folder(runtime) / name
    return path if path.is_file() else None


def keep_file(runtime: Runtime, path: Path) -> str:
    """Copy a file in; gives the name it has with us. The same content has the same name."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    name = f"{digest.hexdigest()[:24]}{path.suffix.lower()}"
    target = folder(runtime) / name
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_suffix(".part")
        shutil.copyfile(path, half)
        half.replace(target)
    return name


def keep_bytes(runtime: Runtime, content: bytes, ending: str) -> str:
    """Keep content under the name of its digest."""
    name = f"{hashlib.sha256(content).hexdigest()[:24]}.{ending}"
    target = folder(runtime) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return name


def check_video(path: Path) -> Video:
    """What the file is. Raises BadVideo."""
    size = path.stat().st_size
    if size > LARGEST:
        raise BadVideo(f"视频 {path.name} 有 {size // 1048576} MB，应不超过 {LARGEST // 1048576} MB，请压缩后再试")
    with path.open("rb") as file:
        order = [(kind, start, end) for kind, start, end in _boxes(file, 0, size)]
        kinds = [kind for kind, _, _ in order]
        if kinds[:1] != [b"ftyp"]:
            raise BadVideo(f"视频 {path.name} 不是 MP4 文件，请转成 MP4（H.264）再试")
        moov = next(((start, end) for kind, start, end in order if kind == b"moov"), None)
        if moov is None or b"mdat" not in kinds:
            raise BadVideo(f"视频 {path.name} 不完整：缺少索引或画面，请重新导出")
        seconds, codec = _length(file, *moov), _codec(file, *moov)
    if not 1 <= seconds <= LONGEST_SECONDS:
        raise BadVideo(f"视频 {path.name} 时长 {seconds} 秒，应为 1 秒到 {LONGEST_SECONDS // 60} 分钟")
    return Video(seconds, size, codec, kinds.index(b"moov") < kinds.index(b"mdat"))


def plays_everywhere(video: Video) -> bool:
    """Whether the phones we know of play its codec."""
    return video.codec.encode() in _PLAYS


def _boxes(file: IO[bytes], start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, first byte of the content, end) of each box between two places; a broken one ends the walk."""
    while start + 8 <= end:
        file.seek(start)
        head = file.read(16)
        length, kind, content = int.from_bytes(head[:4], "big"), head[4:8], start + 8
        if length == 1:
            length, content = int.from_bytes(head[8:16], "big"), start + 16
        elif length == 0:
            length = end - start
        if length < content - start or start + length > end:
            return
        yield kind, content, start + length
        start += length


def _inside(file: IO[bytes], path: tuple[bytes, ...], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Every box at `path` below the given place."""
    for kind, first, last in _boxes(file, start, end):
        if kind == path[0]:
            if len(path) == 1:
                yield first, last
            else:
                yield from _inside(file, path[1:], first, last)


def _length(file: IO[bytes], start: int, end: int) -> int:
    """Whole seconds of `mvhd`, rounded up; of the fragments' `mehd` where that is empty; 0 where neither says."""
    scale, duration = 0, 0
    for first, last in _inside(file, (b"mvhd",), start, end):
        file.seek(first)
        content = file.read(min(last - first, 32))
        wide = content[:1] == b"\x01"
        place = 20 if wide else 12
        scale = int.from_bytes(content[place : place + 4], "big")
        duration = int.from_bytes(content[place + 4 : place + (12 if wide else 8)], "big")
    if not duration:
        for first, last in _inside(file, (b"mvex", b"mehd"), start, end):
            file.seek(first)
            content = file.read(min(last - first, 12))
            duration = int.from_bytes(content[4:12] if content[:1] == b"\x01" else content[4:8], "big")
    return -(-duration // scale) if scale else 0


def _codec(file: IO[bytes], start: int, end: int) -> str:
    """The first video codec the file names."""
    for first, _ in _inside(file, (b"trak", b"mdia", b"minf", b"stbl", b"stsd"), start, end):
        file.seek(first + 12)
        kind = file.read(4)
        if kind not in {b"mp4a", b"samr", b".mp3", b"ac-3", b"Opus", b"text"}:
            return kind.decode("latin-1")
    return ""
