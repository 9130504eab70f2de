"""Origins of web pages in, the headers that let browsers call the service out."""

from typing import Final

Headers = list[tuple[bytes, bytes]]

_ALLOWED: Final[Headers] = [
    (b"access-control-allow-methods", b"GET, POST, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, x-request-id"),
    (b"access-control-max-age", b"600"),
]
_EXPOSED: Final = (
    b"access-control-expose-headers",
    b"x-request-id, ratelimit, ratelimit-policy, retry-after",
)
VARY: Final = (b"vary", b"Origin")


def listed(origins: str) -> frozenset[str]:
    """The origins of a setting."""
    return frozenset(origin.strip().rstrip("/").lower() for origin in origins.split(",") if origin.strip())


def preflight(origin: str) -> Headers:
    """What a browser is told before it calls."""
    return [(b"access-control-allow-origin", origin.encode("latin-1")), *_ALLOWED, VARY]


def reply(origin: str) -> Headers:
    """What it is told with the reply."""
    return [(b"access-control-allow-origin", origin.encode("latin-1")), _EXPOSED, VARY]
