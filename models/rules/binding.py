"""Who may be bound to whom, and how often one may try (contract 8 "Binding"). Pure.

A binding code is `LENGTH` characters of `ALPHABET`. People write it in any case, full-width, with blanks or hyphens;
`canonical` is the one writing that is stored and compared.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

#: A pupil's code serves so many guardians; a staff code serves one account (contract 8).
MOST_GUARDIANS = 4
#: So many wrong codes within `LOCK_FOR` of the first of them lock binding for the rest of it (contract 8).
MOST_WRONG = 10
LOCK_FOR = timedelta(hours=1)
#: From how many tries left on a wrong code says how many there are.
WARN_FROM = 5

#: no character that is read as another in print or by voice: 0/O, 1/I/L, 2/Z, 5/S, 8/B are left out
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
LENGTH = 8
SCENE = "bind_"

_GAPS = re.compile(r"[\s\-‐‑‒–—―−·._]+")
_RUN = re.compile(r"[0-9A-Z]+")
_LEADS = re.compile(r"^[\s码是为:：,，。.、（(【\[「“\"'<>]+")


def canonical(code: str) -> str:
    """The code as it is stored: half-width capitals and digits without blanks or hyphens."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", code)).upper()


def code_in(text: str) -> str:
    """The code in what follows the word 绑定 ("：acde-3467", "码是 ACDE 3467 谢谢"); empty where there is none."""
    plain = _LEADS.sub("", unicodedata.normalize("NFKC", text))
    whole = canonical(plain)
    code = max(_RUN.findall(whole), key=len, default="")
    # "三年级2班 林林" names somebody; its number is no code.
    return code if len(code) >= LENGTH // 2 or code == whole else ""


def bare_code(text: str) -> str:
    """The code where a whole message is nothing but one, else empty.

    Digits alone are a reading or a phone number; letters alone a word, unless all of them are of the alphabet, which
    hardly a word is.
    """
    code = canonical(text)
    if len(code) != LENGTH or not code.isascii() or not code.isalnum() or code.isdigit():
        return ""
    return code if not code.isalpha() or set(code) <= set(ALPHABET) else ""


def scene_code(scene: str) -> str:
    """The code in a QR code's scene ("bind_ACDE3467"); empty for any other scene."""
    return canonical(scene[len(SCENE) :]) if scene.lower().startswith(SCENE) else ""


def after_wrong_code(count: int, since: datetime | None, now: datetime) -> tuple[int, datetime]:
    """Wrong codes in the running hour, and its begin, after one more at `now`."""
    if since is None or now >= since + LOCK_FOR:
        return 1, now
    return count + 1, since


def locked_until(count: int, since: datetime | None, now: datetime) -> datetime | None:
    """The moment until which binding is locked; None while it is open."""
    if since is None or count < MOST_WRONG or now >= since + LOCK_FOR:
        return None
    return since + LOCK_FOR


def free_rank(taken: list[int]) -> int | None:
    """The next guardian's place, 1 to `MOST_GUARDIANS`; None where all are taken."""
    return next((rank for rank in range(1, MOST_GUARDIANS + 1) if rank not in taken), None)
