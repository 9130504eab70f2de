"""YAML from a file (front matter, sidecar) in, its named fields out, within limits on length, depth and references."""

import re
from collections.abc import Mapping

import yaml  # type: ignore[import-untyped,unused-ignore]

from index.reading.record import RecordError

MAX_CHARACTERS = 65_536
_MAX_DEPTH = 100
"""The scanner takes time with the square of the depth: 30,000 brackets would take it minutes."""


def yaml_fields(text: str, named: str) -> Mapping[str, object]:
    """The fields by name; none for empty text. Raises RecordError, its message beginning with `named`."""
    if len(text) > MAX_CHARACTERS:
        raise RecordError(f"{named} is longer than {MAX_CHARACTERS} characters; close it with a line of three dashes")
    if _depth(text) > _MAX_DEPTH:
        raise RecordError(f"{named} is nested more than {_MAX_DEPTH} levels deep; write plain fields")
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise RecordError(f"{named} refers to itself (*alias); write the values out")
        fields = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, RecordError):
            raise
        reason = " ".join(str(error).split())[:120]
        raise RecordError(f"{named} is not YAML ({reason}); correct it") from None
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise RecordError(f'{named} holds no fields; write lines such as "title: ..."')
    return {str(key): value for key, value in fields.items()}


def _depth(text: str) -> int:
    """How many brackets are open at most, as if none stood in quotes."""
    depth = deepest = 0
    for mark in re.findall(r"[\[\]{}]", text):
        depth = depth + 1 if mark in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest
