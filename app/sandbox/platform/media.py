"""Media: temporary ones that live three days, permanent ones, and what a user sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.settings import MediaRules

CONTENT_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "amr": "audio/amr",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "wma": "audio/x-ms-wma",
    "mp4": "video/mp4",
}


@dataclass(frozen=True, slots=True)
class Medium:
    """One stored file; `dies` is None for permanent ones (seconds since 1970 otherwise)."""

    media_id: str
    kind: str
    name: str
    data: bytes
    dies: float | None

    @property
    def content_type(self) -> str:
        """By the file name's ending."""
        return CONTENT_TYPES.get(ending(self.name), "application/octet-stream")


def ending(name: str) -> str:
    """What stands behind the last dot, in lower case."""
    return name.rpartition(".")[2].lower()


class Media:
    """Everything uploaded to this account or sent by its users."""

    def __init__(self, rules: MediaRules, app_id: str) -> None:
        self._rules = rules
        self._app_id = app_id
        self._media: dict[str, Medium] = {}

    def upload(self, kind: str, name: str, data: bytes, now: float, *, permanent: bool) -> Medium:
        """Keep an uploaded file. Raises Refused 40004, 40005, 40006 or 45001."""
        limits = (self._rules.permanent if permanent else self._rules.temporary).get(kind)
        if limits is None:
            raise Refused(40004)
        size, endings = limits
        if ending(name) not in endings:
            raise Refused(40005)
        if not data:
            raise Refused(40006)
        if len(data) > size:
            raise Refused(45001)
        return self.keep(kind, name, data, None if permanent else now + self._rules.temporary_seconds)

    def from_user(self, kind: str, name: str, data: bytes, now: float) -> Medium:
        """Keep what a user sent; it lives as long as a temporary upload."""
        return self.keep(kind, name, data, now + self._rules.temporary_seconds)

    def keep(self, kind: str, name: str, data: bytes, dies: float | None) -> Medium:
        """Store under a fresh id."""
        seed = f"{self._app_id} {len(self._media)} {name}".encode() + data[:64]
        medium = Medium(f"{hashlib.sha256(seed).hexdigest()}{len(self._media):04d}", kind, name, data, dies)
        self._media[medium.media_id] = medium
        return medium

    def find(self, media_id: object, now: float, *kinds: str) -> Medium:
        """The file behind an id. Raises Refused 40007 when unknown, dead, or of another kind than asked for."""
        medium = self._media.get(media_id) if isinstance(media_id, str) else None
        if medium is None or (medium.dies is not None and medium.dies <= now) or (kinds and medium.kind not in kinds):
            raise Refused(40007)
        return medium
