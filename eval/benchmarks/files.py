"""A file of a test set in, its records and their fields out, each fault named with file and place. Knows no format."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.benchmarks.content import BenchmarkError
from eval.jsonl import lines_of, object_of

Record = Mapping[str, Any]


def records_of(text: str, path: Path) -> list[Record]:
    """The objects of JSON Lines. Raises BenchmarkError for a line that is none."""
    records: list[Record] = []
    for number, line in lines_of(text):
        try:
            records.append(object_of(line))
        except ValueError as error:
            raise BenchmarkError(f"{path}, line {number}: {error}") from None
    return records


def text_of(record: object, name: str, place: str, *, default: str | None = None) -> str:
    """A field's text, a number as text; `default` where it is missing. Raises BenchmarkError naming the place."""
    value = record.get(name, default) if isinstance(record, Mapping) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not (value.strip() or default is not None):
        raise BenchmarkError(f'{place}: "{name}" is missing or no text')
    return value


def list_of(record: object, name: str, place: str) -> list[Any]:
    """A field's list. Raises BenchmarkError naming the place."""
    value = record.get(name) if isinstance(record, Mapping) else None
    if not isinstance(value, list):
        raise BenchmarkError(f'{place}: "{name}" is missing or no list')
    return value
