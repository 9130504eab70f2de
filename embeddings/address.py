"""Address and key of an OpenAI-compatible endpoint as settings give them in, where to post with which headers out."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit


class AddressError(ValueError):
    """A setting cannot be used; the message names it and says what to do."""


def place_of(url: str, route: str, setting: str, key_setting: str) -> SplitResult:
    """Where to post: `url` is the base address as OpenAI clients take it, or that of the route itself. Raises
    AddressError, naming the settings.
    """
    try:
        place = urlsplit(url.strip())
        sound = place.scheme in ("http", "https") and bool(place.hostname) and place.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise AddressError(f"{setting} is no web address: give one like http://127.0.0.1:8080/v1")
    if place.username is not None or place.password is not None:
        raise AddressError(f"{setting} holds a name or password: give the key in {key_setting}")
    path = place.path.rstrip("/")
    return place._replace(path=path if path.endswith(route) else f"{path}{route}", fragment="")


def headers_of(key: str, key_setting: str) -> dict[str, str]:
    """The headers of every request; the key travels in them alone. Raises AddressError."""
    if not all("!" <= character <= "~" for character in key):
        raise AddressError(f"{key_setting} holds characters that no HTTP header takes: check it")
    return {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
