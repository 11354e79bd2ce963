"""Random bytes given out from a pool: right size, each once, and none of them again in a forked process."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest

from models.randomness import RandomPool


def test_no_piece_is_given_out_twice_to_several_threads() -> None:
    pool = RandomPool(16)
    with ThreadPoolExecutor(4) as threads:
        pieces = [piece for part in threads.map(lambda _: [pool() for _ in range(1000)], range(4)) for piece in part]
    assert {len(piece) for piece in pieces} == {16}
    assert len(set(pieces)) == len(pieces)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # that forking with threads is dangerous
def test_a_forked_process_gives_out_pieces_of_its_own() -> None:
    pool = RandomPool(8)
    pool()  # the pool is full now
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(target=lambda: answers.put([pool() for _ in range(300)]))
    child.start()
    theirs = answers.get(timeout=30)
    child.join(30)
    assert not set(theirs) & {pool() for _ in range(300)}
