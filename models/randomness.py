"""Random bytes from the system, fetched a block at a time.

Each call to the system gives up the interpreter's lock, and who gave it up waits behind the thread that took it: a dozen
bytes three times a message cost more in waiting than in reading.
"""

from __future__ import annotations

import os
from collections import deque

#: Pieces fetched at a time.
_BLOCK = 256


class RandomPool:
    """Pieces of `size` random bytes, each given out once. Any number of threads may take from it; a forked process
    starts with an empty pool, so that two never give out the same piece."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._pieces: deque[bytes] = deque()
        os.register_at_fork(after_in_child=self._pieces.clear)

    def __call__(self) -> bytes:
        """`size` fresh random bytes."""
        try:
            return self._pieces.popleft()
        except IndexError:
            size = self._size
            block = os.urandom(size * _BLOCK)
            self._pieces.extend(block[start : start + size] for start in range(size, len(block), size))
            return block[:size]
