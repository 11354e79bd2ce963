"""Figures of the reading, for the open part of the corpus, for the third that is held back, for the examiner's
messages and for the later rounds.

Run from the repository's root: `python benchmarks/reading.py`. Times are processor time on one core, the best of
several rounds, so that a busy machine spoils them less; the first round only warms the caches.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bots.reading import read
from tests.reading.scoring import EXAMINER, ROUNDS, Figures, Line, corpus, score

REPEATS = 7


def _percent(share: float) -> str:
    return f"{100 * share:6.2f} %"


def _print_figures(name: str, figures: Figures) -> None:
    print(f"\n{name}: {figures.lines} messages")
    print(f"  temperatures exactly right   {_percent(figures.right('temperatures'))}   goal ≥ 99.5 %")
    print(f"  numbers stored, not meant    {figures.not_meant:6d}     goal 0")
    asked = figures.asked_though_clear / figures.clear if figures.clear else 0.0
    print(f"  asked back although clear    {_percent(asked)}   goal ≤ 1 %")
    for label, field in (("symptoms", "symptoms"), ("travel (left the district)", "left"), ("place", "place")):
        print(f"  {label:<28} {_percent(figures.right(field))}   goal ≥ 98 %")
    print(f"  questions back               {_percent(figures.right('asks'))}")


def _best_times(lines: list[Line]) -> list[float]:
    """Microseconds per message, the best of the rounds, ascending."""
    scenes = [(line.text, line.scene()) for line in lines]
    best = [float("inf")] * len(scenes)
    for _ in range(REPEATS):
        for at, (text, scene) in enumerate(scenes):
            start = time.process_time_ns()
            read(text, scene)
            best[at] = min(best[at], (time.process_time_ns() - start) / 1000)
    return sorted(best)


def _print_times(lines: list[Line]) -> None:
    times = _best_times(lines)
    print("\nmicroseconds per message")
    print(f"  median {times[len(times) // 2]:8.1f}   goal ≤ 150")
    print(f"  99.9 % {times[int(len(times) * 0.999)]:8.1f}   goal < 2000")
    scene = Line("", "one", {}).scene()
    bare = []
    for _ in range(REPEATS):
        start = time.process_time_ns()
        for _ in range(5_000):
            read("36.5", scene)
        bare.append((time.process_time_ns() - start) / 5_000_000)
    print(f"  bare   {min(bare):8.1f}   goal ≤ 20")
    base = "小明今天36.5，没有咳嗽，昨天从哈尔滨回来。"
    for length in (100, 1_000, 10_000):
        text = (base * (length // len(base) + 1))[:length]
        rounds = []
        for _ in range(3):
            start = time.process_time_ns()
            read(text, scene)
            rounds.append((time.process_time_ns() - start) / 1000)
        print(f"  {length:>6} characters: {min(rounds):10.0f}, {min(rounds) / length:5.1f} a character")


def main() -> None:
    """Print everything."""
    lines = list(corpus())
    _print_figures("open part", score([line for line in lines if not line.held_back]))
    _print_figures("held-back third", score([line for line in lines if line.held_back]))
    _print_figures("examiner", score(list(corpus(EXAMINER))))
    _print_figures("later rounds", score(list(corpus(ROUNDS))))
    _print_times(lines)


if __name__ == "__main__":
    main()
