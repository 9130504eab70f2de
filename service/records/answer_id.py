"""Ids of answers: 32 hexadecimal digits, of which the first 12 tell the millisecond, so that one can tell how old it is."""

import time
from secrets import token_hex


def new_id() -> str:
    """Of 80 random bits after the time."""
    return f"{time.time_ns() // 1_000_000:012x}{token_hex(10)}"


def age_s(identity: str) -> float:
    """Seconds since an id was made; below 0 for one that claims to be of the future."""
    return time.time() - int(identity[:12], 16) / 1000
