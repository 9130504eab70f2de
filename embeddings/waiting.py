"""A Retry-After header in, the seconds to wait out. Knows no requests."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after_s(value: str | None) -> float | None:
    """Seconds from now: given as a number of seconds or as a date (RFC 9110, 10.2.3); None without either."""
    given = (value or "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", given):
        return float(given)
    with suppress(ValueError):
        date = parsedate_to_datetime(given)
        return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    return None
