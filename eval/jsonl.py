"""A UTF-8 file, also .xz, in, its text, lines or JSON objects out; whoever reads it says which error a fault is."""

import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def read_text(path: Path, error: type[ValueError]) -> str:
    """The text of a file; raises `error`, naming the file and the fault."""
    try:
        content = path.read_bytes()
        return (lzma.decompress(content) if path.suffix == ".xz" else content).decode("utf-8-sig")
    except OSError as fault:
        raise error(f"{path}: cannot be read ({fault.strerror})") from None
    except lzma.LZMAError:
        raise error(f"{path}: is not xz-compressed, though its name says so") from None
    except UnicodeDecodeError:
        raise error(f"{path}: is not UTF-8 text") from None


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers; only a line feed ends one, as JSON may hold other breaks."""
    return ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def object_of(line: str) -> dict[str, Any]:
    """The JSON object of a line. Raises ValueError, saying what the line is instead."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise ValueError(f"is not JSON ({str(fault)[:80]}); write one object a line") from None
    if not isinstance(record, dict):
        raise ValueError("is no JSON object; write one a line, in braces")
    return record
