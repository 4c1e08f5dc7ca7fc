"""What a run of an atlas tells at the terminal: a line a pack, how many are done, and when the rest may be."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any


class Progress:
    """Counts the packs that are done. It may be told of one twice, and from any thread."""

    def __init__(self, total: int, say: Callable[[str], None]):
        """Begin with no pack done of so many; `say` hears a line a pack."""
        self._total, self._say = total, say
        self._done: set[tuple[str, str]] = set()
        self._began, self._lock = time.monotonic(), threading.Lock()

    def heard(self, outcome: Mapping[str, Any]) -> None:
        """Say how a pack ended, unless that was said."""
        key = outcome["force"], outcome["quarter"]
        with self._lock:
            if key in self._done:
                return
            self._done.add(key)
            state = f"RED  {outcome['message']}" if outcome["exit"] else f"{outcome['cpu_seconds']:5.1f} CPU seconds"
            self._say(f"{key[0]} {key[1]}: {state}")
            if left := self._total - len(self._done):
                seconds = (time.monotonic() - self._began) / len(self._done) * left
                self._say(f"  {len(self._done)} of {self._total} done; about {in_words(seconds)} left")

    def lost(self) -> None:
        """Say that a worker died."""
        self._say("  a worker was lost; what it had not finished is made by another")


def counted(number: int, noun: str) -> str:
    """Return a number of things: '1 pack', '2 packs'."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def in_words(seconds: float) -> str:
    """Return a time as a person says it: seconds below two minutes, minutes below two hours, hours."""
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.1f} hours"
