"""A text and a part in, where the part stands in it out."""

from collections.abc import Iterator


def occurrences(text: str, part: str) -> Iterator[int]:
    """Where each occurrence of a part begins, in order; they may overlap. None for an empty part."""
    at = text.find(part) if part else -1
    while at >= 0:
        yield at
        at = text.find(part, at + 1)
