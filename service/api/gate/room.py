"""How long questions take in, how many may be under way at once out. Knows no HTTP.

More are let in while answers come in time, fewer at once when they come late (additive increase, multiplicative decrease, as
TCP has it), so that under any load what is taken is answered in time and the rest is refused early.
"""

from time import monotonic
from typing import Final

IN_TIME_S: Final = 1.5
SOON_S: Final = 0.75
"""Answers that take no longer tell that there is much more room."""

FIRST: Final = 64.0
LEAST: Final = 8.0
LESS: Final = 0.8


class Room:
    """Of one worker; `most` at once whatever they take. With `fixed` it is always that many: where a language model or
    another server answers, time tells nothing of how busy this process is.
    """

    def __init__(self, most: int, *, fixed: bool) -> None:
        self.most, self.taken = most, 0
        self._fixed = fixed
        self._now = float(most) if fixed else min(FIRST, float(most))
        self._lessened = float("-inf")

    @property
    def is_full(self) -> bool:
        return self.taken >= int(self._now)

    def learn(self, took_s: float) -> None:
        """Look at a question that is answered and not yet counted out."""
        if self._fixed:
            return
        now = monotonic()
        if took_s > IN_TIME_S:
            if now - took_s > self._lessened:  # those let in before would tell of the same crowd again
                self._now, self._lessened = max(min(LEAST, float(self.most)), self._now * LESS), now
        elif self.taken * 2 >= self._now:
            self._now = min(float(self.most), self._now + (0.25 if took_s < SOON_S else 1 / self._now))
